"""Leads as the numbers that some libraries want: one column a text, gaps filled, thresholds as yes or no."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from measuring import is_text

LEAST = 0.01

Coder = Callable[[pd.DataFrame], pd.DataFrame]


def common(column: pd.Series, least: float = LEAST) -> list[object]:
    """Give the texts that at least this share of the leads have."""
    shares = column.value_counts(normalize=True)
    return list(shares[shares >= least].index)


def pooled(train: pd.DataFrame, most: int = 40) -> Coder:
    """Name columns f0, f1, …; the rarest texts of a column with very many become one; missing stays missing."""
    kept = {name: list(train[name].value_counts().index[:most]) for name in train if is_text(train[name])}

    def code(frame: pd.DataFrame) -> pd.DataFrame:
        out = {}
        for place, name in enumerate(train.columns):
            column = frame[name]
            if name in kept:
                column = column.astype(object)
                column = column.where(column.isin(kept[name]) | column.isna(), "other text")
                column = column.where(column.notna(), np.nan)
            out[f"f{place}"] = column.reset_index(drop=True)
        return pd.DataFrame(out)

    return code


def dummies(train: pd.DataFrame, fill: bool = True) -> Coder:
    """Give each common text a column of 0 and 1; numbers as they are, or standardised with their gaps filled."""
    texts = {name: common(train[name]) for name in train if is_text(train[name])}
    numbers = [name for name in train if name not in texts]
    middle, spread = train[numbers].median(), train[numbers].std().replace(0, 1).fillna(1)

    def code(frame: pd.DataFrame) -> pd.DataFrame:
        out: dict[str, np.ndarray] = {}
        for place, name in enumerate(train.columns):
            if name in texts:
                out |= {f"f{place}_{k}": (frame[name] == t).to_numpy(float) for k, t in enumerate(texts[name])}
            else:
                value = frame[name].to_numpy(float)
                out[f"f{place}"] = (
                    (np.where(np.isnan(value), middle[name], value) - middle[name]) / spread[name] if fill else value
                )
            if train[name].isna().any() and (fill or name in texts):
                out[f"f{place}_missing"] = frame[name].isna().to_numpy(float)
        return pd.DataFrame(out)

    return code


def indicators(train: pd.DataFrame, steps: int = 12) -> Coder:
    """Give 0 and 1 for each common text, for missing, and for each number at most one of its quantiles."""
    texts = {name: common(train[name]) for name in train if is_text(train[name])}
    marks = {name: _marks(train[name].to_numpy(float), steps) for name in train if name not in texts}

    def code(frame: pd.DataFrame) -> pd.DataFrame:
        out: dict[str, np.ndarray] = {}
        for place, name in enumerate(train.columns):
            if name in texts:
                out |= {f"f{place}={k}": (frame[name] == t).to_numpy(float) for k, t in enumerate(texts[name])}
            else:
                value = frame[name].to_numpy(float)
                out |= {f"f{place}<={m}": (value <= m).astype(float) for m in marks[name]}
            if train[name].isna().any():
                out[f"f{place} missing"] = frame[name].isna().to_numpy(float)
        return pd.DataFrame(out)

    return code


def _marks(value: np.ndarray, steps: int) -> np.ndarray:
    known = value[~np.isnan(value)]
    marks = np.unique(np.quantile(known, np.linspace(0, 1, steps + 1)[:-1], method="lower"))
    return marks[marks < known.max()]
