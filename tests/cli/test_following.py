"""What is printed under "Next" runs as it is printed, wherever the versions are kept."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from leadml import jobs, terminal
from leadml.jobs.retraining import wording
from leadml.jobs.retraining.retrained import Compared, Retrained
from tests.cli.conftest import Run
from tests.cli.test_champions import second_version
from tests.conftest import small_history

READ = ("--outcome", "status", "--id", "lead_id", "--order", "created")
CONFIG = """name = "leads"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
outcome = "status"
[store]
out = "kept"
"""


@pytest.fixture
def leads(run: Run, empty_store: Path, tmp_path: Path) -> Path:
    """The current folder, with leads, new leads, and a models folder of another name."""
    frame = small_history()
    rng = np.random.default_rng(2)
    frame["worth"] = np.where(frame["status"] == "won", np.round(1000 * rng.gamma(4, 1 / 4, len(frame))), np.nan)
    frame.to_csv(tmp_path / "leads.csv", index=False)
    frame.drop(columns="status").head(20).to_csv(tmp_path / "NEW-LEADS.csv", index=False)
    (tmp_path / "my models").mkdir()
    shutil.copy(empty_store, tmp_path / "my models")
    return tmp_path


def followed(run: Run, printed: str) -> list[str]:
    """Run every command that was printed below "Next", and return their verbs."""
    lines = re.findall(r"^  (\S*(?:leadml|mlflow) .*)$", printed.partition("\nNext\n")[2], re.MULTILINE)
    commands = [shlex.split(line) for line in lines]
    for program, *words in commands:
        if Path(program).name == "leadml":
            done = run(*words)
            assert done.exit_code == 0, (words, done.stderr)
    return [words[1] for words in commands]


def test_what_follows_a_training_and_a_valuing_finds_their_versions(leads: Path, run: Run) -> None:
    trained = run("train", "leads.csv", *READ, "--drop", "worth", "--out", "my models")
    assert trained.exit_code == 0, trained.stderr
    assert followed(run, trained.stdout) == ["report", "show", "score", "export", "ui"]
    words = ("value", "leads.csv", *READ, "--value", "worth", "--out", "my models")
    for named in ((), ("--table", "my models/leads/v1")):
        valued = run(*words, *named)
        assert valued.exit_code == 0, valued.stderr
        (leads / "scored.csv").unlink()
        assert followed(run, valued.stdout) == (["score", "promote"] if named else ["score"])
        assert "rank_by_value" in (leads / "scored.csv").read_text().partition("\n")[0]


def test_what_follows_a_threshold_finds_the_table(leads: Path, run: Run) -> None:
    assert run("train", "leads.csv", *READ, "--drop", "worth", "--out", "my models").exit_code == 0
    chosen = run(
        "threshold", "leads", "--models", "my models", "--per-week", "10", "--weeks", "8", "--out", "our own.json"
    )
    assert chosen.exit_code == 0, chosen.stderr

    shutil.copy("NEW-LEADS.csv", "LEADS.csv")
    assert followed(run, chosen.stdout.replace(" LEADS ", " LEADS.csv ")) == ["diff", "score"]


def test_what_follows_a_configuration_elsewhere_finds_its_versions(leads: Path, run: Run) -> None:
    (leads / "crm").mkdir()
    shutil.move("my models", "crm/kept")
    shutil.copy("leads.csv", "crm/leads.csv")
    (leads / "crm/leadml.toml").write_text(CONFIG)
    trained = run("train", "crm/leadml.toml", "--drop", "worth")
    assert trained.exit_code == 0, trained.stderr
    assert followed(run, trained.stdout) == ["report", "show", "score", "export", "ui"]


def test_what_follows_a_change_of_the_champion_changes_it_back(trained: Path, run: Run) -> None:
    second_version(trained)
    shutil.move("models", "kept")
    where = ("--models", "kept", "--tracking-uri", "sqlite:///kept/mlflow.db")
    promoted = run("promote", "leads", "2", *where)
    assert promoted.exit_code == 0, promoted.stderr
    assert "--tracking-uri" not in promoted.stdout  # it is where the folder has it
    assert followed(run, promoted.stdout) == ["rollback"]
    shutil.move("kept/mlflow.db", "elsewhere.db")
    listed = run("versions", "leads", "--models", "kept", "--tracking-uri", "sqlite:///elsewhere.db")
    assert "leads@2 leadml.toml --models kept --tracking-uri sqlite:///" in listed.stdout
    (trained / "leadml.toml").write_text(CONFIG)
    assert followed(run, listed.stdout) == ["compare"]


def test_a_retraining_tells_how_its_challenger_is_promoted_from_here(
    trained: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    second_version(trained)
    folder = "a folder with a name that is long enough for a line to be broken"
    shutil.move("models", folder)
    (trained / "leadml.toml").write_text(CONFIG.replace("kept", folder))
    reason = wording.look_then_promote("leads", 2)
    found = Retrained("leads", "hold", (reason,), None, Compared(2, "0" * 64), None, "auto", in_use=1)
    terminal.show_retraining(found, terminal.kept_in(*jobs.store_of("leadml.toml")))
    command = re.search(r"leadml (promote leads 2 .*)$", capsys.readouterr().out, re.MULTILINE)
    assert command is not None
    done = run(*shlex.split(command[1]))
    assert done.exit_code == 0, done.stderr
