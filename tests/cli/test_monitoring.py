"""The verb monitor and the log of score, as a person and a scheduler use them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml import jobs
from leadml.points.table import PointTable

Run = Callable[..., Any]
KEYS = {"verdict", "rate_ratio", "low", "high", "horizon_days", "cohorts", "evidence"}


def files(folder: Path, dead_from: int = 99, months: int = 9) -> None:
    """A score log and outcomes of a score that works until a month."""
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2025-01-10", tz="UTC")
    scored_at = pd.Series([start + pd.DateOffset(months=k) for k in range(months) for _ in range(400)])
    score = rng.integers(0, 101, len(scored_at))
    top = score >= 80
    works = np.repeat(np.arange(months), 400) < dead_from
    win = rng.random(len(score)) < np.where(top & works, 0.25, 0.08)
    frame = pd.DataFrame({"lead_id": np.arange(len(score)), "scored_at": scored_at, "score": score, "top": top})
    frame.assign(table_sha256="ab" * 32, arm="normal").to_parquet(folder / "scores.parquet")
    won_at = (scored_at + pd.Timedelta(days=12)).where(win)
    pd.DataFrame({"lead_id": frame["lead_id"], "won_at": won_at}).to_csv(folder / "outcomes.csv", index=False)


FILES = ("--scores", "scores.parquet", "--outcomes", "outcomes.csv", "--as-of", "2026-01-01")


def test_files_are_answered_as_the_contract_says(run: Run, tmp_path: Path) -> None:
    files(tmp_path)
    result = run("monitor", *FILES, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert set(told) >= KEYS
    assert told["verdict"] == "PROVEN"
    assert told["low"] < told["rate_ratio"] < told["high"]
    assert len(told["cohorts"]) == 9
    assert not list(tmp_path.glob("models*"))


def test_a_red_score_ends_with_five_and_is_shown(run: Run, tmp_path: Path) -> None:
    files(tmp_path, dead_from=3)
    result = run("monitor", *FILES)
    assert result.exit_code == 5, result.stderr
    assert re.findall(r"^(\w[\w ]*)$", result.stdout, re.MULTILINE) == ["KPI", "Cohorts", "Drift", "Notes"]
    assert re.search(r"^  RED$", result.stdout, re.MULTILINE)
    assert len(re.findall(r"^  2025-0\d .*●", result.stdout, re.MULTILINE)) == 9
    assert all(line == line.rstrip() and len(line) <= 100 for line in result.stdout.splitlines())
    assert run("monitor", *FILES, "--json").exit_code == 5


def test_wrong_use_is_told(run: Run, tmp_path: Path) -> None:
    files(tmp_path)
    for words in ((), ("--scores", "scores.parquet"), ("leadml.toml", *FILES)):
        result = run("monitor", *words)
        assert result.exit_code == 2
        assert "either a configuration, or both" in result.stderr
    assert run("monitor", *FILES, "--acknowledge", "x").exit_code == 2
    gone = run("monitor", "--scores", "score.parquet", "--outcomes", "outcomes.csv")
    assert gone.exit_code == 2
    assert "scores.parquet" in gone.stderr
    (tmp_path / "bad.csv").write_text("lead_id,scored_at,score,top\n1,2025-01-01,5,maybe\n")
    bad = run("monitor", "--scores", "bad.csv", "--outcomes", "outcomes.csv")
    assert (bad.exit_code, "'maybe'" in bad.stderr) == (3, True)


def test_score_logs_by_option_and_by_configuration(run: Run, tmp_path: Path, table: PointTable) -> None:
    table.save("table.json")
    leads = pd.DataFrame({"nr": range(50), "City": "Wien", "visits 7d": 3, "customer": "yes"})
    leads.to_csv("leads.csv", index=False)
    words = ("score", "table.json", "leads.csv", "--out", "out.csv")
    first = run(*words, "--log", "log", "--id", "nr", "--scored-at", "2026-01-01", "--json")
    assert first.exit_code == 0, first.stderr
    assert json.loads(first.stdout)["logged"] == 50
    Path("leadml.toml").write_text(
        '[leads]\nsource = "leads.csv"\nid = "nr"\noutcome = "y"\n[monitor]\nscores = "log"\nholdout_rate = 0.3\n'
    )
    second = run(*words, "--config", "leadml.toml", "--scored-at", "2026-01-02")
    assert second.exit_code == 0, second.stderr
    assert re.search(r"holdout +\d+, logged and not shown", second.stdout)
    assert re.search(r"score log +50 rows", second.stdout)
    again = run(*words, "--config", "leadml.toml", "--scored-at", "2026-01-02")
    assert re.search(r"score log +the batch was there already", again.stdout)
    assert "give --log PLACE" in run(*words, "--id", "nr").stderr
    assert run(*words, "--salt", "x").exit_code == 2


@pytest.mark.parametrize("width", [60, 100])
def test_the_page_fits_and_hides_nothing(tmp_path: Path, width: int) -> None:
    from rich.console import Console

    from leadml.terminal.monitoring import page

    files(tmp_path, dead_from=3)
    found = jobs.monitor_files(tmp_path / "scores.parquet", tmp_path / "outcomes.csv", as_of="2026-01-01")
    text = io.StringIO()
    page(Console(file=text, width=width, highlight=False, markup=False), found)
    shown = " ".join(text.getvalue().split())
    for part in (found.kpi.verdict, found.kpi.sentence, *found.kpi.notes):
        assert part in shown
    assert "\x1b" not in text.getvalue()
