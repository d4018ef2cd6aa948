"""explain, changes and score --next, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability
from tests.cli.conftest import Run
from tests.points.test_ledger import engagement

ROWS = {"id": ["a", "b", "007"], "visit_7d": [2, 0, 0], "visit_30d": [2, 2, 0], "days_since_visit": [1.0, 21.0, None]}


@pytest.fixture
def files(run: Run, tmp_path: Path) -> pd.DataFrame:
    """A table, and leads at two times: one cools, one comes back, one is only there later."""
    engagement().with_verification().save("table.json")
    leads = pd.DataFrame({**ROWS, "city": ["Wien", "", "Graz"]})
    leads.to_csv("may.csv", index=False)
    later = leads.assign(id=["a", "b", "new"], visit_7d=[0, 4, 1], visit_30d=[2, 6, 1], days_since_visit=[21.0, 0.5, 1])
    later.to_parquet("june.parquet", index=False)
    return leads


def test_one_lead_is_explained_with_what_to_do_next(run: Run, files: pd.DataFrame) -> None:
    told = run("explain", "table.json", "may.csv", "--lead", "b", "--id", "id")
    assert told.exit_code == 0, told.stderr
    assert "score 35" in told.stdout
    assert "Ask for City: +4 to +11 points" in told.stdout
    assert "One visit event (+14)" in told.stdout
    german = run("explain", "table.json", "may.csv", "--lead", "b", "--id", "id", "--language", "de").stdout
    assert "typischer Lead" in german
    assert "Nach „City“ fragen: +4 bis +11 Punkte" in german
    found = json.loads(run("explain", "table.json", "may.csv", "--lead", "007", "--id", "id", "--json").stdout)
    assert found["lead"] == "007"
    explanation = found["explanation"]
    assert explanation["base_points"] + sum(row["points"] for row in explanation["rows"]) == explanation["score"]
    assert found["next_steps"]["top"] is False


def test_a_lead_that_is_not_there_is_refused(run: Run, files: pd.DataFrame) -> None:
    gone = run("explain", "table.json", "may.csv", "--lead", "7", "--id", "id")
    assert gone.exit_code == 2
    assert "has no lead with that 'id'" in gone.stderr
    pd.concat([files, files]).to_csv("twice.csv", index=False)
    twice = run("explain", "table.json", "twice.csv", "--lead", "a", "--id", "id")
    assert twice.exit_code == 3
    assert "has 2 rows with that 'id'" in twice.stderr
    column = run("explain", "table.json", "may.csv", "--lead", "a", "--id", "ids")
    assert column.exit_code == 2
    assert "Did you mean 'id'?" in column.stderr
    assert "Name the column of ids with --id" in column.stderr
    language = run("explain", "table.json", "may.csv", "--lead", "a", "--id", "id", "--language", "nl")
    assert language.exit_code == 2
    assert "de (Deutsch)" in language.stderr


def test_changes_say_who_crossed_and_why(run: Run, files: pd.DataFrame) -> None:
    told = run("changes", "table.json", "may.csv", "june.parquet", "--id", "id", "--out", "why.csv")
    assert told.exit_code == 0, told.stderr
    assert "2 leads at both times: 1 went up, 1 went down, 0 are as they were." in told.stdout
    assert "1 lead is new, 1 is gone" in told.stdout
    assert "1 lead fell below hand to sales" in told.stdout
    written = pd.read_csv("why.csv")
    moved = written.groupby("lead")["points"].sum()
    scores = written.groupby("lead")[["score_before", "score_after"]].first()
    assert (scores["score_after"] - scores["score_before"] == moved).all()
    found = json.loads(run("changes", "table.json", "may.csv", "june.parquet", "--id", "id", "--json").stdout)
    assert (found["leads"], found["up"], found["down"], found["exact"]) == (2, 1, 1, False)
    assert found["crossed"]["down"][0]["reasons"][0]["kind"] == "elapsed"
    assert sum(found["points"].values()) == int(moved.sum())
    engagement().without(["city"]).save("old.json")
    both = run("changes", "table.json", "may.csv", "june.parquet", "--id", "id", "--old", "old.json", "--json")
    assert json.loads(both.stdout)["points"]["table"] == 7 - 4


def test_what_changes_cannot_do_is_refused(run: Run, files: pd.DataFrame) -> None:
    bad = run("changes", "table.json", "may.csv", "june.parquet", "--id", "id", "--out", "why.txt")
    assert bad.exit_code == 2
    assert not Path("why.txt").exists()
    Path("leadml.toml").write_text('[leads]\nsource = "may.csv"\noutcome = "won"\n')
    no_events = run("changes", "table.json", "may.csv", "june.parquet", "--id", "id", "--config", "leadml.toml")
    assert no_events.exit_code == 2
    assert "the configuration has no [events]" in no_events.stderr


def test_scores_with_what_to_do_next(run: Run, files: pd.DataFrame) -> None:
    leads = files.assign(visit_7d=[0, 2, 0], visit_90d=[0, 2, 0], days_since_webinar=[None, 200.0, None])
    leads.to_csv("open.csv", index=False)
    done = run("score", "table.json", "open.csv", "--next", "--out", "scored.csv")
    assert done.exit_code == 0, done.stderr
    scored = pd.read_csv("scored.csv", keep_default_na=False)
    assert scored["next_question"].tolist() == ["", "Ask for City: +4 to +17 points", ""]
    assert scored["alert"].tolist() == ["", "Quiet for 83 days, then 2 visit events in the last 7 days: call today", ""]
    assert run("score", "table.json", "open.csv", "--next", "--surge-events", "3", "--out", "s.csv").exit_code == 0
    assert pd.read_csv("s.csv")["alert"].isna().all()
    leads.assign(alert="mine").to_csv("taken.csv", index=False)
    assert (
        "columns that scoring adds: 'alert'"
        in run("score", "table.json", "taken.csv", "--next", "--out", "t.csv").stderr
    )
    assert run("score", "table.json", "taken.csv", "--out", "t.csv").exit_code == 0


CONFIG = """
name = "x"
[leads]
source = "leads.csv"
id = "id"
outcome = "won"
created = "created"
[events]
source = "events.csv"
lead = "id"
at = "at"
windows_days = [7, 30]
[scoring]
as_of = "created + 1 day"
"""


@pytest.fixture
def told_by_events(run: Run) -> Callable[[str], pd.DataFrame]:
    """A configuration with events, and a table that was made of them."""
    rng = np.random.default_rng(1)
    names = [f"L{number}" for number in range(60)]
    pd.DataFrame({"id": names, "won": "", "created": "2024-01-01"}).to_csv("leads.csv", index=False)
    days = pd.to_timedelta(rng.uniform(0, 61, 700), unit="D") + pd.Timestamp("2024-04-01", tz="UTC")
    quiet = np.where(days < pd.Timestamp("2024-05-01", tz="UTC"), 60, 30)  # half of the leads do nothing in May
    which = rng.integers(0, 60, 700) % quiet
    pd.DataFrame({"id": [names[k] for k in which], "at": days, "type": "visit"}).to_csv("events.csv", index=False)
    Path("leadml.toml").write_text(CONFIG)
    for name, day in (("may", "2024-05-01"), ("june", "2024-06-01")):
        assert run("features", "leadml.toml", "--as-of", day, "--out", f"{name}.csv").exit_code == 0
    bounds = {"visit_7d": "0.5", "visit_30d": "1.5", "days_since_visit": "10"}
    features = tuple(
        Feature(
            name,
            "engagement",
            "number",
            (
                Rule(f"{name}:0", "range", 0, hi=cut, neutral=True),
                Rule(f"{name}:1", "range", 7, lo=cut),
                Rule(f"{name}:2", "missing", -2),
            ),
        )
        for name, cut in bounds.items()
    )
    made = {"types": [["visit", "visit"]], "topics": [], "windows_days": [7, 30], "amount": False}
    stored = made | {"ignore": [], "sent": [], "reactions": [], "features": []}
    table = PointTable(
        name="x",
        dimensions=(Dimension("engagement", 10),),
        features=features,
        probability=Probability(-3.0, 0.05),
        top_cut=20,
        provenance={"features": {"events": stored}},
    )
    table.with_verification().save("table.json")

    def why(*more: str) -> pd.DataFrame:
        done = run("changes", "table.json", "may.csv", "june.csv", "--out", "why.csv", *more)
        assert done.exit_code == 0, done.stderr
        return pd.read_csv("why.csv")

    return why


def test_events_tell_exactly_what_time_did(told_by_events: Callable[..., pd.DataFrame], run: Run) -> None:
    """Of leads without an event in May time did everything; by direction alone some of it is read the same way."""
    exact = told_by_events("--config", "leadml.toml")
    assert set(exact["kind"]) == {"elapsed", "input"}
    idle = exact["lead"].str[1:].astype(int) >= 30
    assert set(exact.loc[idle, "kind"]) == {"elapsed"}
    # what the others would be without May: the month has passed them by as well
    assert (exact.loc[~idle & (exact["kind"] == "elapsed"), "points"] < 0).any()
    read = told_by_events()
    sums = [found.groupby("lead")["points"].sum() for found in (exact, read)]
    both = sums[0].index.intersection(sums[1].index)
    assert (sums[0][both] == sums[1][both]).all()
    assert (sums[0].drop(both) == 0).all()  # in exact terms they cooled and came back to the same score
    backwards = run("changes", "table.json", "june.csv", "may.csv", "--config", "leadml.toml")
    assert backwards.exit_code == 2
    assert "the other way round" in backwards.stderr
    pd.read_csv("may.csv").drop(columns="as_of").to_csv("timeless.csv", index=False)
    timeless = run("changes", "table.json", "timeless.csv", "june.csv", "--config", "leadml.toml")
    assert timeless.exit_code == 2
    assert "need one moment in the column 'as_of'" in timeless.stderr
