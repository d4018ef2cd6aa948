"""Which types and topics get features of their own: those that enough leads have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.engagement import plan, wording
from leadml.history.engagement.engine import SHOWN, Engine, EventRelation
from leadml.history.engagement.report import TypesReport
from leadml.history.engagement.spec import EventSpec, plain
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.engagement.moments import Rows
    from leadml.history.settings.sections import EventsSettings

FEW_MOMENTS = 20_000
# in a column of free text every event may have a type of its own: the most frequent are enough to choose from
MOST_FOUND = 20_000
# candidates looked at, as a multiple of what is kept
TRIED = 5

# a type, or a type and a topic
Kind = tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What keeps features to a number that can be learned from.

    Parameters
    ----------
    leads : int
        So many leads must have an event of the type, or of the type and topic, before a scoring moment.
    types, topics : int
        At most so many types, and topics per type: those with most events.
    """

    leads: int = 20
    types: int = 100
    topics: int = 20


@dataclass(frozen=True)
class Found:
    """The most frequent types, and pairs of type and topic, each with its number of events."""

    types: Counter[Kind] = field(default_factory=Counter)
    topics: Counter[Kind] = field(default_factory=Counter)


def find(engine: Engine, relation: EventRelation, settings: EventsSettings) -> Found:
    """Count the events of each type, and of each type and topic where topics are configured."""

    def counts(topics: bool) -> Counter[Kind]:
        sql = plan.sql_of(plan.kinds_found(relation, topics, MOST_FOUND), engine.dialect)
        found: Counter[Kind] = Counter()
        for batch in engine.run(sql):
            *names, n = (batch.column(name).to_pylist() for name in batch.schema.names)
            found.update(dict(zip(zip(*names, strict=True), n, strict=True)))
        return found

    return Found(counts(topics=False), counts(topics=True) if settings.topic is not None else Counter())


def refuse_unknown(settings: EventsSettings, found: Found) -> None:
    """Raise a UsageError for the first type that the settings name and no event has, unless there is no event."""
    for setting in ("types", "ignore", "sent", "reactions"):
        for name in getattr(settings, setting):
            # where there are too many types to be found all, none can be called unknown
            if 0 < len(found.types) < MOST_FOUND and (name,) not in found.types:
                raise wording.unknown_type(setting, name, [type_ for (type_,) in _often(found.types)])
    for name in settings.types:
        if name in settings.ignore:
            raise wording.type_in_two_settings(name, "types", "ignore")


def choose(
    engine: Engine, relation: EventRelation, settings: EventsSettings, rows: Rows, found: Found, limits: Limits
) -> tuple[EventSpec, TypesReport, TypesReport]:
    """Choose the types and topics, those that the settings name whatever their number.

    Returns
    -------
    EventSpec
        With the types in the order of their plain names.
    TypesReport, TypesReport
        What is left out: types, topics.
    """
    types, of_types = list(settings.types), TypesReport(len(found.types), len(settings.types))
    if not types:
        offered: Counter[Kind] = Counter({kind: n for kind, n in found.types.items() if kind[0] not in settings.ignore})
        tried = _often(offered)[: limits.types * TRIED]
        enough = _with_enough_leads(engine, relation, rows, tried, limits.leads)
        kept, of_types = _kept(offered, len(tried), enough, limits.types)
        types = [name for (name,) in kept]
    pairs, of_topics = _topics(engine, relation, rows, types, found, limits)
    days = tuple(sorted(set(settings.windows_days)))
    named = sorted(((raw, plain(raw, f"The type {raw!r}")) for raw in types), key=lambda pair: (pair[1], pair[0]))
    both = [(raw, topic, f"{plain(raw, raw)}_{plain(topic, f'The topic {topic!r}')}") for raw, topic in pairs]
    spec = EventSpec(
        tuple(named),
        tuple(sorted(both, key=lambda triple: (triple[2], triple[:2]))),
        days,
        settings.amount is not None,
        settings.ignore,
        settings.sent,
        settings.reactions,
    )
    return spec, of_types, of_topics


