"""Which column says what deals were worth: one that only won deals have, or whose name says so outright."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.history.values.words import has_phrase, phrases, words_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# the likeliest first
SURE = phrases(
    "deal value, deal amount, deal size, deal volume, amount won, order value, order amount, contract value, "
    "opportunity value, opportunity amount, auftragswert, auftragssumme, auftragsvolumen, dealwert, vertragswert, "
    "bestellwert"
)
PERHAPS = phrases("deal, auftrag, order, contract, opportunity, value, wert, amount, betrag, umsatz, revenue, turnover")
NO_AMOUNT = frozenset({"id", "no", "nr", "num", "nummer", "number", "count", "anzahl", "days", "tage", "probability"})
RARELY = 0.05  # how often others may have what only won deals have, against won deals


def guessed_value(fitting: Sequence[str], frame: pd.DataFrame, won: NDArray[np.bool_] | None) -> tuple[str, bool]:
    """Guess the column of deal values.

    Parameters
    ----------
    fitting : sequence of str
        Columns of numbers or amounts that are free.
    frame : DataFrame of n leads
    won : ndarray of bool, shape (n,), or None
        Which leads sound won; None where nothing tells.

    Returns
    -------
    str
        The column; empty where no name sounds like it.
    bool
        Whether it is clear; a revenue, say, may be that of the company and not that of the deal.

    Examples
    --------
    >>> import pandas as pd
    >>> leads = pd.DataFrame({"Umsatz": [5.0, 3.0, 9.0, 4.0], "Deal €": [None, "70,5", None, None]})
    >>> won = np.array([False, True, False, False])
    >>> guessed_value(["Umsatz", "Deal €"], leads, won), guessed_value(["Umsatz"], leads, won)
    (('Deal €', True), ('Umsatz', False))
    """
    names = [name for name in fitting if NO_AMOUNT.isdisjoint(words_of(name))]
    sure, perhaps = _named(names, SURE), _named(names, PERHAPS)
    of_won = [name for name in (*sure, *perhaps) if won is not None and _only(frame[name], won)]
    clear = of_won or sure
    return (clear[0], True) if clear else (perhaps[0] if perhaps else "", False)


def _named(names: Sequence[str], sought: tuple[tuple[str, ...], ...]) -> list[str]:
    return [name for phrase in sought for name in names if has_phrase(name, (phrase,))]


def _only(values: pd.Series, won: NDArray[np.bool_]) -> bool:
    """Tell whether hardly any other lead than a won one has a value; 0 is none."""
    there = (values.notna() & (values.astype("str").str.strip("0.,-€$ ") != "")).to_numpy(bool)
    if not there[won].any() or won.all():
        return False
    return bool(there[~won].mean() <= RARELY * there[won].mean())
