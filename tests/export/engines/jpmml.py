"""JPMML-Evaluator in a Java machine: the wheel brings its jars, and the schema of PMML. It is AGPL: for tests only."""

from __future__ import annotations

import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd

from leadml.export.pmml import fields_of, results_of
from leadml.export.records import records
from leadml.points.table import PointTable

from ..parity import Domain

DOMAIN = Domain()


def missing() -> str | None:
    if find_spec("jpmml_evaluator") is None or find_spec("jpype") is None:
        return "jpmml_evaluator or jpype1 is not installed"
    return None if shutil.which("java") else "java is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    rows = records(leads, fields_of(printed), infinities=True)
    model = evaluator(printed).verify()
    if rows and rows[0]:
        given = pd.DataFrame(rows, index=leads.index, dtype=object)
        found, errors = model.evaluateAll(given, error_col=None, parallelism=1)
        assert errors is None, errors.dropna().head().tolist()
    else:
        found = pd.DataFrame([model.evaluate(row) for row in rows], index=leads.index)
    names = results_of(printed)
    return found.reindex(columns=[*names, *({"grade", "action"} - {*names})]).astype(object)


def evaluator(printed: str) -> Any:
    from jpmml_evaluator import make_evaluator

    return make_evaluator(printed.encode("utf-8"), backend=_backend())


def schema() -> bytes:
    """Return pmml.xsd from the jar of the wheel."""
    spec = find_spec("jpmml_evaluator")
    assert spec is not None
    assert spec.origin is not None
    (jar,) = (Path(spec.origin).parent / "dependencies").glob("pmml-model-1*.jar")
    with ZipFile(jar) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith("pmml.xsd")]
        return opened.read(name)


@cache
def _backend() -> Any:
    from jpmml_evaluator import make_backend

    return make_backend("jpype")
