"""Rounding: the effects of a stage become integer points against the neutral rule of each feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.rows import neutral_row, rows_of
from leadml.learn.writing.integers import Effects, joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunctions import Conjunction, Joined

LEAST_SHOWN = 20
WIDEST = 3


@dataclass(frozen=True)
class Form:
    """What the user fixes about the form of a table.

    Parameters
    ----------
    dimension_of : mapping of str to str
        The dimension of each column that is not in *fit*.
    dimensions : tuple of str
        The names of the dimensions, in order.
    score_range : tuple of (int, int)
        The lowest and the highest attainable score.
    directions : tuple of int
        Monotone direction of each feature.
    point : float, optional
        The log-odds that one point is worth; where given, the highest score follows from it, up to three times as far
        from the lowest as `score_range` says.
    """

    dimension_of: Mapping[str, str]
    dimensions: tuple[str, ...]
    score_range: tuple[int, int]
    directions: tuple[int, ...]
    point: float | None = None


@dataclass(frozen=True, eq=False)
class Pointed:
    """A feature's codes with their points, in integers and against the neutral rule.

    Codes with the same mark go into one rule: they have the same points and meet the same conditions of conjunctions.
    """

    points: NDArray[np.int64]
    marks: NDArray[np.int64]


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
    """

    features: tuple[Pointed, ...]
    conjunctions: tuple[tuple[Conjunction, int, int], ...]
    neutral: tuple[int, ...]
    scale: float


def rounded(
    features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]], joined: Joined, form: Form
) -> Rounded:
    """Find the integer points of every code and every conjunction.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    counts : sequence of ndarray
        For each feature the number of leads of each code.
    joined : Joined
        Groups and conjunctions with their refitted effects.
    form : Form
        Range and directions.

    Returns
    -------
    Rounded
        The points.
    """
    groups, starts = joined.partition.groups, joined.partition.starts
    neutral = _neutral(features, counts, joined)
    of_feature = np.repeat(np.arange(len(groups)), joined.partition.sizes)
    effects, free = _against_neutral(joined, neutral, of_feature, form)
    width = form.score_range[1] - form.score_range[0]
    found = joint(effects, width if form.point is None else min(effects.width(form.point), WIDEST * width))
    curved = effects.curvature @ found
    scale = float(found @ curved) / max(float(effects.values @ curved), 1e-12) if found.any() else 0.0
    points = np.zeros(len(of_feature), dtype=np.int64)
    points[free] = found
    shown = [_shown(feature, count) for feature, count in zip(features, counts, strict=True)]
    conjunctions = tuple(
        (_of_shown(c, shown), int(points[at + 1]), int(at + 1))
        for c, at in zip(joined.conjunctions, starts[len(features) :], strict=True)
        if points[at + 1]
    )
    told: list[Pointed] = []
    for k, (feature, group, start, count) in enumerate(zip(features, groups, starts, counts, strict=False)):
        own = points[start + group]
        rows = rows_of(feature, own, count)
        own = np.where(shown[k], own - rows[neutral_row(rows)].mark, 0)
        told.append(Pointed(own, _marks(own, k, [c for c, _, _ in conjunctions])))
    return Rounded(tuple(told), conjunctions, tuple(neutral), scale)


def _neutral(features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]], joined: Joined) -> list[int]:
    """Find the group of the commonest rule of each feature; a conjunction's is the one where it does not hold."""
    neutral = []
    for feature, group, start, count in zip(
        features, joined.partition.groups, joined.partition.starts, counts, strict=False
    ):
        rows = rows_of(feature, group, count)
        neutral.append(int(start) + rows[neutral_row(rows)].mark)
    return neutral + [int(start) for start in joined.partition.starts[len(features) :]]


def _against_neutral(
    joined: Joined, neutral: Sequence[int], of_feature: NDArray[np.int64], form: Form
) -> tuple[Effects, NDArray[np.int64]]:
    """Give effects against the neutral groups, and which groups they are of."""
    free = np.setdiff1d(np.arange(len(of_feature)), neutral)
    contrast = np.zeros((len(free), len(of_feature)))
    contrast[np.arange(len(free)), free] = 1.0
    contrast[np.arange(len(free)), np.array(neutral, dtype=np.int64)[of_feature[free]]] = -1.0
    covariance = np.asarray(contrast @ np.linalg.inv(joined.fit.curvature)[1:, 1:] @ contrast.T, dtype=np.float64)
    directions = [*form.directions, *([0] * len(joined.conjunctions))]
    effects = Effects(
        contrast @ joined.fit.effects,
        np.asarray(np.linalg.inv(covariance), dtype=np.float64),
        of_feature[free],
        _order(joined.partition.groups, joined.partition.starts, free, neutral, directions),
    )
    return effects, free


def _shown(feature: FeatureCodes, count: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which codes enough leads have shown; *missing* and *other* get no points on hearsay."""
    least = np.zeros(feature.size)
    least[[feature.missing, feature.missing if feature.other is None else feature.other]] = LEAST_SHOWN
    shown: NDArray[np.bool_] = (count > 0) & (count >= least)
    return shown


def _of_shown(conjunction: Conjunction, shown: Sequence[NDArray[np.bool_]]) -> Conjunction:
    """Keep to codes that enough leads have shown."""
    (a, b), (of_a, of_b) = conjunction.features, conjunction.codes
    return replace(conjunction, codes=(of_a & shown[a], of_b & shown[b]))


def _marks(points: NDArray[np.int64], k: int, conjunctions: Sequence[Conjunction]) -> NDArray[np.int64]:
    """Give codes the same number where they have the same points and meet the same conditions."""
    parts = [points] + [
        mask.astype(np.int64) for c in conjunctions for at, mask in zip(c.features, c.codes, strict=True) if at == k
    ]
    return np.unique(np.stack(parts), axis=1, return_inverse=True)[1].ravel()


def _order(
    groups: Sequence[NDArray[np.int64]],
    starts: NDArray[np.int64],
    free: NDArray[np.int64],
    neutral: Sequence[int],
    directions: Sequence[int],
) -> NDArray[np.int64]:
    """List the pairs of rules whose order is declared; the neutral rule is written -1."""
    place = {int(g): k for k, g in enumerate(free)} | dict.fromkeys(neutral, -1)
    pairs: set[tuple[int, int]] = set()
    for group, start, direction in zip(groups, starts, directions, strict=True):
        if direction:
            along = [place[int(start + g)] for g in group[:-1]][::direction]
            pairs.update((a, b) for a, b in pairwise(along) if a != b)
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
