"""FasterRisk: k small integers for yes-or-no columns, found by beam search."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from coding import indicators
from fasterrisk.fasterrisk import RiskScoreClassifier, RiskScoreOptimizer
from measuring import Model, count


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit one risk score a setting; `k` yes-or-no columns may have points between -5 and 5."""
    return {name: one(frame, won, **setting) for name, setting in settings.items()}


def one(frame: pd.DataFrame, won: np.ndarray, k: int) -> Model:
    """Fit; the rules are the smaller of its own terms and of the rows they make."""
    begun = time.process_time()
    code = indicators(frame)
    columns, sign = code(frame), np.where(won == 1, 1.0, -1.0)
    search = RiskScoreOptimizer(X=columns.to_numpy(), y=sign, k=k)
    search.optimize()
    multiplier, intercept, weights = search.get_models(model_index=0)
    card = RiskScoreClassifier(multiplier, intercept, weights)
    seconds = time.process_time() - begun
    model = Model(lambda f: code(f).to_numpy() @ weights, lambda f: card.predict_prob(code(f).to_numpy()), seconds)
    model.rules = min(int((weights != 0).sum()), count(model, frame))
    return model
