"""Which lead is scored when, with which outcome: the rows that are learned from, before any feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.moments import wording
from leadml.history.moments.as_of import parse_as_of, reached
from leadml.history.moments.facts import Facts, Sources, gather
from leadml.history.moments.funnel import Funnel, Sieve
from leadml.history.moments.goal import Goal
from leadml.history.moments.observed import observed_until
from leadml.history.moments.outcomes import Outcomes, outcomes
from leadml.history.moments.times import NEVER
from leadml.history.moments.window import LONGEST_DAYS, Watched, Window, no_window, outcome_window
from leadml.history.outcome import LOST, UNDECIDED, WON
from leadml.history.values.placeholders import Placeholder
from leadml.points.dates import DAY_US, NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table

TO_LEARN = "rows to learn from"
AGAIN = "the same scoring moment as another of the same lead"
TO_COME = "scoring moment still to come"
DECIDED = "decided before the scoring moment"
NO_CUSTOMER = "no customer yet at the scoring moment"
WON_SOMETIME = "won, but it is not known when"
OPEN = "undecided: still open, and the outcome window is not over"
UNKNOWN = "undecided, by the outcome column"


@dataclass(frozen=True, eq=False)
class Moments:
    """The rows: which lead, as of when, with which outcome.

    Parameters
    ----------
    lead : ndarray of int64, shape (n_rows,)
        Place of the row's lead in the leads table. Rows are sorted by scoring moment, then by the text of the lead's
        id, whatever the order in the source.
    as_of : ndarray of int64, shape (n_rows,)
        The scoring moment, in microseconds since 1970 in UTC; what is known then is what happened before.
    state : ndarray of int8, shape (n_rows,)
        1 won, 0 lost, -1 undecided.
    decided_at : ndarray of int64, shape (n_rows,)
        When it was won, or first decided; the least integer where that is not known.
    created : ndarray of int64, shape (n_rows,), or None
        When the lead was created; the least integer where that is not known.
    funnel : Funnel
        How leads became the rows that are won or lost.
    window : Window
        The outcome window.
    window_over : ndarray of bool, shape (n_rows,)
        Whether the row's outcome window was over while outcomes were observed. Before that a row can be decided
        already, but wins and losses of that age are not equally likely to be known.
    standing : ndarray of int8, shape (n_rows,), or None
        Of leads that are to be scored: whether their outcome window is to come, open or over, by place in
        `leadml.history.moments.standing.STATES`; None where leads have none.
    """

    lead: NDArray[np.int64]
    as_of: NDArray[np.int64]
    state: NDArray[np.int8]
    decided_at: NDArray[np.int64]
    created: NDArray[np.int64] | None
    funnel: Funnel
    window: Window
    window_over: NDArray[np.bool_]
    standing: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return len(self.lead)


def find_moments(
    leads: Table,
    settings: Settings,
    stages: Table | None,
    deals: Table | None,
    missing: tuple[Placeholder, ...],
) -> Moments:
    """Find the rows to learn from.

    A row is a lead at one of its scoring moments t. With the outcome window H, and outcomes observed until E: won at
    w, t < w <= t + H, is won; won later, lost, or still open at t + H <= E, is lost; still open with t + H > E is
    undecided. Left out and counted are rows without a scoring moment, with one after E, of leads that were decided at
    t or before, and of leads that were won nobody knows when. Where nothing says when leads were won, the outcome
    column is taken as it is.

    Parameters
    ----------
    leads : Table
    settings : Settings
    stages, deals : Table or None
        What ``[stages]`` and ``[deals]`` name.
    missing : tuple
        Placeholders.

    Returns
    -------
    Moments
        Undecided rows included; its funnel counts them as left out.

    Raises
    ------
    UsageError
        If a column, a section, a stage or a product is not there.
    DataError
        If more than 1 % of some times cannot be read, outcomes are not understood, an id that other tables refer
        to stands twice, or it is not clear until when outcomes were observed.
    """
    goal = Goal.parse(settings.scoring.goal)
    sources = Sources(leads, settings, stages, deals, missing)
    facts = gather(sources, goal)
    until, note = observed_until(facts, settings)
    sieve = Sieve(len(facts), len(settings.scoring.as_of))
    lead, as_of, notes = _candidates(facts, sources, sieve)
    if until == NONE:  # nothing ever happened: no moment is still to come, and every outcome is
        until = int(as_of.max(initial=NONE))
    rows = _Rows(lead, as_of, sieve)
    rows.keep(TO_COME, as_of <= until)
    known = outcomes(goal, facts, sources, until)
    if known is None:
        state = _as_it_is(facts, rows)
        decided_at = np.full(len(state), NONE)
        window = no_window("no window: without a time of decision the outcome column is taken as it is")
    else:
        state, decided_at, window = _in_window(known, rows, settings.scoring.window_days, until)
    left = (int((state == WON).sum()), int((state == LOST).sum()))
    sieve.leave_out(UNKNOWN if known is None else OPEN, rows.lead[state == UNDECIDED])
    funnel = sieve.funnel(TO_LEARN, left, (note, *facts.notes, *notes, *_early(rows, facts)))
    order = order_of_rows(rows.lead, rows.as_of, facts)
    lead = rows.lead[order]
    created = None if facts.created is None else facts.created[lead]
    as_of = rows.as_of[order]
    over = as_of + min(window.days or 0, LONGEST_DAYS) * DAY_US <= until
    return Moments(lead, as_of, state[order], decided_at[order], created, funnel, window, over)


class _Rows:
    """Rows that are left, each a lead and a moment."""

    def __init__(self, lead: NDArray[np.int64], as_of: NDArray[np.int64], sieve: Sieve) -> None:
        self.lead, self.as_of, self._sieve = lead, as_of, sieve

    def keep(self, otherwise: str, which: NDArray[np.bool_]) -> None:
        """Leave out all other rows, for a reason."""
        self._sieve.leave_out(otherwise, self.lead[~which])
        self.lead, self.as_of = self.lead[which], self.as_of[which]


def _candidates(
    facts: Facts, sources: Sources, sieve: Sieve
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    """Return lead and moment of every row there could be, no pair twice; count those without a moment."""
    moments: list[NDArray[np.int64]] = []
    without: dict[str, list[NDArray[np.int64]]] = {}
    notes: dict[str, None] = {}
    for entry in parse_as_of(sources):
        found = reached(entry, facts, sources)
        moments.append(found.at)
        notes |= dict.fromkeys(found.notes)
        for reason, places in found.without:
            without.setdefault(reason, []).append(places)
    for reason, several in without.items():
        sieve.leave_out(reason, np.concatenate(several))
    new = [_new(moments[:k], at) for k, at in enumerate(moments)]
    leads = [np.flatnonzero(which) for which in new]
    if len(moments) > 1:
        again = [np.flatnonzero((at != NONE) & ~which) for at, which in zip(moments, new, strict=True)]
        sieve.leave_out(AGAIN, np.concatenate(again))
    as_of = np.concatenate([at[which] for at, which in zip(moments, new, strict=True)])
    return np.concatenate(leads), as_of, tuple(notes)


def _new(before: list[NDArray[np.int64]], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which leads have this scoring moment, and have not had the same one before."""
    new = np.asarray(at != NONE)
    for other in before:
        new &= np.asarray(at != other)
    return new


