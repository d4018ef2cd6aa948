"""Leads as typed columns, as the engines of SQL hold them: their place, then a column per feature."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from leadml.export.sql.running import PLACE
from leadml.export.stamp import read_line

TYPES = {"number": pa.float64(), "category": pa.string(), "boolean": pa.bool_()}


def arrow(printed: str, leads: pd.DataFrame) -> pa.Table:
    """Return the columns that an export reads; null stays null, NaN stays NaN."""
    wanted = read_line(printed, "the export").options["columns"]
    columns = [pa.array(range(len(leads)), pa.int64())]
    for name, kind in wanted.items():
        column = leads[name]
        if kind == "category" and pd.api.types.is_integer_dtype(column.dtype):
            columns.append(pa.array(column, pa.int64()))  # names that are numbers stay numbers
            continue
        if kind == "category" and pd.api.types.is_float_dtype(column.dtype):
            columns.append(pa.array(column, pa.float64(), from_pandas=True))
            continue
        from_pandas = kind != "number"
        columns.append(
            pa.array(column.to_numpy(dtype=object if from_pandas else float), TYPES[kind], from_pandas=from_pandas)
        )
    return pa.table(columns, names=[PLACE, *wanted])


def result(names: list[str], rows: list[tuple[object, ...]], leads: pd.DataFrame, inputs: int) -> pd.DataFrame:
    """Return what an engine answered in the order of the leads, without the columns of the leads."""
    found = pd.DataFrame(dict(enumerate(zip(*rows, strict=True) if rows else [()] * len(names))), dtype=object)
    found = found.sort_values(0).iloc[:, inputs + 1 :]
    return found.set_axis(pd.Index(names[inputs + 1 :]), axis=1).set_axis(leads.index, axis=0)
