"""Tables and queries of a real PostgreSQL server arrive as they are stored."""

from __future__ import annotations

import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadml.errors import BusyError, DataError, UsageError
from leadml.history.history import LeadHistory
from leadml.history.sources.readers import read_table
from leadml.history.sources.server import Server, Servers, literal, quoted
from tests.history.postgres.conftest import Crm

HOSTILE = 'a "quoted" \\ 100 % ; DROP TABLE leads --\nü'


def answer(query: str) -> pd.DataFrame:
    return read_table("env:CRM_URL", query=query).frame


def only(query: str) -> pd.Series:
    return answer(query).iloc[:, 0]


def test_every_type_arrives_exactly(crm: Crm) -> None:
    crm.tell("CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE DOMAIN price AS numeric(10, 2)")
    frame = answer(
        "SELECT 9007199254740993::bigint AS big, 3::smallint AS small, true AS yes, 'NA'::text AS country, "
        "'01067'::varchar(5) AS zip, 'ab'::char(5) AS padded, 5.50::price AS price, 4294967295::oid AS oid, "
        "'-12.34'::money AS money, 'ok'::mood AS mood, '{\"b\": 1, \"a\": null}'::jsonb AS json, "
        "'2AEB3C11-0000-4000-8000-000000000001'::uuid AS uuid, '1 day 2 hours'::interval AS span, "
        "array['a', NULL] AS tags, '10.1.2.3'::inet AS ip, '[1,3)'::int4range AS rng, '\\x00ff'::bytea AS bytes, "
        "1.5::real AS r, 0.1::float8 AS f, '09:30'::time AS clock, 'n'::name AS name"
    )
    assert frame.iloc[0].to_dict() == {
        "big": 9007199254740993, "small": 3, "yes": True, "country": "NA", "zip": "01067", "padded": "ab",
        "price": 5.5, "oid": 4294967295, "money": -12.34, "mood": "ok", "json": '{"a": null, "b": 1}',
        "uuid": "2aeb3c11-0000-4000-8000-000000000001", "span": "P1DT2H", "tags": "{a,NULL}", "ip": "10.1.2.3/32",
        "rng": "[1,3)", "bytes": "\\x00ff", "r": 1.5, "f": 0.1, "clock": "09:30:00", "name": "n",
    }  # fmt: skip


def test_moments_are_utc_and_local_times_have_no_zone(crm: Crm) -> None:
    crm.tell(f"ALTER ROLE ada IN DATABASE \"{crm.name}\" SET TimeZone = 'America/New_York'")
    crm.tell(f"ALTER ROLE ada IN DATABASE \"{crm.name}\" SET DateStyle = 'German'")
    frame = answer(
        "SELECT '2024-03-31 02:30:00.123456+02'::timestamptz AS at, '2024-03-31 02:30'::timestamp AS local, "
        "'2024-02-29'::date AS day, '2024-07-01 12:00'::timestamptz AS by_session"
    )
    assert frame["at"].tolist() == [pd.Timestamp("2024-03-31 00:30:00.123456", tz="UTC")]
    assert frame["local"].tolist() == [pd.Timestamp("2024-03-31 02:30")]
    assert frame["day"].tolist() == [pd.Timestamp("2024-02-29")]
    assert frame["by_session"].tolist() == [pd.Timestamp("2024-07-01 12:00", tz="UTC")]
    assert [str(kind) for kind in frame.dtypes[:3]] == ["datetime64[us, UTC]", "datetime64[us]", "datetime64[us]"]


def test_what_no_calendar_holds_is_missing(crm: Crm) -> None:
    for kind in ("timestamptz", "timestamp", "date"):
        texts = ("infinity", "-infinity", "0044-03-15 BC", "100000-01-01", "9999-12-31", "0001-01-01")
        rows = ", ".join(f"({literal(text)})" for text in texts)
        found = only(f"SELECT v::{kind} FROM (VALUES {rows}, (NULL)) AS t (v)")
        assert found.isna().tolist() == [True, True, True, True, False, False, True]
        assert [moment.year for moment in found.dropna()] == [9999, 1]


