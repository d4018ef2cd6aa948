"""Formulas of Salesforce: a sum of pieces per dimension, each of which stands for itself, so that they can be spread.

Every piece asks first whether the field is blank. Comparisons with a blank number are never reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from leadml.export import wording
from leadml.points.grading.actions import bounds_of

if TYPE_CHECKING:
    from leadml.export.form import Case, Conjunction, Form, Input
    from leadml.points.grading.actions import Action

# Salesforce: 3,900 characters, and 4,000 bytes as saved.
MOST_CHARACTERS = 3_900
MOST_BYTES = 4_000
_ROOM = 200  # what joins the pieces


def fits(formula: str) -> bool:
    """Say whether a formula stays within the limits."""
    return len(formula) <= MOST_CHARACTERS and len(formula.encode("utf-8")) <= MOST_BYTES


def pieces(form: Form, dimension: str, fields: dict[str, str]) -> Iterator[str]:
    """Yield the pieces whose sum, with the base points, is the sub-score.

    Parameters
    ----------
    form : Form
        The table.
    dimension : str
        Its name.
    fields : dict of str to str
        API names by column.

    Yields
    ------
    str
        Formulas of numbers, each within the limits.

    Raises
    ------
    UsageError
        If a conjunction does not fit into a formula.
    """
    for part in form.inputs:
        if part.dimension == dimension:
            yield from {"number": _number, "category": _category, "boolean": _boolean}[part.type](
                part, fields[part.name]
            )
    for row in form.conjunctions:
        if row.dimension == dimension:
            yield _together(form, row, fields)


def spread(base: int, parts: Sequence[str]) -> list[str]:
    """Pack pieces into as few sums as fit; with one sum the base points stand in it.

    Examples
    --------
    >>> spread(30, ["IF(A__c, 1, 0)", "IF(B__c, 2, 0)"])
    ['30 + IF(A__c, 1, 0) + IF(B__c, 2, 0)']
    """
    sums = [str(base)]
    for part in parts:
        longer = f"{sums[-1]} + {part}"
        if fits(longer + " " * _ROOM):
            sums[-1] = longer
        else:
            sums.append(part)
    return sums


def steps(labels: Sequence[tuple[str, int | None]], field: str) -> str:
    """Return the label that a number earns."""
    formula = ""
    for label, bound in labels:
        formula += quoted(label) if bound is None else f"IF({field} >= {bound}, {quoted(label)}, "
    return formula + ")" * (len(labels) - 1)


def action(actions: Sequence[Action], fields: Mapping[str, str]) -> str:
    """Return the first action all of whose bounds are reached; `fields` are those of the score and the dimensions."""
    formula = ""
    for one in actions:
        reached = [f"{fields[name]} >= {least}" for name, least in bounds_of(one)]
        holds = reached[0] if len(reached) == 1 else f"AND({', '.join(reached)})"
        formula += f"IF({holds}, {quoted(one[0])}, " if reached else quoted(one[0])
    return formula + ")" * (len(actions) - 1)


def probability(intercept: float, slope: float, field: str) -> str:
    """Return the probability of being won; the log-odds stay where EXP is defined."""
    return f"1 / (1 + EXP(0 - MAX(-700, MIN(700, {_real(intercept)} + {_real(slope)} * {field}))))"


def quoted(text: str) -> str:
    """Write a text; quotes and backslashes have been refused."""
    return f'"{text}"'


def _missing(part: Input, field: str) -> str:
    blank = f"ISBLANK({field})"
    gone = part.missing_numbers if part.type == "number" else tuple(map(quoted, filter(None, part.missing)))
    return f"OR({', '.join([blank, *(f'{field} = {value}' for value in gone)])})" if gone else blank


def _number(part: Input, field: str) -> Iterator[str]:
    """Add a step at every cut: flat, because engines take long over deeply nested IFs."""
    missing, (absent, *ranges) = _missing(part, field), part.cases
    pairs = pairwise(ranges)
    steps = [(case.lo, case.points - before.points) for before, case in pairs if case.points != before.points]
    terms = [f"IF({field} >= {cut}, {points}, 0)" for cut, points in steps]
    whole = f"IF({missing}, {absent.points}, {' + '.join([str(ranges[0].points), *terms])})"
    if fits(whole + " " * _ROOM):
        yield whole
        return
    yield f"IF({missing}, {absent.points}, {ranges[0].points})"
    run: list[str] = []
    for term in terms:
        if not fits(f"IF({missing}, 0, {' + '.join([*run, term])})" + " " * _ROOM):
            yield f"IF({missing}, 0, {' + '.join(run)})"
            run = []
        run.append(term)
    yield f"IF({missing}, 0, {' + '.join(run)})"


def _category(part: Input, field: str) -> Iterator[str]:
    absent = part.cases[0].points
    other = next(case.points for case in part.cases if case.kind == "other")
    pairs = [(value, case.points) for case in part.cases for value in case.values if case.points != other]
    known = "".join(f"{quoted(value)}, {points}, " for value, points in pairs)
    whole = f"IF({_missing(part, field)}, {absent}, {f'CASE({field}, {known}{other})' if pairs else other})"
    if fits(whole + " " * _ROOM):
        yield whole
        return
    yield f"IF({_missing(part, field)}, {absent}, {other})"
    run = ""
    for value, points in pairs:
        longer = f"{run}{quoted(value)}, {points - other}, "
        if not fits(f"CASE({field}, {longer}0)" + " " * _ROOM):
            yield f"CASE({field}, {run}0)"
            longer = f"{quoted(value)}, {points - other}, "
        run = longer
    yield f"CASE({field}, {run}0)"


def _boolean(part: Input, field: str) -> Iterator[str]:
    of = {value: case.points for case in part.cases for value in case.values}
    yield f"IF({field}, {of['true']}, {of['false']})"


def _together(form: Form, row: Conjunction, fields: dict[str, str]) -> str:
    parts = [(form.inputs[i], form.inputs[i].cases[j]) for i, j in row.conditions]
    conditions = [_holds(part, case, fields[part.name]) for part, case in parts]
    piece = f"IF(AND({', '.join(conditions)}), {row.points}, 0)"
    if not fits(piece + " " * _ROOM):
        why = f"its conditions take more than {MOST_CHARACTERS:,} characters"
        raise wording.cannot_hold("salesforce", "the conjunction", row.id, why, "Learn with interactions off.")
    return piece


def _holds(part: Input, case: Case, field: str) -> str:
    missing = _missing(part, field)
    if case.kind == "missing":
        return "FALSE" if part.type == "boolean" else missing
    if part.type == "boolean":
        return "TRUE" if len(case.values) == 2 else field if case.values == ("true",) else f"NOT({field})"
    if case.kind == "set":
        return _any_of(case.values, field)
    if case.kind == "other":
        named = [value for one in part.cases for value in one.values]
        return f"NOT({missing})" if not named else f"NOT(OR({missing}, {_any_of(named, field)}))"
    bounds = [f"{field} >= {case.lo}"] if case.lo is not None else []
    bounds += [f"{field} < {case.hi}"] if case.hi is not None else []
    return f"IF({missing}, FALSE, AND({', '.join([*bounds, 'TRUE'])}))"


def _any_of(values: Sequence[str], field: str) -> str:
    same = [f"{field} = {quoted(value)}" for value in values]
    return same[0] if len(same) == 1 else f"OR({', '.join(same)})"


def _real(value: float) -> str:
    """Write a number without an exponent, to 15 decimals."""
    return f"{value:.15f}".rstrip("0").rstrip(".") or "0"
