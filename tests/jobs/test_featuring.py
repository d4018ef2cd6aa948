"""The feature table as files: what stands in it, counted by hand, and what open leads get."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from leadml import jobs
from leadml.cli import main
from leadml.errors import UsageError

CONFIG = """
name = "acme"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created_at"
outcome = "status"
won = ["won"]
lost = ["lost"]
closed = "closed_at"
[events]
source = "events.csv"
windows_days = [7, 30]
[scoring]
as_of = "created + 14 days"
window_days = 60
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Leads of one day a piece: every third is won; each has a visit two days and twenty before its moment."""
    days = pd.date_range("2024-01-01", periods=240, freq="D", tz="UTC")
    leads = pd.DataFrame({"lead_id": [f"L{k}" for k in range(240)], "created_at": days})
    leads["status"] = ["won" if k % 3 == 0 else "lost" for k in range(240)]
    leads["closed_at"] = days + pd.Timedelta(days=20)
    leads["city"] = ["Wien", "Graz"] * 120
    leads.loc[235:, ["status", "closed_at"]] = ["open", pd.NaT]
    leads.to_csv(tmp_path / "leads.csv", index=False)
    moment = days + pd.Timedelta(days=14)
    visits = [
        pd.DataFrame({"lead_id": leads["lead_id"], "occurred_at": moment - pd.Timedelta(days=ago), "type": "Visit"})
        for ago in (0, 2, 20)
    ]
    calls = pd.DataFrame({"lead_id": leads["lead_id"], "occurred_at": moment - pd.Timedelta(days=3), "type": "call"})
    pd.concat([*visits, calls[::2]]).to_csv(tmp_path / "events.csv", index=False)
    (tmp_path / "leadml.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def test_the_table_is_what_one_counts_by_hand(folder: Path) -> None:
    summary = jobs.features(folder / "leadml.toml", folder / "features.csv")
    table = pd.read_csv(folder / "features.csv").set_index("lead_id")
    assert list(table.columns[:2]) == ["as_of", "won"]
    # what is decided is known until the last closing date; later scoring moments than 60 days before are too young
    over = [k for k in range(235) if k + 14 + 60 <= 234 + 20]
    assert summary.rows == len(table) == len(over) == 181
    assert table.loc["L3", "won"] == 1
    assert table.loc["L4", "won"] == 0
    assert table["as_of"].iloc[0] == "2024-01-15 00:00:00+00:00"
    assert set(table["call_7d"]) == {0.0, 1.0}
    assert table.loc["L4", "call_7d"] == 1
    assert table.loc["L4", "days_since_call"] == 3
    assert pd.isna(table.loc["L5", "days_since_call"])
    # the same for every lead: nothing to learn from, but it stands in the table
    assert (set(table["visit_7d"]), set(table["visit_30d"])) == ({1.0}, {2.0})
    definitions = {d.feature: d.says for d in summary.definitions}
    assert "7 days" in definitions["visit_7d"]
    assert summary.funnel is not None
    assert (summary.funnel.leads, summary.funnel.rows_left) == (240, 181)


def test_the_table_has_the_rows_that_a_training_learns_from(folder: Path) -> None:
    """Of leads whose window is not over the quick ones are known first: here all of them, won."""
    leads = pd.read_csv(folder / "leads.csv")
    leads["size"] = (leads.index * 7919) % 241  # rows that are alike would stop the training
    leads.loc[190:234, "status"] = "won"
    leads.loc[190:234:2, ["status", "closed_at"]] = ["open", None]
    leads.to_csv(folder / "leads.csv", index=False)
    summary = jobs.features(folder / "leadml.toml", folder / "features.csv")
    learned = jobs.train(folder / "leadml.toml", out=folder / "models")
    table = pd.read_csv(folder / "features.csv")
    assert (len(table), table["won"].sum()) == (learned.history.won + learned.history.lost, learned.history.won)
    assert summary.funnel == learned.history.funnel
    assert table["won"].iloc[150:].mean() < 0.5
    assert "their outcome window is not over" in summary.notes[-1]
    shown = CliRunner().invoke(main, ["features", str(folder / "leadml.toml"), "--out", str(folder / "f.csv")])
    assert f"Note: {summary.notes[-1].split(':')[0]}" in " ".join(shown.stdout.split())


def test_the_verb_writes_parquet_and_says_what_it_did(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    run = CliRunner().invoke(main, ["features", "leadml.toml", "--out", "features.parquet"], prog_name="leadml")
    assert run.exit_code == 0, run.output
    assert "How 240 leads became 181 rows" in run.stdout
    assert "days_since_call" in run.stdout
    frame = pd.read_parquet("features.parquet")
    assert str(frame["as_of"].dtype).startswith("datetime64")
    told = CliRunner().invoke(main, ["features", "leadml.toml", "--out", "f.csv", "--json", "--quiet"])
    assert json.loads(told.stdout)["rows"] == 181
    assert json.loads(told.stdout)["funnel"]["leads"] == 240


def test_open_leads_are_ready_to_be_scored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    arguments = ["features", "leadml.toml", "--as-of", "2024-08-27", "--out", "open.csv"]
    run = CliRunner().invoke(main, arguments, prog_name="leadml")
    assert run.exit_code == 0, run.output
    ready = pd.read_csv("open.csv").set_index("lead_id")
    # created by then and not closed yet: the last twenty days, and the five that are still open
    assert "outcome_window" in ready.columns
    assert set(ready.index) == {f"L{k}" for k in range(220, 240)}
    assert "won" not in ready.columns
    assert "status" not in ready.columns
    assert (ready.loc["L222", "visit_7d"], ready.loc["L222", "visit_30d"]) == (2, 3)


def test_a_file_of_no_known_kind_is_refused_before_any_work(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.csv"):
        jobs.features(folder / "leadml.toml", folder / "features.xlsx")
    with pytest.raises(UsageError, match="is no date or time"):
        jobs.features(folder / "leadml.toml", folder / "f.csv", as_of="soon")
    assert not list(folder.glob("f*.csv"))


def test_events_that_are_not_there_are_named(folder: Path) -> None:
    (folder / "events.csv").unlink()
    with pytest.raises(UsageError, match=r"There is no file '.*events\.csv'"):
        jobs.features(folder / "leadml.toml", folder / "features.csv")
    assert not (folder / "features.csv").exists()


def test_other_leads_of_a_configuration_with_moments_need_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    pd.read_csv("leads.csv").drop(columns=["status", "closed_at"]).iloc[230:].to_csv("new.csv", index=False)
    with pytest.raises(UsageError, match="add --as-of DATE"):
        jobs.features("leadml.toml", "ready.csv", source="new.csv")
    assert not Path("ready.csv").exists()
    jobs.features("leadml.toml", "ready.csv", source="new.csv", as_of="2024-09-01")
    jobs.features("leadml.toml", "all.csv", as_of="2024-09-01")
    ready, every = (pd.read_csv(name).set_index("lead_id") for name in ("ready.csv", "all.csv"))
    assert set(ready.index) == {f"L{k}" for k in range(230, 240)}
    pd.testing.assert_frame_equal(ready, every.loc[ready.index, ready.columns])


def test_leads_past_their_outcome_window_are_left_out_and_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training counts as lost what is open 14 + 60 days after its creation; to score it says nothing."""
    monkeypatch.chdir(folder)
    leads = pd.read_csv("leads.csv")
    leads.loc[leads.index[::10], ["status", "closed_at"]] = ["open", None]
    leads.to_csv("leads.csv", index=False)
    day = pd.Timestamp("2024-08-15", tz="UTC")
    created = pd.to_datetime(leads["created_at"])
    open_ = (created <= day) & ~(pd.to_datetime(leads["closed_at"]) <= day)
    age = (day - created[open_]) / pd.Timedelta(days=1)
    dead, early = leads["lead_id"][open_][age >= 74], leads["lead_id"][open_][age < 14]
    assert len(dead) > 10 < len(early)
    arguments = ["features", "leadml.toml", "--as-of", str(day.date()), "--out"]
    told = json.loads(CliRunner().invoke(main, [*arguments, "open.csv", "--json", "--quiet"]).stdout)
    ready = pd.read_csv("open.csv").set_index("lead_id")
    assert set(ready.index) == set(leads["lead_id"][open_]) - set(dead)
    assert set(ready.index[ready["outcome_window"] == "to come"]) == set(early)
    assert told["rows"] == told["funnel"]["leads"] - sum(step["leads"] for step in told["funnel"]["steps"])
    said = "outcome window of 60 days over, so that training counts them as lost"
    assert {step["said"]: step["leads"] for step in told["funnel"]["steps"]}[said] == len(dead)
    assert any("before the scoring moment" in n and f": {len(early)} lead" in n for n in told["funnel"]["notes"])
    run = CliRunner().invoke(main, [*arguments, "all.csv", "--all"])
    assert f"{said}; kept: {len(dead)} leads" in run.stdout
    every = pd.read_csv("all.csv").set_index("lead_id")
    assert set(every.index[every["outcome_window"] == "over"]) == set(dead)
    pd.testing.assert_frame_equal(every.loc[ready.index], ready)
    with pytest.raises(UsageError, match=r"--all .* add --as-of DATE"):
        jobs.features("leadml.toml", "x.csv", every=True)


