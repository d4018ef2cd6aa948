"""What tells the engines apart: one row each; everything that is written differently follows from it.

Ways of carrying what is worked out for a lead to where it is used again (see `shapes`): *exclude* where an engine can
leave helper columns out of a star, *apply* where a join may look at the row on its left, *inline* where it can neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leadml.export import wording

Name = Literal["duckdb", "sqlite", "postgres", "mysql", "spark", "snowflake", "bigquery", "redshift", "tsql"]
Shape = Literal["exclude", "apply", "inline"]
Unit = Literal["characters", "bytes", "code units"]

DEFAULT = "duckdb"
NUMBERS = "Number columns: any numeric type."
LOOSE_NUMBERS = "Number columns: any numeric type, or text that holds decimals; other text counts as missing."
TEXTS = "Category columns: text or whole numbers, in a column without a collation of its own."
ALL_TEXTS = "Category columns: text or whole numbers; every code point counts, whatever the collation."
CODES = "Category columns: text, or whole numbers in a column of any numeric type"
ALL_CODES = f"{CODES}; every code point counts, whatever the collation."
TRUTHS = "Boolean columns: BOOLEAN, 0 and 1, or true, false, yes, no in any case."
ONLY_TRUTHS = "Boolean columns: BOOLEAN."


@dataclass(frozen=True)
class Dialect:
    """What an engine needs.

    Parameters
    ----------
    name : str
        As sqlglot calls the dialect.
    engine : str
        As people call the engine.
    shape : {"exclude", "apply", "inline"}
        How rows carry what is used twice.
    ignores_case : bool
        Whether names that differ in case only are one name.
    longest : int or None
        How long a name may be.
    unit : {"characters", "bytes", "code units"}
        In what that is counted.
    forbidden : str
        Characters that no name can have.
    booleans : bool
        Whether there are booleans that differ from 0 and 1.
    finite : bool
        Whether there is neither NaN nor infinity.
    loose : bool
        Whether numbers may be stored as text.
    ascii_case : bool
        Whether `ignores_case` is about the letters A to Z only.
    domain : tuple of str
        Which columns it takes, in sentences.
    """

    name: Name
    engine: str
    shape: Shape
    ignores_case: bool = True
    longest: int | None = None
    unit: Unit = "characters"
    forbidden: str = ""
    booleans: bool = True
    finite: bool = False
    loose: bool = False
    ascii_case: bool = False
    domain: tuple[str, ...] = (NUMBERS, TEXTS, TRUTHS)


_NO_FLEXIBLE = '!"$()*,./;?@[\\]^`{}~'
_MYSQL = (
    NUMBERS,
    ALL_TEXTS,
    TRUTHS,
    "The connection speaks utf8mb4, and backslashes escape (NO_BACKSLASH_ESCAPES off).",
)
_DIALECTS = (
    Dialect("duckdb", "DuckDB", "exclude", loose=True, domain=(LOOSE_NUMBERS, ALL_CODES, TRUTHS)),
    Dialect(
        "sqlite", "SQLite", "inline", booleans=False, loose=True, ascii_case=True,
        domain=(LOOSE_NUMBERS, ALL_CODES, TRUTHS, "Needs SQLite's function EXP (3.35, as most builds have it)."),
    ),
    Dialect(
        "postgres", "PostgreSQL", "apply", ignores_case=False, longest=63, unit="bytes",
        domain=(NUMBERS, ALL_CODES, TRUTHS),
    ),
    Dialect("mysql", "MariaDB and MySQL", "inline", longest=64, booleans=False, finite=True, domain=_MYSQL),
    Dialect("spark", "Spark", "exclude", domain=(NUMBERS, f"{CODES}; no collation of its own.", TRUTHS)),
    Dialect("snowflake", "Snowflake", "exclude", ignores_case=False, longest=255),
    Dialect("bigquery", "BigQuery", "exclude", longest=300, forbidden=_NO_FLEXIBLE, loose=True,
            domain=(LOOSE_NUMBERS, TEXTS, TRUTHS)),
    Dialect("redshift", "Redshift", "exclude", longest=127, unit="bytes", domain=(NUMBERS, TEXTS, ONLY_TRUTHS)),
    Dialect(
        "tsql", "SQL Server", "apply", longest=128, unit="code units", booleans=False, finite=True,
        domain=(NUMBERS, ALL_TEXTS, TRUTHS),
    ),
)  # fmt: skip
_ALSO = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql", "mssql": "tsql", "databricks": "spark"}


def dialect_of(name: str) -> Dialect:
    """Find a dialect by its name or another name of its engine.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> dialect_of("MariaDB").name, dialect_of("postgres").engine
    ('mysql', 'PostgreSQL')
    """
    wanted = name.strip().lower()
    for dialect in _DIALECTS:
        if dialect.name == _ALSO.get(wanted, wanted):
            return dialect
    raise wording.unknown_dialect(name, names())


def names() -> tuple[str, ...]:
    """List the names of all dialects."""
    return tuple(dialect.name for dialect in _DIALECTS)
