"""When leads came: how many weeks they span, and how much their number varies from week to week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
MANY = 3  # leads of one moment: they did not come by chance
LEAST_WEEKS = 4  # from fewer, a variance of weekly numbers is a guess


def weeks_of(times: NDArray[np.int64]) -> float | None:
    """Return how many weeks leads span.

    Parameters
    ----------
    times : ndarray of int64, shape (leads,)
        When each came, in microseconds since 1970.

    Returns
    -------
    float or None
        Days count whole where times are dates. None where nothing can be said of a rate: fewer than two leads, one
        moment only, or many leads at few moments, as when all leads are scored on the first of each month.

    Examples
    --------
    >>> weeks_of(np.arange(28) * DAY_US), weeks_of(np.arange(60) // 5 * 30 * DAY_US)
    (4.0, None)
    """
    moments = np.unique(times)
    if len(moments) < 2:
        return None
    span = int(moments[-1] - moments[0])
    if not (moments % DAY_US).any():
        span += DAY_US
    else:
        span = round(span * len(times) / (len(times) - 1))  # between n leads lie n - 1 gaps
    weeks = span / WEEK_US
    scheduled = len(moments) < weeks and len(times) > MANY * len(moments)
    return None if scheduled else weeks


def by_week(times: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return the week of each lead, the newest being the last, and how many weeks are whole.

    Parameters
    ----------
    times : ndarray of int64, shape (leads,)

    Returns
    -------
    week : ndarray of int64, shape (leads,)
        0 is the oldest whole week; -1 is what came before it.
    weeks : int
        Whole weeks, counted back from the newest lead.

    Examples
    --------
    >>> by_week(np.arange(9) * 2 * DAY_US)
    (array([-1, -1,  0,  0,  0,  1,  1,  1,  1]), 2)
    """
    if not len(times):
        return np.zeros(0, dtype=np.int64), 0
    end = int(times.max()) + (DAY_US if not (times % DAY_US).any() else 1)
    weeks = (end - int(times.min())) // WEEK_US
    return np.maximum(weeks - 1 - (end - 1 - times) // WEEK_US, -1), int(weeks)


def dispersion(weekly: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return variance over mean of weekly numbers: 1 where leads come independently (Poisson), more where they cluster.

    Parameters
    ----------
    weekly : ndarray of int64, shape (weeks, …)

    Returns
    -------
    ndarray of float
        nan where there are fewer than four weeks, or no leads.

    Examples
    --------
    >>> dispersion(np.array([[8, 0], [12, 0], [10, 0], [14, 0], [6, 0]])).tolist()
    [1.0, nan]
    """
    if len(weekly) < LEAST_WEEKS:
        return np.full(weekly.shape[1:], np.nan)
    mean = weekly.mean(axis=0)
    found: NDArray[np.float64] = np.divide(
        weekly.var(axis=0, ddof=1), mean, out=np.full(mean.shape, np.nan), where=mean > 0
    )
    return found
