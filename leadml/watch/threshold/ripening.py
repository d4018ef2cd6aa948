"""Which newest weeks hold too few leads because only decided ones are there, and the youngest are still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.watch.threshold.arrivals import dispersion

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_WEEKS = 12
NEWEST, BASE_WEEKS, MOST_WEEKS = 4, 52, 26
THIN, SURE = 0.5, 4.0  # the newest weeks hold less than half of what is usual, by four standard deviations
FULL, OVER_WEEKS = 0.9, 3  # three weeks that hold nine tenths of it are complete
FALLS, EMPTY = 0.7, 0.2  # and the newer half of the weeks after them holds less still, the newest next to nothing


def unripe_weeks(weekly: NDArray[np.int64]) -> int:
    """Return how many of the newest weeks are thin in the way of leads that ripen: the newer, the fewer are decided.

    Parameters
    ----------
    weekly : ndarray of int64, shape (weeks,)
        Decided leads per week, the oldest first.

    Returns
    -------
    int
        0 where the newest weeks are no thinner than chance makes them, or end all at once; and where fewer than 12
        weeks tell.

    Examples
    --------
    >>> usual = [68, 75, 73, 75, 72, 73, 63, 51, 66, 57, 59, 60, 57, 75]
    >>> unripe_weeks(np.array([*usual, 42, 32, 22, 22, 11, 3])), unripe_weeks(np.array([*usual, 9, 5, 8, 3, 6, 7]))
    (6, 0)
    """
    weeks = len(weekly)
    if weeks < LEAST_WEEKS:
        return 0
    base = weekly[max(0, weeks - BASE_WEEKS) : weeks - min(MOST_WEEKS, weeks // 2)]
    usual = float(np.median(base))
    spread = max(float(np.nan_to_num(dispersion(base[:, None])[0], nan=1.0)), 1.0)
    newest = float(weekly[-NEWEST:].mean())
    if newest >= THIN * usual or usual - newest < SURE * np.sqrt(usual * spread / NEWEST):
        return 0
    if weekly[-1] >= EMPTY * usual or not _falls(weekly[-NEWEST:]):
        return 0
    level = np.convolve(weekly, np.ones(OVER_WEEKS), "valid") / OVER_WEEKS
    complete = np.flatnonzero(level >= FULL * usual)
    thin = weekly[int(complete[-1]) + OVER_WEEKS :] if len(complete) else weekly[:0]
    return len(thin) if _falls(thin) else 0


def _falls(weekly: NDArray[np.int64]) -> bool:
    half = len(weekly) // 2
    return half > 0 and bool(weekly[half:].mean() < FALLS * weekly[:half].mean())
