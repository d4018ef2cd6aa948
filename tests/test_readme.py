"""What the README shows is true: its commands run, its options exist, its blocks of Python work."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from leadml.cli import main
from tests.conftest import small_history

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands(of: str = "") -> list[list[str]]:
    """Every leadml command of the README, or of the blocks with a certain text, with its words."""
    return words_of([block for block in blocks("sh") if of in block])


def words_of(shown: list[str]) -> list[list[str]]:
    lines = [line for block in shown for line in block.splitlines()]
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
    leads["Tags"] = "x"  # the commands drop it before some steps, so no table may need it
    rng = np.random.default_rng(0)
    size = 1000 * (1 + (leads["City"] == "Wien")) * rng.gamma(4, 0.25, len(leads))
    deals = leads.assign(deal_value=size.round(2).where(leads["Converted"] == 1))
    deals.to_csv(folder / "deals.csv", index=False)
    leads.to_csv(folder / "leads.csv", index=False)
    leads.drop(columns="Converted").to_csv(folder / "new-leads.csv", index=False)
    (folder / "today.csv").write_text("feature,condition,points\nvisits,at least 3,10\nCity,missing,-5\n")
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models")
    return folder


def run(words: list[str]) -> Result:
    return CliRunner().invoke(main, words, prog_name="leadml")


def fill_in(sheet: Path) -> None:
    """Give the first row with points twice as many, as sales would in a spreadsheet."""
    lines = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    row = lines.index[~lines["points"].isin(["0", ""])][0]
    lines.loc[row, ["your points", "pin (x)"]] = [str(2 * int(lines.loc[row, "points"])), "x"]
    lines.to_csv(sheet, index=False)


def test_the_commands_of_the_readme_run_one_after_the_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(place)
    own = words_of([block for block in blocks("sh") if "demo" not in block and "open.csv" not in block])
    verbs = "train train init train report score explain threshold compare review review diff changes value score"
    verbs += " export verify export export export show versions promote rollback completion"
    assert [words[0] for words in own] == verbs.split()
    for words in own:
        if "--read" in words:
            fill_in(Path("review.csv"))
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
    demo, train, report = [words for words in commands() if any("demo" in word for word in words)]
    assert run([*demo, "--leads", "1500"]).exit_code == 0
    result = run(train)
    assert result.exit_code == 0, result.stderr
    for heading in ("Leads", "Audit", "Point table", "Certificate", "KPI", "Written", "Next"):
        assert f"\n{heading}\n" in result.stdout
    assert "demo/report.html" in run(report).stdout
    assert Path("demo/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def crm(folder: Path) -> None:
    """Write leads and events with the columns of the README's configuration."""
    rng, count = np.random.default_rng(0), 900
    created = pd.date_range("2024-06-01", periods=count, freq="10h", tz="UTC")
    visits, title = rng.poisson(1.5, count), rng.choice(["Managing Director", "Einkäuferin", "Praktikant", ""], count)
    won = rng.random(count) < 1 / (1 + np.exp(1.6 - 0.9 * visits - 0.8 * (title == "Managing Director")))
    closed = created + pd.to_timedelta(rng.integers(16, 60, count), unit="D")
    still_open = closed > pd.Timestamp("2025-06-10", tz="UTC")
    leads = pd.DataFrame({
        "lead_id": [f"L{k}" for k in range(count)],
        "created_at": created,
        "status": np.where(still_open, "open", np.where(won, "won", "lost")),
        "closed_at": closed.to_series(index=range(count)).mask(still_open),
        "company_id": [f"C{k}" for k in rng.integers(0, 2 * count, count)],
        "email": [f"p{k}@{d}" for k, d in enumerate(rng.choice(["gmail.com", "firma.example", "acme.example"], count))],
        "job_title": title,
        "country": rng.choice(["DE", "Austria", "US"], count),
    })  # fmt: skip
    leads.to_csv(folder / "leads.csv", index=False)
    rows = np.repeat(np.arange(count), visits)
    at = created[rows] + pd.to_timedelta(rng.integers(0, 20 * 86_400, len(rows)), unit="s")
    kinds = rng.choice(["visit", "mail opened"], len(rows))
    events = pd.DataFrame({"lead_id": leads["lead_id"].to_numpy()[rows], "occurred_at": at, "type": kinds})
    events.to_parquet(folder / "events.parquet", index=False)


def test_the_configuration_of_the_readme_trains_and_scores_open_leads(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    shutil.copy(empty_store, tmp_path / "models")
    crm(tmp_path)
    [config] = blocks("toml")
    (tmp_path / "leadml.toml").write_text(config, encoding="utf-8")
    for words in commands("open.csv"):
        result = run(words)
        assert result.exit_code == 0, (words, result.output)
    scored = pd.read_csv("scored.csv")
    assert len(scored) > 20
    assert {"email_kind", "seniority", "visit_30d", "score", "grade", "reason_1"} <= set(scored.columns)
    assert not scored["reason_1"].str.contains("@").any()


def test_the_python_of_the_readme_runs(place: Path) -> None:
    code = "\n".join(blocks("python"))
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
