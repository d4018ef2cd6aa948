"""What the tables say about each lead, read strictly: when it came, what became of it, what happened on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.moments import wording
from leadml.history.moments.changes import ChangeColumns, Changes, read_changes
from leadml.history.moments.goal import Goal
from leadml.history.moments.times import read_times
from leadml.history.outcome import LOST, UNDECIDED, read_outcomes
from leadml.history.values.ids import id_texts
from leadml.history.values.placeholders import Placeholder, texts_for
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known about leads; arrays have one place per lead.

    Parameters
    ----------
    table : Table
        The leads table.
    ids : Series of str or None
        Ids as text.
    created, closed : ndarray of int64 or None
        Microseconds since 1970 in UTC; the least integer where there is none. None: no such column.
    outcome : ndarray of int8 or None
        1 won, 0 lost, -1 undecided, by the outcome column; None where it is not read.
    stages, deals : Changes or None
    notes : tuple of str
        What was odd in the data.
    """

    table: Table
    ids: pd.Series | None
    created: NDArray[np.int64] | None
    closed: NDArray[np.int64] | None
    outcome: NDArray[np.int8] | None
    stages: Changes | None
    deals: Changes | None
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.table.frame)


@dataclass(frozen=True)
class Sources:
    """The tables to read, with the settings that say how.

    Parameters
    ----------
    leads : Table
    settings : Settings
    stages, deals : Table or None
    missing : tuple
        Placeholders.
    live : bool
        True when leads are to be scored: then there need be no outcome, and no lead with each of its values.
    """

    leads: Table
    settings: Settings
    stages: Table | None
    deals: Table | None
    missing: tuple[Placeholder, ...]
    live: bool = False


def gather(sources: Sources, goal: Goal) -> Facts:
    """Read all that scoring moments and outcomes depend on.

    Raises
    ------
    UsageError
        If a column, or a section of the settings, is not there.
    DataError
        If times cannot be read, or an id that another table refers to stands twice.
    """
    leads, columns = sources.leads, sources.settings.leads
    optional = {columns.outcome, columns.closed} - set(leads.columns) if sources.live else set()
    named = (columns.id, columns.created, columns.outcome, columns.closed)
    leads.require([name for name in named if name is not None and name not in optional])
    ids = None
    if columns.id is not None:
        ids = id_texts(leads.frame[columns.id], texts_for(columns.id, sources.missing))
    created, notes = _times(sources, columns.created, optional)
    closed, more = _times(sources, columns.closed, optional)
    outcome = None if columns.outcome in optional else _outcome(sources, goal)
    stages, deals = _second_tables(sources, ids)
    facts = Facts(leads, ids, created, closed, outcome, stages, deals, (*notes, *more))
    said = (*facts.notes, *_odd(facts, columns.closed), *(n for c in (stages, deals) if c for n in c.notes))
    return Facts(leads, ids, created, closed, outcome, stages, deals, said)


def _times(
    sources: Sources, column: str | None, optional: set[str | None]
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    if column is None or column in optional:
        return None, ()
    return read_times(sources.leads, column, sources.settings.times, texts_for(column, sources.missing))


def _outcome(sources: Sources, goal: Goal) -> NDArray[np.int8] | None:
    """Read the outcome column, where the goal depends on it."""
    columns = sources.settings.leads
    if columns.outcome is None:
        if goal.kind == "won":
            raise wording.no_outcome_column()
        return None
    if goal.kind == "repeat deal":  # a customer's own outcome says nothing about the next deal
        return None
    values = sources.leads.frame[columns.outcome]
    blank = texts_for(columns.outcome, sources.missing)
    if sources.live:  # among open leads nobody has been won, so that these values need not occur
        known = pd.Series([*_several(columns.won), *_several(columns.lost)], dtype=object)
        values = pd.concat([values.astype(object), known], ignore_index=True)
    states = read_outcomes(columns.outcome, values, columns.won, columns.lost, blank)
    return states[: len(sources.leads.frame)]


def _several(given: str | Iterable[object]) -> list[object]:
    return [given] if isinstance(given, str) else list(given)


def _second_tables(sources: Sources, ids: pd.Series | None) -> tuple[Changes | None, Changes | None]:
    settings = sources.settings
    others = [
        name
        for name, there in (
            ("stages", sources.stages is not None),
            ("deals", sources.deals is not None),
            ("events", settings.events is not None),
        )
        if there
    ]
    if not others:
        return None, None
    if ids is None:
        raise wording.no_id_column(others[0])
    _unique(sources, ids, others)
    everywhere = frozenset(text for text in sources.missing if isinstance(text, str))
    stages = deals = None
    if sources.stages is not None and (s := settings.stages) is not None:
        columns = ChangeColumns(s.lead, s.entered, s.stage, "stage change")
        stages = read_changes(sources.stages, columns, ids, settings.times, everywhere)
    if sources.deals is not None and (d := settings.deals) is not None:
        columns = ChangeColumns(d.lead, d.at, d.product, "deal")
        deals = read_changes(sources.deals, columns, ids, settings.times, everywhere)
    return stages, deals


def _unique(sources: Sources, ids: pd.Series, others: list[str]) -> None:
    again = (ids.duplicated() & ids.notna()).to_numpy(dtype=bool)
    if not again.any():
        return
    shown = np.flatnonzero(again)[:5]
    pairs = [(int(np.flatnonzero((ids == ids.iloc[row]).to_numpy(dtype=bool))[0]) + 1, int(row) + 1) for row in shown]
    column = sources.settings.leads.id or ""
    raise wording.ids_twice(sources.leads.where, column, pairs, int(again.sum()), " and ".join(others))


def _odd(facts: Facts, closed: str | None) -> list[str]:
    """Say what is odd about times of decision; it is counted, not refused."""
    notes = []
    if facts.ids is not None and (facts.stages or facts.deals) and (nameless := int(facts.ids.isna().sum())):
        notes.append(wording.note("without an id, so that nothing in other tables can be theirs", nameless, "lead"))
    if facts.closed is None:
        return notes
    known = facts.closed != NONE
    if facts.created is not None:
        early = known & (facts.created != NONE) & (facts.closed < facts.created)
        if count := int(early.sum()):
            notes.append(wording.note(f"closed before creation, by column {closed!r}", count, "lead"))
    if facts.outcome is not None:
        if count := int(((facts.outcome == LOST) & ~known).sum()):
            said = f"lost without a time in column {closed!r}, which counts as lost at any age"
            notes.append(wording.note(said, count, "lead"))
        if count := int(((facts.outcome == UNDECIDED) & known).sum()):
            notes.append(wording.note(f"undecided with a time in column {closed!r}, which is not used", count, "lead"))
    return notes
