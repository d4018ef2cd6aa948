"""The point table as CSV that a person edits in a spreadsheet and that reads back exactly.

Each line is one item: a rule, base points, a grade, an action … Conditions are words (``x >= 50 and x <
200``), so that a spreadsheet does not round them. Points and texts are there to be changed:

>>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
>>> rules = (Rule("City:0", "set", 7, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
...          Rule("City:2", "missing", -4))
>>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), probability=Probability(-3.0, 0.05),
...                    features=(Feature("City", "fit", "category", rules),), top_cut=45)
>>> from_csv(to_csv(table)).sha256 == table.sha256
True
>>> [line for line in to_csv(table).splitlines() if "Wien" in line]
['rule,fit,City,category,City:0,"one of [""Wien""]",7,,,0,0,,,log-odds 0.0,,']

The last column says for which condition leadml made the text. Where a person changes the condition and leaves the text
alone, it is made again (`retold`).
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from leadml.errors import DataError
from leadml.points.canonical import canonical_bytes
from leadml.points.cells import guarded
from leadml.points.grading.actions import SCORE, Action, bounds_of
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.sheets.retold import is_made, retold
from leadml.points.sheets.sheet import (
    BOUNDS,
    COLUMNS,
    ELSE,
    ITEMS,
    JSON,
    NUMBER,
    TEXT_FOR,
    TEXTS,
    UNIT,
    WEAK,
    WEIGHTS,
    Line,
    Row,
    content_of,
    lines_of,
)
from leadml.points.table import PointTable, Probability, Verification
from leadml.points.verification import verify

HASH = "sha256"


def to_csv(table: PointTable) -> str:
    """Write a point table as CSV for a spreadsheet.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        Everything in the table, one item per line; cells that a spreadsheet would run begin with an
        apostrophe.
    """
    text = io.StringIO()
    rows = list(_rows(table))
    weights = WEIGHTS if any(row.get(WEIGHTS[0]) for row in rows) else ()
    writer = csv.DictWriter(text, (*COLUMNS, *weights, WEAK, TEXT_FOR), restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: guarded(cell) if key in TEXTS else cell for key, cell in row.items()})
    return text.getvalue()


def from_csv(text: str | bytes | os.PathLike[str]) -> PointTable:
    """Read a point table from the CSV that `to_csv` wrote, edited or not.

    Parameters
    ----------
    text : str, bytes or path
        Separated by commas, semicolons or tabs, as the spreadsheet saved it; bytes are UTF-8. Or its file.

    Returns
    -------
    PointTable
        The very same table where nothing was edited. Where points or conditions were, its verification leads
        are made anew, as are texts that leadml had made for what a condition was before.

    Raises
    ------
    DataError
        If a cell cannot be understood, naming line and column, or the parts do not fit together.
    """
    items: dict[str, list[Line]] = {item: [] for item in ITEMS}
    for line in lines_of(content_of(text)):
        items[line.choice("item", ITEMS)].append(line)
    table = PointTable(
        name=_only(items["table"], "table").text("text"),
        dimensions=tuple(_dimension(line, items["grade"]) for line in items["base"]),
        features=tuple(_features(items["rule"])),
        interactions=tuple(_interaction(line) for line in items["interaction"]),
        probability=_probability(_only(items["probability"], "probability")),
        top_cut=_only(items["top"], "top").least("when") or 0,
        actions=tuple(_action(line) for line in items["action"]),
        provenance={line.text("text"): line.json("when") for line in items["provenance"]},
        verification=tuple(_verification(line) for line in items["verification"]),
    )
    return _checked(retold(table, _before(table, items["rule"])))


def stated(text: str | bytes) -> tuple[str, tuple[Verification, ...]]:
    """Return the hash and the verification leads that a CSV states, whatever was edited in it since.

    Parameters
    ----------
    text : str or bytes
        As for `from_csv`.

    Returns
    -------
    sha256 : str
        Empty where it states none.
    verification : tuple of Verification
    """
    lines = [line for line in lines_of(text) if line.cells["item"].strip() in ("table", "verification")]
    hashes = [line.cells["when"].strip() for line in lines if line.cells["item"].strip() == "table"]
    rows = (_verification(line) for line in lines if line.cells["item"].strip() == "verification")
    return "".join(hashes).removeprefix(HASH).strip(), tuple(rows)


def _rows(table: PointTable) -> Iterator[Row]:
    yield {"item": "table", "text": table.name, "when": f"{HASH} {table.sha256}"}
    for dimension in table.dimensions:
        yield {"item": "base", "dimension": dimension.name, "points": str(dimension.base_points)}
        for label, bound in dimension.grades:
            yield {"item": "grade", "dimension": dimension.name, "text": label, "when": _least(bound)}
    for feature in table.features:
        for rule in feature.rules:
            own = {"feature": feature.name, "type": feature.type, "when": _condition(rule)}
            yield {"item": "rule", "dimension": feature.dimension, **own, **_evidence(rule)} | {
                "neutral": "yes" if rule.neutral else "pinned" if rule.pinned else "",
                TEXT_FOR: _condition(rule) if rule.text and is_made(feature, rule) else "",
            }
    for row in table.interactions:
        when = f"all of {_json(list(row.conditions))}"
        yield {"item": "interaction", "dimension": row.dimension, "when": when, **_evidence(row)}
    for action in table.actions:
        yield {"item": "action", "text": action[0], "when": _wish(action)}
    yield {"item": "top", "when": _least(table.top_cut)}
    probability = {"intercept": table.probability.intercept, "slope": table.probability.slope}
    yield {"item": "probability", "when": _cell(probability)}
    for key in sorted(table.provenance):
        yield {"item": "provenance", "text": key, "when": _cell(table.provenance[key])}
    for verification in table.verification:
        yield {
            "item": "verification",
            "when": _cell({"lead": verification.lead, "expected": verification.expected}),
        }


def _evidence(row: Rule | Interaction) -> Row:
    low, high = ("" if bound is None else str(bound) for bound in (row.points_low, row.points_high))
    weights = {} if row.weight is None else {"weight": _cell(row.weight), "weight_won": _cell(row.weight_won)}
    return weights | {
        "id": row.id,
        "points": str(row.points),
        "text": row.text,
        "leads": str(row.leads),
        "won": str(row.won),
        "points_low": low,
        "points_high": high,
        "contribution": f"{UNIT} {row.contribution!r}",
        WEAK: "weak" if row.weak else "",
    }


def _condition(rule: Rule) -> str:
    if rule.kind == "set":
        return f"one of {_json(list(rule.values))}"
    if rule.kind == "range":
        bounds = [f"x >= {rule.lo}"] * (rule.lo is not None) + [f"x < {rule.hi}"] * (rule.hi is not None)
        return " and ".join(bounds) or NUMBER
    return ELSE if rule.kind == "other" else "missing"


def _least(bound: int | None) -> str:
    return ELSE if bound is None else f"x >= {bound}"


def _wish(action: Action) -> str:
    return _least(action[1]) if len(action) == 2 else f"{BOUNDS} {_json(dict(bounds_of(action)))}"


def _json(content: Any) -> str:
    return canonical_bytes(content).decode("utf-8")


def _cell(content: Any) -> str:
    return f"{JSON} {_json(content)}"


def _only(lines: list[Line], item: str) -> Line:
    if len(lines) != 1:
        seen = f"it has {len(lines)} lines with the item {item!r}"
        raise DataError.unreadable("The edited point table", seen, "It needs exactly one.")
    return lines[0]


def _dimension(line: Line, grades: list[Line]) -> Dimension:
    name = line.text("dimension")
    own = [grade for grade in grades if grade.text("dimension") == name]
    return Dimension(name, line.whole("points"), tuple((grade.text("text"), grade.least("when")) for grade in own))


def _action(line: Line) -> Action:
    label = line.text("text")
    if not line.cells["when"].strip().startswith(BOUNDS):
        return label, line.least("when", f"""'{BOUNDS} {{"fit": 25, "{SCORE}": 50}}'""")
    bounds = line.bounds("when")
    return label, bounds.pop(SCORE, None), bounds


def _features(lines: list[Line]) -> Iterator[Feature]:
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        by_name.setdefault(line.text("feature"), []).append(line)
    for name, own in by_name.items():
        first = own[0]
        kind: Any = first.choice("type", ("number", "category", "boolean"))
        for line in own:
            line.choice("type", (kind,))
        yield Feature(name, first.text("dimension"), kind, tuple(_rule(line) for line in own))


def _rule(line: Line) -> Rule:
    said = line.choice("neutral", ("", "yes", "no", "pinned"))
    return Rule(**line.condition(), neutral=said == "yes", pinned=said == "pinned", **_read_evidence(line))


def _before(table: PointTable, lines: list[Line]) -> dict[str, Rule]:
    """Return by their ids the rules that leadml made the texts for, which need not be what the rules are now."""
    rules = {rule.id: rule for feature in table.features for rule in feature.rules}
    found = {}
    for line in lines:
        if line.cells[TEXT_FOR].strip():
            nothing: dict[str, Any] = {"lo": None, "hi": None, "values": ()}
            found[line.text("id")] = replace(rules[line.text("id")], **nothing | line.condition(TEXT_FOR))
    return found


def _interaction(line: Line) -> Interaction:
    conditions = line.names("when", "all of")
    return Interaction(conditions=conditions, dimension=line.text("dimension"), **_read_evidence(line))


def _read_evidence(line: Line) -> dict[str, Any]:
    return {
        "id": line.text("id"),
        "points": line.whole("points"),
        "text": line.text("text"),
        "leads": line.whole("leads"),
        "won": line.whole("won"),
        "points_low": line.optional("points_low"),
        "points_high": line.optional("points_high"),
        "contribution": line.real("contribution"),
        **{column: line.json(column) for column in WEIGHTS if line.cells[column].strip()},
    }


def _probability(line: Line) -> Probability:
    content = line.json("when")
    if not isinstance(content, dict) or sorted(content) != ["intercept", "slope"]:
        raise line.wrong("when", 'accepted is json {"intercept": …, "slope": …}')
    return Probability(**content)


def _verification(line: Line) -> Verification:
    content = line.json("when")
    if not isinstance(content, dict) or sorted(content) != ["expected", "lead"]:
        raise line.wrong("when", 'accepted is json {"expected": …, "lead": …}')
    return Verification(**content)


def _checked(table: PointTable) -> PointTable:
    """Keep verification leads that still hold; make new ones where the edit changed what the table gives."""
    try:
        verify(table)
    except ValueError:  # DataError or UsageError: the answers differ, or a feature is gone or new
        return table.with_verification()
    return table
