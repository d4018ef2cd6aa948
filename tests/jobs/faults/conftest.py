"""One house for all tests of faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.faults.house import House, built
from tests.jobs.faults.nursery import Nursery


@pytest.fixture(scope="session")
def house(jobs_loaded: Nursery, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    return built(tmp_path_factory.mktemp("house"), jobs_loaded, empty_store)
