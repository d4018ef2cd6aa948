"""How fast each engine scores leads with the exported SQL, and what that costs beside reading the columns.

Run: python benchmarks/sql.py [--leads 1000000] [--engines duckdb sqlite postgres mysql spark]

One table with 30 features and conjunctions; the answer is summed up in the engine, so that no result travels. Beside
each stands the time for reading the same columns (the maximum over every column of the leads). Seconds are of this
process and machine: look at the ratios. Then a view is asked for one lead by its indexed id: the share of the time
that scoring all leads takes says whether the engine looks at that lead alone.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadml.export import export
from leadml.export.sql.dialects import dialect_of
from leadml.export.sql.names import identifier
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

SLOW = {"sqlite": 5, "postgres": 5, "mysql": 20, "spark": 20}  # so many times fewer leads
Ask = Callable[[str], Any]


def the_table() -> PointTable:
    features = [_number(k) for k in range(18)] + [_category(k) for k in range(8)] + [_boolean(k) for k in range(4)]
    together = tuple(Interaction(f"t{k}", (f"n{k}:3", f"c{k}:0"), "fit", 5) for k in range(3))
    return PointTable(
        name="thirty",
        dimensions=(
            Dimension("fit", 20, (("A", 60), ("B", 40), ("C", 20), ("D", None))),
            Dimension("engagement", 10, (("4", 30), ("3", 20), ("2", 10), ("1", None))),
        ),
        features=tuple(features),
        interactions=together,
        probability=Probability(-4, 0.05),
        top_cut=60,
        actions=(("hand to sales", 60), ("nurture", 30), ("disqualify", None)),
    )


def _number(k: int) -> Feature:
    cuts = [None, "10", "25.5", "50", "80", None]
    rules = [
        Rule(f"n{k}:{j}", "range", (j * 3 + k) % 9 - 3 if j else 0, not j, lo=cuts[j], hi=cuts[j + 1]) for j in range(5)
    ]
    return Feature(f"n{k}", "fit" if k < 9 else "engagement", "number", (*rules, Rule(f"n{k}:5", "missing", -2)))


def _category(k: int) -> Feature:
    sets = [tuple(f"value {3 * j + i}" for i in range(3)) for j in range(3)]
    rules = [Rule(f"c{k}:{j}", "set", 4 * j - k % 5 + 1, values=values) for j, values in enumerate(sets)]
    return Feature(
        f"c{k}", "fit", "category", (*rules, Rule(f"c{k}:3", "other", 0, True), Rule(f"c{k}:4", "missing", -3))
    )


def _boolean(k: int) -> Feature:
    yes, no = Rule(f"b{k}:0", "set", 4, values=("true",)), Rule(f"b{k}:1", "set", 0, True, values=("false",))
    return Feature(f"b{k}", "engagement", "boolean", (yes, no, Rule(f"b{k}:2", "missing", -1)))


def the_leads(table: PointTable, count: int) -> pa.Table:
    rng = np.random.default_rng(0)
    columns: dict[str, pa.Array] = {"id": pa.array(np.arange(count))}
    for feature in table.features:
        gone = rng.random(count) < 0.1
        if feature.type == "number":
            columns[feature.name] = pa.array(np.round(rng.random(count) * 100, 2), mask=gone)
        elif feature.type == "category":
            words = np.array([f"value {k}" for k in range(12)])
            columns[feature.name] = pa.array(words[rng.integers(0, 12, count)], mask=gone)
        else:
            columns[feature.name] = pa.array(rng.random(count) < 0.5, mask=gone)
    return pa.table(columns)


@contextmanager
def in_duckdb(leads: pa.Table) -> Iterator[Ask]:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given", leads)
        connection.execute("CREATE TABLE leads AS SELECT * FROM given")
        connection.execute("CREATE UNIQUE INDEX of_id ON leads (id)")
        yield lambda query: connection.execute(query).fetchall() or None


@contextmanager
def in_sqlite(leads: pa.Table) -> Iterator[Ask]:
    with sqlite3.connect(":memory:") as connection:
        leads.to_pandas().to_sql("leads", connection, index=False, chunksize=100_000)
        connection.execute("CREATE UNIQUE INDEX of_id ON leads (id)")
        yield lambda query: connection.execute(query).fetchall()


@contextmanager
def in_postgres(leads: pa.Table) -> Iterator[Ask]:
    runner = import_module("tests.export.engines.sql_postgres")
    with runner.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.adbc_ingest("leads", leads, mode="create")
        cursor.execute("CREATE UNIQUE INDEX of_id ON leads (id)")
        cursor.execute("ANALYZE leads")

        def ask(query: str) -> Any:
            cursor.execute(query)
            return cursor.fetchall() if query.startswith("SELECT") else None

        yield ask


@contextmanager
def in_mysql(leads: pa.Table) -> Iterator[Ask]:
    runner = import_module("tests.export.engines.sql_mysql")
    kinds = {"int64": "BIGINT PRIMARY KEY", "double": "DOUBLE", "string": "VARCHAR(40)", "bool": "BOOLEAN"}
    columns = ", ".join(f"{identifier(f.name).sql('mysql')} {kinds[str(f.type)]}" for f in leads.schema)
    with runner.connect().cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS leads")
        cursor.execute(f"CREATE TABLE leads ({columns}) CHARACTER SET utf8mb4")
        rows = [list(row.values()) for row in leads.to_pylist()]
        cursor.executemany(f"INSERT INTO leads VALUES ({', '.join(['%s'] * leads.num_columns)})", rows)

        def ask(query: str) -> Any:
            cursor.execute(query)
            return cursor.fetchall()

        yield ask


@contextmanager
def in_spark(leads: pa.Table) -> Iterator[Ask]:
    runner = import_module("tests.export.engines.sql_spark")
    session = runner.session()
    session.createDataFrame(leads).cache().createOrReplaceTempView("leads")
    for key, value in (("wholeStage", "true"), ("factoryMode", "FALLBACK")):
        session.conf.set(f"spark.sql.codegen.{key}", value)
    yield lambda query: session.sql(query).collect()


ENGINES = {"duckdb": in_duckdb, "sqlite": in_sqlite, "postgres": in_postgres, "mysql": in_mysql, "spark": in_spark}


def seconds(ask: Ask, query: str, times: int = 3) -> float:
    """The least wall time of some runs, the first of which warms up."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        ask(query)
        spent.append(time.perf_counter() - start)
    return min(spent)


