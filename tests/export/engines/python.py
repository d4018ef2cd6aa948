"""Python itself, in a child process without any other package."""

from __future__ import annotations

import pandas as pd

from leadml.export import python
from leadml.export.stamp import read_line
from leadml.points.table import PointTable


def missing() -> str | None:
    return None


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return python.run(printed, read_line(printed, table.name), leads)
