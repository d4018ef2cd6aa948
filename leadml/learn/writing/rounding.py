"""Rounding: the effects of a stage become integer points against the neutral rule of each feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.pins import may_be_neutral
from leadml.learn.coding.rows import neutral_row, rows_of
from leadml.learn.writing.bounded import cap_missed, limits_of, lowest_and_highest
from leadml.learn.writing.effects import Effects
from leadml.learn.writing.integers import Found, naive, searched
from leadml.learn.writing.line import fitted_line
from leadml.learn.writing.said import limits_said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunction import Conjunction, Joined
    from leadml.learn.search.refit import Leads
    from leadml.learn.writing.form import Form

LEAST_SHOWN = 20
WIDEST = 3


@dataclass(frozen=True, eq=False)
class Pointed:
    """A feature's codes with their points, in integers and against the neutral rule.

    Codes with the same mark go into one rule: they have the same points and meet the same conditions of conjunctions.
    Pinned ones have the points that a person has given them.
    """

    points: NDArray[np.int64]
    marks: NDArray[np.int64]
    pinned: NDArray[np.bool_]

    @property
    def lowest(self) -> int:
        """The least points of a row that is not pinned."""
        return int(self.points[~self.pinned].min(initial=0))

    @property
    def highest(self) -> int:
        """The most points of a row that is not pinned."""
        return int(self.points[~self.pinned].max(initial=0))


@dataclass(frozen=True, eq=False)
class Rounded:
    """All points in integers, and how many of them one unit of log-odds is.

    Parameters
    ----------
    features : tuple of Pointed
        The points of each feature's codes.
    conjunctions : tuple of (Conjunction, int, int)
        The conjunctions with points, their points, and the group (among all groups) of the leads that they hold for.
    neutral : tuple of int
        For each feature, then each conjunction of the stage, the group that effects are measured against.
    scale : float
        Points for one unit of log-odds.
    said : tuple of str
        What caps and a most of points have taken away, in words.
    """

    features: tuple[Pointed, ...]
    conjunctions: tuple[tuple[Conjunction, int, int], ...]
    neutral: tuple[int, ...]
    scale: float
    said: tuple[str, ...] = ()

    def log_loss(self, leads: Leads) -> float:
        """Give the mean log-loss of leads with these points, the line from scores to log-odds refitted."""
        return fitted_line(self.score(leads), leads).log_loss

    def pinned(self, leads: Leads) -> NDArray[np.bool_]:
        """Tell which leads have a pinned value."""
        found = np.zeros(len(leads.won), dtype=bool)
        for pointed, row in zip(self.features, leads.codes, strict=True):
            if pointed.pinned.any():
                found |= pointed.pinned[row]
        return found

    def score(self, leads: Leads) -> NDArray[np.int64]:
        """Add up the points of leads; base points are not among them."""
        score = np.zeros(len(leads.won), dtype=np.int64)
        for pointed, row in zip(self.features, leads.codes, strict=True):
            if pointed.points.any():
                score += pointed.points[row]
        for conjunction, points, _ in self.conjunctions:
            score += points * conjunction.holds(leads.codes)
        return score


def rounded(
    features: Sequence[FeatureCodes],
    counts: Sequence[NDArray[np.float64]],
    joined: Joined,
    form: Form,
    leads: Leads | None = None,
) -> Rounded:
    """Find the integer points of every code and every conjunction.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features; those beyond the ones that `form` speaks of say which pinned row holds, and get no points.
    counts : sequence of ndarray
        For each feature the number of leads of each code.
    joined : Joined
        Groups and conjunctions with their refitted effects.
    form : Form
        Range, directions, and what a person has fixed.
    leads : Leads, optional
        The training leads: where they are given, points that were found on the quadratic have to stand the test of
        the log-loss itself against points that were rounded one by one.

    Returns
    -------
    Rounded
        The points.
    """
    problem = _Problem(features, counts, joined, form)
    width = form.score_range[1] - form.score_range[0]
    if form.point is not None:
        width = min(problem.effects.width(form.point), WIDEST * width)
    found = searched(problem.effects, width)
    if not problem.effects.within(found.points):
        raise cap_missed(problem.effects, found.points, form)
    best = problem.written(found.points, found)
    alone = naive(problem.effects, width)
    if leads is None or (alone == found.points).all():
        return best
    other = problem.written(alone, found)
    return other if other.log_loss(leads) < best.log_loss(leads) else best


class _Problem:
    """A stage on its way to integers: effects against the neutral rules, and what points have to keep to."""

    def __init__(
        self, features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]], joined: Joined, form: Form
    ) -> None:
        self._features, self._joined, self._form = features, joined, form
        self._groups, self._starts = joined.partition.groups[: len(features)], joined.partition.starts
        self._rows = form.pinned_rows(features)
        self._counts = [np.where(row > 0, 0.0, count) for row, count in zip(self._rows, counts, strict=True)]
        self._shown = [_shown(f, n, r) for f, n, r in zip(features, self._counts, self._rows, strict=True)]
        self._neutral = self._commonest()
        self._of = np.repeat(np.arange(len(joined.partition.groups)), joined.partition.sizes)
        beside = np.flatnonzero((self._of >= len(form.directions)) & (self._of < len(features)))
        self._free = np.setdiff1d(np.arange(len(self._of)), [*self._neutral, *beside])
        self.effects = self._against_neutral()

    def written(self, chosen: NDArray[np.int64], found: Found) -> Rounded:
        """Write points against the commonest rules as they are now: rounding may have made another one of them."""
        points = np.zeros(len(self._of), dtype=np.int64)
        points[self._free] = chosen
        conjunctions = tuple(
            (_of_shown(c, self._shown), int(points[at + 1]), int(at + 1))
            for c, at in zip(self._joined.conjunctions, self._starts[len(self._features) :], strict=True)
            if points[at + 1]
        )
        told: list[Pointed] = []
        for k, row in enumerate(self._rows):
            own = self._settled(k, points[self._starts[k] + self._groups[k]])
            own = np.where(row > 0, self._form.pinned_points(k, len(row)), own)
            told.append(Pointed(own, _marks(own, row, k, [c for c, _, _ in conjunctions]), row > 0))
        scale = 1 / found.unit if found.unit > 0 else 0.0
        said = () if self.effects.limits is None else limits_said(self.effects, found, self._form)
        return Rounded(tuple(told), conjunctions, tuple(self._neutral), scale, said)

    def _settled(self, k: int, own: NDArray[np.int64]) -> NDArray[np.int64]:
        """Measure a feature's points against its commonest rule, unless that broke what was asked for."""
        rows = rows_of(self._features[k], own, self._counts[k])
        shifted = np.where(self._shown[k], own - rows[neutral_row(rows)].mark, 0)
        if self._form.asked is None or k >= len(self._form.directions):
            return shifted
        low, high = lowest_and_highest(self._form, self._features, k)
        most = self._form.asked.most_points
        holds = (shifted >= low) & (shifted <= high) & (most is None or np.abs(shifted) <= most)
        return shifted if holds[self._rows[k] == 0].all() else np.where(self._shown[k], own, 0)

    def _commonest(self) -> list[int]:
        """Find the group of each feature's commonest rule that may be neutral; a conjunction's is that it fails."""
        neutral = []
        for k, (feature, group, count) in enumerate(zip(self._features, self._groups, self._counts, strict=True)):
            rows = rows_of(feature, group, count)
            fits = self._may_be_neutral(k)
            rows = tuple(row if fits[list(row.codes)].all() else replace(row, leads=-1.0) for row in rows)
            neutral.append(int(self._starts[k]) + rows[neutral_row(rows)].mark)
        return neutral + [int(start) for start in self._starts[len(self._features) :]]

    def _may_be_neutral(self, k: int) -> NDArray[np.bool_]:
        if self._form.asked is None or k >= len(self._form.directions) or not self._rows[k].any():
            return np.ones(self._features[k].size, dtype=bool)
        fits = may_be_neutral(self._features[k], self._form.directions[k], self._rows[k], self._form.asked.points[k])
        return np.asarray(fits | (self._rows[k] > 0))

    def _against_neutral(self) -> Effects:
        """Give the effects of all groups that get points; those of pinned rows adapt freely, as the intercept does."""
        contrast = np.zeros((len(self._free), len(self._of)))
        contrast[np.arange(len(self._free)), self._free] = 1.0
        contrast[np.arange(len(self._free)), np.array(self._neutral, dtype=np.int64)[self._of[self._free]]] = -1.0
        variance = np.linalg.inv(self._joined.fit.curvature)[1:, 1:]
        covariance = np.asarray(contrast @ variance @ contrast.T, dtype=np.float64)
        effects = Effects(
            contrast @ self._joined.fit.effects,
            np.asarray(np.linalg.inv(covariance), dtype=np.float64),
            self._of[self._free],
            self._order(),
        )
        if self._form.asked is None:
            return effects
        limits = limits_of(self._form, self._features, self._joined, self._of, self._free)
        return replace(effects, limits=limits)

    def _order(self) -> NDArray[np.int64]:
        """List the pairs of rules whose order is declared; the neutral rule is written -1."""
        place = {int(g): k for k, g in enumerate(self._free)} | dict.fromkeys(self._neutral, -1)
        pairs: set[tuple[int, int]] = set()
        parts = zip(self._features, self._groups, self._starts, self._rows, self._form.directions, strict=False)
        for feature, group, start, row, direction in parts:
            if direction:
                free = group[: feature.ascending][row[: feature.ascending] == 0]
                along = [place[int(start + g)] for g in free][::direction]
                pairs.update((a, b) for a, b in pairwise(along) if a != b)
        return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _shown(feature: FeatureCodes, count: NDArray[np.float64], row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which codes enough leads have shown; *missing* and *other* get no points on hearsay.

    Beside a pinned range there may be a range without leads: it goes with the one below it.
    """
    least = np.zeros(feature.size)
    least[[feature.missing, feature.missing if feature.other is None else feature.other]] = LEAST_SHOWN
    between = (np.arange(feature.size) < feature.missing) & (feature.type == "number") & row.any()
    shown: NDArray[np.bool_] = ((count > 0) | between) & (count >= least) & (row == 0)
    return shown


def _of_shown(conjunction: Conjunction, shown: Sequence[NDArray[np.bool_]]) -> Conjunction:
    """Keep to codes that enough leads have shown."""
    (a, b), (of_a, of_b) = conjunction.features, conjunction.codes
    return replace(conjunction, codes=(of_a & shown[a], of_b & shown[b]))


def _marks(
    points: NDArray[np.int64], row: NDArray[np.int64], k: int, conjunctions: Sequence[Conjunction]
) -> NDArray[np.int64]:
    """Give codes the same number where they are in the same pinned row, or have the same points and conditions."""
    parts = [points, row] + [
        mask.astype(np.int64) for c in conjunctions for at, mask in zip(c.features, c.codes, strict=True) if at == k
    ]
    return np.unique(np.stack(parts), axis=1, return_inverse=True)[1].ravel()
