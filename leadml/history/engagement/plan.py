"""The work on events as Ibis expressions: two relations in, integers out, the same on every engine.

Events are joined with scoring moments once and counted per (moment, kind), a kind being a type, a type with a topic,
or neither. That is narrower than a column per feature, which is why it is fast; `tally` spreads the answer out.

Integers only, because engines do not agree on fractions: SQL literals such as 0.5 are decimals in one and floats in
another. The one division, of a moment by the length of a day, is in float64 and rounded down at once: that is exact
below 2^53 microseconds, from the year 1684 to 2255.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from leadml.history.engagement.engine import EventRelation

DAY_US = 86_400_000_000
WORD = 62
MOMENTS, TYPES, TOPICS = "leadml_moments", "leadml_types", "leadml_topics"
SENT, KINDS = "leadml_sent", "leadml_kinds"
AFTER, NOWHERE, IGNORED = -1, -2, -3


@dataclass(frozen=True)
class Counting:
    """What is counted per moment and kind.

    Parameters
    ----------
    windows_days : tuple of int
        Windows, ascending.
    kinds : int
        Number of kinds; the last is what has no kind of its own, the one before it is what is ignored.
    topics : bool
        Whether there are kinds with a topic.
    amount : bool
        Whether amounts are summed.
    """

    windows_days: tuple[int, ...]
    kinds: int
    topics: bool
    amount: bool

    @property
    def words(self) -> int:
        """Number of 62-bit words that hold a bit per date of the longest window, and one per window."""
        return -(-(self.windows_days[-1] + len(self.windows_days)) // WORD)

    @property
    def columns(self) -> int:
        """Number of columns of the answer."""
        return 3 + len(self.windows_days) * (1 + self.amount) + self.words


def sql_of(expression: ir.Expr, dialect: Literal["duckdb", "postgres"]) -> str:
    """Compile an expression for an engine; no connection is opened."""
    if dialect == "duckdb":
        from ibis.backends.sql.compilers.duckdb import DuckDBCompiler as Compiler
    else:
        from ibis.backends.sql.compilers.postgres import PostgresCompiler as Compiler
    compiled: str = Compiler().to_sqlglot(expression).sql(dialect)
    return compiled


def counted(relation: EventRelation, counting: Counting) -> ir.Table:
    """Count events per moment and kind.

    Returns
    -------
    Table
        ``place`` (row of the moment * kinds + kind; or `AFTER`, `IGNORED`, `NOWHERE`: events at or after the last
        moment of their lead, ignored ones, and all that count elsewhere or not at all), ``n`` (events), ``least_us``
        (least age), ``c0`` … (events per window), ``a0`` … (amounts per window, millionths), ``d0`` … (dates with
        events as bits, see `bits_of_dates`).
    """
    import ibis

    seen = _joined(relation, counting)
    age, ignored = seen.age_us, seen.kind == counting.kinds - 2
    elsewhere = ibis.cases(
        (seen.is_last == 0, NOWHERE), (age <= 0, AFTER), ((age > 0) & ignored, IGNORED), else_=NOWHERE
    )
    own = (age > 0) & ~ignored
    place = ibis.ifelse(own, seen.row * counting.kinds + seen.kind, elsewhere.cast("int64"))
    measures = {"n": seen.count(), "least_us": age.min()}
    for k, days in enumerate(counting.windows_days):
        measures[f"c{k}"] = seen.count(where=age <= days * DAY_US)
        if counting.amount:
            measures[f"a{k}"] = seen.amount_u.sum(where=(age > 0) & (age <= days * DAY_US)).cast("int64")
    for k, bits in enumerate(bits_of_dates(age, seen.day, counting)):
        measures[f"d{k}"] = bits.bit_or()
    return seen.group_by(place=place).aggregate(**measures)


def bits_of_dates(age: ir.IntegerValue, day: ir.IntegerValue, counting: Counting) -> list[ir.IntegerValue]:
    """Return the date of an event as one bit of several words, for ages above 0.

    Bit k is the date k days before that of the scoring moment, for k less than the longest window L: such a date lies
    whole in each window of more than k days. The date N days before is cut in two by the beginning of the window of N
    days: bit L + i is set where the part inside of window i has an event. What has no bit sets the last one of each
    word, which nobody reads.
    """
    import ibis

    longest = counting.windows_days[-1]
    words = []
    for w in range(counting.words):
        lo, hi = w * WORD, min((w + 1) * WORD, longest)
        one = ibis.literal(1, "int8").cast("int64")  # a bare 1 would be 32 bits wide in SQL
        bits = one << ibis.ifelse((day >= lo) & (day < hi), day - lo, WORD).cast("int32")
        for i, days in enumerate(counting.windows_days):
            if lo <= longest + i < lo + WORD:
                inside = (day == days) & (age <= days * DAY_US)
                bits = bits + ibis.ifelse(inside, ibis.literal(1 << (longest + i - lo), "int64"), 0)
        words.append(bits)
    return words


def unanswered(relation: EventRelation) -> ir.Table:
    """Count per moment (``row``) the events ``n`` of the types in `SENT` that are later than the last reaction.

    The age of that reaction stands in `MOMENTS`, which has a column ``reacted_us`` more for this.
    """
    import ibis

    events, moments = _events(relation), _moments(relation, reacted_us="int64")
    sent = ibis.table({"type": "string"}, name=SENT)
    mailed = events.inner_join(sent, "type")
    both = mailed.inner_join(moments, "lead")
    seen = both.select(row=both.row, age_us=both.as_of_us - both.at_us, reacted_us=both.reacted_us)
    late = seen.filter((seen.age_us > 0) & (seen.age_us < seen.reacted_us))
    return late.group_by("row").aggregate(n=late.count())


def kinds_found(relation: EventRelation, topics: bool, most: int) -> ir.Table:
    """Count the events ``n`` of each ``type``, or of each ``type`` and ``topic``, for the `most` frequent of them."""
    import ibis

    events = _events(relation)
    by = ["type", "topic"] if topics else ["type"]
    named = events.drop_null(by)
    counts = named.group_by(by).aggregate(n=named.count())
    return counts.order_by(ibis.desc("n"), *by).limit(most)


def leads_by_period(relation: EventRelation, by: Sequence[str], until_us: int, days: int, periods: int) -> ir.Table:
    """Count the ``leads`` that have an event of each kind, period by period back from an instant.

    Parameters
    ----------
    relation : EventRelation
    by : sequence of str
        What makes a kind: ``type``, or ``type`` and ``topic``; nothing for events of any kind.
    until_us : int
        The instant, in microseconds since 1970.
    days, periods : int
        The length of a period, and how many there are.

    Returns
    -------
    Table
        The columns `by`, ``period`` (0 is the newest) and ``leads``.
    """
    events = _events(relation).drop_null([*by, "lead", "at_us"])
    inside = events.filter((events.at_us < until_us) & (events.at_us >= until_us - days * periods * DAY_US))
    age = (until_us - 1 - inside.at_us) / float(days * DAY_US)
    placed = inside.mutate(period=age.floor().cast("int64"))
    return placed.group_by([*by, "period"]).aggregate(leads=placed.lead.nunique()).order_by([*by, "period"])


def newest(relation: EventRelation, before_us: int) -> ir.Table:
    """Return the moment of the newest event before an instant; NULL where there is none."""
    events = _events(relation)
    return events.filter(events.at_us < before_us).aggregate(at_us=events.at_us.max())


def some_leads(relation: EventRelation, most: int) -> ir.Table:
    """Return the first leads of events, in the order of their ids."""
    return _events(relation).select("lead").drop_null().distinct().order_by("lead").limit(most)


def _events(relation: EventRelation) -> ir.Table:
    import ibis

    lead = "int64" if relation.lead_type == "integer" else "string"
    columns = {"lead": lead, "at_us": "int64", "type": "string", "topic": "string", "amount_u": "int64"}
    events = ibis.table(columns, name=relation.name)
    return events if relation.before_us is None else events.filter(events.at_us < relation.before_us)


def _moments(relation: EventRelation, **more: str) -> ir.Table:
    import ibis

    lead = "int64" if relation.lead_type == "integer" else "string"
    columns = {"row": "int64", "lead": lead, "as_of_us": "int64", "as_of_day": "int64", "is_last": "int64"}
    return ibis.table(columns | more, name=MOMENTS)


def _joined(relation: EventRelation, counting: Counting) -> ir.Table:
    """Join events with moments and kinds: ``row``, ``is_last``, ``kind``, ``age_us``, ``day``, ``amount_u``.

    No condition on the age stands here: an engine would make it a part of the join, which is three times as slow.
    """
    import ibis

    events, moments = _events(relation), _moments(relation)
    types = ibis.table({"type": "string", "kind": "int64"}, name=TYPES)
    both = events.inner_join(moments, "lead")
    both = both.select(
        row=both.row,
        is_last=both.is_last,
        age_us=both.as_of_us - both.at_us,
        day=both.as_of_day - (both.at_us / DAY_US).floor(),
        type=both.type,
        topic=both.topic,
        amount_u=both.amount_u,
    )
    named = both.left_join(types, both.type == types.type)
    named = named.select(
        *(both[name] for name in ("row", "is_last", "age_us", "day", "type", "topic", "amount_u")),
        kind=types.kind,
    )
    kind = named.kind
    if counting.topics:
        pairs = ibis.table({"type": "string", "topic": "string", "kind": "int64"}, name=TOPICS)
        paired = named.left_join(pairs, [named.type == pairs.type, named.topic == pairs.topic])
        named = paired.select(
            *(named[name] for name in ("row", "is_last", "age_us", "day", "amount_u")),
            kind=ibis.coalesce(pairs.kind, named.kind),
        )
        kind = named.kind
    return named.select(
        row=named.row,
        is_last=named.is_last,
        age_us=named.age_us,
        amount_u=named.amount_u,
        kind=kind.fill_null(counting.kinds - 1),
        day=named.day,
    )


def leads_with(relation: EventRelation, topics: bool) -> ir.Table:
    """Count the ``leads`` that have an event of each ``kind`` in `KINDS` before the moment in `MOMENTS`."""
    import ibis

    events, moments = _events(relation), _moments(relation)
    by = ["type", "topic"] if topics else ["type"]
    kinds = ibis.table(dict.fromkeys(by, "string") | {"kind": "int64"}, name=KINDS)
    both = events.inner_join(kinds, by).inner_join(moments, "lead")
    seen = both.select(row=both.row, kind=both.kind, age_us=both.as_of_us - both.at_us)
    pairs = seen.filter(seen.age_us > 0).select("row", "kind").distinct()
    return pairs.group_by("kind").aggregate(leads=pairs.count())
