"""EBM of interpret, without interactions: a smooth curve a feature, not a table of a few rules."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from interpret.glassbox import ExplainableBoostingClassifier
from measuring import Model, is_text


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit with the defaults of interpret, one thread."""
    return {name: one(frame, won, **setting) for name, setting in settings.items()}


def one(frame: pd.DataFrame, won: np.ndarray, **options: Any) -> Model:
    """Fit one model."""
    begun = time.process_time()
    kinds = ["nominal" if is_text(frame[name]) else "continuous" for name in frame]
    model = ExplainableBoostingClassifier(interactions=0, n_jobs=1, random_state=0, feature_types=kinds, **options)
    model.fit(frame, won)
    seconds = time.process_time() - begun
    return Model(model.decision_function, lambda f: model.predict_proba(f)[:, 1], seconds)
