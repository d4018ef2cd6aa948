"""DuckDB, embedded: opened without network, closed after use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def connect(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database file for reading, or an empty database in memory; nothing is ever downloaded."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.connect(":memory:" if path is None else str(path), read_only=path is not None, config=config)


def frame_of(answer: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Fetch an answer as a frame; by way of Arrow, which is four times as fast for text.

    Whole numbers with gaps stay whole numbers: as float64 ids beyond 2^53 would lose their last digits.
    """
    import pandas as pd
    import pyarrow as pa

    table = answer.to_arrow_table()
    frame: pd.DataFrame = table.to_pandas()
    for place, column in enumerate(table.columns):
        if pa.types.is_integer(column.type) and column.null_count:
            frame.isetitem(place, column.to_pandas(types_mapper=lambda _: pd.Int64Dtype()).array)
    return frame


def one_file(path: Path) -> str:
    """Return a path so that DuckDB takes it for one file, not for a pattern.

    Examples
    --------
    >>> one_file(Path("leads[1]?.csv"))
    'leads[[]1][?].csv'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path))
