"""Every feature of every engine's answer, against one moment at a time in plain Python."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.features import Engagement, engagement
from leadml.history.engagement.spec import EventSpec
from leadml.history.engagement.survey import Limits
from leadml.history.settings.sections import EngineSettings, EventsSettings, TimesSettings
from tests.history.engagement import oracle
from tests.history.engagement.oracle import Asked, Event
from tests.history.engagement.worlds import DAY, NUMBERED, STARTS, TOPICS, US, WINDOWS, ZONES, World, worlds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def spec_of(asked: Asked) -> EventSpec:
    return EventSpec(
        tuple(sorted(asked.types.items(), key=lambda item: item[1])),
        tuple(sorted(((raw, topic, name) for (raw, topic), name in asked.topics.items()), key=lambda t: t[2])),
        tuple(sorted(asked.windows)),
        asked.amount,
        tuple(asked.ignore),
        tuple(asked.sent),
        tuple(asked.reactions),
    )


def moments_of(moments: Sequence[tuple[str, datetime]]) -> tuple[np.ndarray, np.ndarray]:
    lead = np.array([lead for lead, _ in moments], dtype=object)
    return lead, np.array([(as_of - EPOCH) // US for _, as_of in moments], dtype=np.int64)


def table_of(events: Sequence[Event]) -> pa.Table:
    stamp = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "lead_id": pa.array([e.lead for e in events], pa.string()),
            "occurred_at": pa.array([e.at for e in events], stamp),
            "type": pa.array([e.type for e in events], pa.string()),
            "topic": pa.array([e.topic for e in events], pa.string()),
            "amount": pa.array([e.amount for e in events], pa.float64()),
        }
    )


def columns_of(asked: Asked, source: str = "events.parquet") -> EventsSettings:
    return EventsSettings(
        source,
        topic="topic" if asked.topics else None,
        amount="amount" if asked.amount else None,
        windows_days=tuple(asked.windows),
    )


def agree(made: Engagement, world: World, events: Sequence[Event] | None = None) -> None:
    """Compare all columns of all rows exactly, missing with missing."""
    log = world.events if events is None else events
    assert made.frame.columns.tolist() == [definition.feature for definition in made.definitions]
    for k, (lead, as_of) in enumerate(world.moments):
        expected = oracle.features(log, lead, as_of, world.asked)
        row = {name: float(value) for name, value in made.frame.iloc[k].items()}
        assert set(row) == set(expected)
        wrong = {
            name: (row[name], value)
            for name, value in expected.items()
            if not (row[name] == value or (math.isnan(row[name]) and math.isnan(value)))
        }
        assert wrong == {}
    told = made.report
    last = {lead: max(as_of for who, as_of in world.moments if who == lead) for lead, _ in world.moments}
    timed = [e for e in log if e.at is not None]
    mine = [e for e in timed if e.lead in last]
    before = [e for e in mine if oracle.moment(e) < last[str(e.lead)]]
    assert told.events == len(log)
    assert told.no_time + told.times.count == len(log) - len(timed)
    assert told.unknown_leads == len(timed) - len(mine)
    assert told.after == len(mine) - len(before)
    assert told.ignored == sum(e.type in world.asked.ignore for e in before)
    assert told.counted == len(before) - told.ignored


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from([1, 700, 10**9]))
def test_frames_agree(world: World, memory: int) -> None:
    with DuckEngine(frame=table_of(world.events).to_pandas()) as engine:
        engine.memory = memory  # little of it: a pass for each moment, or for a few
        made = engagement(engine, columns_of(world.asked), *moments_of(world.moments), spec=spec_of(world.asked))
    agree(made, world)


@pytest.mark.parametrize("start", STARTS, ids=str)
@pytest.mark.parametrize("windows", WINDOWS, ids=str)
def test_every_edge_agrees(start: datetime, windows: tuple[int, ...]) -> None:
    """A lead per age at which something changes, with one event of that age and one a day older."""
    days = {0, 1, *windows, *(n + 1 for n in windows)}
    edges = [n * DAY + k * US for n in sorted(days) for k in (-1, 0, 1)]
    edges += [start - start.replace(hour=0, minute=0, second=0, microsecond=0) + n * DAY for n in (0, *windows)]
    leads = [f"lead {k}" for k in range(len(edges))]
    pairs = zip(leads, edges, strict=True)
    log = [Event(lead, start - age - n * DAY, "mail", None, 0.1) for lead, age in pairs for n in (0, 1)]
    asked = Asked({"mail": "mail"}, {}, windows, amount=True, sent=["mail"], reactions=["mail"])
    world = World(tuple((lead, start) for lead in leads), tuple(log), asked)
    with DuckEngine(frame=table_of(log).to_pandas()) as engine:
        made = engagement(engine, columns_of(asked), *moments_of(world.moments), spec=spec_of(asked))
    agree(made, world)


@settings(max_examples=40, deadline=None)
@given(worlds(leads=NUMBERED))
def test_numbered_leads_agree(world: World) -> None:
    """Ids that are numbers in the events: text that such a number is not written as is no lead of theirs."""
    table = table_of(world.events)
    numbers = pa.array([None if e.lead is None else int(e.lead) for e in world.events], pa.int64())
    moments = (*world.moments, ("007", world.moments[0][1]), ("99999999999999999999", world.moments[0][1]))
    with DuckEngine(frame=table.set_column(0, "lead_id", numbers).to_pandas(types_mapper=pd.ArrowDtype)) as engine:
        made = engagement(engine, columns_of(world.asked), *moments_of(moments), spec=spec_of(world.asked))
    agree(made, World(moments, world.events, world.asked))


def write_parquet(table: pa.Table, folder: Path) -> EventsSettings:
    pq.write_table(table, folder / "events.parquet")
    return EventsSettings(str(folder / "events.parquet"))


def write_csv(table: pa.Table, folder: Path) -> EventsSettings:
    texts = table.set_column(1, "occurred_at", table["occurred_at"].cast(pa.string()))
    texts.to_pandas().to_csv(folder / "events.csv", index=False)
    return EventsSettings(str(folder / "events.csv"))


def write_duckdb(table: pa.Table, folder: Path) -> EventsSettings:
    with duckdb.connect(str(folder / "crm.duckdb")) as connection:
        connection.register("given", table)
        connection.execute('CREATE TABLE "my ""own"" events" AS SELECT * FROM given').fetchall()
    return EventsSettings(str(folder / "crm.duckdb"), table='my "own" events')


def write_sqlite(table: pa.Table, folder: Path) -> EventsSettings:
    texts = table.set_column(1, "occurred_at", table["occurred_at"].cast(pa.string()))
    with sqlite3.connect(folder / "crm.sqlite") as connection:
        connection.execute("CREATE TABLE log (lead_id, occurred_at, type, topic, amount)")
        rows = zip(*texts.to_pydict().values(), strict=True)
        connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()
    return EventsSettings(str(folder / "crm.sqlite"), query="SELECT * FROM log ORDER BY type;")


@pytest.mark.parametrize("write", [write_parquet, write_csv, write_duckdb, write_sqlite])
def test_files_agree(
    write: Callable[[pa.Table, Path], EventsSettings], tmp_path_factory: pytest.TempPathFactory
) -> None:
    @settings(max_examples=30, deadline=None)
    @given(worlds())
    def check(world: World) -> None:
        source = write(table_of(world.events), tmp_path_factory.mktemp("events"))
        asked = columns_of(world.asked, source.source)
        asked = EventsSettings(**{**vars(asked), "table": source.table, "query": source.query})
        with DuckEngine() as engine:
            made = engagement(engine, asked, *moments_of(world.moments), spec=spec_of(world.asked))
        agree(made, world)

    check()


def shown_as(at: datetime, form: int, hours: int) -> str:
    """Write a moment as text: with an offset in one of the ways there are, or as a zone's clock shows it."""
    local = at.astimezone(UTC) + timedelta(hours=hours)
    sign, size = ("-" if hours < 0 else "+"), abs(hours)
    text = local.strftime("%Y-%m-%dT%H:%M:%S.%f")
    return [
        f"{text}{sign}{size:02}:00",
        f"{text.replace('T', ' ')}789 {sign}{size:02}00",
        at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        text,
        text[:16].replace("T", " "),
        text[:10],
        text[:19],
    ][form]


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(
    worlds(),
    st.sampled_from(ZONES),
    st.sampled_from(["refuse", "earlier", "later"]),
    st.lists(st.tuples(st.integers(0, 6), st.integers(-11, 13)), min_size=50, max_size=50),
)
def test_times_as_text_agree_in_every_zone(world: World, zone: str, twice: str, forms: list[tuple[int, int]]) -> None:
    texts = [None if e.at is None else shown_as(e.at, *form) for e, form in zip(world.events, forms, strict=False)]
    read = [
        Event(e.lead, None if text is None else oracle.understood(text, zone, twice), e.type, e.topic, e.amount)
        for e, text in zip(world.events, texts, strict=True)
    ]
    table = table_of(world.events).set_column(1, "occurred_at", pa.array(texts, pa.string()))
    with DuckEngine(TimesSettings(zone, twice), frame=table.to_pandas()) as engine:
        made = engagement(engine, columns_of(world.asked), *moments_of(world.moments), spec=spec_of(world.asked))
    agree(made, world, read)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from(ZONES), st.sampled_from(["refuse", "earlier", "later"]))
