"""Histories by time: when each lead was scored, what was known at a date, and a window that no table has seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.history.moments.times import iso
from leadml.history.outcome import LEAST, OutcomeCounts
from leadml.history.roles import BY_ROW
from leadml.history.split import HistorySplit
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory

# The window grows as long as it holds too few leads, and is at most half of the leads.
SHARES = (0.2, 0.3, 0.4, 0.5)


def times_of(history: LeadHistory) -> NDArray[np.int64] | None:
    """Return when each lead was scored, or came, in microseconds since 1970 (UTC); None where nothing tells."""
    if history.as_of is not None:
        return history.as_of
    column = history.roles.time
    if history.order is None or column in (None, BY_ROW):
        return None
    dated = any(report.name == column and report.type == "date" for report in history.reports)
    return history.order.astype(np.int64) if dated else None


def came_with(history: LeadHistory, newest: LeadHistory) -> int | None:
    """Count the leads that came while the newest did, whatever became of them.

    Parameters
    ----------
    history : LeadHistory
        All of them.
    newest : LeadHistory
        Those of them that are judged on; others of the same time are left out of it because their company was learned
        from, or because they are undecided.

    Returns
    -------
    int or None
        None where nothing tells when leads came.
    """
    times, mine = times_of(history), times_of(newest)
    if times is None or mine is None or not len(mine):
        return None
    first, last = int(mine.min()), int(mine.max())
    here = int(((times >= first) & (times <= last)).sum())
    if history.as_of is not None or history.undecided_at is None or history.roles.time != history.roles.created:
        return here  # with scoring moments, every row is decided once its outcome window is over
    return here + int(((history.undecided_at >= first) & (history.undecided_at <= last)).sum())


def known_at(history: LeadHistory, moment: int) -> LeadHistory | None:
    """Return the leads that had come, and were decided, before a moment; the others are undecided, or not there yet.

    Parameters
    ----------
    history : LeadHistory
    moment : int
        Microseconds since 1970 in UTC.

    Returns
    -------
    LeadHistory or None
        With a note; None where nothing tells when leads came.
    """
    times = times_of(history)
    if times is None:
        return None
    here = times < moment
    decided = here
    note = f"as of {iso(moment)}: {int((~here).sum()):,} later leads are left out"
    if history.decided_at is not None:
        decided = here & ((history.decided_at == NONE) | (history.decided_at <= moment))
        note += f", {int((here & ~decided).sum()):,} were still open"
    else:
        note += "; nothing tells when leads were decided, so outcomes count whenever they came"
    kept = history.take(decided)
    counts = OutcomeCounts(kept.counts.won, kept.counts.lost, int((here & ~decided).sum()))
    return replace(
        kept, counts=counts, undecided=None, undecided_age_days=None, undecided_at=None, notes=(*history.notes, note)
    )


def unseen_window(history: LeadHistory, after: int | None, least: int) -> tuple[HistorySplit, int] | None:
    """Part older leads, to learn from, and a window of newer ones that was learned from by nobody.

    Parameters
    ----------
    history : LeadHistory
    after : int or None
        The newest lead that the table in use was learned from; the window begins later.
    least : int
        Won, and lost, leads that the window should hold. It is the newest fifth of the leads, or more, up to half of
        them, where it would hold fewer.

    Returns
    -------
    split : HistorySplit
        Older leads and the window, which may be too small, or empty. Of companies, and leads, that stand on both sides,
        the older rows are learned from and the newer ones left out.
    since : int
        When the window begins.
    None
        Nothing tells when leads came.
    """
    times = times_of(history)
    if times is None:
        return None
    moments, counts = np.unique(times, return_counts=True)
    at_or_after = np.cumsum(counts[::-1])[::-1] / len(times)
    floor = 0 if after is None else int(np.searchsorted(moments, after, side="right"))
    for share in SHARES:
        place = max(int(np.argmin(np.abs(at_or_after - share))), floor)
        since = int(moments[place]) if place < len(moments) else int(moments[-1]) + 1
        older = times < since
        newer = _apart(history.groups, older)
        won = int(history.won[newer].sum())
        if min(won, int(newer.sum()) - won) >= least:
            break
    told = f"split at {iso(since)}: {100 * newer.mean():.0f} % newest leads"
    gone = int((~older & ~newer).sum())
    if gone:
        told += f"; {gone:,} left out because their company or lead was learned from"
    return HistorySplit(history.take(older), history.take(newer), "out-of-time", told), since


def enough_to_learn(history: LeadHistory) -> bool:
    """Tell whether a table can be learned from these leads: at least 40 won and 40 lost."""
    return min(history.counts.won, history.counts.lost) >= LEAST


def _apart(groups: NDArray[np.uint64] | None, older: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which leads are newer and of no company, or lead, that has an older row."""
    if groups is None:
        return ~older
    return ~older & ~np.isin(groups, np.unique(groups[older]))
