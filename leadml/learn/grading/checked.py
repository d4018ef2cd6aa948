"""What was promised of the best grades, beside what they are on leads that learning has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadml.learn.grading import wording
from leadml.learn.grading.promise import promises_of, share_kept
from leadml.points.grading.cutting import Crowd
from leadml.stats import wilson

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.table import PointTable


def checked(table: PointTable, frame: pd.DataFrame, won: Any) -> tuple[str, ...]:
    """Say of each dimension whose grades were set whether the best one is what was promised.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Leads that it was not learned from.
    won : array of bool, shape (n,)
        Their outcomes.

    Returns
    -------
    tuple of str
        One sentence for each such dimension; none for a table that is graded as usual.
    """
    promises = promises_of(table)
    if not promises or not len(frame):
        return ()
    scored = table.score(frame, reasons=0)
    said = []
    for dimension in table.dimensions:
        promise = promises.get(dimension.name)
        if promise is None or not dimension.grades or dimension.grades[0][0] != promise.best.label:
            continue
        crowd = Crowd.of(scored[dimension.name], won)
        _, leads, wins = crowd.by_grade(dimension.grades)[0]
        interval = wilson(wins, leads) if leads else None
        floors = promise.grading.floors
        kept = (
            share_kept(promise, dimension.grades, crowd) if not floors else interval is None or interval[1] >= floors[0]
        )
        share = leads / float(crowd.leads.sum())
        said.append(wording.on_unseen(dimension.name, promise, share, interval, kept))
    return tuple(said)
