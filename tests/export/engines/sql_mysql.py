"""MariaDB: a server of its own for all tests of a process, with its usual collation, which ignores case."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from importlib.util import find_spec
from typing import Any

import pandas as pd

from leadml.export.sql.dialects import dialect_of
from leadml.export.sql.names import identifier
from leadml.points.table import PointTable

from ..parity import Domain
from .columns import arrow, result
from .mariadb_server import programs, running

TYPES = {"int64": "BIGINT", "double": "DOUBLE", "string": "TEXT", "bool": "BOOLEAN"}

DOMAIN = Domain(infinities=False)  # it has none


def missing() -> str | None:
    if programs() is None:
        return "MariaDB's server is not installed (mariadbd and mariadb-install-db)"
    return None if find_spec("pymysql") else "PyMySQL is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    del table
    given = arrow(printed, leads)
    columns = ", ".join(f"{quoted(field.name)} {TYPES[str(field.type)]}" for field in given.schema)
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS leads")
        cursor.execute(f"CREATE TABLE leads ({columns}) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
        rows = [[None if value != value else value for value in row.values()] for row in _rows(given)]
        marks = ", ".join(["%s"] * given.num_columns)
        cursor.executemany(f"INSERT INTO leads VALUES ({marks})", rows)
        cursor.execute(printed)
        names = [entry[0] for entry in cursor.description]
        return result(names, list(cursor.fetchall()), leads, given.num_columns - 1)


def quoted(name: str) -> str:
    return identifier(name).sql(dialect_of("mysql").name)


def _rows(given: Any) -> list[dict[int, Any]]:
    return given.rename_columns([str(k) for k in range(given.num_columns)]).to_pylist()


@cache
def connect() -> Any:
    import pymysql

    found = programs()
    assert found is not None
    stack = ExitStack()
    atexit.register(stack.close)
    socket = stack.enter_context(running(*found))
    connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4", autocommit=True)
    stack.callback(connection.close)
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE crm CHARACTER SET utf8mb4")
        cursor.execute("USE crm")
    return connection
