"""Where a lead stands at an instant: before its scoring moment, within its outcome window, or past it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.errors import LeadmlError
from leadml.history.moments import wording
from leadml.history.moments.as_of import CREATED, AsOf, parse_as_of, reached
from leadml.history.moments.facts import Facts, Sources
from leadml.history.moments.goal import Goal
from leadml.history.moments.outcomes import outcomes
from leadml.history.moments.times import NEVER, read_times
from leadml.history.moments.window import LONGEST_DAYS, Watched, outcome_window
from leadml.history.values.placeholders import parse_missing, texts_for
from leadml.points.dates import DAY_US, NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table

COLUMN = "outcome_window"
TO_COME, OPEN, OVER = STATES = ("to come", "open", "over")


@dataclass(frozen=True, eq=False)
class Spans:
    """When each lead begins to be scored, and until when it can be won by the definition that training uses.

    Parameters
    ----------
    begins : ndarray of int64, shape (n_leads,)
        The first scoring moment, in microseconds since 1970 in UTC; the greatest integer for a lead that has none, the
        least where nobody knows.
    ends : ndarray of int64, shape (n_leads,)
        The end of the outcome window of the last scoring moment; the greatest integer where there is none.
    days : int or None
        The outcome window; None where it is not known.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    days: int | None

    def at(self, when: int | NDArray[np.int64]) -> NDArray[np.int8]:
        """Return where each lead stands at an instant, or one of its own: 0 to come, 1 open, 2 over, as in `STATES`.

        Examples
        --------
        >>> Spans(np.array([5, 1, 1]), np.array([9, 9, 4]), 1).at(4).tolist()
        [0, 1, 2]
        """
        return np.where(self.begins > when, 0, np.where(self.ends <= when, 2, 1)).astype(np.int8)


def spans(goal: Goal, facts: Facts, sources: Sources, when: int | None) -> tuple[Spans | None, tuple[str, ...]]:
    """Find when leads begin to be scored and when their outcome windows end.

    Parameters
    ----------
    goal : Goal
    facts : Facts
    sources : Sources
    when : int or None
        Where no window is configured, it is estimated from what was known at this instant, as training does; with
        None it is not.

    Returns
    -------
    Spans or None
        None where leads have no scoring moment of their own: none is configured, or dates, which come for leads of
        every age; or the goal is a repeat deal, for which customers have no age. And where it cannot be found.
    tuple of str
        Why it cannot be found.
    """
    if not sources.settings.scoring.as_of or goal.kind == "repeat deal":
        return None, ()
    try:
        entries = parse_as_of(sources)
        if any(entry.kind == "date" for entry in entries):
            return None, ()
        at = np.stack([reached(entry, facts, sources).at for entry in entries])
    except LeadmlError as fault:  # leads to be scored may lack what only training needs
        return None, (wording.no_standing(str(fault)),)
    last = at.max(axis=0, initial=NONE)
    begins = np.where(at == NONE, NEVER, at).min(axis=0, initial=NEVER)
    begins = np.where(_ageless(entries, facts), NONE, begins)
    days = _days(goal, facts, sources, at, when)
    if days is None:
        return Spans(begins, np.full(len(facts), NEVER), None), ()
    length = min(days, LONGEST_DAYS) * DAY_US
    return Spans(begins, np.where(last == NONE, NEVER, last + length * (last != NONE)), days), ()


def _ageless(entries: tuple[AsOf, ...], facts: Facts) -> NDArray[np.bool_]:
    """Tell which leads have no moment only because nobody knows when they came."""
    if facts.created is None or not any(entry.kind == "created" for entry in entries):
        return np.zeros(len(facts), dtype=bool)
    return np.asarray(facts.created == NONE)


def _days(goal: Goal, facts: Facts, sources: Sources, at: NDArray[np.int64], when: int | None) -> int | None:
    """Return the window that training has; None where it has none, or it is not known."""
    if goal.kind == "won" and sources.settings.leads.closed is None:
        return None  # the outcome column is taken as it is
    if (asked := sources.settings.scoring.window_days) is not None or when is None:
        return asked
    known = outcomes(goal, facts, sources, when)
    if known is None:
        return None
    entry, lead = np.nonzero((at != NONE) & (at <= when))
    as_of = at[entry, lead]
    ahead = np.minimum(known.won_at, known.lost_at)[lead] > as_of
    lead, as_of = lead[ahead], as_of[ahead]
    window = outcome_window(None, Watched(lead, as_of, known.won_at[lead], when))
    return None if window.ninety is None else window.days


def standing_of(table: Table, settings: Settings, at: NDArray[np.int64]) -> NDArray[np.int8] | None:
    """Tell where the leads of a file stand, each at an instant of its own, by what the file itself holds.

    Parameters
    ----------
    table : Table
        Leads with their time of creation, or with the column that ``as_of`` names.
    settings : Settings
        ``[leads] created`` and ``[scoring]``.
    at : ndarray of int64, shape (n_leads,)
        Microseconds since 1970 in UTC.

    Returns
    -------
    ndarray of int8, shape (n_leads,), or None
        As `Spans.at` returns it; None where the file does not tell.
    """
    try:
        missing = parse_missing(settings.leads.missing, table.columns)
        sources = Sources(table, settings, None, None, missing, live=True)
        created = None
        if (column := settings.leads.created) in table.columns:
            created, _ = read_times(table, str(column), settings.times, texts_for(str(column), missing))
        elif any(CREATED.fullmatch(entry) for entry in settings.scoring.as_of):
            return None
        facts = Facts(table, None, created, None, None, None, None, ())
        found, _ = spans(Goal.parse(settings.scoring.goal), facts, sources, None)
    except LeadmlError:  # a file to be scored need not hold what only training needs
        return None
    return None if found is None else found.at(at)
