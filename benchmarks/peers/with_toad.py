"""toad: chi-square bins, weight of evidence, logistic scorecard."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import toad
from coding import pooled
from measuring import Model


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit one scorecard a setting."""
    return {name: one(frame, won, **setting) for name, setting in settings.items()}


def one(frame: pd.DataFrame, won: np.ndarray, **binning: Any) -> Model:
    """Fit as its manual does: select by information value and correlation, bins, weights of evidence, points."""
    begun = time.process_time()
    code = pooled(frame)
    told = code(frame).assign(won=won)
    chosen = list(toad.selection.select(told, target="won", empty=0.95, iv=0.02, corr=0.9).columns.drop("won"))
    combiner = toad.transform.Combiner()
    combiner.fit(told[[*chosen, "won"]], y="won", method="chi", empty_separate=True, **{"min_samples": 0.05} | binning)
    woe = toad.transform.WOETransformer()
    binned = combiner.transform(told[chosen])
    woe.fit(binned, won)
    card = toad.ScoreCard(combiner=combiner, transer=woe, pdo=50, rate=2, base_odds=1, base_score=600, C=0.9)
    card.fit(woe.transform(binned), won)
    seconds = time.process_time() - begun
    return Model(
        lambda f: np.round(_sub(card, code(f)[chosen])), lambda f: card.predict_proba(code(f)[chosen])[:, 1], seconds
    )


def _sub(card: toad.ScoreCard, frame: pd.DataFrame) -> np.ndarray:
    """Sum the points of the rows, each rounded to an integer as a table shows it."""
    _, parts = card.predict(frame, return_sub=True)
    return np.round(np.asarray(parts, dtype=np.float64)).sum(axis=1)