def test_timestamps_without_a_zone_agree_in_every_zone(world: World, zone: str, twice: str) -> None:
    local = [None if e.at is None else e.at.replace(tzinfo=None) for e in world.events]
    read = [
        Event(e.lead, None if at is None else oracle.understood(at.isoformat(), zone, twice), e.type, e.topic, e.amount)
        for e, at in zip(world.events, local, strict=True)
    ]
    table = table_of(world.events).set_column(1, "occurred_at", pa.array(local, pa.timestamp("us")))
    with DuckEngine(TimesSettings(zone, twice), frame=table.to_pandas()) as engine:
        made = engagement(engine, columns_of(world.asked), *moments_of(world.moments), spec=spec_of(world.asked))
    agree(made, world, read)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(worlds(), st.integers(1, 3), st.integers(1, 2), st.booleans())
def test_types_and_topics_are_chosen_as_defined(world: World, least: int, most: int, with_topics: bool) -> None:
    """Features for what enough leads have before a scoring moment; where that is too many, what is most frequent."""
    asked = world.asked
    log = [e for e in world.events if e.type != " mail"]
    found = {e.type for e in log if e.type is not None}
    given_ = EventsSettings(
        "the frame",
        topic="topic" if with_topics else None,
        ignore=tuple(raw for raw in asked.ignore if raw in found),
        windows_days=tuple(asked.windows),
    )
    with DuckEngine(frame=table_of(log).to_pandas()) as engine:
        lead, as_of = moments_of(world.moments)
        made = engagement(engine, given_, lead, as_of, limits=Limits(least, 4, most))
    leads = {raw: oracle.leads_with(log, world.moments, raw, None) for raw in found}
    types = [raw for raw in found if raw not in given_.ignore and leads[raw] >= least]
    types = sorted(types, key=lambda raw: (-sum(e.type == raw for e in log), raw))[:4]
    assert sorted(raw for raw, _ in made.spec.types) == sorted(types)
    pairs = []
    for raw in types if with_topics else ():
        enough = [topic for topic in TOPICS if oracle.leads_with(log, world.moments, raw, topic) >= least]
        count = {topic: sum((e.type, e.topic) == (raw, topic) for e in log) for topic in enough}
        pairs += [(raw, topic) for topic in sorted(enough, key=lambda t: (-count[t], t))[:most]]
    assert sorted((raw, topic) for raw, topic, _ in made.spec.topics) == sorted(pairs)
    chosen = Asked(
        dict(made.spec.types),
        {(raw, topic): name for raw, topic, name in made.spec.topics},
        asked.windows,
        ignore=given_.ignore,
    )
    agree(made, World(world.moments, tuple(log), chosen))


