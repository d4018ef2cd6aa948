"""The point table as a build sheet for HubSpot's lead scoring tool: what an administrator keys in, in order.

Every rule asks for one property alone, and their points sum to the table's; conjunctions are refused by name, and so
is what HubSpot would compare otherwise (see `limits`). HubSpot's own grid of grades has three letters and three
digits; grades of other steps, and actions, are set by workflows on the scores. No engine for it runs here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.export.form import form_of
from leadml.export.hubspot.limits import DOMAIN, LIMITS, SMALL_LIMIT, check, holds
from leadml.export.hubspot.rules import EVERYONE, Rule, base_rule, rules_of
from leadml.export.markdown import code, escaped
from leadml.export.stamp import line, stamp
from leadml.export.supplied import supplied
from leadml.points.grading.actions import SCORE, bounds_of, score_steps
from leadml.points.grading.grades import legend
from leadml.points.views.layout import headline

if TYPE_CHECKING:
    from leadml.export.form import Form
    from leadml.points.grading.actions import Action
    from leadml.points.parts import Verification
    from leadml.points.rules import Dimension
    from leadml.points.table import PointTable

_TYPES = {"number": "Number", "category": "Single-line text or dropdown", "boolean": "Single checkbox"}


def printed(table: PointTable) -> str:
    """Return the build sheet.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    UsageError
        If HubSpot's tool cannot hold a conjunction, a value or the points.
    """
    form = form_of(table)
    spans = {dimension.name: _span(form, dimension) for dimension in table.dimensions}
    low = min(table.lowest, *(low for low, _ in spans.values()))
    high = max(table.highest, *(high for _, high in spans.values()))
    check(form, low, high)
    lines = [*_head(form), *_properties(form), *_score(form, spans, low, high)]
    lines += [*_actions(form), *_grades(form)]
    lines += [f"It takes {DOMAIN}.", "", f"<!-- {line(stamp(table, 'hubspot', _checks(table)))} -->", ""]
    return "\n".join(lines)


def engine() -> str | None:
    """Name the engine at hand: none runs here, HubSpot is elsewhere."""
    return None


def _head(form: Form) -> list[str]:
    table = form.table
    return [
        f"# {escaped(table.name)}: build sheet for HubSpot",
        "",
        f"{escaped(headline(table))} (whole: {table.sha256}).",
        "",
        "For the lead scoring tool (Marketing > Lead scoring). Nothing here is imported; key it in from top to bottom.",
        "",
        f"Key in what is set {code('like this')} exactly as it stands; backticks around it, where you see them, are "
        "not part of it. Semicolons separate values.",
        "",
    ]


def _properties(form: Form) -> list[str]:
    rows = [f"- {code(part.name)}: {_TYPES[part.type]}" for part in form.inputs]
    text = "Each must exist on the record, filled as in the leads that were learned from."
    return ["## 1. Properties", "", text, "", *rows, "", *supplied(form.table)]


def _score(form: Form, spans: dict[str, tuple[int, int]], low: int, high: int) -> list[str]:
    most = LIMITS["points of a score, either side of 0"].size
    limit = SMALL_LIMIT if low >= -SMALL_LIMIT and high <= SMALL_LIMIT else most
    lines = [
        "## 2. The score",
        "",
        f"Create a fit score called {code(f'{form.table.name} score')}, with a score limit of {limit:,} "
        f"(it goes from {form.table.lowest} to {form.table.highest}; a lower limit would cut it). Score decay stays "
        "off.",
        "",
    ]
    number = 0
    for dimension in form.table.dimensions:
        least, largest = spans[dimension.name]
        lines += [f"### Group: {code(dimension.name)}", ""]
        lines += [f"Group limit: none, or {max(abs(least), abs(largest))} and more.", ""]
        rules = [base_rule(dimension.base_points)] if dimension.base_points else []
        rules += [r for part in form.inputs if part.dimension == dimension.name for r in rules_of(part)]
        for rule in rules:
            number += 1
            lines.append(_row(number, rule))
        lines.append("")
    lines += [
        f"{EVERYONE} is known for every record: that rule gives the base points. {number} rules in all.",
        "",
        "For the sub-scores clone the score once per group and delete the other groups:",
        "",
        *(
            f"- {code(f'{d.name} points')}, from {spans[d.name][0]} to {spans[d.name][1]}"
            for d in form.table.dimensions
        ),
        "",
    ]
    return lines


def _row(number: int, rule: Rule) -> str:
    asked = f"{code(rule.property)} {rule.operator} {'; '.join(map(code, rule.values))}".rstrip()
    return f"{number}. {asked}: {rule.points:+d}"


def _actions(form: Form) -> list[str]:
    if not form.table.actions:
        return []
    steps = score_steps(form.table.actions)
    if steps is not None:
        return ["## 3. Actions", "", "A workflow on the score, its branches in this order:", "", *_steps(steps)]
    text = "A workflow on the score and its parts, its branches in this order; in a branch all filters must hold:"
    return ["## 3. Actions", "", text, "", *(_branch(action, form.table.name) for action in form.table.actions), ""]


def _grades(form: Form) -> list[str]:
    if not form.graded:
        return []
    letters, digits = LIMITS["letters of the grid, A to C"].size, LIMITS["digits of the grid, 1 to 3"].size
    lines = [
        "## 4. Grades",
        "",
        f"HubSpot's own grid has {letters} letters and {digits} digits, 1 being best; leave it. A workflow per "
        "dimension sets a text property, its branches in this order; the grade is these texts one after the other. "
        f"{escaped(legend(form.graded))}",
        "",
    ]
    for dimension in form.graded:
        lines += [f"On {code(f'{dimension.name} points')}:", "", *_steps(dimension.grades)]
    return lines


def _steps(steps: tuple[tuple[str, int | None], ...]) -> list[str]:
    rows = [
        f"- {'otherwise' if bound is None else f'is greater than or equal to {bound}'}: {code(label)}"
        for label, bound in steps
    ]
    return [*rows, ""]


def _branch(action: Action, table: str) -> str:
    filters = [
        f"{code(f'{table} score' if name == SCORE else f'{name} points')} is greater than or equal to {least}"
        for name, least in bounds_of(action)
    ]
    return f"- {' and '.join(filters) or 'otherwise'}: {code(action[0])}"


def _span(form: Form, dimension: Dimension) -> tuple[int, int]:
    """Return the least and the most points of a dimension; there are no conjunctions."""
    own = [[case.points for case in part.cases] for part in form.inputs if part.dimension == dimension.name]
    return dimension.base_points + sum(map(min, own)), dimension.base_points + sum(map(max, own))


def _checks(table: PointTable) -> list[Verification]:
    return [
        row
        for row in table.verification
        if all(not isinstance(value, str) or holds(value) for value in row.lead.values())
    ]
