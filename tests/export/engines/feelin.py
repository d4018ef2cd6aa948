"""feelin and dmn-moddle under Node: cells and expressions are evaluated as FEEL; hit policies stand in dmn.mjs."""

from __future__ import annotations

import pandas as pd

from leadml.export.dmn import fields_of, names_of
from leadml.export.form import form_of
from leadml.export.records import records
from leadml.points.table import PointTable

from ..parity import Domain
from . import node

DOMAIN = Domain(infinities=False)
SCHEMAS = node.FOLDER / "node_modules" / "dmn-moddle" / "resources" / "dmn" / "xsd"


def missing() -> str | None:
    return node.missing("feelin", "dmn-moddle")


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    rows = node.ask("dmn.mjs", {"printed": printed, "leads": records(leads, fields_of(printed))})
    form = form_of(table)
    names, keys = names_of(form), form.keys()
    own = {dimension: names[key] for dimension, key in keys.items()}
    own |= {name: name for name in ("score", "probability", "grade", "action", "reasons")}
    return node.frame([{name: row.get(output) for name, output in own.items()} for row in rows], leads)
