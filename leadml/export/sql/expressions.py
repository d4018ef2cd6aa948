"""Small pieces of SQL that several files put together: cases, chains, conditions, stars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from leadml.export.sql.names import identifier

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect

Columns: TypeAlias = "list[tuple[str, exp.Expression]]"
Branches: TypeAlias = "list[tuple[exp.Expression, exp.Expression]]"

CHUNK = 50  # terms between parentheses, so that no expression is nested deeper than engines take


def select(stars: Sequence[exp.Expression], columns: Columns) -> exp.Select:
    """Return a query of stars, then of columns with their names."""
    from sqlglot import exp

    made = [exp.Alias(this=expression, alias=identifier(name)) for name, expression in columns]
    return exp.Select(expressions=[*stars, *made])


def star(table: str, without: Sequence[str] = ()) -> exp.Column:
    """Return all columns of a table, but for some where the engine can leave columns out."""
    from sqlglot import exp

    left_out = [identifier(name) for name in without]
    every = exp.Star(except_=left_out) if left_out else exp.Star()
    return exp.Column(this=every, table=identifier(table))


def within(what: exp.Expression, values: Sequence[exp.Expression]) -> exp.Expression:
    """Return the condition that something is one of some values."""
    from sqlglot import exp

    if len(values) == 1:
        return exp.EQ(this=what, expression=values[0])
    return exp.In(this=what, expressions=list(values))


def negated(what: exp.Expression) -> exp.Expression:
    """Return the contrary of a condition."""
    from sqlglot import exp

    return exp.Not(this=what if isinstance(what, (exp.In, exp.Column, exp.Glob)) else exp.Paren(this=what))


def any_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Return the condition that one of some conditions holds."""
    from sqlglot import exp

    return _folded(conditions, exp.Or)


def all_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Return the condition that all of some conditions hold."""
    from sqlglot import exp

    return _folded(conditions, exp.And)


def case_of(
    branches: Branches, default: exp.Expression | None = None, operand: exp.Expression | None = None
) -> exp.Expression:
    """Return a CASE: what belongs to the first condition that holds, or to the first value equal to the operand."""
    from sqlglot import exp

    ifs = [exp.If(this=condition, true=result) for condition, result in branches]
    return exp.Case(this=operand, ifs=ifs, default=default)


def divided(left: exp.Expression, right: exp.Expression, dialect: Dialect) -> exp.Expression:
    """Divide as the engine does by itself, without guards."""
    from sqlglot import Dialect as Known
    from sqlglot import exp

    own = Known.get_or_raise(dialect.name)
    return exp.Div(this=left, expression=right, typed=own.TYPED_DIVISION, safe=own.SAFE_DIVISION)


def chained(terms: Sequence[exp.Expression], kind: type[exp.Expression]) -> exp.Expression:
    """Chain terms by an operator, in groups between parentheses where there are many."""
    from sqlglot import exp

    while len(terms) > CHUNK:
        groups = [terms[i : i + CHUNK] for i in range(0, len(terms), CHUNK)]
        terms = [exp.Paren(this=chained(group, kind)) for group in groups]
    return _folded(terms, kind)


def joined(texts: Sequence[exp.Expression]) -> exp.Expression:
    """Join texts, in groups between parentheses where there are many."""
    from sqlglot import exp

    while len(texts) > CHUNK:
        groups = [texts[i : i + CHUNK] for i in range(0, len(texts), CHUNK)]
        texts = [exp.Paren(this=joined(group)) for group in groups]
    return texts[0] if len(texts) == 1 else exp.Concat(expressions=list(texts), safe=False, coalesce=False)


def _folded(terms: Sequence[exp.Expression], kind: type[exp.Expression]) -> exp.Expression:
    found = terms[0]
    for term in terms[1:]:
        found = kind(this=found, expression=term)
    return found
