"""leadml threshold: from a version alone, from a file, from a configuration; what it prints, warns of, and writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.points.table import PointTable
from tests.cli.conftest import Run

VERSION = "leads@1"
WEEK = pd.Timedelta(weeks=1)


def figures(run: Run, *words: object) -> dict[str, Any]:
    result = run("threshold", *words, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def score_of(folder: Path) -> tuple[pd.DataFrame, pd.Series]:
    leads = pd.read_csv(folder / "leads.csv")
    return leads, PointTable.load(folder / "models/leads/v1/point_table.json").score(leads)["score"]


def test_a_version_answers_from_the_leads_it_was_measured_on(run: Run, trained: Path) -> None:
    found = figures(run, VERSION, "--per-week", 8)
    counts = json.loads((trained / "models/leads/v1/scores.json").read_text())
    above = sum(row["leads"] for row in counts["rows"] if row["score"] >= found["cut"])
    won = sum(row["won"] for row in counts["rows"] if row["score"] >= found["cut"])
    assert found["per_week"] == pytest.approx(above / counts["weeks"])
    assert found["conversion_rate"] == pytest.approx(won / above)
    result = run("threshold", VERSION, "--per-week", "8")
    assert found["sentence"] in " ".join(result.stdout.split())
    assert "measured on" in result.stdout
    assert "By cut" in result.stdout


def test_a_file_tells_how_many_come_and_newer_leads_how_they_convert(run: Run, trained: Path) -> None:
    found = figures(run, VERSION, "leads.csv", "--per-week", 8, "--created", "created", "--outcome", "status")
    leads, score = score_of(trained)
    created = pd.to_datetime(leads["created"])
    recent = created > created.max() - 13 * WEEK
    assert found["per_week"] == pytest.approx((score[recent] >= found["cut"]).sum() / 13)
    newest = leads.sort_values("created").index[-80:]  # the fifth that was not learned from
    wins = leads["status"][newest] == "won"
    by_score = wins.groupby(score[newest]).mean()  # who comes is won as often as those of the next lower known score
    mine = score[recent & (score >= found["cut"])]
    known = np.maximum(np.searchsorted(by_score.index, mine, side="right") - 1, 0)
    assert found["conversion_rate"] == pytest.approx(by_score.to_numpy()[known].mean())
    assert found["wins_per_week"] == pytest.approx(by_score.to_numpy()[known].sum() / 13)
    assert found["timed"] is True
    assert any("after those the table was learned from" in note for note in found["notes"])


def test_without_a_time_it_warns_and_takes_one_week(run: Run, trained: Path) -> None:
    result = run("threshold", VERSION, "leads.csv", "--per-week", "90", "--json")
    assert result.exit_code == 0
    assert "warning: Nothing tells when these leads came" in " ".join(result.stderr.split())
    found = json.loads(result.stdout)
    _, score = score_of(trained)
    assert found["per_week"] == (score >= found["cut"]).sum()
    assert found["timed"] is False
    weeks = figures(run, VERSION, "leads.csv", "--per-week", 9, "--weeks", 10)
    assert weeks["per_week"] == pytest.approx((score >= weeks["cut"]).sum() / 10)


def test_the_cut_is_written_into_a_new_table_and_never_into_a_version(run: Run, trained: Path) -> None:
    before = {path: path.read_bytes() for path in (trained / "models/leads/v1").iterdir()}
    result = run("threshold", VERSION, "leads.csv", "--per-week", "20", "--weeks", "5", "--out", "sales.json")
    assert result.exit_code == 0, result.stderr
    cut = int(re.search(r"Threshold: (\d+) points", result.stdout).group(1))  # type: ignore[union-attr]
    table = PointTable.load(trained / "sales.json")
    assert table.actions[0] == ("hand to sales", cut)
    assert "leadml score sales.json" in result.stdout
    leads, score = score_of(trained)
    assert ((table.score(leads)["action"] == "hand to sales") == (score >= cut)).all()
    assert {path: path.read_bytes() for path in before} == before
    again = run("threshold", VERSION, "--per-week", "20", "--out", "sales.json")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    inside = run("threshold", VERSION, "--per-week", "20", "--force", "--out", "models/leads/v1/point_table.json")
    assert (inside.exit_code, "never changes" in inside.stderr) == (2, True)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "exactly one goal"),
        (["--per-week", "5", "--conversion-rate", "0.2"], "exactly one goal"),
        (["--cost", "5"], "exactly one goal"),
        (["leads.csv", "--per-week", "5", "--created", "city"], "'city' holds no dates"),
        (["leads.csv", "--per-week", "5", "--outcome", "statsu"], "Did you mean 'status'"),
        (["leads.csv", "--cost", "5", "--value-column", "city"], "'city' holds no numbers"),
        (["--per-week", "5", "--out", "table.txt"], "must end in .json"),
    ],
)
def test_what_cannot_be_asked_ends_with_two(run: Run, trained: Path, words: list[str], told: str) -> None:
    result = run("threshold", VERSION, *words)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert trained.is_dir()


def test_a_table_without_counts_asks_for_leads(run: Run, trained: Path) -> None:
    PointTable.load(trained / "models/leads/v1/point_table.json").save(trained / "alone.json")
    result = run("threshold", "alone.json", "--per-week", "5")
    assert (result.exit_code, "Give leads of some past weeks" in " ".join(result.stderr.split())) == (2, True)
    found = figures(
        run, "alone.json", "leads.csv", "--conversion-rate", 0.5, "--outcome", "status", "--created", "created"
    )
    leads, score = score_of(trained)
    won = leads["status"] == "won"
    assert found["cut"] == min(cut for cut in set(score) if won[score >= cut].mean() >= 0.5)
    assert any("Nothing tells which of these leads" in note for note in found["notes"])


@pytest.mark.parametrize("more", [[], ["--weeks", "9"]])
def test_a_hand_over_that_asks_for_sub_scores_needs_leads(run: Run, trained: Path, more: list[str]) -> None:
    folder = trained / "models/leads/v1"
    table = PointTable.load(folder / "point_table.json")
    name = table.dimensions[0].name
    least = int(table.score(pd.read_csv(trained / "leads.csv"))[name].median()) + 1
    strict = table.with_actions([(table.actions[0][0], None, {name: least}), ("nurture", None)])
    manifest = json.loads((folder / "manifest.json").read_text())
    (trained / "strict").mkdir()
    strict.save(trained / "strict/point_table.json")
    for file, content in (("scores.json", None), ("history.json", None), ("manifest.json", manifest)):
        text = (folder / file).read_text() if content is None else json.dumps(content | {"table_sha256": strict.sha256})
        (trained / "strict" / file).write_text(text)
    result = run("threshold", "strict/point_table.json", "--per-week", "30", *more)
    assert result.exit_code == 2
    assert f"asks for {name} from {least}" in (said := " ".join(result.stderr.split()))
    assert "by score only" in said
    assert "SOURCE" in said
    # conversion is never that of all leads by score, even where no outcome is given
    reading = ["leads.csv", "--per-week", 5, "--weeks", 10]
    found = figures(run, "strict/point_table.json", *reading)
    scored = strict.score(pd.read_csv(trained / "leads.csv"))
    mine = (scored["score"] >= found["cut"]) & (scored[name] >= least)
    assert found["measured"] is False
    assert found["per_week"] == pytest.approx(mine.sum() / 10)
    assert found["wins_per_week"] == pytest.approx(scored["probability"][mine].sum() / 10)
    assert found["missed_wins_per_week"] == pytest.approx(scored["probability"][~mine].sum() / 10)


CONFIG = """
name = "leads"

