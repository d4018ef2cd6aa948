"""The graph of a decision: the lead, its inputs, one table per dimension, the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from leadml.export.jdm.cells import cell_of
from leadml.export.jdm.literals import text_literal
from leadml.points.grading.actions import bounds_of, score_steps

if TYPE_CHECKING:
    from leadml.export.form import Form
    from leadml.points.rules import Dimension

_E = "2.718281828459045"
_BEYOND = 30  # log-odds; a probability beyond them is 0 or 1 to twelve decimals
_COLUMNS = (("rule", "Rule"), ("points", "Points"), ("reason", "Reason"), ("rank", "Rank"))


def nodes_of(form: Form, outputs: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the nodes of the graph and its edges, which lead from each node to the next.

    Parameters
    ----------
    form : Form
        The form.
    outputs : mapping of str to str
        What the sub-score of each dimension is called.
    """
    keys = form.keys()
    ranks = _ranks(form)
    rows = {dimension.name: _rows(form, dimension, ranks) for dimension in form.table.dimensions}
    tables = [
        _table(form, dimension.name, keys[dimension.name], rows[dimension.name])
        for dimension in form.table.dimensions
        if rows[dimension.name]
    ]
    hits = {name: f"rules_{keys[name]}" for name, found in rows.items() if found}
    inputs = [(part.key, f"$root[{text_literal(part.name)}]") for part in form.inputs]
    nodes = [
        _node("lead", "inputNode", "Lead"),
        *([_expressions("inputs", "Inputs", inputs)] if inputs else []),
        *tables,
        _expressions("results", "Score", _results(form, outputs, hits)),
        _node("scored", "outputNode", "Scored lead"),
    ]
    for i, node in enumerate(nodes):
        node["position"] = {"x": 100 + 300 * i, "y": 200}
    edges = [
        {"id": f"edge_{i + 1}", "type": "edge", "sourceId": source["id"], "targetId": target["id"]}
        for i, (source, target) in enumerate(pairwise(nodes))
    ]
    return nodes, edges


def _ranks(form: Form) -> dict[int, int]:
    """Return the rank of every rule with points as a reason, by its number; 1 is the strongest."""
    numbered = [(case.points, case.number) for part in form.inputs for case in part.cases]
    numbered += [(row.points, row.number) for row in form.conjunctions]
    ordered = sorted((-abs(points), number) for points, number in numbered if points)
    return {number: i + 1 for i, (_, number) in enumerate(ordered)}


def _rows(form: Form, dimension: Dimension, ranks: Mapping[int, int]) -> list[dict[str, str]]:
    """Return the rows of a dimension that have points; the key of an input holds its cell."""
    rows = []
    for part in form.inputs:
        for case in part.cases if part.dimension == dimension.name else ():
            if case.points:
                outputs = _outputs(case.id, case.points, case.reason, ranks[case.number])
                rows.append({part.key: cell_of(part, case), **outputs})
    for row in form.conjunctions:
        if row.dimension == dimension.name and row.points:
            parts = [(form.inputs[i], form.inputs[i].cases[j]) for i, j in row.conditions]
            cells = {part.key: cell_of(part, case) for part, case in parts}
            rows.append({**cells, **_outputs(row.id, row.points, row.reason, ranks[row.number])})
    return rows


def _outputs(rule: str, points: int, reason: str, rank: int) -> dict[str, str]:
    return {"rule": text_literal(rule), "points": str(points), "reason": text_literal(reason), "rank": str(rank)}


def _table(form: Form, name: str, key: str, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    used = [part for part in form.inputs if any(part.key in row for row in rows)]
    columns = [part.key for part in used] + [column for column, _ in _COLUMNS]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": part.key, "name": part.name, "field": part.key} for part in used],
        "outputs": [{"id": column, "name": label, "field": column} for column, label in _COLUMNS],
        "rules": [
            {"_id": f"{key}_{i + 1}", **{column: row.get(column, "") for column in columns}}
            for i, row in enumerate(rows)
        ],
        "passThrough": True,
        "inputField": None,
        "outputPath": f"rules_{key}",
        "executionMode": "single",
    }
    return {**_node(key, "decisionTableNode", name), "content": content}


def _results(form: Form, outputs: Mapping[str, str], hits: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the expressions that make the result; ``$`` holds those before."""
    found = []
    for dimension in form.table.dimensions:
        points = f" + sum(map({hits[dimension.name]}, #.points))" if dimension.name in hits else ""
        found.append((outputs[dimension.name], f"{dimension.base_points}{points}"))
    sums = [f"$.{outputs[dimension.name]}" for dimension in form.table.dimensions]
    grades = [f"({_earned(part.grades, f'$.{outputs[part.name]}')})" for part in form.graded]
    slope, intercept = form.table.probability.slope, form.table.probability.intercept
    log_odds = f"{_decimal(intercept)} + {_decimal(slope)} * $.score"
    inverse = f"max([-{_BEYOND}, min([{_BEYOND}, -({log_odds})])])"
    return [
        *found,
        ("score", " + ".join(sums)),
        ("probability", f"1 / (1 + {_E} ^ {inverse})"),
        ("grade", " + ".join(grades) or "null"),
        ("action", _action(form, outputs)),
        ("explanation", f"flatten([{', '.join(hits.values())}])"),
        *_reasons(3),
    ]


def _reasons(count: int) -> list[tuple[str, str]]:
    """Return the reasons: of the rules that held, those of least rank."""
    found = []
    for i in range(1, count + 1):
        after = f"filter($.explanation, #.rank > $.rank_{i - 1})" if i > 1 else "$.explanation"
        # Past the last rule the rank stays beyond all ranks.
        found.append((f"rank_{i}", f"len({after}) > 0 ? min(map({after}, #.rank)) : 1000000000"))
        found.append((f"reason_{i}", f"filter($.explanation, #.rank == $.rank_{i})[0].reason"))
    return found


def _earned(steps: Sequence[tuple[str, int | None]], total: str) -> str:
    """Return nested conditions that give the first label whose bound the total reaches."""
    expression = text_literal(steps[-1][0])
    for label, bound in reversed(steps[:-1]):
        expression = f"{total} >= {bound} ? {text_literal(label)} : {expression}"
    return expression


def _action(form: Form, outputs: Mapping[str, str]) -> str:
    """Return nested conditions that give the first action all of whose bounds are reached."""
    actions = form.table.actions
    steps = score_steps(actions)
    if steps is not None:
        return _earned(steps, "$.score") if steps else "null"
    expression = text_literal(actions[-1][0])
    for action in reversed(actions[:-1]):
        reached = [f"$.{outputs.get(name, name)} >= {least}" for name, least in bounds_of(action)]
        expression = f"{' and '.join(reached)} ? {text_literal(action[0])} : {expression}"
    return expression


def _decimal(number: float) -> str:
    """Write a coefficient without an exponent, with as many places as a decimal of Zen has to spare."""
    exact = Decimal(repr(number))
    places = max(0, 20 - max(0, exact.adjusted()))
    return f"({exact:.{places}f})" if -int(exact.as_tuple().exponent) > places else f"({exact:f})"


def _expressions(key: str, name: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    expressions = [{"id": f"{key}_{i + 1}", "key": to, "value": value} for i, (to, value) in enumerate(pairs)]
    content = {
        "expressions": expressions,
        "passThrough": False,
        "inputField": None,
        "outputPath": None,
        "executionMode": "single",
    }
    return {**_node(key, "expressionNode", name), "content": content}


def _node(key: str, kind: str, name: str) -> dict[str, Any]:
    return {"id": key, "type": kind, "name": name, "position": {"x": 0, "y": 0}}
