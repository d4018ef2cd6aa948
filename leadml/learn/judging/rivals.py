"""What a point table is measured against, trained on the leads that it was learned from, once for all tables.

Training the ceiling costs more than everything else in a certificate, and it depends on the training leads alone: a
scorer that certifies several tables, or one table on several sets of leads, keeps its rivals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.learn.boosting import booster as boosting
from leadml.learn.judging.logistic import Logistic, fitted
from leadml.learn.learner import ENOUGH_LEADS, make_folds
from leadml.learn.search.levels import levelled_to_wins

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared

# Beyond so many leads the ceiling hardly rises, while its time does.
CEILING_LEADS = 1_000_000


@dataclass(frozen=True, eq=False)
class Rivals:
    """Models of the training leads.

    Parameters
    ----------
    rate : float
        The share of the training leads that was won, by weight.
    ceiling : lightgbm.Booster or None
        The unconstrained model; None where no column varied.
    logistic : Logistic or None
        The logistic regression; None where no column varied.
    level : float
        What the log-odds of the additive model lack: it learned with outcomes evened, so it expects too many wins.
    """

    rate: float
    ceiling: lightgbm.Booster | None
    logistic: Logistic | None
    level: float = 0.0

    def constant(self, leads: int) -> NDArray[np.float64]:
        """Give the log-odds of the conversion rate in training, once for each lead."""
        return np.full(leads, np.log(self.rate / (1 - self.rate)))


def rivals(prepared: Prepared, seed: int, additive: lightgbm.Booster | None = None) -> Rivals:
    """Train what a point table is measured against.

    Parameters
    ----------
    prepared : Prepared
        The training leads.
    seed : int
        Seed of the ceiling and of the folds that say when it stops.
    additive : lightgbm.Booster, optional
        The additive model that the table was read from.

    Returns
    -------
    Rivals
        The models.
    """
    leads = prepared.leads
    rate = float(np.average(leads.won, weights=leads.weight))
    if not prepared.features:
        return Rivals(rate, None, None)
    place = np.arange(len(leads.won))
    many, some = leads.pick(place < CEILING_LEADS), leads.pick(place < ENOUGH_LEADS)
    folds = make_folds(some.won, None, seed)
    with threadpool_limits(1, user_api="blas"):
        top = boosting.ceiling(prepared.features, many.codes, many.won, many.weight, folds, seed)
        level = 0.0
        if additive is not None:
            level = levelled_to_wins(some, boosting.log_odds(additive, prepared.features, some.codes))
        return Rivals(rate, top, fitted(prepared.features, some), level)
