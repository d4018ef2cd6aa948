"""How the DuckDB engine reads events: what it takes, what it counts as unreadable, what it refuses."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.engine import EventRelation, Unread
from leadml.history.engagement.open import open_engine
from leadml.history.engagement.report import EventReport
from leadml.history.settings.sections import (
    EngineSettings,
    EventsSettings,
    LeadsSettings,
    Settings,
    TimesSettings,
)
from leadml.points.dates import microseconds, moments_of_text

COLUMNS = "lead, at_us, type, topic, amount_u"


def read(
    source: Path | pd.DataFrame, times: TimesSettings | None = None, **columns: Any
) -> tuple[EventRelation, list[tuple[Any, ...]]]:
    """Return the relation and its rows, sorted."""
    frame = source if isinstance(source, pd.DataFrame) else None
    with DuckEngine(times, frame=frame) as engine:
        relation = engine.events(EventsSettings(str(source) if frame is None else "the frame", **columns))
        rows = [
            tuple(row.values())
            for batch in engine.run(f"SELECT {COLUMNS} FROM {relation.name}")
            for row in batch.to_pylist()
        ]
    return relation, sorted(rows, key=repr)


def log(**columns: Sequence[Any]) -> pd.DataFrame:
    base: dict[str, Any] = {"lead_id": ["a"], "occurred_at": ["1970-01-01T00:00:01Z"], "type": ["visit"]}
    return pd.DataFrame(base | columns)


def csv(folder: Path, text: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["events.csv", "events.csv.gz", "it's [1]*.tsv"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_csv_keeps_what_is_written(tmp_path: Path, sep: str, name: str) -> None:
    lines = [
        ["lead_id", "occurred_at", "type", "country", "amount"],
        ["007", "1970-01-01T00:00:01Z", "NA", "NA", "1.5"],
        ["12345678901234567890", "", '"a ""quoted"" type"', "", ""],
        ["", "1970-01-01", "", "", "1e-6"],
    ]
    path = csv(tmp_path, "\n".join(sep.join(line) for line in lines) + "\n", name)
    relation, rows = read(path, topic="country", amount="amount")
    assert relation == EventRelation("leadml_events", "text", 3, no_time=1)
    assert rows == [
        ("007", 1_000_000, "NA", "NA", 1_500_000),
        ("12345678901234567890", None, 'a "quoted" type', None, None),
        (None, 0, None, None, 1),
    ]


def test_csv_lines_that_do_not_fit_are_named(tmp_path: Path) -> None:
    path = csv(tmp_path, "lead_id,occurred_at,type\na,2024-01-01,visit\na,2024-01-01,visit,more\n")
    with pytest.raises(DataError, match=r"3 columns, but 1 line has another number of cells: line 3 has 4"):
        read(path)


def test_csv_lines_swallowed_by_a_quotation_mark_are_found(tmp_path: Path) -> None:
    lines = "".join(f"b{k},2024-01-01,visit,x\n" for k in range(6))
    head = "lead_id,occurred_at,type,note\na,2024-01-01,visit,fine\n"
    path = csv(tmp_path, f'{head}a,2024-01-01,visit,"oh\n{lines}b,2024-01-01,visit,"\n')
    with pytest.raises(DataError, match=r"1 events a quotation mark was opened.*event 2 \(counted from 1; 7 lines"):
        read(path)


def test_csv_prose_of_several_lines_does(tmp_path: Path) -> None:
    path = csv(tmp_path, 'lead_id,occurred_at,type,note\na,2024-01-01,visit,"one, two\nthree, four"\n')
    assert read(path)[0].rows == 1


def test_csv_with_line_ends_of_two_kinds_does(tmp_path: Path) -> None:
    path = csv(tmp_path, "lead_id,occurred_at,type\r\na,1970-01-01,visit\nb,1970-01-02,\r\n")
    assert read(path)[1] == [("a", 0, "visit", None, None), ("b", 86_400_000_000, None, None, None)]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        ("", DataError, "is empty"),
        ("lead_id,occurred_at,typ\na,2024-01-01,x\n", UsageError, r"no column 'type'. Did you mean 'typ'"),
        ("lead_id,occurred_at,type,type\na,2024-01-01,x,y\n", DataError, "more than one column of the same name"),
        ("lead_id,occurred_at,type\na,2024-01-01,\0\n", DataError, "NUL"),
    ],
)
def test_csv_that_cannot_be_used_says_why(tmp_path: Path, content: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        read(csv(tmp_path, content))


def test_a_header_alone_is_no_event(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "lead_id,occurred_at,type\n")) == (EventRelation("leadml_events", "text", 0), [])


def test_what_cannot_be_read_is_counted_and_shown_without_personal_data() -> None:
    times = ["31.3.2024", "ada@example.org", "2024-02-30", "", None, "2024-03-31", "2024-02-30", "1700000000"]
    amounts = ["1,5", "1.5", "", None, "+43 660 1234567", "007", "12", "-.5"]
    n = len(times)
    relation, rows = read(
        log(lead_id=["a"] * n, occurred_at=times, type=["visit"] * n, amount=amounts), amount="amount"
    )
    assert relation.times == Unread(5, ("1700000000", "2024-02-30", "31.3.2024", "(personal data)"))
    assert (relation.no_time, relation.rows) == (2, 8)
    assert relation.amounts == Unread(3, ("(personal data)", "007", "1,5"))
    assert sorted(row[4] for row in rows if row[4] is not None) == [-500_000, 1_500_000, 12_000_000]


def test_times_with_points_are_read_as_in_tables_of_leads() -> None:
    texts = ["24.12.2024 10:30", "24.12.2024", "24.12.2024, 10:30:15", "2024-12-24 10:30", "24.12.2024T10:30"]
    texts += ["24.12.2024 10:30Z", "4.12.2024", "24.12.24", "31.02.2024"]
    n = len(texts)
    relation, rows = read(log(lead_id=range(n), occurred_at=texts, type=["x"] * n), TimesSettings("Europe/Vienna"))
    vienna = ZoneInfo("Europe/Vienna")
    times = [datetime(2024, 12, 24, *clock, tzinfo=vienna) for clock in ((10, 30), (0, 0), (10, 30, 15), (10, 30))]
    found = [row[1] for row in sorted(rows)]
    assert found == [*(int(time.timestamp()) * 1_000_000 for time in times), *[None] * 5]
    assert relation.times.count == 5


@pytest.mark.parametrize(
    ("seen", "told"), [("1.3.2024 10:30", True), ("01.03.24", True), ("30.02.2024", False), ("soon", False)]
)
def test_times_with_points_that_cannot_be_read_are_explained(seen: str, told: bool) -> None:
    report = EventReport(3, times=Unread(1, (seen,)), counted=2)
    assert ("day and month have two digits and the year has four" in report.text) == told


digits = st.text("0123456789", min_size=1, max_size=4)
DAYS = [
    "31.03.2024",
    "27.10.2024",
    "29.02.2023",
    "00.01.2024",
    "2024-03-31",
    "2024-10-27",
    "2024-02-29",
    "2023-02-29",
    "0001-01-01",
    "0000-01-01",
    "9999-12-31",
    "infinity",
]
CLOCKS = ["02:30", "02:30:00", "02:30:00.5", "00:00", "23:59:59.999999", "23:59:59.999999999", "24:00", "02:30:60"]
OFFSETS = ["Z", "z", "+01:00", "-0330", "+14:00", "+01", "-23:59", " +02:00", "+24:00", "+00:60", "BC", " (BC)"]
BETWEEN = ["T", "t", " ", "  ", ", ", ",", ",5", ".1234567"]
PIECES = st.one_of(*map(st.sampled_from, (DAYS, CLOCKS, OFFSETS, BETWEEN)), digits)
DOTTED = st.dates(date(2024, 3, 30), date(2024, 11, 1)).map(lambda day: day.strftime("%d.%m.%Y"))
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=5).map("".join),
    st.tuples(
        st.dates(max_value=date(2199, 12, 31)).map(str),  # later, we keep winter time
        st.sampled_from("T "),
        st.times().map(str),
        st.sampled_from(["", "Z", "+01:00", " -0330", "+1400"]),
    ).map("".join),
    st.tuples(DOTTED, st.sampled_from([" ", ", ", ",", "T"]), st.times().map(str), st.sampled_from(["", "Z"])).map(
        "".join
    ),
    DOTTED,
    st.datetimes(pd.Timestamp("2024-03-30").to_pydatetime(), pd.Timestamp("2024-04-08").to_pydatetime()).map(str),
    st.datetimes(pd.Timestamp("2024-10-26").to_pydatetime(), pd.Timestamp("2024-11-05").to_pydatetime()).map(str),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(TEXTS, min_size=1, max_size=60),
    st.sampled_from(["UTC", "Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.sampled_from(["refuse", "earlier", "later"]),
)
def test_times_as_text_mean_what_they_mean_in_the_leads(texts: list[str], zone: str, twice: str) -> None:
    """The other reader is pandas with its own time zones. It also takes the year 0, which PostgreSQL does not have."""
    frame = log(lead_id=range(len(texts)), occurred_at=texts, type=["visit"] * len(texts))
    relation, rows = read(frame, TimesSettings(zone, twice))
    expected = moments_of_text(pd.Series(texts, dtype="str"), zone, twice)
    expected = expected.mask(np.array([text.startswith("0000") for text in texts]))
    known = expected.notna().to_numpy()
    at = np.full(len(texts), None, dtype=object)
    at[known] = microseconds(expected[known])
    found = {row[0]: row[1] for row in rows}
    assert {text: found[k] for k, text in enumerate(texts)} == dict(zip(texts, at, strict=True))
    assert relation.times.count == int((~known).sum())


def parquet(folder: Path, **columns: Any) -> Path:
    at = pa.array([10**6], pa.timestamp("us"))
    base: dict[str, Any] = {"lead_id": pa.array(["a"]), "occurred_at": at, "type": ["x"]}
    pq.write_table(pa.table(base | columns), folder / "events.parquet")
    return folder / "events.parquet"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (pa.array([1], pa.timestamp("s")), 1_000_000),
        (pa.array([1_500], pa.timestamp("ms", "Europe/Vienna")), 1_500_000),
        (pa.array([1_500_000_999], pa.timestamp("ns")), 1_500_000),
        (pa.array([1], pa.date32()), 86_400_000_000),
        (pa.array(["1970-01-01T00:00:01.000001+00:00"]), 1_000_001),
        (pa.array(["1970-01-02"]).dictionary_encode(), 86_400_000_000),
        (pa.array([None], pa.null()), None),
    ],
    ids=str,
)
def test_parquet_times_of_every_kind(tmp_path: Path, at: pa.Array, expected: int | None) -> None:
    assert read(parquet(tmp_path, occurred_at=at))[1][0][1] == expected


@pytest.mark.parametrize(
    ("lead", "kind", "expected"),
    [
        (pa.array([-7], pa.int16()), "integer", -7),
        (pa.array([2**63], pa.uint64()), "text", "9223372036854775808"),
        (pa.array([7.0]), "text", "7"),
        (pa.array([7.5]), "text", "7.5"),
        (pa.array([float("nan")]), "text", None),
        (pa.array([Decimal("7.00")]), "text", "7"),
        (pa.array(["007"]), "text", "007"),
        (pa.array([""]), "text", None),
    ],
    ids=str,
)
def test_parquet_leads_of_every_kind(tmp_path: Path, lead: pa.Array, kind: str, expected: object) -> None:
    relation, rows = read(parquet(tmp_path, lead_id=lead))
    assert (relation.lead_type, rows[0][0]) == (kind, expected)


def test_parquet_amounts_that_are_no_number_are_not_summed(tmp_path: Path) -> None:
    """Written by Arrow with statistics that do not mention NaN, which DuckDB would trust."""
    values = [float("nan"), 5.0, float("inf"), None, 1e12, -0.0]
    n = len(values)
    path = parquet(
        tmp_path,
        lead_id=pa.array(["a"] * n),
        occurred_at=pa.array([1] * n, pa.timestamp("us")),
        type=pa.array(["x"] * n),
        amount=pa.array(values, pa.float64()),
    )
    relation, rows = read(path, amount="amount")
    assert relation.amounts.count == 3
    assert sorted(row[4] for row in rows if row[4] is not None) == [0, 5_000_000]


@pytest.mark.parametrize(
    ("role", "values", "said"),
    [
        ("occurred_at", pa.array([1_700_000_000]), "has the type BIGINT, so it cannot be the time of events"),
        ("lead_id", pa.array([[1]]), "'lead_id' has the type BIGINT"),
        ("type", pa.array([b"x"]), "'type' has the type BLOB"),
        ("amount", pa.array([True]), "'amount' has the type BOOLEAN"),
    ],
)
def test_columns_that_cannot_play_their_part_are_refused(
    tmp_path: Path, role: str, values: pa.Array, said: str
) -> None:
    columns: dict[str, Any] = {"amount": "amount"} if role == "amount" else {}
    with pytest.raises(DataError, match=said):
        read(parquet(tmp_path, **{role: values}), **columns)


def test_columns_are_told_apart_by_case(tmp_path: Path) -> None:
    path = parquet(tmp_path, Type=["upper"], LEAD_ID=pa.array(["b"]))
    assert read(path)[1][0][0] == "a"
    assert read(path, type="Type", lead="LEAD_ID")[1][0] == ("b", 1_000_000, "upper", None, None)
    with pytest.raises(UsageError, match=r"no column 'TYPE'"):
        read(path, type="TYPE")


def test_frames_of_any_objects() -> None:
    frame = pd.DataFrame(
        {
            "lead_id": np.array([7, "a", None], dtype=object),
            "occurred_at": pd.to_datetime(["1970-01-01 01:00"] * 3).tz_localize("Europe/Vienna"),
            "type": pd.Categorical(["x", "y", None]),
        },
        index=[5, 5, 1],
    )
    assert read(frame)[1] == [("7", 0, "x", None, None), ("a", 0, "y", None, None), (None, 0, None, None, None)]


def test_databases_ask_for_a_table_or_a_query(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        columns = "'a' AS lead_id, TIMESTAMP 'epoch' AS occurred_at, 'x' AS type"
        connection.execute(f"CREATE TABLE events AS SELECT {columns}").fetchall()
    with sqlite3.connect(tmp_path / "crm.db") as other:
        other.execute("CREATE TABLE events (lead_id, occurred_at, type)")
        other.execute("INSERT INTO events VALUES (7.0, '1970-01-01', 'x'), (X'00', 0, 3)")
    other.close()
    duck, lite = tmp_path / "crm.duckdb", tmp_path / "crm.db"
    assert read(duck, query="SELECT * FROM events -- all")[1] == [("a", 0, "x", None, None)]
    assert read(lite, table="events")[1] == [("7", 0, "x", None, None), (None, None, "3", None, None)]
    for path in (duck, lite):
        with pytest.raises(UsageError, match=r"table or query"):
            read(path)
        with pytest.raises(UsageError, match=r"no table 'event'. Did you mean 'events'"):
            read(path, table="event")
        with pytest.raises(DataError, match=r"did not answer"):
            read(path, query="SELECT * FROM nowhere")
        with pytest.raises(DataError, match=r"did not answer"):
            read(path, query="DROP TABLE events")
        assert read(path, table="events")[0].rows == (1 if path is duck else 2)


def test_sources_are_found_from_the_settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    csv(tmp_path, "lead_id,occurred_at,type\na,1970-01-01,x\n")
    monkeypatch.setenv("EVENT_FILE", str(tmp_path / "events.csv"))
    for source in ("events.csv", "env:EVENT_FILE"):
        asked = EventsSettings(source)
        engine = open_engine(Settings(LeadsSettings("leads.csv"), events=asked, folder=tmp_path))
        assert engine.events(asked).rows == 1
        engine.close()
    with (
        DuckEngine(path_of=lambda source: str(tmp_path / source)) as engine,
        pytest.raises(UsageError, match=r"no file .*event.csv.*Did you mean 'events.csv'"),
    ):
        engine.events(EventsSettings("event.csv"))


def test_an_engine_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = DuckEngine(settings=EngineSettings(memory_gb=0.1, threads=1), frame=log())
    engine.events(EventsSettings("the frame"))
    with pytest.raises(DataError, match=r"could not be counted: .*nowhere"):
        list(engine.run("SELECT * FROM nowhere"))
    assert sum(batch.num_rows for batch in engine.run("SELECT * FROM leadml_events")) == 1
    engine.close()
    engine.close()
    assert list(tmp_path.iterdir()) == []


def test_more_than_memory_is_written_to_disk(tmp_path: Path) -> None:
    """400 MB of text within 60 MB."""
    n = 400_000
    rng = np.random.default_rng(0)
    table = pa.table(
        {
            "lead_id": pa.array(rng.integers(0, 10**9, n)).cast(pa.string()),
            "occurred_at": ["2024-01-01T00:00:00+00:00"] * n,
            "type": pa.array(np.char.add("x" * 990, rng.integers(0, 10**9, n).astype(str))),
        }
    )
    pq.write_table(table, tmp_path / "events.parquet", compression="zstd", use_dictionary=False)
    with DuckEngine(settings=EngineSettings(memory_gb=0.1, threads=1)) as engine:
        relation = engine.events(EventsSettings(str(tmp_path / "events.parquet")))
        found = [batch.column(0).to_pylist() for batch in engine.run("SELECT count(DISTINCT type) FROM leadml_events")]
    assert relation.rows == n
    assert found == [[len(set(table["type"].to_pylist()))]]
