"""How well a quick model foretells leads drawn at random, and how well the newest ones."""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.learn.boosting.booster import explore
from leadml.learn.boosting.importance import FOLDS, ROUNDS
from leadml.learn.coding.prepare import prepare
from leadml.stats import delong

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared

UNKNOWN = (nan, nan, nan, nan)
LEAST = 20


def random_and_newest(
    frame: pd.DataFrame, won: NDArray[np.bool_], newest: NDArray[np.bool_]
) -> tuple[float, float, float, float]:
    """Measure a quick unconstrained LightGBM twice: on a random third of the leads, and on the newest.

    Parameters
    ----------
    frame : DataFrame of shape (n_leads, n_columns)
        Columns as training would see them.
    won : ndarray of bool, shape (n_leads,)
        Outcomes.
    newest : ndarray of bool, shape (n_leads,)
        The newest leads; for the second figure the model learns from the others.

    Returns
    -------
    random_auc, its_error, newest_auc, error : float
        AUC and its standard error (DeLong), on random thirds (their mean) and on the newest leads. All NaN where there
        are fewer than 20 won or lost leads in one of them. The order of rows and columns plays no part.

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"minutes": rng.gamma(2.0, 60.0, 2000)})
    >>> won = rng.random(2000) < 1 / (1 + np.exp(3 - leads["minutes"].to_numpy() / 50))
    >>> drawn, _, newest, error = random_and_newest(leads, won, np.arange(2000) >= 1600)
    >>> bool(abs(drawn - newest) < 3 * error)
    True
    """
    with threadpool_limits(1, user_api="blas"):
        prepared = prepare(frame, np.asarray(won, dtype=bool), np.ones(len(frame)))
        late = np.asarray(newest, dtype=bool)[prepared.order]
        thirds = _thirds(prepared.leads.won)
        groups = [*thirds, late, ~late]
        if not prepared.features or min(_fewer(prepared.leads.won[group]) for group in groups) < LEAST:
            return UNKNOWN
        drawn, ((area, variance),) = _areas(prepared, thirds), _areas(prepared, [late])
    mean = float(np.mean([of_third for of_third, _ in drawn]))
    return mean, sqrt(sum(variance for _, variance in drawn)) / FOLDS, area, sqrt(variance)


def _areas(prepared: Prepared, folds: list[NDArray[np.bool_]]) -> list[tuple[float, float]]:
    """Return AUC and its variance on each fold, foretold by a model that has not seen it."""
    leads = prepared.leads
    _, told = explore(prepared.features, leads.codes, leads.won, folds, rounds=ROUNDS, seed=0)
    measured = [delong(leads.won[fold], log_odds) for fold, log_odds in zip(folds, told, strict=True)]
    return [(float(areas[0]), float(cov[0, 0])) for areas, cov in measured]


def _thirds(won: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    """Deal won and lost leads, in an order as good as random, into thirds."""
    third = np.empty(len(won), dtype=np.int64)
    for outcome in (0.0, 1.0):
        place = np.flatnonzero(won == outcome)
        third[place] = np.arange(len(place)) % FOLDS
    return [third == k for k in range(FOLDS)]


def _fewer(won: NDArray[np.float64]) -> int:
    return int(min(won.sum(), len(won) - won.sum()))
