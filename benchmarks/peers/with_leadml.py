"""leadml's point table, and logistic regression."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from coding import dummies
from measuring import Model
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[2]))

from leadml import LeadScorer

AS_IS = True  # leadml knows what to do with texts that training has not seen


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit one table or model a setting."""
    makers = {"table": table, "logistic": logistic}
    return {name: makers[s["kind"]](frame, won, s) for name, s in settings.items()}


def table(frame: pd.DataFrame, won: np.ndarray, setting: dict[str, Any]) -> Model:
    """Fit a point table of so many rules at the most."""
    begun = time.process_time()
    scorer = LeadScorer(max_rules=setting["rules"]).fit(frame, won)
    seconds = time.process_time() - begun
    return Model(
        lambda f: scorer.score_leads(f)["score"].to_numpy(),
        lambda f: scorer.predict_proba(f)[:, 1],
        seconds,
        scorer.point_table_.n_rules,
    )


def logistic(frame: pd.DataFrame, won: np.ndarray, setting: dict[str, Any]) -> Model:
    """Fit logistic regression with an L2 penalty; its weights count as rules."""
    begun = time.process_time()
    code = dummies(frame)
    model = LogisticRegression(C=setting["C"], max_iter=2000).fit(code(frame), won)
    seconds = time.process_time() - begun
    return Model(
        lambda f: model.decision_function(code(f)),
        lambda f: model.predict_proba(code(f))[:, 1],
        seconds,
        int((model.coef_ != 0).sum()),
    )
