"""Events written to measure with, and the contenders that make features of them; see history.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 86_400_000_000
START = 19_358 * DAY  # 2023-01-01
SPAN, BEFORE, AFTER, DELAY = 730, 30, 120, 90
WINDOWS = (7, 30, 90)
TYPES = ("call", "demo_request", "download", "email_click", "email_open", "page_view", "pricing_page", "webinar")
SHARES = (0.03, 0.03, 0.07, 0.09, 0.18, 0.42, 0.13, 0.05)
TOPICS = ("alpha", "beta")  # of page views, half of which have none
SCHEMA = pa.schema(
    {
        "lead_id": pa.int64(),
        "occurred_at": pa.timestamp("us", "UTC"),
        "type": pa.dictionary(pa.int8(), pa.string()),
        "topic": pa.dictionary(pa.int8(), pa.string()),
    }
)


def write_events(folder: Path, leads: int, events: int) -> None:
    """Write events in the order of time, and the scoring moment of each lead; a day at a time, so in little memory.

    Leads differ in how much they do (log-normal), and do it from 30 days before they are known to 120 days after.
    """
    rng = np.random.default_rng(leads)
    created = START + np.sort(rng.integers(0, SPAN * DAY, leads))
    weight = np.concatenate([[0.0], np.cumsum(rng.lognormal(0, 1, leads))])
    days = np.arange(-BEFORE, SPAN + AFTER)
    first = np.searchsorted(created, START + (days - AFTER) * DAY)
    last = np.searchsorted(created, START + (days + BEFORE) * DAY)
    mass = weight[last] - weight[first]
    counts = np.floor(mass / mass.sum() * events).astype(np.int64)
    counts[counts.argmax()] += events - counts.sum()
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(folder / "events.parquet", SCHEMA, compression="zstd") as out:
        for day, lo, hi, n in zip(days, first, last, counts, strict=True):
            at = weight[lo] + rng.random(n) * (weight[hi] - weight[lo])
            lead = np.clip(np.searchsorted(weight, at, side="right") - 1, lo, max(hi - 1, lo))
            kind = rng.choice(len(TYPES), n, p=SHARES).astype(np.int8)
            topic = rng.integers(0, 4, n).astype(np.int8)
            seconds = np.sort(rng.integers(0, 86_400, n)) * 1_000_000
            columns = [
                pa.array(lead + 1_000_000),
                pa.array(START + day * DAY + seconds).cast(SCHEMA.field(1).type),
                pa.DictionaryArray.from_arrays(pa.array(kind), pa.array(TYPES)),
                pa.DictionaryArray.from_arrays(
                    pa.array(topic, mask=(kind != TYPES.index("page_view")) | (topic > 1)), pa.array(TOPICS)
                ),
            ]
            waiting.append(pa.Table.from_arrays(columns, schema=SCHEMA))
            if sum(map(len, waiting)) > 1_000_000 or day == days[-1]:
                out.write_table(pa.concat_tables(waiting))
                waiting = []
    moments = {"lead_id": np.arange(leads) + 1_000_000, "as_of_us": created + DELAY * DAY}
    pq.write_table(pa.table(moments), folder / "moments.parquet")


def names() -> list[str]:
    """Return the 42 columns, in leadml's order."""
    out = []
    for type_ in TYPES:
        out += [f"{type_}_{days}d" for days in WINDOWS]
        if type_ == "page_view":
            out += [f"{type_}_{topic}_{days}d" for topic in TOPICS for days in WINDOWS]
        out.append(f"days_since_{type_}")
    return [*out, *(f"active_days_{days}d" for days in WINDOWS), "surge"]


def ours(folder: Path, memory_gb: str = "2") -> np.ndarray:
    """Use leadml with its default settings; types and topics are found, not given."""
    from leadml.history.engagement.duck import DuckEngine
    from leadml.history.engagement.features import engagement
    from leadml.history.settings.sections import EngineSettings, EventsSettings

    moments = pq.read_table(folder / "moments.parquet")
    lead = moments["lead_id"].cast(pa.string()).to_numpy()
    with DuckEngine(settings=EngineSettings(memory_gb=float(memory_gb))) as engine:
        asked = EventsSettings(str(folder / "events.parquet"), topic="topic")
        frame = engagement(engine, asked, lead, moments["as_of_us"].to_numpy()).frame
    return frame[names()].to_numpy() if list(frame.columns) != names() else frame.to_numpy()


def connect() -> Any:
    import duckdb

    connection = duckdb.connect(config={"preserve_insertion_order": False, "threads": 2})
    connection.execute("SET TimeZone = 'UTC'").fetchall()
    return connection


def scan(folder: Path) -> np.ndarray:
    """Read the columns that are needed, and nothing else: the floor."""
    columns = "sum(lead_id), max(epoch_us(occurred_at)), count(type), count(topic)"
    rows = connect().execute(f"SELECT {columns} FROM '{folder}/events.parquet'").fetchall()
    return np.array(rows, dtype=np.float64)


