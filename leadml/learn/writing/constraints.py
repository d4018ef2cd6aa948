"""What a person has fixed about points, and how points keep to it: signs, directions, caps, most points of a row.

A cap takes points away from the rows of its dimension and changes nothing else: a point is worth what it would be worth
without the cap, so all other rows keep theirs, and the rows of the dimension give way where that costs least
log-likelihood. The same holds for the most points that a row may have. Otherwise lowering all points alike would always
be the cheapest way to keep to a cap, and the cap would decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.writing.moves import descended

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.writing.effects import Effects

LEAST_RATIO = 0.02


def tamed(effects: Effects, points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring points within signs and declared orders: of two in the wrong order, the one nearer to 0 gives way."""
    low, high = effects.bounds
    points = np.minimum(np.maximum(points, low), high)
    pairs = effects.order[(effects.order >= 0).all(axis=1)]
    for _ in range(len(points) + 1):
        wrong = pairs[points[pairs[:, 1]] < points[pairs[:, 0]]]
        if len(wrong) == 0:
            break
        for a, b in wrong:
            if points[a] > points[b]:
                points[[a, b]] = points[b] if points[b] < 0 else points[a]
    return points


def kept(effects: Effects, points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring points within caps and the most points of a row by shrinking what is too much, and no further thought.

    Parameters
    ----------
    effects : Effects
        The effects with their limits.
    points : ndarray of shape (n_rules,)
        Points in their declared order.

    Returns
    -------
    ndarray of shape (n_rules,)
        The rows of a dimension with too many points shrunk in proportion, towards 0; rows beyond the most clipped.
    """
    limits = effects.limits
    if limits is None:
        return points
    low, high = effects.bounds
    if limits.most is not None:
        low, high = np.maximum(low, -limits.most), np.minimum(high, limits.most)
    points = np.minimum(np.maximum(points, low), high)
    for dimension, cap in limits.caps.items():
        own = limits.dimension[effects.feature] == dimension
        wide, ratio = effects.span(np.where(own, points, 0)), 1.0
        whole = points
        while wide > cap and ratio > 0:
            ratio = min(ratio * 0.9, cap / wide) if ratio > LEAST_RATIO else 0.0
            shrunk = np.trunc(whole * ratio).astype(np.int64)
            points = np.where(own, np.minimum(np.maximum(shrunk, low), high), whole)
            wide = effects.span(np.where(own, points, 0))
    return points


def held_back(effects: Effects, points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring points within caps and the most points of a row where that costs least log-likelihood.

    Parameters
    ----------
    effects : Effects
        The effects with their limits.
    points : ndarray of shape (n_rules,)
        The best points without caps.

    Returns
    -------
    ndarray of shape (n_rules,)
        The same points where no limit binds; else those of rows in a dimension, or of a feature, that one binds, are
        found again while all others stay: none passes 0, none grows, and none overtakes another one of its feature.
    """
    start = kept(effects, points)
    if effects.limits is None or (start == points).all():
        return start
    free = np.isin(effects.feature, effects.feature[start != points])
    for dimension in effects.limits.caps:
        own = effects.limits.dimension[effects.feature] == dimension
        if (start[own] != points[own]).any():
            free |= own
    rank = np.lexsort((points, effects.feature))
    rank = np.stack([rank[:-1], rank[1:]], axis=1)[np.diff(effects.feature[rank]) == 0]
    least, most = np.minimum(start, np.minimum(points, 0)), np.maximum(start, np.maximum(points, 0))

    def shrunk(moved: NDArray[np.int64]) -> bool:
        inside = bool((moved >= least).all() and (moved <= most).all())
        in_order = inside and bool((moved[rank[:, 0]] <= moved[rank[:, 1]]).all())
        return in_order and effects.allows(moved) and effects.within(moved)

    return descended(effects, start, shrunk, np.flatnonzero(free))
