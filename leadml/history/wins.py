"""Which lead was won when, by the goal of a configuration: what scores are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.build import read_sources, silent
from leadml.history.moments.as_of import parse_as_of, reached
from leadml.history.moments.facts import Facts, Sources, gather
from leadml.history.moments.goal import Goal
from leadml.history.moments.outcomes import Outcomes, outcomes
from leadml.history.moments.standing import spans
from leadml.history.moments.times import NEVER
from leadml.history.sources.server import Servers
from leadml.history.values.ids import places_of
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from leadml.history.making import Tell
    from leadml.history.settings.sections import Settings


@dataclass(frozen=True, eq=False)
class Wins:
    """Outcomes of leads.

    Parameters
    ----------
    frame : DataFrame
        One row per lead: ``lead_id`` (text), ``won_at`` (datetime64[us, UTC]; missing where not won), ``created_at``,
        ``due_at``, its first scoring moment as the configuration has it (missing where there is none, or not yet), and
        ``over_at``, when its outcome window ends (missing where there is none, or the configuration does not set it).
    notes : tuple of str
        What a reader should know.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def wins(settings: Settings, scored: pd.DataFrame | None = None, tell: Tell = silent) -> Wins:
    """Find when leads were won.

    Parameters
    ----------
    settings : Settings
        The configuration; its goal says what a win is.
    scored : DataFrame, optional
        ``lead_id, scored_at``: for a repeat deal, a lead's win is its first deal after its first scoring.
    tell : callable
        Is told in words what happens next.

    Returns
    -------
    Wins

    Raises
    ------
    UsageError
        If there is no column with ids, or nothing says when leads were won.
    DataError
        If the data cannot be used.
    """
    if settings.leads.id is None:
        raise wording.monitor_needs("id", "the lead's id, so that scores find their outcomes")
    with Servers() as servers:
        read = read_sources(settings, {}, tell, servers)
    sources = Sources(read.leads, read.settings, read.stages, read.deals, read.missing, live=True)
    goal = Goal.parse(settings.scoring.goal)
    facts = gather(sources, goal)
    known = outcomes(goal, facts, sources, NEVER)
    if known is None or facts.ids is None:
        raise wording.monitor_needs("closed", "the time at which a lead was won")
    won_at, ids = known.won_at, facts.ids.reset_index(drop=True)
    if known.deals is not None and scored is not None:
        won_at = _after_scoring(known, ids, scored)
    columns = {"won_at": _times(won_at), "created_at": _times(_known(facts.created, len(ids)))}
    columns["due_at"] = _times(_due(sources, facts))
    found, _ = spans(goal, facts, sources, None)
    columns["over_at"] = _times(np.full(len(ids), NEVER) if found is None else found.ends)
    frame = pd.DataFrame({"lead_id": ids, **columns}).dropna(subset=["lead_id"])
    first = frame.sort_values(["lead_id", "won_at"]).drop_duplicates("lead_id", ignore_index=True)
    count = int(known.won_unknown.sum())
    unknown = (wording.won_sometime(count),) if count else ()
    return Wins(first, unknown)


def _after_scoring(known: Outcomes, ids: pd.Series, scored: pd.DataFrame) -> np.ndarray:
    first = scored.groupby("lead_id")["scored_at"].min()
    place = places_of(pd.Series(first.index, dtype="str"), ids.mask(ids.duplicated()))
    here = place >= 0
    as_of = first.to_numpy("datetime64[us]").astype(np.int64)[here]
    won_at = np.full(len(ids), NEVER)
    won_at[place[here]] = known.next_win(place[here], as_of)
    return won_at


def _due(sources: Sources, facts: Facts) -> np.ndarray:
    """Return the first scoring moment of each lead."""
    due = np.full(len(facts), NEVER)
    if sources.settings.scoring.as_of:
        for entry in parse_as_of(sources):
            due = np.minimum(due, _known(reached(entry, facts, sources).at, len(facts)))
    return due


def _known(moments: np.ndarray | None, count: int) -> np.ndarray:
    """Return moments with the greatest integer where there is none."""
    return np.full(count, NEVER) if moments is None else np.where(moments == NONE, NEVER, moments)


def _times(moments: np.ndarray) -> pd.Series:
    there = moments != NEVER
    times = pd.Series(pd.to_datetime(np.where(there, moments, 0), unit="us", utc=True))
    return times.astype("datetime64[us, UTC]").where(there)
