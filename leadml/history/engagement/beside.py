"""What leadml puts beside the events of a server: in temporary tables, or written into each question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leadml.history.sources.server import KINDS, Server, literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa


class Stored:
    """Temporary tables and views: sent once, and planned with their statistics."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a table in, in the place of an earlier one of that name."""
        self._server.put(name, table)

    def define(self, name: str, select: str, what: str, stored: bool = False) -> None:
        """Give a select a name; its answer is stored where it is costly."""
        self._server.define(name, select, what, stored)

    def within(self, sql: str) -> str:
        """Return a question that finds all that was brought in."""
        return sql


class Inline:
    """The same for a user or a standby that may have nothing temporary: each question says it all again.

    Examples
    --------
    >>> beside = Inline()
    >>> beside.define("recent", "SELECT 1 AS a", "the query")
    >>> print(beside.within("SELECT a FROM recent"))
    WITH "recent" AS (
    SELECT 1 AS a
    )
    SELECT a FROM recent
    """

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}

    def put(self, name: str, table: pa.Table) -> None:
        """Keep a table as arrays."""
        arrays = ", ".join(_array(column) for column in table.columns)
        names = ", ".join(quoted(column) for column in table.column_names)
        self._parts[name] = f"SELECT * FROM unnest({arrays}) AS t ({names})"

    def define(self, name: str, select: str, what: str, stored: bool = False) -> None:
        """Keep a select."""
        self._parts[name] = select

    def within(self, sql: str) -> str:
        """Return a question that brings all along that it names."""
        parts = ",\n".join(f"{quoted(name)} AS (\n{select}\n)" for name, select in self._parts.items())
        own = re.match(r"\s*WITH\s", sql)
        return f"WITH {parts}{',' if own else ''}\n{sql[own.end() :] if own else sql}" if parts else sql


def _array(column: pa.ChunkedArray) -> str:
    """Write a column as an array."""
    kind = KINDS.get(str(column.type), "text")
    entries = column.cast("string").to_pandas()
    if kind == "text":
        doubled = entries.str.replace("\\", "\\\\", regex=False).str.replace('"', '\\"', regex=False)
        entries = '"' + doubled + '"'
    return f"{literal('{' + ','.join(entries.fillna('NULL')) + '}')}::{kind}[]"
