"""A threshold from leads: their scores, when they came, and how they ended."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.points.dates import NONE, moments_of
from leadml.points.grading.actions import bounds_of, wish_text
from leadml.points.same_order import check_order
from leadml.points.value import check_tells_wins
from leadml.stats.arrays import outcomes
from leadml.watch.threshold import threshold_wording as words
from leadml.watch.threshold.conversion import Conversion, conversion_of_counts, conversion_of_leads
from leadml.watch.threshold.flow import Flow, flow_of, untimed
from leadml.watch.threshold.goals import checked_weeks, goal_of
from leadml.watch.threshold.threshold import Threshold, chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.table import PointTable
    from leadml.watch.threshold.counts import ScoreCounts

MOST_UNREADABLE = 0.01


@dataclass(frozen=True, eq=False)
class Leads:
    """What is known of leads beside their features.

    Parameters
    ----------
    frame : DataFrame of n leads
        Has a column for every feature of the table.
    times : ndarray of int64, shape (n,), or None
        When each is scored, in microseconds since 1970; the least integer where that is not known.
    won : ndarray of float, shape (n,), or None
        1 won, 0 lost, nan undecided.
    unseen : ndarray of bool, shape (n,), or None
        Whose outcome tells of conversion, because the table was not learned from it; None: all that are decided.
    value : ndarray of float, shape (n,), or None
        What each lead brings if it is won.
    notes : tuple of str
        What to say of them.
    all_decided : bool
        Whether every lead there is won or lost, so that those still open are not there.
    """

    frame: pd.DataFrame
    times: NDArray[np.int64] | None = None
    won: NDArray[np.float64] | None = None
    unseen: NDArray[np.bool_] | None = None
    value: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    all_decided: bool = False


def threshold_of_frame(
    table: PointTable,
    frame: pd.DataFrame,
    won: Any = None,
    *,
    value: Any = None,
    created: Any = None,
    weeks: float | None = None,
    **goal: Any,
) -> Threshold:
    """Choose a threshold from a frame; see `PointTable.threshold`."""
    check_tells_wins(table, "a threshold")
    each = isinstance(value, str) or (value is not None and not np.isscalar(value))
    known = won_of(frame, won)
    leads = Leads(
        frame,
        times_of(frame, created),
        known,
        value=numbers_of(frame, value, "values") if each else None,
        all_decided=known is not None and not np.isnan(known).any(),
    )
    return threshold_of(table, leads, weeks=weeks, value=None if each else value, **goal)


def threshold_of(
    table: PointTable,
    leads: Leads,
    *,
    counts: ScoreCounts | None = None,
    weeks: float | None = None,
    **asked: Any,
) -> Threshold:
    """Choose a threshold from leads.

    Parameters
    ----------
    table : PointTable
    leads : Leads
    counts : ScoreCounts, optional
        What tells of conversion where the leads' own outcomes do not.
    weeks : float, optional
        How many weeks the leads span; else their times tell.
    **asked
        The goal, as `threshold` takes it.

    Returns
    -------
    Threshold

    Raises
    ------
    UsageError
        As `threshold` does.

    Warns
    -----
    UserWarning
        Nothing tells when the leads came, so they are taken as one week's.
    """
    goal = goal_of(**asked, valued=leads.value is not None)
    if not len(leads.frame):
        raise words.no_leads()
    scored = table.score(leads.frame, reasons=0)
    score, floor, notes = _eligible(table, scored)
    asks = asked_beside(table)
    counts = None if asks else counts  # of counts by score nobody can tell which leads have the sub-scores asked for
    flow, more = _flow(score, leads, weeks)
    conversion, judged, told = _conversion(
        score, scored["probability"].to_numpy(np.float64), leads, counts, goal.get("value"), floor
    )
    return chosen(goal, flow, conversion, judged, (*more, *leads.notes, *told, *notes), floor, asks)


def asked_beside(table: PointTable) -> str:
    """Say what the table's first action asks for beside a score; empty where it asks for nothing else.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> parts = Dimension("fit", 20, (("A", 40), ("B", None))), Dimension("engagement", 5)
    >>> table = PointTable(name="acme", features=(), probability=Probability(-3.0, 0.05), top_cut=45, dimensions=parts,
    ...                    actions=(("hand to sales", 45, {"fit": 40}), ("nurture", None)))
    >>> asked_beside(table)
    'fit from 40 (A)'
    """
    asks = _asks(table)
    return wish_text((table.actions[0][0], None, dict(asks)), table.dimensions).removeprefix("at ") if asks else ""


def _asks(table: PointTable) -> list[tuple[str, int]]:
    return [(name, least) for name, least in bounds_of(table.actions[0]) if name != "score"] if table.actions else []


def _eligible(table: PointTable, scored: pd.DataFrame) -> tuple[NDArray[np.int64], int | None, tuple[str, ...]]:
    """Return scores to cut at; leads that lack a sub-score that a hand-over asks for count below every cut."""
    score = scored["score"].to_numpy(dtype=np.int64)
    asks = _asks(table)
    if not asks:
        return score, None, ()
    able = np.all([scored[name].to_numpy() >= least for name, least in asks], axis=0)
    floor = int(score.min()) - 1
    told = words.only_some(table.actions[0][0], asked_beside(table), int(able.sum()), len(able))
    return np.where(able, score, floor), floor, (told,)


def _flow(score: NDArray[np.int64], leads: Leads, weeks: float | None) -> tuple[Flow, tuple[str, ...]]:
    """Measure leads per week; where nothing tells when they came, warn and take them as one week's."""
    times = leads.times
    if weeks is not None:
        return untimed(score, checked_weeks(weeks), timed=True), ()
    if times is not None:
        known = times != NONE
        flow = flow_of(score[known], times[known], all_decided=leads.all_decided) if known.any() else None
        if flow is not None:
            unripe = (words.unripe(flow.unripe),) if flow.unripe else ()
            return flow, unripe if known.all() else (*unripe, words.without_time(int((~known).sum())))
    warnings.warn(words.NO_TIME, stacklevel=4)
    return untimed(score, 1.0), (words.NO_TIME,)