def _early(rows: _Rows, facts: Facts) -> tuple[str, ...]:
    """Count leads that are scored before they are created, as the times of a column or a stage may have it."""
    count = 0 if facts.created is None else int((rows.as_of < facts.created[rows.lead]).sum())
    return (wording.note("with a scoring moment before the creation of their lead", count, "row"),) if count else ()


def _as_it_is(facts: Facts, rows: _Rows) -> NDArray[np.int8]:
    states = facts.outcome if facts.outcome is not None else np.empty(0, dtype=np.int8)
    return states[rows.lead]


def _in_window(
    known: Outcomes, rows: _Rows, asked: int | None, until: int
) -> tuple[NDArray[np.int8], NDArray[np.int64], Window]:
    """Leave out what was decided before, and give the others their state by the window."""
    if known.customer_since is not None:
        rows.keep(NO_CUSTOMER, known.customer_since[rows.lead] <= rows.as_of)
    else:
        first = np.minimum(known.won_at, known.lost_at)
        rows.keep(DECIDED, first[rows.lead] > rows.as_of)
    if known.won_unknown.any():
        rows.keep(WON_SOMETIME, ~known.won_unknown[rows.lead])
    lead, as_of = rows.lead, rows.as_of
    won_at, lost_at = known.next_win(lead, as_of), known.lost_at[lead]
    window = outcome_window(asked, Watched(lead, as_of, won_at, until))
    end = as_of + min(window.days or 0, LONGEST_DAYS) * DAY_US
    won = won_at <= end
    decided = np.minimum(won_at, lost_at)
    lost = (decided != NEVER) | known.lost_unknown[lead] | (end <= until)
    state = np.where(won, WON, np.where(lost, LOST, UNDECIDED)).astype(np.int8)
    at = np.where(won, won_at, decided)
    return state, np.where(at == NEVER, NONE, at), window


def order_of_rows(lead: NDArray[np.int64], as_of: NDArray[np.int64], facts: Facts) -> NDArray[np.int64]:
    """Return the order of rows by scoring moment, then id text; leads without one of their own by their content.

    Parameters
    ----------
    lead, as_of : ndarray of int64, shape (n_rows,)
    facts : Facts

    Returns
    -------
    ndarray of int64, shape (n_rows,)
    """
    rank = np.zeros(len(facts), dtype=np.int64)
    if facts.ids is not None:
        rank = np.asarray(facts.ids.rank(method="min", na_option="top"), dtype=np.int64)
    order = np.lexsort((rank[lead], as_of))
    at, ranks = as_of[order], rank[lead[order]]
    tied = np.append(False, (at[1:] == at[:-1]) & (ranks[1:] == ranks[:-1]))[: len(order)]
    if not tied.any():
        return order.astype(np.int64)
    alike = np.unique(lead[order[tied | np.append(tied[1:], False)]])
    content = np.zeros(len(facts), dtype=np.uint64)
    content[alike] = _contents(facts.table.frame.iloc[alike])
    return np.lexsort((content[lead], rank[lead], as_of)).astype(np.int64)


def _contents(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """Return one number for the content of each row; the order of the columns does not matter."""
    texts = frame[sorted(frame.columns)].astype("str")
    return np.asarray(pd.util.hash_pandas_object(texts, index=False), dtype=np.uint64)