def test_row_order_threads_and_passes_change_nothing() -> None:
    rng = np.random.default_rng(1)
    n, leads = 20_000, 300
    at = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 200 * 86_400, n), unit="s")
    log = pd.DataFrame(
        {
            "lead_id": rng.integers(0, leads + 50, n).astype(str),
            "occurred_at": at,
            "type": rng.choice(["visit", "mail", "call"], n),
            "amount": rng.normal(0, 1e5, n),
        }
    )
    lead = np.repeat(np.arange(leads).astype(str).astype(object), 2)
    as_of = rng.integers(1_704_067_200, 1_704_067_200 + 200 * 86_400, 2 * leads) * 1_000_000
    asked = EventsSettings("the frame", amount="amount", sent=("mail",), reactions=("visit",))
    frames = []
    for threads, memory, seed in ((1, 10**9, 0), (2, 10**9, 1), (2, 50_000, 2)):
        shuffled = log.sample(frac=1, random_state=seed)
        with DuckEngine(settings=EngineSettings(threads=threads), frame=shuffled) as engine:
            engine.memory = memory
            order = np.random.default_rng(seed).permutation(len(lead))
            made = engagement(engine, asked, lead[order], as_of[order])
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        frames.append(made.frame.iloc[back].reset_index(drop=True))
    for other in frames[1:]:
        pd.testing.assert_frame_equal(frames[0], other, check_exact=True)
