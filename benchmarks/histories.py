"""Made-up CRM histories for the audit: clean ones of many shapes, and leaks to plant in them.

Every history has another shape: few or many leads, a low or a high conversion rate, a growing and seasonal volume,
skewed numbers, rare categories, values missing at random, columns that are nearly copies of each other, and honest
features that rank leads with an AUC of up to about .75 alone. Nothing in a clean one knows the outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from leadml import LeadHistory

DAY = np.timedelta64(86_400, "s")
TEXTS = ("industry", "source", "campaign", "department", "plan asked for", "browser", "topic")
STRONGEST = 1.2  # log-odds per standard deviation: an AUC of about .76 alone


@dataclass(frozen=True)
class Made:
    """A history as a frame, with what is known of it but stands in no column.

    Parameters
    ----------
    frame : DataFrame
        The leads: ``status`` is won, lost or open.
    won : ndarray of bool
        How each lead ends, open ones included.
    options : dict
        How `LeadHistory` is to read it.
    closed : ndarray of datetime64
        When each lead is decided.
    """

    frame: pd.DataFrame
    won: np.ndarray
    options: dict[str, Any]
    closed: np.ndarray

    def history(self, **more: Any) -> LeadHistory:
        """Read it."""
        return LeadHistory.from_frame(self.frame, **{"outcome": "status", **self.options, **more})

    def plus(self, **columns: Any) -> Made:
        """Add columns; ``_`` in their names stands for a blank."""
        return replace(self, frame=self.frame.assign(**{k.replace("_", " "): v for k, v in columns.items()}))


def clean(seed: int, least: int = 800, most: int = 20_000) -> Made:
    """Make a history in which nothing knows the outcome."""
    rng = np.random.default_rng([seed, 1])
    count = int(np.exp(rng.uniform(np.log(least), np.log(most))))
    base = float(rng.uniform(max(0.04, 150 / count), 0.4))
    created = _created(count, rng)
    columns = _numbers(count, rng) | _texts(count, rng)
    season = rng.uniform(0, 0.3) * np.sin(2 * np.pi * (_days(created) + rng.uniform(0, 365)) / 365)
    logit = _honest(columns, rng) + season
    won = rng.random(count) < 1 / (1 + np.exp(-(logit + _intercept(logit, base))))
    _lose_some(columns, rng)
    frame = pd.DataFrame({name: columns[name] for name in rng.permutation(sorted(columns))})
    closed = created + (rng.gamma(1.5, 25, count) * DAY.astype(float)).astype("timedelta64[s]")
    today = created.max()
    frame.insert(0, "lead", [f"L-{k:06d}" for k in (np.arange(count) if seed % 2 else rng.permutation(count))])
    frame.insert(1, "created", created)
    frame["first seen"] = created - (rng.exponential(5, count) * DAY.astype(float)).astype("timedelta64[s]")
    frame["status"] = np.where(closed > today, "open", np.where(won, "won", "lost"))
    options: dict[str, Any] = {"won": "won", "lost": "lost", "id": "lead", "created": "created"}
    if seed % 5 == 4:
        del options["created"]
        frame = frame.drop(columns="created").sample(frac=1, random_state=seed)
        won, closed = won[frame.index], closed[frame.index]
        frame = frame.reset_index(drop=True)
    if seed % 3 == 2:
        frame["company"] = [f"C{k}" for k in rng.zipf(1.7, count) % (count // 3 + 1)]
        options["company"] = "company"
    return Made(frame, won, options, closed)


def _created(count: int, rng: np.random.Generator) -> np.ndarray:
    days = np.arange(int(rng.uniform(300, 900)))
    season = 1 + rng.uniform(0, 0.5) * np.sin(2 * np.pi * (days + rng.uniform(0, 365)) / 365)
    weight = season * (1 + rng.uniform(0, 1.5) * days / len(days)) * np.where(days % 7 >= 5, 0.3, 1.0)
    day = rng.choice(days, count, p=weight / weight.sum())
    second = rng.integers(0, 86_400, count)
    return np.sort(np.datetime64("2023-01-01T00:00:00", "s") + (day * 86_400 + second).astype("timedelta64[s]"))


def _days(created: np.ndarray) -> np.ndarray:
    return np.asarray((created - created.min()) / DAY)


def _numbers(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    employees = np.exp(rng.normal(4, 1.6, count)).round() + 1
    visits = rng.negative_binomial(1.2, 0.25, count).astype(float)
    made = {
        "employees": employees,
        "revenue": (employees * np.exp(rng.normal(11, 0.4, count))).round(-3),
        "visits": visits,
        "pages": visits * rng.integers(1, 6, count) + rng.poisson(0.5, count),
        "visits rounded": (visits / 2).round(),
        "minutes": np.where(rng.random(count) < 0.4, 0, rng.gamma(1.2, 9, count).round(1)),
        "mails opened": rng.poisson(rng.gamma(1, 2, count)).astype(float),
        "days since visit": rng.exponential(30, count).round(2),
        "share of form": rng.beta(2, 2, count).round(2),
        "distance": rng.gamma(2, 120, count),
        "asked for a call": rng.random(count) < 0.25,
        "newsletter": rng.random(count) < 0.5,
    }
    noise = {f"measure {k}": rng.standard_t(4, count) for k in range(int(rng.integers(0, 12)))}
    kept = rng.choice(sorted(made), int(rng.integers(6, len(made) + 1)), replace=False)
    return {name: made[name] for name in kept} | noise


def _texts(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    made = {}
    for name in rng.choice(TEXTS, int(rng.integers(2, len(TEXTS) + 1)), replace=False):
        levels = int(rng.choice([3, 5, 8, 15, 60]))
        share = 1 / np.arange(1, levels + 1) ** rng.uniform(0.3, 1.3)
        names = [f"{name} {k}" for k in range(levels)]
        made[str(name)] = rng.choice(names, count, p=share / share.sum()).astype(object)
    return made


def _honest(columns: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Return log-odds: one strong feature, several weak ones, most of no meaning."""
    logit = np.zeros(len(next(iter(columns.values()))))
    names = rng.permutation(sorted(columns))
    strong = rng.uniform(0.6, STRONGEST)
    strengths = [strong, *rng.uniform(0, 0.35, max(len(names) // 2, 1))]
    for name, strength in zip(names, strengths, strict=False):
        if columns[name].dtype == object:
            effect = pd.Series(columns[name]).map(dict(_effects(columns[name], rng))).to_numpy()
        else:
            values = columns[name].astype(float)
            effect = rng.choice([-1, 1]) * (pd.Series(values).rank(pct=True).to_numpy() - 0.5)
        logit = logit + strength * (effect - effect.mean()) / max(float(effect.std()), 1e-9)
    return logit


def _effects(texts: np.ndarray, rng: np.random.Generator) -> list[tuple[str, float]]:
    levels = sorted(set(texts))
    return list(zip(levels, np.clip(rng.normal(size=len(levels)), -2, 2), strict=True))


def _intercept(logit: np.ndarray, base: float) -> float:
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if np.mean(1 / (1 + np.exp(-(middle + logit)))) > base else (middle, high)
    return low


def _lose_some(columns: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Let values be missing: some at random, some together, as in leads from a short form."""
    count = len(next(iter(columns.values())))
    short_form = rng.random(count) < rng.uniform(0.1, 0.5)
    for name in sorted(columns):
        kind = rng.integers(0, 3)
        gone = rng.random(count) < rng.uniform(0, 0.4) if kind == 1 else short_form & (rng.random(count) < 0.9)
        if kind:
            columns[name] = columns[name].astype(object)
            columns[name][gone] = None


# Leaks


def _sure(won: np.ndarray, right: float, rng: np.random.Generator) -> np.ndarray:
    return won ^ (rng.random(len(won)) >= right)


def _of(yes: Any, no: Any, won: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(won, yes, no), dtype=object)


def _texts_of(won: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    count = len(won)
    after_win = rng.choice(["completed", "in delivery", "in talks"], count, p=[0.6, 0.3, 0.1])
    after_loss = rng.choice(["archived", "in talks", "first call"], count, p=[0.5, 0.3, 0.2])
    return np.asarray(np.where(won, after_win, after_loss), dtype=object)


def _company_rate(won: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share won of the lead's company, the lead itself included: companies of about four leads."""
    company = rng.integers(0, max(len(won) // 4, 1), len(won))
    return np.asarray(pd.Series(won.astype(float)).groupby(company).transform("mean"))


def _pair(won: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Two columns that err together: neither is missed where the other is."""
    signed = _sure(won, 0.88, rng)
    again = signed ^ (rng.random(len(won)) < 0.02)
    return {"welcome": _of("sent", "none", signed), "badge": _of(1.0, 0.0, again).astype(float)}


Plant = Callable[[np.ndarray, np.random.Generator], dict[str, Any]]
LEAKS: dict[str, Plant] = {
    "copy of the outcome": lambda won, rng: {"flag": _of("ja", "nein", won)},
    "code that means won": lambda won, rng: {"mode": _of(rng.choice(["k1", "k4"], len(won)), "k2", won)},
    "filled only after winning": lambda won, rng: {"handover to": _of(rng.choice(["A", "B"], len(won)), None, won)},
    "counter that goes on after winning": lambda won, rng: {
        "logins": rng.poisson(3, len(won)) + np.where(won, rng.poisson(5, len(won)), 0.0)
    },
    "text set at closing": lambda won, rng: {"remark": _texts_of(won, rng)},
    "amount only for won": lambda won, rng: {"sum": np.where(won, rng.gamma(2, 4000, len(won)).round(), np.nan)},
    "copy, right in 90 %": lambda won, rng: {"guess": _of("x", "y", _sure(won, 0.9, rng))},
    "rate of the company, on all data": lambda won, rng: {"group mean": _company_rate(won, rng)},
    "number given by outcome": lambda won, rng: {
        "record no": 50_000 + np.argsort(np.argsort(won + rng.normal(0, 0.3, len(won))))
    },
    "two that hide each other": _pair,
    "number with small noise": lambda won, rng: {"ratio": won + rng.normal(0, 0.25, len(won))},
}


def plant(made: Made, kind: str, seed: int) -> tuple[Made, tuple[str, ...]]:
    """Add the leak of a kind; open leads do not have it yet. Return the columns it consists of."""
    rng = np.random.default_rng([seed, 2])
    columns = LEAKS[kind](made.won, rng)
    still_open = made.frame["status"].eq("open").to_numpy()
    frame = made.frame.copy()
    for name, values in columns.items():
        gone = still_open if np.asarray(values).dtype.kind in "fO" else np.zeros(len(still_open), dtype=bool)
        frame[name] = pd.Series(values).mask(gone)
    return replace(made, frame=frame), tuple(columns)
