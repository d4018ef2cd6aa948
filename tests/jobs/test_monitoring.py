"""Monitoring: a verdict that depends on scores and outcomes only, kept and logged once, whatever runs how often."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import leadml
from leadml import jobs
from leadml.errors import BusyError, DataError, UsageError
from leadml.jobs.monitoring.keeping import figures
from leadml.jobs.running.events import events
from leadml.jobs.running.lock import one_job
from leadml.jobs.scorelog import ScoreLog
from leadml.jobs.training.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
from leadml.watch.kpi.monitor import kpi as judged
from tests.jobs.faults.nursery import Nursery

KPI = {"split": "out-of-time", "leads": 1000, "won": 150, "top_leads": 200, "top_won": 70}
LATER = str((pd.Timestamp.now() + pd.Timedelta(days=1)).date())  # after what a test has just done by hand
MONTHS = pd.date_range("2025-01-15", periods=8, freq="MS", tz="UTC") + pd.Timedelta(days=9)


def months_of_leads(dead_from: int = 99, per_month: int = 400, seed: int = 0) -> pd.DataFrame:
    """Leads with what the table reads, when they are scored and won: as the table says, until it dies."""
    rng = np.random.default_rng(seed)
    frames = []
    for k, scored_at in enumerate(MONTHS):
        frame = pd.DataFrame(
            {
                "lead_id": [f"{k}-{n}" for n in range(per_month)],
                "City": rng.choice(["Wien", "Graz", ""], per_month),
                "visits 7d": rng.integers(0, 6, per_month),
                "customer": rng.choice(["yes", "no", ""], per_month),
                "created_at": (scored_at - pd.Timedelta(days=3)).isoformat(),
                "scored_at": scored_at,
                "k": k,
            }
        )
        frames.append(frame)
    leads = pd.concat(frames, ignore_index=True)
    lift = 40 + 7 * (leads["City"] == "Wien") + 12 * (leads["visits 7d"] > 2) + 9 * (leads["customer"] == "yes")
    log_odds = np.where(leads["k"] >= dead_from, -2.0, -6.5 + 0.09 * lift)
    win = rng.random(len(leads)) < 1 / (1 + np.exp(-log_odds))
    days = pd.to_timedelta(rng.integers(1, 25, len(leads)), unit="D")
    return leads.assign(won_at=(leads["scored_at"] + days).where(win))


@pytest.fixture(scope="module")
def world_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the world is made by the first test that needs it."""
    return tmp_path_factory.mktemp("once") / "world"


@pytest.fixture
def world(world_once: Path, table: PointTable, tmp_path: Path, models: Callable[[Path], Path]) -> Path:
    """A published table, a configuration, a score log of eight months, and the leads with their outcomes."""
    if not world_once.exists():
        made = models(world_once / "models")
        files = {"point_table.json": table.to_json(), "kpi.json": json.dumps(KPI).encode()}
        publish(Registry(open_store(made, store_uri(made))), made, Draft(table, files))
        put(world_once, table, months_of_leads())
    shutil.copytree(world_once, tmp_path, dirs_exist_ok=True)
    out = tmp_path / "models"
    (tmp_path / "leadml.toml").write_text(
        'name = "acme"\n[leads]\nsource = "leads.csv"\nid = "lead_id"\noutcome = "status"\nclosed = "won_at"\n'
        'created = "created_at"\n[monitor]\nscores = "scores"\nhorizon_days = 30\n'
        f'[store]\nout = "{out}"\n'
    )
    return tmp_path


def put(folder: Path, table: PointTable, leads: pd.DataFrame) -> None:
    """Score the leads month by month into the log, and write them with their outcomes."""
    for at, month in leads.groupby("scored_at"):
        features = month.drop(columns=["won_at", "k", "scored_at"])
        log = ScoreLog(str(folder / "scores"), scored_at=at.isoformat())
        jobs.score(table, features, folder / "out.csv", log=log)
    tell(folder, leads)


def tell(folder: Path, leads: pd.DataFrame) -> None:
    status = np.where(leads["won_at"].notna(), "won", "lost")
    columns = ["lead_id", "City", "visits 7d", "customer", "created_at", "won_at"]
    leads[columns].assign(status=status).to_csv(folder / "leads.csv", index=False)


