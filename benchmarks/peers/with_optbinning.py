"""optbinning: optimal binning of every feature, then a logistic scorecard."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from measuring import Model, count, is_text, log_loss
from optbinning import BinningProcess, Scorecard
from sklearn.linear_model import LogisticRegression

GRID = [(features, bins) for features in (3, 5, 8, 12) for bins in (3, 5)] + [(20, 3)]


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Learn as it comes, or the best table within a number of rules out of a grid of sizes.

    Of the grid the table with the least log-loss in training is kept; only its own seconds count.
    """
    budgets = {name: s["budget"] for name, s in settings.items() if "budget" in s}
    models = {name: one(frame, won) for name, s in settings.items() if "budget" not in s}
    if budgets:
        tried = [one(frame, won, features, bins) for features, bins in GRID if features <= max(frame.shape[1], 3)]
        told = [(count(model, frame), log_loss(won, model.chance(frame)), model) for model in tried]
        for name, budget in budgets.items():
            within = [t for t in told if t[0] <= budget]
            if within:
                models[name] = min(within, key=lambda t: t[1])[2]
    return models


def one(frame: pd.DataFrame, won: np.ndarray, features: int | None = None, bins: int | None = None) -> Model:
    """Fit one scorecard: so many features of the greatest information value, so many bins each at the most."""
    begun = time.process_time()
    texts = [name for name in frame if is_text(frame[name])]
    chosen = None if features is None else {"iv": {"strategy": "highest", "top": features}}
    process = BinningProcess(list(frame), categorical_variables=texts, max_n_bins=bins, selection_criteria=chosen)
    card = Scorecard(
        process,
        LogisticRegression(max_iter=1000),
        scaling_method="pdo_odds",
        scaling_method_params={"pdo": 20, "odds": 1, "scorecard_points": 600},
        rounding=True,
    ).fit(frame, won, metric_special="empirical", metric_missing="empirical")
    seconds = time.process_time() - begun
    return Model(card.score, lambda f: card.predict_proba(f)[:, 1], seconds)
