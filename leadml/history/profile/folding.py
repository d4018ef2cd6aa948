"""Texts without case and accents, so that ``GESCHÄFTSFÜHRER`` and ``Geschäftsführer`` are one.

Patterns spell out their classes: for the classes of spaces and letters pandas would leave Arrow and go through Python
text by text, which takes ten times as long.
"""

from __future__ import annotations

import pandas as pd

ACCENTS = "[\u0300-\u036f]"
SPACES = "[ \t\n\r\f\v\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+"
# letters that do not come apart into a letter and an accent, and signs that stand for an apostrophe
WHOLE_LETTERS = {
    "ß": "ss", "ł": "l", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "œ": "oe", "\u0131": "i", "þ": "th", "ŋ": "n",
    "\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'",
}  # fmt: skip
ASCII = "[\x00-\x7f]*"


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
    small = texts.str.lower().str.replace(SPACES, " ", regex=True).str.strip()
    foreign = ~small.str.fullmatch(ASCII)
    if not foreign.any():
        return small
    plain = small[foreign].str.normalize("NFKD").str.replace(ACCENTS, "", regex=True)
    for letter, instead in WHOLE_LETTERS.items():
        plain = plain.str.replace(letter, instead, regex=False)
    # capitals and spaces may have come out of signs such as ℡
    return small.mask(foreign, plain.str.lower().str.replace(SPACES, " ", regex=True).str.strip())


def key(texts: pd.Series) -> pd.Series:
    """Return texts as they are compared with a list: folded, letters and digits only.

    Examples
    --------
    >>> key(pd.Series(["U.S.A.", "Côte d'Ivoire", "E-Mail"], dtype="str")).tolist()
    ['usa', 'cotedivoire', 'email']
    """
    return fold(texts).str.replace(r"[\W_]+", "", regex=True)