def joined(folder: Path) -> str:
    """Return the join, with the age outside of it, so that DuckDB can find leads by their number alone."""
    kind = "CASE e.type " + " ".join(f"WHEN '{type_}' THEN {k}" for k, type_ in enumerate(TYPES)) + " END"
    topic = "CASE e.topic " + " ".join(f"WHEN '{topic}' THEN {k}" for k, topic in enumerate(TOPICS)) + " ELSE 2 END"
    day = f"(as_of_us // {DAY}) - (epoch_us(occurred_at) // {DAY})"
    return (
        f"(SELECT row, {kind} AS kind, {topic} AS topic, as_of_us - epoch_us(occurred_at) AS age, {day} AS day "
        f"FROM '{folder}/events.parquet' AS e "
        f"JOIN (SELECT *, row_number() OVER () - 1 AS row FROM '{folder}/moments.parquet') USING (lead_id))"
    )


def dates() -> str:
    """Return the dates with events as two words of bits, and whether the first date of each window has some."""
    edges = [f"bool_or(age > 0 AND day = {days} AND age <= {days * DAY}) AS e{days}" for days in WINDOWS]
    return ", ".join(
        [
            "bit_or(CASE WHEN age > 0 AND day < 60 THEN 1::BIGINT << day ELSE 0 END) AS low",
            "bit_or(CASE WHEN day >= 60 AND day < 90 THEN 1::BIGINT << (day - 60) ELSE 0 END) AS high",
            *edges,
        ]
    )


def active(days: int) -> str:
    low, high = (1 << min(days, 60)) - 1, (1 << max(days - 60, 0)) - 1
    return f"bit_count(low & {low}) + bit_count(high & {high}) + e{days}::BIGINT AS active_days_{days}d"


def windows(condition: str, name: str) -> list[str]:
    return [f"count(*) FILTER (age > 0 AND age <= {days * DAY} AND {condition}) AS {name}_{days}d" for days in WINDOWS]


def fetched(connection: Any, select: str, folder: Path) -> np.ndarray:
    """Run a query with a row per lead that has events; leads without any get what they would have."""
    moments = pq.read_metadata(folder / "moments.parquet").num_rows
    table = connection.sql(select).to_arrow_table()
    row = table["row"].to_numpy()
    out = np.zeros((moments, len(names())), order="F")
    for k, name in enumerate(names()):
        if name.startswith("days_since") or name == "surge":
            out[:, k] = np.nan
        out[row, k] = table[name].to_numpy()
    return out


ANY = "count(*) FILTER (age > 0 AND age <= {0}) AS a{1}"


def duckdb_wide(folder: Path) -> np.ndarray:
    """One aggregate per feature, grouped by lead."""
    columns = []
    for k, type_ in enumerate(TYPES):
        columns += windows(f"kind = {k}", type_)
        columns.append(f"min(age) FILTER (age > 0 AND kind = {k}) / {DAY} AS days_since_{type_}")
    view = TYPES.index("page_view")
    for k, topic in enumerate(TOPICS):
        columns += windows(f"kind = {view} AND topic = {k}", f"page_view_{topic}")
    columns += [ANY.format(days * DAY, days) for days in (7, 90)]
    inner = f"SELECT row, {', '.join(columns)}, {dates()} FROM {joined(folder)} GROUP BY row"
    made = ", ".join(active(days) for days in WINDOWS)
    surge = "CASE WHEN a90 > 0 THEN (a7 * 90) / (a90 * 7) END"
    return fetched(connect(), f"SELECT *, {made}, {surge} AS surge FROM ({inner})", folder)


def duckdb_narrow(folder: Path) -> np.ndarray:
    """Aggregates grouped by lead and kind first, then spread over columns: the fastest that we know."""
    parts = [f"count(*) FILTER (age <= {days * DAY}) AS n{days}" for days in WINDOWS]
    place = "CASE WHEN age > 0 THEN row * 24 + kind * 3 + topic ELSE -1 END"
    narrow = f"SELECT {place} AS place, min(age) AS age, {', '.join(parts)}, {dates()} FROM {joined(folder)} GROUP BY 1"
    columns = []
    for k, type_ in enumerate(TYPES):
        columns += [f"coalesce(sum(n{days}) FILTER (kind = {k}), 0)::BIGINT AS {type_}_{days}d" for days in WINDOWS]
        columns.append(f"min(age) FILTER (kind = {k}) / {DAY} AS days_since_{type_}")
    view = TYPES.index("page_view")
    for k, topic in enumerate(TOPICS):
        only = f"FILTER (kind = {view} AND topic = {k})"
        columns += [f"coalesce(sum(n{days}) {only}, 0)::BIGINT AS page_view_{topic}_{days}d" for days in WINDOWS]
    columns += [f"sum(n{days})::BIGINT AS a{days}" for days in (7, 90)]
    columns += ["bit_or(low) AS low", "bit_or(high) AS high", *(f"bool_or(e{days}) AS e{days}" for days in WINDOWS)]
    spread = (
        f"SELECT place // 24 AS row, {', '.join(columns)} FROM "
        f"(SELECT *, place % 24 // 3 AS kind, place % 3 AS topic FROM ({narrow}) WHERE place >= 0) GROUP BY 1"
    )
    made = ", ".join(active(days) for days in WINDOWS)
    surge = "CASE WHEN a90 > 0 THEN (a7 * 90) / (a90 * 7) END"
    return fetched(connect(), f"SELECT *, {made}, {surge} AS surge FROM ({spread})", folder)


