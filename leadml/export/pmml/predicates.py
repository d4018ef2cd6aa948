"""Predicates of PMML: which case of an input holds, tested by itself or after the cases before it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from leadml.export.form import Case, Input

_MOST = repr(sys.float_info.max)
# Engines agree on arrays only for these: words and single blanks, without quotes, backslashes and what XML escapes.
_PLAIN = re.compile(r"[^\s\"\\&<>]+(?: [^\s\"\\&<>]+)*")


def first(part: Input, case: Case) -> Element:
    """Return the predicate of a case where the cases before it have been tested already."""
    if case is part.cases[-1]:
        return Element("True")
    return _joined("or", _missing(part)) if case.kind == "missing" else _joined("and", _parts(part, case, after=True))


def conditions(part: Input, case: Case) -> list[Element]:
    """Return predicates that hold together for a case and for no other."""
    if case.kind == "missing":
        return [_joined("or", _missing(part))]
    return _parts(part, case, after=False)


def together(predicates: Iterable[Element]) -> Element:
    """Return the predicate that holds where all do."""
    return _joined("and", list(predicates))


def _missing(part: Input) -> list[Element]:
    name = part.name
    found = [_simple(name, "isMissing")]
    if part.type == "number":
        # Java orders NaN above infinity, so this catches both.
        found += [_simple(name, "greaterThan", _MOST), _simple(name, "lessThan", f"-{_MOST}")]
        found += [_simple(name, "equal", text) for text in part.missing_numbers]
    if part.type == "category":
        found += [_simple(name, "equal", text) for text in ("", *part.missing)]
    return found


def _parts(part: Input, case: Case, after: bool) -> list[Element]:
    name = part.name
    found = [] if after else [_simple(name, "isNotMissing")]
    if case.kind == "set":
        return [*found, _joined("or", _members(part, case.values))]
    if case.kind == "other":
        values = [value for known in part.cases for value in known.values]
        return [*found, *(_simple(name, "notEqual", text) for text in ("", *part.missing, *values))]
    if not after:
        found += [_simple(name, "notEqual", text) for text in part.missing_numbers]
    bounded = case.lo is not None or not after
    found += [_simple(name, "greaterOrEqual", case.lo or f"-{_MOST}")] if bounded else []
    operator, bound = ("lessOrEqual", _MOST) if case.hi is None else ("lessThan", case.hi)
    return [*found, _simple(name, operator, bound)]


def _members(part: Input, values: tuple[str, ...]) -> list[Element]:
    plain = [value for value in values if part.type == "category" and _PLAIN.fullmatch(value) and value.isprintable()]
    if len(plain) < 2:
        return [_simple(part.name, "equal", value) for value in values]
    found = Element("SimpleSetPredicate", field=part.name, booleanOperator="isIn")
    array = SubElement(found, "Array", n=str(len(plain)), type="string")
    array.text = " ".join(f'"{value}"' for value in plain)
    return [found, *(_simple(part.name, "equal", value) for value in values if value not in plain)]


def _simple(field: str, operator: str, value: str | None = None) -> Element:
    found = Element("SimplePredicate", field=field, operator=operator)
    if value is not None:
        found.set("value", value)
    return found


def _joined(operator: str, predicates: list[Element]) -> Element:
    if len(predicates) == 1:
        return predicates[0]
    found = Element("CompoundPredicate", booleanOperator=operator)
    found.extend(predicates)
    return found