def _topics(
    engine: Engine, relation: EventRelation, rows: Rows, types: Sequence[str], found: Found, limits: Limits
) -> tuple[list[tuple[str, str]], TypesReport]:
    of: dict[str, Counter[Kind]] = {type_: Counter() for type_ in types}
    for pair, n in found.topics.items():
        if pair[0] in of:
            of[pair[0]][pair] = n
    tried = {type_: _often(pairs)[: limits.topics * TRIED] for type_, pairs in of.items()}
    every = [pair for pairs in tried.values() for pair in pairs]
    enough = set(_with_enough_leads(engine, relation, rows, every, limits.leads))
    chosen: list[Kind] = []
    reports = []
    for type_, pairs in of.items():
        fit = [pair for pair in tried[type_] if pair in enough]
        kept, report = _kept(pairs, len(tried[type_]), fit, limits.topics)
        chosen += kept
        reports.append(report)
    found_, used, rare, beyond = (
        sum(getattr(report, name) for report in reports) for name in ("found", "used", "rare", "beyond")
    )
    examples = tuple(text for report in reports for text in report.examples)[:SHOWN]
    return [(raw, topic) for raw, topic in chosen], TypesReport(found_, used, rare, beyond, examples)


def _kept(offered: Counter[Kind], tried: int, enough: Sequence[Kind], most: int) -> tuple[Sequence[Kind], TypesReport]:
    """Keep the most frequent of those that enough leads have; say what is left out."""
    kept, inside = enough[:most], set(enough[:most])
    left = [" ".join(kind) for kind in _often(offered) if kind not in inside][:SHOWN]
    shown = tuple(without_personal(pd.Series(left, dtype="str"))) if left else ()
    beyond = len(enough) - len(kept) + len(offered) - tried
    return kept, TypesReport(len(offered), len(kept), tried - len(enough), beyond, shown)


def _often(counts: Counter[Kind]) -> list[Kind]:
    return sorted(counts, key=lambda kind: (-counts[kind], kind))


def _with_enough_leads(
    engine: Engine, relation: EventRelation, rows: Rows, kinds: Sequence[Kind], least: int
) -> list[Kind]:
    """Return those of the kinds (types, or pairs of type and topic) that enough leads have before a scoring moment.

    The latest moments come first: what is frequent is settled there, without a look at all events.
    """
    sure: set[Kind] = set()
    last = rows.order[rows.is_last[rows.order]]
    for some in (last[-FEW_MOMENTS:], last):
        unsure = [kind for kind in kinds if kind not in sure]
        if unsure and len(some):
            counts = _leads(engine, relation, rows, some, unsure)
            sure |= {kind for kind, leads in zip(unsure, counts, strict=True) if leads >= least}
        if len(last) <= FEW_MOMENTS:
            break
    return [kind for kind in kinds if kind in sure]


def _leads(
    engine: Engine, relation: EventRelation, rows: Rows, some: NDArray[np.int64], kinds: Sequence[Kind]
) -> list[int]:
    """Count the leads that have an event of each kind before their last scoring moment."""
    import pyarrow as pa

    with_topic = len(kinds[0]) == 2
    columns = {"type": pa.array([kind[0] for kind in kinds], pa.string())}
    if with_topic:
        columns["topic"] = pa.array([kind[1] for kind in kinds], pa.string())
    engine.put(plan.MOMENTS, rows.table(some, relation.lead_type))
    engine.put(plan.KINDS, pa.table({**columns, "kind": np.arange(len(kinds), dtype=np.int64)}))
    leads = np.zeros(len(kinds), dtype=np.int64)
    for batch in engine.run(plan.sql_of(plan.leads_with(relation, with_topic), engine.dialect)):
        leads[batch.column("kind").to_numpy()] = batch.column("leads").to_numpy()
    return leads.tolist()
