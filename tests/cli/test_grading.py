"""Grades and actions as a configuration and options set them, down to what a person sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadml.points.table import PointTable

from .conftest import Run

CONFIG = """
[leads]
source = "leads.csv"
outcome = "status"
id = "lead_id"
order = "created"

[dimensions]
engagement = ["visits"]

[grades]
letters = 3
digits = 2
shares = [20, 30, 50]
engagement = { rates = [30], best_digit = 1 }

[actions]
"hand to sales" = "fit at least B and engagement at least 1"
"nurture" = "else"
"""


def test_a_configuration_and_an_option_say_how_leads_are_graded(trained: Path, run: Run) -> None:
    Path("leadml.toml").write_text(CONFIG, encoding="utf-8")
    result = run("train", "leadml.toml", "--name", "graded", "--action", "call=fit at least A", "--action", "wait=else")
    assert result.exit_code == 0, result.stderr
    assert "Grade A of fit was to hold " in " ".join(result.stdout.split())
    table = PointTable.load(trained / "models/graded/v1/point_table.json")
    steps = {dimension.name: dimension.grades for dimension in table.dimensions}
    assert {name: [label for label, _ in cuts] for name, cuts in steps.items()} == {
        "fit": ["A", "B", "C"],
        "engagement": ["1", "2"],
    }
    # Options count more than the file.
    assert table.actions == (("call", None, {"fit": dict(steps["fit"])["A"]}), ("wait", None))
    shown = " ".join(run("show", "graded").stdout.split())
    assert "A is the best fit, C the worst; 1 is the most active, 2 the least: A1 is best, C2 worst." in shown
    assert f"Actions: call at fit from {steps['fit'][0][1]} (A), wait otherwise." in shown
    assert run("score", "graded", "leads.csv", "--out", "scored.csv").exit_code == 0
    assert ",call," in Path("scored.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--grades", "3by3"], "--grades '3by3' is not understood. Write LETTERSxDIGITS, for example 3x3."),
        (["--grades", "1x3"], "grades.letters must be a whole number from 2 to 26; seen: 1."),
        (["--grade-shares", "10;90"], "--grade-shares '10;90' is not understood. Write percentages"),
        (["--grade-shares", "10,20,30"], "grades.shares must be percentages of the leads"),
        (["--grade-rates", "20,10,5", "--grade-shares", "40,30,20,10"], "grades has shares and rates."),
        (["--keep-grades", "shares"], "Did you mean 'share'?"),
        (["--action", "call"], "--action 'call' is not understood."),
        (["--action", "call=fit at least E", "--action", "out=else"], "'E' is neither a grade nor a whole number"),
        (["--action", "call=fit at least B"], "the last action, 'call', must be \"else\""),
    ],
)
def test_options_that_are_not_understood_say_what_is(trained: Path, run: Run, options: list[str], message: str) -> None:
    result = run("train", "leads.csv", "--outcome", "status", "--id", "lead_id", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert not (trained / "models/leads/v2").exists()
