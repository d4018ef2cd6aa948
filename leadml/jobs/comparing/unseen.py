"""Leads that tables were not learned from, out of a history that may hold some that they were."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from leadml.jobs.comparing import unseen_wording as wording
from leadml.jobs.thresholding.measured import learned_until

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan
    from leadml.jobs.tables import FoundTable
    from leadml.points.table import PointTable


@dataclass(frozen=True, eq=False)
class Unseen:
    """Leads to compare tables on.

    Parameters
    ----------
    frame : DataFrame of n leads
        With a column for every feature of the tables.
    won : ndarray of bool, shape (n,)
        Their outcomes.
    groups : ndarray of shape (n,) or None
        Equal for leads that belong together.
    notes : tuple of str
        Which leads these are, and where it cannot be told whether a table was learned from some of them.
    sure : bool
        Whether no table was learned from any of them.
    """

    frame: pd.DataFrame
    won: NDArray[np.bool_]
    groups: NDArray[np.uint64] | None
    notes: tuple[str, ...]
    sure: bool


def unseen(
    history: LeadHistory,
    found: Sequence[FoundTable],
    todo: Plan,
    models: str | os.PathLike[str],
    tracking_uri: str | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Unseen:
    """Pick the leads that none of the tables was learned from.

    Where a table was learned from this very history (its fingerprint says so), the newest part, on which training had
    measured it, is left. Else, where both leads and table know times, the leads that are newer than all that it was
    learned from. Else all stay, and a note says that it cannot be told.

    Parameters
    ----------
    history : LeadHistory
        Decided leads.
    found : sequence of FoundTable
        The tables.
    todo : Plan
        How the leads were read.
    models, tracking_uri
        Where versions are.
    among : ndarray of bool, optional
        The leads to pick from; all unless given.

    Returns
    -------
    Unseen

    Raises
    ------
    DataError
        If no won, or no lost, lead is left.
    UsageError
        If a table needs a column that is not there.
    """
    import numpy as np

    keep, notes, sure = np.ones(len(history), dtype=bool) if among is None else among.copy(), [], True
    for one in found:
        if not _learned(one.table):
            continue
        mask, note = _apart(history, one, models, tracking_uri)
        notes.append(note)
        sure, keep = sure and mask is not None, keep if mask is None else keep & mask
    won = int(history.won[keep].sum())
    if not 0 < won < int(keep.sum()):
        raise wording.none_left([one.table.name for one in found], int(keep.sum()), won)
    part = history.take(keep)
    frame = _complete(part.frame, history, keep, [one.table for one in found], todo)
    return Unseen(frame, part.won, part.groups, tuple(dict.fromkeys(notes)), sure)


def _learned(table: PointTable) -> bool:
    return "data_sha256" in table.provenance or "history" in table.provenance


def _apart(
    history: LeadHistory, found: FoundTable, models: str | os.PathLike[str], tracking_uri: str | None
) -> tuple[NDArray[np.bool_] | None, str]:
    """Return the leads that a table was not learned from, None where it cannot be told, and say how."""
    from leadml.history.periods import times_of
    from leadml.history.split import sides

    table = found.table
    if table.provenance.get("history", {}).get("sha256") == history.fingerprint:
        _, newest = sides(history, 0.2)
        return newest, wording.newest_part(table.name, int(newest.sum()), len(history))
    until, times = learned_until(found, models, tracking_uri), times_of(history)
    if until is not None and times is not None:
        newer = times > until
        return newer, wording.newer_part(table.name, int(newer.sum()), len(history), until)
    return None, wording.cannot_tell(table.name)


def _complete(
    frame: pd.DataFrame, history: LeadHistory, keep: NDArray[np.bool_], tables: Sequence[PointTable], todo: Plan
) -> pd.DataFrame:
    """Add columns that a table needs and learning would not: constant ones, say, as they stand in the source."""
    needed = dict.fromkeys(feature.name for table in tables for feature in table.features)
    absent = [name for name in needed if name not in frame.columns]
    if not absent:
        return frame
    reasons = {entry.column: entry.reason for entry in history.set_aside}
    if history.idle is not None:
        frame = frame.assign(**{n: history.idle[n].to_numpy()[keep] for n in absent if n in history.idle.columns})
    rest = [name for name in absent if name not in frame.columns and name in reasons]
    if not rest:
        return frame
    raw = _as_it_stands(todo)
    places = _places(history, raw, todo)
    if places is None:
        raise wording.set_aside(rest[0], reasons[rest[0]])
    return frame.assign(**{name: raw[name].iloc[places[keep]].to_numpy() for name in rest})


def _places(history: LeadHistory, raw: pd.DataFrame, todo: Plan) -> NDArray[np.int64] | None:
    """Return where the leads stand in the source that was read again; None where that cannot be told.

    A server may give its rows in another order the second time: there leads are found by their ids.
    """
    import pandas as pd

    from leadml.history.sources.server import variable_of
    from leadml.history.values.ids import id_texts, places_of

    if not isinstance(todo.source, str) or variable_of(todo.source) is None:
        return history.places
    if history.lead_id is None or history.roles.id is None:
        return None
    known = id_texts(raw[history.roles.id])
    if known.dropna().duplicated().any():
        return None
    places = places_of(pd.Series(history.lead_id, dtype="str"), known)
    return None if (places < 0).any() else places


def _as_it_stands(todo: Plan) -> pd.DataFrame:
    """Read the leads again, every column as it stands in the source."""
    from leadml.history.sources.readers import read_table

    return read_table(todo.source, *(todo.reading.get(key) for key in ("sep", "table", "query"))).frame


def with_missing(table: PointTable, history: LeadHistory) -> PointTable:
    """Let a hand-made table take the texts for missing that the leads have; tables that were learned know their own."""
    if _learned(table):
        return table
    known = list(table.provenance.get("missing", []))
    named = {value for feature in table.features for rule in feature.rules for value in rule.values}
    more = [p for p in history.missing if p not in known and (p if isinstance(p, str) else p["text"]) not in named]
    if not more:
        return table
    provenance = {**table.provenance, "missing": [*known, *more]}
    return replace(table, provenance=provenance, verification=()).with_verification()
