"""The score log in a PostgreSQL database: one transaction, once, and rights that are missing are named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from leadml import jobs
from leadml.errors import UsageError
from leadml.jobs.scorelog import ScoreLog, read_log, scores_of
from leadml.points.table import PointTable
from tests.history.postgres.conftest import Crm

LOG = "env:CRM_URL"


@pytest.fixture
def leads() -> pd.DataFrame:
    frame = {"lead_id": [f"L{k}" for k in range(500)], "City": "Wien", "visits 7d": 3, "customer": "yes"}
    return pd.DataFrame(frame).assign(created_at="2026-01-01")


def test_a_batch_is_logged_once(crm: Crm, table: PointTable, leads: pd.DataFrame, tmp_path: Path) -> None:
    crm.tell("GRANT CREATE ON SCHEMA public TO ada")
    log = ScoreLog(LOG, scored_at="2026-01-05T12:00:00.123456Z")
    summaries = [jobs.score(table, leads, tmp_path / "a.csv", log=log) for _ in range(2)]
    assert [summary.logged for summary in summaries] == [500, 0]
    later = ScoreLog(LOG, scored_at="2026-01-06")
    assert jobs.score(table, leads, tmp_path / "a.csv", log=later).logged == 500
    found = scores_of(read_log(LOG))
    assert len(found) == 1000
    assert found["scored_at"].min() == pd.Timestamp("2026-01-05T12:00:00.123456Z")
    assert set(found["score"]) == set(table.score(leads)["score"])
    assert found["top"].all()
    assert set(found["created_at"]) == {pd.Timestamp("2026-01-01", tz="UTC")}


def test_no_right_to_make_tables_is_needed_where_they_are(
    crm: Crm, table: PointTable, leads: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="may not write the tables leadml_scores"):
        jobs.score(table, leads, tmp_path / "a.csv", log=LOG)
    assert not (tmp_path / "a.csv").exists()
    from leadml.jobs.scorelog.databases import MAKE

    crm.tell(*MAKE, "GRANT SELECT, INSERT ON leadml_scores, leadml_score_batches TO ada")
    assert jobs.score(table, leads, tmp_path / "a.csv", log=LOG).logged == 500


DIE = """
import sys
from leadml import jobs
from leadml.jobs.scorelog import ScoreLog
log = ScoreLog("env:CRM_URL", scored_at="2026-01-01")
jobs.score(jobs.find_table("table.json").table, "leads.csv", "out.csv", log=log)
"""


@pytest.mark.parametrize("step", ["log.noted", "log.inserted"])
def test_a_job_that_dies_before_the_end_has_logged_nothing(
    crm: Crm, table: PointTable, leads: pd.DataFrame, tmp_path: Path, step: str
) -> None:
    crm.tell("GRANT CREATE ON SCHEMA public TO ada")
    table.save(tmp_path / "table.json")
    leads.to_csv(tmp_path / "leads.csv", index=False)
    words, environment = [sys.executable, "-c", DIE], os.environ | {"LEADML_CRASH_AT": step}
    assert subprocess.run(words, cwd=tmp_path, env=environment, check=False).returncode == 137
    with pytest.raises(UsageError, match="no table 'leadml_scores'"):  # making it was part of the transaction
        read_log(LOG)
    subprocess.run(words, cwd=tmp_path, check=True)
    assert len(read_log(LOG).frame) == 500
