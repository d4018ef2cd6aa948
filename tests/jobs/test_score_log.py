"""The score log: what was said, whole or not at all, once; nothing of a lead but its id; the holdout by its hash."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from leadml import jobs
from leadml.errors import DataError, UsageError
from leadml.history.settings.config import read_settings
from leadml.history.sources.readers import read_table
from leadml.jobs.monitoring.judging import moment_of
from leadml.jobs.scorelog import ScoreLog, in_holdout, outcomes_of, read_log, scores_of
from leadml.jobs.scorelog.entries import codes_of, rule_texts
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.scoring import rule_codes
from leadml.points.table import PointTable, Probability

PLACES = ["log", "log.duckdb", "log.sqlite"]
SECRET = "=1+1"


def leads(count: int = 60, first: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lead_id": [f"L{k}" for k in range(first, first + count)],
            "City": (["Wien", "Graz", None, SECRET] * count)[:count],
            "visits 7d": ([1.0, 3.0, None] * count)[:count],
            "customer": (["yes", "no", ""] * count)[:count],
        }
    )


def logged(place: Path) -> pd.DataFrame:
    return scores_of(read_log(place))


ZONED = """
[leads]
source = "leads.csv"
id = "lead_id"
created = "came"
outcome = "status"
won = ["won"]
lost = ["lost"]
[scoring]
as_of = "created + 2 days"
window_days = 10
[times]
zone = "Europe/Vienna"
[monitor]
scores = "log"
outcomes = "outcomes.csv"
"""


def test_a_date_is_one_moment_for_all_verbs(table: PointTable, tmp_path: Path) -> None:
    """Local midnight, where the configuration names a zone; with an offset, or without a configuration, as it says."""
    config, midnight = tmp_path / "leadml.toml", pd.Timestamp("2025-06-02", tz="Europe/Vienna")
    config.write_text(ZONED, encoding="utf-8")
    came = ["2025-05-31T23:30:00Z", "2025-06-01 23:30:00", "2025-06-02T00:30:00+02:00"] * 20
    past = leads().assign(came=came, status="open")
    past.to_csv(tmp_path / "leads.csv", index=False)
    pd.DataFrame({"lead_id": ["L0"], "won_at": ["2025-06-02 00:30:00"]}).to_csv(tmp_path / "outcomes.csv", index=False)
    jobs.features(config, tmp_path / "open.csv", as_of="2025-06-02")
    ready = pd.read_csv(tmp_path / "open.csv")
    assert set(pd.to_datetime(ready["as_of"])) == {midnight}
    assert len(ready) == 40
    log = jobs.log_of(None, config, scored_at="2025-06-02")
    jobs.score(table, past, tmp_path / "scored.csv", log=log, config=config)
    kept = logged(tmp_path / "log").sort_values("lead_id")
    assert set(kept["scored_at"]) == {midnight}
    assert kept["created_at"].iloc[1] == pd.Timestamp("2025-06-01T21:30:00Z")
    settings = read_settings(config)
    assert moment_of("2025-06-02", settings) == moment_of("2025-06-01T22:00:00Z", None) == midnight
    assert moment_of("2025-06-02", None) == pd.Timestamp("2025-06-02", tz="UTC")
    with pytest.raises(UsageError, match="--as-of = 'soon' is no time in the zone Europe/Vienna"):
        moment_of("soon", settings)
    # the win comes half an hour after the scores: in UTC it would be two hours later
    found = outcomes_of(read_table(tmp_path / "outcomes.csv"), settings.times)
    for moment, told in (("2025-06-02 00:29", 0), ("2025-06-02 00:31", 1)):
        assert int((found["won_at"] <= moment_of(moment, settings)).sum()) == told


@pytest.mark.parametrize("place", PLACES)
def test_what_was_said_is_there_once(table: PointTable, tmp_path: Path, place: str) -> None:
    log = ScoreLog(str(tmp_path / place), scored_at="2026-01-05T08:00:00+01:00")
    first = jobs.score(table, leads(), tmp_path / "a.csv", log=log)
    again = jobs.score(table, leads().sample(frac=1, random_state=1), tmp_path / "b.csv", log=log)
    more = jobs.score(table, leads(10, first=60), tmp_path / "c.csv", log=log)
    assert (first.logged, again.logged, more.logged) == (60, 0, 10)
    found = logged(tmp_path / place).sort_values("lead_id", ignore_index=True)
    told = pd.concat([leads(), leads(10, first=60)], ignore_index=True).sort_values("lead_id", ignore_index=True)
    scores = table.score(told)["score"]
    assert found["lead_id"].tolist() == told["lead_id"].tolist()
    assert found["score"].tolist() == scores.tolist()
    assert found["top"].tolist() == (scores >= table.top_cut).tolist()
    assert set(found["table_sha256"]) == {table.sha256}
    assert set(found["scored_at"]) == {pd.Timestamp("2026-01-05T07:00:00Z")}
    codes = codes_of(found["rules"], len(table.features))
    for position, (name, held) in enumerate(rule_codes(table, told).items()):
        assert codes[:, position].tolist() == held.tolist(), name


@pytest.mark.parametrize("place", PLACES)
def test_no_value_of_a_lead_is_kept(table: PointTable, tmp_path: Path, place: str) -> None:
    frame = leads().assign(City="Sehr geheime Stadt", email="ada@example.org")
    jobs.score(table, frame, tmp_path / "a.csv", log=str(tmp_path / place))
    files = [tmp_path / place] if (tmp_path / place).is_file() else list((tmp_path / place).iterdir())
    kept = b"".join(file.read_bytes() for file in files)
    assert len(kept) > 500
    assert b"geheim" not in kept
    assert b"example.org" not in kept


def test_without_an_instant_a_batch_is_known_by_its_day(table: PointTable, tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    assert jobs.score(table, leads(), tmp_path / "a.csv", log=log).logged == 60
    before = logged(tmp_path / "log")["scored_at"].iloc[0]
    time.sleep(1.1)
    second = jobs.score(table, leads(), tmp_path / "b.csv", log=log).logged
    assert second == (0 if pd.Timestamp.now("UTC").date() == before.date() else 60)
    changed = leads().assign(customer="no")
    assert jobs.score(table, changed, tmp_path / "c.csv", log=log).logged == 60


def test_the_instant_is_that_of_the_features_where_nothing_else_is_said(table: PointTable, tmp_path: Path) -> None:
    frame = leads().assign(as_of="2026-02-03T04:05:06Z")
    jobs.score(table, frame, tmp_path / "a.csv", log=str(tmp_path / "log"))
    assert set(logged(tmp_path / "log")["scored_at"]) == {pd.Timestamp("2026-02-03T04:05:06Z")}


@pytest.mark.parametrize(("rate", "salt"), [(0.05, "acme"), (0.5, "x|y"), (0.1, "é")])
def test_the_holdout_is_the_hash_and_nothing_else(rate: float, salt: str) -> None:
    ids = pd.Series([f"Lüd-{k}" for k in range(4000)], dtype="str")
    held = in_holdout(ids, rate, salt)
    by_hand = [
        int(hashlib.sha256(f"{salt}|{name}".encode()).hexdigest(), 16) % 1_000_000 < rate * 1_000_000 for name in ids
    ]
    assert held.tolist() == by_hand
    assert abs(held.mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / 4000)
    shuffled = ids.sample(frac=1, random_state=3)
    assert in_holdout(shuffled, rate, salt).tolist() == held[shuffled.index].tolist()
    assert not (in_holdout(ids, rate / 2, salt) & ~held).any()


def test_scores_of_the_holdout_are_logged_and_hidden(table: PointTable, tmp_path: Path) -> None:
    log = ScoreLog(str(tmp_path / "log"), scored_at="2026-01-05", holdout_rate=0.3)
    summary = jobs.score(table, leads(200), tmp_path / "a.csv", log=log)
    kept = logged(tmp_path / "log").set_index("lead_id")
    out = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    held = out["lead_id"].map(kept["arm"] == "holdout")
    assert 30 < held.sum() == summary.holdout < 90
    added = [column for column in out.columns if column not in leads(1).columns]
    assert (out.loc[held, added] == "").all(axis=None)
    shown = out.loc[~held, "score"].astype(int)
    assert shown.tolist() == kept.loc[out.loc[~held, "lead_id"], "score"].tolist()
    assert sum(summary.actions.values()) == (~held).sum()
    assert kept["score"].tolist() == table.score(leads(200).set_index("lead_id"))["score"].loc[kept.index].tolist()


def test_many_rules_take_more_digits() -> None:
    rules = [Rule(f"f:{k}", "set", k, values=(f"v{k}",)) for k in range(300)]
    rules += [Rule("f:300", "other", 0, neutral=True), Rule("f:301", "missing", 0)]
    two = (Rule("g:0", "set", 1, values=("a",)), Rule("g:1", "other", 0, neutral=True), Rule("g:2", "missing", 0))
    table = PointTable(
        name="wide", dimensions=(Dimension("fit", 0),), probability=Probability(0, 0.1), top_cut=1,
        features=(Feature("f", "fit", "category", tuple(rules)), Feature("g", "fit", "category", two)),
    )  # fmt: skip
    frame = pd.DataFrame({"f": [*(f"v{k}" for k in range(300)), "new", None], "g": (["a", "b", None] * 101)[:302]})
    texts = rule_texts(table, frame)
    assert set(texts.str.len()) == {6}
    assert codes_of(texts, 2)[:, 0].tolist() == list(range(302))
    assert codes_of(texts, 2)[:, 1].tolist() == [k % 3 for k in range(302)]


def test_what_cannot_be_logged_is_refused_and_nothing_written(table: PointTable, tmp_path: Path) -> None:
    log, out = str(tmp_path / "log"), tmp_path / "a.csv"
    with pytest.raises(UsageError, match="no column 'id'"):
        jobs.score(table, leads().rename(columns={"lead_id": "other"}), out, log=ScoreLog(log, id="id"))
    with pytest.raises(DataError, match="1 lead has no id"):
        jobs.score(table, leads().assign(lead_id=lambda f: f["lead_id"].mask(f.index == 3)), out, log=log)
    with pytest.raises(DataError, match="1 row repeats an id"):
        jobs.score(table, leads().assign(lead_id=lambda f: f["lead_id"].replace("L5", "L6")), out, log=log)
    with pytest.raises(UsageError, match="'yesterday'"):
        jobs.score(table, leads(), out, log=ScoreLog(log, scored_at="yesterday"))
    with pytest.raises(UsageError, match=r"cannot be kept in 'log\.csv'"):
        jobs.score(table, leads(), out, log=str(tmp_path / "log.csv"))
    with pytest.raises(UsageError, match=r"from 0 to 0\.5"):
        ScoreLog(log, holdout_rate=0.7)
    assert not out.exists()
    assert not (tmp_path / "log").exists()
    with pytest.raises(UsageError, match="no score log 'log'"):
        read_log(tmp_path / "log")


def test_a_broken_database_is_no_log(table: PointTable, tmp_path: Path) -> None:
    for name in ("log.duckdb", "log.sqlite"):
        (tmp_path / name).write_bytes(b"not a database at all, just text\n" * 300)
        with pytest.raises(DataError, match="is no score log"):
            jobs.score(table, leads(), tmp_path / "a.csv", log=str(tmp_path / name))
    assert not (tmp_path / "a.csv").exists()


SCORE = """
import sys
import pandas as pd
from leadml import jobs
from leadml.jobs.scorelog import ScoreLog
table, source, out, place, at = sys.argv[1:]
print(jobs.score(jobs.find_table(table).table, source, out, log=ScoreLog(place, scored_at=at)).logged)
"""


@pytest.fixture
def files(table: PointTable, tmp_path: Path) -> Path:
    table.save(tmp_path / "table.json")
    leads(3000).to_csv(tmp_path / "leads.csv", index=False)
    (tmp_path / "score.py").write_text(SCORE)
    return tmp_path


def start(folder: Path, place: str, at: str, crash: str = "", out: str = "out.csv") -> subprocess.Popen[str]:
    words = [sys.executable, "score.py", "table.json", "leads.csv", out, place, at]
    environment = os.environ | {"LEADML_CRASH_AT": crash}
    return subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def counts(folder: Path, place: str) -> list[int]:
    """Rows per scoring instant, read by the database's own means."""
    path = folder / place
    if not path.exists():
        return []
    if path.is_dir():
        frames = [pd.read_parquet(file) for file in path.glob("*.parquet")]
        return sorted(frame["scored_at"].value_counts().iloc[0] for frame in frames)
    select = "SELECT count(*) FROM leadml_scores GROUP BY scored_at"
    try:
        if place.endswith(".sqlite"):
            with sqlite3.connect(path) as base:
                return sorted(n for (n,) in base.execute(select))
        with duckdb.connect(str(path)) as connection:
            return sorted(n for (n,) in connection.execute(select).fetchall())
    except (sqlite3.OperationalError, duckdb.CatalogException):  # no table yet
        return []


