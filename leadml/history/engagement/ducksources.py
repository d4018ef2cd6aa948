"""Events from files and frames as a relation of DuckDB with plain columns ``c0``, ``c1`` …, before they are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.history import wording
from leadml.history.engagement.duckshapes import literal, quoted
from leadml.history.sources import csvfile, readers
from leadml.history.sources.csvtrouble import read_slowly
from leadml.history.sources.databases import SQLITE_MAGIC
from leadml.history.sources.engine import one_file
from leadml.history.sources.textfile import check_text
from leadml.history.values.texts import kind_of_objects

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

    from leadml.history.settings.sections import EventsSettings

RAW, COPY = "leadml_raw", "leadml_copied"
BATCH = 100_000


@dataclass(frozen=True)
class Raw:
    """A source of events that DuckDB can select from.

    Parameters
    ----------
    where : str
        What messages call it.
    names : tuple of str
        Its columns, exactly as they are written in the source.
    select : str
        A query whose columns are these, in this order, under whatever names.
    sep : str
        The separator, if the source is a CSV file as it is; else empty.
    stored : bool
        Whether reading it twice costs little: false for text files.
    """

    where: str
    names: tuple[str, ...]
    select: str
    sep: str = ""
    stored: bool = True

    def column(self, name: str) -> str:
        """Return the plain name of a column, ``c0`` for the first.

        Raises
        ------
        UsageError
            If there is none of that name, with the nearest that there is.
        """
        if name not in self.names:
            raise UsageError.unknown_column(name, self.names, self.where)
        return f"c{self.names.index(name)}"

    @property
    def relation(self) -> str:
        """The source under its plain column names, for FROM."""
        columns = ", ".join(f"c{k}" for k in range(len(self.names)))
        return f"(\n{self.select}\n) AS {RAW} ({columns})"


def raw_events(connection: duckdb.DuckDBPyConnection, settings: EventsSettings, path: Path) -> Raw:
    """Open a file of events.

    Parameters
    ----------
    connection : duckdb connection
    settings : EventsSettings
        With table, query and separator.
    path : Path
        The file; its ending says what it is.

    Raises
    ------
    UsageError
        If it is of no known kind, or has no such table.
    DataError
        If it cannot be read.
    """
    name = path.name.lower()
    is_database = name.endswith(readers.DATABASE_ENDINGS)
    if not is_database and (settings.table or settings.query):
        raise wording.not_a_database(path.name, readers.ACCEPTED)
    if name.endswith(readers.CSV_ENDINGS):
        return _csv(connection, path, settings.sep)
    if name.endswith(".parquet"):
        return _parquet(path)
    if is_database:
        return _database(connection, path, settings.table, settings.query)
    raise wording.unknown_source(path.name, readers.ACCEPTED)


def raw_frame(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> Raw:
    """Take events from a pandas frame; objects of mixed types become text."""
    import pyarrow as pa

    table = readers.read_table(frame)
    columns = {f"c{k}": _arrow(table.frame[name]) for k, name in enumerate(table.columns)}
    put(connection, COPY, pa.table(columns))
    return Raw(table.where, tuple(table.columns), f"SELECT * FROM {COPY}")


def _arrow(values: pd.Series) -> pa.Array:
    import pandas as pd
    import pyarrow as pa

    if values.isna().all():
        return pa.nulls(len(values), pa.string())
    if values.dtype == object:
        values = kind_of_objects(values)[0]
    if values.dtype == object:
        values = values.astype("str")
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        utc = pa.Array.from_pandas(values.dt.tz_convert(None).astype("datetime64[us]"))
        return utc.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    return pa.Array.from_pandas(values)


def put(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Copy an Arrow table into a temporary table, replacing one of that name."""
    connection.register("leadml_arrow", table)
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM leadml_arrow").fetchall()
    finally:
        connection.unregister("leadml_arrow")


def _csv(connection: duckdb.DuckDBPyConnection, path: Path, given: str | None) -> Raw:
    import duckdb

    check_text(path)
    lines, blank = csvfile._first_lines(path)
    sep = csvfile._separator(lines, csvfile.one_character(given), path.name)
    names = tuple(csvfile.column_names(csvfile._records(lines, sep)[0], path.name))
    columns = ", ".join(f"'c{k}': 'VARCHAR'" for k in range(len(names)))
    packed = "gzip" if path.name.lower().endswith(".gz") else "none"
    select = (
        f"SELECT * FROM read_csv({literal(one_file(path))}, delim={literal(sep)}, columns={{{columns}}}, "
        f"compression='{packed}', header=true, auto_detect=false, strict_mode=true, "
        "quote='\"', escape='\"', nullstr='')"
    )
    if not blank:
        try:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {COPY} AS {select}").fetchall()
            return Raw(path.name, names, f"SELECT * FROM {COPY}", sep, stored=False)
        except duckdb.Error:
            pass  # the slow reader says what is wrong, or reads it after all
    import pyarrow as pa

    frame = read_slowly(path, sep, len(names))
    put(connection, COPY, pa.Table.from_pandas(frame, preserve_index=False))
    return Raw(path.name, names, f"SELECT * FROM {COPY}", sep, stored=False)


