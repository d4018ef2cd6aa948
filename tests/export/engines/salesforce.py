"""formulon under Node, which runs the formulas of Salesforce."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pandas as pd

from leadml.export.stamp import read_line
from leadml.points.table import PointTable

from . import node

SPACE = "{http://soap.sforce.com/2006/04/metadata}"


def missing() -> str | None:
    return node.missing("formulon")


def run(printed: dict[str, str], leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    options = read_line(printed["README.md"], table.name).options
    formulas = formulas_of(printed)
    kinds = {feature.name: feature.type for feature in table.features}
    plain = leads.astype(object).where(leads.notna(), None)
    columns = {
        field: [_value(value, kinds[name]) for value in plain[name]] for name, field in options["inputs"].items()
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    answer = node.ask("salesforce.mjs", {"fields": in_order(formulas), "leads": rows})
    found = pd.DataFrame(answer, index=leads.index, dtype=object)
    names = options["dimensions"] | options["outputs"]
    return pd.DataFrame({name: found.get(field) for name, field in names.items()}, dtype=object)


def formulas_of(printed: dict[str, str]) -> dict[str, str]:
    """Read every formula from its metadata, as Salesforce would."""
    found = {}
    for name, text in printed.items():
        if name.endswith(".field-meta.xml"):
            root = ElementTree.fromstring(text)
            found[root.findtext(f"{SPACE}fullName") or ""] = root.findtext(f"{SPACE}formula") or ""
    return found


def in_order(formulas: dict[str, str]) -> list[tuple[str, str]]:
    """Put fields behind those that they refer to."""
    left, done = dict(formulas), list[tuple[str, str]]()
    while left:
        ready = [name for name, formula in left.items() if not any(other in formula for other in left if other != name)]
        done += [(name, left.pop(name)) for name in ready]
        assert ready, "the formulas refer to each other"
    return done


def _value(value: Any, kind: str) -> Any:
    if kind == "category":  # an empty text field is empty text to formulon
        return value or ""
    return value
