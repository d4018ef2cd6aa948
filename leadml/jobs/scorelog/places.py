"""Which kind of place a score log is kept in, and how each is written and read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.jobs.scorelog import wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.sources.readers import Table
    from leadml.jobs.scorelog.entries import Batch

TABLE = "leadml_scores"
DUCKDB = (".duckdb", ".ddb")
SQLITE = (".sqlite", ".sqlite3", ".db")
FILES = (".csv", ".csv.gz", ".parquet")
ENV = "env:"


def append(place: str, batch: Batch) -> int:
    """Add a batch to a score log, unless it is there.

    Parameters
    ----------
    place : str
        See `ScoreLog`.
    batch : Batch
        The rows, with their key.

    Returns
    -------
    int
        How many rows were added: all, or none because the batch was there already.

    Raises
    ------
    UsageError
        If `place` is of no known kind, or may not be written.
    BusyError
        If it is in use, or cannot be reached or written; nothing was added then.
    """
    from leadml.jobs.scorelog import databases, folder, server

    if place.startswith(ENV):
        variable = _server_variable(place)
        if variable is not None:
            return server.append(variable, batch)
        place = _of_environment(place)
    path = Path(place)
    kind = path.suffix.lower()
    if kind in DUCKDB:
        return databases.append_duckdb(path, batch)
    if kind in SQLITE:
        return databases.append_sqlite(path, batch)
    if path.is_file() or path.name.lower().endswith(FILES):
        raise wording.unknown_place(path.name)
    return folder.append(path, batch)


def read_log(place: str | os.PathLike[str] | pd.DataFrame) -> Table:
    """Read a score log, or a file of scores that somebody else has kept.

    Parameters
    ----------
    place : str, path or DataFrame
        A place that `append` writes, a CSV or Parquet file, or a frame.

    Returns
    -------
    Table
        Its columns as they are; see `leadml.jobs.scores.scores_of` for what they must be.

    Raises
    ------
    UsageError
        If there is no such place.
    DataError
        If nothing is in it, or it cannot be read.
    """
    from leadml.history.sources.readers import read_table
    from leadml.jobs.scorelog import databases, folder

    if not isinstance(place, str | os.PathLike):
        return read_table(place)
    text = os.fspath(place)
    if text.startswith(ENV) and _server_variable(text) is not None:
        return read_table(text, table=TABLE)
    path = Path(_of_environment(text) if text.startswith(ENV) else text)
    if path.is_dir():
        return folder.read(path)
    if path.suffix.lower() in (*DUCKDB, *SQLITE) and path.is_file():
        return databases.read(path)
    if not path.exists() and not path.name.lower().endswith(FILES):
        there = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        raise wording.no_log(path.name, there)
    return read_table(path)


def _server_variable(place: str) -> str | None:
    from leadml.history.sources.server import variable_of

    return variable_of(place)


def _of_environment(place: str) -> str:
    """Return the path that a variable holds."""
    from leadml.history import wording as reading

    variable = place.removeprefix(ENV)
    if not os.environ.get(variable):
        raise reading.no_variable(variable)
    if "://" in os.environ[variable]:  # never shown: it may hold a password
        raise wording.unknown_place("the address in " + variable)
    return os.environ[variable]
