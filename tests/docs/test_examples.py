"""What the pages show works: every command and every line of Python, page by page, from top to bottom."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from leadml.cli import main
from leadml.history.settings.config import settings_of
from leadml.points.table import PointTable
from tests.conftest import small_history
from tests.docs.pages import PAGES, blocks

TUTORIAL = "tutorial.md"
OWN_TEST = {"features.md"}  # tests/history/profile/test_features_page.py runs its examples
RUN = [
    page for page in PAGES if page not in OWN_TEST and any(block.language in ("sh", "python") for block in blocks(page))
]
AFTER = {"how-to/undo.md": "how-to/own-leads.md", "how-to/review.md": "how-to/own-leads.md"}  # else the tutorial
LEADS = 3000  # of the demo, where a page says 20,000


def follow(page: str) -> dict[str, Any]:
    """Do what a page says, in the current folder; return the names that its Python leaves."""
    names: dict[str, Any] = {}
    for block in blocks(page):
        if block.language == "python":
            exec(compile(block.content, page, "exec"), names)
        if block.language != "sh":
            continue
        for words in block.commands:
            more = ["--leads", str(LEADS)] if words[0] == "demo" else []
            result = CliRunner().invoke(main, [*words, *more], prog_name="leadml")
            assert result.exit_code == block.exit_code, (page, words, result.stderr)
    return names


@pytest.fixture(scope="module")
def after_tutorial(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """The folder that the tutorial leaves, where every other page begins; and a small leads.csv."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        names = follow(TUTORIAL)
    assert names["best"]["score"].is_monotonic_decreasing
    small_history().to_csv(folder / "leads.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def after_own_leads(after_tutorial: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page on own leads leaves, where those begin that go on from it."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(after_tutorial, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        follow("how-to/own-leads.md")
    return folder


def test_the_tutorial_ends_with_what_it_promises(after_tutorial: Path) -> None:
    table = PointTable.load(after_tutorial / "models/demo/v1/point_table.json")
    assert table.n_rules > 0
    assert (after_tutorial / "report.html").read_text().lower().startswith("<!doctype html>")
    scored, leads = (pd.read_csv(after_tutorial / name) for name in ("scored.csv", "open.csv"))
    assert list(scored["lead_id"]) == list(leads["lead_id"])
    assert {"fit", "engagement", "score", "probability", "grade", "action", "reason_3"} <= set(scored.columns)


def test_the_page_on_own_leads_ends_with_two_versions(after_own_leads: Path) -> None:
    assert {path.name for path in (after_own_leads / "models/leads").glob("v*")} == {"v1", "v2"}


@pytest.mark.parametrize("page", [page for page in RUN if page not in (TUTORIAL, *AFTER.values())])
def test_the_examples_of_a_page_run(
    page: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start: Path = request.getfixturevalue("after_own_leads" if page in AFTER else "after_tutorial")
    shutil.copytree(start, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    follow(page)


@pytest.mark.parametrize("page", [page for page in PAGES if any(block.language == "toml" for block in blocks(page))])
def test_the_configurations_of_a_page_are_understood(page: str) -> None:
    for block in blocks(page):
        if block.language == "toml":
            leads = "" if "leads" in tomllib.loads(block.content) else '[leads]\nsource = "x.csv"\noutcome = "won"\n'
            assert settings_of(block.content + leads, page).leads.outcome
