"""What deals were worth, read from cells as people type them: 12000, "€ 12.000,00", "USD 1,234.50", "-".

Signs and codes of currencies, blanks and apostrophes are taken off. Whether a point or a comma parts the decimals is
settled for the whole column, by cells that can be read in one way only; where no cell settles it, or cells disagree,
nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.values.columns import MOSTLY, NO_NUMBER, typed
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT = re.compile(r"-?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")  # 1,234.50
COMMA = re.compile(r"-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]*)?")  # 1.234,50
WHOLE = re.compile(r"-?[0-9]+")
CODE = re.compile(r"^([A-Z]{3}) ?|(?<=[0-9.,-]) ?([A-Z]{3})$")
AFTER = re.compile(r"(?<=[0-9]) ?(?:[DIN]?kr|zł|Kč|Ft|Fr)\.?$|^(?:[DIN]?kr|Fr)\.? ?(?=[0-9-])")
GROUP = re.compile(r"(?<=[0-9])[ '\u2019](?=[0-9]{3}(?![0-9]))")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = {"$": "USD", "US$": "USD", "$US": "USD", "€": "EUR", "£": "GBP"}
ROUND = re.compile(r"(?<=[0-9])[.,](?:-{1,2}|\u2013|\u2014)$")  # 500,-
NOTHING = {"", "-", "--", "\u2013", "\u2014"}
PARTED = re.compile(r"(?<=[0-9])[.,' \u2019\u00a0\u202f](?=[0-9]{2})")
SHOWN = 3
LOOKED_AT = 500


@dataclass(frozen=True, eq=False)
class DealValues:
    """The column of deal values, as it was read; see `amounts`.

    Parameters
    ----------
    column : str
        Its name.
    read : Series
        One cell per row.
    is_text : bool
        Whether the source has no types, so that numbers are texts as well.
    missing : frozenset of str
        Texts that mean not filled in.
    """

    column: str
    read: pd.Series
    is_text: bool
    missing: frozenset[str]

    def take(self, which: NDArray[np.bool_]) -> DealValues:
        """Return those of some rows."""
        return replace(self, read=self.read[which].reset_index(drop=True))

    def settled(self, which: NDArray[np.bool_]) -> DealValues:
        """Return them as numbers, those of other rows missing; see `amounts`."""
        return replace(self, read=pd.Series(self.amounts(which)), is_text=False)

    def amounts(self, which: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Read the amounts of some rows, those of won deals say; the cells of others play no part.

        Parameters
        ----------
        which : ndarray of bool, shape (n_rows,)

        Returns
        -------
        ndarray of shape (n_rows,)
            NaN where there is none, and for all other rows.

        Raises
        ------
        DataError
            If a cell is no amount, or cells can be read in several ways, or currencies differ.
        """
        found = np.full(len(self.read), np.nan)
        found[which] = amounts(self.column, self.read[which].reset_index(drop=True), self.is_text, self.missing)
        return found


def amounts(column: str, read: pd.Series, is_text: bool, missing: frozenset[str]) -> NDArray[np.float64]:
    """Read a column of amounts.

    Parameters
    ----------
    column : str
        Its name.
    read : Series
        Cells as they were read: numbers or texts.
    is_text : bool
        Whether the source has no types, so that numbers are texts as well.
    missing : frozenset of str
        Texts that mean not filled in; blanks and dashes always do.

    Returns
    -------
    ndarray of shape (n,)
        Amounts; NaN where there is none.

    Raises
    ------
    DataError
        If a cell is no amount, or cells can be read in several ways, or currencies differ.

    Examples
    --------
    >>> amounts("value", pd.Series(["€ 12.000,00", "950,50 EUR", "1.200", "-", ""]), True, frozenset()).tolist()
    [12000.0, 950.5, 1200.0, nan, nan]
    >>> amounts("value", pd.Series(["12.000", "5.500"]), True, frozenset())
    Traceback (most recent call last):
    leadml.errors.DataError: Amounts in column 'value' such as '12.000' can be read in two ways, ...
    """
    values, report = typed(column, read, is_text, missing)
    if report.type == "empty":
        return np.full(len(read), np.nan)
    if report.type == "number" and not pd.api.types.is_string_dtype(read.dtype):
        return values.to_numpy(np.float64)
    if report.type not in ("number", "category"):
        raise wording.no_amounts(column, [str(cell) for cell in read.dropna().head(SHOWN)])
    texts = read.astype("str")
    place, cells = pd.factorize(texts.mask(texts.isin(list(missing))))
    found = np.array([*_each(column, [str(cell) for cell in cells]), np.nan])
    gone = np.isin(found, [float(text) for text in missing if WHOLE.fullmatch(text)])
    return np.asarray(np.where(gone, np.nan, found)[place], dtype=np.float64)


