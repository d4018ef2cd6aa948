"""Codes in a column of floating-point numbers, which pandas makes of a column with gaps: 6201.0 is the category 6201.

Some engines write such a number as the text 6201.0. They are asked whether the column holds numbers, and compare these
as numbers; a text 6201.0 stays one. The other engines write 6201, and need no help.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from leadml.export.sql import literals
from leadml.export.sql.expressions import case_of, negated, within

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect

# The function that names the type of a value, and how the names of types with decimals begin.
_BEGIN = 7
_REALS: MappingProxyType[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "duckdb": ("TYPEOF", ("DOUBLE", "FLOAT", "DECIMAL")),
        "sqlite": ("TYPEOF", ("real",)),
        "postgres": ("PG_TYPEOF", ("double ", "real", "numeric")),
        "spark": ("TYPEOF", ("double", "float", "decimal")),
    }
)
_WITH_POINT = re.compile(r"[+-]?[0-9]+\.0")


def codes_of(values: Iterable[str]) -> tuple[str, ...]:
    """List the categories that floating-point numbers stand for; none where one is told from another by its point.

    Examples
    --------
    >>> codes_of(["6201", "other", "06", "9007199254740993"]), codes_of(["1", "1.0"])
    (('6201',), ())
    """
    known = list(values)
    if any(_WITH_POINT.fullmatch(value) for value in known):
        return ()
    return tuple(value for value in known if re.fullmatch("-?[0-9]+", value) and _is_float(value))


def is_code(raw: exp.Column, text: exp.Expression, codes: Sequence[str], dialect: Dialect) -> exp.Expression | None:
    """Return the condition that a column holds a number that is one of some codes; None where its text says so.

    Parameters
    ----------
    raw, text : Expression
        The column, and the column as text.
    codes : sequence of str
        Of `codes_of`.
    dialect : Dialect
        The engine's.
    """
    if dialect.name not in _REALS or not codes:
        return None
    numbers = [literals.number(code, dialect) for code in codes]
    return _of_reals(raw, text, within(_double(raw, text, dialect), numbers), dialect)


def is_endless(raw: exp.Column, text: exp.Expression, dialect: Dialect) -> exp.Expression | None:
    """Return the condition that a column holds NaN or an infinity, which are missing; None where nothing can tell."""
    from sqlglot import exp

    if dialect.name not in _REALS:
        return None
    size = exp.Abs(this=_double(raw, text, dialect))
    endless = negated(exp.LTE(this=size, expression=exp.Literal.number(literals.LARGEST)))
    return _of_reals(raw, text, endless, dialect)


def _of_reals(raw: exp.Column, text: exp.Expression, holds: exp.Expression, dialect: Dialect) -> exp.Expression:
    """Ask about numbers only: within a CASE, so that no engine reads a text as a number first."""
    from sqlglot import exp

    function, names = _REALS[dialect.name]
    kind = exp.Cast(this=exp.Anonymous(this=function, expressions=[raw.copy()]), to=exp.DataType.build("text"))
    begin = exp.Substring(this=kind, start=exp.Literal.number(1), length=exp.Literal.number(_BEGIN))
    return case_of([(within(begin, [exp.Literal.string(name) for name in names]), holds)], exp.false())


def _double(raw: exp.Column, text: exp.Expression, dialect: Dialect) -> exp.Expression:
    from sqlglot import exp

    double = exp.DataType.build("double")
    if dialect.name == "duckdb":
        return exp.TryCast(this=raw.copy(), to=double)
    # SQLite's texts have 15 digits; the others refuse to cast what can be no number, such as dates, but for its text.
    return exp.Cast(this=raw.copy() if dialect.name == "sqlite" else text.copy(), to=double)


def _is_float(code: str) -> bool:
    value = float(code)
    return math.isfinite(value) and str(int(value)) == code
