"""Dates and times: ISO 8601 only, in UTC inside. What has no offset is taken as UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

OFFSET = r"(?:[zZ]| ?[+-][0-9]{2}:?[0-9]{2})"
CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
DATE = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{CLOCK}{OFFSET}?)?"
WITH_OFFSET = rf".{{11,}}{OFFSET}"


def moments_of_text(texts: pd.Series) -> pd.Series:
    """Read texts as moments in UTC; what is no date, or a day that never was, becomes NaT.

    Parameters
    ----------
    texts : Series of str

    Returns
    -------
    Series of datetime64[us, UTC]

    Examples
    --------
    >>> moments = moments_of_text(pd.Series(["2024-03-01T00:30+01:00", "2024-02-30", "1.3.2024"]))
    >>> [str(moment) for moment in moments]
    ['2024-02-29 23:30:00+00:00', 'NaT', 'NaT']
    """
    known = texts.where(texts.str.fullmatch(f"(?:{DATE})", na=False))
    # beyond microseconds pandas would fall back to a range that ends in the year 2262
    micro = known.str.replace(r"(\.[0-9]{6})[0-9]+", r"\1", regex=True)
    moments = pd.to_datetime(micro, format="ISO8601", utc=True, errors="coerce")
    return moments.astype("datetime64[us, UTC]")


def microseconds(moments: pd.Series) -> NDArray[np.int64]:
    """Return moments as microseconds since 1970 in UTC; NaT is the least number of all."""
    return np.asarray(moments.dt.tz_convert(None).to_numpy("datetime64[us]"), dtype=np.int64)


def mixes_offsets(texts: pd.Series) -> bool:
    """Tell whether some of the times name their offset from UTC and others do not."""
    filled = texts.dropna()
    if filled.empty:
        return False
    named = filled.str.fullmatch(WITH_OFFSET)
    return bool(named.any() and not named.all())
