"""json-logic-engine under Node, which compiles."""

from __future__ import annotations

import json

import pandas as pd

from leadml.export.records import fields_from, records
from leadml.points.table import PointTable

from ..parity import Domain
from . import node

DOMAIN = Domain(infinities=False)
ENGINES = ("json-logic-engine", "json-logic-js")


def missing() -> str | None:
    return node.missing(*ENGINES)


def run(printed: str, leads: pd.DataFrame, table: PointTable, engine: str = ENGINES[0]) -> pd.DataFrame:
    del table
    fields = fields_from(json.loads(printed)["inputs"])
    numbers = [field.name for field in fields if field.type == "number"]
    rows = records(leads, fields)
    # JSON has no NaN, JavaScript has: of every other lead the script makes missing numbers NaN.
    message = {"engine": engine, "printed": printed, "leads": rows, "numbers": numbers}
    return node.frame(node.ask("jsonlogic.mjs", message), leads)
