"""Scoring a file: the input as it was, then what the table says; or nothing at all."""

from __future__ import annotations

import csv
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.stats import binom

from leadml import jobs
from leadml.cli import main
from leadml.errors import DataError, UsageError
from leadml.history.sources.readers import read_table
from leadml.jobs.scorelog import ScoreLog
from leadml.jobs.unseen_categories import worth_a_word
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

LEADS = '''zip,City,visits 7d,note,customer
01067,Wien,3,"a, ""b""",yes
NA,Graz,,x,no
1010,,2.4999999999999996,,
,"=1+1",1e3,line,true
'''
ADDED = ["fit", "engagement", "score", "probability", "grade", "action", "reason_1", "reason_2", "reason_3"]


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(LEADS)
    return path


def by_hand(row: dict[str, str]) -> int:
    """The small table's definition, written out."""
    city = {"": -4, "Wien": 7, "=1+1": 7}.get(row["City"], 0)
    visits = -3 if row["visits 7d"] == "" else 12 * (float(row["visits 7d"]) >= 2.5)
    customer = {"": 1, "yes": 9, "true": 9}.get(row["customer"], 0)
    return 40 + city + visits + customer


def test_the_input_stays_and_the_scores_follow(table: PointTable, leads: Path, tmp_path: Path) -> None:
    summary = jobs.score(table, leads, tmp_path / "scored.csv")
    before = list(csv.DictReader(LEADS.splitlines()))
    with (tmp_path / "scored.csv").open(newline="") as file:
        after = list(csv.DictReader(file))
    assert list(after[0]) == [*before[0], *ADDED]
    assert [{k: row[k] for k in before[0]} for row in after] == before
    assert [int(row["score"]) for row in after] == [by_hand(row) for row in before]
    assert all(int(row["fit"]) + int(row["engagement"]) == int(row["score"]) for row in after)
    assert (summary.leads, summary.top) == (4, sum(by_hand(row) >= 45 for row in before))
    assert sum(summary.actions.values()) == 4
    assert summary.unseen == {"City": 1}


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_every_form_says_the_same(table: PointTable, leads: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"scored.{ending}"
    jobs.score(table, leads, target)
    read = "read_parquet(?)" if ending == "parquet" else "read_csv(?, all_varchar=true)"
    rows = duckdb.sql(f"SELECT * FROM {read}", params=[str(target)]).df()
    expected = [by_hand(row) for row in csv.DictReader(LEADS.splitlines())]
    assert [int(score) for score in rows["score"]] == expected
    assert rows["zip"].fillna("").tolist() == ["01067", "NA", "1010", ""]
    if ending == "csv.gz":
        assert gzip.decompress(target.read_bytes())[:4] == b"zip,"


def test_parquet_keeps_its_types_and_order(table: PointTable, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "customer": [True, None, False],
            "visits 7d": [2, 3, 4],
            "when": pd.to_datetime(["2024-01-01", None, "2024-02-29"]),
            "City": ["Wien", None, "x"],
        }
    )
    frame.to_parquet(tmp_path / "leads.parquet")
    jobs.score(table, tmp_path / "leads.parquet", tmp_path / "scored.parquet")
    scored = pd.read_parquet(tmp_path / "scored.parquet")
    assert list(scored.columns) == [*frame.columns, *ADDED]
    assert scored["score"].tolist() == [30 + 7 + 10 + 9, 30 - 4 + 10 + 12 + 1, 40 + 12]
    assert scored["when"].tolist()[::2] == frame["when"].tolist()[::2]
    assert scored["visits 7d"].tolist() == [2, 3, 4]


