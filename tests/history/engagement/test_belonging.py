"""A log of events that is empty, foreign, cut off or without times is said, and may stop a training."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from leadml import jobs
from leadml.cli.root import main
from leadml.history.audit.audit import held, look
from leadml.history.history import LeadHistory
from leadml.points.findings import Finding

CONFIG = """
name = "acme"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created_at"
outcome = "status"
closed = "closed_at"
[events]
source = "events.csv"
windows_days = [7, 30]
[scoring]
as_of = "created + 14 days"
window_days = 60
"""
NOW = "2024-08-28"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lead a day, every third won, the last five open; each has a visit three days before its moment."""
    days = pd.date_range("2024-01-01", periods=240, freq="D", tz="UTC")
    leads = pd.DataFrame({"lead_id": [f"L{k}" for k in range(240)], "created_at": days, "city": ["Wien", "Graz"] * 120})
    leads["status"] = ["won" if k % 3 == 0 else "lost" for k in range(235)] + [""] * 5
    leads["closed_at"] = (days + pd.Timedelta(days=20)).where(leads["status"] != "")
    leads.to_csv(tmp_path / "leads.csv", index=False)
    log = pd.DataFrame({"lead_id": leads["lead_id"], "occurred_at": days + pd.Timedelta(days=11), "type": "visit"})
    log.to_csv(tmp_path / "events.csv", index=False)
    (tmp_path / "leadml.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def log(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "events.csv", parse_dates=["occurred_at"])


def of_events(folder: Path) -> list[Finding]:
    found = look(LeadHistory.from_config(folder / "leadml.toml")).findings
    return [finding for finding in found if finding.code in ("LD037", "LD038", "LD039", "LD041")]


def fresh(folder: Path) -> tuple[str, ...]:
    return jobs.features(folder / "leadml.toml", folder / "open.csv", as_of=NOW).warnings


def test_a_log_of_these_leads_is_no_news(folder: Path) -> None:
    assert of_events(folder) == []
    assert fresh(folder) == ()
    assert jobs.features(folder / "leadml.toml", folder / "features.csv").warnings == ()


def test_ids_that_match_no_lead_stop_a_training_until_they_are_accepted(folder: Path) -> None:
    log(folder).assign(lead_id=lambda events: "lead-" + events["lead_id"]).to_csv(folder / "events.csv", index=False)
    [found] = of_events(folder)
    assert (found.key, found.severity) == ("LD037", "hold")
    assert "0 of 240 events belong to one of the 235 leads: events have ids such as 'lead-L0', 'lead-L1'" in found.seen
    assert "leads such as 'L0', 'L1', 'L2'" in found.seen
    assert held([found]) == (found,)
    config = folder / "leadml.toml"
    config.write_text(config.read_text() + '[audit]\naccept = { "LD037" = "tracking starts next year" }\n')
    [found] = of_events(folder)
    assert held([found]) == ()
    [said] = fresh(folder)
    assert "0 of 240 events belong to one of the 19 leads" in said


def test_addresses_are_not_shown_as_ids(folder: Path) -> None:
    log(folder).assign(lead_id="ada@example.org").to_csv(folder / "events.csv", index=False)
    [found] = of_events(folder)
    assert "ada" not in found.seen


def test_an_empty_log_stops_a_training_and_is_said_of_fresh_leads(folder: Path) -> None:
    log(folder)[:0].to_csv(folder / "events.csv", index=False)
    [found] = of_events(folder)
    assert found.code == "LD037"
    assert "The events have no row" in found.seen
    [said] = fresh(folder)
    assert "The events have no row" in said


def test_hardly_any_lead_with_an_event_is_worth_a_warning(folder: Path) -> None:
    log(folder)[::120].to_csv(folder / "events.csv", index=False)
    assert {(found.code, found.severity) for found in of_events(folder)} == {("LD038", "warn"), ("LD039", "warn")}
    assert "2 of 2 events belong to one of the 235 leads; 2 leads have one" in of_events(folder)[0].seen


def test_a_log_that_was_cut_off_is_said(folder: Path) -> None:
    events = log(folder)
    events[events["occurred_at"] < pd.Timestamp("2024-06-01", tz="UTC")].to_csv(folder / "events.csv", index=False)
    [found] = of_events(folder)
    assert found.code == "LD039"
    first_too_late = pd.Timestamp("2024-05-31") + pd.Timedelta(days=8)
    late = 235 - (first_too_late - pd.Timestamp("2024-01-15")).days
    assert f"newest event is of 2024-05-31. {late} of 235 scoring moments come more than 7 days later" in found.seen
    idle, said = fresh(folder)
    assert "None of the 19 leads has an event in the 30 days before its scoring moment" in idle
    assert said.startswith("The newest event is of 2024-05-31. 19 of 19 scoring moments")


def garbled(folder: Path, every: int) -> None:
    """Of each ten times some are no time; at the end of the log a few are blank."""
    events = log(folder)
    texts = events["occurred_at"].astype("str")
    texts[events.index % 10 < every] = "n.a."
    texts[-5:] = ""
    events.assign(occurred_at=texts).to_csv(folder / "events.csv", index=False)


def test_events_without_a_time_are_a_finding_and_a_warning(folder: Path) -> None:
    garbled(folder, 6)
    [found] = of_events(folder)
    assert (found.key, found.severity) == ("LD041", "warn")
    assert found.evidence == {"events": 240, "unreadable": 143, "no_time": 5}
    assert "148 of 240 events" in found.seen
    assert "143 have one that cannot be read, such as 'n.a.', 5 have none" in found.seen
    assert "31.03.2024 14:05" in found.remedy
    said = fresh(folder)
    assert "148 of 240 events" in said[0]
    assert "less active than they are" in said[0]


def test_a_slip_is_no_finding(folder: Path) -> None:
    events = log(folder).astype({"occurred_at": "str"})
    events.loc[[3, 70], "occurred_at"] = "n.a."
    events.to_csv(folder / "events.csv", index=False)
    assert of_events(folder) == []


def test_where_no_time_can_be_read_ids_are_not_what_is_wrong(folder: Path) -> None:
    garbled(folder, 10)
    held_, warned = of_events(folder)
    assert (held_.key, warned.key) == ("LD037", "LD041")
    assert "ids" not in held_.seen
    assert "240 of 240 events count nowhere" in held_.seen
    [said] = fresh(folder)
    assert "ids" not in said


def test_what_became_of_events_is_shown_where_leads_become_rows(folder: Path) -> None:
    garbled(folder, 6)
    config, out = str(folder / "leadml.toml"), str(folder / "out.csv")
    for words in (["features", config, "--out", out], ["features", config, "--as-of", NOW, "--out", out],
                  ["audit", config], ["train", config, "--out", str(folder / "models")]):  # fmt: skip
        shown = CliRunner().invoke(main, words, catch_exceptions=False)
        assert shown.exit_code == 0, shown.output
        assert "143 with unreadable times ('n.a.'), 5 without a time" in " ".join(shown.stdout.split())
        content = json.loads(CliRunner().invoke(main, [*words, "--json"], catch_exceptions=False).stdout)
        events = (content.get("history") or content)["events"]
        assert (events["times"]["count"], events["no_time"]) == (143, 5)
    kept = json.loads((folder / "models/acme/v1/history.json").read_text())
    assert kept["events"]["times"]["count"] == 143
