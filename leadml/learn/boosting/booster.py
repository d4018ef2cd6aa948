"""The boosted models, and the only place that imports LightGBM.

The additive model is made of stumps: every tree asks about one feature, so the model is a sum of one shape
per feature. The ceiling is unconstrained. Both learn from fine codes, under names f0, f1, … of leadml's own,
so that no column name can do harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

MOST_ROUNDS = 600
PATIENCE = 30
# Where leads are few, stumps in large steps may do worse for a while and better again: on 175 questions to public sets
# of 400 to 1,500 rows waiting longer is worth .0013 of AUC; on larger ones it gives nothing and costs time.
PATIENCE_ALONE = (10, 60)
WAITING = 30_000  # leads times rounds
# Where outcomes are shares, a few deals bend a shape in large steps up and down, and every bend costs a rule: on 418
# deals of the demo, log-loss left out is .6830 in steps of .5 and .6784 in these; with at most 6 rules .6942 and .6913.
GENTLE: dict[str, Any] = {"learning_rate": 0.1}


@dataclass(frozen=True)
class Boosted:
    """Additive boosters: one on all leads, one without each fold.

    Parameters
    ----------
    full : lightgbm.Booster
        Trained on all leads.
    folds : tuple of lightgbm.Booster
        Trained without the fold of the same position, each cut off at the best number of rounds.
    rounds : int
        The number of rounds that the folds agreed on.
    """

    full: lightgbm.Booster
    folds: tuple[lightgbm.Booster, ...]
    rounds: int


def matrix(features: Sequence[FeatureCodes], codes: NDArray[np.int16]) -> NDArray[np.float32]:
    """Lay codes out as LightGBM wants them: leads in rows, missing as NaN, and so what has no place in an order.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    codes : ndarray of shape (n_features, n_leads)
        The codes.

    Returns
    -------
    ndarray of shape (n_leads, n_features)
        The codes as float32.
    """
    laid = np.empty((codes.shape[1], len(features)), dtype=np.float32)
    for k, feature in enumerate(features):
        laid[:, k] = codes[k]
        laid[codes[k] >= (feature.ranks or feature.missing), k] = np.nan
    return laid


def additive(
    features: Sequence[FeatureCodes],
    leads: Leads,
    folds: Sequence[NDArray[np.bool_]],
    *,
    directions: Sequence[int],
    seed: int,
    start: NDArray[np.float64] | None = None,
    whole: Leads | None = None,
    whole_start: NDArray[np.float64] | None = None,
    gentle: bool = False,
    silent: NDArray[np.bool_] | None = None,
) -> Boosted:
    """Train the additive model; the number of rounds is the one that does best on the folds left out.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    leads : Leads
        The training leads.
    folds : sequence of ndarray of shape (n_leads,)
        For each fold, which leads are left out.
    directions : sequence of int
        For each feature 1 (points may only rise with its value), -1 (only fall) or 0.
    seed : int
        Seed of LightGBM.
    start : ndarray of shape (n_leads,), optional
        Log-odds to start from: the model says what has to be added to them.
    whole : Leads, optional
        More leads to train the full booster on; the same ones otherwise.
    whole_start : ndarray, optional
        The log-odds that it starts from.
    gentle : bool, default False
        In smaller steps, for smoother shapes.
    silent : ndarray of bool, shape (n_features,), optional
        Lists that seem to say nothing. They are left out; where leads are few, the folds left out decide whether they
        are.

    Returns
    -------
    Boosted
        The full booster and those of the folds.
    """
    params = _shared_params(seed) | STUMPS | (GENTLE if gentle else {})
    if any(directions):
        params["monotone_constraints"] = list(directions)
    data = _dataset(features, leads.codes, leads.won, leads.weight, start)
    more = None if whole is None else _dataset(features, whole.codes, whole.won, whole.weight, whole_start)
    patience = PATIENCE if gentle else int(np.clip(WAITING // len(leads.won), *PATIENCE_ALONE))
    lists = any(not f.ascending and len(f.levels) > STUMPS["max_cat_to_onehot"] for f in features)
    few = len((whole or leads).won) <= FEW_LEADS
    heard = params if silent is None or not silent.any() else params | _without(silent)
    ways = [heard]
    if lists and few:
        ways = [way | wary for way in ([params] if heard is params else [heard, params]) for wary in ({}, WARY)]
    return _stopped_early(ways, data, folds, patience, more)


def ceiling(
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    won: NDArray[np.float64],
    weight: NDArray[np.float64],
    folds: Sequence[NDArray[np.bool_]],
    seed: int,
) -> lightgbm.Booster:
    """Train the unconstrained model: what these columns allow, as far as is known.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    codes : ndarray of shape (n_features, n_leads)
        Their codes.
    won, weight : ndarray of shape (n_leads,)
        Outcome (1 won, 0 lost) and weight of each lead.
    folds : sequence of ndarray of shape (up to n_leads,)
        For each fold, which of the first leads are left out; they tell when to stop.
    seed : int
        Seed of LightGBM.

    Returns
    -------
    lightgbm.Booster
        A model in which features may act together.
    """
    params = _shared_params(seed) | UNCONSTRAINED
    return _stopped_early([params], _dataset(features, codes, won, weight), folds).full


def explore(
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    won: NDArray[np.float64],
    folds: Sequence[NDArray[np.bool_]],
    *,
    rounds: int,
    seed: int,
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Train a quick unconstrained model without each fold: what it rests on, and what it says of the fold.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    codes : ndarray of shape (n_features, n_leads)
        Their codes.
    won : ndarray of shape (n_leads,)
        Outcome of each lead (1 won, 0 lost).
    folds : sequence of ndarray of shape (n_leads,)
        For each fold, which leads are left out.
    rounds : int
        How many trees each model has.
    seed : int
        Seed of LightGBM.

    Returns
    -------
    gain : ndarray of shape (n_features,)
        What the splits on each feature took off the loss, summed over the models.
    told : list of ndarray
        For each fold the log-odds of its leads.
    """
    import lightgbm

    data = _dataset(features, codes, won, np.ones(len(won)))
    params = _shared_params(seed) | QUICK
    trained: Any = lightgbm.cv(params, data, rounds, folds=_pairs(folds), return_cvbooster=True)
    boosters = trained["cvbooster"].boosters
    gains = np.array([booster.feature_importance("gain") for booster in boosters], dtype=np.float64)
    told = [
        log_odds(booster, features, np.ascontiguousarray(codes[:, out]))
        for booster, out in zip(boosters, folds, strict=True)
    ]
    return np.asarray(gains.sum(axis=0), dtype=np.float64), told


