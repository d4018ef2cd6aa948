"""A PostgreSQL server: one connection, one snapshot, nothing written but temporary tables.

The driver is ADBC: columns come as Arrow, in binary, without a detour through Python objects.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from leadml.errors import LeadmlError
from leadml.history.sources import faults, wording

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection, Cursor

Answer = TypeVar("Answer")

SCHEMES = ("postgresql://", "postgres://")
# so that a dead host or a broken line is noticed; an address that says otherwise is followed
PATIENCE = {
    "connect_timeout": "15",
    "keepalives_idle": "60",
    "keepalives_interval": "20",
    "keepalives_count": "6",
    "fallback_application_name": "leadml",
}
# texts of times, intervals and floats look the same on every server
FORMS = {
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "1",
}

KINDS = {"int64": "bigint", "int32": "integer", "int16": "smallint", "double": "float8", "bool": "boolean"}


def variable_of(source: str) -> str | None:
    """Return the variable that a source names, if that holds the address of a PostgreSQL server.

    Examples
    --------
    >>> variable_of("leads.csv") is None
    True
    """
    variable = source.removeprefix("env:")
    is_server = variable != source and os.environ.get(variable, "").lstrip().startswith(SCHEMES)
    return variable if is_server else None


def quoted(name: str) -> str:
    """Quote a name for PostgreSQL.

    Examples
    --------
    >>> print(quoted('my "own" table'))
    "my ""own"" table"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    r"""Write a text as a constant, whatever the server takes a backslash for.

    Examples
    --------
    >>> print(literal("it's"), literal("a\\b"))
    'it''s'  E'a\\b'
    """
    doubled = text.replace("'", "''")
    return " E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


