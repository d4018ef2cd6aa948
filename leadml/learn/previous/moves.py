"""Integer points for the rows that move; all others keep theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.pooling.level import LEAST_FACTOR
from leadml.learn.writing.rounding import WIDEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.previous.asked import Declared
    from leadml.learn.previous.draft import Draft, Part
    from leadml.learn.previous.fitting import Fit, Seen

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Points:
    """The points of every group of a draft.

    Parameters
    ----------
    of : list of ndarray
        For each part the points of its groups.
    interval : dict of (int, int) to (int, int)
        The 95 % interval of those that moved.
    beyond : tuple of (int, int)
        Groups that lost their points because there may be no more rules.
    shrunk : float
        By how much all points were made smaller, because scores would have spanned far too much; 1 hardly ever is not.
    """

    of: list[NDArray[np.int64]]
    interval: dict[tuple[int, int], tuple[int, int]]
    beyond: tuple[tuple[int, int], ...]
    shrunk: float = 1.0


def settled(
    draft: Draft,
    fit: Fit,
    seen: Seen,
    point: float,
    directions: Mapping[int, int],
    declared: Declared,
    width: int,
    max_rules: int,
) -> Points:
    """Find the points of all groups.

    What a row is to move by is drawn back towards 0 by its own uncertainty (a James-Stein factor, 1 - k / chi² over
    the k rows that were freed together), then rounded.

    Parameters
    ----------
    draft : Draft
        What moves.
    fit : Fit
        The draft, fitted on all leads.
    seen : Seen
        The leads.
    point : float
        The log-odds that one point was worth in the previous table.
    directions : mapping of int to {1, -1}
        Parts whose points may only rise or fall with their value.
    declared : Declared
        Signs, and the most points of a row.
    width : int
        How far scores are to span; where they would span three times as much, all points become smaller.
    max_rules : int
        The most rules with points; those that earn least beyond it lose theirs.

    Returns
    -------
    Points
    """
    worth = max(fit.factor, LEAST_FACTOR) * point
    exact = [part.centre / point for part in draft.parts]
    covariance = np.linalg.inv(fit.curvature)[2:, 2:]
    place = {group: k for k, group in enumerate(draft.moving)}
    interval: dict[tuple[int, int], float] = {}
    for step in draft.free:
        at = [place[group] for group in step]
        away, spread = fit.terms[2:][at], covariance[np.ix_(at, at)]
        square = float(away @ np.linalg.solve(spread, away))
        kept = max(0.0, 1 - len(at) / max(square, 1e-12))
        for k, (p, g) in enumerate(step):
            exact[p][g] = (fit.factor * draft.parts[p].centre[g] + kept * away[k]) / worth
            half = NORMAL_95 * float(np.sqrt(spread[k, k])) / worth
            interval[p, g] = half
    for p, direction in directions.items():
        exact[p] = _straight(draft.parts[p], exact[p], direction)
    span = sum(float(np.ptp(row)) for row in exact)
    shrunk = span / width if span > WIDEST * width else 1.0
    bounds = [declared.bounds(draft, p) for p in range(len(exact))]
    of = [np.clip(np.rint(row / shrunk), *b).astype(np.int64) for row, b in zip(exact, bounds, strict=True)]
    beyond = _thinned(draft, seen, of, max_rules)
    interval = {group: half / shrunk for group, half in interval.items()}
    found = {(p, g): (int(np.floor(of[p][g] - h)), int(np.ceil(of[p][g] + h))) for (p, g), h in interval.items()}
    return Points(of, found, beyond, shrunk)


def n_rules(draft: Draft, of: Sequence[NDArray[np.int64]]) -> int:
    """Count rules with points; a conjunction counts two."""
    with_points = [int((row != 0).sum()) for row in of]
    costs = [1 if part.feature is not None else 2 for part in draft.parts]
    return sum(rows * cost for rows, cost in zip(with_points, costs, strict=True))


def _straight(part: Part, exact: NDArray[np.float64], direction: int) -> NDArray[np.float64]:
    """Let points go one way from the neutral rule, on either side of it: neighbours that do not share their mean."""
    codes = part.group_of[: part.feature.ascending if part.feature else None]
    along = codes[np.sort(np.unique(codes, return_index=True)[1])][::direction]
    values = exact[along] * 1.0
    if (np.diff(np.rint(values)) >= 0).all():
        return exact
    middle = int(np.flatnonzero(along == part.neutral)[0]) if part.neutral in along else len(along)
    values[middle + 1 :] = np.maximum(_rising(values[middle + 1 :]), 0.0)
    values[:middle] = np.minimum(_rising(values[:middle]), 0.0) if middle < len(along) else _rising(values)
    straight = exact.copy()
    straight[along] = values
    return straight


def _rising(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the rising values that are nearest (pool adjacent violators).

    Examples
    --------
    >>> import numpy as np
    >>> _rising(np.array([1.0, 3.0, 2.0, 4.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    return np.array([mean for mean, count in pools for _ in range(count)], dtype=np.float64)


def _thinned(draft: Draft, seen: Seen, of: list[NDArray[np.int64]], max_rules: int) -> tuple[tuple[int, int], ...]:
    """Take the points of the rows that earn least, until there are no more rules than there may be."""
    gone: list[tuple[int, int]] = []
    while n_rules(draft, of) > max_rules:
        earned = []
        for p, (part, row) in enumerate(zip(draft.parts, of, strict=True)):
            crowd = np.bincount(part.group_of[seen.codes[p]], seen.weight, minlength=part.groups)
            share = crowd / crowd.sum()
            cost = 1 if part.feature is not None else 2
            earned += [
                (float(row[g] ** 2 * share[g] * (1 - share[g])) / cost, p, int(g))
                for g in np.flatnonzero(row)
                if (p, int(g)) not in draft.fixed
            ]
        if not earned:
            break
        _, p, g = min(earned)
        of[p][g] = 0
        gone.append((p, int(g)))
    return tuple(gone)
