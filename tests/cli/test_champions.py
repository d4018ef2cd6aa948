"""The verbs that decide which version is in use: what they print, and with which code they end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from leadml.jobs.training.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
from tests.cli.conftest import Run

CONFIG = """name = "leads"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
outcome = "status"
"""


def second_version(folder: Path) -> None:
    """Publish a version beside the one that was trained."""
    out = folder / "models"
    table = PointTable.load(out / "leads/v1/point_table.json")
    other = replace(table, top_cut=table.top_cut + 1)
    publish(Registry(open_store(out, store_uri(out))), out, Draft(other, {"point_table.json": other.to_json()}))


def test_promote_and_roll_back(trained: Path, run: Run) -> None:
    second_version(trained)
    tried = run("promote", "leads", "v2", "--dry-run")
    assert (tried.exit_code, "would be the champion" in tried.stdout) == (0, True)
    done = run("promote", "leads", "2", "--approved-by", "Anna")
    assert done.exit_code == 0
    assert "version 2 of leads is the champion" in done.stdout
    assert done.stdout.rstrip().endswith("leadml rollback leads")
    listed = json.loads(run("versions", "leads", "--json").stdout)
    assert [(v["number"], v["champion"], v["replaces"]) for v in listed] == [(1, False, None), (2, True, 1)]
    assert {"kpi", "decision", "challenger"} <= set(listed[0])
    told = json.loads(run("rollback", "leads", "--json").stdout)
    assert (told["before"], told["champion"], told["what"]) == (2, 1, "rollback")
    assert json.loads((trained / "models/leads/current.json").read_text())["version"] == 1
    assert json.loads(run("rollback", "leads", "--json").stdout)["champion"] == 2
    shown = run("versions", "leads").stdout
    assert all(len(line) <= 100 for line in shown.splitlines())
    measured = json.loads((trained / "models/leads/v1/history.json").read_text())["measured_on"]
    first = next(line for line in shown.splitlines() if line.split()[:1] == ["1"])
    assert [listed[0]["tags"]["auc"], str(measured)] == first.split()[2:4]
    assert "figures of different versions are of different leads" in " ".join(shown.split())
    assert "leadml compare leads@1 leads@2" in " ".join(shown.split())


def test_refusals_end_with_the_code_of_wrong_use(trained: Path, run: Run) -> None:
    for command, said in (
        (["promote", "leads", "1"], "is the champion already"),
        (["promote", "leads", "7"], "no version 7"),
        (["promote", "leads", "newest"], "'newest' is no version"),
        (["rollback", "leads"], "Nothing to roll back to"),
        (["rollback", "nothing"], "no registered point table"),
        (["rollback", "leads@1"], "To put version 1 in use: leadml promote leads 1"),
        (["retrain", "leads.csv"], "is no configuration"),
        (["retrain", "nothing.toml"], "no file"),
        (["retrain", "leadml.toml", "--policy", "always"], "'always' is not one of"),
    ):
        (trained / "leadml.toml").write_text(CONFIG)
        result = run(*command)
        assert (result.exit_code, said in result.stderr) == (2, True), (command, result.stderr)


def test_a_retraining_says_what_was_decided_and_why(trained: Path, run: Run) -> None:
    (trained / "leadml.toml").write_text(CONFIG + 'order = "created"\n')
    again = run("retrain", "leadml.toml", "--json", "--quiet")
    told = json.loads(again.stdout)
    assert (again.exit_code, told["decision"], told["in_use"]) == (0, "keep", 1), told
    assert {"decision", "reasons", "champion", "challenger", "window"} <= set(told)
    lines = (trained / "leads.csv").read_text().splitlines()
    (trained / "leads.csv").write_text("\n".join(line.replace(",Wien,", ",Wien 1,") for line in lines) + "\n")
    shown = run("retrain", "leadml.toml")
    assert shown.exit_code == 0
    assert "The champion stays." in shown.stdout
    assert "Insufficient evidence" in shown.stdout