class Server:
    """One connection to a server, in one transaction that sees the database as it was at its first question.

    Parameters
    ----------
    variable : str
        The environment variable that holds the address, as ``postgresql://…``.

    Attributes
    ----------
    temporary : bool
        Whether there may be temporary tables: not on a standby, and not without the right to them.

    Raises
    ------
    UsageError
        If the driver is missing, the address is not understood, or the server does not let the user in.
    BusyError
        If the server cannot be reached.
    """

    def __init__(self, variable: str) -> None:
        self.variable = variable
        self._reading = False
        self._connection = connected(variable)
        try:
            self._begin()
        except LeadmlError:
            self.close()
            raise

    def _begin(self) -> None:
        """Open the one transaction: what it sees stays the same until it is closed."""
        primary = "NOT pg_is_in_recovery()"
        allowed = "has_database_privilege(current_database(), 'TEMPORARY')"
        found = self.ask(f"SELECT {primary} AS primary, {primary} AND {allowed} AS temporary").to_pylist()[0]
        self.temporary: bool = found["temporary"]
        self._guarded("the server", self._connection.rollback)
        self._reading = False
        mode = ", READ WRITE" if found["primary"] else ""  # for temporary tables; each question is READ ONLY
        self.tell("the server", f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{mode}")
        for name, value in FORMS.items():
            self.tell("the server", f"SET LOCAL {name} = '{value}'")

    def describe(self, select: str, what: str) -> list[tuple[str, str]]:
        """Return the columns that a select would give, each with PostgreSQL's name of its type."""
        with self._connection.cursor() as cursor:
            schema = self._guarded(what, lambda: cursor.adbc_execute_schema(f"SELECT * FROM (\n{select}\n) AS q"))
        kinds = ((field.metadata or {}).get(b"POSTGRESQL:type", b"") for field in schema)
        return [(name, kind.decode()) for name, kind in zip(schema.names, kinds, strict=True)]

    def ask(self, select: str, what: str = "the server") -> pa.Table:
        """Return the whole answer to a question that cannot write."""
        with self._connection.cursor() as cursor:
            self._ask(cursor, select, what)
            answer: pa.Table = self._guarded(what, cursor.fetch_arrow_table)
        return answer

    def stream(self, select: str, what: str) -> Generator[pa.RecordBatch, None, None]:
        """Yield the answer to a question that cannot write, in batches; to be read to the end."""
        with self._connection.cursor() as cursor:
            self._ask(cursor, select, what)
            reader = self._guarded(what, cursor.fetch_record_batch)
            while (batch := self._guarded(what, lambda: next(reader, None))) is not None:
                yield batch

    def tell(self, what: str, statement: str) -> None:
        """Run a statement that gives no answer."""
        with self._connection.cursor() as cursor:
            self._guarded(what, lambda: cursor.execute(statement))

    def put(self, name: str, table: pa.Table) -> None:
        """Make a temporary table, in the place of an earlier one of that name; only where `temporary`."""
        self._end_reading()
        columns = ", ".join(f"{quoted(field.name)} {KINDS.get(str(field.type), 'text')}" for field in table.schema)
        self.tell(name, f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")
        self.tell(name, f"CREATE TEMPORARY TABLE {quoted(name)} ({columns})")
        with self._connection.cursor() as cursor:
            self._guarded(name, lambda: cursor.adbc_ingest(name, table, mode="append", temporary=True))
        self.tell(name, f"ANALYZE pg_temp.{quoted(name)}")

    def define(self, name: str, select: str, what: str, stored: bool = False) -> None:
        """Make a temporary view, or a table where the answer is to be stored.

        Raises as `ask` does. A select to be stored has to be one that was
        asked before, so that it is known not to write.
        """
        self._end_reading()
        kind = "TABLE" if stored else "VIEW"
        self.tell(what, f"DROP {kind} IF EXISTS pg_temp.{quoted(name)} CASCADE")
        self.tell(what, f"CREATE TEMPORARY {kind} {quoted(name)} AS\n{select}")

    def close(self) -> None:
        """End the transaction, and with it every temporary table; may be called twice."""
        self._connection.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, cursor: Cursor, select: str, what: str) -> None:
        """Begin a question in a part of the transaction that cannot write."""
        self._end_reading()
        self.tell(what, "SAVEPOINT leadml")
        self.tell(what, "SET TRANSACTION READ ONLY")
        self._reading = True
        self._guarded(what, lambda: cursor.execute(select))

    def _end_reading(self) -> None:
        """Leave the part that cannot write; the snapshot stays."""
        if self._reading:
            self.tell("the server", "ROLLBACK TO SAVEPOINT leadml")
            self.tell("the server", "RELEASE SAVEPOINT leadml")
        self._reading = False

    def _guarded(self, what: str, call: Callable[[], Answer]) -> Answer:
        from adbc_driver_manager import Error

        try:
            return call()
        except Error as fault:
            told = faults.of_asking(fault, self.variable, what)
        raise told  # outside of the handler: the driver's words are no part of the error


class Servers:
    """The servers of one reading of a history: sources on one server are read from one snapshot.

    Examples
    --------
    >>> with Servers() as servers:
    ...     len(servers.opened)
    0
    """

    def __init__(self) -> None:
        self._opened: list[Server] = []

    @property
    def opened(self) -> list[Server]:
        """Servers that something was read from."""
        return list(self._opened)

    def of(self, variable: str) -> Server:
        """Return the server whose address a variable holds, connected at first use."""
        same = (s for s in self._opened if os.environ.get(s.variable) == os.environ[variable])
        server = next(same, None)
        if server is None:
            server = Server(variable)
            self._opened.append(server)
        return server

    def close(self) -> None:
        """Close all of them."""
        for server in self._opened:
            server.close()
        self._opened.clear()

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def connected(variable: str) -> Connection:
    """Open a connection to the server whose address a variable holds; raises as `Server` does."""
    found = _connection_or_fault(variable)
    if isinstance(found, LeadmlError):
        raise found
    return found


def _connection_or_fault(variable: str) -> Connection | LeadmlError:
    """Connect, or return why not: raised by the caller, so that no frame of the error knows the address."""
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql.dbapi import connect
    except ImportError:
        return wording.no_driver()
    try:
        connection: Connection = connect(_patient(os.environ[variable].strip()), autocommit=False)
    except Error as fault:
        return faults.of_connecting(fault, variable)
    return connection


def _patient(address: str) -> str:
    """Add to an address how long to wait, where it does not say so itself."""
    waits = {**PATIENCE, **({"connect_timeout": ""} if "PGCONNECT_TIMEOUT" in os.environ else {})}
    added = "&".join(f"{key}={value}" for key, value in waits.items() if value and f"{key}=" not in address)
    return address + ("&" if "?" in address else "?") + added if added else address
