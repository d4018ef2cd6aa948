"""What tests of several rooms share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

PROJECT = Path(__file__).resolve().parents[1]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in the last lines which engines were not at hand, and how many tests were skipped for them."""
    from tests.export.absent_engines import told

    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(where[2]) for where in skipped if isinstance(where, tuple)]
    for line in told(reasons):
        terminalreporter.write_line(line)


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


@pytest.fixture
def table() -> PointTable:
    """A small point table made by hand."""
    city = Feature(
        "City",
        "fit",
        "category",
        (
            Rule("City:0", "set", 7, values=("Wien", "=1+1", 'a "quoted" one')),
            Rule("City:1", "other", 0, neutral=True),
            Rule("City:2", "missing", -4),
        ),
    )
    visits = Feature(
        "visits 7d",
        "engagement",
        "number",
        (
            Rule("visits 7d:0", "range", 0, hi="2.5", neutral=True),
            Rule("visits 7d:1", "range", 12, lo="2.5"),
            Rule("visits 7d:2", "missing", -3),
        ),
    )
    customer = Feature(
        "customer",
        "fit",
        "boolean",
        (
            Rule("customer:0", "set", 0, neutral=True, values=("false",)),
            Rule("customer:1", "set", 9, values=("true",)),
            Rule("customer:2", "missing", 1),
        ),
    )
    return PointTable(
        name="acme",
        dimensions=(
            Dimension("fit", 30, (("A", 38), ("B", 31), ("C", 27), ("D", None))),
            Dimension("engagement", 10),
        ),
        features=(city, visits, customer),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
        actions=(("hand to sales", 45), ("nurture", 35), ("disqualify", None)),
    ).with_verification()


def small_history(leads: int = 400, seed: int = 0) -> pd.DataFrame:
    """Leads with a planted effect of each column, few enough to learn from in a second."""
    rng = np.random.default_rng(seed)
    visits = rng.poisson(2, leads)
    city = rng.choice(["Wien", "Graz", "Linz", ""], leads, p=[0.4, 0.3, 0.2, 0.1])
    customer = rng.random(leads) < 0.3
    logit = -1.4 + 0.9 * (visits > 2) + 0.9 * (city == "Wien") - 0.9 * customer
    won = rng.random(leads) < 1 / (1 + np.exp(-logit))
    days = pd.date_range("2024-01-01", periods=leads, freq="6h").strftime("%Y-%m-%dT%H:%M:%SZ")
    return pd.DataFrame(
        {
            "lead_id": [f"L-{number:05d}" for number in rng.permutation(leads)],
            "created": days,
            "visits": visits,
            "city": city,
            "customer": np.where(customer, "yes", "no"),
            "status": np.where(won, "won", "lost"),
        }
    )


@pytest.fixture(scope="session")
def leads_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small history as a CSV file."""
    path = tmp_path_factory.mktemp("leads") / "leads.csv"
    small_history().to_csv(path, index=False)
    return path
