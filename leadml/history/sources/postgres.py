"""Tables and queries of a PostgreSQL server, read as a frame; digits, instants and text arrive as they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from leadml.history.sources import wording
from leadml.history.sources.server import Server, literal, quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PLAIN = ("int2", "int4", "int8", "float4", "float8", "bool", "text", "varchar", "numeric")
FIRST, AFTER_LAST = "0001-01-01", "10000-01-01"
MOST_LISTED = 50_000


def read_postgres(server: Server, table: str | None, query: str | None) -> pd.DataFrame:
    """Read one table, or the answer to one query.

    Parameters
    ----------
    server : Server
    table, query : str, optional
        Exactly one of them; a table as ``schema.table``, or ``table`` where the search path finds it.

    Returns
    -------
    DataFrame
        whole numbers : int16, int32, int64, or Int16 … Int64 where some are missing: no digit is lost
        numeric : int64 or Int64 where all are whole; text where they are longer than that; else float64, rounded
            to the nearest
        timestamptz : datetime64[us, UTC]; timestamp and date: datetime64[us] without a zone. What lies outside of
            the years 1 to 9999 (``infinity``) is missing
        boolean : bool or boolean
        all else : text, as PostgreSQL writes it (uuid, enum, json, arrays …); char(n) without its padding

    Raises
    ------
    UsageError
        If not exactly one of `table` and `query` is given, there is no such table, or it may not be read.
    DataError
        If the server refuses the query.
    BusyError
        If the server is gone, or stopped the query.
    """
    what, select = relation(server, table, query)
    columns = server.describe(select, what)
    if not columns:
        raise wording.no_columns(server.variable, what)
    aliases = [f"c{k}" for k in range(len(columns))]
    wanted = ", ".join(f"{_exact(alias, kind)} AS {alias}" for alias, (_, kind) in zip(aliases, columns, strict=True))
    answer = server.ask(f"SELECT {wanted} FROM (\n{select}\n) AS q ({', '.join(aliases)})", what)
    return _frame(answer, [name for name, _ in columns])


def one_of(table: str | None, query: str | None, variable: str) -> None:
    """Raise a UsageError unless exactly one of table and query is given."""
    if (table is None) == (query is None):
        raise wording.table_or_query(variable)


def relation(server: Server, table: str | None, query: str | None) -> tuple[str, str]:
    """Return what messages call a table or query, and a select for it.

    Raises
    ------
    UsageError
        If not exactly one of them is given, or there is no such table.
    """
    one_of(table, query, server.variable)
    if table is None:
        return "the query", (query or "").strip().rstrip(";")
    found = server.ask(_tables(f"s || '.' || t = {literal(table)} OR (visible AND t = {literal(table)})"))
    if found.num_rows == 0:
        others = server.ask(_tables("s NOT LIKE 'pg\\_temp\\_%'", MOST_LISTED)).to_pylist()
        short = "." not in table
        names = [o["t"] if short and o["visible"] else f"{o['s']}.{o['t']}" for o in others]
        raise wording.unknown_table(server.variable, table, names)
    if found.num_rows > 1:
        raise wording.two_tables(server.variable, table)
    place = found.to_pylist()[0]
    return table, f"SELECT * FROM {quoted(place['s'])}.{quoted(place['t'])}"


def _tables(condition: str, most: int = 2) -> str:
    """Return the question for tables, views and the like that fit a condition."""
    return (
        "SELECT s, t, visible FROM (SELECT n.nspname::text AS s, c.relname::text AS t, "
        "pg_catalog.pg_table_is_visible(c.oid) AS visible FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace "
        "AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN "
        f"('pg_catalog', 'information_schema', 'pg_toast')) AS known WHERE {condition} ORDER BY s, t LIMIT {most}"
    )


def _exact(column: str, kind: str) -> str:
    """Return the expression that brings a column of a type over without loss."""
    if kind in PLAIN:
        return column
    if kind in ("timestamptz", "timestamp", "date"):
        bounded = f"CASE WHEN {column} >= '{FIRST}' AND {column} < '{AFTER_LAST}' THEN {column} END"
        return f"({bounded})::timestamp" if kind == "date" else bounded
    return f"{column}::{ {'money': 'numeric', 'oid': 'bigint'}.get(kind, 'text') }"


def _frame(answer: pa.Table, names: list[str]) -> pd.DataFrame:
    import pandas as pd

    columns = {k: _series(column) for k, column in enumerate(answer.columns)}
    frame = pd.DataFrame(columns, index=range(answer.num_rows))
    frame.columns = pd.Index(names, dtype="str")
    return frame


def _series(column: pa.ChunkedArray) -> pd.Series:
    import pandas as pd
    import pyarrow as pa

    if isinstance(column.type, pa.OpaqueType):
        column = _numbers(column)
    nullable: dict[pa.DataType, Callable[[], pd.api.extensions.ExtensionDtype]] = {
        pa.int16(): pd.Int16Dtype,
        pa.int32(): pd.Int32Dtype,
        pa.int64(): pd.Int64Dtype,
        pa.bool_(): pd.BooleanDtype,
    }
    kind = nullable.get(column.type)
    mapped = {column.type: kind()} if kind is not None and column.null_count else {}
    series: pd.Series = column.to_pandas(types_mapper=mapped.get)
    return series


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numeric values, which come as text: whole, or to the nearest float64; text where too long for that."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.chunked_array([chunk.storage for chunk in column.chunks], pa.string())
    whole = pc.match_substring_regex(texts, r"^-?[0-9]+$")
    if not pc.all(whole, min_count=0).as_py():
        return texts.cast(pa.float64())
    try:
        return texts.cast(pa.int64())
    except pa.ArrowInvalid:  # ids of 20 digits
        return texts
