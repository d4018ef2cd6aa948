"""Leads won by the points of a known table, and the same table with one row that is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadml.points.sheets.handmade import from_rules
from leadml.points.table import PointTable

RULES = {
    "opened_30d": [(">= 1", 5), (">= 5", 4)],
    "clicked_30d": [(">= 1", 10)],
    "days_quiet": [("more than 30", -10)],
    "industry": [("Software or Banking", 8), ("Public", -6)],
    "country": [("not in DE AT CH", -12)],
    "budget": [("missing", -8), (">= 5000", 7)],
    "title": [("is CEO", 12), ("is Student", -15)],
}
WRONG = {
    "sign flipped": lambda points: -points,
    "too large": lambda points: 4 * points,
    "missing": lambda points: 0,
}
Line = tuple[str, int]
LINES: list[Line] = [(feature, k) for feature, lines in RULES.items() for k in range(len(lines))]


def leads(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    trades, countries = ["Software", "Banking", "Public", "Retail", "Media"], ["DE", "AT", "CH", "FR", "US"]
    return pd.DataFrame(
        {
            "opened_30d": rng.poisson(2, count),
            "clicked_30d": rng.poisson(0.4, count),
            "days_quiet": rng.exponential(25, count),
            "industry": rng.choice(trades, count, p=[0.2, 0.15, 0.15, 0.3, 0.2]),
            "country": rng.choice(countries, count, p=[0.5, 0.1, 0.1, 0.2, 0.1]),
            "budget": np.where(rng.random(count) < 0.3, np.nan, rng.lognormal(8, 1, count)),
            "title": rng.choice(["CEO", "Student", "Manager", "Clerk"], count, p=[0.1, 0.15, 0.45, 0.3]),
        }
    )


def table_with(wrong: str | None = None, line: Line | None = None, gone: bool = False) -> PointTable:
    """Return the table that is right, or one with a wrong line; `gone` leaves it out."""
    rows = []
    for feature, lines in RULES.items():
        for k, (condition, points) in enumerate(lines):
            own = WRONG[wrong](points) if wrong and (feature, k) == line else points
            if not (gone and (feature, k) == line):
                rows.append(f'{feature},"{condition}",{own}')
    return from_rules("\n".join(rows), "hand-made")


def outcomes(frame: pd.DataFrame, seed: int, strength: float = 0.09) -> np.ndarray:
    """Win leads with log-odds that are a line of the right table's score."""
    score = table_with().score(frame, reasons=0)["score"].to_numpy()
    return np.random.default_rng(10_000 + seed).random(len(frame)) < 1 / (1 + np.exp(2 - strength * score))
