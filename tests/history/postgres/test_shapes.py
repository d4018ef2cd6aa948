"""Events in the one shape: what the server makes of times and amounts is what Python makes of them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.engagement.engine import EventRelation
from leadml.history.engagement.postgres import PostgresEngine
from leadml.history.settings.sections import EventsSettings, TimesSettings
from leadml.history.sources.server import Servers, literal, quoted
from leadml.points.dates import localized, microseconds, moments_of_text
from leadml.points.plain_numbers import NUMBER
from tests.history.postgres.conftest import Crm

NEVER = np.iinfo(np.int64).min
POLICIES = ("refuse", "earlier", "later")
# summer time; half an hour; a day skipped; at midnight; before 1900; no change at all
ZONES = ("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
         "Africa/Casablanca", "Asia/Kolkata", "Etc/GMT+5")  # fmt: skip
FIXED = ("UTC", "Asia/Kolkata", "Etc/GMT+5")
HOSTILE = 'it\'s "a" \\ lead; DROP TABLE events --\nü'

# beyond it a clock's last offset stays
before_2200 = st.datetimes(max_value=datetime(2199, 12, 31))
texts_of_times = st.one_of(
    before_2200.map(lambda t: t.isoformat()),
    before_2200.map(lambda t: t.isoformat(sep=" ", timespec="minutes")),
    st.builds(
        "{}{}{}".format,
        before_2200.map(lambda t: t.isoformat(timespec="milliseconds")),
        st.sampled_from(["", " "]),
        st.sampled_from(["Z", "+00:00", "-00:00", "+0530", "-09:30", "+14:00", "+23:59", "+24:00", "-12:60"]),
    ),
    before_2200.map(lambda t: t.date().isoformat()),
    st.builds(
        "{:02d}.{:02d}.{:04d}{}{}{}".format,
        st.integers(0, 32), st.integers(0, 13), st.integers(1, 2199), st.sampled_from(["", " ", ", ", ",", "T"]),
        st.sampled_from(["", "02:30", "24:00", "23:59:59", "00:00:00.5", "09:08:07.123456789"]),
        st.sampled_from(["", "", "", "Z"]),
    ),
    st.builds("{:04d}-{:02d}-{:02d}".format, st.integers(1, 2199), st.integers(0, 13), st.integers(0, 32)),
    st.builds(
        "2024-02-29T{:02d}:{:02d}:{:02d}.{}".format,
        st.integers(0, 25), st.integers(0, 61), st.integers(0, 61), st.text("0123456789", max_size=10),
    ),
    st.builds("{:04d}-02-29T12:00Z".format, st.integers(1, 9999)),
    st.from_regex(r"\A2024-(03-31|10-27)[T ]0[123]:[0-5][0-9](:00)?(Z|\+02:00)?\Z"),
    st.sampled_from(["soon", "31.3.2024", "2024-1-1", "2024-01-01T", " 2024-01-01", "2024-01-01\n", "infinity", "now",
                     "2024-01-01 10:00 PM", "20240101", "2024-W01-1", "2024-01-01T10", "epoch", "٢٠٢٤-01-01"]),
)  # fmt: skip


def engine(zone: str = "UTC", twice: str = "refuse") -> PostgresEngine:
    return PostgresEngine("CRM_URL", TimesSettings(zone, twice))


def shape(
    rows: str,
    names: str = "lead_id, occurred_at, type",
    zone: str = "UTC",
    twice: str = "refuse",
    lead: str = "lead_id",
    topic: str | None = None,
    amount: str | None = None,
) -> tuple[EventRelation, pd.DataFrame]:
    """Return what an engine makes of events given as the rows of a VALUES list."""
    with engine(zone, twice) as made:
        query = f"SELECT * FROM (VALUES {rows}) AS t ({names})"
        relation = made.events(EventsSettings("env:CRM_URL", lead, topic=topic, amount=amount, query=query))
        batches = list(made.run(f"SELECT * FROM {relation.name}"))  # in any order
        return relation, pa.Table.from_batches(batches).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def as_rows(values: list[str], cast: str = "") -> str:
    return ", ".join(f"({k}, {literal(value)}{cast}, 'visit')" for k, value in enumerate(values))


def integers(events: pd.DataFrame) -> list[int]:
    return [int(value) for value in events.sort_values("lead")["at_us"].fillna(NEVER)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(texts_of_times.filter(lambda t: "\0" not in t and not t.startswith("0000")), min_size=1, max_size=120),
    st.sampled_from(ZONES),
    st.sampled_from(POLICIES),
)
def test_texts_are_read_as_they_are_in_files(crm: Crm, values: list[str], zone: str, twice: str) -> None:
    relation, events = shape(as_rows(values), zone=zone, twice=twice)
    expected = microseconds(moments_of_text(pd.Series(values, dtype="str"), zone, twice))
    assert integers(events) == expected.tolist()
    assert (relation.rows, relation.no_time) == (len(values), 0)
    assert relation.times.count == (expected == NEVER).sum()
    assert len(relation.times.examples) == min(5, len(set(np.array(values)[expected == NEVER])))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.datetimes(datetime(1850, 1, 1), datetime(2199, 1, 1)), min_size=1, max_size=120),
    st.sampled_from(ZONES),
    st.sampled_from(POLICIES),
)
def test_local_times_are_those_of_the_zone(crm: Crm, times: list[datetime], zone: str, twice: str) -> None:
    expected = microseconds(localized(pd.Series(times).astype("datetime64[us]"), zone, twice))
    _, events = shape(as_rows([time.isoformat() for time in times], "::timestamp"), zone=zone, twice=twice)
    assert integers(events) == expected.tolist()
    days = [time.date().isoformat() for time in times]
    _, events = shape(as_rows(days, "::date"), zone=zone, twice=twice)
    midnights = localized(pd.Series(pd.to_datetime(days, format="%Y-%m-%d")), zone, twice)
    assert integers(events) == microseconds(midnights).tolist()


@pytest.mark.parametrize("twice", POLICIES)
def test_every_change_of_the_clock(crm: Crm, twice: str) -> None:
    halves = pd.date_range("2011-01-01 00:15", "2012-01-02", freq="30min", unit="us")
    columns = {"lead_id": np.arange(len(halves)), "occurred_at": halves, "type": ["x"] * len(halves)}
    crm.load("events", pa.table(columns))
    for zone in ZONES:
        with engine(zone, twice) as made:
            relation = made.events(EventsSettings("env:CRM_URL", table="events"))
            found = pa.Table.from_batches(made.run(f"SELECT lead, at_us FROM {relation.name}")).sort_by("lead")
        expected = microseconds(localized(pd.Series(halves), zone, twice))
        assert relation.lead_type == "integer"
        assert found["at_us"].fill_null(NEVER).to_pylist() == expected.tolist()
        assert (relation.times.count > 0) == (zone not in FIXED)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.datetimes(), min_size=1, max_size=120))
def test_moments_keep_every_microsecond(crm: Crm, times: list[datetime]) -> None:
    _, events = shape(as_rows([f"{time.isoformat()}Z" for time in times], "::timestamptz"), zone="Europe/Vienna")
    assert integers(events) == pd.Series(times).astype("datetime64[us]").astype("int64").tolist()


def test_times_that_are_none(crm: Crm) -> None:
    for kind in ("timestamptz", "timestamp", "date"):
        texts = (f"'infinity'::{kind}", "NULL", "'0044-03-15 BC'", "'9999-12-31'")
        relation, events = shape(", ".join(f"('a', {text}, 'x')" for text in texts))
        assert events["at_us"].notna().tolist() == [False, False, False, True]
        assert (relation.times.count, relation.no_time) == (2, 1)
    relation, _ = shape("('a', '', 'x'), ('a', NULL, 'x'), ('a', 'ada@example.org', 'x')")
    assert (relation.no_time, relation.times.examples) == (2, ("(personal data)",))


def in_millionths(value: float) -> int | None:
    return round(value * 1e6) if abs(value) < 1e12 else None  # round() takes halves to the even one


def of_text(text: str) -> int | None:
    return in_millionths(float(text)) if re.fullmatch(NUMBER, text) else None


def amounts(rows: list[str], cast: str) -> tuple[EventRelation, list[int | None]]:
    values = ", ".join(f"({k}, '2024-01-01', 'x', {literal(row)}{cast})" for k, row in enumerate(rows))
    relation, events = shape(values, "lead_id, occurred_at, type, minutes", amount="minutes")
    return relation, [None if pd.isna(value) else int(value) for value in events.sort_values("lead")["amount_u"]]


FLOATS = st.one_of(
    st.floats(),
    st.integers(-(10**12), 10**12).map(lambda n: n / 2**21),  # halves of a millionth, and near them
    st.decimals(-(10**13), 10**13, places=6).map(float),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FLOATS, min_size=1, max_size=120))
def test_amounts_in_floats(crm: Crm, values: list[float]) -> None:
    relation, found = amounts([repr(value) for value in values], "::float8")
    assert found == [in_millionths(value) for value in values]
    assert relation.amounts.count == found.count(None)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(-(10**20), 10**20, allow_nan=True, allow_infinity=False), min_size=1, max_size=120))
def test_amounts_in_numeric(crm: Crm, values: list[Decimal]) -> None:
    texts = ["NaN" if value.is_nan() else str(value) for value in values]
    assert amounts(texts, "::numeric")[1] == [in_millionths(float(text)) for text in texts]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            FLOATS.map(repr),
            st.decimals(allow_nan=False, allow_infinity=False, places=7).map(str),
            st.from_regex(rf"\A(?:{NUMBER})\Z").filter(lambda t: len(t) < 100 and "e" not in t.lower()),
            st.builds("{}e{}".format, st.integers(-999, 999), st.integers(-400, 400)),
            st.sampled_from(["", " ", "1e5 ", "nan", "inf", "1,5", "01", "+1", "1_0", "0x1", "1e", "--1", "5.", ".5"]),
        ),
        min_size=1,
        max_size=120,
    )
)
def test_amounts_in_text(crm: Crm, values: list[str]) -> None:
    relation, found = amounts(values, "")
    assert found == [of_text(value) for value in values]
    assert relation.amounts.count == sum(1 for v, f in zip(values, found, strict=True) if v and f is None)


def test_other_numbers(crm: Crm) -> None:
    assert amounts(["3", "-7"], "::int")[1] == [3_000_000, -7_000_000]
    assert amounts(["9223372036854775807", "999999999999"], "::bigint")[1] == [None, in_millionths(999999999999.0)]
    assert amounts(["12.34"], "::money")[1] == [12_340_000]
    assert amounts(["0.1"], "::real")[1] == [in_millionths(float(np.float32(0.1)))]


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ("7::bigint, NULL", (7, None)),
        ("7::smallint, -8::smallint", (7, -8)),
        ("12345678901234567890::numeric, 7.00::numeric", ("12345678901234567890", "7")),
        ("3::float8, 'NaN'::float8", ("3", None)),
        ("1e20::float8, 2.5::float8", ("1" + 20 * "0", "2.5")),
        ("'ab '::char(5), ''::char(5)", ("ab", None)),
        ("'a '::text, ''::text", ("a ", None)),
        ("'2AEB3C11-0000-4000-8000-000000000001'::uuid, NULL", ("2aeb3c11-0000-4000-8000-000000000001", None)),
    ],
)
def test_leads_are_whole_numbers_or_text(crm: Crm, leads: str, expected: tuple[Any, Any]) -> None:
    first, second = leads.split(", ")
    relation, events = shape(f"({first}, now(), 'x'), ({second}, now(), 'x')")
    assert [None if pd.isna(value) else value for value in events["lead"]] == list(expected)
    assert relation.lead_type == ("integer" if isinstance(expected[0], int) else "text")


def test_types_and_topics(crm: Crm) -> None:
    crm.tell("CREATE TYPE kind AS ENUM ('Visit', 'Öffnung')")
    rows = f"('a', now(), 'Visit'::kind, {literal(HOSTILE)}), ('a', now(), NULL, ''), ('a', now(), 'Öffnung', 'x')"
    _, events = shape(rows, "lead_id, occurred_at, type, topic", topic="topic")
    assert events["type"].fillna("-").tolist() == ["Visit", "-", "Öffnung"]
    assert events["topic"].fillna("-").tolist() == [HOSTILE, "-", "x"]
    _, events = shape("('a', now(), true), ('a', now(), false)")
    assert events["type"].tolist() == ["true", "false"]


def test_text_is_compared_by_code_points_whatever_the_collation(crm: Crm) -> None:
    crm.tell(
        "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
        "CREATE TABLE events (lead_id text COLLATE loose, occurred_at timestamptz, type text COLLATE loose)",
        "INSERT INTO events VALUES ('a', now(), 'x'), ('A', now(), 'X')",
        "GRANT SELECT ON events TO ada",
    )
    with engine() as made:
        relation = made.events(EventsSettings("env:CRM_URL", table="events"))
        made.put("moments", pa.table({"row": [0, 1], "lead": ["a", "A"]}))
        joined = f"SELECT m.row, count(*) FROM moments AS m JOIN {relation.name} AS e ON m.lead = e.lead GROUP BY 1"
        found = pa.Table.from_batches(made.run(joined)).to_pydict()
        assert sorted(zip(found["row"], found["count"], strict=True)) == [(0, 1), (1, 1)]
        assert len(pa.Table.from_batches(made.run(f"SELECT DISTINCT type FROM {relation.name}"))) == 2


def test_hostile_names_of_tables_and_columns(crm: Crm) -> None:
    names = [f"{part} {HOSTILE}" for part in ("lead", "at", "type")]
    columns = ", ".join(map(quoted, names))
    crm.tell(
        f"CREATE TABLE {quoted(HOSTILE)} AS SELECT * FROM (VALUES (1, now(), 'x')) AS t ({columns})",
        f"GRANT SELECT ON {quoted(HOSTILE)} TO ada",
    )
    lead, at, kind = names
    with engine() as made:
        relation = made.events(EventsSettings("env:CRM_URL", lead=lead, at=at, type=kind, table=HOSTILE))
    assert relation.rows == 1


def test_columns_that_cannot_be_read(crm: Crm) -> None:
    with pytest.raises(UsageError, match=r"the query \(env:CRM_URL\) has no column 'lead'\. Did you mean 'lead_id'"):
        shape(as_rows(["2024-01-01"]), lead="lead")
    with pytest.raises(DataError, match=r"'occurred_at' is int4 and cannot be the time of an event\. Acc"):
        shape("('a', 1700000000, 'x')")
    with pytest.raises(DataError, match=r"'lead_id' is jsonb and cannot be the lead of"):
        shape("('{}'::jsonb, now(), 'x')")
    with pytest.raises(DataError, match=r"'lead_id' is _text and cannot be the lead of"):
        shape("(array['a'], now(), 'x')")
    with pytest.raises(DataError, match=r"same name: 'type' \(columns 3, 4\)"):
        shape("('a', now(), 'x', 'y')", "lead_id, occurred_at, type, type")


def test_moments_are_put_and_put_again(crm: Crm) -> None:
    with engine() as made:
        for size in (3, 2):
            leads = pa.array(["a", None, HOSTILE][:size])
            made.put("moments", pa.table({"row": np.arange(size), "lead": leads, "as_of_us": np.arange(size)}))
            found = pa.Table.from_batches(made.run("SELECT * FROM moments ORDER BY row")).to_pydict()
            assert found == {"row": list(range(size)), "lead": leads.to_pylist(), "as_of_us": list(range(size))}
        sums = pa.Table.from_batches(made.run("SELECT sum(as_of_us) AS big, count(*) AS n FROM moments"))
        assert [str(kind) for kind in sums.schema.types] == ["int64", "int64"]
    crm.tell("SELECT 1 FROM pg_class WHERE relname IN ('moments', 'leadml_events') HAVING count(*) = 0")


def test_nothing_stays_behind(crm: Crm) -> None:
    crm.tell("CREATE TABLE events AS SELECT 1 AS lead_id, now() AS occurred_at, 'x' AS type")
    crm.tell("GRANT SELECT ON events TO ada")
    before = _catalogue(crm)
    with engine() as made:
        made.events(EventsSettings("env:CRM_URL", table="events"))
        made.put("moments", pa.table({"row": [1]}))
    assert _catalogue(crm) == before


def _catalogue(crm: Crm) -> list[str]:
    from adbc_driver_postgresql.dbapi import connect

    with connect(crm.server.admin(crm.name)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname::text FROM pg_class ORDER BY 1")
        return [str(name) for (name,) in cursor.fetchall()]


def test_queries_only_read(crm: Crm) -> None:
    crm.tell("CREATE TABLE kept AS SELECT 1 AS a", "GRANT ALL ON kept TO ada")
    with engine() as made, pytest.raises((UsageError, DataError), match=r"only reads|not answered"):
        list(made.run("SELECT 1; DELETE FROM kept"))
    with engine() as made, pytest.raises(UsageError, match=r"only reads"):
        list(made.run("DELETE FROM kept RETURNING a"))


def test_leads_and_events_are_seen_at_one_moment(crm: Crm) -> None:
    crm.tell("CREATE TABLE events AS SELECT 1 AS lead_id, now() AS occurred_at, 'x' AS type")
    crm.tell("GRANT SELECT ON events TO ada")
    with Servers() as servers:
        assert servers.of("CRM_URL").ask("SELECT count(*) AS n FROM events").to_pylist() == [{"n": 1}]
        crm.tell("INSERT INTO events VALUES (2, now(), 'y')")
        with PostgresEngine("CRM_URL", TimesSettings(), servers) as made:
            made.put("moments", pa.table({"row": [1]}))
            assert made.events(EventsSettings("env:CRM_URL", table="events")).rows == 1
        assert servers.of("CRM_URL").ask("SELECT 1 AS open").num_rows == 1


def test_without_temporary_tables_all_is_sent_along(crm: Crm) -> None:
    leads = ["a", None, HOSTILE, "NULL", "", "{", ",", '"', "\\"]
    moments = pa.table({"row": np.arange(len(leads)), "lead": pa.array(leads), "big": [-(2**63)] * len(leads)})
    texts = f"('a', '2024-10-27 02:30', 'x'), ({literal(HOSTILE)}, 'soon', 'x')"
    found = []
    for right in ("GRANT", "REVOKE"):
        crm.tell(f'{right} TEMPORARY ON DATABASE "{crm.name}" {"TO" if right == "GRANT" else "FROM"} PUBLIC')
        with engine("Europe/Vienna", "later") as made:
            query = f"SELECT * FROM (VALUES {texts}) AS t (lead_id, occurred_at, type)"
            relation = made.events(EventsSettings("env:CRM_URL", query=query))
            made.put("moments", moments)
            made.put("none", moments.slice(0, 0))
            joined = f"SELECT row, at_us FROM moments JOIN {relation.name} USING (lead)"
            questions = (f"WITH w AS ({joined}) SELECT * FROM w", "SELECT * FROM moments",
                         "SELECT count(*) AS row FROM none", joined)  # fmt: skip
            tables = [pa.Table.from_batches(made.run(sql)) for sql in questions]
            found.append((relation, [table.sort_by("row").to_pylist() for table in tables]))
    assert found[0] == found[1]
    assert found[0][1][1] == moments.to_pylist()
    assert found[0][1][3] == [{"row": 0, "at_us": 1_729_992_600_000_000}, {"row": 2, "at_us": None}]


def test_a_user_who_only_reads_by_default_may_have_temporary_tables(crm: Crm) -> None:
    crm.tell(f'ALTER ROLE ada IN DATABASE "{crm.name}" SET default_transaction_read_only = on')
    with engine() as made:
        made.put("moments", pa.table({"row": [1, 2]}))
        assert pa.Table.from_batches(made.run("SELECT count(*) AS n FROM moments")).to_pylist() == [{"n": 2}]
