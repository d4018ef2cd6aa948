"""What HubSpot's lead scoring tool can hold, with the page that says so; everything else is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leadml.export import wording
from leadml.export.hubspot.rules import rules_of

if TYPE_CHECKING:
    from leadml.export.form import Form, Input


@dataclass(frozen=True)
class Limit:
    """A documented limit: its size, and where it stands."""

    size: int
    source: str


_BUILD = "knowledge.hubspot.com/scoring/build-lead-scores"
_KNOW = "knowledge.hubspot.com/scoring/understand-the-lead-scoring-tool"
LIMITS = {
    "points of a score, either side of 0": Limit(10_000, _BUILD),
    "letters of the grid, A to C": Limit(3, _KNOW),
    "digits of the grid, 1 to 3": Limit(3, _KNOW),
}
SMALL_LIMIT = 100  # the least that can be set as the limit of a score
DIGITS = 15
DOMAIN = (
    f"numbers of up to {DIGITS} significant digits; printable texts without semicolons and without blanks at their "
    "ends, which HubSpot compares without regard to case; yes, no; unknown is missing"
)


def check(form: Form, low: int, high: int) -> None:
    """Refuse a table that the lead scoring tool cannot hold.

    Parameters
    ----------
    form : Form
        The table.
    low, high : int
        The least and the most points that a score or a part of it can reach.

    Raises
    ------
    UsageError
        Naming the first thing that it cannot hold.
    """
    if form.conjunctions:
        why = "a rule of a score adds points for one property alone"
        remedy = "Learn with interactions off, or compute the score outside and send it to a number property."
        raise wording.cannot_hold("hubspot", "the conjunction", form.conjunctions[0].id, why, remedy)
    most = LIMITS["points of a score, either side of 0"].size
    if low < -most or high > most:
        why = f"a score goes from -{most:,} to {most:,}"
        raise wording.cannot_hold(
            "hubspot", "the attainable points", f"{low:,} to {high:,}", why, "Use smaller points."
        )
    for dimension in form.table.dimensions:
        _text("the dimension", dimension.name)
        for label, _ in dimension.grades:
            _text("the grade", label)
    for action in form.table.actions:
        _text("the action", action[0])
    for part in form.inputs:
        _text("the column", part.name)
        if part.type == "category":
            _categories(part)
        _numbers(part)


def holds(text: str) -> bool:
    """Say whether a property holds a text so that a rule finds it."""
    return _why(text) is None


def _categories(part: Input) -> None:
    """Refuse what a rule cannot name; a category of which no rule speaks only must not be found by another's."""
    keyed = {value for rule in rules_of(part) for value in rule.values}
    values = [*(value for case in part.cases for value in case.values), *filter(str.strip, part.missing)]
    seen: dict[str, str] = {}
    for value in sorted(values, key=lambda value: value not in keyed):
        if value in keyed:
            _text("the category", value)
        # HubSpot takes away blanks at the ends of what it holds.
        other = seen.setdefault(value.strip().casefold(), value)
        if other != value and other in keyed:
            why = f"it compares texts without regard to case, and {other!r} is another category of {part.name!r}"
            raise wording.cannot_hold("hubspot", "the category", value, why, "Join the two in the leads.")


def _numbers(part: Input) -> None:
    cuts: Iterable[str] = (case.hi for case in part.cases if case.hi is not None)
    for number in (*part.missing_numbers, *cuts):
        if len(Decimal(number).normalize().as_tuple().digits) > DIGITS:
            why = f"the column {part.name!r} has it, and numbers there have {DIGITS} digits"
            raise wording.cannot_hold("hubspot", "the number", number, why, "Round the cut.")


def _text(what: str, text: str) -> None:
    why = _why(text)
    if why is not None:
        raise wording.cannot_hold("hubspot", what, text, why, "Write it otherwise in the leads and learn again.")


def _why(text: str) -> str | None:
    if not text.isprintable() or text != text.strip():
        return "it cannot be keyed in as it is"
    return "it separates values by semicolons" if ";" in text else None
