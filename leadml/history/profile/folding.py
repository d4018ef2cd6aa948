"""Texts without case and accents, so that ``GESCHÄFTSFÜHRER`` and ``Geschäftsführer`` are one."""

from __future__ import annotations

import pandas as pd

ACCENTS = "[\u0300-\u036f]"
# letters that do not come apart into a letter and an accent
WHOLE_LETTERS = {
    "ß": "ss", "ł": "l", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "œ": "oe", "ı": "i", "þ": "th", "ŋ": "n",
    "\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'",
}  # fmt: skip


def fold(texts: pd.Series) -> pd.Series:
    """Return texts in small letters without accents, spaces around them removed and between words made one.

    Parameters
    ----------
    texts : Series of str
        No value missing.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> fold(pd.Series(["  Geschäftsführer ", "WŁAŚCICIEL", "Chargé  d\u2019affaires"], dtype="str")).tolist()
    ['geschaftsfuhrer', 'wlasciciel', "charge d'affaires"]
    """
    small = texts.str.normalize("NFKD").str.replace(ACCENTS, "", regex=True).str.lower()
    for letter, plain in WHOLE_LETTERS.items():
        small = small.str.replace(letter, plain, regex=False)
    return small.str.replace(r"\s+", " ", regex=True).str.strip()


def key(texts: pd.Series) -> pd.Series:
    """Return texts as they are compared with a list: folded, letters and digits only.

    Examples
    --------
    >>> key(pd.Series(["U.S.A.", "Côte d'Ivoire", "E-Mail"], dtype="str")).tolist()
    ['usa', 'cotedivoire', 'email']
    """
    return fold(texts).str.replace(r"[\W_]+", "", regex=True)
