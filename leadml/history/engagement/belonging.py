"""Whether events belong to the leads, and reach up to their scoring moments: a log can be empty, foreign or cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.engagement import plan
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    from leadml.history.engagement.engine import Engine, EventRelation
    from leadml.history.engagement.moments import Rows
    from leadml.history.engagement.tally import Tally

SHOWN = 3
LEAST_DAYS = 7  # over a weekend or a holiday a log is silent
HARDLY = 0.01  # of the leads
CUT_SHARE = 0.01  # of the rows


@dataclass(frozen=True)
class Belonging:
    """How events and leads fit together.

    Parameters
    ----------
    events : int
        Rows of the events' source.
    of_leads : int
        Events of the leads, at whatever time.
    leads, active : int
        Leads, and those that have an event in the longest window before their last scoring moment.
    rows, cut : int
        Scoring moments, and those that come more than `quiet_days` after the newest event.
    days, quiet_days : int
        The longest window, and the shortest but at least a week.
    newest, last : str or None
        The dates (UTC) of the newest event before the last scoring moment, and of that moment.
    strangers, ids : tuple of str
        Some ids in the events and in the leads, where no event is of a lead; personal data hidden.
    """

    events: int
    of_leads: int
    leads: int
    active: int
    rows: int
    cut: int
    days: int
    quiet_days: int
    newest: str | None = None
    last: str | None = None
    strangers: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether no event is of a lead, as where the log is empty or has other ids."""
        return self.rows > 0 and not self.of_leads

    @property
    def hardly(self) -> bool:
        """Whether hardly any lead has an event."""
        return self.of_leads > 0 and self.active < HARDLY * self.leads

    @property
    def stops(self) -> bool:
        """Whether the log ends before the scoring moments do."""
        return self.newest is not None and self.cut > CUT_SHARE * self.rows


def belonging(
    engine: Engine, relation: EventRelation, rows: Rows, tally: Tally, windows_days: Sequence[int]
) -> Belonging:
    """Hold events and leads against each other, after they were counted."""
    of_leads, quiet = tally.counted + tally.after + tally.ignored, max(min(windows_days), LEAST_DAYS)
    newest, last = None, int(rows.as_of_us.max()) if len(rows) else None
    if last is not None:
        newest = _number(engine, relation, last)
    cut = 0 if newest is None else int((rows.as_of_us > newest + quiet * plan.DAY_US).sum())
    foreign = bool(len(rows)) and not of_leads
    return Belonging(
        events=relation.rows,
        of_leads=of_leads,
        leads=int(rows.is_last.sum()),
        active=tally.active,
        rows=len(rows),
        cut=cut,
        days=max(windows_days),
        quiet_days=quiet,
        newest=_date(newest),
        last=_date(last),
        strangers=_shown(_strangers(engine, relation)) if foreign and relation.rows else (),
        ids=_shown(rows.lead.drop_null().slice(0, SHOWN).to_pylist()) if foreign else (),
    )


def _number(engine: Engine, relation: EventRelation, before_us: int) -> int | None:
    """Return when the newest event before an instant was."""
    found = [value for batch in engine.run(plan.sql_of(plan.newest(relation, before_us), engine.dialect))
             for value in batch.column(0).to_pylist()]  # fmt: skip
    return found[0] if found else None


def _strangers(engine: Engine, relation: EventRelation) -> list[str]:
    batches = engine.run(plan.sql_of(plan.some_leads(relation, SHOWN), engine.dialect))
    return [str(lead) for batch in batches for lead in batch.column(0).to_pylist()]


def _shown(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(without_personal(pd.Series(ids, dtype="str"))) if len(ids) else ()


def _date(us: int | None) -> str | None:
    return None if us is None else f"{pd.Timestamp(us, unit='us'):%Y-%m-%d}"
