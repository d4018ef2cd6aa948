"""Dates and times: ISO 8601, or DD.MM.YYYY, in UTC inside.

What names no offset is a local time of a zone, UTC unless told. A date with points has its day first
wherever it is written, so it can be read; one with slashes cannot.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

OFFSET = r"(?:[zZ]| ?[+-][0-9]{2}:?[0-9]{2})"
CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
ISO = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{CLOCK}{OFFSET}?)?"
DOTTED = rf"[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}}(?:,? {CLOCK})?"
DATE = f"(?:{ISO}|{DOTTED})"
DAY_FIRST = r"^([0-9]{2})\.([0-9]{2})\.([0-9]{4}),?"
DAY_LAST = r"\3-\2-\1"
WITH_OFFSET = rf".{{11,}}{OFFSET}"
EARLIER, LATER, REFUSE = "earlier", "later", "refuse"
NONE = int(np.iinfo(np.int64).min)  # no time is known
DAY_US = 86_400_000_000
# years such as 0001, 2999 and 9999 stand for "no time"
FIRST_US = -25_567 * DAY_US  # 1900-01-01
END_US = 84_006 * DAY_US  # 2200-01-01


def moments_of(
    values: pd.Series, zone: str = "UTC", twice: str = REFUSE
) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """Read a column as moments, whatever holds them: times, dates, texts, or Python objects of these kinds.

    Parameters
    ----------
    values : Series of n values
    zone, twice : str
        See `moments_of_text`; they count for times without a zone, too.

    Returns
    -------
    ndarray of int64, shape (n,), and ndarray of bool, shape (n,); or None
        Microseconds since 1970 in UTC, `NONE` for what is missing or cannot be read or lies outside 1900 to 2199; and
        whether there is anything. None for numbers: nobody can tell seconds since 1970 from days, or from 20240705.

    Examples
    --------
    >>> read, filled = moments_of(pd.Series(["1970-01-02", "02.01.1970", "soon", ""]))
    >>> (read // DAY_US)[:2].tolist(), (read == NONE).tolist(), filled.tolist()
    ([1, 1], [False, False, True, True], [True, True, True, False])
    >>> moments_of(pd.Series([1_720_137_600])) is None
    True
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    filled = values.notna().to_numpy(dtype=bool)
    if not filled.any():
        return np.full(len(values), NONE), filled
    if pd.api.types.is_numeric_dtype(values.dtype):  # truths, too
        return None
    if is_typed(values):
        read = of_typed(values, zone, twice)
    else:
        texts = date_texts(values)
        filled = filled & (texts.str.strip() != "").to_numpy(dtype=bool)
        read = microseconds(moments_of_text(texts, zone, twice))
    return np.where((read >= FIRST_US) & (read < END_US), read, NONE), filled


def is_typed(values: pd.Series) -> bool:
    """Tell whether a column holds moments already, and not texts or objects."""
    return isinstance(values.dtype, (np.dtype, pd.DatetimeTZDtype)) and values.dtype.kind == "M"


def of_typed(values: pd.Series, zone: str = "UTC", twice: str = REFUSE) -> NDArray[np.int64]:
    """Take a column that holds moments as microseconds, of any year: those without a zone are local times of `zone`."""
    aware = values if values.dt.tz is not None else localized(values, zone, twice)
    return microseconds(aware.dt.tz_convert("UTC").astype("datetime64[us, UTC]"))


def date_texts(values: pd.Series) -> pd.Series:
    """Write the values of a column as texts, dates and times as ISO 8601."""
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        return values.astype("str")
    return values.astype(object).map(_as_text, na_action="ignore").astype("str")


def _as_text(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def moments_of_text(texts: pd.Series, zone: str = "UTC", twice: str = REFUSE) -> pd.Series:
    """Read texts as moments in UTC; what is no date, or a day that never was, becomes NaT.

    Both forms may stand in one column: ``2024-03-31`` and ``31.03.2024``, with a time or without.

    Parameters
    ----------
    texts : Series of str
    zone : str
        The time zone of texts without an offset, such as ``"Europe/Vienna"``. A date without a time is midnight
        there.
    twice : {"refuse", "earlier", "later"}
        What a local time means that a clock change has twice; see `localized`.

    Returns
    -------
    Series of datetime64[us, UTC]

    Examples
    --------
    >>> moments = moments_of_text(pd.Series(["2024-03-01T00:30+01:00", "2024-02-30", "1.3.2024"]))
    >>> [str(moment) for moment in moments]
    ['2024-02-29 23:30:00+00:00', 'NaT', 'NaT']
    >>> [str(moment) for moment in moments_of_text(pd.Series(["2024-07-01", "01.07.2024 00:30"]), "Europe/Vienna")]
    ['2024-06-30 22:00:00+00:00', '2024-06-30 22:30:00+00:00']
    """
    known = _day_last(texts.where(texts.str.fullmatch(DATE, na=False)))
    # beyond microseconds pandas would fall back to a range that ends in the year 2262
    micro = known.str.replace(r"(\.[0-9]{6})[0-9]+", r"\1", regex=True)
    if zone == "UTC":
        return _parsed(micro, utc=True)
    named = micro.str.fullmatch(WITH_OFFSET, na=False).astype(bool)
    if named.all():
        return _parsed(micro, utc=True)
    local = localized(_parsed(micro.mask(named), utc=False), zone, twice)
    return _parsed(micro.where(named), utc=True).fillna(local) if named.any() else local


def localized(local: pd.Series, zone: str, twice: str = REFUSE) -> pd.Series:
    """Take local times of a zone as moments in UTC.

    Parameters
    ----------
    local : Series of datetime64 without a zone
    zone : str
        The time zone.
    twice : {"refuse", "earlier", "later"}
        What a time means that stands on the clock twice, in the night when it is set back: no time at all
        (``"refuse"``), or the earlier or later of the two. A time that the clock skips is no time at all.

    Returns
    -------
    Series of datetime64[us, UTC]
        NaT for what is no time.

    Examples
    --------
    >>> night = pd.Series(pd.to_datetime(["2024-10-27 02:30", "2024-03-31 02:30"]))
    >>> [str(moment) for moment in localized(night, "Europe/Vienna", "earlier")]
    ['2024-10-27 00:30:00+00:00', 'NaT']
    """
    # beside "NaT" pandas takes an array: True for the time before the clock is set back
    first: NDArray[np.bool_] | Literal["NaT"] = (
        "NaT" if twice == REFUSE else np.full(len(local), twice == EARLIER, dtype=np.bool_)
    )
    moments = local.astype("datetime64[us]").dt.tz_localize(zone, ambiguous=first, nonexistent="NaT")
    return moments.astype("datetime64[us, UTC]")


def microseconds(moments: pd.Series) -> NDArray[np.int64]:
    """Return moments as microseconds since 1970 in UTC; NaT is the least number of all."""
    return np.asarray(moments.dt.tz_convert(None).to_numpy("datetime64[us]"), dtype=np.int64)


def mixed_offsets(texts: pd.Series) -> tuple[tuple[int, str], tuple[int, str]] | None:
    """Find a time that names its offset from UTC and one that does not, each with its place; None where all do alike.

    Examples
    --------
    >>> mixed_offsets(pd.Series(["2024-03-01T00:30Z", "n.a.", "01.03.2024 00:30"]))
    ((0, '2024-03-01T00:30Z'), (2, '01.03.2024 00:30'))
    """
    known = texts.str.fullmatch(DATE, na=False).to_numpy(dtype=bool)
    named = texts.str.fullmatch(WITH_OFFSET, na=False).to_numpy(dtype=bool)
    first = [np.flatnonzero(which)[:1].tolist() for which in (known & named, known & ~named)]
    if not all(first):
        return None
    (one,), (other,) = first
    return (one, str(texts.iloc[one])), (other, str(texts.iloc[other]))


def _day_last(texts: pd.Series) -> pd.Series:
    """Write dates with points, day first, as in ISO 8601."""
    dotted = texts.str.fullmatch(DOTTED, na=False).astype(bool)
    return texts.where(~dotted, texts.str.replace(DAY_FIRST, DAY_LAST, regex=True)) if dotted.any() else texts


def _parsed(texts: pd.Series, *, utc: bool) -> pd.Series:
    # pandas knows the letter of UTC as a capital only
    moments = pd.to_datetime(texts.str.replace("z", "Z"), format="ISO8601", utc=utc, errors="coerce")
    return moments.astype("datetime64[us, UTC]" if utc else "datetime64[us]")
