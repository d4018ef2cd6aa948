"""scorecardpy: weight of evidence by tree or by chi-square merging, then a logistic scorecard."""

from __future__ import annotations

import contextlib
import io
import time
from typing import Any

import numpy as np
import pandas as pd
import scorecardpy as sc
from coding import pooled
from measuring import Model
from sklearn.linear_model import LogisticRegression

LEAST_INFORMATION = 0.02


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit one scorecard a setting."""
    return {name: one(frame, won, **setting) for name, setting in settings.items()}


def one(frame: pd.DataFrame, won: np.ndarray, features: int | None = None, **binning: Any) -> Model:
    """Fit as its manual does: filter by information value, bins, logistic regression, points."""
    begun = time.process_time()
    code = pooled(frame)
    told = code(frame).assign(won=won)
    with contextlib.redirect_stdout(io.StringIO()):
        bins = sc.woebin(told, y="won", no_cores=1, check_cate_num=False, **binning)
        worth = {name: float(b["total_iv"].iloc[0]) for name, b in bins.items()}
        kept = sorted((n for n, iv in worth.items() if iv >= LEAST_INFORMATION), key=lambda n: -worth[n])
        kept = (kept or sorted(worth, key=lambda n: -worth[n])[:1])[:features]
        bins = {name: bins[name] for name in kept}
        woe = sc.woebin_ply(told[[*kept, "won"]], bins, no_cores=1).drop(columns="won")
        model = LogisticRegression(C=0.9, max_iter=1000).fit(woe, won)
        card = sc.scorecard(bins, model, list(woe.columns), points0=600, odds0=1 / 19, pdo=50)
    seconds = time.process_time() - begun
    return Model(lambda f: _score(code(f)[kept], card), lambda f: _chance(code(f)[kept], bins, woe, model), seconds)


def _score(frame: pd.DataFrame, card: Any) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        return sc.scorecard_ply(frame, card, print_step=0)["score"].fillna(0).to_numpy(float)


def _chance(frame: pd.DataFrame, bins: Any, woe: pd.DataFrame, model: LogisticRegression) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        told = sc.woebin_ply(frame, bins, no_cores=1)[list(woe.columns)].fillna(0)
    return np.asarray(model.predict_proba(told)[:, 1])
