"""SQLite in this process, as `leadml verify` runs it."""

from __future__ import annotations

import pandas as pd

from leadml.export import sql
from leadml.export.stamp import read_line
from leadml.points.table import PointTable

from ..parity import Domain

DOMAIN = Domain()


def missing() -> str | None:
    return None


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return sql.run(printed, read_line(printed, table.name), leads)
