"""SHAP contributions of every code of every feature, in log-odds, and the only place that imports shap.

In a model whose trees ask about one feature each, the SHAP value of a feature depends on that feature alone. So the
contributions of a whole data set are known from one small grid: one row per code. They are what LightGBM's own
TreeSHAP (Lundberg et al. 2020, path-dependent) says of that row, exactly, at the cost of a few hundred rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting.booster import matrix

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


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
    sizes = [f.size for f in features]
    grid = np.zeros((len(features), sum(sizes)), dtype=np.int16)
    ends = np.cumsum(sizes)
    for k, (size, end) in enumerate(zip(sizes, ends, strict=True)):
        grid[k, end - size : end] = np.arange(size)
    told = np.asarray(booster.predict(matrix(features, grid), pred_contrib=True))
    return [told[end - size : end, k] for k, (size, end) in enumerate(zip(sizes, ends, strict=True))]


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
    import shap

    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    # Calling it gives the same values as `explainer.shap_values`, which warns of a change in older releases.
    return np.asarray(explainer(matrix(features, codes)).values)
