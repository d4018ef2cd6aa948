"""Learning what deals are worth from the older ones of a history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from leadml.jobs.valuing import wording
from leadml.jobs.valuing.valued import Deals

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.jobs.plan import Plan
    from leadml.jobs.result import Progress
    from leadml.points.table import PointTable

MOSTLY = 0.2  # of the deals: so many zeros are told of
TOO_NEAR = 0.9


def values_of(part: LeadHistory) -> NDArray[np.float64]:
    """Return what the won leads of a history were worth, NaN where it is not known and for all others."""
    import numpy as np

    if part.deal_values is None:  # it was asked for before
        return np.full(len(part), np.nan)
    return part.deal_values.amounts(part.won)


def learn_table(
    history: LeadHistory, split: HistorySplit, todo: Plan, name: str, tell: Progress
) -> tuple[PointTable, Deals]:
    """Learn the value table from the older won deals, and say what to know about them.

    Parameters
    ----------
    history : LeadHistory
        All leads.
    split : HistorySplit
        Those to learn from, and the newest, which play no part.
    todo : Plan
        The settings.
    name : str
        What the value table is called.
    tell : callable
        Is told in words what happens next.

    Returns
    -------
    PointTable, Deals

    Raises
    ------
    DataError
        Too few deals, or values below 0, or all the same.
    """
    import numpy as np

    from leadml.learn.value import learn_values

    train, worth = split.train, values_of(split.train)
    known = ~np.isnan(worth)
    tell(f"Learning what {int(known.sum()):,} won deals are worth")
    frame = train.frame[known].reset_index(drop=True)
    learned = learn_values(
        frame,
        worth[known],
        groups=None if train.groups is None else train.groups[known],
        max_rules=todo.max_rules,
        score_range=todo.score_range,
        random_state=todo.seed,
    ).table
    origin = {
        **learned.provenance,
        **({"features": dict(history.origin)} if history.origin else {}),
        "missing": list(history.missing),
        "history": {"sha256": history.fingerprint, "won": int(known.sum()), "split": split.kind},
    }
    table = replace(learned, name=name, provenance=origin).with_verification()
    won = worth[train.won]
    column = "" if history.deal_values is None else history.deal_values.column
    counts = int(known.sum()), int(np.isnan(won).sum()), int((won == 0).sum())
    return table, Deals(column, *counts, tuple(_notes(frame, won, table, column)))


def _notes(frame: pd.DataFrame, worth: NDArray[np.float64], table: PointTable, column: str) -> list[str]:
    import numpy as np

    known = worth[~np.isnan(worth)]
    said = []
    if table.n_rules == 0:
        said.append(wording.values_alike(len(known)))
    if len(known) < len(worth):
        said.append(wording.deals_without_value(len(worth) - len(known), len(worth), column))
    if (known == 0).mean() >= MOSTLY:
        said.append(wording.many_zeros(int((known == 0).sum()), len(known), column))
    said += [wording.too_near(name, column, size) for name, size in _near(frame, known)]
    return said


def _near(frame: pd.DataFrame, worth: NDArray[np.float64]) -> list[tuple[str, float]]:
    """Return number columns that rank deals nearly as their value does: they may have been filled in with it."""
    import pandas as pd

    numbers = frame.select_dtypes("number")
    size = numbers.rank().corrwith(pd.Series(worth, index=frame.index).rank()).abs()
    return [(str(name), float(r)) for name, r in size[size >= TOO_NEAR].items()]
