"""The KPI when a point table is made: how the leads that learning has not seen converted, by their score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadml import stats
from leadml.errors import UsageError
from leadml.points.certificate import Figure, Split
from leadml.points.same_order import check_order
from leadml.stats.arrays import numbers, outcomes
from leadml.watch.kpi.report import KpiReport


def kpi_at_training(won: ArrayLike, score: ArrayLike, top_cut: int, split: Split = "out-of-time") -> KpiReport:
    """Measure how top-scored leads convert against the rest.

    Parameters
    ----------
    won : array_like of bool or 0/1, shape (leads,)
        Outcomes of leads that the point table was not made from; undecided ones left out.
    score : array_like of int, shape (leads,)
        Their scores by the point table.
    top_cut : int
        The top group is the leads with at least this score: the table's own `top_cut`, a fifth of the leads
        when it was made. On newer leads it can be another share, and the report says which.
    split : {"out-of-time", "random"}
        Whether these leads are newer than those learned from, or were set apart at random.

    Returns
    -------
    KpiReport

    Raises
    ------
    UsageError
        If the arrays differ in length, outcomes are not two-valued, a score is not finite, or the kind of
        split is not one of the two.

    Examples
    --------
    >>> won = [1, 1, 1, 0, 1, 0, 1, 0, 0, 0] * 30
    >>> score = [90, 80, 70, 60, 50, 40, 30, 20, 10, 0] * 30
    >>> report = kpi_at_training(won, score, top_cut=80)
    >>> print(report.sentence)  # doctest: +NORMALIZE_WHITESPACE
    On 300 newer leads the model had not seen, the top fifth converted at 100 % and the rest at 38 %: 2.7
    times as often (95 % interval 2.3 to 3.2).
    """
    if split not in ("out-of-time", "random"):
        raise UsageError.outside(name="The kind of split", seen=split, accepted="'out-of-time' or 'random'")
    check_order(score, outcomes=won)
    outcome = outcomes(won)
    points = numbers(score, "scores", outcome)
    area = stats.auc_interval(outcome, points) if outcome.any() and not outcome.all() else (None,)
    top = points >= top_cut
    return KpiReport(
        split=split,
        top_cut=int(top_cut),
        leads=len(outcome),
        won=int(np.count_nonzero(outcome)),
        top_leads=int(np.count_nonzero(top)),
        top_won=int(np.count_nonzero(outcome & top)),
        auc=Figure("AUC", *area),
        # without a win nothing can be lifted
        tenths=stats.lift_table(outcome, points) if outcome.any() else (),
    )
