"""xbooster: XGBoost stumps turned into points, tree by tree; rows of one feature add up."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from coding import dummies
from measuring import Model, count, log_loss
from xbooster.xgb_constructor import XGBScorecardConstructor

GRID = [(trees, rate) for trees in (10, 20, 35, 60) for rate in (0.3, 0.6)]


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit so many stumps, or the best of a grid within a number of rules (only its own seconds count)."""
    budgets = {name: s["budget"] for name, s in settings.items() if "budget" in s}
    models = {name: one(frame, won, **s) for name, s in settings.items() if "budget" not in s}
    if budgets:
        tried = [one(frame, won, trees, rate) for trees, rate in GRID]
        told = [(count(model, frame), log_loss(won, model.chance(frame)), model) for model in tried]
        for name, budget in budgets.items():
            within = [t for t in told if t[0] <= budget]
            if within:
                models[name] = min(within, key=lambda t: t[1])[2]
    return models


def one(frame: pd.DataFrame, won: np.ndarray, trees: int, rate: float) -> Model:
    """Fit boosted stumps and write them as points."""
    begun = time.process_time()
    code = dummies(frame, fill=False)
    columns = code(frame)
    booster = xgboost.XGBClassifier(
        n_estimators=trees, max_depth=1, learning_rate=rate, n_jobs=1, base_score=float(won.mean()), random_state=0
    ).fit(columns, won)
    card = XGBScorecardConstructor(booster, columns, pd.Series(won))
    card.construct_scorecard()
    card.create_points(pdo=50, target_points=600, target_odds=19, precision_points=0)
    seconds = time.process_time() - begun
    return Model(
        lambda f: card.predict_score(code(f)).to_numpy(), lambda f: booster.predict_proba(code(f))[:, 1], seconds
    )
