"""Is the feature table that PostgreSQL counts the one that DuckDB counts, to the last digit, and what does it take?

Run by hand: ``python benchmarks/postgres.py > benchmarks/postgres.txt`` (a few minutes on two cores). A server is
started for it and thrown away afterwards; 200,000 leads and 5,000,000 events are made up, written to Parquet and
loaded into the server, once with moments in UTC and numeric amounts, once with local times and amounts in text.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.features import Engagement, engagement
from leadml.history.engagement.postgres import PostgresEngine
from leadml.history.settings.sections import EventsSettings, TimesSettings
from tests.history.postgres.events import Made, made
from tests.history.postgres.server import Postgres, programs, running

LEADS, EVENTS = 200_000, 5_000_000
ZONE = TimesSettings("Europe/Vienna", "earlier")


def main() -> int:
    """Print the seconds of each engine and the cells that differ; exit with 1 if any does."""
    binaries = programs()
    if binaries is None:
        print("PostgreSQL's server is not installed", file=sys.stderr)
        return 1
    data = made(LEADS, EVENTS)
    differing = 0
    with running(binaries, shared_buffers="1GB", max_wal_size="4GB") as server, tempfile.TemporaryDirectory() as name:
        os.environ["LEADML_BENCHMARK"] = server.admin()
        print(f"{LEADS:,} leads with {len(data.lead):,} scoring moments, {EVENTS:,} events; {_version(server)}")
        print("events               columns        cells  differing  DuckDB s  PostgreSQL s")
        for kind, events in {"moments, numeric": _typed(data), "local times, text": _texts(data)}.items():
            differing += _compare(server, Path(name), kind, data, events)
    print("the same" if differing == 0 else "NOT THE SAME")
    return 1 if differing else 0


def _compare(server: Postgres, folder: Path, kind: str, data: Made, events: pa.Table) -> int:
    table = kind.replace(" ", "_").replace(",", "")
    pq.write_table(events, folder / f"{table}.parquet")
    server.load(table, events)
    if kind.endswith("numeric"):  # Arrow's decimals become numeric; make sure of it
        server.tell(f"ALTER TABLE {table} ALTER COLUMN minutes TYPE numeric(18, 6)")
    server.tell(f"ANALYZE {table}")
    started = time.perf_counter()
    with DuckEngine(ZONE) as engine:
        duck = _features(engine, data, _settings(f"{folder}/{table}.parquet"))
    between = time.perf_counter()
    with PostgresEngine("LEADML_BENCHMARK", ZONE) as engine:
        postgres = _features(engine, data, _settings("env:LEADML_BENCHMARK", table))
    ended = time.perf_counter()
    differing = _differing(duck, postgres)
    print(
        f"{kind:20s} {duck.frame.shape[1]:7d} {duck.frame.size:12,d} {differing:10,d} "
        f"{between - started:9.1f} {ended - between:13.1f}",
        flush=True,
    )
    return differing


def _features(engine: DuckEngine | PostgresEngine, data: Made, settings: EventsSettings) -> Engagement:
    return engagement(engine, settings, data.lead, data.as_of_us)


def _settings(source: str, table: str | None = None) -> EventsSettings:
    return EventsSettings(source, topic="topic", amount="minutes", table=table)


def _differing(one: Engagement, other: Engagement) -> int:
    """Count cells that differ in any bit; all, if the columns do. The reports count as one cell each."""
    if list(one.frame.columns) != list(other.frame.columns) or one.frame.shape != other.frame.shape:
        return int(max(one.frame.size, other.frame.size))
    bits = (frame.to_numpy(np.float64) + 0.0 for frame in (one.frame, other.frame))
    first, second = (np.where(np.isnan(values), np.inf, values).view(np.int64) for values in bits)
    return int((first != second).sum()) + (one.report != other.report) + (one.spec != other.spec)


def _typed(data: Made) -> pa.Table:
    """Moments in UTC, and amounts as decimals with six digits."""
    amount = data.events["amount_u"].cast(pa.decimal128(24, 0))
    millionth = pa.scalar(1, pa.decimal128(1, 0))
    exact = pc.multiply(amount, millionth).cast(pa.decimal128(30, 6))
    minutes = pc.divide(exact, pa.scalar(1_000_000, pa.decimal128(7, 0))).cast(pa.decimal128(24, 6))
    return _with(data.events, data.events["at_us"].cast(pa.timestamp("us", "UTC")), minutes)


def _texts(data: Made) -> pa.Table:
    """Local times without a zone, some of which stand on the clock twice or never, and amounts as text."""
    minutes = pc.divide(data.events["amount_u"].cast(pa.float64()), 1e6).cast(pa.string())
    return _with(data.events, data.events["at_us"].cast(pa.timestamp("us")), minutes)


def _with(events: pa.Table, at: pa.ChunkedArray, minutes: pa.ChunkedArray) -> pa.Table:
    columns = {"lead_id": events["lead_id"], "occurred_at": at, "type": events["type"], "topic": events["topic"]}
    return pa.table(columns | {"minutes": minutes})


def _version(server: Postgres) -> str:
    from adbc_driver_postgresql.dbapi import connect

    with connect(server.admin()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT split_part(version(), ' on ', 1)")
        return str(cursor.fetchall()[0][0])


if __name__ == "__main__":
    sys.exit(main())
