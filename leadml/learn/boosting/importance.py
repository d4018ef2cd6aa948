"""How much a model would rest on each column: its share of the gain, and the AUC lost without it."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.learn.boosting.booster import explore
from leadml.learn.coding.prepare import prepare
from leadml.stats import auc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

FOLDS = 3
ROUNDS = 60
# More leads make the figures finer than the audit's thresholds need.
ENOUGH_LEADS = 20_000
WORTH_DROPPING = 0.2


def gain_and_drop(frame: pd.DataFrame, won: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    """Measure how much an unconstrained LightGBM rests on each column.

    Parameters
    ----------
    frame : DataFrame of shape (n_leads, n_columns)
        Columns as training would see them.
    won : ndarray of bool, shape (n_leads,)
        Outcomes.

    Returns
    -------
    dict of str to (float, float)
        For each column its share of what all splits take off the loss, and by how much the AUC on leads left
        out (three folds) falls without it. The latter is NaN for columns with less than a fifth of the gain,
        and where there are too few won or lost leads. The order of rows and columns plays no part.

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"minutes": rng.gamma(2.0, 60.0, 2000), "noise": rng.random(2000)})
    >>> won = rng.random(2000) < 1 / (1 + np.exp(3 - leads["minutes"].to_numpy() / 50))
    >>> measured = gain_and_drop(leads, won)
    >>> {column: (share > 0.4, lost > 0.2) for column, (share, lost) in measured.items()}
    {'minutes': (True, True), 'noise': (False, False)}
    """
    with threadpool_limits(1, user_api="blas"):
        prepared = prepare(frame, np.asarray(won, dtype=bool), np.ones(len(frame)))
        leads = prepared.leads.pick(np.arange(len(frame)) < ENOUGH_LEADS)
        measured = _measured(prepared.features, leads)
    return {str(column): measured.get(str(column), (0.0, nan)) for column in frame.columns}


def _measured(features: Sequence[FeatureCodes], leads: Leads) -> dict[str, tuple[float, float]]:
    folds = _folds(leads.won)
    if not features or not folds:
        return {}
    gain, area = _model(features, leads.codes, leads.won, folds)
    share = gain / gain.sum() if gain.sum() > 0 else gain
    told = {}
    for k, feature in enumerate(features):
        lost = nan
        if share[k] >= WORTH_DROPPING:
            lost = area - _area_without(k, features, leads, folds)
        told[feature.name] = (float(share[k]), lost)
    return told


def _area_without(
    dropped: int, features: Sequence[FeatureCodes], leads: Leads, folds: Sequence[NDArray[np.bool_]]
) -> float:
    others = [feature for k, feature in enumerate(features) if k != dropped]
    if not others:
        return 0.5
    return _model(others, np.delete(leads.codes, dropped, axis=0), leads.won, folds)[1]


def _model(
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    won: NDArray[np.float64],
    folds: Sequence[NDArray[np.bool_]],
) -> tuple[NDArray[np.float64], float]:
    """Return the gain of each feature and the mean AUC on the folds left out."""
    gain, told = explore(features, codes, won, folds, rounds=ROUNDS, seed=0)
    return gain, float(np.mean([auc(won[out], log_odds) for out, log_odds in zip(folds, told, strict=True)]))


def _folds(won: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    """Deal won and lost leads, in an order as good as random, into folds; none where a fold lacks one."""
    if min(won.sum(), len(won) - won.sum()) < FOLDS:
        return []
    fold = np.empty(len(won), dtype=np.int64)
    for outcome in (0.0, 1.0):
        place = np.flatnonzero(won == outcome)
        fold[place] = np.arange(len(place)) % FOLDS
    return [fold == k for k in range(FOLDS)]
