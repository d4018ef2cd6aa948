"""Leads whose odds are known, and cohorts counted by hand: what the tests of the KPI share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

TABLE = "a" * 64


def world(
    seed: int,
    odds: Callable[[int], float] = lambda month: 3.0,
    months: int = 12,
    leads: int = 300,
    arm: float = 0.0,
    table: Callable[[int], str] = lambda month: TABLE,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores and outcomes: the top fifth wins with these odds against a rest of 8 %, within weeks."""
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(months), leads)
    many = len(month)
    start = pd.date_range("2025-01-01", periods=months, freq="MS", tz="UTC")
    at = start[month] + pd.to_timedelta(rng.integers(0, 28 * 86_400, many), unit="s")
    score = rng.integers(0, 100, many)
    top = score >= 80
    ratio = np.where(top, np.array([odds(int(m)) for m in range(months)])[month], 1.0) * 0.08 / 0.92
    won = rng.random(many) < ratio / (1 + ratio)
    took = pd.to_timedelta(np.ceil(rng.exponential(12, many) + 0.1), unit="D")
    ids = np.array([f"L{k:06d}" for k in rng.permutation(many)])
    scored = pd.DataFrame({"lead_id": ids, "scored_at": at, "score": score, "top": top})
    scored["table_sha256"] = [table(int(m)) for m in month]
    scored["arm"] = np.where(rng.random(many) < arm, "holdout", "normal")
    outcomes = pd.DataFrame({"lead_id": ids, "won_at": (at + took).where(won)})
    return scored, outcomes


def counted(cells: list[tuple[int, int, int, int]], start: str = "2025-01") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores and outcomes with these counts (top leads, won, rest leads, won) in months that follow."""
    rows: list[tuple[str, datetime, int, bool]] = []
    won: list[tuple[str, datetime]] = []
    year, month = map(int, start.split("-"))
    for place, (top, top_won, rest, rest_won) in enumerate(cells):
        at = datetime(year + (month - 1 + place) // 12, (month - 1 + place) % 12 + 1, 15, tzinfo=UTC)
        for is_top, many, wins in ((True, top, top_won), (False, rest, rest_won)):
            for k in range(many):
                name = f"{place}-{is_top}-{k}"
                rows.append((name, at, 90 if is_top else k % 80, is_top))
                if k < wins:
                    won.append((name, at + timedelta(days=5)))
    scored = pd.DataFrame(rows, columns=["lead_id", "scored_at", "score", "top"]).assign(table_sha256=TABLE)
    return scored, pd.DataFrame(won, columns=["lead_id", "won_at"])
