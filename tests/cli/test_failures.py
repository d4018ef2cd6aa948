"""Bad input: one line that helps, the contract's exit code, and nothing left behind."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAD = "lead_id,created,visits,city,customer,status"
TRAIN = ["--outcome", "status", "--id", "lead_id", "--order", "created"]


def rows(leads: Path) -> list[str]:
    return leads.read_text().splitlines()[1:]


def with_outcome(leads: Path, change: Callable[[int, str], str]) -> str:
    told = [line.rpartition(",") for line in rows(leads)]
    return "\n".join([HEAD, *(f"{head},{change(k, outcome)}" for k, (head, _, outcome) in enumerate(told))]) + "\n"


def only(leads: Path, outcome: str, most: int) -> str:
    kept, seen = [], 0
    for line in rows(leads):
        seen += line.endswith(outcome)
        if not line.endswith(outcome) or seen <= most:
            kept.append(line)
    return "\n".join([HEAD, *kept]) + "\n"


def replaced(old: str, new: str, encoding: str = "utf-8") -> Callable[[Path], bytes]:
    return lambda leads: leads.read_text().replace(old, new, 1).encode(encoding)


BAD_FILES: dict[str, tuple[Callable[[Path], str | bytes], int, str]] = {
    "empty file": (lambda leads: "", 3, "empty"),
    "header only": (lambda leads: HEAD + "\n", 3, "no lead"),
    "one class": (lambda leads: with_outcome(leads, lambda k, o: "won"), 3, "lost"),
    "39 won": (lambda leads: only(leads, "won", 39), 3, "39"),
    "39 lost": (lambda leads: only(leads, "lost", 39), 3, "39"),
    "outcome not mapped": (lambda leads: with_outcome(leads, lambda k, o: f"stage {k % 3}"), 3, "--won"),
    "misspelt outcome": (replaced("status", "states"), 2, "Did you mean 'states'"),
    "duplicate header": (replaced("city", "visits"), 3, "'visits'"),
    "ragged row": (replaced("\nL-", "\nx,y\nL-"), 3, "line 2"),
    "latin-1": (replaced("Wien", "Wörgl", "latin-1"), 3, "UTF-8"),
    "utf-16": (replaced("", "", "utf-16"), 3, "UTF-8"),
    "NUL byte": (replaced("Wien", "Wi\0n"), 3, "NUL"),
    "half a gzip": (lambda leads: gzip.compress(leads.read_bytes())[:200], 3, "bad.csv.gz"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_in_words(case: str, leads_csv: Path, run: Run, tmp_path: Path) -> None:
    make, code, told = BAD_FILES[case]
    content = make(leads_csv)
    source = tmp_path / ("bad.csv.gz" if case == "half a gzip" else "bad.csv")
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("train", source.name, *TRAIN)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == [source.name]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["trian"], 2, "Did you mean 'train'"),
        (["train"], 2, "leadml train --help"),
        (["train", "leads.csv", "--outcom", "x"], 2, "--outcome"),
        (["train", "nowhere.csv", "--outcome", "x"], 2, "no file 'nowhere.csv'"),
        (["train", "leads.csv"], 2, "--outcome COL"),
        (["train", "leads.csv", "--outcome", "Status"], 2, "Did you mean 'status'"),
        (["train", "leads.csv", "--outcome", "status", "--drop", "citi"], 2, "Did you mean 'city'"),
        (["train", "leads.csv", "--outcome", "status", "--dimension", "engagement"], 2, "NAME=COL,COL"),
        (["train", "leads.csv", "--outcome", "status", "--dimension", "e=visit"], 2, "Did you mean 'visits'"),
        (["train", "leads.csv", "--outcome", "status", "--max-rules", "many"], 2, "not a valid integer"),
        (["train", "leads.csv", "--outcome", "status", "--max-rules", "0"], 2, "max_rules"),
        (["train", "leads.csv", "--outcome", "status", "--cap", "engagement"], 2, "NAME=N"),
        (["train", "leads.csv", "--outcome", "status", "--cap", "topic=9"], 2, "caps names the dimension 'topic'"),
        (["train", "leads.csv", "--outcome", "status", "--most-points", "0"], 2, "most_points"),
        (["train", "leads.csv", "--outcome", "status", "--accept", "LD999:city"], 2, "LD999"),
        (["train", "leads.csv", "--outcome", "status", "--name", "a/b"], 2, "cannot name a point table"),
        (["train", "leads.xlsx", "--outcome", "status"], 2, "leads.xlsx"),
        (["train", "none.toml"], 2, "none.toml"),
        (["show", "nothing"], 2, "no file and no registered point table"),
        (["show", "leads.csv"], 3, ""),
        (["score", "nothing", "leads.csv", "--out", "x.csv"], 2, "no registered point table"),
        (["export", "nothing", "--to", "csv"], 2, "no registered point table"),
        (["versions", "nothing"], 2, "no registered point table"),
        (["init", "nowhere.csv"], 2, "nowhere.csv"),
        (["demo", "--leads", "3"], 2, ""),
    ],
)
def test_wrong_use_is_told_what_to_do(
    arguments: list[str], code: int, told: str, leads_csv: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "leads.csv").write_bytes(leads_csv.read_bytes())
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("error: ")
    assert told in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["leads.csv"]


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        ("visits,customer\n1,no\n", 2, "no column 'city'"),
        ("city,visits,customer\nWien,lots,no\n", 3, "'visits'"),
        ("city,visits,customer,score\nWien,1,no,4\n", 2, "columns that scoring adds: 'score'"),
        ("", 3, "empty"),
    ],
)
def test_leads_that_cannot_be_scored(trained: Path, run: Run, content: str, code: int, told: str) -> None:
    (trained / "new.csv").write_text(content)
    result = run("score", "leads", "new.csv", "--out", "scored.csv")
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr
    assert not (trained / "scored.csv").exists()


def test_leads_that_are_not_there_are_named_where_the_scores_exist(trained: Path, run: Run) -> None:
    (trained / "scored.csv").write_text("of yesterday")
    result = run("score", "leads", "nofile.csv", "--out", "scored.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no file 'nofile.csv'" in result.stderr
    assert (trained / "scored.csv").read_text() == "of yesterday"


def test_leads_named_by_a_variable_are_not_replaced_by_their_scores(
    trained: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (trained / "leads.csv").read_bytes()
    monkeypatch.setenv("LEADS", "leads.csv")
    result = run("score", "leads@1", "env:LEADS", "--out", "leads.csv")
    assert result.exit_code == 2
    assert "is the file that is being scored" in result.stderr
    assert (trained / "leads.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (FileNotFoundError(2, "No such file or directory", "levels.csv"), 2, "cannot be opened: there is no such file"),
        (FileNotFoundError(2, "No such file or directory", "gone/levels.csv"), 75, "cannot be written"),
        (OSError(28, "No space left on device", "levels.csv"), 75, "cannot be written: No space left on device"),
        (OSError("odd"), 75, "A file cannot be written: odd"),
    ],
)
def test_what_cannot_be_read_is_told_from_what_cannot_be_written(
    error: OSError, code: int, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("leadml.jobs.find_table", broken)
    result = run("show", "leads")
    assert result.exit_code == code
    assert told in result.stderr


@pytest.mark.parametrize("damage", ["", "{", '{"format": "other"}', "[1, 2]", '{"a": NaN}'])
def test_a_broken_table_is_refused(trained: Path, run: Run, damage: str) -> None:
    (trained / "broken.json").write_text(damage)
    result = run("show", "broken.json")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: ")


def test_what_cannot_be_written_is_called_as_it_was_asked_for(trained: Path, run: Run) -> None:
    """The name is too long for any file system; the hidden file beside it is not."""
    for name in (f"{300 * 'x'}.csv", "leads.csv/points.csv"):
        result = run("export", "leads", "--to", "csv", "--out", name)
        assert result.exit_code == 75
        assert ".leadml-tmp-" not in result.stderr
        assert "cannot be written" in result.stderr
        assert name.partition("/")[0] in result.stderr.replace("\n", "")
    assert not list(trained.glob(".leadml-tmp-*"))


def test_a_traceback_is_shown_only_on_request(run: Run) -> None:
    assert "Traceback" not in run("train", "nowhere.csv", "--outcome", "x").stderr
    shown = run("train", "nowhere.csv", "--outcome", "x", "--debug")
    assert "Traceback" in shown.stderr
    assert shown.exit_code == 2


def test_a_fault_of_our_own_is_owned_up_to(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("leadml.jobs.find_table", broken)
    result = run("show", "leads")
    assert result.exit_code == 70
    assert "fault of leadml's own (ZeroDivisionError: division by zero)" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_password_never_reaches_the_screen(leads_csv: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    uri = "http://anna:s3cret-canary@127.0.0.1:9"
    result = run("train", leads_csv, *TRAIN, "--tracking-uri", uri, "--debug")
    assert result.exit_code == 75, result.output
    assert "s3cret-canary" not in result.output


def leadml(*arguments: str, cwd: Path, **more: object) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
    command = [sys.executable, "-m", "leadml", *arguments]
    return subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        (["frobnicate"], 2),
        (["train", "nowhere.csv", "--outcome", "x"], 2),
        (["train", "empty.csv", "--outcome", "x"], 3),
    ],
)
def test_the_process_ends_with_the_contracts_exit_code(arguments: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    job = leadml(*arguments, cwd=tmp_path)
    out, err = job.communicate()
    assert job.returncode == code, err
    assert bool(out) == (code == 0)
    assert err.count("\n") == (code != 0)


@pytest.mark.parametrize(
    "arguments",
    [("export", "leads@1", "--to", "json"), ("diff", "leads@1", "leads@1"), ("show", "leads@1"), ("--help",)],
)
def test_a_reader_that_goes_away_is_no_fault(arguments: tuple[str, ...], trained: Path) -> None:
    """It has a code of its own, whether leadml, click or rich was writing."""
    job = leadml(*arguments, cwd=trained)
    assert job.stdout is not None
    assert job.stderr is not None
    job.stdout.close()
    told = job.stderr.read()
    job.stderr.close()
    assert job.wait() == 141
    assert told == ""


LIBRARY = """
import os, signal, sys, time
import click
from leadml.cli.root import Verbs

