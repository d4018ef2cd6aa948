"""The score log as a table of a PostgreSQL database: a batch is one transaction, guarded by its key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from leadml.history.sources import faults
from leadml.history.sources.server import connected, literal
from leadml.jobs.running.steps import step
from leadml.jobs.scorelog import wording
from leadml.jobs.scorelog.databases import BATCHES, MAKE, TABLE

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Cursor

    from leadml.jobs.scorelog.entries import Batch

Answer = TypeVar("Answer")
FORBIDDEN = "42501"
# one writer at a time makes the tables; the number is leadml's own, "lead" in ASCII
QUEUE = f"SELECT pg_advisory_xact_lock({int.from_bytes(b'lead', 'big')})"


def append(variable: str, batch: Batch) -> int:
    """Add a batch to the database whose address a variable holds, unless it is there; see `places.append`."""
    rows = batch.arrow()
    with closing(connected(variable)) as connection, connection.cursor() as cursor:
        _tell(cursor, variable, QUEUE)
        for name, statement in zip((TABLE, BATCHES), MAKE, strict=True):
            # where the table is there, the right to make one is not needed
            if _ask(cursor, variable, f"SELECT to_regclass({literal(name)}) IS NULL"):
                _tell(cursor, variable, statement)
        if _ask(cursor, variable, f"SELECT count(*) FROM {BATCHES} WHERE run_key = {literal(batch.key)}"):
            return 0
        _tell(cursor, variable, f"INSERT INTO {BATCHES} VALUES ({literal(batch.key)}, {len(batch.frame)})")
        step("log.noted")
        _guarded(variable, lambda: cursor.adbc_ingest(TABLE, rows, mode="append"))
        step("log.inserted")
        _guarded(variable, connection.commit)
    return len(batch.frame)


def _tell(cursor: Cursor, variable: str, statement: str) -> None:
    _guarded(variable, lambda: cursor.execute(statement))


def _ask(cursor: Cursor, variable: str, question: str) -> Any:
    def answer() -> Any:
        cursor.execute(question)
        return cursor.fetchall()[0][0]

    return _guarded(variable, answer)


def _guarded(variable: str, call: Callable[[], Answer]) -> Answer:
    from adbc_driver_manager import Error

    try:
        return call()
    except Error as fault:
        forbidden = (fault.sqlstate or "") == FORBIDDEN
        told = wording.may_not_write(variable) if forbidden else faults.of_asking(fault, variable, "the score log")
    raise told  # outside of the handler: the driver's words are no part of the error
