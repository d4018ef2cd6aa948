"""What Salesforce can hold; everything else is refused by name."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leadml.export import wording

if TYPE_CHECKING:
    from leadml.export.form import Form

DIGITS = 15
LARGEST = 1e15
DECIMALS = 12
LONGEST = 255  # characters of a text field
DOMAIN = (
    f"numbers of up to {DIGITS} significant digits and {DECIMALS} decimals, below {LARGEST:,.0f} in size; texts of up "
    f"to {LONGEST} characters "
    "without control characters, quotes and backslashes, and without blanks at their ends, which Salesforce takes "
    "away; checkboxes, which are never missing; blank is missing"
)
_UNFIT = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]')


def check(form: Form) -> None:
    """Refuse a table that formulas cannot hold; see `DOMAIN`.

    Parameters
    ----------
    form : Form
        The table.

    Raises
    ------
    UsageError
        Naming the first thing that they cannot hold.
    """
    for dimension in form.graded:
        for label, _ in dimension.grades:
            _text("the grade", label)
    for action in form.table.actions:
        _text("the action", action[0])
    for part in form.inputs:
        for value in (value for case in part.cases for value in case.values):
            _text("the category", value)
        if part.type == "category":
            for text in filter(None, part.missing):
                _placeholder(text)
        for number in (*part.missing_numbers, *(case.hi for case in part.cases if case.hi is not None)):
            _number(part.name, number)


def fits(value: Any) -> bool:
    """Say whether a field holds a value as it is."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _short(repr(value))
    return not isinstance(value, str) or _why(value) is None


def _why(text: str) -> str | None:
    """Say why a field cannot hold a text, None where it can."""
    if _UNFIT.search(text):
        return "a formula's text takes no quotes, backslashes and control characters"
    if text != text.strip():
        return "Salesforce takes blanks away at the ends of a text"
    return None if len(text) <= LONGEST else f"a text field has {LONGEST} characters"


def _text(what: str, text: str) -> None:
    why = _why(text)
    if why is not None:
        raise wording.cannot_hold("salesforce", what, text, why, "Write it otherwise in the leads and learn again.")


def _placeholder(text: str) -> None:
    if text.strip():  # one of blanks alone cannot occur: Salesforce stores it as blank, which is missing
        _text("the placeholder", text)


def _number(name: str, cut: str) -> None:
    if not _short(cut):
        exact = f"{DIGITS} digits, {DECIMALS} of them decimals, below {LARGEST:,.0f}"
        why = f"the column {name!r} has it, and formulas are exact to {exact}"
        raise wording.cannot_hold("salesforce", "the number", cut, why, "Round the cut.")


def _short(text: str) -> bool:
    exact = Decimal(text).normalize()
    decimals = -int(exact.as_tuple().exponent)
    return len(exact.as_tuple().digits) <= DIGITS and decimals <= DECIMALS and abs(exact) < Decimal(LARGEST)
