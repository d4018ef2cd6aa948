"""Integer points: scale and rounding are found together, on the log-loss and not on the distance to the effects.

From a naive rounding, points move up or down by one, alone or in pairs, as long as that gains. Signs and
declared orders hold at every move; caps and the most points of a row take away what is too much in the end, where that
costs least (see `constraints`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.writing.constraints import held_back, kept, tamed
from leadml.learn.writing.moves import descended

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.writing.effects import Effects

SCALES_TRIED = 200
SCALE_STEPS = 8


@dataclass(frozen=True, eq=False)
class Found:
    """What the search found.

    Parameters
    ----------
    points : ndarray of shape (n_rules,)
        Integer points.
    free : ndarray of shape (n_rules,)
        What they would be without caps and without a most of points.
    unit : float
        The log-odds that one point is worth; 0 where there are no points.
    """

    points: NDArray[np.int64]
    free: NDArray[np.int64]
    unit: float


def naive(effects: Effects, width: int) -> NDArray[np.int64]:
    """Round each effect by itself, at the scale that comes nearest to the width; then change what is not allowed.

    Parameters
    ----------
    effects : Effects
        The effects.
    width : int
        The distance wanted between the lowest and the highest attainable score.

    Returns
    -------
    ndarray of shape (n_rules,)
        Integer points.
    """
    if width == 0 or not effects.values.any():
        return kept(effects, tamed(effects, np.zeros(len(effects.values), dtype=np.int64)))
    found = min(_candidates(effects, width), key=lambda p: (abs(effects.span(p) - width), effects.loss(p)))
    return kept(effects, _stretch(effects, found, width))


def joint(effects: Effects, width: int) -> NDArray[np.int64]:
    """Find integer points that lose least log-likelihood while attainable scores span the width.

    Parameters
    ----------
    effects : Effects
        The effects.
    width : int
        The distance between the lowest and the highest attainable score.

    Returns
    -------
    ndarray of shape (n_rules,)
        Integer points; never worse than rounding each effect by itself at any scale with the same span. Where caps
        and the most points of a row forbid the width, they span less.
    """
    return searched(effects, width).points


def searched(effects: Effects, width: int) -> Found:
    """Find points as `joint` does, with what they would be without caps, and what a point is worth."""
    if width == 0 or not effects.values.any():
        free = tamed(effects, np.zeros(len(effects.values), dtype=np.int64))
        return Found(kept(effects, free), free, 0.0)
    free = _spanning(effects, width)
    return Found(held_back(effects, free), free, max(effects.unit(free), 0.0))


def _spanning(effects: Effects, width: int) -> NDArray[np.int64]:
    """Find the best points that span the width, whatever caps say."""
    tried = _candidates(effects, width)
    begun = [p for p in tried if effects.span(p) == width]
    if not begun:
        nearest = min(tried, key=lambda p: (abs(effects.span(p) - width), effects.loss(p)))
        begun = [_stretch(effects, nearest, width)]
    best = min(begun, key=effects.loss)
    width = effects.span(best)  # less than was wanted where signs and orders leave nothing to give
    return descended(effects, best, lambda moved: effects.span(moved) == width and effects.allows(moved))


def _candidates(effects: Effects, width: int) -> list[NDArray[np.int64]]:
    """Round at many scales around the one that spans the width."""
    scale = 1 / max(effects.reach, 1e-12) * width
    for _ in range(SCALE_STEPS):
        got = effects.span(tamed(effects, np.rint(effects.values * scale).astype(np.int64)))
        if got == 0 or abs(got - width) <= 0.1 * width:
            break
        scale *= width / got
    rounded = np.rint(np.linspace(0.9, 1.1, SCALES_TRIED + 1)[:, None] * (effects.values * scale)).astype(np.int64)
    return [tamed(effects, points) for points in np.unique(rounded, axis=0)]


def _stretch(effects: Effects, points: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Change points one by one, where it costs least, until they span the width."""
    for _ in range(10 * width):
        missing = width - effects.span(points)
        if missing == 0:
            break
        steps = np.concatenate([np.eye(len(points), dtype=np.int64), -np.eye(len(points), dtype=np.int64)])
        nearer = [p for p in points + steps if abs(width - effects.span(p)) < abs(missing) and effects.allows(p)]
        if not nearer:
            break
        points = min(nearer, key=effects.loss)
    return points
