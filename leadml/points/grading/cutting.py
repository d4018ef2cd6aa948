"""Cutting sub-scores into grades: by shares of the leads, by the chance of being won, by conversion rates.

Pure functions of integer sub-scores, outcomes and weights: the same leads in any order give the same cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.grading.grades import Steps

LEAST_SHARE = 0.02  # a grade cut to keep a conversion rate has at least so many of the leads
_Cost = Callable[[int, "NDArray[Any]", "NDArray[Any]"], "NDArray[Any]"]


@dataclass(frozen=True, eq=False)
class Crowd:
    """Leads by sub-score.

    Parameters
    ----------
    values : ndarray of int, shape (n,)
        The sub-scores that occur, ascending.
    leads, won : ndarray of float, shape (n,)
        How many leads have each of them, and how many of these were won; by weight.
    """

    values: NDArray[np.int64]
    leads: NDArray[np.float64]
    won: NDArray[np.float64]

    @classmethod
    def of(cls, scores: ArrayLike, won: ArrayLike, weights: ArrayLike | None = None) -> Crowd:
        """Count leads; each weighs 1 unless weights are given."""
        values, place = np.unique(np.asarray(scores, dtype=np.int64), return_inverse=True)
        outcome = np.asarray(won, dtype=np.float64)
        heavy = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=np.float64)
        leads, wins = (np.bincount(place.ravel(), part, minlength=len(values)) for part in (heavy, heavy * outcome))
        return cls(values, leads.astype(np.float64), wins.astype(np.float64))

    def by_grade(self, steps: Steps) -> list[tuple[str, float, float]]:
        """Return label, leads and won leads of each grade, the best first."""
        bounds = np.array([bound for _, bound in steps[::-1] if bound is not None], dtype=np.int64)
        place = np.searchsorted(bounds, self.values, side="right")
        sums = [np.bincount(place, part, minlength=len(steps))[::-1] for part in (self.leads, self.won)]
        return [(label, float(sums[0][k]), float(sums[1][k])) for k, (label, _) in enumerate(steps)]


def cut_by_shares(crowd: Crowd, labels: Sequence[str], fractions: Sequence[float]) -> Steps:
    """Cut so that each grade holds its share of the leads, as nearly as whole sub-scores allow.

    Of all ways to cut between distinct sub-scores, the one with the least chi-square distance
    ``sum((leads - asked) ** 2 / asked)`` between the numbers of leads and what the shares ask for; among equal ones
    that with the highest cuts.

    Parameters
    ----------
    crowd : Crowd
        The leads.
    labels : sequence of str
        The best first. Where fewer sub-scores occur, inner ones are left out, and the last one has their shares.
    fractions : sequence of float
        The share of each, summing to 1.

    Returns
    -------
    tuple of (str, int or None)
        Grades from the best, each with the least sub-score that earns it; empty where only one sub-score occurs.

    Examples
    --------
    >>> crowd = Crowd.of([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], np.zeros(10))
    >>> cut_by_shares(crowd, "ABCD", [0.1, 0.2, 0.3, 0.4])
    (('A', 90), ('B', 70), ('C', 40), ('D', None))
    """
    if len(crowd.values) < 2:
        return ()
    kept = _kept(labels, fractions, len(crowd.values))
    wanted = [share * float(crowd.leads.sum()) for _, share in kept]
    wanted = wanted[::-1]  # groups are counted from the lowest
    starts = _groups(crowd, len(kept), lambda group, leads, _: (leads - wanted[group]) ** 2 / wanted[group])
    return () if starts is None else _steps([label for label, _ in kept], crowd, starts)


def cut_by_rates(crowd: Crowd, labels: Sequence[str], rates: Sequence[float]) -> Steps:
    """Cut so that each grade converts as it is said to, as nearly as these leads allow.

    Of all cuts that leave at least 2 % of the leads to each grade, those with the least chi-square distance
    ``sum(leads * (rate - said) ** 2 / (said * (1 - said)))``.

    Parameters
    ----------
    crowd : Crowd
        The leads.
    labels : sequence of str
        The best first.
    rates : sequence of float
        The conversion rate of each.

    Returns
    -------
    tuple of (str, int or None)
        Empty where there are not sub-scores enough to cut between.

    Examples
    --------
    >>> won = np.repeat([0, 1, 0, 1, 0, 1, 0, 1], [95, 5, 90, 10, 80, 20, 60, 40])
    >>> crowd = Crowd.of(np.repeat([0, 10, 20, 30], 100), won)
    >>> cut_by_rates(crowd, "ABC", [0.3, 0.1, 0.05])
    (('A', 20), ('B', 10), ('C', None))
    """
    edge = 0.5 / max(float(crowd.leads.sum()), 1.0)
    said = np.clip(np.asarray(rates, dtype=np.float64)[::-1], edge, 1 - edge)
    least = LEAST_SHARE * float(crowd.leads.sum())

    def away(group: int, leads: NDArray[Any], won: NDArray[Any]) -> NDArray[Any]:
        held = np.maximum(leads, 1e-9)
        cost = (won - said[group] * leads) ** 2 / held / (said[group] * (1 - said[group]))
        return np.where(leads < least, np.inf, cost)

    starts = _groups(crowd, len(labels), away) if len(crowd.values) >= len(labels) else None
    return () if starts is None else _steps(labels, crowd, starts)


def cut_at_chances(crowd: Crowd, labels: Sequence[str], floors: Sequence[float], line: tuple[float, float]) -> Steps:
    """Cut where the chance of being won reaches a rate; grades that no lead earns are left out.

    Parameters
    ----------
    crowd : Crowd
        The leads.
    labels : sequence of str
        The best first.
    floors : sequence of float
        The least chance that earns each but the last, falling.
    line : tuple of (float, float)
        Intercept and slope of the log-odds of being won in the sub-score.

    Returns
    -------
    tuple of (str, int or None)
        Empty where the sub-score tells nothing, or all leads would earn the same grade.

    Examples
    --------
    >>> crowd = Crowd.of(range(0, 101, 5), np.zeros(21))
    >>> cut_at_chances(crowd, "ABCD", [0.2, 0.1, 0.05], (-4.0, 0.03))
    (('A', 88), ('B', 61), ('C', 36), ('D', None))
    """
    intercept, slope = line
    if slope <= 0 or len(crowd.values) < 2:
        return ()
    odds = np.log(np.asarray(floors) / (1 - np.asarray(floors)))
    bounds = [int(bound) for bound in np.clip(np.ceil((odds - intercept) / slope - 1e-9), -1e6, 1e6)]
    kept: list[tuple[str, int | None]] = []
    above = int(crowd.values[-1]) + 1
    for label, bound in zip(labels, [*bounds, None], strict=True):
        lowest = bound is None or bound <= crowd.values[0]
        start = int(crowd.values[0]) if lowest else bound
        if start is not None and ((crowd.values >= start) & (crowd.values < above)).any():
            kept.append((label, None if lowest else bound))
            above = start
        if lowest:
            break
    return tuple(kept) if len(kept) > 1 else ()


def _kept(labels: Sequence[str], fractions: Sequence[float], distinct: int) -> list[tuple[str, float]]:
    """Leave out inner grades where fewer sub-scores occur than there are grades."""
    pairs = list(zip(labels, fractions, strict=True))
    if distinct >= len(pairs):
        return pairs
    return [*pairs[: distinct - 1], (labels[-1], sum(fractions[distinct - 1 :]))]


def _steps(labels: Sequence[str], crowd: Crowd, starts: Sequence[int]) -> Steps:
    bounds = [int(crowd.values[start]) for start in reversed(starts)]
    return (*zip(labels[:-1], bounds, strict=True), (labels[-1], None))


def _groups(crowd: Crowd, groups: int, cost: _Cost) -> list[int] | None:
    """Divide sub-scores into consecutive groups of least cost; return where all but the lowest start."""
    ends = [np.concatenate([[0.0], np.cumsum(part)]) for part in (crowd.leads, crowd.won)]
    leads, won = (end[None, :] - end[:, None] for end in ends)  # of one group from i up to j
    size = len(crowd.values)
    empty = np.tri(size + 1, dtype=bool)
    best = np.where(empty, np.inf, cost(0, leads, won))[0]
    starts = np.zeros((groups, size + 1), dtype=np.int64)
    for group in range(1, groups):
        through = best[:, None] + np.where(empty, np.inf, cost(group, leads, won))
        starts[group] = size - np.argmin(through[::-1], axis=0)
        best = np.min(through, axis=0)
    if not np.isfinite(best[size]):
        return None
    found, end = [], size
    for group in range(groups - 1, 0, -1):
        end = int(starts[group, end])
        found.append(end)
    return found[::-1]