def test_where_no_window_is_set_it_is_estimated_from_what_was_known(folder: Path) -> None:
    """Every win takes 6 days from its moment: within 30 days. With nothing to estimate from, nobody is left out."""
    config = folder / "leadml.toml"
    config.write_text(CONFIG.replace("window_days = 60\n", ""), encoding="utf-8")
    leads = pd.read_csv(folder / "leads.csv")
    leads.loc[leads.index[::10], ["status", "closed_at"]] = ["open", None]
    leads.to_csv(folder / "leads.csv", index=False)
    found = jobs.features(config, folder / "open.csv", as_of="2024-08-15")
    assert found.funnel is not None
    assert found.funnel.steps[-1].said.startswith("outcome window of 30 days over")
    assert found.funnel.steps[-1].leads > 10
    leads.drop(columns=["status", "closed_at"]).to_csv(folder / "new.csv", index=False)
    fresh = jobs.features(config, folder / "fresh.csv", source=folder / "new.csv", as_of="2024-08-15")
    assert fresh.funnel is not None
    assert fresh.rows == (pd.to_datetime(leads["created_at"]) <= "2024-08-15T00:00Z").sum()
    assert "leads past their outcome window are not looked for: set window_days" in " ".join(fresh.funnel.notes)


def test_dates_are_scoring_moments_for_leads_of_every_age(folder: Path) -> None:
    config = folder / "leadml.toml"
    config.write_text(CONFIG.replace('"created + 14 days"', '["2024-03-01", "2024-04-01"]'), encoding="utf-8")
    found = jobs.features(config, folder / "open.csv", as_of="2024-08-15")
    assert found.rows == 20
    assert "outcome_window" not in pd.read_csv(folder / "open.csv").columns


def test_a_column_of_the_leads_that_says_something_else_is_refused(folder: Path) -> None:
    leads = pd.read_csv(folder / "leads.csv").assign(outcome_window="x")
    leads.to_csv(folder / "leads.csv", index=False)
    with pytest.raises(UsageError, match="a column 'outcome_window', and leadml writes one of that name"):
        jobs.features(folder / "leadml.toml", folder / "open.csv", as_of="2024-08-15")
