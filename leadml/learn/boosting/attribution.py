"""SHAP contributions of every code of every feature, in log-odds, and the only place that imports shap.

In a model whose trees ask about one feature each, the SHAP value of a feature depends on that feature alone. So the
contributions of a whole data set are known from one small grid, whose row r has the r-th code of every feature. They
are what LightGBM's own TreeSHAP (Lundberg et al. 2020, path-dependent) says of that row, exactly, at the cost of a few
hundred rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting.booster import matrix
from leadml.learn.boosting.together import interactions
from leadml.points.columns import numbers

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd
    import shap
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

# Shares of variance of so many leads are known to some .02, at a hundredth of a second or ten.
INTERACTION_LEADS = 300


@dataclass(frozen=True)
class PairShare:
    """How much of what a model says two features say only together.

    Parameters
    ----------
    features : tuple of (int, int)
        The two features, by position, the smaller one first.
    share : float
        Variance of their SHAP interaction values, as a share of that of all features and pairs.
    """

    features: tuple[int, int]
    share: float


def shapes(booster: lightgbm.Booster, features: Sequence[FeatureCodes]) -> list[NDArray[np.float64]]:
    """Read the contribution of every code of every feature from an additive booster.

    Parameters
    ----------
    booster : lightgbm.Booster
        A booster whose trees use one feature each.
    features : sequence of FeatureCodes
        Its features, in its order.

    Returns
    -------
    list of ndarray
        For each feature, its contribution per code, in log-odds, averaging 0 over the training leads.
    """
    sizes = np.array([feature.size for feature in features])
    grid = np.minimum(np.arange(sizes.max()), sizes[:, None] - 1).astype(np.int16)
    told = np.asarray(booster.predict(matrix(features, grid), pred_contrib=True, num_threads=1))
    return [told[:size, k] for k, size in enumerate(sizes)]


def added(told: list[NDArray[np.float64]], start: Sequence[NDArray[np.float64]] | None) -> list[NDArray[np.float64]]:
    """Add contributions to those that a booster started from, if it started from any."""
    return told if start is None else [own + begun for own, begun in zip(told, start, strict=True)]


def shap_values(
    booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Ask the shap library for the contribution of each feature to each lead.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes, the unconstrained ceiling included.
    features : sequence of FeatureCodes
        Its features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of the leads.

    Returns
    -------
    ndarray of shape (n_leads, n_features)
        SHAP values in log-odds.
    """
    return np.asarray(_explained(booster, features, codes).values)


def explanation(
    booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16], leads: pd.DataFrame
) -> shap.Explanation:
    """Ask the shap library for its own value, which its plots take.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes.
    features : sequence of FeatureCodes
        Its features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of the leads.
    leads : DataFrame of n leads
        Their values as they are.

    Returns
    -------
    shap.Explanation
        SHAP values in log-odds. ``data`` has numbers, by which the plots colour: those of number features as they
        are, the codes of all others; ``display_data`` has the values as they are, which the plots write.
    """
    import shap

    names = [feature.name for feature in features]
    told = _explained(booster, features, codes)
    data = codes.T.astype(np.float64)
    for k, feature in enumerate(features):
        if feature.type == "number":
            data[:, k] = numbers(leads[feature.name])
        data[codes[k] == feature.missing, k] = np.nan
    shown = np.empty(data.shape, dtype=object)
    for k, name in enumerate(names):
        shown[:, k] = leads[name].to_numpy(dtype=object)
    base = np.broadcast_to(np.asarray(told.base_values, dtype=np.float64), len(data))
    values = np.asarray(told.values)
    return shap.Explanation(values, base_values=base.copy(), data=data, display_data=shown, feature_names=names)


def _explained(
    booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16]
) -> shap.Explanation:
    import shap

    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    # Calling it gives the same values as `explainer.shap_values`, which warns of a change in older releases.
    return explainer(matrix(features, codes))


def interaction_shares(
    booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16]
) -> tuple[PairShare, ...]:
    """Tell which pairs of features a model uses together, and for how much of what it says.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes, the unconstrained ceiling above all.
    features : sequence of FeatureCodes
        Its features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of leads in an order that is as good as random; the first 300 are looked at.

    Returns
    -------
    tuple of PairShare
        The greatest share first; with the shares of what features say alone they sum to 1. A model has some
        hundredths of it by chance, spread over many pairs.
    """
    some = np.ascontiguousarray(codes[:, :INTERACTION_LEADS])
    found = interactions(booster, features, some)
    told = np.asarray(booster.predict(matrix(features, some), pred_contrib=True, num_threads=1), dtype=np.float64)
    alone = told[:, :-1].T.copy()
    # What a pair adds is dealt to its two features in equal parts, as SHAP deals it.
    for side in (0, 1):
        np.subtract.at(alone, [pair[side] for pair in found.pairs], found.values / 2)
    spread, whole = found.values.var(axis=1), float(alone.var(axis=1).sum() + found.values.var(axis=1).sum())
    if whole < 1e-12:
        return ()
    order = np.argsort(-spread, kind="stable")
    return tuple(PairShare(found.pairs[k], float(spread[k] / whole)) for k in order)