@pytest.mark.parametrize("place", ["log.duckdb", "log.sqlite"])
def test_a_job_that_dies_in_the_middle_leaves_nothing_half(files: Path, place: str) -> None:
    for step in ("log.noted", "log.inserted"):
        died = start(files, place, "2026-01-01", crash=step)
        assert died.wait() == 137
        died.communicate()
        assert counts(files, place) == []
        assert not (files / "out.csv").exists()
    died = start(files, place, "2026-01-01", crash="score.logged")
    assert (died.wait(), died.communicate()[0]) == (137, "")
    assert counts(files, place) == [3000]
    assert not (files / "out.csv").exists()
    assert start(files, place, "2026-01-01").communicate()[0] == "0\n"
    assert counts(files, place) == [3000]
    assert len(pd.read_csv(files / "out.csv")) == 3000


@pytest.mark.parametrize("place", PLACES)
def test_jobs_at_once_log_each_batch_once(files: Path, place: str) -> None:
    instants = ["2026-01-01", "2026-01-02", "2026-01-01"]
    running = [start(files, place, at, out=f"{k}.csv") for k, at in enumerate(instants)]
    told = [process.communicate()[0].strip() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert counts(files, place) == [3000, 3000]
    if place != "log":  # two jobs may both write a file, of the same content and name
        assert sorted(told) == ["0", "3000", "3000"]


def test_a_job_that_is_killed_at_any_moment_leaves_whole_batches(files: Path) -> None:
    moments = random.Random(7)
    for k in range(3):
        for place in PLACES:
            process = start(files, place, f"2026-01-{k + 1:02d}")
            time.sleep(moments.uniform(0.6, 2.0))
            process.send_signal(signal.SIGKILL)
            process.communicate()
    for place in PLACES:
        assert set(counts(files, place)) <= {3000}
        done = start(files, place, "2026-02-01")
        assert done.communicate()[0] == "3000\n"
        assert set(counts(files, place)) == {3000}
        found = logged(files / place)
        assert not found.duplicated(["lead_id", "scored_at"]).any()
