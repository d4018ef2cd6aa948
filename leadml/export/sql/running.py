"""Runs an export in an engine that lives in this process: DuckDB or SQLite."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from leadml.export import wording
from leadml.export.sql.dialects import dialect_of
from leadml.export.sql.names import identifier, relation, relation_parts

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.stamp import Stamp

PLACE = "leadml_place"  # leads are numbered, because a relation has no order
_TYPES = {
    "duckdb": {"number": "DOUBLE", "category": "VARCHAR", "boolean": "BOOLEAN"},
    "sqlite": {"number": "REAL", "category": "TEXT", "boolean": "INTEGER"},
}


def engine() -> str:
    """Name the engines at hand."""
    return "DuckDB and SQLite"


def run(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    """Score leads with an export, in memory.

    Parameters
    ----------
    printed : str
        A query or a view for DuckDB or SQLite; of an export with features the one that scores.
    stamp : Stamp
        Its stamp.
    leads : DataFrame of n leads
        A column for every feature.

    Returns
    -------
    DataFrame of n leads
        One column per dimension, score, probability, grade, action, reason_1 to reason_3.

    Raises
    ------
    UsageError
        If it is for another engine.
    DataError
        If the engine refuses it.
    """
    name = str(stamp.options.get("dialect"))
    if name not in _TYPES:
        raise wording.no_engine_for_dialect(name, tuple(_TYPES))
    return (_in_duckdb if name == "duckdb" else _in_sqlite)(printed, stamp, leads)


def _in_duckdb(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    import duckdb

    source = str(stamp.options["relation"])
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
        try:
            for schema in relation_parts(source)[:-1]:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
            connection.execute(_create(stamp))
            connection.register("leadml_frame", _values(leads, stamp))
            connection.execute(f"INSERT INTO {_relation(source)} SELECT * FROM leadml_frame")
            found: pd.DataFrame = connection.execute(_asked(printed, stamp, connection)).df()
        except duckdb.Error as fault:
            raise wording.engine_failed("sql", str(fault)) from None
    return _result(found, leads, stamp)


def _in_sqlite(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    source = str(stamp.options["relation"])
    connection = sqlite3.connect(":memory:")
    try:
        for schema in relation_parts(source)[:-1]:
            connection.execute(f"ATTACH ':memory:' AS {_quoted(schema)}")
        connection.execute(_create(stamp))
        rows = _values(leads, stamp)
        marks = ", ".join("?" * rows.shape[1])
        connection.executemany(
            f"INSERT INTO {_relation(source)} VALUES ({marks})", rows.astype(object).to_numpy().tolist()
        )
        cursor = connection.execute(_asked(printed, stamp, connection))
        names = [entry[0] for entry in cursor.description]
        found = pd.DataFrame(cursor.fetchall(), columns=pd.Index(names), dtype=object)
    except sqlite3.Error as fault:
        raise wording.engine_failed("sql", str(fault)) from None
    finally:
        connection.close()
    return _result(found, leads, stamp)


def _asked(printed: str, stamp: Stamp, connection: Any) -> str:
    """Return what is to be asked: the query itself, or the view that it makes."""
    view = stamp.options.get("view")
    if view is None:
        return printed
    for schema in set(relation_parts(str(view))[:-1]) - set(relation_parts(str(stamp.options["relation"]))[:-1]):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
    connection.execute(printed)
    return f"SELECT * FROM {_relation(str(view))}"


def _create(stamp: Stamp) -> str:
    types = _TYPES[str(stamp.options["dialect"])]
    columns = [f"{_quoted(name)} {types[kind]}" for name, kind in stamp.options["columns"].items()]
    return f"CREATE TABLE {_relation(str(stamp.options['relation']))} ({', '.join([f'{PLACE} BIGINT', *columns])})"


def _values(leads: pd.DataFrame, stamp: Stamp) -> pd.DataFrame:
    """Return the leads as the columns of their table: their place, then a column of plain values per feature."""
    import numpy as np
    import pandas as pd

    columns: list[Any] = [np.arange(len(leads))]
    for name, kind in stamp.options["columns"].items():
        values = leads[name].astype(object)
        values = values.where(~pd.isna(values), None)
        columns.append(values.astype("float64") if kind == "number" else values)
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(len(leads)))
    return frame.astype(object).where(frame.notna(), None) if stamp.options["dialect"] == "sqlite" else frame


def _result(found: pd.DataFrame, leads: pd.DataFrame, stamp: Stamp) -> pd.DataFrame:
    ordered = found.sort_values(PLACE, kind="stable").iloc[:, 1 + len(stamp.options["columns"]) :]
    return ordered.set_axis(leads.index, axis="index")


def _quoted(name: str) -> str:
    return identifier(name).sql("duckdb")


def _relation(text: str) -> str:
    return relation(text, dialect_of("duckdb")).sql("duckdb")