@click.command()
def work():
    try:
        if "told" in sys.argv[0]:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)
        raise SystemExit(5)
    except SystemExit as left:  # as extension modules and database drivers do
        raise ImportError("interrupted half-way") from left

Verbs("leadml", commands=[work]).main(["work"])
"""


@pytest.mark.parametrize(("name", "code", "said"), [("told.py", 143, ""), ("alone.py", 70, "interrupted half-way")])
def test_what_a_library_makes_of_being_told_to_end_is_no_fault(name: str, code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(LIBRARY)
    ended = subprocess.run([sys.executable, name], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == code
    assert said in ended.stderr
    assert bool(said) == bool(ended.stderr)


COLLECTING = """
import os, signal, sys, time, weakref
import click
from leadml.cli.root import Verbs

class Thing:
    pass

def collected(reference):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)

@click.command()
def work():
    thing = Thing()
    reference = weakref.ref(thing, collected)
    del thing  # what the callback raises, Python drops
    try:
        time.sleep(20)
    finally:
        print("tidied up")

Verbs("leadml", commands=[work]).main(["work"])
"""


def test_being_told_to_end_while_garbage_is_collected_is_not_lost() -> None:
    """SQLAlchemy has such callbacks: the job went on, and a traceback stood on standard error."""
    start = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", COLLECTING], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "tidied up\n", "")
    assert time.monotonic() - start < 18


def test_a_job_that_is_told_to_end_cleans_up(leads_csv: Path, tmp_path: Path) -> None:
    """SIGTERM at several moments: exit 143, or done; and never a hidden folder or half a version."""
    for seconds in (1.0, 3.0, 4.5, 6.0):
        job = leadml("train", str(leads_csv), *TRAIN, cwd=tmp_path)
        time.sleep(seconds)
        job.send_signal(signal.SIGTERM)
        _, told = job.communicate()
        assert job.returncode in (143, 0, -signal.SIGTERM), told
        hidden = [p.name for p in (tmp_path / "models").rglob(".leadml-tmp-*")]
        assert hidden == []
        for version in (tmp_path / "models").glob("leads/v*"):
            assert (version / "manifest.json").is_file()
