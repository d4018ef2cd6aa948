"""Columns of times as microseconds since 1970 in UTC; what cannot be read is counted, and little of it accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.moments import wording
from leadml.points.dates import (
    DATE,
    NONE,
    date_texts,
    is_typed,
    microseconds,
    moments_of,
    moments_of_text,
    of_typed,
)
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import TimesSettings
    from leadml.history.sources.readers import Table

NEVER = int(np.iinfo(np.int64).max)  # it has not happened
SECOND_US = 1_000_000
MOST_UNREADABLE = 0.01
SHOWN = 5


def read_times(
    table: Table, column: str, times: TimesSettings, missing: frozenset[str]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Read a column of times.

    Parameters
    ----------
    table : Table
    column : str
    times : TimesSettings
        The zone of times that name none, and what a time means that a clock change has twice.
    missing : frozenset of str
        Placeholders.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        Microseconds since 1970 in UTC; the least integer where there is no time, or none that can be read: no
        ISO 8601, a day that never was, an hour that the clock skips, a year outside 1900 to 2199.
    tuple of str
        A note on those that could not be read, if there are any.

    Raises
    ------
    DataError
        If the column holds something else than times, or more than 1 % of them cannot be read.
    """
    values = table.frame[column]
    found = moments_of(values, times.zone, times.twice)
    if found is None:
        raise wording.no_times(table.where, column, str(values.dtype))
    read, filled = found
    filled = filled & ~_stand_for_none(values, missing, times)
    readable = filled & (read != NONE)
    odd, count = np.flatnonzero(filled & ~readable), int(filled.sum())
    if len(odd) > MOST_UNREADABLE * count:
        shown = without_personal(date_texts(values.iloc[odd[:SHOWN]]))
        seen = [(int(row) + 1, text) for row, text in zip(odd, shown, strict=False)]
        raise wording.unreadable_times(table.where, column, (len(odd), count), seen, times.zone)
    said = f"unreadable, which counts as missing, of {count:,} in column {column!r} of {table.where}"
    return np.where(readable, read, NONE), (wording.note(said, len(odd), "time"),) if len(odd) else ()


def instant(text: str, what: str, times: TimesSettings) -> int:
    """Read one date or time from the settings.

    Parameters
    ----------
    text : str
        ISO 8601, such as ``2024-03-31`` or ``2024-03-31T08:00:00+02:00``.
    what : str
        The setting, for the message.
    times : TimesSettings

    Returns
    -------
    int
        Microseconds since 1970 in UTC.

    Raises
    ------
    UsageError
        If it is none.
    """
    found = int(microseconds(moments_of_text(pd.Series([text], dtype="str"), times.zone, times.twice))[0])
    if found == NONE:
        raise wording.no_instant(what, text, times.zone)
    return found


def iso(moment: int) -> str:
    """Write microseconds since 1970 as a date, with the time unless it is midnight.

    Examples
    --------
    >>> iso(0), iso(1_709_251_200_000_000 + 60_000_000)
    ('1970-01-01', '2024-03-01T00:01:00Z')
    """
    text = np.datetime_as_string(np.datetime64(moment // SECOND_US, "s"))
    return str(text).removesuffix("T00:00:00") if text.endswith("T00:00:00") else f"{text}Z"


def _stand_for_none(values: pd.Series, missing: frozenset[str], times: TimesSettings) -> NDArray[np.bool_]:
    """Tell which values are placeholders, as texts or as the moments that these stand for."""
    if is_typed(values):
        return np.isin(of_typed(values, times.zone, times.twice), _as_moments(missing, times))
    return date_texts(values).isin(missing).to_numpy(dtype=bool)


def _as_moments(missing: frozenset[str], times: TimesSettings) -> NDArray[np.int64]:
    texts = pd.Series(sorted(missing), dtype="str")
    dates = texts[texts.str.fullmatch(f"(?:{DATE})", na=False)]
    return microseconds(moments_of_text(dates, times.zone, times.twice))
