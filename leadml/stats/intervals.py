"""Confidence intervals for one conversion rate, for the difference of two and for the ratio of two.

All three are closed forms built on Wilson's score interval: deterministic, defined for every count, and with
a coverage that holds at the small counts that lead scoring lives with.
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadml.errors import UsageError
from leadml.stats.arrays import FloatArray, normal_quantile


@overload
def wilson(x: float, n: float, level: float = ...) -> tuple[float, float]: ...
@overload
def wilson(x: NDArray[np.generic], n: ArrayLike, level: float = ...) -> tuple[FloatArray, FloatArray]: ...
def wilson(
    x: float | NDArray[np.generic], n: ArrayLike, level: float = 0.95
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Return Wilson's score interval for a rate of `x` in `n`.

    Parameters
    ----------
    x : float or array
        Wins. An expected (fractional) number of wins is accepted.
    n : float or array
        Leads. Without any lead the interval is 0 to 1.
    level : float
        Confidence, 0.95 unless given.

    Returns
    -------
    low, high : float, or arrays of the shape of `x`

    Raises
    ------
    UsageError
        If not 0 <= x <= n, or the level is not between 0 and 1.

    Notes
    -----
    Wilson (1927), Journal of the American Statistical Association 22, 209-212; method 3 in Newcombe (1998),
    Statistics in Medicine 17, 857-872.

    Examples
    --------
    >>> low, high = wilson(13, 16)
    >>> f"{low:.4f} to {high:.4f}"
    '0.5699 to 0.9341'
    """
    wins, leads = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if not np.all((wins >= 0) & (wins <= leads) & np.isfinite(leads)):
        raise UsageError.not_counts(x, n)
    z2 = normal_quantile(level) ** 2
    centre = (wins + z2 / 2) / (leads + z2)
    # z * sqrt(n p (1 - p) + z² / 4) with n p (1 - p) = x (n - x) / n, which is 0 where there is no lead
    spread = wins * (leads - wins) / np.maximum(leads, 1e-300)
    half = np.sqrt(z2 * (spread + z2 / 4)) / (leads + z2)
    # the ends are exact in algebra, not in floating point
    low = np.where(wins == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(wins == leads, 1.0, np.minimum(centre + half, 1.0))
    if low.ndim == 0:
        return low.item(), high.item()
    return low, high


def newcombe(x1: float, n1: float, x0: float, n0: float, level: float = 0.95) -> tuple[float, float, float]:
    """Return the difference of two rates and its interval.

    Parameters
    ----------
    x1, n1 : float
        Wins and leads of the first group.
    x0, n0 : float
        Wins and leads of the group subtracted.
    level : float
        Confidence, 0.95 unless given.

    Returns
    -------
    difference, low, high : float
        Within -1 to 1; the difference is nan where a group has no lead.

    Raises
    ------
    UsageError
        If a count is negative or wins exceed leads.

    Notes
    -----
    Method 10 in Newcombe (1998), Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> ["%.4f" % v for v in newcombe(56, 70, 48, 80)]
    ['0.2000', '0.0524', '0.3339']
    """
    low1, high1 = wilson(x1, n1, level)
    low0, high0 = wilson(x0, n0, level)
    if n1 == 0 or n0 == 0:
        return math.nan, -1.0, 1.0
    rate1, rate0 = x1 / n1, x0 / n0
    gap = rate1 - rate0
    return gap, gap - math.hypot(rate1 - low1, high0 - rate0), gap + math.hypot(high1 - rate1, rate0 - low0)


def mover_ratio(x1: float, n1: float, x0: float, n0: float, level: float = 0.95) -> tuple[float, float, float]:
    """Return the ratio of two rates and its MOVER-Wilson interval.

    Parameters
    ----------
    x1, n1 : float
        Wins and leads of the group above the line (the top group).
    x0, n0 : float
        Wins and leads of the group below the line (the rest).
    level : float
        Confidence, 0.95 unless given.

    Returns
    -------
    ratio, low, high : float
        The ratio is infinite where only the group below the line has no win, nan where neither has one or a
        group has no lead; `high` is infinite where the lower Wilson limit of the group below the line is 0.

    Raises
    ------
    UsageError
        If a count is negative or wins exceed leads.

    Notes
    -----
    MOVER-R of Donner and Zou (2012), Statistical Methods in Medical Research 21, 347-359, from two Wilson
    intervals. Each limit is the root of a quadratic; both are written so that nothing cancels and no
    denominator can be 0.

    Examples
    --------
    >>> ["%.4f" % v for v in mover_ratio(7, 34, 1, 34)]
    ['7.0000', '1.1537', '41.9763']
    >>> mover_ratio(5, 10, 0, 40)[::2]
    (inf, inf)
    """
    low1, high1 = wilson(x1, n1, level)
    low0, high0 = wilson(x0, n0, level)
    if n1 == 0 or n0 == 0:
        return math.nan, 0.0, math.inf
    rate1, rate0 = x1 / n1, x0 / n0
    product = rate1 * rate0
    least, most = low1 * (2 * rate1 - low1), high1 * (2 * rate1 - high1)
    under_least, under_most = high0 * (2 * rate0 - high0), low0 * (2 * rate0 - low0)
    denominator = product + math.sqrt(max(product**2 - least * under_least, 0.0))
    numerator = product + math.sqrt(max(product**2 - most * under_most, 0.0))
    low = least / denominator if denominator > 0 else 0.0
    high = numerator / under_most if low0 > 0 else math.inf
    ratio = rate1 / rate0 if x0 > 0 else (math.inf if x1 > 0 else math.nan)
    return ratio, low, high
