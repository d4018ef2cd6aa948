"""The command line in this process, and a folder with a trained table to use it on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leadml.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `leadml ARGUMENTS` in an empty folder."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments], prog_name="leadml")


@pytest.fixture(scope="session")
def trained_once(leads_csv: Path, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("trained")
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models")
    shutil.copy(leads_csv, folder)
    store = f"sqlite:///{folder / 'models' / 'mlflow.db'}"
    command = ["train", f"{folder}/leads.csv", "--outcome", "status", "--id", "lead_id", "--order", "created"]
    command += ["--out", f"{folder}/models", "--tracking-uri", store]
    return folder, CliRunner().invoke(main, command, prog_name="leadml")


@pytest.fixture
def trained(run: Run, trained_once: tuple[Path, Result], tmp_path: Path) -> Path:
    """The current folder, holding leads.csv and models/leads/v1; the store still names its first place."""
    source, result = trained_once
    assert result.exit_code == 0, result.stderr
    for name in ("models", "leads.csv"):
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, tmp_path / name)
    return tmp_path
