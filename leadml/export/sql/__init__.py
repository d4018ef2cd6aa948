"""The point table as SQL: one query or view for DuckDB, SQLite, PostgreSQL, MariaDB, Spark and other engines.

It reads a relation of leads and returns all its columns, then those of `PointTable.score`. Its domain, the columns
that an engine takes, stands in its head; numbers are compared as IEEE doubles, text by code points. What an engine
cannot hold is refused by name: names that it would cut or take for one another, the character NUL. Names are quoted,
so they are exact: where an engine writes unquoted names in capitals, say so in `relation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadml.export import wording
from leadml.export.form import form_of
from leadml.export.sql import names
from leadml.export.sql.beside import FILE, seal_of
from leadml.export.sql.dialects import DEFAULT, dialect_of
from leadml.export.sql.running import engine, run
from leadml.export.sql.steps import results, steps_of
from leadml.export.stamp import stamp
from leadml.points.grading.grades import legend
from leadml.points.value import share_note

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.form import Form
    from leadml.export.sql.dialects import Dialect
    from leadml.points.table import PointTable

__all__ = ["engine", "printed", "run"]


def printed(
    table: PointTable,
    dialect: str = DEFAULT,
    relation: str = "leads",
    view: str | None = None,
    with_features: bool = False,
    events: str | None = None,
    key: str | None = None,
    as_of: str | None = None,
) -> str | dict[str, str | bytes]:
    """Return the table as a query, or as a statement that makes a view.

    Parameters
    ----------
    table : PointTable
        The table.
    dialect : str
        The engine's: duckdb, sqlite, postgres, mysql, spark, snowflake, bigquery, redshift or tsql.
    relation : str
        What the leads stand in: a table or a view, after its schema and a dot where it has one.
    view : str, optional
        Name of a view to make instead of a query.
    with_features : bool
        Whether to return a second statement, too, which makes the table's features of events: a view beside
        `relation`, called as it is with ``_features`` after it. The leads are then read from that view.
    events : str, optional
        With features: the relation of the events; else ``events``.
    key : str, optional
        With features: the column of the leads that names the lead; else the one that had this part at training.
    as_of : str, optional
        With features: the scoring moment, a column of the leads or an instant such as 2026-03-01T00:00:00; else now.

    Returns
    -------
    str or dict
        One statement, without a semicolon; with features ``features.sql`` and ``score.sql``, in this order.

    Raises
    ------
    UsageError
        If there is no such dialect, or its engine cannot hold a name or text of the table; if features are asked for
        and the table has none, or the engine is not known to count events alike.
    """
    engine_of = dialect_of(dialect)
    form = form_of(table)
    _check_names(form, engine_of)
    if not with_features:
        _refuse_alone({"--events": events, "--key": key, "--as-of": as_of})
        return _score(form, engine_of, relation, view, {})
    made = f'{relation[:-1]}_features"' if relation.endswith('"') else f"{relation}_features"
    features = _features(form, engine_of, relation, made, (events or "events", key, as_of))
    score = _score(form, engine_of, made, view, {FILE: seal_of(features)})
    return {FILE: features, "score.sql": score}


def _score(form: Form, dialect: Dialect, relation: str, view: str | None, more: dict[str, str]) -> str:
    query: exp.Expression = _query(form, dialect, relation)
    if view is not None:
        query = _view(query, view, relation, dialect)
    return _text(query, form, dialect, relation, view, more)


def _features(form: Form, dialect: Dialect, relation: str, view: str, where: tuple[str, str | None, str | None]) -> str:
    from leadml.export.sql.counted import events_of
    from leadml.export.sql.features import features_query
    from leadml.export.sql.moments import DOMAIN
    from leadml.export.sql.text import named, text_of

    table = form.table
    events = events_of(table)
    query = _view(features_query(events, dialect, relation, *where), view, relation, dialect)
    zone = f" At training, moments without an offset were read in {events.zone}." if events.zone != "UTC" else ""
    head = [
        f"Features of the point table {named(table.name)}, made by leadml for {dialect.engine}.",
        f"sha256 {table.sha256}.",
        f"Reads {named(relation)} and {named(where[0])}; all other columns that the table needs are in the leads.",
        "Each lead stands there once for each scoring moment; ids are of one type on both sides.",
        f"{DOMAIN[dialect.name]}{zone}",
    ]
    return text_of(query, dialect, head)


def _refuse_alone(options: dict[str, str | None]) -> None:
    """Refuse options that say something about features where none are asked for."""
    for name, value in options.items():
        if value is not None:
            raise wording.needs_features(name)


def _query(form: Form, dialect: Dialect, relation: str) -> exp.Select:
    from leadml.export.sql.shapes import assembled

    return assembled(steps_of(form, dialect), results(form), names.relation(relation, dialect), dialect)


def _check_names(form: Form, dialect: Dialect) -> None:
    """Refuse names that the engine would change, or take for one another."""
    columns = [("the column", part.name) for part in form.inputs]
    columns += [("the result's column", name) for name in results(form)]
    for what, name in columns:
        names.check(name, dialect, what)
    names.check_distinct(columns, dialect)


def _view(query: exp.Expression, view: str, relation: str, dialect: Dialect) -> exp.Expression:
    from sqlglot import exp

    target = names.relation(view, dialect, "the view")
    same = [names.folded(part, dialect) for part in names.relation_parts(view)]
    if same == [names.folded(part, dialect) for part in names.relation_parts(relation)]:
        raise wording.cannot_hold("sql", "the view", view, "the leads stand in a relation of that name", "Rename it.")
    schemas = (names.relation_parts(view)[:-1], names.relation_parts(relation)[:-1])
    if dialect.name == "sqlite" and schemas[0] != schemas[1]:
        why = f"SQLite's views see one database only, and the leads stand in {relation!r}"
        raise wording.cannot_hold("sql", "the view", view, why, "Put both into one.")
    # SQLite knows no replacing: the old view has to be dropped first.
    return exp.Create(this=target, kind="VIEW", expression=query, replace=dialect.name != "sqlite")


def _text(
    query: exp.Expression, form: Form, dialect: Dialect, relation: str, view: str | None, more: dict[str, str]
) -> str:
    from leadml.export.sql.text import named, text_of

    table = form.table
    options: dict[str, Any] = {"dialect": dialect.name, "relation": relation, **more}
    if view is not None:
        options["view"] = view
    options["columns"] = {part.name: part.type for part in form.inputs}
    head = [
        f"Point table {named(table.name)}, made by leadml for {dialect.engine}; to change it, export it again.",
        f"sha256 {table.sha256}.",
        f"Reads {named(relation)}; returns all its columns, then: {named(', '.join(results(form)))}.",
        *([named(meaning)] if (meaning := legend(table.dimensions)) else []),
        *([note] if (note := share_note(table)) else []),
        "It fails where the leads have a column with a name of the result.",
        *dialect.domain,
    ]
    return text_of(query, dialect, head, stamp(table, "sql", **options))
