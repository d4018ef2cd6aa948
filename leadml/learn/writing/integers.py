"""Integer points: scale and rounding are found together, on the log-loss and not on the distance to the effects.

Near its optimum the log-loss is a quadratic of the effects. With intercept and scale profiled out, integer points p
are as good as ``(p'A e)**2 / (p'A p)`` is great, e being the effects and A the curvature with the intercept
eliminated. From a naive rounding, points move up or down by one, alone or in pairs, as long as that gains. Signs and
declared orders hold at every move; caps and the most points of a row take away what is too much in the end, where that
costs least (see `constraints`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.writing.constraints import UNBOUNDED, bounds, held_back, kept, tamed
from leadml.learn.writing.moves import descended

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.writing.constraints import Limits

SCALES_TRIED = 200
SCALE_STEPS = 8


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
    limits : Limits, optional
        What else points have to keep to.
    """

    values: NDArray[np.float64]
    curvature: NDArray[np.float64]
    feature: NDArray[np.int64]
    order: NDArray[np.int64]
    limits: Limits | None = None

    @cached_property
    def along(self) -> NDArray[np.float64]:
        """Curvature times effects."""
        return np.asarray(self.curvature @ self.values, dtype=np.float64)

    @cached_property
    def height(self) -> float:
        """What the effects are worth in log-likelihood, twice."""
        return float(self.values @ self.along)

    @cached_property
    def bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The least and the most points of each rule that signs and declared orders allow."""
        wide = np.full(len(self.values), UNBOUNDED)
        low, high = (-wide, wide) if self.limits is None else (self.limits.low, self.limits.high)
        return bounds(self.order, low, high)

    def loss(self, points: NDArray[np.int64]) -> float:
        """Tell what rounding costs in log-likelihood, with the best scale for these points."""
        power, match = float(points @ self.curvature @ points), float(points @ self.along)
        return 0.5 * (self.height - (match * abs(match) / power if power > 0 else 0.0))

    def unit(self, points: NDArray[np.int64]) -> float:
        """Give the log-odds that one point is worth at the best scale for these points."""
        power = float(points @ self.curvature @ points)
        return float(points @ self.along) / power if power > 0 else 0.0

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

    def allows(self, points: NDArray[np.int64]) -> bool:
        """Tell whether signs and declared directions hold."""
        low, high = self.bounds
        return bool((points >= low).all() and (points <= high).all()) and self.keeps_order(points)

    def within(self, points: NDArray[np.int64]) -> bool:
        """Tell whether caps and the most points of a row hold."""
        if self.limits is None:
            return True
        if self.limits.most is not None and np.abs(points).max(initial=0) > self.limits.most:
            return False
        own = self.limits.dimension[self.feature]
        return all(self.span(np.where(own == d, points, 0)) <= cap for d, cap in self.limits.caps.items())

    def width(self, point: float) -> int:
        """Give the distance between the lowest and the highest score where one point is worth so much log-odds."""
        return round(self.reach / point)

    @cached_property
    def reach(self) -> float:
        """The distance between the lowest and the highest sum of effects, in log-odds."""
        high, low = np.zeros(self._features), np.zeros(self._features)
        np.maximum.at(high, self.feature, self.values)
        np.minimum.at(low, self.feature, self.values)
        return float((high - low).sum())

    @property
    def _features(self) -> int:
        return int(self.feature.max(initial=-1)) + 1


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
