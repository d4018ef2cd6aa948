"""What every statistic asks of its arrays: outcomes are two-valued, numbers are finite, lengths agree."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadml.errors import UsageError
from leadml.stats.outcomes import outcomes

__all__ = [
    "BoolArray",
    "FloatArray",
    "in_order",
    "normal_quantile",
    "numbers",
    "outcomes",
    "weights",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def numbers(values: ArrayLike, name: str, like: BoolArray | FloatArray | None = None) -> FloatArray:
    """Return finite floats, as many as `like` has entries.

    Raises
    ------
    UsageError
        If the array is not one-dimensional, has another length, or holds NaN or infinity.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise UsageError.not_one_dimensional(name, array.shape)
    if like is not None and len(array) != len(like):
        raise UsageError.lengths_differ(name, len(array), len(like))
    bad = np.flatnonzero(~np.isfinite(array))
    if len(bad):
        raise UsageError.not_finite(name, int(bad[0]), len(bad))
    return array


def weights(weight: ArrayLike | None, like: BoolArray | FloatArray) -> FloatArray:
    """Return the weight of each lead, 1 unless given; never negative."""
    if weight is None:
        return np.ones(len(like))
    array = numbers(weight, "weights", like)
    if len(array) and array.min() < 0:
        raise UsageError.negative(name="weights", position=int(array.argmin()))
    return array


def in_order(won: BoolArray, *columns: FloatArray) -> tuple[BoolArray, list[FloatArray]]:
    """Return the columns with their rows sorted by all of them.

    Sums of floats depend on the order of their terms. Over sorted rows, the same leads give the same digits
    to the last one, whatever order they came in.

    Examples
    --------
    >>> won, (score,) = in_order(np.array([True, False, True]), np.array([3.0, 1.0, 2.0]))
    >>> won.tolist(), score.tolist()
    ([False, True, True], [1.0, 2.0, 3.0])
    """
    order = np.lexsort((won, *columns))
    return won[order], [column[order] for column in columns]


def normal_quantile(level: float) -> float:
    """Return z such that a standard normal lies within ±z with probability `level`.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    if not 0 < level < 1:
        raise UsageError.outside(name="level", seen=level, accepted="above 0 and below 1, for example 0.95")
    return NormalDist().inv_cdf(0.5 + level / 2)
