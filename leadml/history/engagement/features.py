"""Features of what leads did before their scoring moments, counted where the events are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.history.engagement import plan, wording
from leadml.history.engagement.belonging import belonging
from leadml.history.engagement.moments import Rows, rows_of
from leadml.history.engagement.report import EventReport, TypesReport
from leadml.history.engagement.survey import Limits, choose, find, refuse_unknown
from leadml.history.engagement.tally import Tally

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.definitions import Definition
    from leadml.history.engagement.engine import Engine, EventRelation
    from leadml.history.engagement.spec import EventSpec
    from leadml.history.settings.sections import EventsSettings

# bytes that a group takes in an engine: key, hash and pointers; and each aggregate with its own
GROUP_BYTES, COLUMN_BYTES = 48, 16


@dataclass(frozen=True, eq=False)
class Engagement:
    """Event features, one row per scoring moment.

    Parameters
    ----------
    frame : DataFrame of float64
        A row per moment, in the order in which they were given; a column per feature.
    spec : EventSpec
        With which the same features can be made again.
    definitions : tuple of Definition
        What each feature is, in the order of the columns.
    report : EventReport
        What became of the events.
    """

    frame: pd.DataFrame
    spec: EventSpec
    definitions: tuple[Definition, ...]
    report: EventReport


def engagement(
    engine: Engine,
    events: EventsSettings,
    lead: NDArray[Any],
    as_of_us: NDArray[np.int64],
    spec: EventSpec | None = None,
    limits: Limits | None = None,
    before_us: int | None = None,
) -> Engagement:
    """Make the features of all events before each scoring moment; what is at or after it never counts.

    Parameters
    ----------
    engine : Engine
        Just opened; see `leadml.history.engagement.open.open_engine`.
    events : EventsSettings
        Columns, windows and types.
    lead : ndarray of str, shape (n_rows,)
        Id of the lead of each moment. The same lead may have several moments.
    as_of_us : ndarray of int64, shape (n_rows,)
        Scoring moments in microseconds since 1970 (UTC).
    spec : EventSpec, optional
        Which features to make, as of a training; unless given they are chosen from the events.
    limits : Limits, optional
        How types and topics are chosen.
    before_us : int, optional
        Leave out events from this instant on, in microseconds since 1970: what the features would be if nothing had
        happened since.

    Returns
    -------
    Engagement

    Raises
    ------
    UsageError
        If a column or a type that the settings name does not exist, or two features would have one name.
    DataError
        If the events cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.history.engagement.duck import DuckEngine
    >>> from leadml.history.settings.sections import EventsSettings
    >>> log = pd.DataFrame({"lead_id": "a", "occurred_at": ["2024-03-01", "2024-03-30", "2024-04-01"], "type": "visit"})
    >>> with DuckEngine(frame=log) as engine:
    ...     settings = EventsSettings("the frame", types=("visit",), windows_days=(7, 30))
    ...     made = engagement(engine, settings, np.array(["a"], dtype=object), np.array([1711929600_000_000]))
    >>> made.frame.columns.tolist()
    ['visit_7d', 'visit_30d', 'days_since_visit', 'active_days_7d', 'active_days_30d', 'surge']
    >>> made.frame.iloc[0].round(3).tolist()
    [1.0, 1.0, 2.0, 1.0, 1.0, 4.286]
    >>> print(made.report.text)
    3 events: 2 counted, 1 at or after the last scoring moment of their lead.
    1 type found, 1 with features of their own.
    """
    if len(lead) != len(as_of_us):
        raise wording.not_one_moment_each(len(lead), len(as_of_us))
    rows = rows_of(lead, as_of_us)
    relation = replace(engine.events(events), before_us=before_us)
    limits = limits or Limits()
    found = find(engine, relation, events)
    of_types, of_topics = TypesReport(len(found.types)), TypesReport()
    if spec is None:
        refuse_unknown(events, found)
        spec, of_types, of_topics = choose(engine, relation, events, rows, found, limits)
    else:
        of_types = replace(of_types, used=sum((raw,) in found.types for raw, _ in spec.types))
    tally = Tally(spec, rows.is_last)
    _count(engine, relation, rows, tally, spec)
    known = tally.counted + tally.after + tally.ignored
    report = EventReport(
        events=relation.rows,
        unknown_leads=relation.rows - relation.times.count - relation.no_time - known,
        times=relation.times,
        amounts=relation.amounts,
        no_time=relation.no_time,
        after=tally.after,
        ignored=tally.ignored,
        counted=tally.counted,
        least_leads=limits.leads,
        types=of_types,
        topics=of_topics,
        belonging=belonging(engine, relation, rows, tally, spec.windows_days),
    )
    return Engagement(tally.frame(), spec, spec.definitions(), report)


def _count(engine: Engine, relation: EventRelation, rows: Rows, tally: Tally, spec: EventSpec) -> None:
    """Let the engine count, some of the moments at a time where memory would not do for all."""
    import pyarrow as pa

    counting = tally.counting
    ignored = [(raw, counting.kinds - 2) for raw in spec.ignore]
    kinds = [*((raw, k) for k, raw in enumerate(tally.types)), *ignored]
    engine.put(plan.TYPES, _table(("type", "kind"), kinds))
    pairs = [(raw, topic, len(tally.types) + k) for k, (raw, topic) in enumerate(tally.topics)]
    engine.put(plan.TOPICS, _table(("type", "topic", "kind"), pairs))
    sql = plan.sql_of(plan.counted(relation, counting), engine.dialect)
    for some in _passes(rows, relation, counting, engine.memory):
        engine.put(plan.MOMENTS, rows.table(some, relation.lead_type))
        for batch in engine.run(sql):
            tally.add(batch)
    if not spec.sent:
        return
    engine.put(plan.SENT, pa.table({"type": pa.array(sorted(set(spec.sent)), pa.string())}))
    every = rows.order
    table = rows.table(every, relation.lead_type).append_column("reacted_us", pa.array(tally.reacted_us[every]))
    engine.put(plan.MOMENTS, table)
    for batch in engine.run(plan.sql_of(plan.unanswered(relation), engine.dialect)):
        tally.unanswered(batch)


def _passes(rows: Rows, relation: EventRelation, counting: plan.Counting, memory: int) -> Iterator[NDArray[np.int64]]:
    """Yield the rows in so many slices that the groups of each fit into memory."""
    groups = min(len(rows) * counting.kinds, relation.rows * rows.most)
    size = groups * (GROUP_BYTES + COLUMN_BYTES * counting.columns)
    passes = min(max(-(-size // memory), 1), max(len(rows), 1))
    yield from np.array_split(rows.order, passes)


def _table(names: tuple[str, ...], entries: list[tuple[Any, ...]]) -> Any:
    import pyarrow as pa

    columns = list(zip(*entries, strict=True)) or [()] * len(names)
    types = [pa.string()] * (len(names) - 1) + [pa.int64()]
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], names=list(names))