def measure(name: str, table: PointTable, count: int) -> str:
    leads = the_leads(table, count // SLOW.get(name, 1))
    dialect = dialect_of(name)
    quoted = [identifier(column).sql(name) for column in leads.column_names]
    names = [d.name for d in table.dimensions]
    results = [*names, "score", "probability", "grade", "action", "reason_1", "reason_2", "reason_3"]
    every = ", ".join(f"MAX({identifier(column).sql(name)})" for column in results)
    numbers = ", ".join(f"MAX({identifier(column).sql(name)})" for column in [*names, "score"])
    plain = {"postgres": "MAX(CAST({} AS text))"}.get(name, "MAX({})")
    of_leads = ", ".join(plain.format(column) if column[1] == "b" else f"MAX({column})" for column in quoted)
    with ENGINES[name](leads) as ask:
        query = str(export(table, "sql", dialect=name))
        reading = seconds(ask, f"SELECT {of_leads} FROM leads")
        scores = seconds(ask, f"SELECT {numbers} FROM ({query}) AS found")
        scoring = seconds(ask, f"SELECT {every} FROM ({query}) AS found")
        one = float("nan")
        if name != "spark":
            ask(str(export(table, "sql", dialect=name, view="scored")))
            one = seconds(ask, f"SELECT * FROM scored WHERE {identifier('id').sql(name)} = 77")
            ask("DROP VIEW scored")
    rows = leads.num_rows
    return (
        f"{dialect.engine:18} {rows:>9,} {rows / reading / 1e3:>9,.0f}k {rows / scores / 1e3:>9,.0f}k "
        f"{rows / scoring / 1e3:>9,.0f}k {scores / reading:>9.1f} {scoring / reading:>9.1f} {one / scoring:>10.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--engines", nargs="+", default=list(ENGINES))
    asked = parser.parse_args()
    table = the_table()
    print(f"{len(table.features)} features, {table.n_rules} rules with points; leads per second; times that of reading")
    head = ("leads", "reading", "scores", "all", "scores/r.", "all/read", "1 lead/all")
    widths = (9, 10, 10, 10, 9, 9, 10)
    print(f"{'engine':18}", *(name.rjust(width) for name, width in zip(head, widths, strict=True)))
    for name in asked.engines:
        missing = import_module(f"tests.export.engines.sql_{name}").missing()
        print(f"{dialect_of(name).engine}: {missing}" if missing else measure(name, table, asked.leads), flush=True)


if __name__ == "__main__":
    main()