def _parquet(path: Path) -> Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = tuple(csvfile.column_names(list(file.schema_arrow.names), path.name))
    except (pa.ArrowException, OSError) as fault:
        raise wording.damaged(path.name, str(fault).split("\n")[0]) from fault
    # without can_have_nan, comparisons lose NaN in files whose statistics do not mention them
    return Raw(path.name, names, f"SELECT * FROM read_parquet({literal(one_file(path))}, can_have_nan=true)")


def _database(connection: duckdb.DuckDBPyConnection, path: Path, table: str | None, query: str | None) -> Raw:
    import duckdb

    if (table is None) == (query is None):
        raise wording.table_or_query(path.name)
    with path.open("rb") as file:
        if file.read(16) == SQLITE_MAGIC:
            return _sqlite(connection, path, table, query)
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS leadml_source (READ_ONLY)").fetchall()
        connection.execute("USE leadml_source").fetchall()
        listed = "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'leadml_source' ORDER BY 1"
        tables = [name for (name,) in connection.execute(listed).fetchall()]
        if table is not None and table not in tables:
            raise wording.unknown_table(table, tables, path.name)
        select = f"SELECT * FROM leadml_source.{quoted(table)}" if table is not None else (query or "").rstrip("; \n")
        described = connection.execute(f"DESCRIBE {select}").fetchall()
    except duckdb.Error as fault:
        raise wording.query_failed(path.name, str(fault)) from fault
    return Raw(path.name, tuple(csvfile.column_names([row[0] for row in described], path.name)), select)


def _sqlite(connection: duckdb.DuckDBPyConnection, path: Path, table: str | None, query: str | None) -> Raw:
    """Copy what a SQLite file answers, some rows at a time: DuckDB's own reader would have to be downloaded."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
            listed = source.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
            tables = [name for (name,) in listed]
            if table is not None and table not in tables:
                raise wording.unknown_table(table, tables, path.name)
            asked = f"SELECT * FROM {quoted(table)}" if table is not None else (query or "").rstrip("; \n")
            described = source.execute(f"SELECT * FROM (\n{asked}\n) LIMIT 0").description
            names = tuple(csvfile.column_names([column[0] for column in described], path.name))
            for k, batch in enumerate(_texts(source, asked, len(names))):
                _append(connection, batch, first=k == 0)
    except sqlite3.Error as fault:
        raise wording.query_failed(path.name, str(fault)) from fault
    return Raw(path.name, names, f"SELECT * FROM {COPY}", stored=False)


def _texts(source: sqlite3.Connection, asked: str, width: int) -> Iterator[pa.Table]:
    """Yield batches of text: SQLite has a type per value, not per column. Numbers are written so that none changes."""
    import pyarrow as pa

    columns = ", ".join(f"c{k}" for k in range(width))
    whole = "CAST({0} AS INTEGER)"
    real = f"CASE WHEN {{0}} = {whole} THEN CAST({whole} AS TEXT) ELSE printf('%!.17g', {{0}}) END"
    text = f"CASE typeof({{0}}) WHEN 'real' THEN {real} WHEN 'blob' THEN NULL ELSE CAST({{0}} AS TEXT) END"
    shown = ", ".join(text.format(f"c{k}") for k in range(width))
    cursor = source.execute(f"WITH given ({columns}) AS (\n{asked}\n) SELECT {shown} FROM given")
    rows = cursor.fetchmany(BATCH)
    empty: list[tuple[str | None, ...]] = [()] * width
    while True:
        by_column = list(zip(*rows, strict=True)) or empty
        yield pa.table({f"c{k}": pa.array(values, pa.string()) for k, values in enumerate(by_column)})
        rows = cursor.fetchmany(BATCH)
        if not rows:
            return


def _append(connection: duckdb.DuckDBPyConnection, batch: pa.Table, first: bool) -> None:
    if first:
        put(connection, COPY, batch)
        return
    connection.register("leadml_arrow", batch)
    connection.execute(f"INSERT INTO {COPY} SELECT * FROM leadml_arrow").fetchall()
    connection.unregister("leadml_arrow")
