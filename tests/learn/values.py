"""Deals whose expected values are planted: factors of a level, times noise with mean 1."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEVEL = 9000.0
FACTORS = {"industry": {"Bank": 1.8, "Retail": 0.6}, "source": {"Referral": 1.5}}


def deals(
    count: int, seed: int, sigma: float = 0.6, signal: bool = True
) -> tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.float64]]:
    """Make deals: what was known of them, what they were worth, and what could be expected."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "industry": rng.choice(["Bank", "Retail", "Energy", "Media"], count, p=[0.2, 0.3, 0.3, 0.2]),
        "source": rng.choice(["Referral", "Web"], count, p=[0.3, 0.7]),
        "seats": rng.poisson(4, count).astype(float),
        "luck": rng.normal(size=count),
        "colour": rng.choice(list("abcdef"), count),
        "day": rng.integers(0, 7, count).astype(float),
    })  # fmt: skip
    mean = np.full(count, LEVEL)
    if signal:
        for column, factors in FACTORS.items():
            mean *= frame[column].map(factors).fillna(1.0).to_numpy()
        mean *= np.where(frame["seats"] > 4, 1.4, 1.0)
    return frame, mean * np.exp(rng.normal(-(sigma**2) / 2, sigma, count)), mean
