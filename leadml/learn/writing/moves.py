"""Moves: integer points go up or down by one, alone or in pairs, as long as that gains."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.writing.effects import Effects

MOST_MOVES = 500


def descended(
    effects: Effects,
    points: NDArray[np.int64],
    allowed: Callable[[NDArray[np.int64]], bool],
    free: NDArray[np.intp] | None = None,
) -> NDArray[np.int64]:
    """Move points, the best move first, until none gains.

    Parameters
    ----------
    effects : Effects
        The effects that points stand for.
    points : ndarray of shape (n_rules,)
        Where to begin.
    allowed : callable
        Tells whether points may be as they would be.
    free : ndarray of int, optional
        The positions of the points that may move; all of them unless given.

    Returns
    -------
    ndarray of shape (n_rules,)
        Points that lose no more than where it began, with the scale that suits them best.
    """
    one = np.eye(len(points), dtype=np.int64)
    one = one if free is None else one[free]
    steps = np.concatenate([one, -one])
    for _ in range(MOST_MOVES):
        better = _best_move(effects, points, steps, allowed)
        if better is None:
            return points
        points = better
    return points


def _best_move(
    effects: Effects,
    points: NDArray[np.int64],
    steps: NDArray[np.int64],
    allowed: Callable[[NDArray[np.int64]], bool],
) -> NDArray[np.int64] | None:
    """Find the best single step, or pair of steps; None where none gains."""
    m = len(steps)
    curved = effects.curvature @ points
    power, match = float(points @ curved), float(points @ effects.along)
    one_match, one_power = steps @ effects.along, steps @ curved
    cross = steps @ effects.curvature @ steps.T
    own = np.diag(cross)
    two_match = match + one_match[:, None] + one_match[None, :]
    two_power = power + 2 * (one_power[:, None] + one_power[None, :]) + own[:, None] + own[None, :] + 2 * cross
    np.fill_diagonal(two_match, match + one_match)
    np.fill_diagonal(two_power, power + 2 * one_power + own)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(two_power > 1e-12, two_match * np.abs(two_match) / two_power, -np.inf)
    floor = (match * abs(match) / power if power > 0 else 0.0) + 1e-9 * max(1.0, abs(effects.height))
    gain[np.tril_indices(m, -1)] = -np.inf
    worth = np.flatnonzero(gain.ravel() > floor)
    for place in worth[np.argsort(-gain.ravel()[worth], kind="stable")]:
        i, j = divmod(int(place), m)
        moved: NDArray[np.int64] = points + steps[i] + (steps[j] if i != j else 0)
        if allowed(moved):
            return moved
    return None
