"""One nursery and one house for all tests of faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.faults.house import House, built
from tests.jobs.faults.nursery import Nursery, nursery


@pytest.fixture(scope="session")
def jobs_loaded() -> Iterator[Nursery]:
    with nursery() as mine:
        yield mine


@pytest.fixture(scope="session")
def house(jobs_loaded: Nursery, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    return built(tmp_path_factory.mktemp("house"), jobs_loaded, empty_store)