def polars(folder: Path) -> np.ndarray:
    """Polars, streaming."""
    import polars as pl

    moments = pl.scan_parquet(folder / "moments.parquet").with_row_index("row")
    at = pl.col("occurred_at").dt.timestamp("us")
    log = pl.scan_parquet(folder / "events.parquet").join(moments, on="lead_id")
    log = log.with_columns(age=pl.col("as_of_us") - at, date=at // DAY).filter(pl.col("age") > 0)
    inside = {days: pl.col("age") <= days * DAY for days in WINDOWS}
    columns = []
    for type_ in TYPES:
        mine = pl.col("type") == type_
        columns += [(mine & inside[days]).sum().alias(f"{type_}_{days}d") for days in WINDOWS]
        columns.append(pl.col("age").filter(mine).min().alias(f"days_since_{type_}"))
    for topic in TOPICS:
        mine = (pl.col("type") == "page_view") & (pl.col("topic") == topic)
        columns += [(mine & inside[days]).sum().alias(f"page_view_{topic}_{days}d") for days in WINDOWS]
    columns += [pl.col("date").filter(inside[days]).n_unique().alias(f"active_days_{days}d") for days in WINDOWS]
    columns += [inside[days].sum().alias(f"a{days}") for days in (7, 90)]
    table = log.group_by("row").agg(columns).collect(engine="streaming").to_arrow()
    return widened(folder, {name: table[name] for name in table.column_names})


def widened(folder: Path, columns: dict[str, Any]) -> np.ndarray:
    """Put columns of leads with events into all rows; the divisions are done here, in float64."""
    moments = pq.read_metadata(folder / "moments.parquet").num_rows
    row = np.asarray(columns["row"])
    out = np.zeros((moments, len(names())), order="F")
    for k, name in enumerate(names()):
        if name == "surge":
            long = np.asarray(columns["a90"]).astype(np.float64)
            short = np.asarray(columns["a7"]).astype(np.float64)
            out[:, k] = np.nan
            out[row, k] = np.divide(short * 90, long * 7, out=np.full(len(row), np.nan), where=long > 0)
        elif name.startswith("days_since"):
            out[:, k] = np.nan
            out[row, k] = np.asarray(columns[name], dtype=np.float64) / DAY
        else:
            out[row, k] = np.asarray(columns[name])
    return out


def pandas(folder: Path) -> np.ndarray:
    """pandas with what it is best at: integer codes and bincount-like groups."""
    import pandas as pd

    log = pd.read_parquet(folder / "events.parquet")
    moments = pd.read_parquet(folder / "moments.parquet")
    row = pd.Index(moments["lead_id"]).get_indexer(pd.Index(log["lead_id"]))
    at = log["occurred_at"].dt.tz_convert(None).to_numpy("datetime64[us]").astype(np.int64)
    age = moments["as_of_us"].to_numpy()[row] - at
    seen = (row >= 0) & (age > 0)
    small = pd.DataFrame({"row": row[seen], "age": age[seen], "date": (at // DAY)[seen]})
    small["type"] = pd.Categorical(log["type"][seen], TYPES)
    small["topic"] = pd.Categorical(log["topic"][seen], TOPICS)
    del log, row, at, age, seen
    columns: dict[str, Any] = {"row": np.arange(len(moments))}

    def counted(part: pd.DataFrame) -> np.ndarray:
        return part.groupby("row").size().reindex(columns["row"], fill_value=0).to_numpy()

    for days in WINDOWS:
        part = small[small["age"] <= days * DAY]
        by_type = part.groupby(["row", "type"], observed=False).size().unstack(fill_value=0)
        by_type = by_type.reindex(columns["row"], fill_value=0)
        views = part[part["type"] == "page_view"]
        by_topic = views.groupby(["row", "topic"], observed=False).size().unstack(fill_value=0)
        by_topic = by_topic.reindex(columns["row"], fill_value=0)
        columns |= {f"{type_}_{days}d": by_type[type_].to_numpy() for type_ in TYPES}
        columns |= {f"page_view_{topic}_{days}d": by_topic[topic].to_numpy() for topic in TOPICS}
        columns[f"active_days_{days}d"] = counted(part.drop_duplicates(["row", "date"]))
        columns[f"a{days}"] = counted(part)
    least = small.groupby(["row", "type"], observed=False)["age"].min().unstack().reindex(columns["row"])
    columns |= {f"days_since_{type_}": least[type_].to_numpy() for type_ in TYPES}
    return widened(folder, columns)
