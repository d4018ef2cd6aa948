"""GoRules Zen in Python."""

from __future__ import annotations

import json

import pandas as pd

from leadml.export import jdm
from leadml.export.stamp import MARK, from_dict
from leadml.points.table import PointTable

from ..parity import Domain

DOMAIN = Domain(binary64=False, digits=15, decimals=20, largest=1e15, infinities=False)


def missing() -> str | None:
    return None if jdm.engine() else "zen-engine is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return jdm.run(printed, from_dict(json.loads(printed)[MARK], table.name), leads)
