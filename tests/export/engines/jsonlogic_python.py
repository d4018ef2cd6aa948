"""panzi-json-logic or json-logic-qubit in Python, whichever is installed: both bring the module json_logic."""

from __future__ import annotations

import json

import pandas as pd

from leadml.export import jsonlogic
from leadml.export.stamp import MARK, from_dict
from leadml.points.table import PointTable

from ..parity import Domain

DOMAIN = Domain(infinities=False)


def missing() -> str | None:
    return None if jsonlogic.engine() else f"{jsonlogic.PACKAGES[0]} is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return jsonlogic.run(printed, from_dict(json.loads(printed)[MARK], table.name), leads)
