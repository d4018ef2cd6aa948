"""A small point table made by hand, and a registry in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability
from leadml.registry import Registry, open_store, store_uri


@pytest.fixture
def table() -> PointTable:
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


@pytest.fixture
def registry(tmp_path: Path, models: Callable[[Path], Path]) -> Registry:
    folder = models(tmp_path / "models")
    return Registry(open_store(folder, store_uri(folder)))
