"""A registry with an empty store, a version that is ready to be published, and a nursery for jobs that die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadml.jobs.training.publish import Draft
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
from tests.jobs.faults.nursery import Nursery, nursery


@pytest.fixture(scope="session")
def jobs_loaded() -> Iterator[Nursery]:
    with nursery() as mine:
        yield mine


@pytest.fixture
def out(tmp_path: Path, models: Callable[[Path], Path]) -> Path:
    return models(tmp_path / "models")


@pytest.fixture
def registry(out: Path) -> Registry:
    return Registry(open_store(out, store_uri(out)))


@pytest.fixture
def draft(table: PointTable) -> Draft:
    return Draft(table, {"point_table.json": table.to_json(), "kpi.json": b"{}\n"}, description="words")
