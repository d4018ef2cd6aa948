"""From the demo to the monitor: a table is trained as of a day, scores are logged for months and held against it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from leadml import jobs
from leadml.history.settings.config import read_settings
from leadml.jobs.scorelog import ScoreLog

pytestmark = pytest.mark.slow
START, DAYS = "2024-10-01", pd.date_range("2024-10-05", "2025-02-20", freq="14D")
AS_OF = "2025-06-20"  # four months after the last score, and before the export


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """The demo with a champion of October 2024 and its scores until February, with a tenth held out."""
    import shutil

    folder = tmp_path_factory.mktemp("demo")
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models" / "mlflow.db")
    jobs.demo(folder, seed=3, leads=4000)
    config = folder / "leadml.toml"
    text = config.read_text().replace("observed_until", "# observed_until")
    config.write_text(
        f'{text}\n[monitor]\nscores = "scores.duckdb"\nholdout_rate = 0.1\n[store]\nout = "{folder / "models"}"\n'
    )
    jobs.retrain(config, as_of=START)
    table = jobs.find_table("demo", folder / "models").table
    log = ScoreLog.of(read_settings(config))
    for day in DAYS:
        jobs.features(config, folder / "open.parquet", as_of=str(day.date()))
        jobs.score(table, folder / "open.parquet", folder / "scored.parquet", log=log)
    return folder


@pytest.fixture
def found(demo: Path) -> jobs.Monitored:
    return jobs.monitor(demo / "leadml.toml", as_of=AS_OF)


def test_the_planted_score_is_proven(found: jobs.Monitored) -> None:
    assert found.kpi.verdict == "PROVEN"
    assert found.kpi.to_dict()["low"] > 1.2
    assert [look.month for look in found.kpi.looks] == ["2024-10", "2024-11", "2024-12", "2025-01", "2025-02"]
    assert found.kpi.holdout is not None
    assert 0.05 < found.kpi.holdout.looks[0].leads / found.kpi.looks[0].leads < 0.25
    assert found.drift.score is not None
    assert len(found.drift.features) == len(jobs.find_table("demo", found.folder.parent).table.features)


def test_nothing_that_was_not_planted_is_called_out(found: jobs.Monitored) -> None:
    # Scored every three weeks, a lead's recency depends on the day: 219 leads are a PSI of .25 away now and then.
    assert not [shift for shift in found.drift.shifts if not shift.what.startswith("days_since_")]
    assert not found.drift.stopped
    assert not found.drift.newcomers


def test_a_new_calculator_and_a_new_source_are_named(demo: Path, tmp_path: Path) -> None:
    """From April on, leads use a calculator that there was not before, and come from a podcast."""
    import shutil

    for name in ("leads.csv", "events.csv", "leadml.toml"):
        shutil.copy(demo / name, tmp_path / name)
    shutil.copy(demo / "scores.duckdb", tmp_path / "scores.duckdb")
    leads = pd.read_csv(tmp_path / "leads.csv", dtype=str, keep_default_na=False)
    late = leads.index[leads["created_at"] > "2025-04-01"]
    leads.loc[late[::5], "source"] = "Podcast"
    leads.to_csv(tmp_path / "leads.csv", index=False)
    more = leads.loc[late[::4], ["lead_id", "created_at"]].rename(columns={"created_at": "occurred_at"})
    events = pd.read_csv(tmp_path / "events.csv", dtype=str, keep_default_na=False)
    pd.concat([events, more.assign(type="roi_calculator", topic="", minutes="")]).to_csv(
        tmp_path / "events.csv", index=False
    )
    named = {(n.what, n.name): n for n in jobs.monitor(tmp_path / "leadml.toml", as_of=AS_OF).drift.newcomers}
    assert ("type of event", "roi_calculator") in named
    assert named["type of event", "roi_calculator"].leads_before == 0
    table = jobs.find_table("demo", demo / "models").table
    if any(feature.name == "source" for feature in table.features):
        assert ("source", "Podcast") in named
    assert len(named) <= 2
