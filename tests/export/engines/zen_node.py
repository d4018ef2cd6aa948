"""GoRules Zen under Node."""

from __future__ import annotations

import json

import pandas as pd

from leadml.export.jdm import scores_from
from leadml.export.records import fields_from, records
from leadml.points.table import PointTable

from ..parity import Domain
from . import node

DOMAIN = Domain(binary64=False, digits=15, decimals=20, largest=1e15, infinities=False)


def missing() -> str | None:
    return node.missing("@gorules/zen-engine")


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    del table
    content = json.loads(printed)
    rows = records(leads, fields_from(content["inputs"]))
    return scores_from(node.ask("zen.mjs", {"printed": printed, "leads": rows}), content["dimensions"], leads)
