"""Columns of times as microseconds since 1970 in UTC; what cannot be read is counted, and little of it accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.moments import wording
from leadml.history.values.dates import DATE, localized, microseconds, moments_of_text
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import TimesSettings
    from leadml.history.sources.readers import Table

NONE = int(np.iinfo(np.int64).min)  # no time is known
NEVER = int(np.iinfo(np.int64).max)  # it has not happened
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
MOST_UNREADABLE = 0.01
SHOWN = 5
# years such as 0001, 2999 and 9999 stand for "no time"
FIRST_US = -25_567 * DAY_US  # 1900-01-01
END_US = 84_006 * DAY_US  # 2200-01-01


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
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    filled = values.notna().to_numpy(dtype=bool)
    if not filled.any():
        return np.full(len(values), NONE), ()
    if pd.api.types.is_numeric_dtype(values.dtype):  # truths, too
        raise wording.no_times(table.where, column, str(values.dtype))
    if isinstance(values.dtype, (np.dtype, pd.DatetimeTZDtype)) and values.dtype.kind == "M":
        read = _of_moments(values, times)
        filled = filled & ~np.isin(read, _as_moments(missing, times))
    else:
        texts = _as_texts(values)
        filled = filled & ~(texts.isin(missing) | (texts.str.strip() == "")).to_numpy(dtype=bool)
        read = microseconds(moments_of_text(texts, times.zone, times.twice))
    readable = filled & (read >= FIRST_US) & (read < END_US)
    odd, count = np.flatnonzero(filled & ~readable), int(filled.sum())
    if len(odd) > MOST_UNREADABLE * count:
        shown = without_personal(_as_texts(values.iloc[odd[:SHOWN]]))
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


def _of_moments(values: pd.Series, times: TimesSettings) -> NDArray[np.int64]:
    """Take a column that has moments already: those without a zone are local times of the configured one."""
    aware = values if values.dt.tz is not None else localized(values, times.zone, times.twice)
    return microseconds(aware.dt.tz_convert("UTC").astype("datetime64[us, UTC]"))


def _as_moments(missing: frozenset[str], times: TimesSettings) -> NDArray[np.int64]:
    texts = pd.Series(sorted(missing), dtype="str")
    dates = texts[texts.str.fullmatch(f"(?:{DATE})", na=False)]
    return microseconds(moments_of_text(dates, times.zone, times.twice))


def _as_texts(values: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        return values.astype("str")
    return values.astype(object).map(_as_text, na_action="ignore").astype("str")


def _as_text(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
