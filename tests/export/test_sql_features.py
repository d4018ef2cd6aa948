"""Features of events counted by the exported query are those of training: the same digits, in every engine."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from leadml.errors import DataError, UsageError
from leadml.export import export
from leadml.export.verify import verify
from leadml.history.build import build
from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.features import engagement
from leadml.history.engagement.spec import EventSpec
from leadml.history.settings.config import read_settings
from leadml.history.settings.sections import EventsSettings
from leadml.jobs import demo, trouble
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

from ..history.postgres.events import NAMES, TOPICS, made
from .rule_engines import engine

ENGINES = ("duckdb", "sqlite", "postgres", "mysql")
COLUMNS = {"id": "lead_id", "lead": "lead_id", "at": "at", "type": "type", "topic": "topic", "amount": "amount"}


@dataclass(frozen=True)
class World:
    """Leads with scoring moments, events, and the features that training made of them, row by row."""

    leads: pd.DataFrame
    events: pd.DataFrame
    wanted: pd.DataFrame
    table: PointTable


def table_of(origin: dict[str, Any]) -> PointTable:
    """A table that uses every feature there is."""
    names = [entry["name"] for entry in origin["events"]["features"]]
    return PointTable(
        name="counts",
        dimensions=(Dimension("engagement", 0),),
        features=tuple(
            Feature(
                name,
                "engagement",
                "number",
                (Rule(f"{name}:0", "range", 0, neutral=True), Rule(f"{name}:1", "missing", -1)),
            )
            for name in names
        ),
        probability=Probability(0, 0.1),
        top_cut=1,
        provenance={"features": origin},
    )


@pytest.fixture(scope="module")
def hostile() -> World:
    """Types and topics as hostile as they come, events on the microsecond where windows begin and end."""
    given = made(400, 12_000, seed=5)
    spec = EventSpec(
        types=tuple((raw, f"t{k}") for k, raw in enumerate(NAMES[:5])),
        topics=(("visit", TOPICS[2], "visit_a"), ("visit", TOPICS[4], "visit_up"), ("Page View", "pricing", "page_p")),
        windows_days=(1, 7, 30, 90),
        amount=True,
        ignore=("; DROP TABLE events --",),
        sent=("Page View", "x"),
        reactions=("visit", "%s"),
    )
    frame = given.events.to_pandas()
    at = pd.to_datetime(frame["at_us"], unit="us")
    amount = frame["amount_u"].astype("float64") / 1e6
    log = pd.DataFrame({"lead_id": frame["lead_id"], "at": at, "type": frame["type"], "topic": frame["topic"]})
    log["amount"] = amount
    settings = EventsSettings("the frame", at="at", topic="topic", amount="amount")
    with DuckEngine(frame=log) as duck:
        counted = engagement(duck, settings, given.lead, given.as_of_us, spec).frame
    leads = pd.DataFrame({"lead_id": given.lead, "as_of": pd.to_datetime(given.as_of_us, unit="us")})
    return World(leads, log, counted, table_of({"events": spec.stored(**COLUMNS)}))


def asked(world: World, dialect: str, **options: str) -> str:
    printed = export(world.table, "sql", dialect=dialect, with_features=True, as_of="as_of", **options)
    assert isinstance(printed, dict)
    assert list(printed) == ["features.sql", "score.sql"]
    return str(printed["features.sql"])


def answered(world: World, dialect: str) -> pd.DataFrame:
    return {"duckdb": by_duckdb, "sqlite": by_sqlite, "postgres": by_postgres, "mysql": by_mariadb}[dialect](world)


def by_duckdb(world: World) -> pd.DataFrame:
    with duckdb.connect() as connection:
        for name, frame in (("leads", world.leads), ("events", world.events)):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
        connection.execute(asked(world, "duckdb"))
        return connection.execute("SELECT * FROM leads_features").df()


def by_sqlite(world: World) -> pd.DataFrame:
    with sqlite3.connect(":memory:") as connection:
        for name, frame in (("leads", world.leads), ("events", world.events)):
            texts = frame.copy()
            for column in texts.select_dtypes("datetime").columns:
                form = "%Y-%m-%dT%H:%M:%S.%fZ" if name == "events" else "%Y-%m-%d %H:%M:%S.%f"
                texts[column] = texts[column].dt.strftime(form)
            texts.to_sql(name, connection, index=False)
        connection.execute("CREATE INDEX of_lead ON events (lead_id)")
        connection.execute(asked(world, "sqlite"))
        return pd.read_sql("SELECT * FROM leads_features", connection)


def by_postgres(world: World) -> pd.DataFrame:
    runner = engine("sql_postgres")
    with runner.connect() as connection, connection.cursor() as cursor:
        for name, frame in (("leads", world.leads), ("events", world.events)):
            cursor.execute(f"DROP TABLE IF EXISTS {name} CASCADE")
            cursor.adbc_ingest(name, pa.Table.from_pandas(frame, preserve_index=False), mode="create")
        cursor.execute(asked(world, "postgres"))
        cursor.execute("SELECT * FROM leads_features")
        found: pd.DataFrame = cursor.fetch_arrow_table().to_pandas()
        return found


def by_mariadb(world: World) -> pd.DataFrame:
    runner = engine("sql_mysql")
    types = {
        "lead_id": "VARCHAR(40) COLLATE utf8mb4_bin",
        "amount": "DOUBLE",
        "as_of": "DATETIME(6)",
        "at": "DATETIME(6)",
    }
    with runner.connect().cursor() as cursor:
        for name, frame in (("leads", world.leads), ("events", world.events)):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            columns = ", ".join(f"{column} {types.get(column, 'TEXT')}" for column in frame.columns)
            cursor.execute(f"CREATE TABLE {name} ({columns}, INDEX (lead_id)) CHARACTER SET utf8mb4")
            rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
            plain = [[v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in row] for row in rows]
            cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * frame.shape[1])})", plain)
        cursor.execute(asked(world, "mysql"))
        cursor.execute("SELECT * FROM leads_features")
        return pd.DataFrame(cursor.fetchall(), columns=[entry[0] for entry in cursor.description])


def compare(world: World, found: pd.DataFrame) -> None:
    """Every cell is the same number, to the last digit."""
    names = list(world.wanted.columns)
    assert list(found.columns) == [*world.leads.columns, *names]
    assert len(found) == len(world.leads)
    keys = ["lead_id", "as_of"]
    found["as_of"] = pd.to_datetime(found["as_of"])
    ordered = world.leads.merge(found, on=keys, how="left", validate="one_to_one")
    for name in names:
        np.testing.assert_array_equal(ordered[name].astype(float).to_numpy(), world.wanted[name].to_numpy(float), name)


@pytest.mark.parametrize("name", ENGINES)
def test_every_feature_is_that_of_training(name: str, hostile: World) -> None:
    parts = {entry["part"] for entry in hostile.table.provenance["features"]["events"]["features"]}
    assert parts == {"count", "topic", "since", "amount", "active", "surge", "unanswered"}
    assert (hostile.wanted.to_numpy() > 0).mean() > 0.2
    compare(hostile, answered(hostile, name))


@pytest.fixture(scope="module")
def sqlite_query(hostile: World) -> str:
    return asked(hostile, "sqlite")


def by_sqlite_of_one(query: str, at: str, as_of: str = "2023-01-04 02:32:30") -> pd.DataFrame:
    """Run the query in SQLite on one lead with one event, written as told."""
    rows = {
        "leads": {"lead_id": "a", "as_of": as_of},
        "events": {"lead_id": "a", "at": at, "type": NAMES[0], "topic": "", "amount": 1},
    }
    with sqlite3.connect(":memory:") as connection:
        for name, row in rows.items():
            pd.DataFrame([row]).to_sql(name, connection, index=False)
        connection.execute(query)
        return pd.read_sql_query("SELECT * FROM leads_features", connection)


@pytest.mark.parametrize("moment", ["03.01.2023 02:32:30", "2023-01-03T02:32:30+01:00", "44929.106", "2023-13-01"])
def test_moments_that_sqlite_cannot_read_end_the_query_and_are_shown(moment: str, sqlite_query: str) -> None:
    said = rf"no moment in UTC such as .*{re.escape(moment)}"
    with pytest.raises(pd.errors.DatabaseError, match=said):
        by_sqlite_of_one(sqlite_query, moment)
    with pytest.raises(pd.errors.DatabaseError, match=said):
        by_sqlite_of_one(sqlite_query, "2023-01-03 02:32:30", as_of=moment)


@pytest.mark.parametrize(("moment", "days"), [("2023-01-03 02:32:30", 1.0), ("unknown", np.nan), ("", np.nan)])
def test_what_holds_no_digit_is_no_moment_as_in_training(moment: str, days: float, sqlite_query: str) -> None:
    found = by_sqlite_of_one(sqlite_query, moment)
    since = next(name for name in found.columns if name.startswith("days_since"))
    np.testing.assert_array_equal(found[since].astype(float), [days])


@pytest.fixture(scope="module")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("demo")
    demo(folder, leads=1500)
    config = Path(folder, "leadml.toml")
    config.write_text(
        config.read_text().replace('# topic = "topic" ', 'topic = "topic" ').replace("# amount", "amount")
    )
    history = build(read_settings(config), tell=lambda told: None)
    parts = [history.frame, *([] if history.idle is None else [history.idle])]
    table = table_of(dict(history.origin))
    wanted = pd.concat(parts, axis=1).reset_index(drop=True)[[feature.name for feature in table.features]]
    as_of = pd.to_datetime(history.as_of, unit="us")
    leads = pd.DataFrame({"lead_id": np.asarray(history.lead_id, dtype=object), "as_of": as_of})
    events = pd.read_csv(Path(folder, "events.csv"), dtype={"type": "str", "topic": "str"})
    events["occurred_at"] = pd.to_datetime(events["occurred_at"]).dt.tz_localize(None)
    return World(leads, events, wanted.astype(float), table)


@pytest.mark.parametrize("name", ENGINES)
def test_the_demo_history_has_no_difference(name: str, demo_world: World) -> None:
    assert {feature.name for feature in demo_world.table.features} >= {"surge", "active_days_7d", "pricing_page_30d"}
    types = demo_world.events.rename(columns={"occurred_at": "at", "minutes": "amount"})
    if name == "mysql":  # by the names that its tables have
        features = dict(demo_world.table.provenance["features"]["events"]) | {"columns": COLUMNS}
        table = table_of({"events": features})
        compare(demo_world, answered(World(demo_world.leads, types, demo_world.wanted, table), name))
    else:
        compare(demo_world, answered(demo_world, name))


def test_a_change_of_a_window_is_noticed(hostile: World) -> None:
    query = asked(hostile, "duckdb")
    assert "<= 604800000000" in query
    for changed in (query.replace("<= 604800000000", "< 604800000000"), query.replace("'visit'", "'Visit'")):
        with duckdb.connect() as connection:
            for name, frame in (("leads", hostile.leads), ("events", hostile.events)):
                connection.register("frame", frame)
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.execute(changed)
            with pytest.raises(AssertionError):
                compare(hostile, connection.execute("SELECT * FROM leads_features").df())


def test_live_leads_are_scored_from_their_events(hostile: World, tmp_path: Path) -> None:
    """The two statements in their order: features of this moment, then the score."""
    folder = hostile.table.export("sql", tmp_path / "live", with_features=True, as_of="2024-06-01", view="scored")
    assert sorted(path.name for path in folder.iterdir()) == ["features.sql", "score.sql"]
    with duckdb.connect() as connection:
        leads = hostile.leads.drop_duplicates("lead_id")
        for name, frame in (("leads", leads), ("events", hostile.events)):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
        for name in ("features.sql", "score.sql"):
            connection.execute((folder / name).read_text())
        found = connection.execute("SELECT * FROM scored").df()
        features = connection.execute("SELECT * FROM leads_features").df()
    assert len(found) == len(leads)
    assert found["score"].tolist() == hostile.table.score(features)["score"].tolist()
    assert found["score"].nunique() > 1


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_verify_notices_whatever_happened_to_the_query_of_the_features(
    dialect: str, hostile: World, tmp_path: Path
) -> None:
    whole = hostile.table.with_verification()
    folder = whole.export("sql", tmp_path / "live", with_features=True, dialect=dialect)
    features, score = folder / "features.sql", folder / "score.sql"
    written = features.read_text(encoding="utf-8")
    assert verify(folder).differences == verify(score).differences == ()
    assert verify(folder).rows == (len(whole.verification) if dialect == "duckdb" else 0)
    features.write_bytes(written.replace("\n", "\r\n").encode("utf-8"))
    assert verify(folder).differences == ()
    assert "604800000000" in written
    for other in (written.replace("604800000000", "604800000001"), "garbage", "", None):
        features.unlink() if other is None else features.write_text(other, encoding="utf-8")
        for path in (folder, score):
            (difference,) = verify(path).differences
            assert difference.column == "features.sql"
            assert (difference.found == "no such file") == (other is None)
            error = trouble(verify(path))
            assert isinstance(error, DataError)
            assert "in 'features.sql'" in str(error)


def test_verify_says_that_the_features_of_an_older_export_are_unchecked(hostile: World, tmp_path: Path) -> None:
    folder = hostile.table.export("sql", tmp_path / "live", with_features=True)
    score = folder / "score.sql"
    text = score.read_text(encoding="utf-8")
    older = re.sub(r'"features\.sql":"[0-9a-f]{64}",', "", text)
    assert older != text
    score.write_text(older, encoding="utf-8")
    (difference,) = verify(folder).differences
    assert (difference.column, difference.found) == ("features.sql", "unchecked")


def test_now_is_the_scoring_moment_unless_told() -> None:
    spec = EventSpec((("visit", "visit"),), (), (7, 30), amount=False)
    table = table_of({"events": spec.stored(**(COLUMNS | {"amount": None, "topic": None}))})
    for dialect in ("duckdb", "sqlite"):
        query = str(export(table, "sql", dialect=dialect, with_features=True, events="log", key="n")["features.sql"])
        connection: Any = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:")
        kind = "TIMESTAMP" if dialect == "duckdb" else "TEXT"
        connection.execute("CREATE TABLE leads (n INTEGER)")
        connection.execute("INSERT INTO leads VALUES (1), (2)")
        connection.execute(f'CREATE TABLE log (lead_id INTEGER, "at" {kind}, type TEXT)')
        today = pd.Timestamp.now("UTC").tz_localize(None)
        for days in (-1, 2, 20, 40):
            at = str(today - pd.Timedelta(days=days))
            connection.execute(f"INSERT INTO log VALUES (1, '{at}', 'visit')")
        connection.execute(query)
        wanted = "n, visit_7d, visit_30d, round(days_since_visit, 3), active_days_30d"
        found = connection.execute(f"SELECT {wanted} FROM leads_features ORDER BY n").fetchall()
        assert found == [(1, 1, 2, 2.0, 2), (2, 0, 0, None, 0)]
        connection.close()


def test_what_cannot_be_counted_is_refused() -> None:
    spec = EventSpec((("visit", "visit"),), (), (7,), amount=False)
    table = table_of({"events": spec.stored(**(COLUMNS | {"amount": None, "topic": None}))})
    with pytest.raises(UsageError, match="are made in duckdb, sqlite, postgres, mysql; not in Spark"):
        export(table, "sql", dialect="spark", with_features=True)
    with pytest.raises(UsageError, match="--as-of says how features of events are made"):
        export(table, "sql", as_of="as_of")
    old = table_of({"events": spec.stored(**COLUMNS)})
    stale = PointTable.from_dict(
        {k: v for k, v in old.to_dict().items() if k != "sha256"}
        | {"provenance": {"features": {"events": spec.to_dict()}}}
    )
    with pytest.raises(UsageError, match="made by an older leadml"):
        export(stale, "sql", with_features=True)
    none = PointTable.from_dict({k: v for k, v in old.to_dict().items() if k != "sha256"} | {"provenance": {}})
    with pytest.raises(UsageError, match="uses no features of events"):
        export(none, "sql", with_features=True)
