"""Effects on their way to points: real numbers against the neutral rule, with the quadratic picture of the loss.

Near its optimum the log-loss is a quadratic of the effects. With intercept and scale profiled out, integer points p
are as good as ``(p'A e)**2 / (p'A p)`` is great, e being the effects and A the curvature with the intercept eliminated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.writing.limits import UNBOUNDED, bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.writing.limits import Limits


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
