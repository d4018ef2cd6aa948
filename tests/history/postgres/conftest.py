"""A real server for the tests beside, one per worker, and a database of its own for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.history.postgres.server import Postgres, programs, running

PASSWORD = "c4n4ry/@: %sécret"
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Crm:
    """A database, whose address for the user ``ada`` stands in ``CRM_URL``."""

    server: Postgres
    name: str

    def tell(self, *statements: str) -> None:
        self.server.tell(*statements, database=self.name)

    def load(self, name: str, table: object) -> None:
        self.server.load(name, table, database=self.name)
        self.tell(f'GRANT SELECT ON "{name}" TO ada')


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    binaries = programs()
    if binaries is None:
        missing = "PostgreSQL's server is not installed (initdb and postgres in PATH or /usr/lib/postgresql/*/bin)"
        if os.environ.get("LEADML_REQUIRE_ENGINES") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with running(binaries) as server:
        server.tell(f"CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'", "CREATE ROLE poor LOGIN PASSWORD 'p'")
        yield server


@pytest.fixture
def crm(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    name = f"crm {next(NUMBERS)}"
    postgres.tell(f'CREATE DATABASE "{name}"')
    monkeypatch.setenv("CRM_URL", postgres.address("ada", PASSWORD, name))
    yield Crm(postgres, name)
    postgres.tell(f'DROP DATABASE "{name}" WITH (FORCE)')
