"""Retraining: the table in use, changed where the newest leads ask for it, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.learner import make_folds
from leadml.learn.previous.decide import Decided, decide, gain_and_error
from leadml.learn.previous.task import LEAST_EACH, Retrained, Task, taken_afresh
from leadml.learn.previous.wording import afresh, nothing_to_start_from

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.learner import Learned
    from leadml.learn.previous.fitting import Seen
    from leadml.learn.writing.form import Form
    from leadml.points.table import PointTable

ENOUGH_LEADS = 200_000  # to decide on; points are found from all of them
ERRORS = 3.0  # a fresh table takes the place of the previous one only where it is better beyond doubt


def retrain(
    previous: PointTable,
    frame: pd.DataFrame,
    prepared: Prepared,
    company: NDArray[np.int64] | None,
    fresh: Learned,
    form: Form,
    max_rules: int,
    seed: int,
) -> Retrained:
    """Start from the table in use and change what the leads speak against.

    Parameters
    ----------
    previous : PointTable
        The table in use.
    frame : DataFrame
        The leads as they are, with a column for every feature of `previous`.
    prepared : Prepared
        The same as fine codes.
    company : ndarray of shape (n_leads,), optional
        Numbers of groups of leads that stay together; in the order of `prepared`.
    fresh : Learned
        What would be learned from these leads alone; it takes the place of the previous table where that clearly pays.
    form : Form
        Dimensions and directions.
    max_rules : int
        The most rules with points.
    seed : int
        Which of the possible divisions into folds.

    Returns
    -------
    Retrained

    Raises
    ------
    UsageError
        If a column of the previous table is missing.
    DataError
        If a column holds something that is not of its feature's type.
    """
    task = Task.of(previous, frame, prepared, company, form)
    few = task.leads.pick(np.arange(len(task.leads.won)) < ENOUGH_LEADS)
    enough = min(task.leads.won.sum(), (1 - task.leads.won).sum()) >= LEAST_EACH
    together = None if task.company is None else task.company[: len(few.won)]
    folds = make_folds(few.won, together, seed) if enough else ()
    if not previous.n_rules or previous.probability.slope <= 0:
        return taken_afresh(previous, fresh, nothing_to_start_from())
    if not folds:
        return task.table(task.draft, {}, fresh, form, max_rules)
    decided = decide(task.draft, few, folds, together)
    worse = _worse_than(fresh, decided, few, task.frame_of(frame, len(few.won)), together)
    if worse is not None:
        return taken_afresh(previous, fresh, afresh(*worse, len(few.won)))
    return task.table(decided.fit.draft, decided.told, fresh, form, max_rules)


def _worse_than(
    fresh: Learned, decided: Decided, few: Seen, frame: pd.DataFrame, company: NDArray[np.int64] | None
) -> tuple[float, float] | None:
    """Tell by how much a fresh table does better on leads left out, where that is clear.

    Cross-validation has left out the same leads for both. The error of the difference is that of the two tables on
    these leads.
    """
    if fresh.choice is None:
        return None
    curve = {rules: loss for rules, loss, _ in fresh.choice.curve}
    gain = float(few.weight @ decided.losses) / float(few.weight.sum()) - curve[fresh.choice.rules]
    line = fresh.table.probability
    log_odds = line.intercept + line.slope * fresh.table.score(frame, reasons=0)["score"].to_numpy(dtype=np.float64)
    own = np.logaddexp(0, log_odds) - few.won * log_odds
    here = decided.fit.terms @ decided.fit.design
    _, error = gain_and_error(np.logaddexp(0, here) - few.won * here, own, few.weight, company)
    return (gain, error) if gain > ERRORS * error else None
