"""How rows carry columns from step to step, so that a result has all columns of the leads and nothing else of ours.

The columns of the leads are not known, so they travel as a star. Engines that can leave columns out of a star do so at
the end; those where a join sees the row on its left keep the leads apart from what is worked out; the others carry
results only, which belong to the end anyway.

A column of the leads that has the name of a result would be taken for it. So a table of one row with exactly these
names is joined, and asked for without saying which is meant: the engine refuses where the leads have one of them, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from leadml.export.sql.expressions import select, star
from leadml.export.sql.names import column, identifier

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect
    from leadml.export.sql.steps import Step

LEADS, NAMES = "leads", "leadml_names"


def assembled(steps: Sequence[Step], results: Sequence[str], relation: exp.Table, dialect: Dialect) -> exp.Select:
    """Put the steps together to one query.

    Parameters
    ----------
    steps : sequence of Step
        In their order; the last one makes results only.
    results : sequence of str
        Columns of the result, in their order.
    relation : Table
        Where the leads are.
    dialect : Dialect
        Of the engine.
    """
    make = _beside if dialect.shape == "apply" else _stacked
    return make(steps, results, relation, dialect)


def _stacked(steps: Sequence[Step], results: Sequence[str], relation: exp.Table, dialect: Dialect) -> exp.Select:
    """Put each step on the one before, all columns of which it keeps."""
    from sqlglot import exp

    made: list[tuple[str, exp.Select]] = []
    below, helpers = LEADS, []
    for step in steps[:-1]:
        columns = step.columns(partial(column, table=below))
        helpers += [name for name, _ in columns if name not in results]
        made.append((step.name, select([star(below)], columns)))
        below = step.name
    last = select([star(below, helpers)], steps[-1].columns(partial(column, table=below)))
    queries = [query for _, query in made] + [last]
    guarded(queries[0], [*results, *helpers], relation)
    for query, (name, _) in zip(queries[1:], made, strict=True):
        query.from_(exp.Table(this=identifier(name)), copy=False)
    for name, query in made:
        last = last.with_(identifier(name), as_=query, copy=False)
    return last


def _beside(steps: Sequence[Step], results: Sequence[str], relation: exp.Table, dialect: Dialect) -> exp.Select:
    """Join each step beside the leads; it sees them and the steps before."""
    from sqlglot import exp

    home: dict[str, str] = {}

    def at(name: str) -> exp.Column:
        return column(name, home.get(name, LEADS))

    joins = []
    for step in steps[:-1]:
        columns = step.columns(at)
        query = select([], columns)
        if dialect.name == "postgres":  # fenced off: else a server works out a step once for each use of it
            query = query.offset(0)
        joins.append(_lateral(query, step.name, dialect))
        home |= {name: step.name for name, _ in columns}
    last = dict(steps[-1].columns(at))
    query = select([star(LEADS)], [(name, last.get(name, at(name))) for name in results])
    # The names are asked for where no step is to be seen, which would have them as well.
    leads = guarded(select([star(LEADS)], []), results, relation)
    query.from_(exp.Subquery(this=leads, alias=exp.TableAlias(this=identifier(LEADS))), copy=False)
    for join in joins:
        query.append("joins", join)
    return query


def _lateral(query: exp.Select, name: str, dialect: Dialect) -> exp.Join:
    from sqlglot import exp

    alias = exp.TableAlias(this=identifier(name))
    if dialect.name == "tsql":
        return exp.Join(this=exp.Lateral(this=exp.Subquery(this=query), alias=alias, cross_apply=True))
    return exp.Join(this=exp.Lateral(this=exp.Subquery(this=query), alias=alias), kind="CROSS")


def guarded(query: exp.Select, names: Sequence[str], relation: exp.Table) -> exp.Select:
    """Let a query read the leads, and fail where they have one of these names."""
    from sqlglot import exp

    one = exp.Literal.number(1)
    row = select([], [(name, one.copy()) for name in names])
    guard = exp.Subquery(this=row, alias=exp.TableAlias(this=identifier(NAMES)))
    source = relation.copy()
    source.set("alias", exp.TableAlias(this=identifier(LEADS)))
    query.from_(source, copy=False)
    query.where(exp.In(this=one, expressions=[column(name) for name in names]), copy=False)
    query.append("joins", exp.Join(this=guard, kind="CROSS"))
    return query