def log_odds(
    booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Predict the log-odds of leads.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes.
    features : sequence of FeatureCodes
        Its features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of the leads.

    Returns
    -------
    ndarray of shape (n_leads,)
        Log-odds of being won.
    """
    told = booster.predict(matrix(features, codes), raw_score=True, num_threads=1)
    return np.asarray(told, dtype=np.float64)


STUMPS: dict[str, Any] = {
    "num_leaves": 2,
    "learning_rate": 0.5,
    # Where one lead in fifty is won and some flag is won half of the time, one full Newton step goes 19 log-odds up and
    # the next as far down: training stopped after a single tree, and tables of AUC .96 came out with .79.
    "max_delta_step": 4.0,
    "min_data_in_leaf": 20,
    "cat_smooth": 10.0,
    "cat_l2": 5.0,
    "min_data_per_group": 20,
    "max_cat_to_onehot": 4,
    "max_cat_threshold": 64,
}

# A weak ceiling would flatter the table. Over three 70/30 splits of X Education and of bank marketing, 31
# leaves that see all features reach AUC .876 and .807, these .878 and .809.
UNCONSTRAINED: dict[str, Any] = {
    "num_leaves": 15,
    "learning_rate": 0.05,
    "feature_fraction": 0.5,
    "min_data_in_leaf": 20,
}
# Of a list of thirty values the half that was won more often by chance looks as good as a true effect. So where leads
# are few, values of few leads may have to stand in the middle; the folds left out decide. With sixty lists that say
# nothing AUC rises by .002 to .09 on four sets; on eighteen as they are by .0004, none falls by .001 (30 rules).
WARY: dict[str, Any] = {"cat_smooth": 60.0}
FEW_LEADS = 12_000
UNTESTED_ROUNDS = 20  # where there are too few leads to leave any out
QUICK: dict[str, Any] = {"num_leaves": 15, "learning_rate": 0.1, "min_data_in_leaf": 20}


def _dataset(
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    won: NDArray[np.float64],
    weight: NDArray[np.float64],
    start: NDArray[np.float64] | None = None,
) -> lightgbm.Dataset:
    import lightgbm

    return lightgbm.Dataset(
        matrix(features, codes),
        won,
        weight=weight,
        init_score=start,
        categorical_feature=[k for k, f in enumerate(features) if not f.ascending],
        params=_data_params(features, codes),
        free_raw_data=False,
    )


def _pairs(folds: Sequence[NDArray[np.bool_]]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Give folds as LightGBM wants them: positions inside and outside."""
    return [(np.flatnonzero(~out), np.flatnonzero(out)) for out in folds]


def _stopped_early(
    ways: Sequence[dict[str, Any]],
    data: lightgbm.Dataset,
    folds: Sequence[NDArray[np.bool_]],
    patience: int = PATIENCE,
    whole: lightgbm.Dataset | None = None,
) -> Boosted:
    """Train in the way, and as many rounds, as do best on the folds left out; where there are none, a few."""
    import lightgbm

    if not folds:
        return Boosted(lightgbm.train(ways[0], data, UNTESTED_ROUNDS), (), UNTESTED_ROUNDS)
    tried: list[Any] = [
        lightgbm.cv(
            params,
            data,
            MOST_ROUNDS,
            folds=_pairs(folds),
            callbacks=[lightgbm.early_stopping(patience, verbose=False)],
            return_cvbooster=True,
        )
        for params in ways
    ]
    best = int(np.argmin([min(each["valid binary_logloss-mean"]) for each in tried]))
    rounds = len(tried[best]["valid binary_logloss-mean"])
    full = lightgbm.train(ways[best], whole or data, rounds)
    return Boosted(full, tuple(tried[best]["cvbooster"].boosters), rounds)


def _without(features: NDArray[np.bool_]) -> dict[str, Any]:
    """Let no tree ask about some features: what a split on them gains counts for nothing."""
    return {"feature_contri": np.where(features, 0.0, 1.0).tolist()}


def _data_params(features: Sequence[FeatureCodes], codes: NDArray[np.int16]) -> dict[str, Any]:
    """Keep every code apart: they are the bins already."""
    return {
        "max_bin": max(f.size for f in features) + 2,
        "min_data_in_bin": 1,
        "bin_construct_sample_cnt": max(200_000, codes.shape[1]),
        "feature_pre_filter": False,
        "verbosity": -1,
    }


def _shared_params(seed: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "deterministic": True,
        "force_col_wise": True,
        # Stumps on small integers leave little to share out: a second thread was measured to cost more than
        # it brings.
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }
