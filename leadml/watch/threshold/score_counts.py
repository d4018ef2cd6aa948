"""Counting leads, and the won ones, by score and by grade; see `counts` for what is made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from leadml.errors import UsageError
from leadml.points.certificate import Split
from leadml.points.same_order import check_order
from leadml.stats.arrays import outcomes
from leadml.watch.threshold.arrivals import by_week, dispersion, weeks_of
from leadml.watch.threshold.counts import ActionCount, GradeCount, ScoreCount, ScoreCounts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

__all__ = ["GradeCount", "ScoreCount", "ScoreCounts", "counted", "score_counts"]


def score_counts(
    table: PointTable,
    frame: pd.DataFrame,
    won: ArrayLike,
    weeks: float | None = None,
    split: Split = "out-of-time",
    times: NDArray[np.int64] | None = None,
) -> ScoreCounts:
    """Count leads, and the won ones, by score.

    Parameters
    ----------
    table : PointTable
    frame : DataFrame of n leads
        Has a column for every feature.
    won : array_like of bool or 0/1, shape (n,)
        Their outcomes.
    weeks : float, optional
        How many weeks they span; from `times` unless given.
    split : {"out-of-time", "random"}
        Whether the table was learned from older leads; at random, a part of the leads says nothing about weeks.
    times : ndarray of int64, shape (n,), optional
        When each lead came, in microseconds since 1970.

    Returns
    -------
    ScoreCounts
        One row per score that occurs.

    Raises
    ------
    UsageError
        If there are as many outcomes as leads not.
    """
    check_order(frame, outcomes=won)
    outcome = outcomes(won)
    if len(outcome) != len(frame):
        raise UsageError.lengths_differ("outcomes", len(outcome), len(frame))
    scored = table.score(frame, reasons=0)
    score = scored["score"].to_numpy(dtype=np.int64)
    grade = scored["grade"].to_numpy(dtype=object)
    if times is not None and split == "out-of-time":
        weeks = weeks_of(times) if weeks is None else weeks
    found = counted(score, outcome, grade, weeks=weeks, split=split, times=None if weeks is None else times)
    by_action = scored["action"].value_counts()
    return replace(found, actions=tuple(ActionCount(a[0], int(by_action.get(a[0], 0))) for a in table.actions))


def counted(
    score: NDArray[np.int64],
    won: NDArray[np.bool_],
    grade: NDArray[np.object_] | None = None,
    *,
    weeks: float | None = None,
    split: Split = "out-of-time",
    times: NDArray[np.int64] | None = None,
) -> ScoreCounts:
    """Count leads by score from arrays; see `score_counts`."""
    values, place, leads = np.unique(score, return_inverse=True, return_counts=True)
    wins = np.bincount(place, won, minlength=len(values)).astype(int)
    named = [None] * len(values) if grade is None else _of_scores(place, grade, len(values))
    spread = [None] * len(values) if times is None else _dispersions(place, times, len(values))
    rows = [
        ScoreCount(int(values[k]), named[k], int(leads[k]), int(wins[k]), spread[k])
        for k in range(len(values) - 1, -1, -1)
    ]
    return ScoreCounts(tuple(rows), weeks, split, () if grade is None else _grades(grade, won))


def _of_scores(place: NDArray[np.intp], grade: NDArray[np.object_], size: int) -> list[str | None]:
    """Return the grade that all leads of a score have; None where they have several, or none."""
    import pandas as pd

    code, names = pd.factorize(grade)
    lowest, highest = np.full(size, len(names)), np.full(size, -1)
    np.minimum.at(lowest, place, code)
    np.maximum.at(highest, place, code)
    same = (lowest == highest) & (lowest >= 0)
    return [str(names[lowest[k]]) if same[k] else None for k in range(size)]


def _grades(grade: NDArray[np.object_], won: NDArray[np.bool_]) -> tuple[GradeCount, ...]:
    import pandas as pd

    code, names = pd.factorize(grade, sort=True)
    if not len(names):
        return ()
    leads, wins = np.bincount(code + 1, minlength=len(names) + 1), np.bincount(code + 1, won, minlength=len(names) + 1)
    rows = [GradeCount(str(name), int(leads[k + 1]), int(wins[k + 1])) for k, name in enumerate(names)]
    return (*rows, *([GradeCount(None, int(leads[0]), int(wins[0]))] if leads[0] else []))


def _dispersions(place: NDArray[np.intp], times: NDArray[np.int64], size: int) -> list[float | None]:
    """Return, for each score, how much the weekly number of leads with at least that score varies."""
    week, weeks = by_week(times)
    whole_ = week >= 0
    counts = np.bincount(week[whole_] * size + place[whole_], minlength=weeks * size).reshape(weeks, size)
    found = dispersion(np.cumsum(counts[:, ::-1], axis=1)[:, ::-1])
    return [None if np.isnan(value) else round(float(value), 4) for value in found]
