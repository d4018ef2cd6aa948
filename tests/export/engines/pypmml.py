"""pypmml, that is pmml4s in a Java machine."""

from __future__ import annotations

import pandas as pd

from leadml.export import pmml
from leadml.export.stamp import read_line
from leadml.points.table import PointTable

from ..parity import Domain

# Infinities are left out of the JSON that it gets, which means missing.
DOMAIN = Domain()


def missing() -> str | None:
    return None if pmml.engine() else "pypmml or java is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    found = pmml.run(printed, read_line(printed, table.name), leads)
    return found.reindex(columns=[*found.columns, *({"grade", "action"} - {*found.columns})])
