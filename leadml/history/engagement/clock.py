"""A time zone as two lists of numbers, with which a server turns local times into moments.

Servers have time zone data of their own, of another year than ours perhaps: so ours is sent along, and a local time
means the same moment wherever it is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadml.points.dates import EARLIER, LATER, REFUSE

FIRST, LAST = "1800-01-01", "2200-01-01"
SECOND_US = 1_000_000
GRID_S = 6 * 3600


@dataclass(frozen=True)
class Clock:
    """Which offset from UTC a zone's clock has, by what it shows.

    Parameters
    ----------
    bounds : tuple of int
        Local times, in microseconds since 1970-01-01 00:00 on that clock, ascending.
    offsets_us : tuple of (int or None)
        One more than `bounds`: the first holds before the first bound, each other one from its bound on (and
        including it). None where the clock shows no time, or one that it shows twice and that is refused.
        After the year 2200 the last one stays.

    Examples
    --------
    >>> Clock((), (0,)).offsets_us
    (0,)
    """

    bounds: tuple[int, ...]
    offsets_us: tuple[int | None, ...]


def clock(zone: str, twice: str = REFUSE) -> Clock:
    """Return how a zone's clock is read.

    Parameters
    ----------
    zone : str
        The time zone, such as ``"Europe/Vienna"``.
    twice : {"refuse", "earlier", "later"}
        What a time means that the clock shows twice; see `leadml.points.dates.localized`.

    Examples
    --------
    >>> found = clock("Europe/Vienna", "earlier")
    >>> at = found.bounds.index(1711850400_000_000)  # 2024-03-31 02:00, which is skipped, until 03:00
    >>> found.offsets_us[at : at + 3]
    (3600000000, None, 7200000000)
    """
    seconds = np.arange(_seconds(FIRST), _seconds(LAST), GRID_S, dtype=np.int64)
    offsets = _offsets(seconds, zone)
    change = np.flatnonzero(np.diff(offsets))
    before, after = offsets[change], offsets[change + 1]
    low, high = seconds[change], seconds[change + 1]
    while (high - low > 1).any():  # high: the first second of the new offset
        middle = (low + high) // 2
        still = _offsets(middle, zone) == before
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    bounds = np.stack([high + np.minimum(before, after), high + np.maximum(before, after)], axis=1)
    shown_twice: dict[str, np.ndarray] = {EARLIER: before, LATER: after}
    between = [
        None if skipped or twice == REFUSE else int(offset) * SECOND_US
        for skipped, offset in zip(after > before, shown_twice.get(twice, after), strict=True)
    ]
    then = [int(offset) * SECOND_US for offset in after]
    pairs = [offset for pair in zip(between, then, strict=True) for offset in pair]
    return Clock(tuple((bounds.ravel() * SECOND_US).tolist()), (int(offsets[0]) * SECOND_US, *pairs))


def _seconds(date: str) -> int:
    return int(np.datetime64(date, "s").astype(np.int64))


def _offsets(seconds: np.ndarray, zone: str) -> np.ndarray:
    """Return the zone's offsets from UTC in seconds at moments given in seconds."""
    moments = pd.DatetimeIndex((seconds * SECOND_US).view("datetime64[us]"), tz="UTC")
    local = moments.tz_convert(zone).tz_localize(None)
    return np.asarray((local - moments.tz_localize(None)) // pd.Timedelta(seconds=1), dtype=np.int64)
