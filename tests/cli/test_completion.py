"""What Tab offers: asked as a shell asks, and in the shells themselves where they are at hand."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from leadml.cli import main
from leadml.cli.completing import DIALECTS, PLACES, Word, place_of
from leadml.cli.exporting import TARGETS
from leadml.export import TARGETS as KNOWN_TARGETS
from leadml.export.sql.dialects import names as known_dialects

SHELLS = ("bash", "zsh", "fish")
# Places in which only the person who types knows what to write.
FREE = {
    "BASH|ZSH|FISH", "C", "COL=NAME", "COL=VALUE", "COL=]TEXT", "COL_OR_INSTANT", "DATE", "DAYS", "ID", "INSTANT",
    "LABEL=WORDS", "LD00X:COL", "N", "NAME=COL,COL", "NAME=N", "NXM", "OBJECT", "P,P,…", "REASON", "RELATION", "SHARE",
    "TEXT", "URI", "VALUE", "VIEW", "WHO",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with versions of two tables, a hostile name, and a file of leads."""
    for version in ("leads/v1", "leads/v12", "leads/v2", "acme/v1", "$(touch gone)/v1"):
        (tmp_path / "models" / version).mkdir(parents=True)
        (tmp_path / "models" / version / "point_table.json").touch()
    (tmp_path / "models/leads/v3").mkdir()  # a version that is still being made
    (tmp_path / "leads.csv").write_text("lead_id;Lead Number;status;$(touch gone)\n1;2;won;4\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(line: str) -> list[str]:
    """Ask like bash does: the words so far, the last of which is not finished."""
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_LEADML_COMPLETE": "bash_complete"}
    result = CliRunner().invoke(main, env=asked, prog_name="leadml")
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("leadml mon", ["plain,monitor"]),
        ("leadml show ", ["plain,acme", "plain,leads"]),
        ("leadml show leads@", ["plain,leads@1", "plain,leads@2", "plain,leads@12"]),
        ("leadml show models/le", ["file,models/le"]),
        ("leadml diff leads@1 a", ["plain,acme"]),
        ("leadml versions l", ["plain,leads"]),
        ("leadml promote leads 1", ["plain,1", "plain,12"]),
        ("leadml score acme ", ["file,"]),
        ("leadml train x.csv --previous l", ["plain,leads"]),
        ("leadml train leads.csv --outcome ", ["plain,lead_id", "plain,status"]),
        ("leadml train leads.csv --out ", ["dir,"]),
        ("leadml train nowhere.csv --outcome ", []),
        ("leadml export acme --to sa", ["plain,salesforce"]),
        ("leadml export acme --dialect s", ["plain,sqlite", "plain,spark", "plain,snowflake"]),
        ("leadml export acme --view ", []),
        ("leadml retrain leadml.toml --policy ", ["plain,auto", "plain,manual"]),
        ("leadml completion z", ["plain,zsh"]),
        ("leadml compare l", ["plain,leads"]),
        ("leadml explain leads x.csv --language d", ["plain,de"]),
        ("leadml rollback --dr", ["plain,--dry-run"]),
        ("leadml trian x", []),
    ],
)
def test_tab_offers_what_can_stand_there(place: Path, line: str, words: list[str]) -> None:
    assert offered(line) == words


def test_names_that_are_written_down_are_those_that_there_are() -> None:
    assert set(TARGETS) == set(KNOWN_TARGETS)
    assert set(DIALECTS) == set(known_dialects())


def test_every_place_of_every_verb_is_completed_or_free() -> None:
    asked = {
        (verb, place_of(parameter))
        for verb, command in main.commands.items()
        for parameter in command.params
        if isinstance(parameter.type, click.types.StringParamType) and not isinstance(parameter.type, Word)
    }
    assert {place for _, place in asked} <= FREE
    assert not FREE & set(PLACES)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_the_shells_own_and_nothing_is_installed(shell: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["completion", shell], prog_name="leadml", env={"HOME": str(tmp_path)})
    assert result.exit_code == 0, result.stderr
    assert f"_LEADML_COMPLETE={shell}_complete" in result.stdout
    assert list(tmp_path.iterdir()) == []
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=result.stdout, text=True, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_an_unknown_shell_is_told_the_nearest() -> None:
    result = CliRunner().invoke(main, ["completion", "zhs"], prog_name="leadml")
    assert result.exit_code == 2
    assert "Did you mean 'zsh'?" in result.stderr


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_completes_a_table(place: Path) -> None:
    """Tab pressed in a real, interactive bash."""
    (place / "bin").mkdir()
    (place / "bin/leadml").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leadml "$@"\n')
    (place / "bin/leadml").chmod(0o755)
    script = CliRunner().invoke(main, ["completion", "bash"], prog_name="leadml").stdout
    (place / "script").write_text(script)
    keys = "source ./script\nleadml show le\t"
    told = typed(["bash", "--norc", "-i"], keys, "leadml show leads ", {"PATH": f"{place}/bin:{os.environ['PATH']}"})
    assert "leadml show leads " in told
    assert not (place / "gone").exists()


def typed(shell: list[str], keys: str, awaited: str, environment: dict[str, str]) -> str:
    """Type into a shell behind a terminal, and return what the terminal has shown until it shows what is awaited."""
    terminal, inside = pty.openpty()
    environment = {**os.environ, **environment, "TERM": "dumb"}
    job = subprocess.Popen(shell, stdin=inside, stdout=inside, stderr=inside, env=environment, start_new_session=True)
    shown = ""
    try:
        os.write(terminal, keys.encode())
        end = time.monotonic() + 20
        while awaited not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                shown += os.read(terminal, 4096).decode(errors="replace")
    finally:
        job.kill()
        job.wait()
        os.close(terminal)
        os.close(inside)
    return shown
