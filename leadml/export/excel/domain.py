"""What a workbook can hold; everything else is refused by name."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.export import wording
from leadml.export.excel.formulas import SCALE

if TYPE_CHECKING:
    from leadml.export.form import Form

# Spreadsheets keep 15 digits, and LibreOffice takes numbers for equal that differ by less than 4 in 10 ** 15.
DIGITS = 14
LARGEST = 1e307
LONGEST = 32_767  # UTF-16 units in a cell
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
DOMAIN = (
    f"numbers of up to {DIGITS} significant digits, below {LARGEST:g} in size, as numbers; texts of up to {LONGEST:,} "
    "characters without control characters but tab and line feed; TRUE and FALSE, yes and no, 1 and 0; empty is "
    "missing; a number in a column of categories has up to 11 digits and no decimals"
)
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def check(form: Form, rows: int) -> None:
    """Refuse a table that a workbook cannot hold.

    Parameters
    ----------
    form : Form
        The table.
    rows : int
        Leads to prepare formulas for.

    Raises
    ------
    UsageError
        Naming the first thing that it cannot hold.
    """
    for dimension in form.table.dimensions:
        _text("the dimension", dimension.name)
        for label, _ in dimension.grades:
            _text("the grade", label)
    for action in form.table.actions:
        _text("the action", action[0])
    for part in form.inputs:
        _text("the column", part.name)
        for case in part.cases:
            _text("the reason", case.reason)
            for value in case.values:
                _text("the category", value)
            if case.lo is not None:
                _number(part.name, case.lo)
        for text in part.missing:
            _text("the placeholder", text)
        for number in part.missing_numbers:
            _number(part.name, number)
    for row in form.conjunctions:
        _text("the reason", row.reason)
    items = len(form.inputs) + len(form.conjunctions)
    if items >= SCALE or 3 * items + 2 * len(form.table.dimensions) + 20 > MOST_COLUMNS:
        why = f"a sheet has {MOST_COLUMNS:,} columns"
        raise wording.cannot_hold("excel", "so many features:", str(items), why, "Use a table with fewer.")
    if not 1 <= rows <= MOST_ROWS // 2:
        raise UsageError.outside("rows", rows, f"1 to {MOST_ROWS // 2:,}")


def fits(value: Any) -> bool:
    """Say whether a cell holds a value as it is."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _digits(repr(value)) <= DIGITS and abs(value) < LARGEST
    return not isinstance(value, str) or (len(value.encode("utf-16-le")) // 2 <= LONGEST and not _UNFIT.search(value))


def _text(what: str, text: str) -> None:
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise wording.cannot_hold("excel", what, text, f"a cell has {LONGEST:,} characters", "Shorten it.")
    if _UNFIT.search(text):
        raise wording.cannot_hold("excel", what, text, "a cell takes no control characters", "Rename it.")


def _number(name: str, cut: str) -> None:
    if _digits(cut) > DIGITS or abs(float(cut)) >= LARGEST:
        why = f"the column {name!r} has it, and spreadsheets compare {DIGITS} digits below {LARGEST:g}"
        raise wording.cannot_hold("excel", "the number", cut, why, "Round the cut.")


def _digits(text: str) -> int:
    return len(Decimal(text).normalize().as_tuple().digits)
