"""compare and review on the command line: on leads that no table has seen, with wishes that come back from sales."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import leadml
from leadml.history.history import LeadHistory
from leadml.points.sheets.handmade import from_rules
from leadml.points.table import PointTable
from leadml.stats import auc
from tests.cli.conftest import Run
from tests.conftest import small_history

READ = ["--outcome", "status", "--id", "lead_id", "--order", "created"]
RULES = "feature;condition;points\ncity;Wien;-8\nvisits;mindestens 3;8\ncustomer;yes;-8\n"


@pytest.fixture
def today(trained: Path) -> Path:
    path = trained / "today.csv"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_hand_made_table_is_a_table_everywhere(run: Run, today: Path) -> None:
    assert "Wien" in run("show", "today.csv").stdout
    done = run("score", "today.csv", "leads.csv", "--out", "scored.csv")
    assert done.exit_code == 0, done.stderr
    scores = pd.read_csv("scored.csv")
    wanted = -8 * (scores["city"] == "Wien") + 8 * (scores["visits"] >= 3) - 8 * (scores["customer"] == "yes")
    assert (scores["score"] == wanted).all()
    done = run("score", "today.csv", "leads.csv", "--out", "german.csv", "--out-sep", ";")
    assert done.exit_code == 0, done.stderr
    pd.testing.assert_frame_equal(pd.read_csv("german.csv", sep=";"), scores)
    assert "CASE" in run("export", "today.csv", "--to", "sql").stdout
    assert run("diff", "today.csv", "leads").exit_code == 0


def test_a_list_in_a_workbook_is_a_table_too(run: Run, today: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in RULES.splitlines():
        feature, condition, points = line.split(";")
        book.worksheets[0].append([feature, condition, int(points) if points[-1].isdigit() else points])
    book.save(today.with_suffix(".xlsx"))
    shown = [json.loads(run("show", f"today{ending}", "--json").stdout) for ending in (".csv", ".xlsx")]
    assert shown[0] == shown[1]


def test_a_measured_table_is_written_where_it_is_asked_for(run: Run, today: Path) -> None:
    done = run("compare", "today.csv", "leads", "leads.csv", *READ, "--edits", "0", "--out", "measured.json")
    assert done.exit_code == 0, done.stderr
    table = PointTable.load("measured.json")
    assert table.provenance["handmade"]["measured"] is True
    assert sum(rule.leads for rule in table.features[0].rules) == 80


def test_an_edited_export_is_a_table_as_well(run: Run, trained: Path) -> None:
    run("export", "leads", "--to", "csv", "--out", "points.csv")
    assert run("show", "points.csv", "--json").stdout == run("show", "leads", "--json").stdout


def test_a_slip_in_the_list_is_named_with_its_line(run: Run, today: Path) -> None:
    today.write_text(RULES.replace("mindestens 3", "mindestens drei"), encoding="utf-8")
    done = run("show", "today.csv")
    assert done.exit_code == 3
    assert "Line 3 of the hand-made table, column 'condition'" in done.stderr


def test_tables_are_compared_on_the_leads_that_training_kept_apart(run: Run, today: Path) -> None:
    done = run("compare", "today.csv", "leads", "leads.csv", *READ, "--json", "--edits", "1")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    split = LeadHistory.read("leads.csv", outcome="status", id="lead_id", order="created").split()
    assert (told["leads"], told["won"]) == (len(split.newest), int(split.newest.won.sum()))
    assert [one["name"] for one in told["tables"]] == ["today", "leads"]
    assert "only the 80 of 400 that training kept apart count here" in told["notes"][0]
    text = run("compare", "today.csv", "leads", "leads.csv", *READ, "--edits", "0").stdout
    assert all(
        part in text for part in ("Comparison", "AUC", "lift@10 %", "Conversion by band", "Who is in the top fifth")
    )
    assert max(map(len, text.splitlines())) <= 100


def test_newer_leads_are_told_from_those_that_were_learned_from(run: Run, today: Path) -> None:
    newer = small_history(900, seed=5)
    newer.to_csv("newer.csv", index=False)
    done = run("compare", "today.csv", "leads", "newer.csv", *READ, "--json", "--out", "edited.csv")
    told = json.loads(done.stdout)
    learned = LeadHistory.read("leads.csv", outcome="status", id="lead_id", order="created").split().train
    until = pd.to_datetime(learned.order.max(), unit="us", utc=True)
    assert told["leads"] == int((pd.to_datetime(newer["created"]) > until).sum())
    assert told["notes"][0].startswith("leads was learned from leads up to ")
    first = told["edits"]["edits"][0]
    assert (first["feature"], first["before"]) == ("city", -8)
    assert first["after"] > 0
    edited = from_rules(Path("edited.csv").read_bytes())
    scored = edited.score(pd.DataFrame({"city": ["Wien", "Graz"], "visits": 0, "customer": "no"}), reasons=0)["score"]
    assert scored[0] - scored[1] == first["after"]


def test_where_nothing_tells_a_warning_stands(run: Run, today: Path) -> None:
    small_history(500, seed=6).to_csv("other.csv", index=False)
    done = run("compare", "today.csv", "leads", "other.csv", *READ[:4], "--edits", "0", "--json")
    assert json.loads(done.stdout)["notes"] == [
        "It cannot be told whether leads was learned from some of these leads; if it was, its figures here promise too "
        "much. Give newer leads, with --order and the column that tells when they came."
    ]


def test_leads_that_were_all_learned_from_are_refused(run: Run, trained: Path) -> None:
    small_history().head(250).to_csv("old.csv", index=False)
    done = run("compare", "leads", "leads", "old.csv", *READ)
    assert done.exit_code == 3
    assert "nothing to compare" in done.stderr


def fill(path: str, **wishes: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """Fill in a sheet: points, pin and comment by feature and rule."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    done = {}
    for row in rows:
        for rule, told in wishes.items():
            if row["rule"] == rule:
                row["your points"], row["pin (x)"], row["comment"] = told
                done[row["row"]] = told
    assert len(done) == len(wishes), [row["rule"] for row in rows]
    with open("back.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return done


def test_a_review_goes_out_comes_back_and_becomes_a_version(run: Run, trained: Path) -> None:
    done = run("review", "leads", "--out", "review.csv")
    assert done.exit_code == 0, done.stderr
    table = PointTable.load("models/leads/v1/point_table.json")
    points = {rule.values: rule for f in table.features if f.name == "city" for rule in f.rules if rule.points}
    (values, rule), *_ = points.items()
    wish = str(rule.points + 20)
    wanted = fill("review.csv", **{values[0] if values else "missing": (wish, "x", "Anna Schmidt thinks so")})
    trial = run("review", "leads", "leads.csv", *READ, "--read", "back.csv", "--json")
    assert trial.exit_code == 0, trial.stderr
    told = json.loads(trial.stdout)
    asked = [(one["row"], one["after"], one["pinned"]) for one in told["wishes"]]
    assert asked == [(next(iter(wanted)), int(wish), True)]
    assert told["leads"] == 80
    assert told["version"] is None
    assert sorted(path.name for path in Path("models/leads").glob("v*")) == ["v1"]
    made = run("review", "leads", "leads.csv", *READ, "--read", "back.csv", "--train")
    assert made.exit_code == 0, made.stderr
    assert "Version 2 was made of it; it is not in use until it is promoted." in " ".join(made.stdout.split())
    assert json.loads(run("versions", "leads", "--json").stdout)[0]["champion"] is True
    new = PointTable.load("models/leads/v2/point_table.json")
    pinned = [r for f in new.features for r in f.rules if r.pinned]
    assert [(r.values, r.points) for r in pinned] == [(values, int(wish))]
    config = tomllib.loads(told["pins"])
    assert config == {"pins": {"city": {values[0] if values else "missing": int(wish)}}}
    kept = Path("models/leads/reviews/v2.csv").read_text(encoding="utf-8-sig")
    assert "Anna Schmidt thinks so" in kept
    leaked = [p for p in Path("models").rglob("*") if p.is_file() and b"Schmidt" in p.read_bytes()]
    assert leaked == [Path("models/leads/reviews/v2.csv")]
    assert "Schmidt" not in made.stdout + made.stderr + trial.stdout


def test_a_review_says_what_it_lacks(run: Run, trained: Path) -> None:
    assert "--out FILE to write the sheet, or --read FILE" in run("review", "leads").stderr
    run("review", "leads", "--out", "review.csv")
    nothing = run("review", "leads", "leads.csv", *READ, "--read", "review.csv")
    assert nothing.exit_code == 2
    assert "asks for nothing" in nothing.stderr
    assert "Name these" in run("review", "leads", "--read", "review.csv").stderr
    assert "cannot be opened" in run("review", "leads", "leads.csv", *READ, "--read", "gone.csv").stderr
    assert "must end in .csv, .xlsx" in run("review", "leads", "--out", "review.pdf").stderr


def test_the_python_twins_take_values(trained: Path) -> None:
    from leadml import jobs

    frame = small_history(600, seed=8)
    mine = from_rules(RULES, "mine")
    found = jobs.compare(mine, from_rules("visits,>= 3,8", "other"), frame, "status", id="lead_id", edits=0)
    assert (found.names, found.leads, found.notes) == (("mine", "other"), 600, ())
    learned = leadml.PointTable.load(trained / "models/leads/v1/point_table.json")
    own = jobs.compare(mine, learned, trained / "leads.csv", "status", id="lead_id", order="created", edits=0)
    assert own.leads == 80
    other = jobs.compare(mine, learned, frame, "status", id="lead_id", order="created", edits=0)
    assert (other.leads, other.notes[0][:42]) == (600, "It cannot be told whether leads was learne")
    assert jobs.review_sheet(mine, trained / "sheet.xlsx").stat().st_size > 1000


def test_a_hand_made_rule_may_be_on_a_column_that_a_profile_is_made_of(run: Run, tmp_path: Path) -> None:
    """The points that compare sees are those of the rows that stand in the file, undecided and dropped ones between."""
    frame = small_history(500, seed=9)
    titles = np.array(["Head of IT", "Intern", "CEO", "Student"])[np.random.default_rng(3).integers(4, size=500)]
    frame = frame.assign(title=titles)
    frame.loc[::7, "status"] = ""
    frame.to_csv("leads.csv", index=False)
    Path("leadml.toml").write_text(
        '[leads]\nsource = "leads.csv"\nid = "lead_id"\norder = "created"\noutcome = "status"\n'
        '[profile]\ntitle = "title"\n'
    )
    Path("hand.csv").write_text("title,CEO or Intern,30\n")
    Path("none.csv").write_text("city,Wien,0\ncity,Graz,1\n")
    done = run("compare", "hand.csv", "none.csv", "leadml.toml", "--edits", "0", "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    decided = frame[frame["status"] != ""]
    wanted = auc((decided["status"] == "won").to_numpy(), decided["title"].isin(["CEO", "Intern"]).to_numpy())
    assert json.loads(done.stdout)["tables"][0]["auc"]["value"] == pytest.approx(wanted, abs=1e-9)


def test_columns_that_learning_would_set_aside_count_for_a_hand_made_table(trained: Path) -> None:
    from leadml import jobs

    frame = small_history(500, seed=9).assign(region="south", campaign=[f"c{k}" for k in range(500)])
    tables = from_rules("region,south,5\ncampaign,c1 or c2,50\ncity,Wien,8", "mine"), from_rules("city,Wien,8", "other")
    found = jobs.compare(*tables, frame, "status", id="lead_id", edits=0)
    assert sum(pair.leads for pair in found.actions if pair.first != pair.second) <= 5
    assert found.gaps[0].value is not None
    assert abs(found.gaps[0].value) < 0.02
