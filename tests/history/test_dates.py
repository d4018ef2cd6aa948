"""Dates as sources really hold them: of a type of their own, or written with points; held against the calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.cli import main
from leadml.errors import DataError, UsageError
from leadml.history.history import LeadHistory
from leadml.history.moments.times import read_times
from leadml.history.settings.config import settings_of
from leadml.history.settings.draft import draft_config, unfilled
from leadml.history.settings.sections import TimesSettings
from leadml.history.sources.readers import Table
from leadml.jobs.thresholding.coming import of_file
from leadml.points.dates import microseconds, moments_of_text
from leadml.watch.kpi.scorings import instant

DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=k) for k in range(240)]
WANTED = [(day - dt.date(1970, 1, 1)).days * 86_400_000_000 for day in DAYS]


def leads(days: object = DAYS, closed: object = None) -> pd.DataFrame:
    frame = pd.DataFrame({"lead_id": [f"L{k}" for k in range(240)], "came": days})
    frame["status"] = ["won" if k % 3 == 0 else "lost" for k in range(240)]
    frame["city"] = ["Wien", "Graz"] * 120
    return frame if closed is None else frame.assign(closed=closed)


def source_of(kind: str, tmp_path: Path) -> tuple[Path | pd.DataFrame, dict[str, str]]:
    """Write leads whose `came` and `closed` are dates without a time, as one kind of source."""
    frame = leads(closed=[day + dt.timedelta(days=9) for day in DAYS])
    if kind == "frame":
        return frame, {}
    if kind == "arrow frame":
        return frame.astype({"came": "date32[pyarrow]", "closed": "date32[pyarrow]"}), {}
    if kind == "parquet":
        frame.to_parquet(tmp_path / "leads.parquet")
        return tmp_path / "leads.parquet", {}
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as base:
        base.execute("CREATE TABLE leads AS SELECT * REPLACE (came::DATE AS came, closed::DATE AS closed) FROM frame")
        assert base.execute("SELECT typeof(came) FROM leads LIMIT 1").fetchone() == ("DATE",)
    return tmp_path / "crm.duckdb", {"table": "leads"}


@pytest.mark.parametrize("role", ["created", "order"])
@pytest.mark.parametrize("kind", ["frame", "arrow frame", "parquet", "duckdb"])
def test_dates_without_a_time_sort_leads(kind: str, role: str, tmp_path: Path) -> None:
    source, more = source_of(kind, tmp_path)
    told = {"outcome": "status", "id": "lead_id", role: "came", "closed": "closed", **more}
    read = LeadHistory.from_frame if isinstance(source, pd.DataFrame) else LeadHistory.read
    history = read(source, **told)  # type: ignore[operator]
    assert history.order.tolist() == WANTED
    assert history.split(0.25).newest.order.min() == WANTED[180]


@pytest.mark.parametrize("dotted", [False, True])
def test_the_feature_table_of_leads_with_dates(dotted: bool, tmp_path: Path) -> None:
    texts = [f"{day:%d.%m.%Y}" for day in DAYS]
    frame = leads(texts if dotted else DAYS, [f"{day + dt.timedelta(days=9):%d.%m.%Y} 14:05" for day in DAYS])
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as base:
        kind = "VARCHAR" if dotted else "DATE"
        base.register("frame", frame)
        base.execute(f"CREATE TABLE leads AS SELECT * REPLACE (came::{kind} AS came) FROM frame")
    (tmp_path / "leadml.toml").write_text(
        'name = "acme"\n[leads]\nsource = "crm.duckdb"\ntable = "leads"\nid = "lead_id"\ncreated = "came"\n'
        'closed = "closed"\noutcome = "status"\n[times]\nzone = "Europe/Vienna"\n'
        '[scoring]\nas_of = "created + 2 days"\nwindow_days = 30\n',
        encoding="utf-8",
    )
    made = ["features", str(tmp_path / "leadml.toml"), "--out", str(tmp_path / "made.csv")]
    done = CliRunner().invoke(main, made)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "made.csv").set_index("lead_id")
    assert pd.Timestamp(table.loc["L0", "as_of"]) == pd.Timestamp("2024-01-03", tz="Europe/Vienna")
    assert table.loc["L0", "won"] == 1
    done = CliRunner().invoke(main, [*made, "--as-of", "05.01.2024"])
    assert done.exit_code == 0, done.output
    assert pd.Timestamp(pd.read_csv(tmp_path / "made.csv")["as_of"][0]) == pd.Timestamp(
        "2024-01-05", tz="Europe/Vienna"
    )


def mixed(tmp_path: Path) -> Path:
    """Half of the leads with an offset, half in local time of Vienna, an hour ahead in winter and two in summer."""
    came = [
        f"{day}T22:30:00Z" if k % 2 else f"{pd.Timestamp(day, tz='Europe/Vienna'):%d.%m.%Y %H:%M}"
        for k, day in enumerate(DAYS)
    ]
    leads(came).to_csv(tmp_path / "leads.csv", index=False)
    config = tmp_path / "leadml.toml"
    config.write_text('[leads]\nsource = "leads.csv"\nid = "lead_id"\ncreated = "came"\noutcome = "status"\n')
    return config


def test_times_with_and_without_an_offset_are_compared_where_the_zone_is_known(tmp_path: Path) -> None:
    config = mixed(tmp_path)
    seen = r"such as '2024-01-02T22:30:00Z' \(row 2\), and partly not, such as '01.01.2024 00:00' \(row 1\)"
    with pytest.raises(DataError, match=seen):
        LeadHistory.from_config(config)
    asked = CliRunner().invoke(main, ["train", str(config), "--out", str(tmp_path / "models")])
    assert "zone under [times]" in asked.stderr
    config.write_text(config.read_text() + '[times]\nzone = "Europe/Vienna"\n')
    history = LeadHistory.from_config(config)
    assert history.order is not None
    wanted = [
        pd.Timestamp(f"{day} 22:30", tz="UTC") if k % 2 else pd.Timestamp(day, tz="Europe/Vienna").tz_convert("UTC")
        for k, day in enumerate(DAYS)
    ]
    assert pd.to_datetime(history.order, unit="us", utc=True).tolist() == wanted
    scoring = '[scoring]\nas_of = "created + 2 days"\nwindow_days = 30\nobserved_until = "2025-01-01"\n'
    config.write_text(config.read_text() + scoring)
    assert len(LeadHistory.from_config(config)) == 240


def test_a_draft_asks_for_the_zone_where_only_some_times_have_an_offset(tmp_path: Path) -> None:
    mixed(tmp_path)
    drafted = draft_config(tmp_path / "leads.csv")
    assert '[times]\n# DECIDE: "came" has times with an offset, "2024-01-02T22:30:00Z", and without' in drafted
    assert unfilled(drafted)
    leads().to_csv(tmp_path / "leads.csv", index=False)
    assert "[times]" not in draft_config(tmp_path / "leads.csv")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31)), min_size=1, max_size=20), st.data())
def test_dates_with_points_are_the_same_moments_as_in_iso(moments: list[dt.datetime], data: st.DataObject) -> None:
    forms = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y, %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
    moments = [moment.replace(microsecond=0) for moment in moments]
    mixed = [moment.strftime(data.draw(st.sampled_from(forms))) for moment in moments]
    wanted = [int((moment - dt.datetime(1970, 1, 1)) / dt.timedelta(microseconds=1)) for moment in moments]
    assert microseconds(moments_of_text(pd.Series(mixed, dtype="str"))).tolist() == wanted


def test_no_point_makes_a_month_first() -> None:
    texts = pd.Series(
        ["12.31.2024", "31.02.2024", "31.12.24", "31/12/2024", "1.2.2024", "31.12.2024T10:00", "02.01.2024"]
    )
    assert moments_of_text(texts).isna().tolist() == [True] * 6 + [False]
    assert str(moments_of_text(texts)[6]) == "2024-01-02 00:00:00+00:00"
    with pytest.raises(DataError, match=r"240 of 240 leads have no readable value in column 'came'.*'12\.31\.2024'"):
        LeadHistory.from_frame(leads(["12.31.2024"] * 240), outcome="status", order="came")


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%d.%m.%Y 00:00", "%d.%m.%Y 00:00:00"])
def test_dates_with_points_sort_leads_of_a_file_and_of_a_frame(form: str, tmp_path: Path) -> None:
    frame = leads([day.strftime(form) if k % 2 else day.isoformat() for k, day in enumerate(DAYS)])
    frame.to_csv(tmp_path / "leads.csv", index=False)
    history = LeadHistory.read(tmp_path / "leads.csv", outcome="status", id="lead_id", created="came")
    assert history.order.tolist() == WANTED
    assert LeadHistory.from_frame(frame, outcome="status", order="came").order.tolist() == WANTED
    table = Table(frame, "leads.csv", "leads", is_text=True)
    assert read_times(table, "came", TimesSettings(), frozenset())[0].tolist() == WANTED


def test_times_of_leads_that_a_threshold_is_sought_for(tmp_path: Path) -> None:
    leads([f"{day:%d.%m.%Y}" for day in DAYS]).to_csv(tmp_path / "leads.csv", index=False)
    leads().to_parquet(tmp_path / "leads.parquet")
    for name in ("leads.csv", "leads.parquet"):
        found = of_file(tmp_path / name, {"created": "came"}, None, None)
        assert found.times is not None
        assert found.times.tolist() == WANTED


def test_one_moment_with_points() -> None:
    assert instant("01.02.2025") == instant("2025-02-01")
    assert instant("01.02.2025 14:05") == instant("2025-02-01T14:05Z")
    for odd in ("1/2/2025", "1.2.2025", "12.31.2025"):
        with pytest.raises(UsageError, match="is no moment"):
            instant(odd)
    least = (
        '[leads]\nsource = "leads.csv"\noutcome = "y"\n[scoring]\nas_of = "created"\nobserved_until = "31.12.2025"\n'
    )
    assert settings_of(least).scoring.observed_until == "2025-12-31T00:00:00"


def test_an_amount_as_text_is_called_one() -> None:
    worth = np.random.default_rng(5).permutation(240) * 137.5 + 900
    german = [f"{amount:,.2f} €".translate(str.maketrans(",.", ".,")) for amount in worth]
    codes = [f"INV{k:05d}" for k in range(240)]
    frame = leads().assign(Betrag=german, Beleg=codes, seen=DAYS)
    aside = {a.column: a for a in LeadHistory.from_frame(frame, outcome="status", created="came").set_aside}
    assert "amounts with a currency or thousands separators" in aside["Betrag"].reason
    assert "plain numbers (12500.00)" in aside["Betrag"].reason
    assert (aside["Betrag"].kind, aside["Beleg"].kind) == ("text", "id")
    assert aside["seen"].reason == "dates are no features: a date says when, not what"
    unsorted = {a.column: a.reason for a in LeadHistory.from_frame(frame, outcome="status").set_aside}
    assert unsorted["seen"].endswith("; name it as order or created to split by time")


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("a\n1\n")
    with pytest.raises(UsageError, match=r"is a folder\. Name the file that holds the leads .*In it: leads\.csv\."):
        LeadHistory.read(tmp_path, outcome="a")


def test_the_command_for_another_encoding_can_be_pasted(tmp_path: Path) -> None:
    (tmp_path / "Leads Export.csv").write_bytes("name,city\nada,Köln\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"-t UTF-8 '[^']*Leads Export\.csv' > utf8\.csv"):
        LeadHistory.read(tmp_path / "Leads Export.csv", outcome="city")
