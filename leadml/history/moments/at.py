"""Which leads are scored at one instant: those that exist and are not decided then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.history.moments import wording
from leadml.history.moments.facts import Facts, Sources, gather
from leadml.history.moments.funnel import Sieve
from leadml.history.moments.goal import Goal
from leadml.history.moments.moments import NO_CUSTOMER, Moments, order_of_rows
from leadml.history.moments.outcomes import outcomes
from leadml.history.moments.standing import OVER, STATES, TO_COME, Spans, spans
from leadml.history.moments.times import NEVER
from leadml.history.moments.window import no_window
from leadml.history.outcome import UNDECIDED
from leadml.history.values.placeholders import Placeholder
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table

TO_SCORE = "leads to score"
NOT_YET = "created later"
DECIDED = "decided by then"


def moments_at(
    leads: Table,
    settings: Settings,
    stages: Table | None,
    deals: Table | None,
    missing: tuple[Placeholder, ...],
    when_us: int,
    *,
    every: bool = False,
) -> Moments:
    """Find the leads to score at an instant.

    Leads whose outcome window is over are told apart: training counts a lead that is open at that age as lost, so that
    by the table's own definition it can no longer be won, whatever its score.

    Parameters
    ----------
    leads : Table
        The column with the outcome, and the one with the time of the decision, may be missing.
    settings : Settings
    stages, deals : Table or None
        What ``[stages]`` and ``[deals]`` name.
    missing : tuple
        Placeholders.
    when_us : int
        The instant, in microseconds since 1970 in UTC.
    every : bool
        Whether leads whose outcome window is over are to be scored.

    Returns
    -------
    Moments
        One undecided row for every lead that was created by then (or nobody knows when) and not decided by then, by
        what was known then; for a repeat deal, for every customer. Rows whose outcome window is over are
        included; its funnel counts them as left out, unless `every`. Leads before their scoring moment are counted in a
        note.

    Raises
    ------
    UsageError, DataError
        As `find_moments`; but values of the outcome, stages and products need not occur.
    """
    goal = Goal.parse(settings.scoring.goal)
    sources = Sources(leads, settings, stages, deals, missing, live=True)
    facts = gather(sources, goal)
    sieve = Sieve(len(facts), 1)
    lead = np.arange(len(facts))
    notes = list(facts.notes)
    if facts.created is not None:
        lead = _keep(sieve, NOT_YET, lead, facts.created <= when_us)
        if unknown := int((facts.created == NONE).sum()):
            notes.append(wording.note("scored without a readable time of creation", unknown, "lead"))
    if goal.kind == "won" and facts.outcome is None:
        notes.append("there is no column with the outcome: every lead counts as open")
    else:
        lead = _undecided(goal, facts, sources, when_us, lead, sieve)
    stands, more = spans(goal, facts, sources, when_us)
    now = None if stands is None else stands.at(when_us)
    if stands is not None and now is not None:
        more = _in_time(stands, now[lead], sources, sieve, None if every else lead)
    notes += more
    as_of = np.full(len(lead), when_us, dtype=np.int64)
    lead = lead[order_of_rows(lead, as_of, facts)]
    state = np.full(len(lead), UNDECIDED, dtype=np.int8)
    created = None if facts.created is None else facts.created[lead]
    window = no_window("no window: outcomes are still to come")
    funnel = sieve.funnel(TO_SCORE, None, tuple(notes))
    over = np.zeros(len(lead), dtype=bool)
    nothing = np.full(len(lead), NONE)
    return Moments(lead, as_of, state, nothing, created, funnel, window, over, None if now is None else now[lead])


def _in_time(
    stands: Spans, now: NDArray[np.int8], sources: Sources, sieve: Sieve, lead: NDArray[np.int64] | None
) -> tuple[str, ...]:
    """Count rows whose window is over as left out, given their leads, or in a note; and those before their moment."""
    notes, past = [], now == STATES.index(OVER)
    if stands.days is not None and lead is not None:
        sieve.leave_out(wording.past_window(stands.days), lead[past])
    elif stands.days is not None and past.any():
        notes.append(wording.past_window_kept(stands.days, int(past.sum())))
    elif stands.days is None and sources.settings.leads.closed is not None:
        notes.append(wording.no_length())
    if count := int((now == STATES.index(TO_COME)).sum()):
        notes.append(wording.before_moment(sources.settings.scoring.as_of, count))
    return tuple(notes)


def _undecided(
    goal: Goal, facts: Facts, sources: Sources, when_us: int, lead: NDArray[np.int64], sieve: Sieve
) -> NDArray[np.int64]:
    known = outcomes(goal, facts, sources, NEVER)
    if known is None:
        states = facts.outcome if facts.outcome is not None else np.empty(0, dtype=np.int8)
        return _keep(sieve, DECIDED, lead, states == UNDECIDED)
    if known.customer_since is not None:
        return _keep(sieve, NO_CUSTOMER, lead, known.customer_since <= when_us)
    decided = np.minimum(known.won_at, known.lost_at) <= when_us
    return _keep(sieve, DECIDED, lead, ~(decided | known.won_unknown | known.lost_unknown))


def _keep(sieve: Sieve, otherwise: str, lead: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.int64]:
    sieve.leave_out(otherwise, lead[~which[lead]])
    return lead[which[lead]]
