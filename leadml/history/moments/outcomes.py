"""When each lead was won or lost, by the goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.history.moments import wording
from leadml.history.moments.times import NEVER
from leadml.history.outcome import LOST, WON
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.moments.changes import Changes
    from leadml.history.moments.facts import Facts, Sources
    from leadml.history.moments.goal import Goal


@dataclass(frozen=True, eq=False)
class Outcomes:
    """When each lead was won or lost; times are microseconds since 1970 in UTC, the greatest integer for never.

    Parameters
    ----------
    won_at, lost_at : ndarray of int64, shape (n_leads,)
        The first win, and the loss. Of a repeat deal, wins are asked for row by row: see `next_win`.
    won_unknown, lost_unknown : ndarray of bool, shape (n_leads,)
        Won, or lost, at a time that is not known.
    customer_since : ndarray of int64, shape (n_leads,), or None
        The first deal of any kind, where the goal is another one.
    deals : Changes or None
        The deals that are wins, where the goal is another deal.
    """

    won_at: NDArray[np.int64]
    won_unknown: NDArray[np.bool_]
    lost_at: NDArray[np.int64]
    lost_unknown: NDArray[np.bool_]
    customer_since: NDArray[np.int64] | None = None
    deals: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def next_win(self, lead: NDArray[np.int64], as_of: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the win that a row is about: the lead's first, or the first after the row's moment.

        Parameters
        ----------
        lead, as_of : ndarray of int64, shape (n_rows,)

        Returns
        -------
        ndarray of int64, shape (n_rows,)
        """
        return self.won_at[lead] if self.deals is None else _next(*self.deals, lead, as_of)


def outcomes(goal: Goal, facts: Facts, sources: Sources, until: int) -> Outcomes | None:
    """Find when leads were won and lost.

    Parameters
    ----------
    goal : Goal
    facts : Facts
    sources : Sources
    until : int
        What came later had not happened yet, in microseconds since 1970.

    Returns
    -------
    Outcomes or None
        None where only the outcome column is known, and no time: then it is taken as it is.

    Raises
    ------
    UsageError
        If a section, a stage or a product is not there.
    """
    if goal.kind == "stage":
        return _by_stage(goal, facts, sources, until)
    if goal.kind != "won":
        return _by_deal(goal, facts, sources, until)
    if facts.closed is None or facts.outcome is None:
        return None
    won_at, won_unknown = _closed(facts, WON, until)
    return Outcomes(won_at, won_unknown, *_closed(facts, LOST, until))


def _by_stage(goal: Goal, facts: Facts, sources: Sources, until: int) -> Outcomes:
    stages, settings = facts.stages, sources.settings.stages
    if stages is None or settings is None or sources.stages is None:
        raise wording.no_section("goal", goal.said, "stages")
    name = goal.name or ""
    for stage in () if sources.live else (name, *settings.lost):
        if stage not in stages.names:
            raise wording.unknown_name("stage", stage, settings.stage, stages.names, sources.stages.where)
    won_at = _before(stages.first(len(facts), [name]), until)
    return _with_column(won_at, stages.first(len(facts), settings.lost), facts, until)


def _by_deal(goal: Goal, facts: Facts, sources: Sources, until: int) -> Outcomes:
    deals, settings = facts.deals, sources.settings.deals
    if deals is None or settings is None or sources.deals is None:
        raise wording.no_section("goal", goal.said, "deals")
    if goal.name is not None:
        if settings.product is None:
            raise wording.no_product_column(goal.said)
        if goal.name not in deals.names and not sources.live:
            where = sources.deals.where
            raise wording.unknown_name("product", goal.name, settings.product, deals.names, where)
    names = None if goal.name is None else [goal.name]
    won_at = _before(deals.first(len(facts), names), until)
    never = np.full(len(facts), NEVER)
    if goal.kind == "deal":
        return _with_column(won_at, never, facts, until)
    no = np.zeros(len(facts), dtype=bool)
    since = _before(deals.first(len(facts)), until)
    return Outcomes(won_at, no, never, no, since, _wins(deals, names, until))


def _with_column(won_at: NDArray[np.int64], lost_at: NDArray[np.int64], facts: Facts, until: int) -> Outcomes:
    """Add what the outcome column says about losing; winning is told by the goal."""
    no = np.zeros(len(facts), dtype=bool)
    if facts.outcome is None:
        return Outcomes(won_at, no, _before(lost_at, until), no)
    also, unknown = _closed(facts, LOST, until)
    return Outcomes(won_at, no, np.minimum(_before(lost_at, until), also), unknown & (lost_at == NEVER))


def _closed(facts: Facts, state: int, until: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return when leads were closed in a state, and which were at a time that is not known."""
    so = np.asarray(facts.outcome == state, dtype=bool)
    if facts.closed is None:
        return np.full(len(facts), NEVER), so
    return _before(np.where(so & (facts.closed != NONE), facts.closed, NEVER), until), so & (facts.closed == NONE)


def _before(at: NDArray[np.int64], until: int) -> NDArray[np.int64]:
    return np.where(at > until, NEVER, at)


def _wins(deals: Changes, names: list[str] | None, until: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return lead and time of the deals that count, by lead and then by time."""
    use = deals.at <= until
    if names is not None:
        use &= deals.named(names)
    lead, at = deals.lead[use], deals.at[use]
    order = np.lexsort((at, lead))
    return lead[order], at[order]


def _next(
    lead: NDArray[np.int64], at: NDArray[np.int64], row_lead: NDArray[np.int64], as_of: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each row the first time of its lead that is later than its moment, by halving, all rows at once."""
    counts = np.bincount(lead, minlength=int(row_lead.max(initial=0)) + 1)
    end = np.cumsum(counts)[row_lead]
    low, high = end - counts[row_lead], end
    times = np.append(at, NEVER)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        later = times[middle] > as_of
        high = np.where(open_ & later, middle, high)
        low = np.where(open_ & ~later, middle + 1, low)
    return np.where(low < end, times[low], NEVER)
