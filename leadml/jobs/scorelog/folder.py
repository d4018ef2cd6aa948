"""The score log as a folder of Parquet files: one per batch, under a name made of its key.

A file appears by one rename, so a reader sees a batch whole or not at all; two jobs that log the same batch write
the same file.
"""

from __future__ import annotations

import io
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.errors import BusyError
from leadml.files import TEMPORARY_PREFIX, write_whole
from leadml.jobs.scorelog import wording

if TYPE_CHECKING:
    import duckdb

    from leadml.history.sources.readers import Table
    from leadml.jobs.scorelog.entries import Batch

STALE_S = 3600.0
KEY_SHOWN = 32


def append(folder: Path, batch: Batch) -> int:
    """Write the batch's file, unless it is there; see `places.append`."""
    from pyarrow import parquet

    target = folder / _name(batch)
    if target.exists() or not len(batch.frame):
        return 0
    buffer = io.BytesIO()
    parquet.write_table(batch.arrow(), buffer)
    try:
        _sweep(folder)
        write_whole(target, buffer.getvalue())
    except OSError as error:
        raise BusyError.cannot_write(error.filename or folder, error.strerror or str(error)) from error
    return len(batch.frame)


def read(folder: Path) -> Table:
    """Read all batches, by name."""
    import duckdb

    from leadml.history.sources.engine import connect, frame_of, one_file
    from leadml.history.sources.readers import Table

    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise wording.empty_log(folder.name)
    try:
        with connect() as connection:
            question = "SELECT * FROM read_parquet(?, union_by_name=true)"
            answer: duckdb.DuckDBPyRelation = connection.sql(question, params=[[one_file(file) for file in files]])
            frame = frame_of(answer)
    except duckdb.Error as fault:
        raise wording.not_a_log(folder.name, str(fault).split("\n")[0]) from fault
    return Table(frame, folder.name, folder.name, is_text=False)


def _name(batch: Batch) -> str:
    month = batch.frame["scored_at"].min() if len(batch.frame) else None
    return f"scores-{month:%Y-%m}-{batch.key[:KEY_SHOWN]}.parquet" if month is not None else "scores-none.parquet"


def _sweep(folder: Path) -> None:
    """Remove what a killed job left behind; an hour is longer than any writing takes."""
    for left in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
