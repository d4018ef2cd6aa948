"""Texts that a reader takes for the same, though their code points differ: in case, blanks or the kind of a dash."""

from __future__ import annotations

import pandas as pd

# hyphens, dashes and the sign for minus; what cannot be seen is a blank as well
DASHES = "[\u2010-\u2015\u2212\u058a\u2e3a\u2e3b\ufe58\ufe63\uff0d]"
BLANKS = "[\\s\u00ad\u200b-\u200d\u2060\ufeff]+"


def bare(texts: pd.Series) -> pd.Series:
    """Return texts in small letters without blanks, every dash the plain one; equal where a reader sees no difference.

    Parameters
    ----------
    texts : Series of str
        No value missing.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> bare(pd.Series(["11 - 50", "11\u201350", "11-50", "Google Ads", "google ads "], dtype="str")).tolist()
    ['11-50', '11-50', '11-50', 'googleads', 'googleads']
    """
    small = texts.str.normalize("NFKC").str.casefold()
    return small.str.replace(DASHES, "-", regex=True).str.replace(BLANKS, "", regex=True)
