"""Good manners, verb by verb: JSON for programs, colours for people only, one way to ask for help."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from leadml.cli import main
from leadml.cli.telling import colours
from leadml.points.table import PointTable
from leadml.terminal.layout import screen
from leadml.terminal.progress import steps
from tests.cli.conftest import Run
from tests.cli.test_monitoring import FILES, files

# A way to call each verb that prints a result, on the folder `trained`. A new verb needs a line here, and --json.
CALLS = {
    "demo": "demo --dir d --leads 300",
    "init": "init leads.csv --outcome status --out draft.toml",
    "audit": "audit leads.csv --outcome status --id lead_id --order created",
    "features": "features leadml.toml --out features.csv",
    "train": "train leads.csv --outcome status --id lead_id --order created",
    "value": "value worth.csv --outcome status --id lead_id --order created --table leads@1 --value worth",
    "score": "score leads@1 leads.csv --out scored.csv",
    "show": "show leads@1",
    "report": "report leads@1 --out report.html",
    "explain": "explain leads@1 leads.csv --lead L-00007",
    "diff": "diff leads@1 leads@1 leads.csv",
    "compare": "compare leads@1 leads@1 leads.csv --outcome status",
    "review": "review leads@1 --out review.csv",
    "changes": "changes leads@1 leads.csv leads.csv",
    "threshold": "threshold leads@1 --cost 30 --value 400",
    "export": "export leads@1 --to csv --out points.csv",
    "verify": "verify points.csv",
    "monitor": " ".join(["monitor", *FILES]),
    "retrain": "retrain leadml.toml",
    "versions": "versions leads",
    "promote": "promote leads 1 --dry-run",
    "rollback": "rollback leads",
}
REFUSED = {"promote", "rollback"}  # by a table with one version; test_champions has them with --json
NO_RESULT = {"completion"}  # its output is a script
CONFIG = """
name = "leads"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
outcome = "status"
order = "created"
"""


def test_every_verb_that_prints_a_result_prints_it_as_json() -> None:
    verbs = set(main.commands) - NO_RESULT
    assert {verb for verb in verbs if not options_of(verb) & {"--json"}} == set()
    assert verbs == set(CALLS), "call the new verb here, and see what it answers with --json"


def options_of(verb: str) -> set[str]:
    return {option for parameter in main.commands[verb].params for option in parameter.opts}


@pytest.mark.parametrize("verb", CALLS)
def test_json_is_all_that_stands_on_standard_output(trained: Path, run: Run, verb: str) -> None:
    (trained / "leadml.toml").write_text(CONFIG)
    files(trained)
    worth = pd.read_csv("leads.csv").assign(worth=lambda leads: 100 + 50 * leads["visits"])
    worth.to_csv("worth.csv", index=False)
    run("export", "leads@1", "--to", "csv", "--out", "points.csv")
    result = run(*CALLS[verb].split(), "--json")
    assert result.exit_code == (2 if verb in REFUSED else 0), result.stderr
    assert result.stdout == "" if verb in REFUSED else json.loads(result.stdout) not in ({}, [], None)


def test_an_export_and_a_result_do_not_share_standard_output(trained: Path, run: Run) -> None:
    result = run("export", "leads@1", "--to", "csv", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--out PATH" in result.stderr
    told = json.loads(run("export", "leads@1", "--to", "csv", "--out", "points.csv", "--json").stdout)
    assert (told["target"], told["written"]) == ("csv", "points.csv")


def test_leadml_alone_shows_its_help_and_is_wrong_use(run: Run) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == run("--help").stdout == run("-h").stdout
    assert not result.stderr.startswith("error:")


@pytest.mark.parametrize("verb", main.commands)
def test_help_has_two_names_and_fits_a_terminal(run: Run, verb: str) -> None:
    result = run(verb, "--help")
    assert result.stdout == run(verb, "-h").stdout
    assert max(map(len, result.stdout.splitlines())) <= 100
    example = re.search(rf"^ *Examples?:\n( +leadml {verb}.*)", result.stdout, re.MULTILINE)
    assert example is not None
    shown = set(re.findall(r"--[a-z-]+", result.stdout.partition("Options:")[0]))
    known = set().union(*(options_of(other) for other in main.commands))
    assert shown <= known | {"--help"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--debug show x", "Options stand behind the verb"),
        ("show models/leads/v1/point_tabel.json", "Did you mean 'point_table.json'?"),
        ("show poimts.csv", "Did you mean 'points.csv'?"),
        ("show leds", "Did you mean 'leads'?"),
        ("verify point.csv", "Did you mean 'points.csv'?"),
        ("export leads@1 --to sq", "Did you mean 'sql'?"),
        ("export nothing --to sq", "Did you mean 'sql'?"),
        ("export leads@1 --to sql --dialect postgrse", "Did you mean 'postgres'?"),
        ("retrain leadml.toml --policy atuo", "Did you mean 'auto'?"),
        ("score leads@1 leds.csv --out x.csv", "Did you mean 'leads.csv'?"),
        ("train leads.csv --outcome status --order craeted", "Did you mean 'created'?"),
        ("train leads.csv --outcome status --won wonn", "Did you mean 'won'?"),
        ("show leads@1 --jsn", "'--json'"),
        ("versoins leads", "Did you mean 'versions'?"),
        ("completion fihs", "Did you mean 'fish'?"),
    ],
)
def test_a_slip_is_told_the_nearest_right_word(trained: Path, run: Run, words: str, told: str) -> None:
    shutil.copy("leads.csv", "points.csv")
    result = run(*words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_what_is_piped_is_plain_unless_colours_are_asked_for(
    table: PointTable, run: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    table.save("table.json")
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shown, error = run("show", "table.json"), run("show", "nothing.json")
    assert ("\x1b[" in shown.stdout) is coloured
    assert ("\x1b[" in error.stderr) is coloured
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in shown.stdout.splitlines()) <= 100


@pytest.mark.parametrize("unwanted", [False, True])
def test_a_terminal_has_colours_unless_they_are_unwanted(table: PointTable, tmp_path: Path, unwanted: bool) -> None:
    table.save(tmp_path / "table.json")
    environment = {"NO_COLOR": "1"} if unwanted else {}
    for words, told in ((["show", "table.json"], "Point table"), (["shwo"], "'show'")):
        shown = at_a_terminal(words, tmp_path, environment)
        assert told in shown
        assert ("\x1b[" in shown) is not unwanted


def test_a_file_gets_no_progress_even_where_colours_are_forced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colours() is True
    assert screen().is_terminal
    assert screen().width == 100
    with steps() as tell:
        tell("Reading the leads")
    assert capsys.readouterr() == ("", "")


def at_a_terminal(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Return all that a process shows whose output is a terminal."""
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "MLFLOW_TRACKING_URI")}
    terminal, inside = pty.openpty()
    job = subprocess.Popen(
        [sys.executable, "-m", "leadml", *words],
        env=plain | {"TERM": "xterm-256color"} | environment,
        stdin=inside, stdout=inside, stderr=inside, cwd=folder,
    )  # fmt: skip
    os.close(inside)
    shown = b""
    while job.poll() is None or select.select([terminal], [], [], 0)[0]:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
    job.wait()
    os.close(terminal)
    return shown.decode()
