"""Integer points: scale and rounding are found together, on the log-loss and not on the distance to the effects.

Near its optimum the log-loss is a quadratic of the effects. With intercept and scale profiled out, integer points p
are as good as ``(p'A e)**2 / (p'A p)`` is great, e being the effects and A the curvature with the intercept
eliminated. From a naive rounding, points move up or down by one, alone or in pairs, as long as that gains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCALES_TRIED = 200
MOST_MOVES = 500


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects against the neutral rule, still real numbers.

    Parameters
    ----------
    values : ndarray of shape (n_rules,)
        The effects in log-odds.
    curvature : ndarray of shape (n_rules, n_rules)
        Second derivatives of the loss, the intercept eliminated.
    feature : ndarray of shape (n_rules,)
        The feature of each, as a number.
    order : ndarray of shape (n_monotone, 2)
        Pairs of rules of which the second may not get fewer points than the first; -1 stands for the neutral rule.
    """

    values: NDArray[np.float64]
    curvature: NDArray[np.float64]
    feature: NDArray[np.int64]
    order: NDArray[np.int64]

    def loss(self, points: NDArray[np.int64]) -> float:
        """Tell what rounding costs in log-likelihood, with the best scale for these points."""
        along = self.curvature @ self.values
        power = float(points @ self.curvature @ points)
        lost = float(points @ along) ** 2 / power if power > 0 else 0.0
        return 0.5 * (float(self.values @ along) - lost)

    def span(self, points: NDArray[np.int64]) -> int:
        """Give the distance between the lowest and the highest attainable score.

        Examples
        --------
        >>> import numpy as np
        >>> effects = Effects(np.zeros(3), np.eye(3), np.array([0, 0, 1]), np.zeros((0, 2), dtype=np.int64))
        >>> effects.span(np.array([-5, 3, 4]))
        12
        """
        high, low = np.zeros(self._features, dtype=np.int64), np.zeros(self._features, dtype=np.int64)
        np.maximum.at(high, self.feature, points)
        np.minimum.at(low, self.feature, points)
        return int((high - low).sum())

    def keeps_order(self, points: NDArray[np.int64]) -> bool:
        """Tell whether the declared directions hold."""
        with_neutral = np.append(points, 0)
        return bool((with_neutral[self.order[:, 1]] >= with_neutral[self.order[:, 0]]).all())

    def width(self, point: float) -> int:
        """Give the distance between the lowest and the highest score where one point is worth so much log-odds."""
        high, low = np.zeros(self._features), np.zeros(self._features)
        np.maximum.at(high, self.feature, self.values)
        np.minimum.at(low, self.feature, self.values)
        return round(float((high - low).sum()) / point)

    @property
    def _features(self) -> int:
        return int(self.feature.max(initial=-1)) + 1


def naive(effects: Effects, width: int) -> NDArray[np.int64]:
    """Round each effect by itself, at the scale that comes nearest to the width.

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
    return min(_candidates(effects, width), key=lambda p: (abs(effects.span(p) - width), effects.loss(p)))


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
        Integer points; never worse than rounding each effect by itself at any scale with the same span.
    """
    if width == 0 or not effects.values.any():
        return np.zeros(len(effects.values), dtype=np.int64)
    begun = [p for p in _candidates(effects, width) if effects.span(p) == width and effects.keeps_order(p)]
    if not begun:
        begun = [_stretch(effects, naive(effects, width), width)]
    best = min(begun, key=effects.loss)
    for _ in range(MOST_MOVES):
        better = _best_move(effects, best, width)
        if better is None:
            return best
        best = better
    return best


def _candidates(effects: Effects, width: int) -> list[NDArray[np.int64]]:
    """Round at many scales around the one that spans the width."""
    high, low = np.zeros(effects._features), np.zeros(effects._features)
    np.maximum.at(high, effects.feature, effects.values)
    np.minimum.at(low, effects.feature, effects.values)
    scale = width / max(float((high - low).sum()), 1e-12)
    return [np.rint(effects.values * scale * t).astype(np.int64) for t in np.linspace(0.9, 1.1, SCALES_TRIED + 1)]


def _best_move(effects: Effects, points: NDArray[np.int64], width: int) -> NDArray[np.int64] | None:
    """Find the best change of one or two points by one; None where none gains."""
    m = len(points)
    curved, along = effects.curvature @ points, effects.curvature @ effects.values
    power, match = float(points @ curved), float(points @ along)
    steps = np.concatenate([np.eye(m, dtype=np.int64), -np.eye(m, dtype=np.int64)])
    one_match, one_power = steps @ along, steps @ curved
    cross = steps @ effects.curvature @ steps.T
    own = np.diag(cross)
    two_match = match + one_match[:, None] + one_match[None, :]
    two_power = power + 2 * (one_power[:, None] + one_power[None, :]) + own[:, None] + own[None, :] + 2 * cross
    np.fill_diagonal(two_match, match + one_match)
    np.fill_diagonal(two_power, power + 2 * one_power + own)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(two_power > 1e-12, two_match * np.abs(two_match) / two_power, -np.inf)
    floor = match * match / power + 1e-9 * max(1.0, abs(float(effects.values @ along)))
    gain[np.tril_indices(2 * m, -1)] = -np.inf
    for place in np.argsort(-gain, axis=None, kind="stable"):
        i, j = divmod(int(place), 2 * m)
        if gain[i, j] <= floor:
            return None
        moved: NDArray[np.int64] = points + steps[i] + (steps[j] if i != j else 0)
        if effects.span(moved) == width and effects.keeps_order(moved):
            return moved
    return None


def _stretch(effects: Effects, points: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Change points one by one, where it costs least, until they span the width."""
    for _ in range(10 * width):
        missing = width - effects.span(points)
        if missing == 0:
            break
        steps = np.concatenate([np.eye(len(points), dtype=np.int64), -np.eye(len(points), dtype=np.int64)])
        tried = [points + s for s in steps]
        nearer = [p for p in tried if abs(width - effects.span(p)) < abs(missing) and effects.keeps_order(p)]
        if not nearer:
            break
        points = min(nearer, key=effects.loss)
    return points
