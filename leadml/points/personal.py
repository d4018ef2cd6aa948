"""What personal data looks like: e-mail addresses, phone numbers, bank accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
PHONE = (
    r"(?:\+|00)[0-9][0-9 ()/.-]{6,18}[0-9]|0[0-9][0-9 ()/.-]{5,17}[0-9]"
    r"|\(?[0-9]{3}\)?[-. ][0-9]{3}[-. ][0-9]{4}"
)
IBAN = r"[A-Z]{2}[0-9]{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}"
PERSONAL = {"e-mail addresses": EMAIL, "phone numbers": PHONE, "bank accounts (IBAN)": IBAN}
# written in any way, existing or not: 31.12.2024, 12/31/24, 0000-00-00
DATE_LIKE = r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}(?:[ T].*)?"
HIDDEN = "(personal data)"


def fitting(texts: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Tell which texts fit a pattern as a whole, spaces around them aside."""
    return np.asarray(texts.str.fullmatch(f"(?: *(?:{pattern}) *)", na=False), dtype=np.bool_)


def personal(texts: pd.Series) -> dict[str, NDArray[np.bool_]]:
    """Tell for each kind of personal data which texts look like it; a date is no phone number.

    Examples
    --------
    >>> found = personal(pd.Series(["ada@example.org", "+43 660 1234567", "01.02.2024", "1001-5000"]))
    >>> {kind: fits.tolist() for kind, fits in found.items() if fits.any()}
    {'e-mail addresses': [True, False, False, False], 'phone numbers': [False, True, False, False]}
    """
    dates = fitting(texts, DATE_LIKE)
    return {what: fitting(texts, pattern) & ~dates for what, pattern in PERSONAL.items()}


def without_personal(texts: pd.Series) -> list[str]:
    """Return texts fit to be shown: what looks like personal data is not.

    Examples
    --------
    >>> without_personal(pd.Series(["k.A.", "ada@example.org"]))
    ['k.A.', '(personal data)']
    """
    hidden = np.any(list(personal(texts).values()), axis=0)
    return [HIDDEN if hide else str(text) for text, hide in zip(texts, hidden, strict=True)]