def test_the_same_bytes_every_time(table: PointTable, leads: Path, tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        jobs.score(table, leads, tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


@pytest.mark.parametrize(("said", "between"), [(None, ","), (";", ";"), ("tab", "\t"), ("|", "|")])
def test_a_spreadsheet_gets_the_separator_it_asks_for(
    table: PointTable, tmp_path: Path, said: str | None, between: str
) -> None:
    source = LEADS.replace(",", ";").replace('"a; ""b"""', '"a; ""b"" | c\td, e"')
    (tmp_path / "leads.csv").write_text(source)
    jobs.score(table, tmp_path / "leads.csv", tmp_path / "scored.csv", out_sep=said)
    before = list(csv.DictReader(source.splitlines(), delimiter=";"))
    with (tmp_path / "scored.csv").open(newline="") as file:
        after = list(csv.DictReader(file, delimiter=between))
    assert list(after[0]) == [*before[0], *ADDED]
    assert [{k: row[k] for k in before[0]} for row in after] == before
    assert [int(row["score"]) for row in after] == [by_hand(row) for row in before]
    assert len(read_table(tmp_path / "scored.csv").columns) == len(after[0])  # found by itself where it is read again


def test_what_cannot_separate_cells_is_refused(table: PointTable, leads: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must be one character"):
        jobs.score(table, leads, tmp_path / "scored.csv", out_sep=";;")
    assert not (tmp_path / "scored.csv").exists()


def test_no_lead_is_not_an_error(table: PointTable, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("City,visits 7d,customer\n")
    assert jobs.score(table, tmp_path / "none.csv", tmp_path / "scored.csv").leads == 0
    assert (tmp_path / "scored.csv").read_text() == ",".join(["City", "visits 7d", "customer", *ADDED]) + "\n"


@pytest.mark.parametrize(
    ("content", "out", "error", "told"),
    [
        ("City,visits 7d\nWien,1\n", "o.csv", UsageError, "no column 'customer'"),
        ("City,Visits 7d,customer\nWien,1,yes\n", "o.csv", UsageError, "Did you mean 'Visits 7d'"),
        ("City,visits 7d,customer,score\nWien,1,yes,5\n", "o.csv", UsageError, "scoring adds: 'score'"),
        ("City,visits 7d,customer,fit\nWien,1,yes,5\n", "o.csv", UsageError, "scoring adds: 'fit'"),
        ("City,visits 7d,customer\nWien,many,yes\n", "o.csv", DataError, "'visits 7d'"),
        ("City,visits 7d,customer\nWien,1,perhaps\n", "o.csv", DataError, "'customer'"),
        ("City,visits 7d,customer\nWien,1,yes\n", "o.xlsx", UsageError, "must end in"),
        ("City,visits 7d,customer\nWien,1,yes\n", "leads.csv", UsageError, "the file that is being scored"),
        ("", "o.csv", DataError, "empty"),
    ],
)
def test_what_cannot_be_scored_leaves_nothing(
    table: PointTable, tmp_path: Path, content: str, out: str, error: type[Exception], told: str
) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text(content)
    with pytest.raises(error, match=told):
        jobs.score(table, leads, tmp_path / out)
    assert [p.name for p in tmp_path.iterdir()] == ["leads.csv"]
    assert leads.read_text() == content


def test_values_that_no_rule_names_are_shown_with_the_known_one_that_they_look_like(tmp_path: Path) -> None:
    rules = (
        Rule("size:0", "set", 9, values=("11-50", "Ja"), leads=900, pinned=True),
        Rule("size:1", "set", 0, values=("51-200",), neutral=True, leads=900),
        Rule("size:2", "other", 0),
        Rule("size:3", "missing", 0, leads=60),
    )
    known = PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(Feature("size", "fit", "category", rules),),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
    )
    counts = {"11 - 50": 24, "ja": 30, "11\u201350": 4, "new": 7, "a@b.example": 50, "+43 660 1234567": 8, "51-200": 40}
    leads = pd.DataFrame({"size": [value for value, count in counts.items() for _ in range(count)]})
    summary = jobs.score(known, leads, tmp_path / "scored.csv")
    assert summary.unseen == {"size": 123}
    told = json.loads(json.dumps(summary.to_dict()))["unseen_values"]
    assert told == {
        "size": [
            {"value": "ja", "leads": 30, "like": "Ja"},
            {"value": "11 - 50", "leads": 24, "like": "11-50"},
            {"value": "new", "leads": 7, "like": None},
        ]
    }
    assert re.search(r"The pin of \+9 on 'size' '11-50' or 'Ja' holds for none", *summary.warnings)
    held = pd.concat([leads, pd.DataFrame({"size": ["Ja"]})])
    assert jobs.score(known, held, tmp_path / "scored.csv").warnings == ()


def test_a_share_of_others_as_the_table_has_seen_it_is_no_news(tmp_path: Path) -> None:
    rules = (
        Rule("City:0", "set", 9, values=("Wien",), leads=1500),
        Rule("City:1", "other", 0, neutral=True, leads=440),
        Rule("City:2", "missing", 0, leads=60),
    )
    known = PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(Feature("City", "fit", "category", rules),),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
    )
    told = {}
    for others in (88, 200):  # of 400: the 22 % that the table was learned with, and more than twice as many
        leads = pd.DataFrame({"City": ["Linz"] * others + ["Wien"] * (400 - others)})
        assert known.score(leads).attrs["unseen"] == {"City": others}
        told[others] = jobs.score(known, leads, tmp_path / "scored.csv").unseen
    assert told == {88: {}, 200: {"City": 200}}
    # the exact tail of the binomial agrees with the verdict near its bound
    tails = {n: binom.sf(n - 1, 400, 0.22) for n in range(100, 130)}
    first = next(n for n in tails if worth_a_word(known, {"City": n}, 400))
    assert 1e-5 < tails[first] < 5e-3
    never = replace(
        known, features=(Feature("City", "fit", "category", (rules[0], replace(rules[1], leads=0), rules[2])),)
    )
    assert worth_a_word(never, {"City": 1}, 400) == {"City": 1}


CONFIG = """
[leads]
source = "nowhere.csv"
id = "zip"
created = "came"
outcome = "status"
closed = "closed_at"
[monitor]
scores = "scores"
[scoring]
as_of = "came"
"""


def test_leads_that_the_table_is_not_made_for_are_counted(
    table: PointTable, leads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the mark that leadml features sets, or by the time of creation and the table's own window."""
    frame = pd.read_csv(leads, dtype=str, keep_default_na=False)
    marked = frame.assign(outcome_window=["open", "over", "over", "to come"])
    found = jobs.score(table, marked, tmp_path / "marked.csv")
    scored = pd.read_csv(tmp_path / "marked.csv")
    assert found.standing is not None
    assert (found.standing.to_come, found.standing.open, found.standing.over) == (1, 1, 2)
    past = scored["action"][1:3].value_counts().to_dict()
    assert found.standing.over_by_action == {name: past.get(name, 0) for name in found.actions}
    first, second = found.standing.sentences(found.actions)
    assert first.startswith("2 of 4 leads are past their outcome window, among them ")
    assert second.startswith("1 of 4 leads is before their scoring moment")
    assert found.to_dict()["standing"]["over"] == 2
    (tmp_path / "leadml.toml").write_text(CONFIG)
    dated = frame.assign(came=["2025-01-01", "2025-02-01", "2025-02-20", "2025-03-09"])
    known = replace(table, provenance={**table.provenance, "window_days": 30})
    how = {"config": tmp_path / "leadml.toml", "log": ScoreLog(str(tmp_path / "log"), "City", "2025-03-03")}
    told = jobs.score(known, dated.assign(City=list("abcd")), tmp_path / "dated.csv", **how).standing
    assert told is not None
    assert (told.to_come, told.open, told.over) == (1, 1, 2)
    assert jobs.score(known, frame, tmp_path / "none.csv", config=tmp_path / "leadml.toml").standing is None


def test_the_verb_says_so_on_standard_error(table: PointTable, leads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(leads.parent)
    Path("t.json").write_bytes(table.to_json())
    pd.read_csv(leads, dtype=str).assign(outcome_window="over").to_csv("marked.csv", index=False)
    run = CliRunner().invoke(main, ["score", "t.json", "marked.csv", "--out", "scored.csv"])
    assert run.exit_code == 0, run.output
    assert "4 of 4 leads are past their outcome window" in run.stderr
    assert "leadml features --as-of leaves" in " ".join(run.stderr.split())


BAD = "City,visits 7d,customer\nWien, N/A ,yes\nGraz,50-100,no\nWien,4,unklar\nN/A,3,yes\n"


def test_texts_can_be_said_to_mean_missing_for_one_run(table: PointTable, tmp_path: Path) -> None:
    path, out = tmp_path / "bad.csv", tmp_path / "o.csv"
    path.write_text(BAD)
    with pytest.raises(DataError, match=r"--missing 'visits 7d=N/A'"):
        jobs.score(table, path, out)
    assert not out.exists()
    jobs.score(table, path, out, missing=["N/A", "visits 7d=50-100", "customer=unklar"])
    told = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert told["visits 7d"].tolist() == [" N/A ", "50-100", "4", "3"]  # written as it was
    (tmp_path / "good.csv").write_text("City,visits 7d,customer\nWien,,yes\nGraz,,no\nWien,4,\n,3,yes\n")
    jobs.score(table, tmp_path / "good.csv", tmp_path / "g.csv")
    good = pd.read_csv(tmp_path / "g.csv", dtype=str, keep_default_na=False)
    assert told["score"].tolist() == good["score"].tolist()
    assert told["reason_1"].tolist() == good["reason_1"].tolist()
    with pytest.raises(UsageError, match="no column 'visit'"):
        jobs.score(table, path, out, missing=["visit=N/A"])


def test_the_verbs_take_texts_for_missing(table: PointTable, tmp_path: Path) -> None:
    source, path = str(tmp_path / "bad.csv"), str(tmp_path / "t.json")
    head, *rows = BAD.splitlines()
    Path(source).write_text("\n".join([f"lead_id,{head}", *(f"L{k},{row}" for k, row in enumerate(rows))]))
    table.save(path)
    said = ["--missing", "N/A", "--missing", "50-100", "--missing", "customer=unklar"]
    for words in (
        ["score", path, source, "--out", str(tmp_path / "o.csv")],
        ["explain", path, source, "--lead", "L1"],
        ["changes", path, source, source],
    ):
        assert CliRunner().invoke(main, words).exit_code == 3
        assert CliRunner().invoke(main, [*words, *said]).exit_code == 0


def test_leads_none_of_whom_has_an_event_are_said(tmp_path: Path) -> None:
    rules = (
        Rule("visit_7d:0", "range", 0, hi="0.5", neutral=True, leads=60),
        Rule("visit_7d:1", "range", 9, lo="0.5", leads=40),
        Rule("visit_7d:2", "missing", 0),
    )
    table = PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(Feature("visit_7d", "fit", "number", rules),),
        probability=Probability(-3, 0.05),
        top_cut=45,
    )
    for visits, said in (([0] * 30, True), ([0] * 29 + [2], False), ([0] * 12, False)):
        summary = jobs.score(table, pd.DataFrame({"visit_7d": visits}), tmp_path / "scored.csv")
        assert [warning.startswith("None of the 30 leads has an event") for warning in summary.warnings] == [
            True
        ] * said
        assert summary.to_dict()["warnings"] == list(summary.warnings)
