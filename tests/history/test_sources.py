"""Parquet, DuckDB, SQLite, frames and the environment: one kind of table whatever leads come from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, UsageError
from leadml.history.history import LeadHistory
from leadml.history.sources.readers import read_table
from leadml.history.values.ids import id_texts

LEADS = pd.DataFrame({
    "lead_id": [f"L{k}" for k in range(120)],
    "visits": [float(k % 7) for k in range(120)],
    "Source": ["web", "fair", None] * 40,
    "source": [f"level {k % 4}" for k in range(120)],
    "status": ["won", "lost", "lost"] * 40,
})  # fmt: skip


def test_parquet_keeps_types_and_names_that_differ_in_case(tmp_path: Path) -> None:
    path = tmp_path / "leads[1].parquet"
    LEADS.assign(born=pd.Timestamp("2024-02-29")).to_parquet(path)
    table = read_table(path)
    assert table.columns == [*LEADS.columns, "born"]
    assert (table.stem, table.is_text) == ("leads[1]", False)
    pd.testing.assert_frame_equal(table.frame[list(LEADS.columns)], LEADS)
    assert pd.api.types.is_datetime64_any_dtype(table.frame["born"])


def test_parquet_with_nan_and_infinity_as_pyarrow_writes_it(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = np.array([np.nan, np.inf, -np.inf, 1.0, 2.0, 3.0] * 20)
    content = {"x": pa.array(values, from_pandas=False), "won": [0, 1] * 60, "level": ["a", "b", "c"] * 40}
    pq.write_table(pa.table(content), tmp_path / "leads.parquet")
    history = LeadHistory.read(tmp_path / "leads.parquet", outcome="won")
    assert history.frame["x"].isna().tolist() == [True, True, True, False, False, False] * 20


def test_nested_columns_of_parquet_are_set_aside(tmp_path: Path) -> None:
    nested = LEADS.assign(tags=[["a", "b"]] * 120, address=[{"city": "Linz", "zip": "4020"}] * 120)
    nested.to_parquet(tmp_path / "leads.parquet")
    assert read_table(tmp_path / "leads.parquet").columns == list(nested.columns)
    history = LeadHistory.read(tmp_path / "leads.parquet", outcome="status")
    reasons = {a.column: a.kind for a in history.set_aside}
    assert (reasons["tags"], reasons["address"]) == ("other", "other")


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "leads.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"leads\.parquet cannot be read"):
        read_table(tmp_path / "leads.parquet")


@pytest.fixture(params=["duckdb", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"crm.{request.param}"
    names = "lead_id, visits, Source, status"
    rows = LEADS[names.split(", ")].astype(object).where(LEADS.notna(), None).values.tolist()
    create = 'CREATE TABLE "my ""leads" (lead_id TEXT, visits DOUBLE, Source TEXT, status TEXT)'
    with closing(duckdb.connect(path) if request.param == "duckdb" else sqlite3.connect(path)) as connection:
        connection.execute(create)
        connection.executemany('INSERT INTO "my ""leads" VALUES (?, ?, ?, ?)', rows)
        connection.commit()
    return path


def test_databases_give_what_frames_give(database: Path) -> None:
    whole = LeadHistory.read(database, outcome="status", id="lead_id", table='my "leads')
    frame = LEADS.drop(columns="source")
    assert whole.fingerprint == LeadHistory.from_frame(frame, outcome="status", id="lead_id").fingerprint
    query = 'SELECT lead_id, visits, Source, status FROM "my ""leads" ORDER BY visits'
    asked = LeadHistory.read(database, outcome="status", id="lead_id", query=query)
    assert asked.fingerprint == whole.fingerprint


def test_databases_are_opened_for_reading_only(database: Path) -> None:
    before = database.read_bytes()
    with pytest.raises(DataError, match="did not answer"):
        read_table(database, query='DELETE FROM "my ""leads"')
    assert database.read_bytes() == before


def test_databases_need_a_table_or_a_query_that_exists(database: Path) -> None:
    for both in ({}, {"table": "a", "query": "b"}):
        with pytest.raises(UsageError, match="either table or query"):
            read_table(database, **both)
    with pytest.raises(UsageError, match=r"no table 'my leads'\. Did you mean 'my \"leads'"):
        read_table(database, table="my leads")
    with pytest.raises(DataError, match="nonsuch"):
        read_table(database, query="SELECT * FROM nonsuch")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("hello")
    with pytest.raises(DataError, match=r"crm\.db did not answer.*DuckDB or SQLite"):
        read_table(tmp_path / "crm.db", table="leads")
    (tmp_path / "leads.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"leads\.csv is no database"):
        read_table(tmp_path / "leads.csv", table="leads")


def test_a_source_may_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leads.csv").write_text("a,b\n1,2\n")
    monkeypatch.setenv("CRM_LEADS", str(tmp_path / "leads.csv"))
    assert read_table("env:CRM_LEADS").stem == "leads"
    monkeypatch.delenv("CRM_LEADS")
    with pytest.raises(UsageError, match="the environment has no CRM_LEADS"):
        read_table("env:CRM_LEADS")


@pytest.mark.parametrize("source", ["env:CRM_URL", "mysql://ada:s3cret@db.example.org/crm"])
def test_an_address_is_never_shown(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_URL", "mysql://ada:s3cret@db.example.org/crm")
    with pytest.raises(UsageError, match=r"Accepted: \.csv") as caught:
        read_table(source)
    assert "s3cret" not in str(caught.value)
    assert "example" not in str(caught.value)


def test_a_missing_file_brings_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"no file .*leds\.csv.*Did you mean 'leads\.csv'") as caught:
        read_table(tmp_path / "leds.csv")
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="no file"):
        read_table(tmp_path / "nowhere" / "leads.csv")
    (tmp_path / "leads.csv").rename(tmp_path / "events.csv")
    with pytest.raises(UsageError) as caught:  # that both are CSV files makes them no neighbours
        read_table(tmp_path / "leads.csv")
    assert "Did you mean" not in str(caught.value)
    assert "There are: 'events.csv'" in str(caught.value)


@pytest.mark.parametrize("name", ["leads.xlsx", "leads.json", "leads"])
def test_other_kinds_of_files_are_refused_with_a_list(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(UsageError, match=r"Accepted: \.csv, \.csv\.gz, \.parquet, .* export to CSV"):
        read_table(tmp_path / name)


def test_frames_need_names_that_are_text_and_stand_once() -> None:
    with pytest.raises(UsageError, match="must be texts; seen: 7"):
        read_table(pd.DataFrame({"a": [1], 7: [2]}))
    with pytest.raises(DataError, match=r"same name: 'a' \(columns 1, 2\)"):
        read_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(UsageError, match="cannot be read from list"):
        read_table([1, 2])  # type: ignore[arg-type]


def test_a_frame_is_not_changed() -> None:
    before = LEADS.copy(deep=True)
    LeadHistory.from_frame(LEADS, outcome="status", missing=["web"])
    pd.testing.assert_frame_equal(LEADS, before)


def test_stems_are_the_name_without_its_endings(tmp_path: Path) -> None:
    for name, stem in {"my.leads.csv": "my.leads", "Leads.CSV": "Leads", "t.tsv": "t"}.items():
        (tmp_path / name).write_text("a\tb\n1\t2\n")
        assert read_table(tmp_path / name).stem == stem


def test_long_ids_with_gaps_keep_their_digits(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.sql("CREATE TABLE t AS SELECT * FROM (VALUES (9007199254740993, 1), (NULL, 2)) AS v(id, x)")
        connection.sql(f"COPY t TO '{tmp_path / 't.parquet'}' (FORMAT parquet)")
    for table in (read_table(tmp_path / "crm.duckdb", table="t"), read_table(tmp_path / "t.parquet")):
        assert id_texts(table.frame["id"]).iloc[0] == "9007199254740993"
        assert table.frame["id"].isna().tolist() == [False, True]
        assert table.frame["x"].tolist() == [1, 2]
