"""The example schedules: each is accepted by the tool that it is for, and asks leadml for what there is."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadml.cli import main
from leadml.errors import BusyError, DataError, GateError, KpiRedError, LeadmlError, UsageError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TEXTS = sorted(path for path in EXAMPLES.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
UNITS = sorted((EXAMPLES / "systemd").iterdir())


def engine(program: str, package: str) -> str:
    """The path of a tool; where it is missing, skip by its name, or fail where all are required."""
    found = shutil.which(program)
    if found is None:
        missing = f"{Path(program).name} is not here ({package})"
        pytest.fail(missing) if os.environ.get("LEADML_REQUIRE_ENGINES") == "1" else pytest.skip(missing)
    return found


def test_cron_accepts_the_crontab() -> None:
    crontab = engine("crontab", "package cron")
    usage = subprocess.run([crontab, "-h"], capture_output=True, text=True, check=False)
    dry = "-T" if "-T" in usage.stdout + usage.stderr else "-n"
    done = subprocess.run([crontab, dry, EXAMPLES / "crontab"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    bad = subprocess.run([crontab, dry, "-"], input="61 2 * * * x\n", capture_output=True, text=True, check=False)
    assert bad.returncode != 0


def test_systemd_accepts_the_units() -> None:
    analyze = engine("systemd-analyze", "package systemd")
    done = subprocess.run([analyze, "verify", "--man=no", *UNITS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".timer"], ids=lambda u: u.name)
def test_systemd_understands_when(unit: Path) -> None:
    analyze = engine("systemd-analyze", "package systemd")
    [when] = re.findall(r"^OnCalendar=(.*)$", unit.read_text(), re.MULTILINE)
    done = subprocess.run([analyze, "calendar", when], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "UTC" in done.stdout
    assert unit.with_suffix(".service").is_file()


def test_systemd_tries_again_what_may_go_better_and_nothing_else() -> None:
    for unit in UNITS:
        if unit.suffix == ".service":
            [prevent] = re.findall(r"^RestartPreventExitStatus=(.*)$", unit.read_text(), re.MULTILINE)
            kinds = (UsageError, DataError, GateError, KpiRedError, LeadmlError)
            assert sorted(map(int, prevent.split())) == sorted(kind.exit_code for kind in kinds)
            assert BusyError.exit_code not in map(int, prevent.split())


def test_github_accepts_the_workflow() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run(
        [*command, EXAMPLES / "github-actions" / "leadml.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    bad = subprocess.run([*command, "-"], input="on: push\njobs: 3\n", capture_output=True, text=True, check=False)
    assert bad.returncode != 0


def test_what_a_person_types_never_becomes_a_part_of_a_script() -> None:
    """In a workflow an expression inside run: is pasted into the script before the shell sees it."""
    text = (EXAMPLES / "github-actions" / "leadml.yml").read_text()
    scripts = re.findall(r"run: \|\n((?: {10}.*\n|\n)+)", text)
    assert len(scripts) >= 3
    assert not [script for script in scripts if "${{" in script]


def test_the_scripts_in_the_workflow_are_bash() -> None:
    bash = engine("bash", "package bash")
    text = (EXAMPLES / "github-actions" / "leadml.yml").read_text()
    for script in re.findall(r"run: \|\n((?: {10}.*\n|\n)+)", text):
        done = subprocess.run([bash, "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


DAG = EXAMPLES / "airflow" / "leadml_dag.py"


def test_airflow_imports_the_dags(tmp_path: Path) -> None:
    python = engine(str(Path(__file__).with_name(".airflow") / "bin" / "python"), "make engines")
    code = (
        "import sys\nfrom airflow.dag_processing.dagbag import DagBag\n"
        "bag = DagBag(sys.argv[1])\nassert not bag.import_errors, bag.import_errors\nprint(sorted(bag.dags))"
    )
    environment = os.environ | {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    done = subprocess.run(
        [python, "-c", code, DAG.parent], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "['leadml_monitor', 'leadml_retrain']"


def test_the_dags_know_every_exit_code_and_no_clock() -> None:
    tree = ast.parse(DAG.read_text())
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"now", "today", "utcnow", "time"}
    [ends] = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    kinds = {key.value: value.elts[0].id for key, value in zip(ends.keys, ends.values, strict=True)}
    # A skipped task is nothing wrong, a failed one is not tried again, any other exception is.
    assert kinds == {
        GateError.exit_code: "AirflowSkipException",
        KpiRedError.exit_code: "AirflowFailException",
        BusyError.exit_code: "AirflowException",
    }
    assert "shell=True" not in DAG.read_text()


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.relative_to(EXAMPLES).as_posix())
def test_no_clock_decides_inside_a_job_and_no_secret_stands_in_an_example(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"://[^\s/@]+:[^\s/@.]+@", text)
    for line in text.splitlines():
        if "date -u" in line and not line.lstrip().startswith("#"):
            assert "$(date -u +" in line  # once, where the job is started, and handed on as its date
            assert "monitor" in line or "retrain" in line


def test_every_verb_and_option_that_is_asked_for_exists() -> None:
    asked = set()
    for path in TEXTS:
        for line in path.read_text().splitlines():
            for verb, rest in re.findall(r"(?:leadml|leadml-job \S+(?: \S+\))?\"?) (monitor|retrain) (.*)", line):
                asked.add(verb)
                known = {option for param in main.commands[verb].params for option in param.opts}
                assert set(re.findall(r"--[a-z-]+", rest)) <= known, line
    assert asked == {"monitor", "retrain"}


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A folder with leadml-job, and a leadml that ends with the codes it finds in a file, one after another."""
    engine("sh", "any shell")
    shutil.copy(EXAMPLES / "leadml-job", tmp_path)
    fake = tmp_path / "leadml"
    fake.write_text(
        '#!/bin/sh\necho "$@" "[$SECRET]" >> calls\ncode=$(head -n 1 codes)\n'
        'sed 1d codes > rest\nmv rest codes\necho "{\\"code\\": $code}"\nexit "$code"\n'
    )
    fake.chmod(0o755)
    (tmp_path / "leadml.env").write_text("SECRET='two words; $(touch owned)'\n")
    return tmp_path


@pytest.mark.parametrize(
    ("codes", "ends", "calls"),
    [
        ("0", 0, 1),
        ("75 75 0", 0, 3),
        ("75 75 75", 75, 3),
        ("5 0", 5, 1),
        ("4 0", 4, 1),
        ("3 0", 3, 1),
        ("75 70 0", 70, 2),
    ],
)
def test_a_cron_job_tries_again_while_something_is_busy(codes: str, ends: int, calls: int, job: Path) -> None:
    (job / "codes").write_text(codes.replace(" ", "\n") + "\n")
    environment = {"PATH": f"{job}:{os.environ['PATH']}", "LEADML_TRIES": "3", "LEADML_PAUSE": "0"}
    done = subprocess.run(
        ["./leadml-job", "2026-03-01", "monitor", "leadml.toml", "--json"],
        cwd=job, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == ends
    called = (job / "calls").read_text().splitlines()
    assert called == ["monitor leadml.toml --json --as-of 2026-03-01 [two words; $(touch owned)]"] * calls
    assert [json.loads(line)["code"] for line in done.stdout.splitlines()] == list(map(int, codes.split()))[:calls]
    assert not (job / "owned").exists()


def test_a_cron_job_says_how_it_is_used(job: Path) -> None:
    done = subprocess.run([job / "leadml-job"], cwd=job, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr
