"""The expressions: which rule of an input holds, what that adds up to, what it means.

A test for missing always comes first: JavaScript finds null less than 50.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadml.export.records import number
from leadml.points.grading.actions import SCORE, bounds_of, score_steps

if TYPE_CHECKING:
    from leadml.export.form import Case, Form, Input
    from leadml.points.rules import Dimension


def sub_score_of(form: Form, dimension: Dimension, names: Mapping[str, str]) -> Any:
    """Return the sub-score of a dimension: its base points, those of its inputs, those of its conjunctions."""
    inputs = [_points(part, names[part.key]) for part in form.inputs if part.dimension == dimension.name]
    together = [
        {"if": [{"and": [_condition(form, pair, names) for pair in row.conditions]}, row.points, 0]}
        for row in form.conjunctions
        if row.dimension == dimension.name
    ]
    return {"+": [dimension.base_points, *inputs, *together]}


def score_of(sub_scores: Sequence[Any]) -> Any:
    """Return the score."""
    return {"+": list(sub_scores)}


def grade_of(form: Form, sub_scores: Mapping[str, Any]) -> Any:
    """Return the grade, null where no dimension has one."""
    grades = [_earned(dimension.grades, sub_scores[dimension.name]) for dimension in form.graded]
    return {"cat": grades} if grades else None


def action_of(form: Form, score: Any, sub_scores: Mapping[str, Any]) -> Any:
    """Return the action, null where the table has none."""
    steps = score_steps(form.table.actions)
    if steps is not None:
        return _earned(steps, score) if steps else None
    totals = {**sub_scores, SCORE: score}
    branches: list[Any] = []
    for action in form.table.actions:
        reached = [{">=": [totals[name], least]} for name, least in bounds_of(action)]
        branches += [{"and": reached}, action[0]] if len(reached) > 1 else [*reached, action[0]]
    return {"if": branches}


def reasons_of(form: Form, names: Mapping[str, str]) -> Any:
    """Return the texts of the rules that hold and have points, the strongest first."""
    rules = [
        (case.points, case.number, _holds(part, case, names[part.key]), case.reason)
        for part in form.inputs
        for case in part.cases
    ]
    rules += [
        (row.points, row.number, {"and": [_condition(form, pair, names) for pair in row.conditions]}, row.reason)
        for row in form.conjunctions
    ]
    ranked = sorted((rule for rule in rules if rule[0]), key=lambda rule: (-abs(rule[0]), rule[1]))
    return {"merge": [{"if": [holds, [reason], []]} for _, _, holds, reason in ranked]}


def _points(part: Input, name: str) -> Any:
    value = {"var": name}
    if part.type == "boolean":
        # The missing rule comes last: whatever is neither true nor false is missing.
        tests = [branch for case in part.cases[1:] for branch in (_holds(part, case, name), case.points)]
        return {"if": [*tests, part.cases[0].points]}
    tests = [_missing(part, value), part.cases[0].points]
    for case in part.cases[1:-1]:
        tests += [_within(case, value), case.points]
    return {"if": [*tests, part.cases[-1].points]}


def _within(case: Case, value: Any) -> Any:
    """Tell a case from those after it."""
    return {"in": [value, list(case.values)]} if case.kind == "set" else {"<": [value, number(str(case.hi))]}


def _condition(form: Form, pair: tuple[int, int], names: Mapping[str, str]) -> Any:
    part = form.inputs[pair[0]]
    return _holds(part, part.cases[pair[1]], names[part.key])


def _holds(part: Input, case: Case, name: str) -> Any:
    """Tell a case from all others, by itself."""
    value = {"var": name}
    if part.type == "boolean":
        known = {"in": [value, [True, False]]}
        return {"!": [known]} if case.kind == "missing" else _truth(case.values, value)
    if case.kind == "missing":
        return _missing(part, value)
    if case.kind == "set":
        return {"in": [value, list(case.values)]}
    if case.kind == "other":
        known_texts = [text for other in part.cases for text in other.values]
        return {"!": [{"in": [value, [*_gone(part), *known_texts]]}]}
    bounds: list[Any] = [{"!": [_missing(part, value)]}]
    bounds += [] if case.lo is None else [{">=": [value, number(case.lo)]}]
    bounds += [] if case.hi is None else [{"<": [value, number(case.hi)]}]
    return {"and": bounds} if len(bounds) > 1 else bounds[0]


def _truth(values: tuple[str, ...], value: Any) -> Any:
    return {"in": [value, [text == "true" for text in values]]}


def _missing(part: Input, value: Any) -> Any:
    gone = {"in": [value, _gone(part)]}
    # NaN alone differs from itself; where it is computed with, one engine ends the evaluation.
    return {"or": [gone, {"!==": [value, value]}]} if part.type == "number" else gone


def _gone(part: Input) -> list[Any]:
    return [None, "", *part.missing, *map(number, part.missing_numbers)]


def _earned(steps: Sequence[tuple[str, int | None]], total: Any) -> Any:
    """Return the first label whose bound the total reaches; the total is worked out once, as ``current``."""
    branches: list[Any] = []
    for label, bound in steps:
        branches += [label] if bound is None else [{">=": [{"var": "current"}, bound]}, label]
    ladder = {"if": branches} if len(branches) > 1 else branches[0]
    return {"reduce": [[total], ladder, None]}
