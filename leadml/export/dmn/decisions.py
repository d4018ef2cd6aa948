"""The decisions of a point table: sub-scores, score, probability, grades, action, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.export.dmn.feel import TYPE_OF, cell_of, number_literal, text_literal
from leadml.export.dmn.tables import Column, Row, decision, literal, table
from leadml.points.grading.actions import bounds_of, score_steps

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from leadml.export.form import Form
    from leadml.points.rules import Dimension


def add_decisions(root: Element, form: Form, names: Mapping[str, str]) -> None:
    """Add the decisions, each after those that it reads.

    Parameters
    ----------
    root : Element
        The definitions, with the inputs.
    form : Form
        The form.
    names : mapping of str to str
        The name of each input and dimension by its key.
    """
    own = {dimension: names[key] for dimension, key in form.keys().items()}
    rules = _rules(form, names)
    for dimension in form.table.dimensions:
        _sub_score(root, form, dimension, names, rules)
    literal(decision(root, "score", "number", "Score", own.values()), " + ".join(own.values()))
    line = form.table.probability
    log_odds = f"{number_literal(line.intercept)} + {number_literal(line.slope)} * score"
    literal(decision(root, "probability", "number", "Probability", ["score"]), f"1 / (1 + exp(-({log_odds})))")
    grades = [f"{own[dimension.name]}_grade" for dimension in form.graded]
    for name, dimension in zip(grades, form.graded, strict=True):
        _earned(root, name, dimension.grades, own[dimension.name], f"{dimension.name}: grade")
    literal(decision(root, "grade", "string", "Grade", grades), " + ".join(grades) or "null")
    if form.table.actions:
        _action(root, form, own)
    _reasons(root, form, names, rules)


@dataclass(frozen=True)
class _Rule:
    """A row with points, of which dimension it is, and its place among rules with equally many points."""

    dimension: str
    points: int
    number: int
    row: Row


def _sub_score(
    root: Element, form: Form, dimension: Dimension, names: Mapping[str, str], rules: Sequence[_Rule]
) -> None:
    """Add the points of all rules that hold; the first row holds always, so that there is a sum for every lead."""
    name = names[form.keys()[dimension.name]]
    rows = [rule.row for rule in rules if rule.dimension == dimension.name]
    found = decision(root, name, "number", dimension.name, _read(rows))
    if not rows:
        literal(found, str(dimension.base_points))
        return
    base = Row({}, str(dimension.base_points), "base points")
    table(found, _columns(form, rows, names), [base, *rows], "number", "COLLECT SUM")


def _rules(form: Form, names: Mapping[str, str]) -> list[_Rule]:
    """Return a row for each rule and each conjunction that has points."""
    rules = []
    for part in form.inputs:
        for case in part.cases:
            cells = {names[part.key]: cell_of(part, case)}
            rules.append(_Rule(part.dimension, case.points, case.number, Row(cells, str(case.points), case.reason)))
    for row in form.conjunctions:
        parts = [(form.inputs[i], form.inputs[i].cases[j]) for i, j in row.conditions]
        cells = {names[part.key]: cell_of(part, case) for part, case in parts}
        rules.append(_Rule(row.dimension, row.points, row.number, Row(cells, str(row.points), row.reason)))
    return [rule for rule in rules if rule.points]


def _reasons(root: Element, form: Form, names: Mapping[str, str], rules: Sequence[_Rule]) -> None:
    """Add the texts of the rules that hold, the strongest first."""
    rows = [
        Row(rule.row.cells, text_literal(rule.row.text))
        for rule in sorted(rules, key=lambda rule: (-abs(rule.points), rule.number))
    ]
    found = decision(root, "reasons", "string", "Reasons", _read(rows))
    if rows:
        table(found, _columns(form, rows, names), rows, "string", "RULE ORDER")
    else:
        literal(found, "[]")


def _earned(root: Element, name: str, steps: Sequence[tuple[str, int | None]], reads: str, label: str) -> None:
    """Add the label that a sub-score or score earns."""
    found = decision(root, name, "string", label, [reads])
    if len(steps) == 1:
        literal(found, text_literal(steps[0][0]))
        return
    above = [None, *(bound for _, bound in steps[:-1])]
    rows = []
    for (text, bound), upper in zip(steps, above, strict=True):
        cell = f">= {bound}" if upper is None else f"< {upper}" if bound is None else f"[{bound}..{upper})"
        rows.append(Row({reads: cell}, text_literal(text)))
    table(found, [Column(reads, "number", reads)], rows, "string", "UNIQUE")


def _action(root: Element, form: Form, own: Mapping[str, str]) -> None:
    """Add the first action all of whose bounds are reached, as a table whose first matching row counts."""
    actions = form.table.actions
    steps = score_steps(actions)
    if steps is not None:
        _earned(root, "action", steps, "score", "Action")
        return
    cells = [{own.get(name, name): f">= {least}" for name, least in bounds_of(action)} for action in actions]
    read = [name for name in (*own.values(), "score") if any(name in row for row in cells)]
    rows = [Row(row, text_literal(action[0])) for row, action in zip(cells, actions, strict=True)]
    found = decision(root, "action", "string", "Action", read)
    table(found, [Column(name, "number", name) for name in read], rows, "string", "FIRST")


def _read(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.cells))


def _columns(form: Form, rows: Sequence[Row], names: Mapping[str, str]) -> list[Column]:
    read = _read(rows)
    parts = [part for part in form.inputs if names[part.key] in read]
    return [Column(names[part.key], TYPE_OF[part.type], part.name) for part in parts]
