"""A point table as a list of rules that a person can read, change and read back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.errors import DataError
from leadml.points.cells import guarded
from leadml.points.sheets.handmade import wording
from leadml.points.sheets.handmade.lines import COLUMNS
from leadml.points.sheets.handmade.numbers import closed
from leadml.points.sheets.handmade.pieces import own_text
from leadml.points.sheets.handmade.reading import ACTION, BASE, PLACEHOLDER, RESERVED, TOP
from leadml.points.sheets.handmade.words import Words

if TYPE_CHECKING:
    from leadml.points.rules import Rule
    from leadml.points.table import PointTable

_SAFE = re.compile(r"[^\W\d_][\w.&+/()-]*(?: [\w.&+/()-]+)*")
_ORDER = ("range", "set", "other", "missing")
_WORDS = re.compile(r"\b(?:or|oder|in|not|nicht|is|ist|one of|any of)\b", re.IGNORECASE)


def to_rules(table: PointTable) -> str:
    """Write a point table as a list of rules.

    Parameters
    ----------
    table : PointTable
        Without conjunctions.

    Returns
    -------
    str
        CSV: feature, condition, points, dimension, text, type. `from_rules` makes a table of it that gives every lead
        the same integer scores; of the rest it keeps actions, the top group and placeholders for missing.

    Raises
    ------
    UsageError
        If the table has conjunctions, or something else that a list of rules has no line for.

    Examples
    --------
    >>> from leadml.points.sheets.handmade import from_rules
    >>> print(to_rules(from_rules("visits, more than 3, 5, engagement")), end="")  # doctest: +NORMALIZE_WHITESPACE
    feature,condition,points,dimension,text,type
    (base points),,0,engagement,,
    visits,<= 3,0,engagement,,number
    visits,> 3,5,engagement,,number
    visits,missing,0,engagement,,number
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(table):
        writer.writerow(row)
    return text.getvalue()


def condition_words(rule: Rule) -> str:
    """Write when a rule holds, in words that are read back exactly."""
    if rule.kind == "missing":
        return "missing"
    if rule.kind == "other":
        return "anything else"
    if rule.kind == "set":
        return _set_words(rule.values)
    parts = [] if rule.lo is None else [f"> {closed(rule.lo)}" if closed(rule.lo) else f">= {rule.lo}"]
    parts += [] if rule.hi is None else [f"<= {closed(rule.hi)}" if closed(rule.hi) else f"< {rule.hi}"]
    return " and ".join(parts) or "any number"


def _rows(table: PointTable) -> Iterator[tuple[str, ...]]:
    if table.interactions:
        raise wording.cannot_write("conjunctions", table.interactions[0].id)
    for dimension in table.dimensions:
        yield (BASE, "", str(dimension.base_points), guarded(dimension.name), "", "")
    for feature in table.features:
        if feature.name in RESERVED or feature.name.lower() in ("base", BASE[1:-1], "basispunkte", "grundpunkte"):
            raise wording.cannot_write("a feature of this name", feature.name)
        for rule in sorted(feature.rules, key=lambda rule: _ORDER.index(rule.kind)):
            own = own_text(feature.name, {"lo": rule.lo, "hi": rule.hi})
            text = "" if rule.text == own else guarded(rule.text)
            name, part = guarded(feature.name), guarded(feature.dimension)
            yield (name, condition_words(rule), str(rule.points), part, text, feature.type)
    for action in table.actions:
        if len(action) > 2:
            raise wording.cannot_write("an action with conditions", action[0])
        yield (ACTION, _least(action[1]), "", "", guarded(action[0]), "")
    if table.provenance.get("handmade", {}).get("top_group", True):
        yield (TOP, _least(table.top_cut), "", "", "", "")
    for entry in table.provenance.get("missing", []):
        one = (entry, "") if isinstance(entry, str) else (entry["text"], entry["feature"])
        yield (PLACEHOLDER, guarded(one[0]), "", "", guarded(one[1]), "")


def _least(bound: int | None) -> str:
    return "anything else" if bound is None else f">= {bound}"


def _set_words(values: tuple[str, ...]) -> str:
    """List categories, in quotation marks where they would not be read as they are: "missing", say, or "R or D"."""
    told = f"is {' or '.join(map(_quoted, values))}"
    try:
        read = Words(told, 0, english=True).condition()
    except DataError:
        read = None
    if read is not None and (read.kind, read.values, read.negated) == ("values", values, False):
        return told
    return f"is {' or '.join(json.dumps(value, ensure_ascii=False) for value in values)}"


def _quoted(value: str) -> str:
    safe = _SAFE.fullmatch(value) and not _WORDS.search(value)
    return value if safe else json.dumps(value, ensure_ascii=False)
