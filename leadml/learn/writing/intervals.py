"""Intervals: how far the points of a rule might be from what they are, by the leads that it was learned from.

Rules are shown because they stood out. Among those that barely did, many did by luck, so the bound on the side of 0 is
that of an effect of which it is known that it was kept: the least effect for which an estimate as far out is not rare
among estimates far enough out to be kept (truncated normal; Lee et al. 2016). Rules that stood out clearly have
Wald's interval.

Where leads left out are told less well than those that were learned from, a point is worth less log-odds than the
latter say (`steepness`), and the same effect takes more points: so bounds move away from 0.

A rule may have the points of a group that holds for others too: most often *missing* and *other*, which are as
neutral where their leads do not show otherwise. Its interval is about its own leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, erfc, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.scan import LEAST_TEST
from leadml.learn.writing.spread import TRACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.conjunction import Joined
    from leadml.learn.writing.rounding import Rounded
    from leadml.learn.writing.spread import Spread

NORMAL_95 = 1.959963984540054
# In standard errors. Over 275 made-up histories, Wald's intervals of rules that stand out by 2.5 to 4 cover .83 of what
# was planted; these cover .97, with 2 here .95.
KEPT_FROM = 2.5
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Intervals:
    """The intervals of a table to be.

    Parameters
    ----------
    joined : Joined
        Groups and conjunctions with their effects.
    rounding : Rounded
        Their points.
    spread : Spread
        What the leads leave open about them.
    shrinkage : float, default 1
        What the slope of probabilities is multiplied by.
    """

    joined: Joined
    rounding: Rounded
    spread: Spread
    shrinkage: float = 1.0

    def of_rule(self, feature: int, codes: Sequence[int], neutral: Sequence[int], points: int) -> tuple[int, int]:
        """Give the 95 % interval of the points of a rule of one feature.

        Parameters
        ----------
        feature : int
            The feature, by position.
        codes, neutral : sequence of int
            The codes that the rule holds for, and those of the neutral rule.
        points : int
            Its points.

        Returns
        -------
        tuple of (int, int)
            The bounds, rounded outwards. A rule that no lead has shown keeps to its points: nothing is known of it.
        """
        group = self.joined.partition.groups[feature]
        residual, bend = self.spread.residual[feature], self.spread.bend[feature]
        own, other, whole = (_sums(group, bend, c) for c in (codes, neutral, range(len(group))))
        if not (own.sum() > 0 and other.sum() > 0):
            return points, points
        scale, here = self.rounding.scale, self._here(feature)
        contrast = own / own.sum() - other / other.sum()
        between = float(contrast @ self.spread.covariance[here, here] @ contrast)
        if _of_whole_groups(own, whole) and _of_whole_groups(other, whole):
            return self._outwards(points, *kept(points, scale * sqrt(max(between, 0.0)), KEPT_FROM))
        pulled = _sums(group, residual, range(len(group))) / np.maximum(whole, 1e-300)
        told = [
            float(residual[list(c)].sum() - pulled @ o) / float(o.sum() + TRACE)
            for c, o in ((codes, own), (neutral, other))
        ]
        centre = scale * (float(contrast @ self.joined.fit.effects[here]) + told[0] - told[1])
        within = self.spread.inflation * _within(own, other, whole)
        half = NORMAL_95 * scale * sqrt(max(between + within, 0.0))
        return self._outwards(points, centre - half, centre + half)

    def of_conjunction(self, group: int, points: int) -> tuple[int, int]:
        """Give the 95 % interval of the points of a conjunction, which stands in a group among all groups."""
        error = self.rounding.scale * sqrt(max(float(self.spread.covariance[group, group]), 0.0))
        return self._outwards(points, *kept(points, error, sqrt(LEAST_TEST)))

    def _outwards(self, points: int, low: float, high: float) -> tuple[int, int]:
        """Move bounds away from 0, and round them outwards; the points themselves are always within."""
        low, high = (min(low, low / self.shrinkage), max(high, high / self.shrinkage))
        return min(points, floor(low)), max(points, ceil(high))

    def _here(self, feature: int) -> slice:
        start, size = self.joined.partition.starts[feature], self.joined.partition.sizes[feature]
        return slice(int(start), int(start + size))


def kept(estimate: float, error: float, least: float) -> tuple[float, float]:
    """Give the 95 % interval of an effect whose estimate was shown because it is far from 0.

    Parameters
    ----------
    estimate, error : float
        The estimate and its standard error.
    least : float
        How many standard errors from 0 an estimate had to be, to be shown.

    Returns
    -------
    tuple of (float, float)
        Wald's bound on the far side; on the side of 0 the bound given that it was shown. An estimate that was shown
        all the same, nearer to 0, is taken for one of the nearest.

    Examples
    --------
    >>> [tuple(round(b, 2) for b in kept(z, 1.0, 2.5)) for z in (2.6, 3.5, 5.0, -9.0)]
    [(-0.59, 4.56), (0.08, 5.46), (2.85, 6.96), (-10.96, -7.04)]
    """
    if error <= 0:
        return estimate, estimate
    out = abs(estimate) / error
    near = _least_effect(out, min(least, out))
    bounds = error * min(near, out - NORMAL_95), error * (out + NORMAL_95)
    return bounds if estimate >= 0 else (-bounds[1], -bounds[0])


def _least_effect(out: float, least: float) -> float:
    """Find the effect at which one estimate in forty of those that are shown is as far out: by halving."""
    low, high = -NORMAL_95, out
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _as_far(middle, out, least) < 0.025 else (low, middle)
    return (low + high) / 2


def _as_far(effect: float, out: float, least: float) -> float:
    """Give the chance that an estimate is `out` or more, given that it is `least` or more to either side."""
    return _tail(out - effect) / (_tail(least - effect) + _tail(least + effect))


def _tail(z: float) -> float:
    return 0.5 * erfc(z / sqrt(2))


def _sums(group: NDArray[np.int64], values: NDArray[np.float64], codes: Sequence[int]) -> NDArray[np.float64]:
    """Sum values of some codes by group."""
    few = list(codes)
    return np.bincount(group[few], values[few], minlength=int(group.max()) + 1).astype(np.float64)


def _of_whole_groups(part: NDArray[np.float64], whole: NDArray[np.float64]) -> bool:
    """Tell whether a rule holds for all leads of the groups that it has to do with."""
    return bool(((part == 0) | (part >= whole * (1 - 1e-9))).all())


def _within(own: NDArray[np.float64], other: NDArray[np.float64], whole: NDArray[np.float64]) -> float:
    """Give the variance that comes in where rules are parts of groups, and have their effect from other leads too.

    The effect of a part is that of its group, plus what the residuals of the part say beyond those of the group: with
    bends b of the part and B of the group, variance 1 / b - 1 / B; two parts of one group have covariance - 1 / B.
    """
    size = whole + TRACE

    def alone(part: NDArray[np.float64]) -> float:
        share = part / part.sum()
        return float((share * (1 / (part.sum() + TRACE) - share / size)).sum())

    both = float((own / own.sum() * other / other.sum() / size).sum())
    return alone(own) + alone(other) + 2 * both
