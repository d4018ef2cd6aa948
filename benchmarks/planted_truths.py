"""Histories whose truth is known: the log-odds of a lead are a sum of one effect per column."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from leadml import LeadHistory
from leadml.demo import Truth as DemoTruth
from leadml.demo import write_demo
from leadml.demo.planted import planted_points
from leadml.history.settings.config import read_settings

NORMAL = NormalDist()
SIZES = (0.0, 0.15, 0.4, 0.9)  # log-odds that a column of `mixed` moves at the most, more or less
SHARES = (0.35, 0.2, 0.25, 0.2)


@dataclass(frozen=True, eq=False)
class Truth:
    """Leads, the planted effect of each column on each of them in log-odds, and their outcomes."""

    kind: str
    frame: pd.DataFrame
    effects: dict[str, np.ndarray]
    log_odds: np.ndarray
    won: np.ndarray


def funnel(leads: int, intercept: float, seed: int) -> Truth:
    """Make leads with steps in four columns; three more columns mean nothing."""
    rng = np.random.default_rng(seed)
    visits = rng.poisson(2.0, leads).astype(float)
    minutes = np.round(rng.gamma(2.0, 5.0, leads), 1)
    minutes[rng.random(leads) < 0.15] = np.nan
    source = rng.choice(["web", "fair", "partner", "list", "ref"], leads, p=[0.4, 0.2, 0.15, 0.15, 0.1])
    member = rng.random(leads) < 0.3
    by_source = {"web": 0.0, "fair": 0.7, "partner": 1.4, "list": -1.2, "ref": 0.0}
    frame = pd.DataFrame(
        {
            "visits": visits,
            "minutes": minutes,
            "source": source,
            "city": pd.Series(rng.choice(["Wien", "Graz", "Linz", None], leads, p=[0.5, 0.2, 0.2, 0.1])),
            "member": member,
            "noise": rng.normal(size=leads),
            "dice": rng.choice(list("123456"), leads),
        }
    )
    effects = {
        "visits": 0.8 * (visits >= 2) + 0.9 * (visits >= 4),
        "minutes": 1.2 * (minutes >= 12) - 0.8 * np.isnan(minutes),
        "source": pd.Series(source).map(by_source).to_numpy(dtype=float),
        "member": 0.9 * member,
    }
    return _drawn("funnel", frame, effects, intercept, rng, centred=False)


def demo(seed: int) -> Callable[[int, float, int], Truth]:
    """Build the demo's feature table once; then outcomes are drawn from its planted points alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_demo(folder, seed)
        truth = DemoTruth.load(folder / "truth.json")
        drop = read_settings(folder / "leadml.toml").leads.drop
        table = LeadHistory.from_config(folder / "leadml.toml", drop=list(drop)).matured().frame

    def drawn(leads: int, intercept: float, seed: int) -> Truth:
        rng = np.random.default_rng(seed)
        frame = table.iloc[rng.choice(len(table), leads, replace=False)].reset_index(drop=True)
        points = planted_points(truth.points, frame)
        effects = {name: truth.scale * column for name, column in points.items()}
        return _drawn("demo", frame, effects, intercept, rng, centred=True)

    return drawn


def mixed(leads: int, intercept: float, seed: int, *, smooth: bool = True) -> Truth:
    """Make 6 to 14 columns of any type, half of the time correlated: strong, decent, small and no effects."""
    rng = np.random.default_rng(seed)
    columns = int(rng.integers(6, 15))
    hidden = rng.normal(size=(leads, columns))
    hidden = hidden + rng.integers(0, 2) * hidden @ (0.35 * rng.normal(size=(columns, columns)))
    hidden = (hidden - hidden.mean(axis=0)) / hidden.std(axis=0)
    makers: dict[str, Maker] = {"number": _step, "count": _count, "category": _category, "boolean": _boolean}
    if smooth:
        makers["smooth"] = _smooth
    frame, effects = {}, {}
    for k in range(columns):
        kind = str(rng.choice(list(makers)))
        frame[f"{kind}{k}"], effects[f"{kind}{k}"] = makers[kind](hidden[:, k], float(rng.choice(SIZES, p=SHARES)), rng)
    return _drawn("mixed", pd.DataFrame(frame), effects, intercept, rng, centred=True)


Maker = Callable[[np.ndarray, float, np.random.Generator], tuple[np.ndarray, np.ndarray]]


def _step(z: np.ndarray, size: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make amounts that matter from some amount on, a tenth of them missing half of the time."""
    x = np.round(10 * np.exp(0.8 * z), 2)
    return _with_missing(x, size * _sign(rng) * (x >= np.quantile(x, rng.uniform(0.2, 0.8))), size, rng)


def _smooth(z: np.ndarray, size: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return _with_missing(np.round(10 * np.exp(0.8 * z), 2), size * _sign(rng) * np.tanh(z), size, rng)


def _count(z: np.ndarray, size: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    x = np.floor(np.exp(np.abs(z)) - 1)
    return x, size * np.minimum(x, 3) / 2


def _category(z: np.ndarray, size: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    levels = int(rng.integers(3, 12))
    cuts = np.array([NORMAL.inv_cdf(q) for q in np.sort(rng.random(levels - 1))])
    place = np.searchsorted(cuts, z)
    names = np.array([f"level {k}" for k in rng.permutation(levels)], dtype=object)
    return names[place], (size * rng.normal(size=levels) * (rng.random(levels) < 0.7))[place]


def _boolean(z: np.ndarray, size: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    x = z > NORMAL.inv_cdf(rng.uniform(0.5, 0.9))
    return x, size * _sign(rng) * x


def _with_missing(
    x: np.ndarray, effect: np.ndarray, size: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    gone = rng.random(len(x)) < rng.choice([0.0, 0.1])
    return np.where(gone, np.nan, x), np.where(gone, 0.5 * size * _sign(rng), effect)


def _sign(rng: np.random.Generator) -> int:
    return int(rng.choice([-1, 1]))


def _drawn(
    kind: str,
    frame: pd.DataFrame,
    effects: dict[str, np.ndarray],
    intercept: float,
    rng: np.random.Generator,
    *,
    centred: bool,
) -> Truth:
    total = np.sum(list(effects.values()), axis=0)
    log_odds = intercept + total - (total.mean() if centred else 0.0)
    told = {name: np.asarray(effect, dtype=float) for name, effect in effects.items()}
    return Truth(kind, frame, told, log_odds, rng.random(len(frame)) < 1 / (1 + np.exp(-log_odds)))
