"""What each verb prints, where it prints it, and what it leaves on the disk."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from leadml.cli import main
from leadml.points.table import PointTable
from tests.cli.conftest import Run

TRAIN = ["--outcome", "status", "--id", "lead_id", "--order", "created"]
CONTRACT = {
    "demo": ["--dir", "--seed", "--json"],
    "init": ["--events", "--outcome", "--out", "--json"],
    "audit": ["--outcome", "--earlier", "--json"],
    "features": ["--out", "--as-of", "--source", "--json"],
    "train": [
        "--outcome", "--won", "--lost", "--id", "--drop", "--category", "--missing", "--order", "--dimension", "--sep",
        "--max-rules", "--most-points", "--cap", "--accept", "--seed", "--previous", "--against",
        "--name", "--out", "--quiet", "--json",
    ],
    "value": ["--table", "--value", "--outcome", "--max-rules", "--seed", "--name", "--out", "--quiet", "--json"],
    "score": ["--out", "--value", "--next", "--surge-events", "--surge-times"],
    "show": [],
    "report": ["--out", "--json"],
    "explain": ["--lead", "--id", "--language", "--surge-events", "--json"],
    "diff": ["--sep", "--json"],
    "compare": ["--outcome", "--won", "--lost", "--id", "--edits", "--out", "--json"],
    "review": ["--out", "--read", "--config", "--train", "--outcome", "--json"],
    "changes": ["--id", "--old", "--config", "--out", "--language", "--json"],
    "threshold": ["--per-week", "--conversion-rate", "--cost", "--value", "--created", "--weeks", "--out", "--json"],
    "export": ["--to", "--out", "--json"],
    "verify": [],
    "monitor": ["--scores", "--outcomes", "--as-of", "--json"],
    "retrain": ["--as-of", "--policy", "--out", "--json"],
    "versions": ["--json"],
    "promote": ["--approved-by", "--dry-run", "--json"],
    "rollback": ["--dry-run", "--json"],
    "completion": [],
}  # fmt: skip


def test_help_lists_every_verb_in_order(run: Run) -> None:
    text = run("--help").stdout
    assert re.findall(r"^  (\w+)  ", text.partition("Commands:")[2], re.MULTILINE) == list(CONTRACT)
    assert run().stdout or run().stderr


@pytest.mark.parametrize(("verb", "options"), CONTRACT.items(), ids=list(CONTRACT))
def test_the_help_of_a_verb_has_an_example_and_every_option(run: Run, verb: str, options: list[str]) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert re.search(rf"^ *Examples?:\n +leadml {verb}", result.stdout, re.MULTILINE)
    for option in [*options, "--debug", "--help"]:
        assert option in result.stdout
    assert main.commands[verb].get_short_help_str(100).endswith(".")


def test_training_prints_everything_in_order(trained_once: tuple[Path, Result]) -> None:
    folder, result = trained_once
    kpi = json.loads((folder / "models/leads/v1/kpi.json").read_text())
    assert result.exit_code == 0, result.stderr
    headings = ["Leads", "Columns set aside", "Audit", "Point table", "Certificate", "KPI", "Written", "Next"]
    assert re.findall(r"^(\w[\w ]*)$", result.stdout, re.MULTILINE) == headings
    assert "400 in leads" in result.stdout
    assert re.search(r"it is the id +lead_id", result.stdout)
    assert kpi["sentence"] in re.sub(r"\s+", " ", result.stdout)
    assert re.search(r"^  version  1, the champion$", result.stdout, re.MULTILINE)
    assert "\x1b" not in result.stdout
    assert all(line == line.rstrip() and len(line) <= 140 for line in result.stdout.splitlines())
    assert result.stderr == ""


def test_training_as_json_is_the_result(trained: Path, run: Run) -> None:
    result = run("train", "leads.csv", *TRAIN, "--json", "--quiet")
    told = json.loads(result.stdout)
    assert (told["name"], told["version"], told["champion"]) == ("leads", 2, False)
    assert told["sha256"] == PointTable.load(f"{told['folder']}/point_table.json").sha256
    assert told["history"]["trained_on"] + told["history"]["measured_on"] == 400
    assert set(told) == {
        "name", "version", "champion", "sha256", "n_rules", "folder", "run_id", "tracking_uri", "history",
        "audit", "certificate", "kpi", "segments",
    }  # fmt: skip


def test_a_draft_can_be_trained_from(trained: Path, run: Run) -> None:
    assert run("init", "leads.csv", "--outcome", "status").exit_code == 0
    draft = (trained / "leadml.toml").read_text()
    assert 'outcome = "status"' in draft
    result = run("train", "leadml.toml", "--name", "drafted")
    assert result.exit_code == 0, result.stderr
    assert (trained / "models" / "drafted" / "v1" / "point_table.json").is_file()
    again = run("init", "leads.csv")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert (trained / "leadml.toml").read_text() == draft
    assert run("init", "leads.csv", "--outcome", "status", "--force").exit_code == 0


def test_a_draft_with_an_open_place_says_what_to_do_first_and_its_own_name(trained: Path, run: Run) -> None:
    frame = pd.read_csv("leads.csv", dtype=str).drop(columns="status")
    frame.to_csv("open.csv", index=False)
    drafted = run("init", "open.csv", "--out", "open.toml")
    assert drafted.exit_code == 0, drafted.stderr
    text = (trained / "open.toml").read_text()
    assert "then: leadml train open.toml\n" in text
    assert 'outcome = "…"' in text
    told = re.sub(r"\s+", " ", drafted.stdout.partition("\nNext\n")[2])
    assert "First fill in what is marked" in told
    assert "leadml train open.toml" in told
    refused = run("train", "open.toml")
    assert refused.exit_code == 2
    assert "no column '…': that is what leadml init writes" in re.sub(r"\s+", " ", refused.stderr)
    settled = run("init", "leads.csv", "--outcome", "status", "--out", "own.toml")
    assert "First fill in" not in settled.stdout


@pytest.mark.parametrize("reference", ["leads", "leads@1", "models/leads/v1", "models/leads/v1/point_table.json"])
def test_show_prints_table_certificate_and_kpi(trained: Path, run: Run, reference: str) -> None:
    result = run("show", reference)
    assert result.exit_code == 0, result.stderr
    assert re.findall(r"^(\w[\w ]*)$", result.stdout, re.MULTILINE) == ["Point table", "Certificate", "KPI"]
    shown = json.loads(run("show", reference, "--json").stdout)
    assert shown == PointTable.load(trained / "models/leads/v1/point_table.json").to_dict()


def test_score_writes_the_leads_with_their_scores(trained: Path, run: Run) -> None:
    result = run("score", "leads", "leads.csv", "--out", "scored.csv")
    assert result.exit_code == 0, result.stderr
    with open("leads.csv", newline="") as before, open("scored.csv", newline="") as after:
        leads, scored = list(csv.DictReader(before)), list(csv.DictReader(after))
    assert [{k: row[k] for k in leads[0]} for row in scored] == leads
    assert "scored.csv" in result.stdout
    told = json.loads(run("score", "leads", "leads.csv", "--out", "scored.csv", "--json").stdout)
    assert told["leads"] == 400


def test_unseen_categories_are_counted_on_standard_error(trained: Path, run: Run) -> None:
    (trained / "new.csv").write_text("city,visits,customer\nAtlantis,1,no\nAtlantis,2,no\nWien,3,yes\n")
    result = run("score", "leads", "new.csv", "--out", "scored.csv")
    assert result.exit_code == 0
    assert re.search(r"city \d", result.stderr)
    assert "More leads than the table was learned with" in result.stderr
    assert "Atlantis" not in result.stderr
    (trained / "new.csv").write_text("city,visits,customer\n" + "Atlantis,1,no\n" * 9 + "wien ,2,no\n" * 7)
    said = " ".join(run("score", "leads", "new.csv", "--out", "scored.csv").stderr.split())
    assert "city: 'Atlantis' (9 leads), 'wien ' (7 leads, the same as 'Wien'?)" in said


def test_values_that_are_newly_missing_are_counted_on_standard_error(trained: Path, run: Run) -> None:
    table = PointTable.load(trained / "models/leads/v1/point_table.json")
    name = next(f.name for f in table.features if any(r.points for r in f.rules) and not f.rules[-1].leads)
    filled = {"city": "Wien", "visits": "3", "customer": "yes"}
    rows = [filled | {name: ""}] * 2 + [filled]
    lines = [",".join(filled), *(",".join(row.values()) for row in rows)]
    (trained / "new.csv").write_text("\n".join(lines) + "\n")
    result = run("score", "leads", "new.csv", "--out", "scored.csv")
    assert re.search(rf"every lead had one that\s+the\s+table\s+was\s+learned\s+from:\s+{name}\s+2\.", result.stderr)
    told = json.loads(run("score", "leads", "new.csv", "--out", "scored.csv", "--json").stdout)
    assert told["gaps"] == {name: 2}


@pytest.mark.parametrize("target", ["json", "csv", "markdown"])
def test_export_writes_what_the_table_writes(trained: Path, run: Run, target: str) -> None:
    table = PointTable.load(trained / "models/leads/v1/point_table.json")
    printed = run("export", "leads", "--to", target).stdout_bytes.decode("utf-8")
    assert printed.removesuffix("\n") == str(table.export(target)).removesuffix("\n")
    assert run("export", "leads", "--to", target, "--out", "x.txt").exit_code == 0
    assert (trained / "x.txt").read_bytes().decode("utf-8") == table.export(target)


def test_versions_lists_them(trained: Path, run: Run) -> None:
    result = run("versions", "leads")
    assert re.search(r"^  1 +champion  20\d\d-", result.stdout, re.MULTILINE)
    [version] = json.loads(run("versions", "leads", "--json").stdout)
    assert (version["number"], version["champion"]) == (1, True)


def test_audit_says_what_is_held(trained: Path, run: Run) -> None:
    lines = (trained / "leads.csv").read_text().splitlines()
    leaky = [
        f"{lines[0]},contract",
        *(f"{line},{'signed' if line.endswith('won') else 'none'}" for line in lines[1:]),
    ]
    (trained / "leaky.csv").write_text("\n".join(leaky) + "\n")
    result = run("audit", "leaky.csv", *TRAIN)
    assert result.exit_code == 4
    assert "LD001 error" in result.stdout
    told = json.loads(run("audit", "leaky.csv", *TRAIN, "--json").stdout)
    assert "LD001:contract" in told["held"]
    accept = [word for key in told["held"] for word in ("--accept", key)]
    accepted = run("audit", "leaky.csv", *TRAIN, *accept)
    assert accepted.exit_code == 0
    assert "LD001 accepted" in accepted.stdout
    assert run("audit", "leads.csv", *TRAIN).exit_code == 0


def test_demo_writes_a_history(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--dir", "d", "--leads", "600", "--seed", "3")
    assert result.exit_code == 0, result.stderr
    assert {"leads.csv", "events.csv", "leadml.toml", "truth.json"} <= {p.name for p in (tmp_path / "d").iterdir()}
    assert "leadml train d/leadml.toml" in result.stdout


def test_a_hostile_name_is_shown_and_not_obeyed(trained: Path, run: Run) -> None:
    text = (trained / "leads.csv").read_text().replace("city", "[red]ci\x1b[31mty[/red]", 1)
    (trained / "hostile.csv").write_text(text)
    result = run("train", "hostile.csv", *TRAIN)
    assert result.exit_code == 0, result.stderr
    assert "[red]ci" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr


def test_diff_lists_what_differs_between_two_versions(trained: Path, run: Run) -> None:
    same = run("diff", "leads@1", "models/leads/v1")
    assert same.exit_code == 0, same.stderr
    assert same.stdout.rstrip().endswith("no difference")
    old = PointTable.load(trained / "models/leads/v1/point_table.json")
    feature = next(f for f in old.features if any(rule.points for rule in f.rules))
    old.without([feature.name]).save("smaller.json")
    result = run("diff", "leads@1", "smaller.json", "leads.csv")
    assert result.exit_code == 0, result.stderr
    assert re.search(r"^  dropped$", result.stdout, re.MULTILINE)
    assert "Of 400 leads, " in result.stdout
    assert all(line == line.rstrip() and len(line) <= 100 for line in result.stdout.splitlines())
    told = json.loads(run("diff", "leads@1", "smaller.json", "leads.csv", "--json").stdout)
    assert [row["before"] for row in told["rows"]] == [rule.points for rule in feature.rules if rule.points]
    assert {row["change"] for row in told["rows"]} == {"dropped"}
    assert told["affected"]["leads"] == 400
    assert told["same"] is False


def test_training_can_start_from_the_table_in_use(trained: Path, run: Run) -> None:
    result = run("train", "leads.csv", *TRAIN, "--previous", "leads@1")
    assert result.exit_code == 0, result.stderr
    old, new = (PointTable.load(trained / f"models/leads/v{k}/point_table.json") for k in (1, 2))
    assert new.provenance["previous"] == {"sha256": old.sha256, "changes": []}
    assert re.search(rf"^Changes against {old.sha256[:8]}\n  Every row is as it was\.$", result.stdout, re.MULTILINE)
    assert not new.difference(old).rows
    scored = [feature.name for feature in old.features]
    dropped = run("train", "leads.csv", *TRAIN, "--previous", "leads@1", "--drop", scored[0])
    assert dropped.exit_code == 0, dropped.stderr
    newest = PointTable.load(trained / "models/leads/v3/point_table.json")
    assert scored[0] not in [feature.name for feature in newest.features]
    lines = (trained / "leads.csv").read_text().splitlines()
    place = lines[0].split(",").index(scored[0])
    cells = [line.split(",") for line in lines]
    (trained / "fewer.csv").write_text("\n".join(",".join(c[:place] + c[place + 1 :]) for c in cells) + "\n")
    lost = run("train", "fewer.csv", *TRAIN, "--previous", "leads@1", "--name", "leads")
    assert lost.exit_code == 2
    assert scored[0] in lost.stderr
    assert "--drop it, or leave --previous away" in " ".join(lost.stderr.split())
    emptied = [lines[0], *(",".join([*c[:place], "", *c[place + 1 :]]) for c in cells[1:])]
    (trained / "empty.csv").write_text("\n".join(emptied) + "\n")
    given_up = run("train", "empty.csv", *TRAIN, "--previous", "leads@1", "--name", "leads", "--drop", scored[0])
    assert given_up.exit_code == 0, given_up.stderr
    assert run("train", "leads.csv", *TRAIN, "--previous", "nobody").exit_code == 2
