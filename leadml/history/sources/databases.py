"""Tables and queries of database files: DuckDB and SQLite, opened for reading only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.history import wording
from leadml.history.sources.engine import connect, frame_of

if TYPE_CHECKING:
    import pandas as pd

SQLITE_MAGIC = b"SQLite format 3\0"


def read_database(path: Path, table: str | None, query: str | None) -> pd.DataFrame:
    """Read one table, or the answer to one query, of a DuckDB or SQLite file.

    Parameters
    ----------
    path : Path
        The database file; what it is shows in its first bytes.
    table, query : str, optional
        Exactly one of them.

    Raises
    ------
    UsageError
        If not exactly one of `table` and `query` is given, or there is no such table.
    DataError
        If the database refuses the query, or is none.
    """
    if (table is None) == (query is None):
        raise wording.table_or_query(path.name)
    with path.open("rb") as file:
        is_sqlite = file.read(16) == SQLITE_MAGIC
    return _from_sqlite(path, table, query) if is_sqlite else _from_duckdb(path, table, query)


def _select(table: str | None, query: str | None, tables: list[str], where: str) -> str:
    if table is None:
        return query or ""
    if table not in tables:
        raise wording.unknown_table(table, tables, where)
    return 'SELECT * FROM "{}"'.format(table.replace('"', '""'))


def _from_sqlite(path: Path, table: str | None, query: str | None) -> pd.DataFrame:
    import pandas as pd

    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            listed = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
            cursor = connection.execute(_select(table, query, [name for (name,) in listed], path.name))
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
    except sqlite3.Error as fault:
        raise wording.query_failed(path.name, str(fault)) from fault
    frame = pd.DataFrame(rows, columns=range(len(names)))
    frame.columns = names
    return frame


def _from_duckdb(path: Path, table: str | None, query: str | None) -> pd.DataFrame:
    import duckdb

    try:
        with connect(path) as connection:
            listed = connection.sql("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
            select = _select(table, query, [name for (name,) in listed], path.name)
            return frame_of(connection.sql(select))
    except duckdb.Error as fault:
        raise wording.query_failed(path.name, str(fault)) from fault