def test_missing_values_cost_no_digit(crm: Crm) -> None:
    for kind, value in {"bigint": 9007199254740993, "integer": 2**31 - 1, "smallint": -(2**15)}.items():
        found = only(f"SELECT v::{kind} FROM (VALUES ({value}::bigint), (NULL)) AS t (v)")
        assert found[0] == value
        assert found.isna().tolist() == [False, True]
    truths = only("SELECT v FROM (VALUES (true), (NULL), (false)) AS t (v)")
    assert (str(truths.dtype), truths.dropna().tolist()) == ("boolean", [True, False])


def test_numeric_is_whole_or_the_nearest_float_or_text(crm: Crm) -> None:
    def numeric(*texts: str) -> pd.Series:
        return only(f"SELECT v::numeric FROM (VALUES {', '.join(f'({literal(t)})' for t in texts)}) AS t (v)")

    assert numeric("1", "-9223372036854775808").tolist() == [1, -(2**63)]
    assert numeric("12345678901234567890", "1e20").tolist() == ["12345678901234567890", "1" + 20 * "0"]
    fractions = ["0.1", "12345678901234567890.123456789", "1e-300", "2.5", "1e300"]
    assert numeric(*fractions).tolist() == [float(text) for text in fractions]
    assert np.isnan(numeric("NaN", "1")[0])
    assert numeric("Infinity", "-Infinity").tolist() == [np.inf, -np.inf]
    empty = only("SELECT NULL::numeric")
    assert empty.isna().all()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25, places=9)))
def test_numeric_is_rounded_as_python_rounds(crm: Crm, numbers: list[Decimal]) -> None:
    rows = ", ".join(f"({number:f})" for number in [Decimal("0.5"), *numbers])
    found = only(f"SELECT v::numeric FROM (VALUES {rows}) AS t (v)")
    assert found.tolist() == [0.5, *(float(number) for number in numbers)]


def test_a_table_gives_what_a_frame_gives(crm: Crm) -> None:
    leads = pd.DataFrame({
        "lead_id": [f"L{k}" for k in range(120)],
        "visits": [float(k % 7) for k in range(120)],
        HOSTILE: ["web", "fair", None] * 40,
        "Source": [f"level {k % 4}" for k in range(120)],
        "source": [k % 3 == 0 for k in range(120)],
        "status": ["won", "lost", "lost"] * 40,
    })  # fmt: skip
    crm.load("leads", pa.Table.from_pandas(leads, preserve_index=False))
    table = read_table("env:CRM_URL", table="leads")
    assert (table.columns, table.where, table.stem) == (list(leads.columns), "leads (env:CRM_URL)", "leads")
    history = LeadHistory.read("env:CRM_URL", outcome="status", id="lead_id", table="public.leads")
    assert history.fingerprint == LeadHistory.from_frame(leads, outcome="status", id="lead_id").fingerprint


def test_names_of_tables_are_quoted(crm: Crm) -> None:
    schema, name = f"s {HOSTILE}", f"t {HOSTILE}"
    full = f"{quoted(schema)}.{quoted(name)}"
    crm.tell(f"CREATE SCHEMA {quoted(schema)}", f"CREATE TABLE {full} AS SELECT 7 AS seven")
    crm.tell(f"GRANT USAGE ON SCHEMA {quoted(schema)} TO ada", f"GRANT SELECT ON {full} TO ada")
    assert read_table("env:CRM_URL", table=f"{schema}.{name}").frame["seven"].tolist() == [7]


