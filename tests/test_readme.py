"""What the README shows is true: its commands run, its options exist, its blocks of Python work."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leadml.cli import main
from tests.conftest import small_history

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[list[str]]:
    """Every leadml command of the README, with its words."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    words = [shlex.split(line, comments=True) for line in lines]
    return [w[1:] for w in words if w and Path(w[0]).name == "leadml"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """A folder with a leads.csv that has the README's columns, and new leads."""
    folder = tmp_path_factory.mktemp("readme")
    leads = small_history()
    leads = leads.rename(columns={"lead_id": "Lead Number", "city": "City", "status": "Converted"})
    leads["Converted"] = (leads["Converted"] == "won").astype(int)
    leads["City"] = leads["City"].replace("", "Select")
    leads["Tags"] = ["x", "y"] * (len(leads) // 2)
    leads.to_csv(folder / "leads.csv", index=False)
    leads.drop(columns="Converted").to_csv(folder / "new-leads.csv", index=False)
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models")
    return folder


def run(words: list[str]) -> Result:
    return CliRunner().invoke(main, words, prog_name="leadml")


def test_the_commands_of_the_readme_run_one_after_the_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(place)
    own = [words for words in commands() if not any("demo" in word for word in words)]
    assert [words[0] for words in own] == [
        "train",
        "train",
        "init",
        "train",
        "show",
        "score",
        "export",
        "versions",
    ]
    for words in own:
        result = run(words)
        assert result.exit_code == 0, (words, result.stderr)
    assert (place / "scored.csv").read_text().startswith("Lead Number,created,visits,City,customer,Tags,fit")
    assert (place / "points.csv").is_file()


def test_the_demo_commands_run_on_a_smaller_demo(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    shutil.copy(empty_store, tmp_path / "models")
    demo, train = [words for words in commands() if any("demo" in word for word in words)]
    assert run([*demo, "--leads", "1500"]).exit_code == 0
    result = run(train)
    assert result.exit_code == 0, result.stderr
    for heading in ("Leads", "Audit", "Point table", "Certificate", "KPI", "Written", "Next"):
        assert f"\n{heading}\n" in result.stdout


def test_the_python_of_the_readme_runs(place: Path) -> None:
    code = "\n".join(["import pandas as pd", "leads = pd.read_csv('new-leads.csv')", *blocks("python")])
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_verb_is_mentioned() -> None:
    assert {words[0] for words in commands()} | {"audit"} == set(main.commands)


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.MULTILINE))
def test_the_targets_of_make_exist_and_do_what_the_pip_lines_do(target: str) -> None:
    dry = subprocess.run(
        ["make", "--dry-run", "--always-make", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "install --constraint constraints.txt --editable" in dry.stdout
    if target == "demo":
        by_hand = [" ".join(words) for words in commands() if any("demo" in word for word in words)]
        assert all(f"leadml {line}" in dry.stdout for line in by_hand)


def asked() -> set[str]:
    """The packages that pyproject.toml asks for, of all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    return {re.split(r"[><=]", line)[0] for line in lines}


def test_pins_are_plain_and_hold_everything_that_is_asked_for() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    assert {"lightgbm", "pytest", "jupyter"} <= asked()
    assert asked() <= {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text().partition("## Dependencies")[2]
    assert {name for name in asked() if name not in page} == set()
