"""json-logic-js under Node: the reference implementation, which interprets."""

from __future__ import annotations

import pandas as pd

from leadml.points.table import PointTable

from ..parity import Domain
from . import jsonlogic_node

DOMAIN = Domain(infinities=False)
missing = jsonlogic_node.missing


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return jsonlogic_node.run(printed, leads, table, engine="json-logic-js")
