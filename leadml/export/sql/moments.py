"""Moments in an engine: a column as whole microseconds since 1970 in UTC, which every engine compares alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect

DAY_US = 86_400_000_000
SECOND_US = 1_000_000
# Engines whose moments are known to be those of `leadml features`, because tests run them.
ENGINES = ("duckdb", "sqlite", "postgres", "mysql")
DOMAIN = {
    "duckdb": "Moments: TIMESTAMP in UTC, or TIMESTAMP WITH TIME ZONE.",
    "sqlite": "Moments: text in UTC such as 2024-03-31 14:05:00.123456, with T or a blank. Another text is "
    "none if it has no digit; else it ends the query and is shown (03.01.2023, or an offset).",
    "postgres": "Moments: timestamp in UTC, or timestamptz.",
    "mysql": "Moments: DATETIME in UTC.",
}

WRITTEN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
UNREADABLE = "no moment in UTC such as 2024-03-31 14:05:00: "


def microseconds(moment: exp.Expression, dialect: Dialect) -> exp.Expression:
    """Return a column of moments as microseconds since 1970 in UTC."""
    from sqlglot import exp

    if dialect.name == "duckdb":
        return exp.Anonymous(this="EPOCH_US", expressions=[moment])
    if dialect.name == "mysql":
        start = exp.Literal.string("1970-01-01")
        unit = exp.Var(this="MICROSECOND")
        return exp.Anonymous(this="TIMESTAMPDIFF", expressions=[unit, start, moment])
    if dialect.name == "postgres":
        seconds = exp.Extract(this=exp.Var(this="EPOCH"), expression=moment)
        return exp.Cast(this=exp.Mul(this=seconds, expression=_number(SECOND_US)), to=exp.DataType.build("bigint"))
    return _of_text(moment)


def now(dialect: Dialect) -> exp.Expression:
    """Return the present moment in microseconds."""
    from sqlglot import exp

    if dialect.name == "mysql":
        return microseconds(exp.Anonymous(this="UTC_TIMESTAMP", expressions=[_number(6)]), dialect)
    if dialect.name == "duckdb":
        return microseconds(exp.Anonymous(this="NOW"), dialect)
    return microseconds(exp.CurrentTimestamp(), dialect)


def instant(text: str) -> int | None:
    """Read an instant in ISO 8601, in UTC where it names no offset, as microseconds; None where it is none.

    Examples
    --------
    >>> instant("1970-01-02T00:00:00Z"), instant("1970-01-02 01:00:00+01:00"), instant("created_at")
    (86400000000, 86400000000, None)
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND_US + since.microseconds


def _of_text(moment: exp.Expression) -> exp.Expression:
    """Read SQLite's texts: whole seconds by its own reader, which keeps no microseconds, and those by their digits."""
    from sqlglot import exp

    def piece(of: exp.Expression, start: int, length: int | None = None) -> exp.Expression:
        return exp.Substring(this=of, start=_number(start), length=None if length is None else _number(length))

    def like(of: exp.Expression, pattern: str) -> exp.Expression:
        return exp.Glob(this=of, expression=exp.Literal.string(pattern))

    seconds = exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string("%s"), piece(moment.copy(), 1, 19)])
    digits = exp.Anonymous(this="RTRIM", expressions=[piece(moment.copy(), 21), exp.Literal.string("Z")])
    padded = exp.Paren(this=exp.DPipe(this=digits, expression=exp.Literal.string("000000"), safe=True))
    whole = exp.Mul(this=_integer(seconds), expression=_number(SECOND_US))
    total = exp.Add(this=whole, expression=_integer(piece(padded, 1, 6)))
    strange = like(piece(moment.copy(), 20), "*[^.0-9Z]*")
    known = exp.And(this=like(moment.copy(), WRITTEN), expression=exp.Not(this=strange))
    read = exp.Case(ifs=[exp.If(this=known, true=total)])
    other = exp.Case(ifs=[exp.If(this=like(moment.copy(), "*[0-9]*"), true=_stopping(moment))])
    return exp.Coalesce(this=read, expressions=[other])


def _stopping(moment: exp.Expression) -> exp.Expression:
    """End the query with an error that shows a moment: SQLite raises in triggers only, and shows paths that are none.

    Were it null instead, leads whose events are written otherwise would have no events, and nobody would know.
    """
    from sqlglot import exp

    path = exp.DPipe(this=exp.Literal.string(UNREADABLE), expression=moment.copy(), safe=True)
    return exp.Anonymous(this="JSON_EXTRACT", expressions=[exp.Literal.string("{}"), path])


def _integer(what: exp.Expression) -> exp.Expression:
    from sqlglot import exp

    return exp.Cast(this=what, to=exp.DataType.build("int"))


def _number(value: int) -> exp.Expression:
    from sqlglot import exp

    return exp.Literal.number(value)