def run(folder: Path, as_of: str = "2025-12-01", **options: object) -> jobs.Monitored:
    return jobs.monitor(folder / "leadml.toml", as_of=as_of, **options)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of the point table, with the moment it was last written."""
    files = [path for path in (folder / "models" / "acme").rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def metrics(folder: Path) -> list[tuple[str, int, int, float]]:
    """All KPI metrics that MLflow holds of version 1, as its database has them."""
    import sqlite3

    with sqlite3.connect(folder / "models" / "mlflow.db") as base:
        rows = base.execute("SELECT key, step, timestamp, value FROM metrics WHERE key LIKE 'kpi_%' ORDER BY 1, 2, 3")
        return rows.fetchall()


def test_the_verdict_is_that_of_the_pure_function(world: Path, table: PointTable) -> None:
    found = run(world)
    leads = months_of_leads()
    score = table.score(leads)["score"]
    scored = leads[["lead_id", "scored_at"]].assign(
        table_sha256=table.sha256, score=score, top=score >= table.top_cut, arm="normal"
    )
    promise = (70.5 / 130.5) / (80.5 / 720.5)
    alone = judged(
        scored, leads[["lead_id", "won_at"]], as_of="2025-12-01", promises={table.sha256: promise}, horizon_days=30
    )
    told, same = found.to_dict(), alone.to_dict()
    assert found.kpi.verdict == "PROVEN"
    for key in ("verdict", "rate_ratio", "low", "high", "horizon_days", "cohorts", "evidence", "evidence_for"):
        assert told[key] == same[key], key
    assert found.exit_code == 0
    assert len(told["cohorts"]) == 8


def test_the_python_function_takes_files_and_frames(world: Path, table: PointTable) -> None:
    leads = months_of_leads()
    leads[["lead_id", "won_at"]].to_csv(world / "outcomes.csv", index=False)
    promises = {table.sha256: 4.8}
    of_files = leadml.kpi(
        world / "scores", world / "outcomes.csv", as_of="2025-12-01", promises=promises, horizon_days=30
    )
    frame = pd.concat(map(pd.read_parquet, (world / "scores").glob("*.parquet")))
    of_frames = leadml.kpi(frame, leads, as_of="2025-12-01", promises=promises, horizon_days=30)
    assert of_files.to_dict() == of_frames.to_dict()
    assert of_files.verdict == run(world).kpi.verdict
    with pytest.raises(UsageError, match="no column 'won_at'"):
        leadml.kpi(frame, frame)
    with pytest.raises(DataError, match="400 rows have nothing readable in column 'top'"):
        leadml.kpi(frame.assign(top=frame["top"].astype(object).where(~frame["lead_id"].str.startswith("3-"))), leads)


@pytest.mark.parametrize("gone", ["lead_id", "scored_at", "score", "top", "table_sha256", "arm"])
def test_a_column_is_asked_for_only_where_scores_without_it_are_refused(gone: str) -> None:
    scores = pd.DataFrame({"lead_id": ["a", "b"], "scored_at": "2026-01-10", "score": [60, 20], "top": [True, False]})
    scores = scores.assign(table_sha256="a", arm="normal").drop(columns=gone)
    won = pd.DataFrame({"lead_id": ["a"], "won_at": ["2026-01-30"]})
    if gone in ("table_sha256", "arm"):
        assert leadml.kpi(scores, won, as_of="2026-06-01").verdict == "INSUFFICIENT"
    else:
        asked = rf"no column '{gone}'; it must have lead_id, scored_at, score and top; table_sha256 .*if .*arm if"
        with pytest.raises(UsageError, match=asked):
            leadml.kpi(scores, won, as_of="2026-06-01")


def test_a_rerun_with_nothing_new_creates_nothing(world: Path) -> None:
    first = run(world)
    assert first.written
    assert first.logged == 8 * 6
    before, logged = contents(world), metrics(world)
    assert len(logged) == 8 * 6
    for as_of in ("2025-12-01", "2025-12-01T23:59:59", "2025-12-31"):
        again = run(world, as_of)
        assert (again.written, again.logged, again.changes) == (False, 0, ())
        assert again.kpi.to_dict() | {"as_of": ""} == first.kpi.to_dict() | {"as_of": ""}
    assert contents(world) == before
    assert metrics(world) == logged


def test_figures_over_time_stand_at_their_months(world: Path, table: PointTable) -> None:
    found = run(world)
    ratios = {step: (at, value) for key, step, at, value in metrics(world) if key == "kpi_rate_ratio"}
    assert sorted(ratios) == list(range(8))
    looks = found.kpi.looks
    assert [ratios[k][1] for k in range(8)] == [look.ratio.value for look in looks]
    ends = [pd.Timestamp(look.month, tz="UTC") + pd.offsets.MonthBegin(1) for look in looks]
    assert [ratios[k][0] for k in range(8)] == [int(end.timestamp() * 1000) for end in ends]
    assert {point.name for point in figures(found.kpi, table.sha256)} == {
        "kpi_rate_ratio", "kpi_low", "kpi_high", "kpi_detector", "kpi_cohort_leads", "kpi_cohort_won",
    }  # fmt: skip
    assert not list(figures(found.kpi, "another table"))


def test_daily_runs_are_no_more_looks_than_monthly_ones(world: Path) -> None:
    states = {}
    for day in pd.date_range("2025-05-20", "2025-07-10", freq="4D"):
        found = run(world, str(day.date()))
        states.setdefault(len(found.kpi.looks), set()).add((found.kpi.against, found.kpi.in_favour, found.kpi.verdict))
    assert len(states) >= 2
    assert all(len(seen) == 1 for seen in states.values())
    late = run(world, "2025-07-09")
    assert len(metrics(world)) == len(late.kpi.looks) * 6


def test_late_outcomes_change_a_closed_cohort_and_the_change_is_noted(world: Path) -> None:
    run(world)
    before = metrics(world)
    leads = months_of_leads()
    late = leads.index[(leads["k"] == 2) & leads["won_at"].isna()][:7]
    leads.loc[late, "won_at"] = leads.loc[late, "scored_at"] + pd.Timedelta(days=5)
    tell(world, leads)
    found = run(world)
    [change] = found.changes
    assert change.month == "2025-04"
    assert change.after.won == change.before.won + 7
    noted = [event for event in events(world / "models" / "acme") if event["what"] == "late outcomes"]
    assert [(event["month"], event["text"]) for event in noted] == [("2025-04", change.text)]
    new = [row for row in metrics(world) if row not in before]
    assert {step for _, step, _, _ in new} >= {2}
    assert all(row in metrics(world) for row in before)
    again = run(world)
    assert (again.changes, again.written, again.logged) == ((), False, 0)
    assert len(events(world / "models" / "acme")) == len(noted) + 1


def test_a_dead_score_turns_red_and_stays_red_until_it_is_acknowledged(world: Path, table: PointTable) -> None:
    for file in (world / "scores").iterdir():
        file.unlink()
    put(world, table, months_of_leads(dead_from=2))
    found = run(world)
    assert (found.kpi.verdict, found.exit_code) == ("RED", 5)
    assert run(world).kpi.verdict == "RED"
    with pytest.raises(UsageError, match="needs a reason"):
        run(world, acknowledge=" ")
    done = run(world, "2025-12-15", acknowledge="rolled back by hand")
    assert done.kpi.verdict == "INSUFFICIENT"
    assert done.exit_code == 0
    [event] = [event for event in events(world / "models" / "acme") if event["what"] == "acknowledge"]
    assert event["reason"] == "rolled back by hand"
    assert "after the month of 2025-12-15, when an alarm ended: a person acknowledged it (rolled back" in done.text
    assert run(world, "2025-12-20").kpi.verdict == "INSUFFICIENT"
    assert done.drift.stopped or not done.drift.rules


def second_version(folder: Path, table: PointTable) -> None:
    """Publish another table beside the champion."""
    out, mine = folder / "models", replace(table, top_cut=41)
    files = {"point_table.json": mine.to_json(), "kpi.json": json.dumps(KPI).encode()}
    publish(Registry(open_store(out, store_uri(out))), out, Draft(mine, files, place="none"))


def test_a_promotion_taken_back_leaves_the_evidence_as_it_is(world: Path, table: PointTable) -> None:
    before = run(world, LATER)
    second_version(world, table)
    jobs.promote("acme", 2, models=world / "models")
    promoted = run(world, LATER)
    assert promoted.kpi.to_dict() == before.kpi.to_dict()
    [told] = [note for note in promoted.to_dict()["notes"] if "version 1" in note]
    assert "about scores of version 1 (3,200 leads). Version 2, in use now, has scored no new lead yet" in told
    jobs.rollback("acme", models=world / "models")
    after = run(world, LATER)
    assert (after.kpi.verdict, after.kpi.to_dict(), after.notes) == ("PROVEN", before.kpi.to_dict(), before.notes)


def test_whose_scores_a_verdict_is_about(world: Path, table: PointTable) -> None:
    second_version(world, table)
    jobs.promote("acme", 2, models=world / "models")
    log = ScoreLog(str(world / "scores"), scored_at="2025-11-20")
    new = months_of_leads(seed=1).tail(60).assign(created_at="2025-11-15", won_at=pd.NaT)
    new["lead_id"] = "n" + new["lead_id"]
    jobs.score(replace(table, top_cut=41), new.drop(columns=["won_at", "k", "scored_at"]), world / "out.csv", log=log)
    tell(world, pd.concat([months_of_leads(), new]))
    assert "version 2, in use now, has scored 60 new leads, in cohorts that are not closed" in run(world).text.lower()
    assert "version 1 (3,200 leads) and of version 2, in use now (60)." in run(world, "2026-01-10").text


def test_a_rollback_answers_an_alarm_and_is_named_as_its_end(world: Path, table: PointTable) -> None:
    for file in (world / "scores").iterdir():
        file.unlink()
    put(world, table, months_of_leads(dead_from=2))
    second_version(world, table)
    jobs.promote("acme", 2, models=world / "models")
    assert run(world, LATER).kpi.verdict == "RED"
    jobs.rollback("acme", models=world / "models")
    assert events(world / "models" / "acme")[-1]["alarm"] == "RED"
    after = run(world, LATER)
    assert after.kpi.verdict == "INSUFFICIENT"
    assert "the rollback to version 1 answered the verdict RED" in after.text


def test_outcomes_may_be_a_table_of_their_own(world: Path) -> None:
    first = run(world).kpi.to_dict()
    leads = months_of_leads()
    leads[["lead_id", "won_at"]].dropna().to_parquet(world / "outcomes.parquet")
    config = world / "leadml.toml"
    config.write_text(config.read_text().replace("[store]", 'outcomes = "outcomes.parquet"\n[store]'))
    again = run(world)  # wins only: who is missing was not won
    assert (again.kpi.to_dict(), again.gone) == (first, 0)


def test_leads_that_the_source_no_longer_has_are_not_lost(world: Path) -> None:
    """A rolling export: what had closed stays as it was; without an earlier run the cohort is said to lack leads."""
    before = run(world)
    leads = months_of_leads()
    tell(world, leads[(leads["k"] >= 2) & ~((leads["k"] == 2) & (leads.index % 2 == 0))])
    after = run(world)
    assert after.kpi.to_dict()["cohorts"] == before.kpi.to_dict()["cohorts"]
    assert (after.kpi.verdict, after.changes, after.to_dict()["gone"]) == ("PROVEN", (), 1000)
    [said] = [note for note in after.notes if "1,000 scored leads" in note]
    assert "stand as they were, with its horizon of 30 days: 2025-02, 2025-03, 2025-04." in said
    assert "before, 0 of" not in (world / "models/acme/events.jsonl").read_text()
    assert run(world).kpi.to_dict()["cohorts"] == before.kpi.to_dict()["cohorts"]
    (world / "models/acme/kpi_history.json").unlink()
    anew = run(world)
    assert (anew.kpi.looks[0].month, anew.kpi.looks[0].leads) == ("2025-04", 200)
    rates = (anew.kpi.looks[0].won / 200, before.kpi.looks[2].won / 400)
    assert rates[0] == pytest.approx(rates[1], abs=0.06)
    assert "Incomplete, as no earlier run saw them closed: 2025-02, 2025-03, 2025-04." in anew.text


def test_a_horizon_that_was_estimated_stays_when_old_leads_go(world: Path) -> None:
    config = world / "leadml.toml"
    config.write_text(config.read_text().replace("horizon_days = 30\n", ""))
    leads = months_of_leads()
    leads["won_at"] = leads["scored_at"] + (leads["won_at"] - leads["scored_at"]) * np.where(leads["k"] < 4, 3, 1)
    tell(world, leads)
    before = run(world)
    tell(world, leads[leads["k"] >= 4])
    after = run(world)
    assert after.kpi.horizon_days == before.kpi.horizon_days == 60
    assert after.kpi.to_dict()["cohorts"] == before.kpi.to_dict()["cohorts"]


def test_all_leads_gone_is_no_verdict(world: Path) -> None:
    leads = months_of_leads()
    tell(world, leads.assign(lead_id="new-" + leads["lead_id"]))
    found = run(world)
    assert (found.kpi.verdict, found.gone, found.kpi.looks) == ("INSUFFICIENT", 3200, ())


def test_scores_before_the_scoring_moment_do_not_count(world: Path) -> None:
    config = world / "leadml.toml"
    config.write_text(config.read_text() + '[scoring]\nas_of = "created + 2 days"\n')
    assert len(run(world).kpi.looks) == 8
    config.write_text(config.read_text().replace("2 days", "4 days"))
    found = run(world)
    assert found.kpi.verdict == "INSUFFICIENT"
    assert any("3,200 scorings of leads before their scoring moment" in note for note in found.notes)


def test_the_window_that_the_table_was_learned_with_is_the_horizon(world: Path) -> None:
    config = world / "leadml.toml"
    config.write_text(config.read_text().replace("horizon_days = 30\n", "") + "[scoring]\nwindow_days = 75\n")
    found = run(world)
    assert found.kpi.to_dict()["horizon_days"] == 75
    config.write_text(config.read_text().replace("[monitor]\n", "[monitor]\nhorizon_days = 60\n"))
    assert run(world).kpi.to_dict()["horizon_days"] == 60


def test_scores_past_the_outcome_window_do_not_count(world: Path) -> None:
    config = world / "leadml.toml"
    config.write_text(config.read_text() + '[scoring]\nas_of = "created"\nwindow_days = 4\n')
    assert len(run(world).kpi.looks) == 8
    config.write_text(config.read_text().replace("window_days = 4", "window_days = 1"))
    found = run(world)
    assert found.kpi.verdict == "INSUFFICIENT"
    assert any("3,200 scorings of leads past their outcome window" in note for note in found.notes)


def test_a_store_that_is_gone_does_not_keep_the_verdict_back(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    found = run(world)
    assert found.kpi.verdict == "PROVEN"
    assert found.exit_code == 75
    assert "127.0.0.1:9" in found.unlogged
    assert (world / "models" / "acme" / "kpi_history.json").is_file()
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    later = run(world)
    assert (later.exit_code, later.written, later.logged) == (0, False, 48)


def test_two_jobs_at_once(world: Path) -> None:
    with one_job(world / "models", "acme"), pytest.raises(BusyError, match="in use by another job"):
        run(world)


def test_what_is_missing_is_said(world: Path) -> None:
    config = world / "leadml.toml"
    text = config.read_text()
    config.write_text(text.replace('closed = "won_at"\n', ""))
    with pytest.raises(UsageError, match=r"\[leads\] needs closed"):
        run(world)
    config.write_text(text.replace('scores = "scores"\n', ""))
    with pytest.raises(UsageError, match="does not say where scores are kept"):
        run(world)
    config.write_text(text.replace('"scores"', '"scored"'))
    with pytest.raises(UsageError, match=r"no score log 'scored'.*Did you mean 'scores'"):
        run(world)
    with pytest.raises(UsageError, match="is no configuration"):
        jobs.monitor(world / "leads.csv")


def test_a_table_that_is_not_at_hand_is_said(world: Path) -> None:
    import shutil

    shutil.rmtree(world / "models" / "acme")
    (world / "models" / "mlflow.db").unlink()
    found = run(world)
    assert any("neither in the models folder nor registered" in note for note in found.notes)
    assert found.drift.rules == ()
    assert found.logged == 0
    assert not (world / "models" / "mlflow.db").exists()


def test_a_table_that_is_registered_only_is_fetched(world: Path) -> None:
    import shutil

    shutil.rmtree(world / "models" / "acme" / "v1")
    found = run(world)
    assert len(found.drift.features) == 3
    assert found.logged == 48


def test_a_stale_feed_of_outcomes_is_said(world: Path) -> None:
    assert not run(world, "2025-09-01").notes
    assert any("days ago: see that outcomes still arrive" in note for note in run(world, "2026-06-01").notes)


def test_a_dead_scoring_job_is_said_by_the_rhythm_of_the_log(world: Path) -> None:
    alive = run(world, "2025-12-01")
    assert alive.silence is None
    assert "the last score" not in alive.text
    dead = run(world, "2026-02-15")  # once a month until 2025-09-10
    said = "But the last score is of 2025-09-10, 158 days ago, and until then there was one every 31 days"
    assert dead.kpi.verdict == alive.kpi.verdict == "PROVEN"
    assert dead.exit_code == 0
    assert dead.silence is not None
    assert said in dead.kpi.sentence
    assert said in dead.text
    assert said in dead._repr_html_()
    assert said in dead.to_dict()["sentence"]
    assert dead.to_dict()["silence"] == {"last": "2025-09-10", "days": 158, "usual_days": 31}
    assert "scored in 2025-0" in dead.drift.text
    before = contents(world)
    assert not run(world, "2026-02-20").written  # it is no news again each day
    assert contents(world) == before


def test_before_a_whole_month_is_scored_drift_is_not_denied(world: Path) -> None:
    early = run(world, "2025-02-20").drift  # all scores are of this month
    assert early.features == ()
    assert early.score is None
    assert not early.alarm
    assert "No drift was found" not in early.text
    assert "Whether anything has drifted cannot be told yet." in early.text
    assert "it takes 30 leads" in early.text
    assert "there is none. The month that runs counts from 2025-03-01." in early.text
    whole = run(world, "2025-03-01").drift
    assert [shift.leads_now for shift in whole.features] == [400] * 3
    assert "3 features, scored in 2025-02" in whole.text


def test_drift_and_silence_reach_whoever_asks_for_them_once(world: Path) -> None:
    leads = months_of_leads()
    late = leads["k"] >= 6
    moved = leads.assign(City=leads["City"].where(~late, "Linz"), **{"visits 7d": leads["visits 7d"].where(~late, 0)})
    shutil.rmtree(world / "scores")
    put(world, PointTable.load(world / "models" / "acme" / "v1" / "point_table.json"), moved)
    catch = "import pathlib, sys; pathlib.Path('told').open('a').write(sys.stdin.read() + chr(10))"
    config = world / "leadml.toml"
    asked = json.dumps([sys.executable, "-c", catch])
    config.write_text(config.read_text() + f'[notify]\ncommand = {asked}\non = ["drift", "stale"]\n')
    told = world / "told"
    run(world, "2025-03-01")
    assert not told.exists()
    for day in ("2025-10-05", "2025-10-06", "2026-03-01", "2026-03-02"):
        run(world, day)
    notices = [json.loads(line) for line in told.read_text().splitlines()]
    assert [notice["event"] for notice in notices] == ["drift", "stale"]
    assert {"score", "new City Linz"} <= set(notices[0]["figures"]["drift"])
    assert "Linz" in notices[0]["sentence"]
    assert notices[1]["figures"] == {"stale": ["scores", "wins"]}
    assert notices[1]["sentence"].startswith("The last score is of 2025-09-10, 172 days ago")
    assert "The last win known is of" in notices[1]["sentence"]


RUN = "import sys; from leadml import jobs; jobs.monitor('leadml.toml', as_of=sys.argv[1])"


@pytest.mark.parametrize("step", ["monitor.noted", "monitor.kept", "monitor.logged"])
def test_a_job_that_dies_is_finished_by_the_next(world: Path, step: str, jobs_loaded: Nursery) -> None:
    run(world, "2025-10-15")
    leads = months_of_leads()
    leads.loc[leads.index[leads["won_at"].isna()][:3], "won_at"] = pd.Timestamp("2025-01-26", tz="UTC")
    tell(world, leads)
    died = jobs_loaded.run("-c", RUN, "2025-10-15", cwd=world, env={"LEADML_CRASH_AT": step})
    assert died.code == 137, died.err
    run(world, "2025-10-15")
    home = world / "models" / "acme"
    noted = [event for event in events(home) if event["what"] == "late outcomes"]
    assert len(noted) == 1
    kept = json.loads((home / "kpi_history.json").read_text())
    assert kept["cohort_table"]["strata"][0]["top_won"] + kept["cohort_table"]["strata"][0]["rest_won"] == (
        noted[0]["after"]["top_won"] + noted[0]["after"]["rest_won"]
    )
    done, before = metrics(world), contents(world)
    assert run(world, "2025-10-15").logged == 0
    assert (metrics(world), contents(world)) == (done, before)
