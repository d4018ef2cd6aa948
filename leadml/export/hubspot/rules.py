"""Rules of one property each whose points sum to those of the table.

A range needs no second condition: known is worth the first range, and every cut adds the step to the next one. In the
same way a named category adds what it is worth beyond *anything else*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.export.form import Input

EVERYONE = "Create date"  # a property that every record has


@dataclass(frozen=True)
class Rule:
    """A rule to key in: points for a property that is so; `values` are alternatives."""

    property: str
    operator: str
    values: tuple[str, ...]
    points: int


def base_rule(points: int) -> Rule:
    """Return the rule that gives every record the base points."""
    return Rule(EVERYONE, "is known", (), points)


def rules_of(part: Input) -> list[Rule]:
    """Return the rules of an input; those without points are left out.

    Examples
    --------
    >>> from leadml.export.form import Case, Input
    >>> cases = (Case("a:2", 2, "missing", None, None, (), -3, ""), Case("a:0", 0, "range", None, "2.5", (), 0, ""),
    ...          Case("a:1", 1, "range", "2.5", None, (), 12, ""))
    >>> for rule in rules_of(Input("f1", "a", "fit", "number", (), (), cases)):
    ...     print(rule.operator, rule.values, rule.points)
    is unknown () -3
    is greater than or equal to ('2.5',) 12
    """
    made = {"number": _number, "category": _category, "boolean": _boolean}[part.type](part)
    return [rule for rule in made if rule.points]


def _number(part: Input) -> Iterator[Rule]:
    missing, *ranges = part.cases
    yield Rule(part.name, "is unknown", (), missing.points)
    yield Rule(part.name, "is known", (), ranges[0].points)
    for before, case in pairwise(ranges):
        yield Rule(part.name, "is greater than or equal to", (str(case.lo),), case.points - before.points)
    for number in part.missing_numbers:
        value = float(number)
        held = next(case for case in ranges if case.hi is None or value < float(case.hi))
        yield Rule(part.name, "is equal to", (number,), missing.points - held.points)


def _category(part: Input) -> Iterator[Rule]:
    missing = part.cases[0].points
    other = next(case.points for case in part.cases if case.kind == "other")
    yield Rule(part.name, "is unknown", (), missing)
    yield Rule(part.name, "is known", (), other)
    for case in part.cases:
        if case.kind == "set":
            yield Rule(part.name, "is any of", case.values, case.points - other)
    gone = tuple(filter(str.strip, part.missing))
    if gone:
        yield Rule(part.name, "is any of", gone, missing - other)


def _boolean(part: Input) -> Iterator[Rule]:
    yield Rule(part.name, "is unknown", (), part.cases[0].points)
    of = {value: case.points for case in part.cases for value in case.values}
    yield Rule(part.name, "is equal to", ("Yes",), of["true"])
    yield Rule(part.name, "is equal to", ("No",), of["false"])