[leads]
source = "crm.csv"
id = "lead_id"
created = "created"
outcome = "status"
won = ["won"]
lost = ["lost"]
closed = "closed"
value = "value"

[scoring]
as_of = {as_of}
window_days = 30
"""


@pytest.mark.parametrize("as_of", ['"created + 7 days"', '["created + 2 days", "created + 7 days"]'])
def test_a_configuration_counts_leads_at_their_scoring_moment(run: Run, trained: Path, as_of: str) -> None:
    leads, score = score_of(trained)
    created = pd.to_datetime(leads["created"])
    rng = np.random.default_rng(0)
    closed = created + pd.to_timedelta(rng.uniform(3, 60, len(leads)), unit="D")
    leads["closed"] = closed.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    leads["value"] = rng.integers(1, 9, len(leads)) * 100
    leads.to_csv("crm.csv", index=False)
    Path("leadml.toml").write_text(CONFIG.format(as_of=as_of), encoding="utf-8")
    found = figures(run, VERSION, "leadml.toml", "--per-week", 9)
    moments = [7] if "[" not in as_of else [2, 7]
    first = created + pd.Timedelta(days=moments[0])
    # observed until the last thing that is known happened; a lead counts at its first moment, as its score stays
    until = max(closed.max(), created.max())
    there = (first <= until) & (closed > first)
    recent = there & (first > first[there].max() - 13 * WEEK)
    assert found["per_week"] == pytest.approx((score[recent] >= found["cut"]).sum() / 13)
    if len(moments) == 2:
        assert any("scored" in note and "counts once" in note for note in found["notes"])
    valued = figures(run, VERSION, "leadml.toml", "--cost", 10)
    assert valued["goal"] == "value"
