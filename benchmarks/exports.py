"""Every export in every engine: is a single number other than the point table's, and how fast is it?

Run by hand: ``python benchmarks/exports.py > benchmarks/exports.txt`` (half an hour on two cores; ``make engines``
first), or with the names of some engines, and ``reading`` for what comes last. For each engine at least 20 tables and
20,000 leads (3,000 in LibreOffice, for Salesforce's formulas and for DMN), random and adversarial, from
tests/export/parity.py; every sub-score, score, grade, action and reason that comes back is compared with
PointTable.score. Then the mutation check: of a table with a point, closure, missing rule or conjunction changed,
each change must show. Leads per second are by the clock, values handed over and answers read back, of the typical table
and of all of them; for DuckDB and SQLite the query is set against reading the columns (max over each) and against
writing them. The exit code is 1 where anything differs, a mutation stays unseen, or there are too few tables or leads.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ[_name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadml.export import export  # noqa: E402  after the number of threads is set
from leadml.points.table import PointTable  # noqa: E402
from tests.export.parity import Domain, accepted, differences, leads, mutants, tables  # noqa: E402

MOST, FEWEST, SEED = 56, 20, 2026
MUTATIONS = ("points", "closure", "missing", "conjunction")


@dataclass(frozen=True)
class Engine:
    """A runner among tests/export/engines: its target, the options of the export, and leads per table."""

    runner: str
    target: str
    options: dict[str, Any] = field(default_factory=dict)
    leads: int = 750
    least: int = 20_000

    @property
    def module(self) -> Any:
        return import_module(f"tests.export.engines.{self.runner}")

    @property
    def domain(self) -> Domain:
        """What the engine takes, as its runner or the tests of its target say."""
        stated = import_module(f"tests.export.test_{self.target}") if self.target in ("excel", "salesforce") else None
        return getattr(stated or self.module, "DOMAIN", Domain())


FEW = {"leads": 150, "least": 3000}
ENGINES = (
    Engine("sql_duckdb", "sql", {"dialect": "duckdb"}, 4000),
    Engine("sql_sqlite", "sql", {"dialect": "sqlite"}, 4000),
    Engine("sql_postgres", "sql", {"dialect": "postgres"}, 2000),
    Engine("sql_mysql", "sql", {"dialect": "mysql"}, 2000),
    Engine("sql_spark", "sql", {"dialect": "spark"}),
    Engine("jpmml", "pmml"),
    Engine("pypmml", "pmml"),
    Engine("feelin", "dmn", {}, **FEW),
    Engine("zen", "jdm"),
    Engine("zen_node", "jdm"),
    Engine("jsonlogic_node", "jsonlogic"),
    Engine("jsonlogic_js", "jsonlogic"),
    Engine("jsonlogic_python", "jsonlogic"),
    Engine("libreoffice", "excel", {"rows": 150}, **FEW),
    Engine("salesforce", "salesforce", {}, **FEW),
    Engine("chromium", "html"),
    Engine("python", "python"),
)


def wanted(engine: Engine) -> tuple[list[tuple[PointTable, Any]], list[str]]:
    """Export tables, plain ones too where the target refuses too many of the hostile; and name the refused."""
    taken, refused = accepted(tables(28, SEED), engine.target, **engine.options)
    if len(taken) < FEWEST:
        more, others = accepted(tables(MOST - 28, SEED + 1, plain=True), engine.target, **engine.options)
        taken, refused = [*taken, *more], [*refused, *others]
    return taken, [table.name for table, _ in refused]


def compare(engine: Engine) -> tuple[str, list[str]]:
    """Run all tables, and say what is wrong."""
    runner, rows, differing, spent = engine.module, 0, 0, 0.0
    taken, refused = wanted(engine)
    wrong = [] if len(taken) >= FEWEST else [f"only {len(taken)} tables"]
    per_table = max(engine.leads, -(-engine.least // max(len(taken), 1)))
    for number, (table, printed) in enumerate(taken):
        frame = leads(table, per_table, SEED + number, engine.domain)
        begun = time.perf_counter()
        found = runner.run(printed, frame, table)
        spent += time.perf_counter() - begun
        unequal = differences(table, frame, found)
        rows, differing = rows + len(frame), differing + len(unequal)
        if len(unequal):
            wrong.append(f"{table.name}: {unequal.iloc[0].to_dict()}")
    unseen = mutations(engine)
    wrong += [f"the mutation of {what} stays unseen" for what in unseen]
    seen = f"{len(MUTATIONS) - len(unseen)} of {len(MUTATIONS)}"
    line = f"{engine.runner:17s} {engine.target:11s} {len(taken):6d} {rows:9,d} {differing:11,d} {seen:>9s}"
    line += f" {throughput(engine, per_table):12,.0f} {rows / spent:10,.0f}"
    return "\n    refused by name: ".join([line, *([", ".join(refused)] if refused else [])]), wrong


def throughput(engine: Engine, rows: int) -> float:
    """Score more leads of the typical table, and give leads per second."""
    table = tables(1, SEED)[0]
    frame = leads(table, rows if engine.least < 20_000 else 20_000, SEED, engine.domain)
    printed = export(table, engine.target, **engine.options)
    begun = time.perf_counter()
    engine.module.run(printed, frame, table)
    return len(frame) / (time.perf_counter() - begun)


def mutations(engine: Engine) -> list[str]:
    """List the details whose change does not show."""
    unseen = list(MUTATIONS)
    for table in tables(12, SEED + 2, plain=True):
        frame = leads(table, 300, SEED, engine.domain)
        for what, changed in mutants(table):
            if what in unseen:
                found = engine.module.run(export(changed, engine.target, **engine.options), frame, table)
                if len(differences(table, frame, found)):
                    unseen.remove(what)
        if not unseen:
            return []
    return unseen


def against_reading(rows: int = 1_000_000) -> None:
    """Set the query against reading and writing the columns, in DuckDB and SQLite; CPU seconds of this process."""
    import duckdb

    table = tables(1, SEED)[0]
    frame = leads(table, rows, SEED)
    print(f"\nSQL of a table with {len(table.features)} columns and {table.n_rules} rules, CPU seconds, one thread")
    print(f"{'':8s} {'leads':>10s} {'reading':>9s} {'writing':>9s} {'scores':>9s} {'all':>9s}  of reading  of writing")
    with duckdb.connect(":memory:", config={"threads": 1}) as duck:
        duck.register("given", frame)
        duck.execute("CREATE TABLE leads AS SELECT * FROM given")
        _against("DuckDB", rows, table, "duckdb", lambda text: duck.execute(text).fetchall())
    lite = sqlite3.connect(":memory:")
    part = frame.head(rows // 5)
    part.astype(dict.fromkeys(part.select_dtypes("boolean").columns, "Int64")).to_sql("leads", lite, index=False)
    _against("SQLite", len(part), table, "sqlite", lambda text: lite.execute(text).fetchall())
    lite.close()


def _against(name: str, rows: int, table: PointTable, dialect: str, run: Any) -> None:
    query = export(table, "sql", dialect=dialect)
    columns = ", ".join(f'max("{feature.name}")' for feature in table.features)
    scores = ", ".join(f'sum("{dimension.name}")' for dimension in table.dimensions)
    asked = {
        "reading": f"SELECT {columns} FROM leads",
        "writing": "CREATE TEMP TABLE copied AS SELECT * FROM leads",
        "scores": f"SELECT {scores}, sum(score), max(grade), max(action) FROM (\n{query}\n) AS scored",
        "all": f"CREATE TEMP TABLE scored AS\n{query}",
    }
    spent = {}
    for what, text in asked.items():
        tries = []
        for _ in range(3):
            run(f"DROP TABLE IF EXISTS {'copied' if what == 'writing' else 'scored'}")
            begun = time.process_time()
            run(text)
            tries.append(time.process_time() - begun)
        spent[what] = min(tries)
    seconds = " ".join(f"{spent[what]:9.3f}" for what in asked)
    ratios = f"{spent['scores'] / spent['reading']:10.1f}x {spent['all'] / spent['writing']:10.1f}x"
    print(f"{name:8s} {rows:10,d} {seconds} {ratios}", flush=True)


def main(names: list[str]) -> int:
    """Run all engines, or those named."""
    print(
        f"{'engine':17s} {'target':11s} {'tables':>6s}     leads differences mutations    typical/s      all/s",
        flush=True,
    )
    failed = []
    for engine in ENGINES:
        if names and engine.runner not in names:
            continue
        reason = engine.module.missing()
        if reason:
            print(f"{engine.runner:17s} {engine.target:11s} NOT RUN: {reason}", flush=True)
            failed.append(engine.runner)
            continue
        line, wrong = compare(engine)
        print(line, flush=True)
        for trouble in wrong:
            print(f"    WRONG {trouble}", flush=True)
        failed += [engine.runner] if wrong else []
    if not names or "reading" in names:
        against_reading()
    print("\nzero differences, every mutation seen" if not failed else f"\nFAILED: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