def _conversion(
    score: NDArray[np.int64],
    probability: NDArray[np.float64],
    leads: Leads,
    counts: ScoreCounts | None,
    value: float | None,
    floor: int | None,
) -> tuple[Conversion, int, tuple[str, ...]]:
    """Measure conversion on the leads, else on what the version was measured on, else foretell it."""
    known = np.zeros(len(score), dtype=bool) if leads.won is None else ~np.isnan(leads.won)
    worth = leads.value if leads.value is not None else np.full(len(score), value or 0.0)
    tells = known if leads.unseen is None else known & leads.unseen
    if leads.won is not None and tells.any():
        undecided = int((~known).sum())
        notes = (words.undecided(undecided, undecided / len(known)),) if undecided else ()
        won = leads.won[tells]
        found = conversion_of_leads(score[tells], won, won * worth[tells], measured=True, floor=floor)
        return found, int(tells.sum()), notes
    if counts is not None and counts.leads and leads.value is None:
        return conversion_of_counts(counts, value), counts.leads, (words.FROM_VERSION,)
    foretold = conversion_of_leads(score, probability, probability * worth, measured=False, floor=floor)
    return foretold, 0, (words.NO_OUTCOMES,)


def times_of(frame: pd.DataFrame, created: Any) -> NDArray[np.int64] | None:
    """Read times: the name of a column, or one date, time or text for each lead, as `moments_of` reads it.

    Raises
    ------
    UsageError
        If there is no such column, or it holds no times, or more than 1 % of them cannot be read.
    """
    if created is None:
        return None
    given = _column(frame, created, "times")
    found = moments_of(given)
    if found is None:
        raise words.no_times(str(given.iloc[0]), str(given.dtype))
    read, filled = found
    if len(given) and not filled.any():
        raise words.all_times_missing()
    odd = filled & (read == NONE)
    if odd.sum() > MOST_UNREADABLE * filled.sum():
        raise words.unreadable_times(int(odd.sum()), str(given[odd].iloc[0]))
    return read


def won_of(frame: pd.DataFrame, won: Any) -> NDArray[np.float64] | None:
    """Read outcomes: the name of a column, or one for each lead as `outcomes` reads it, missing where undecided."""
    if won is None:
        return None
    given = _column(frame, won, "outcomes")
    known = given.notna().to_numpy()
    found = np.full(len(given), np.nan)
    found[known] = outcomes(np.array(given[known].tolist()))
    return found


def numbers_of(frame: pd.DataFrame, given: Any, what: str) -> NDArray[np.float64]:
    """Read a number for each lead; a missing one is 0."""
    column = _column(frame, given, what)
    read = pd.to_numeric(column, errors="coerce")
    if odd := column[read.isna() & column.notna()].tolist():
        raise words.no_number(what, str(odd[0]), len(odd))
    return read.fillna(0.0).to_numpy(np.float64)


def _column(frame: pd.DataFrame, given: str | Sequence[Any], what: str) -> pd.Series:
    if isinstance(given, str):
        if given not in frame.columns:
            raise UsageError.unknown_column(given, list(frame.columns), "the frame")
        return frame[given].reset_index(drop=True)
    check_order(frame, **{what: given})
    column = pd.Series(given).reset_index(drop=True)
    if len(column) != len(frame):
        raise UsageError.lengths_differ(what, len(column), len(frame))
    return column
