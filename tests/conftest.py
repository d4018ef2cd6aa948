"""What tests of several rooms share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def test_data() -> Callable[[str], Path]:
    """Return a function that finds a public data file by name, and skips the test where there is none."""

    def find(name: str) -> Path:
        folder = Path(os.environ.get("LEADML_TEST_DATA", PROJECT.parent / "shared" / "data"))
        if not (folder / name).is_file():
            pytest.skip(f"{name} is not in {folder.name}; set LEADML_TEST_DATA to the folder that has it")
        return folder / name

    return find


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLflow database that is set up and empty: setting one up takes seconds, copying it does not."""
    from leadml.registry import open_store, store_uri

    folder = tmp_path_factory.mktemp("store")
    open_store(folder, store_uri(folder, f"sqlite:///{folder / 'mlflow.db'}"))
    return folder / "mlflow.db"


@pytest.fixture
def models(empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """A function that makes a models folder with an empty store, so that MLflow need not set one up."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def make(folder: Path) -> Path:
        folder.mkdir(parents=True)
        shutil.copy(empty_store, folder / "mlflow.db")
        return folder

    return make
