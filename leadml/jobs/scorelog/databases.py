"""The score log as a table of a DuckDB or SQLite file: a batch is one transaction, guarded by its key."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import BusyError
from leadml.files import TEMPORARY_PREFIX, write_whole
from leadml.jobs.running.steps import step
from leadml.jobs.scorelog import wording
from leadml.jobs.scorelog.entries import COLUMNS
from leadml.locks import locked

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from leadml.history.sources.readers import Table
    from leadml.jobs.scorelog.entries import Batch

WAIT_S = 60.0
TABLE, BATCHES = "leadml_scores", "leadml_score_batches"
TYPES = ("TEXT", "TIMESTAMPTZ", "TEXT", "BIGINT", "BOOLEAN", "TEXT", "TIMESTAMPTZ", "TEXT")
MAKE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} ({', '.join(map(' '.join, zip(COLUMNS, TYPES, strict=True)))})",
    f"CREATE TABLE IF NOT EXISTS {BATCHES} (run_key TEXT PRIMARY KEY, leads BIGINT NOT NULL)",
)
THERE = f"SELECT 1 FROM {BATCHES} WHERE run_key = ?"
NOTE = f"INSERT INTO {BATCHES} VALUES (?, ?)"


def append_duckdb(path: Path, batch: Batch) -> int:
    """Add a batch to a DuckDB file, unless it is there; see `places.append`.

    DuckDB lets one process at a time into a file, so that writers and readers queue at a lock file beside it.
    """
    import duckdb

    rows = batch.arrow()
    with _told(path, (duckdb.Error,)), _alone(path), _duckdb(path, read_only=False) as connection:
        connection.execute("BEGIN")
        for statement in MAKE:
            connection.execute(statement)
        if connection.execute(THERE, [batch.key]).fetchone():
            connection.execute("ROLLBACK")
            return 0
        connection.execute(NOTE, [batch.key, len(batch.frame)])
        connection.register("leadml_batch", rows)
        step("log.noted")
        connection.execute(f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM leadml_batch")
        step("log.inserted")
        connection.execute("COMMIT")
    return len(batch.frame)


def append_sqlite(path: Path, batch: Batch) -> int:
    """Add a batch to a SQLite file, unless it is there; see `places.append`."""
    marks = ", ".join("?" * len(COLUMNS))
    with _told(path, (sqlite3.Error,)), _sqlite(path) as base:
        base.execute("BEGIN IMMEDIATE")
        for statement in MAKE:
            base.execute(statement)
        if base.execute(THERE, [batch.key]).fetchone():
            base.execute("ROLLBACK")
            return 0
        base.execute(NOTE, [batch.key, len(batch.frame)])
        step("log.noted")
        base.executemany(f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({marks})", _plain(batch.frame))
        step("log.inserted")
        base.execute("COMMIT")
    return len(batch.frame)


def read(path: Path) -> Table:
    """Read the log of a database file."""
    from leadml.history.sources.databases import SQLITE_MAGIC
    from leadml.history.sources.readers import read_table

    with path.open("rb") as file:
        if file.read(16) == SQLITE_MAGIC:
            return read_table(path, table=TABLE)
    try:
        with _alone(path):
            return read_table(path, table=TABLE)
    except PermissionError:  # a folder that may only be read has no room for the lock file, and no writers either
        return read_table(path, table=TABLE)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with locked(path.parent / f".leadml-{path.name}.lock", f"The score log {path.name}", WAIT_S):
        yield


@contextmanager
def _duckdb(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    if not path.is_file() or not path.stat().st_size:
        _set_up(path)
    with closing(duckdb.connect(str(path), read_only=read_only, config=config)) as connection:
        yield connection


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as connection:
        yield connection


def _set_up(path: Path) -> None:
    """Let a new file appear whole: one that is cut off while it is made could never be opened again."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=path.parent) as folder:
        draft = Path(folder, "log.duckdb")
        duckdb.connect(str(draft)).close()
        content = draft.read_bytes()
    write_whole(path, content)


@contextmanager
def _told(path: Path, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Translate what the database says; an open transaction ends with its connection."""
    try:
        yield
    except faults as fault:
        reason = str(fault).strip().partition("\n")[0]
        if "not a database" in reason.lower() or "not a valid duckdb" in reason.lower():
            raise wording.not_a_log(path.name, reason) from fault
        raise wording.not_written(path.name, reason) from fault
    except OSError as fault:
        raise BusyError.cannot_write(fault.filename or path, fault.strerror or str(fault)) from fault


def _plain(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give rows as SQLite takes them: times as ISO 8601 text in UTC, truths as 0 and 1, nothing as NULL."""
    import pandas as pd

    columns = []
    for name in COLUMNS:
        column = frame[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            column = column.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        elif column.dtype == bool:
            column = column.astype("int64")
        columns.append(column.astype(object).where(column.notna(), None).tolist())
    return zip(*columns, strict=True)
