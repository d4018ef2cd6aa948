"""A table's features of events as SQL, so that live scoring counts what training counted.

What each feature is stands in `leadml.history.engagement.spec`; a test holds the two against each other. Only events
of an age above 0 at the scoring moment count, in a window of N days those of an age up to N days.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadml.export import wording
from leadml.export.sql import literals, names
from leadml.export.sql.expressions import all_of, case_of, divided, negated, select, star, within
from leadml.export.sql.moments import DAY_US, ENGINES, instant, microseconds, now
from leadml.export.sql.names import column, identifier
from leadml.export.sql.reading import exact
from leadml.export.sql.shapes import LEADS, guarded
from leadml.export.sql.steps import PREFIX

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.counted import Counted, Events
    from leadml.export.sql.dialects import Dialect
    from leadml.export.sql.expressions import Columns

MOMENTS, SEEN, COUNTS, EVENTS = (f"{PREFIX}{name}" for name in ("moments", "seen", "counts", "events"))
LEAD, AS_OF, AGE, DAY, REACTED = (f"{PREFIX}{name}" for name in ("lead", "as_of_us", "age_us", "day", "reacted_us"))
TYPE, TOPIC, AMOUNT = (f"{PREFIX}{name}" for name in ("type", "topic", "amount_u"))
MILLION = 1_000_000
LARGEST_AMOUNT = 1_000_000_000_000


def features_query(
    events: Events, dialect: Dialect, leads: str, source: str, key: str | None, as_of: str | None
) -> exp.Select:
    """Return a query that gives all columns of the leads, then the features.

    Parameters
    ----------
    events : Events
        What the table says about them.
    dialect : Dialect
        The engine's.
    leads, source : str
        Relations of the leads and of the events.
    key : str, optional
        The column of the leads that names the lead; else that of the training.
    as_of : str, optional
        Scoring moment: a column of the leads, or an instant; else now.

    Raises
    ------
    UsageError
        If the engine is none of those that are known to count alike.
    """
    if dialect.name not in ENGINES:
        raise wording.no_features_in(dialect.engine, ENGINES)
    return _Maker(events, dialect, leads, source, key or events.columns["id"], as_of).query()


class _Maker:
    def __init__(self, events: Events, dialect: Dialect, leads: str, source: str, key: str, as_of: str | None) -> None:
        self.events, self.dialect, self.key = events, dialect, key
        self.leads = names.relation(leads, dialect)
        self.source = names.relation(source, dialect, "the relation of the events")
        self.fixed = instant(as_of) if as_of is not None else None
        self.as_of_column = as_of if self.fixed is None else None
        for name in (key, *([self.as_of_column] if self.as_of_column else []), *events.columns.values()):
            names.check(name, dialect, "the column")

    def query(self) -> exp.Select:
        """Join the leads with what is counted of their events."""
        from sqlglot import exp

        features = self.events.features
        columns = [(feature.name, self._result(feature)) for feature in features]
        query = select([star(LEADS)], columns)
        leads = guarded(select([star(LEADS)], []), [feature.name for feature in features], self.leads)
        query.from_(exp.Subquery(this=leads, alias=exp.TableAlias(this=identifier(LEADS))), copy=False)
        same: exp.Expression = exp.EQ(this=column(LEAD, COUNTS), expression=column(self.key, LEADS))
        if self.as_of_column:
            moment = exp.EQ(this=column(AS_OF, COUNTS), expression=self._as_of())
            same = exp.And(this=same, expression=moment)
        query.append("joins", exp.Join(this=exp.Table(this=identifier(COUNTS)), side="LEFT", on=same))
        for name, made in ((MOMENTS, self._moments()), (SEEN, self._seen()), (COUNTS, self._counts())):
            query = query.with_(identifier(name), as_=made, copy=False)
        return query

    def _as_of(self) -> exp.Expression:
        from sqlglot import exp

        if self.as_of_column:
            return microseconds(column(self.as_of_column, LEADS), self.dialect)
        return now(self.dialect) if self.fixed is None else exp.Literal.number(self.fixed)

    def _moments(self) -> exp.Select:
        """Each scoring moment of each lead once."""
        query = select([], [(LEAD, column(self.key, LEADS)), (AS_OF, self._as_of())]).distinct()
        return query.from_(self._named(self.leads, LEADS), copy=False)

    def _seen(self) -> exp.Select:
        """Events before the scoring moments of their lead, with their age."""
        from sqlglot import exp

        at = microseconds(self._of("at"), self.dialect)
        columns: Columns = [(name, column(name, MOMENTS)) for name in (LEAD, AS_OF)]
        columns += [(AGE, exp.Sub(this=column(AS_OF, MOMENTS), expression=at))]
        columns += [(DAY, exp.Floor(this=divided(at.copy(), self._real(DAY_US), self.dialect)))]
        columns += [(TYPE, exact(self._of("type"), self.dialect))]
        if "topic" in self.events.columns:
            columns.append((TOPIC, exact(self._of("topic"), self.dialect)))
        if "amount" in self.events.columns:
            columns.append((AMOUNT, self._millionths()))
        query = select([], columns).from_(exp.Table(this=identifier(MOMENTS)), copy=False)
        same = exp.EQ(this=self._of("lead"), expression=column(LEAD, MOMENTS))
        query.append("joins", exp.Join(this=self._named(self.source, EVENTS), kind="INNER", on=same))
        query.where(exp.LT(this=at.copy(), expression=column(AS_OF, MOMENTS)), copy=False)
        if self.events.ignore:
            unknown = exp.Is(this=self._of("type"), expression=exp.Null())
            ignored = within(exact(self._of("type"), self.dialect), self._texts(self.events.ignore))
            query.where(exp.Paren(this=exp.Or(this=unknown, expression=negated(ignored))), copy=False)
        return query

    def _counts(self) -> exp.Select:
        """Count per scoring moment."""
        from sqlglot import exp

        columns: Columns = [(name, column(name, SEEN)) for name in (LEAD, AS_OF)]
        for feature in self.events.features:
            columns += self._counted(feature)
        query = select([], columns)
        query.from_(self._with_reactions() if self._answers else exp.Table(this=identifier(SEEN)), copy=False)
        return query.group_by(column(LEAD, SEEN), column(AS_OF, SEEN), copy=False)

    @property
    def _answers(self) -> bool:
        return bool(self.events.reactions) and any(f.part == "unanswered" for f in self.events.features)

    def _with_reactions(self) -> exp.Expression:
        """Add to each event the age of its lead's last reaction."""
        from sqlglot import exp

        reaction = within(column(TYPE, SEEN), self._texts(self.events.reactions))
        last = exp.Min(this=case_of([(reaction, column(AGE, SEEN))]))
        by = [column(LEAD, SEEN), column(AS_OF, SEEN)]
        query = select([star(SEEN)], [(REACTED, exp.Window(this=last, partition_by=by))])
        query.from_(exp.Table(this=identifier(SEEN)), copy=False)
        return exp.Subquery(this=query, alias=exp.TableAlias(this=identifier(SEEN)))

    def _counted(self, feature: Counted) -> list[tuple[str, exp.Expression]]:
        """Return the aggregates that a feature needs."""
        from sqlglot import exp

        if feature.part == "surge":
            ends = (self.events.windows_days[0], self.events.windows_days[-1])
            return [(_surge(k), self._count(self._within(days))) for k, days in enumerate(ends)]
        holds = self._of_kind(feature)
        if feature.days is not None:
            holds = [*holds, self._within(feature.days)]
        if feature.part == "since":
            return [(feature.name, exp.Min(this=case_of([(all_of(holds), column(AGE, SEEN))])))]
        if feature.part == "amount":
            return [(feature.name, exp.Sum(this=case_of([(all_of(holds), column(AMOUNT, SEEN))])))]
        if feature.part == "active":
            dates = exp.Distinct(expressions=[case_of([(all_of(holds), column(DAY, SEEN))])])
            return [(feature.name, exp.Count(this=dates))]
        return [(feature.name, self._count(all_of(holds)))]

    def _of_kind(self, feature: Counted) -> list[exp.Expression]:
        from sqlglot import exp

        if feature.part == "unanswered":
            found: list[exp.Expression] = [within(column(TYPE, SEEN), self._texts(self.events.sent))]
            if self._answers:
                never = exp.Is(this=column(REACTED, SEEN), expression=exp.Null())
                later = exp.LT(this=column(AGE, SEEN), expression=column(REACTED, SEEN))
                found.append(exp.Paren(this=exp.Or(this=never, expression=later)))
            return found
        kind = [(TYPE, feature.type), (TOPIC, feature.topic)]
        return [within(column(name, SEEN), self._texts([text])) for name, text in kind if text is not None]

    def _result(self, feature: Counted) -> exp.Expression:
        """Return a feature's value: 0 without events, or missing where it is about the last one."""
        from sqlglot import exp

        if feature.part == "surge":
            short, long = self.events.windows_days[0], self.events.windows_days[-1]
            recent, every = (column(_surge(k), COUNTS) for k in (0, 1))
            share = divided(
                self._double(exp.Mul(this=recent, expression=exp.Literal.number(long))),
                self._double(exp.Mul(this=every, expression=exp.Literal.number(short))),
                self.dialect,
            )
            return case_of([(exp.GT(this=every.copy(), expression=exp.Literal.number(0)), share)])
        found = column(feature.name, COUNTS)
        if feature.part == "since":
            return divided(self._double(found), self._real(DAY_US), self.dialect)
        filled = exp.Coalesce(this=found, expressions=[exp.Literal.number(0)])
        return divided(self._double(filled), self._real(MILLION), self.dialect) if feature.part == "amount" else filled

    def _millionths(self) -> exp.Expression:
        """Return an amount in whole millionths, halves to the even one; null where it is none or is 10^12 or more."""
        from sqlglot import exp

        amount = self._double(self._of("amount"))
        whole: exp.Expression = exp.Mul(this=amount, expression=self._real(MILLION))
        if self.dialect.name in ("sqlite", "mysql"):  # which round halves up, or cut off
            two = exp.Literal.number("2.0")
            even = exp.Mul(this=two, expression=exp.Round(this=divided(whole, two.copy(), self.dialect)))
            half = exp.EQ(
                this=exp.Abs(this=exp.Sub(this=whole.copy(), expression=exp.Round(this=whole.copy()))),
                expression=exp.Literal.number("0.5"),
            )
            whole = case_of([(half, even)], exp.Round(this=whole.copy()))
        kind = "bigint" if self.dialect.name != "mysql" else "signed"
        rounded = exp.Cast(this=whole, to=exp.DataType.build(kind, dialect=self.dialect.name))
        bounded = exp.LT(this=exp.Abs(this=amount.copy()), expression=exp.Literal.number(LARGEST_AMOUNT))
        return case_of([(bounded, rounded)])

    def _within(self, days: int) -> exp.Expression:
        from sqlglot import exp

        return exp.LTE(this=column(AGE, SEEN), expression=exp.Literal.number(days * DAY_US))

    def _count(self, holds: exp.Expression) -> exp.Expression:
        from sqlglot import exp

        return exp.Count(this=case_of([(holds, exp.Literal.number(1))]))

    def _texts(self, values: Sequence[str]) -> list[exp.Expression]:
        return [literals.text(value, self.dialect) for value in values]

    def _of(self, part: str) -> exp.Column:
        return column(self.events.columns[part], EVENTS)

    def _double(self, what: exp.Expression) -> exp.Expression:
        from sqlglot import exp

        return exp.Cast(this=what, to=exp.DataType.build("double"))

    def _real(self, value: int) -> exp.Expression:
        return self._double(literals.number(str(value), self.dialect))

    def _named(self, relation: exp.Table, name: str) -> exp.Table:
        from sqlglot import exp

        found = relation.copy()
        found.set("alias", exp.TableAlias(this=identifier(name)))
        return found


def _surge(place: int) -> str:
    return f"{PREFIX}surge_{place}"