def test_views_partitions_and_answers_with_names_that_stand_twice(crm: Crm) -> None:
    crm.tell(
        "CREATE TABLE base (at date, v int) PARTITION BY RANGE (at)",
        "CREATE TABLE part PARTITION OF base FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "INSERT INTO base VALUES ('2024-05-05', 5)",
        "CREATE VIEW seen AS SELECT v FROM base",
        "CREATE MATERIALIZED VIEW kept AS SELECT v FROM base",
        "GRANT SELECT ON base, seen, kept TO ada",
    )
    for name in ("base", "seen", "kept"):
        assert read_table("env:CRM_URL", table=name).frame["v"].tolist() == [5]
    with pytest.raises(DataError, match=r"same name: 'v' \(columns 1, 2\)"):
        answer("SELECT 1 AS v, 2 AS v")
    assert answer("SELECT 1 AS v;\n").columns.tolist() == ["v"]
    assert answer("WITH w AS (SELECT 3 AS v) SELECT v FROM w ORDER BY v -- comment")["v"].tolist() == [3]


def test_names_that_do_not_exist(crm: Crm) -> None:
    crm.tell("CREATE SCHEMA sales", "CREATE TABLE sales.leads (a int)", "CREATE TABLE deals (a int)")
    with pytest.raises(UsageError, match=r"CRM_URL has no table 'sales\.leds'\. Did you mean 'sales\.leads'"):
        read_table("env:CRM_URL", table="sales.leds")
    with pytest.raises(UsageError, match=r"no table 'deal'\. Did you mean 'deals'"):
        read_table("env:CRM_URL", table="deal")
    with pytest.raises(UsageError, match=r"no table 'leads'"):  # not in the search path
        read_table("env:CRM_URL", table="leads")
    with pytest.raises(DataError, match=r'the query \(env:CRM_URL\) was not answered: column "nonsuch" does not exist'):
        answer("SELECT nonsuch FROM deals")
    for both in (None, None), ("a", "b"):
        with pytest.raises(UsageError, match=r"either table = .* or query"):
            read_table("env:CRM_URL", table=both[0], query=both[1])
    with pytest.raises(DataError, match="has no columns"):
        answer("SELECT FROM pg_class")


def test_two_tables_that_can_be_called_the_same(crm: Crm) -> None:
    crm.tell('CREATE SCHEMA "a.b"', 'CREATE SCHEMA "a"', 'CREATE TABLE "a.b".c (v int)', 'CREATE TABLE a."b.c" (v int)')
    with pytest.raises(UsageError, match=r"two tables that can be called 'a\.b\.c'"):
        read_table("env:CRM_URL", table="a.b.c")


def test_what_may_not_be_read(crm: Crm) -> None:
    crm.tell("CREATE TABLE leads (a int)", "CREATE SCHEMA closed", "CREATE TABLE closed.leads (a int)")
    with pytest.raises(UsageError, match=r"leads .*may not be read by the user in CRM_URL: permission denied"):
        read_table("env:CRM_URL", table="leads")
    with pytest.raises(UsageError, match=r"permission denied for schema closed.*GRANT"):
        read_table("env:CRM_URL", table="closed.leads")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM leads",
        "WITH gone AS (DELETE FROM leads RETURNING a) SELECT * FROM gone",
        "SELECT 1; DELETE FROM leads",
        "SELECT 1) AS q (c0)) TO STDOUT; DELETE FROM leads; --",
        "SELECT empty_leads()",
        "SELECT nextval('counter')",
    ],
)
def test_nothing_is_ever_written(crm: Crm, query: str) -> None:
    crm.tell(
        "CREATE TABLE leads (a int)",
        "INSERT INTO leads VALUES (1)",
        "CREATE SEQUENCE counter",
        "CREATE FUNCTION empty_leads() RETURNS int LANGUAGE plpgsql SECURITY DEFINER "
        "AS 'BEGIN DELETE FROM leads; RETURN 1; END'",
        "GRANT ALL ON leads, counter TO ada",
    )
    with pytest.raises((DataError, UsageError), match=r"was not answered|only reads"):
        answer(query)
    assert only("SELECT count(*) FROM leads").tolist() == [1]
    assert only("SELECT is_called FROM counter").tolist() == [False]


