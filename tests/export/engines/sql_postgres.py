"""PostgreSQL: a server of its own for all tests of a process."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache

import pandas as pd

from leadml.points.table import PointTable

from ...history.postgres.server import Postgres, programs, running
from ..parity import Domain
from .columns import arrow, result

DOMAIN = Domain()


def missing() -> str | None:
    return None if programs() else "PostgreSQL's server is not installed (initdb and postgres)"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    del table
    given = arrow(printed, leads)
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute('DROP TABLE IF EXISTS "leads" CASCADE')
        cursor.adbc_ingest("leads", given, mode="create")
        cursor.execute(printed)
        names = [entry[0] for entry in cursor.description]
        return result(names, cursor.fetchall(), leads, given.num_columns - 1)


def connect():  # type: ignore[no-untyped-def]
    from adbc_driver_postgresql.dbapi import connect as connect_to

    return connect_to(server().admin(), autocommit=True)


@cache
def server() -> Postgres:
    binaries = programs()
    assert binaries is not None
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(running(binaries))