def look_like_amounts(texts: pd.Series) -> bool:
    """Tell whether texts look like amounts, most of them with a currency or separators; by the first few hundred.

    Parameters
    ----------
    texts : Series of str
        Different texts.

    Examples
    --------
    >>> look_like_amounts(pd.Series(["12.500,00 €", "950 €", "1.200,50 €"])), look_like_amounts(pd.Series(["INV 0012"]))
    (True, False)
    """
    cells = [str(cell) for cell in texts.head(LOOKED_AT)]
    bare = [_bare(cell)[0] for cell in cells]
    amount = [bool(text and (POINT.fullmatch(text) or COMMA.fullmatch(text))) for text in bare]
    signed = [
        fits and (bool(PARTED.search(cell)) or any(unicodedata.category(c) == "Sc" for c in cell))
        for fits, cell in zip(amount, cells, strict=True)
    ]
    return bool(cells) and sum(amount) >= MOSTLY * len(cells) and sum(signed) > len(cells) / 2


def _each(column: str, cells: list[str]) -> list[float]:
    """Read different cells: bare of signs, then all by the one way that fits."""
    bare = [_bare(cell) for cell in cells]
    if len(known := sorted({currency for _, currency in bare} - {""})) > 1:
        raise wording.several_currencies(column, known)
    both = [(_read(text, POINT, ","), _read(text, COMMA, ".")) for text, _ in bare]
    unread = [cell for cell, (text, _), ways in zip(cells, bare, both, strict=True) if text and ways == (None, None)]
    if unread:
        raise wording.no_amounts(column, without_personal(pd.Series(unread[:SHOWN], dtype="str")))
    point, comma = ([cell for cell, ways in zip(cells, both, strict=True) if ways[k] is None is not ways[1 - k]]
                    for k in (1, 0))  # fmt: skip
    if point and comma:
        raise wording.amounts_disagree(column, point[0], comma[0])
    either = [cell for cell, (one, other) in zip(cells, both, strict=True) if None not in (one, other) and one != other]
    if either and not point and not comma:
        raise wording.amounts_ambiguous(column, either[0])
    chosen = (ways[1 if comma else 0] for ways in both)
    return [np.nan if amount is None else amount for amount in chosen]


def _bare(cell: str) -> tuple[str, str]:
    """Take currency and blanks off a cell, empty where nothing is left; a minus may follow, or brackets mean it."""
    text = "".join(" " if unicodedata.category(c) == "Zs" else "-" if c == "\u2212" else c for c in cell).strip()
    if text in NOTHING or re.fullmatch(NO_NUMBER, text):
        return "", ""
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    less, text = text.startswith("-"), text.removeprefix("-")
    currency, text = _sign(text)
    if found := CODE.search(text):
        currency, text = currency or found[1] or found[2], CODE.sub("", text).strip()
    text = ROUND.sub("", GROUP.sub("", AFTER.sub("", text)).strip())
    less, text = less ^ text.startswith("-") ^ text.endswith("-"), text.removeprefix("-").removesuffix("-").strip()
    return (f"-{text}" if less else text), currency


def _sign(text: str) -> tuple[str, str]:
    """Part a sign such as € or US$ from a text; empty where there is none."""
    at = next((k for k, c in enumerate(text) if unicodedata.category(c) == "Sc"), None)
    if at is None:
        return "", text
    before, after = text[:at].rstrip(LETTERS), text[at + 1 :].lstrip(LETTERS)
    sign = text[len(before) : len(text) - len(after)]
    return SIGNS.get(sign, sign), (before + after).strip()


def _read(text: str, way: re.Pattern[str], group: str) -> float | None:
    if not way.fullmatch(text):
        return None
    return float(text.replace(group, "").replace(",", ".")) + 0.0