def test_sources_on_one_server_are_read_from_one_snapshot(crm: Crm) -> None:
    crm.tell("CREATE TABLE leads AS SELECT 1 AS a", "GRANT SELECT ON leads TO ada")
    with Servers() as servers:
        first = read_table("env:CRM_URL", table="leads", servers=servers)
        crm.tell("INSERT INTO leads VALUES (2)")
        again = read_table("env:CRM_URL", table="leads", servers=servers)
        assert len(servers.opened) == 1
    assert (len(first.frame), len(again.frame), len(read_table("env:CRM_URL", table="leads").frame)) == (1, 1, 2)


def test_text_of_databases_in_other_encodings(crm: Crm) -> None:
    name = f"{crm.name} latin"
    for encoding in ("LATIN1", "SQL_ASCII"):
        crm.server.tell(f'CREATE DATABASE "{name}" ENCODING {encoding} TEMPLATE template0')
        other = Crm(crm.server, name)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CRM_URL", crm.server.admin(name))
                if encoding == "LATIN1":
                    other.tell("CREATE TABLE leads AS SELECT convert_from('\\xfc'::bytea, 'LATIN1') AS city")
                    assert read_table("env:CRM_URL", table="leads").frame["city"].tolist() == ["ü"]
                else:
                    with pytest.raises(DataError, match=r"holds bytes that are no UTF-8.*convert_from"):
                        answer("SELECT 1 AS a, E'\\xfc' AS city")
        finally:
            crm.server.tell(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_values_of_the_data_are_not_in_messages(crm: Crm) -> None:
    with pytest.raises(DataError, match="invalid input syntax for type integer") as caught:
        answer("SELECT v::int FROM (VALUES ('Ada Lovelace <ada@example.org>')) AS t (v)")
    assert "Ada" not in str(caught.value)


def test_a_query_that_takes_too_long_may_be_tried_again(crm: Crm) -> None:
    crm.tell(f'ALTER ROLE ada IN DATABASE "{crm.name}" SET statement_timeout = 100')
    with pytest.raises(BusyError, match=r"was stopped by the server.*statement_timeout") as caught:
        answer("SELECT pg_sleep(20)")
    assert caught.value.exit_code == 75


def test_a_server_that_goes_away_may_be_tried_again(crm: Crm) -> None:
    def end() -> None:
        time.sleep(0.5)
        crm.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ada'")

    ending = threading.Thread(target=end)
    ending.start()
    with pytest.raises(BusyError, match=r"it closed the connection|the connection broke"):
        answer("SELECT pg_sleep(20)")
    ending.join()


def test_a_stream_that_is_left_early_leaves_the_server_usable(crm: Crm) -> None:
    with Server("CRM_URL") as server:
        stream = server.stream("SELECT * FROM generate_series(1, 3000000) AS v", "numbers")
        first = next(iter(stream))
        stream.close()
        assert first.num_rows < 3_000_000
        assert server.ask("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_the_driver_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_URL", "postgresql://127.0.0.1/crm")
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql.dbapi", None)
    with pytest.raises(UsageError, match=r"pip install 'leadml\[postgres\]'"):
        read_table("env:CRM_URL", table="leads")


def test_an_address_stands_in_the_environment_only() -> None:
    for address in ("postgresql://ada:s3cret@db.example.org/crm", "postgres://db.example.org/crm"):
        with pytest.raises(UsageError, match=r"environment only.*env:CRM_URL") as caught:
            read_table(address, table="leads")
        assert "example" not in str(caught.value)


def test_a_server_is_not_started_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leads.csv").write_text("a,b\n1,2\n")
    monkeypatch.setenv("CRM_URL", str(tmp_path / "leads.csv"))
    assert read_table("env:CRM_URL").is_text
