"""Hard cases made up with a known truth: leads whose chances are known, in the ways that real leads are awkward.

Each case is a recipe for columns and log-odds. `made` draws one: leads to learn from, fresh leads to judge on, and
the true log-odds of the fresh ones, so that the AUC of the truth is known. Where time plays a part the fresh leads are
the later ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

Columns = dict[str, np.ndarray]
Recipe = Callable[[np.random.Generator, int], tuple[Columns, np.ndarray]]

PRICES = np.array([49.0, 99.0, 149.0, 199.0, 299.0, 499.0])


@dataclass(frozen=True)
class Hard:
    """How a case is made: its recipe, how many leads to learn from and to judge on, the share that is won."""

    recipe: Recipe
    leads: int
    fresh: int
    rate: float
    idea: str


@dataclass(frozen=True)
class Made:
    """One draw of a case."""

    frame: pd.DataFrame
    won: np.ndarray
    fresh: pd.DataFrame
    fresh_won: np.ndarray
    fresh_truth: np.ndarray


def made(name: str, seed: int) -> Made:
    """Draw a case: the same name and seed give the same leads."""
    case = CASES[name]
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    total = case.leads + case.fresh
    columns, effects = case.recipe(rng, total)
    truth = effects + _level(effects, case.rate)
    won = (rng.random(total) < 1 / (1 + np.exp(-truth))).astype(int)
    frame = pd.DataFrame(columns)
    old, new = slice(0, case.leads), slice(case.leads, total)
    return Made(frame[old], won[old], frame[new].reset_index(drop=True), won[new], truth[new])


def _level(effects: np.ndarray, rate: float) -> float:
    """Find the constant at which the expected share of wins is the rate, by bisection."""
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.mean(1 / (1 + np.exp(-effects - middle))) < rate:
            low = middle
        else:
            high = middle
    return low


def _holes(rng: np.random.Generator, column: np.ndarray, share: float) -> np.ndarray:
    """Take a share of a column's values away at random."""
    gone = rng.random(len(column)) < share
    return np.where(gone, np.nan, column) if column.dtype.kind in "fi" else np.where(gone, None, column.astype(object))


def _crowd(rng: np.random.Generator, leads: int) -> Columns:
    """Make the columns that a CRM has anyway; a case says which of them matter."""
    countries, sources = ["AT", "DE", "CH", "FR", "IT", "PL", "ES", "other"], ["web", "fair", "partner", "list", "ads"]
    return {
        "country": _holes(rng, rng.choice(countries, leads, p=[0.3, 0.25, 0.1, 0.1, 0.08, 0.07, 0.05, 0.05]), 0.05),
        "source": rng.choice(sources, leads, p=[0.4, 0.15, 0.15, 0.2, 0.1]),
        "employees": _holes(rng, np.ceil(np.exp(rng.normal(4, 1.5, leads))), 0.1),
        "revenue": _holes(rng, np.round(np.exp(rng.normal(1, 1.2, leads)), 2), 0.25),
        "visits_7d": rng.poisson(0.8, leads),
        "visits_30d": rng.poisson(3, leads),
        "minutes": _holes(rng, np.round(rng.gamma(1.5, 8, leads), 1), 0.1),
        "days_since_visit": np.rint(rng.exponential(12, leads)),
        "mails_opened": rng.binomial(12, rng.beta(1, 3, leads)),
        "newsletter": rng.random(leads) < 0.35,
        "webinar": rng.random(leads) < 0.1,
        "seniority": _holes(
            rng, rng.choice(["C-level", "head", "manager", "staff"], leads, p=[0.1, 0.2, 0.3, 0.4]), 0.2
        ),
    }


def steps(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Add steps in six columns: what a point table can say exactly."""
    c = _crowd(rng, leads)
    told = 0.7 * (c["visits_7d"] >= 1) + 0.6 * (c["visits_30d"] >= 4) + 0.9 * (np.nan_to_num(c["employees"]) >= 100)
    told = told + 1.1 * np.isin(c["source"], ["partner", "fair"]) + 0.8 * c["webinar"] - 0.9 * (c["country"] == "PL")
    return c, told - 0.7 * (c["days_since_visit"] >= 20)


def smooth(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let log-odds be straight in six columns: a plain logistic regression is the truth."""
    names = ["fit_index", "intent_index", "minutes_90d", "income_index", "age_of_company", "response_speed"]
    c = {name: np.round(rng.normal(50, 15, leads), 2) for name in names} | _crowd(rng, leads)
    slopes = [0.05, 0.04, 0.035, -0.03, 0.025, 0.02]
    return c, sum(s * c[name] for s, name in zip(slopes, names, strict=True)) + 0.5 * c["webinar"]


def bands(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let four numbers act smoothly of which only the band is known, as a form asks for it."""
    c = _crowd(rng, leads)
    size, revenue = (np.log(np.nan_to_num(c[name], nan=middle)) for name, middle in (("employees", 50), ("revenue", 2)))
    told = 0.4 * size + 0.25 * revenue + 0.5 * np.sqrt(c["visits_30d"]) - 0.03 * c["days_since_visit"]
    c["employees"] = _banded(c["employees"], [1, 10, 25, 50, 100, 250, 500, 1000, 5000], "{:,.0f}")
    c["revenue"] = _banded(c["revenue"], [0, 1, 2, 5, 10, 20, 50], "${:.0f}M")
    c["visits_30d"] = _banded(c["visits_30d"], [0, 1, 2, 3, 4, 5, 6, 8], "{:.0f}")
    c["days_since_visit"] = _banded(c["days_since_visit"], [0, 1, 3, 7, 14, 30, 60], "{:.0f} days")
    return c, told


def _banded(values: np.ndarray, starts: list[float], written: str) -> np.ndarray:
    """Write numbers as bands: "10 to 25", "25 or more"."""
    texts = [f"{written.format(a)} to {written.format(b)}" for a, b in pairwise(starts)]
    place = np.searchsorted(starts, np.nan_to_num(values), side="right") - 1
    return np.where(np.isnan(values), None, np.array([*texts, f"{written.format(starts[-1])} or more"], object)[place])


def u_shape(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let the middle of two columns be best and of a third be worst."""
    c = _crowd(rng, leads) | {"price_asked": np.round(rng.uniform(0, 1000, leads), 2)}
    size = np.log(np.nan_to_num(c["employees"], nan=50.0))
    told = -0.5 * (size - 4.2) ** 2 - ((c["price_asked"] - 450) / 300) ** 2
    return c, told + 0.04 * (c["visits_30d"] - 4.0) ** 2


def spiky(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let amounts at typical prices, and round instalments, convert unlike their neighbours."""
    amount = np.round(np.exp(rng.normal(5, 0.9, leads)))
    typical = rng.random(leads) < 0.3
    amount[typical] = rng.choice(PRICES, int(typical.sum()))
    instalment = np.round(rng.uniform(5, 400, leads))
    round_one = rng.random(leads) < 0.25
    instalment[round_one] = rng.choice([50.0, 100.0, 200.0, 250.0], int(round_one.sum()))
    c = _crowd(rng, leads) | {"amount": amount, "instalment": instalment}
    told = 1.5 * np.isin(amount, PRICES) - 1.6 * np.isin(instalment, [50, 100, 200, 250]) + 0.8 * c["webinar"]
    return c, told + 0.5 * (c["visits_7d"] >= 1)


def product(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let two numbers act as their product, beside effects of their own."""
    fit, intent = rng.normal(size=leads), rng.normal(size=leads)
    c = _crowd(rng, leads) | {"fit_index": np.round(50 + 15 * fit, 1), "intent_index": np.round(50 + 15 * intent, 1)}
    return c, 0.4 * fit + 0.4 * intent + 0.9 * fit * intent + 0.5 * c["newsletter"]


def xor(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let two columns say something only together: neither has any effect by itself."""
    c = _crowd(rng, leads) | {"existing_customer": rng.random(leads) < 0.5, "asked_price": rng.random(leads) < 0.5}
    return c, 2.0 * (c["existing_customer"] ^ c["asked_price"])


def three_pairs(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let three pairs of conditions add to what a sum of steps says."""
    c = _crowd(rng, leads)
    told = 0.5 * (c["visits_7d"] >= 1) + 0.6 * np.isin(c["source"], ["partner"]) + 0.5 * (c["seniority"] == "head")
    told = told + 1.8 * ((c["seniority"] == "C-level") & (c["visits_30d"] >= 4))
    told = told + 1.5 * ((c["country"] == "AT") & (c["mails_opened"] >= 4))
    return c, told - 1.5 * (c["newsletter"] & (c["days_since_visit"] >= 15))


def few_wins(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Hide eight columns that matter among sixty, with 150 wins to find them."""
    c: Columns = {f"answer_{k:02d}": rng.choice(list("abcd"), leads) for k in range(15)}
    c |= {f"ticked_{k:02d}": rng.random(leads) < rng.uniform(0.1, 0.6) for k in range(15)}
    c |= {f"count_{k:02d}": rng.poisson(rng.uniform(0.5, 4), leads) for k in range(15)}
    c |= {f"index_{k:02d}": _holes(rng, np.round(rng.normal(size=leads), 3), 0.1) for k in range(15)}
    told = 0.9 * (c["answer_03"] == "a") - 0.8 * (c["answer_07"] == "d") + 0.8 * c["ticked_02"] + 0.7 * c["ticked_09"]
    told = told + 0.8 * (c["count_04"] >= np.median(c["count_04"])) + 0.7 * (c["count_11"] > np.median(c["count_11"]))
    return c, told + 0.9 * (np.nan_to_num(c["index_01"]) > 0.3) + 0.5 * np.nan_to_num(c["index_06"])


def faint(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Leave hardly any signal: two weak columns, an AUC of .53 at best."""
    c = _crowd(rng, leads)
    return c, 0.16 * (c["visits_30d"] >= 4) + 0.25 * (c["source"] == "partner")


def noise(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Give thirty columns, none of which has anything to do with the outcome."""
    c = _crowd(rng, leads)
    c |= {f"index_{k:02d}": np.round(rng.normal(size=leads), 3) for k in range(9)}
    c |= {f"answer_{k:02d}": rng.choice(list("abcdefgh"), leads) for k in range(9)}
    return c, np.zeros(leads)


def many_levels(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let one column have 500 levels, Zipf's way, each with an effect of its own."""
    share = 1 / np.arange(1, 501)
    level = rng.choice(500, leads, p=share / share.sum())
    c = _crowd(rng, leads) | {"campaign": np.array([f"campaign {k}" for k in range(500)], dtype=object)[level]}
    return c, rng.normal(0, 0.9, 500)[level] + 0.6 * (c["visits_7d"] >= 1) + 0.5 * c["webinar"]


def rare(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let one lead in a hundred be won."""
    c = _crowd(rng, leads)
    told = 0.9 * (c["visits_7d"] >= 2) + 0.12 * c["visits_30d"] + 0.9 * (c["seniority"] == "C-level")
    told = told + 0.3 * np.log1p(np.nan_to_num(c["employees"], nan=20.0)) + 0.8 * np.isin(c["source"], ["partner"])
    return c, told - 0.03 * c["days_since_visit"]


def duplicates(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Say the same thing in five columns, each with some error of its own."""
    intent = rng.normal(size=leads)
    c = {
        "sessions": np.rint(np.exp(1 + 0.6 * intent + rng.normal(0, 0.15, leads))),
        "page_views": np.rint(np.exp(2.5 + 0.7 * intent + rng.normal(0, 0.15, leads))),
        "time_on_site": np.round(np.exp(4 + 0.8 * intent + rng.normal(0, 0.2, leads)), 1),
        "activity_index": np.round(50 + 12 * intent + rng.normal(0, 3, leads), 1),
        "activity_level": np.array(["low", "middle", "high"], dtype=object)[np.digitize(intent, [-0.5, 0.7])],
    } | _crowd(rng, leads)
    return c, 0.9 * intent + 0.7 * np.isin(c["source"], ["partner", "fair"]) + 0.5 * c["webinar"]


def drift(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let one effect fade, one grow and one turn, while others stay; the fresh leads are the newest."""
    c, now = _crowd(rng, leads), np.linspace(0, 1, leads)
    told = 1.5 * (1 - now) * (c["source"] == "partner") + 1.5 * now * (c["visits_7d"] >= 1)
    told = told + (0.8 - 1.6 * now) * c["newsletter"] + 0.9 * (c["seniority"] == "C-level")
    return c, told + 0.7 * (c["visits_30d"] >= 4) - 0.6 * (c["days_since_visit"] >= 20)


def gaps(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Let what is missing tell as much as what is there, with half of the values gone."""
    c = _crowd(rng, leads)
    eager = rng.normal(size=leads)
    told = 0.7 * eager
    for name, effect in (("budget", 0.8), ("team_size", 0.6), ("project_start_days", -0.7)):
        value = rng.normal(size=leads)
        given = eager + rng.normal(size=leads) > 0.3
        c[name] = np.where(given, np.round(np.exp(4 + value), 1), np.nan)
        told = told + np.where(given, effect * value, 0.0)
    phone = np.where(eager + rng.normal(size=leads) > 0, rng.choice(["mobile", "office"], leads), None)
    return c | {"phone": phone}, told + 0.6 * (phone == "mobile")


def export(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Steps among 150 further fields of a CRM: numbers, flags and lists, each with gaps, that say nothing."""
    c, told = steps(rng, leads)
    for k in range(50):
        c[f"number {k}"] = _holes(rng, np.round(rng.normal(size=leads), 1), rng.uniform(0.05, 0.6))
        c[f"flag {k}"] = _holes(rng, np.where(rng.random(leads) < 0.2, "yes", "no"), rng.uniform(0.05, 0.6))
        c[f"list {k}"] = _holes(rng, rng.choice([f"value {v}" for v in range(6)], leads), rng.uniform(0.05, 0.6))
    return c, told


def lists(rng: np.random.Generator, leads: int) -> tuple[Columns, np.ndarray]:
    """Steps among 60 lists of 30 values, Zipf's way, that say nothing."""
    c, told = steps(rng, leads)
    share = 1 / np.arange(1, 31)
    for k in range(60):
        c[f"list {k}"] = rng.choice([f"value {v}" for v in range(30)], leads, p=share / share.sum())
    return c, told


CASES: dict[str, Hard] = {
    "steps": Hard(steps, 6000, 20_000, 0.2, "additive steps: easy"),
    "smooth": Hard(smooth, 6000, 20_000, 0.25, "straight in six numbers: logistic regression is the truth"),
    "bands": Hard(bands, 2000, 20_000, 0.15, "four numbers of which the band is known"),
    "u shape": Hard(u_shape, 6000, 20_000, 0.25, "the middle is best, or worst"),
    "spiky": Hard(spiky, 10_000, 20_000, 0.25, "typical prices convert unlike their neighbours"),
    "product": Hard(product, 6000, 20_000, 0.25, "two numbers act as their product"),
    "xor": Hard(xor, 5000, 20_000, 0.3, "two columns say something only together"),
    "three pairs": Hard(three_pairs, 10_000, 20_000, 0.2, "three pairs of conditions beside steps"),
    "few wins": Hard(few_wins, 3000, 20_000, 0.05, "150 wins, 60 columns, 8 matter"),
    "faint": Hard(faint, 6000, 20_000, 0.2, "hardly any signal"),
    "noise": Hard(noise, 5000, 20_000, 0.2, "no signal in 30 columns"),
    "many levels": Hard(many_levels, 12_000, 20_000, 0.2, "a category of 500 levels, Zipf"),
    "rare": Hard(rare, 60_000, 60_000, 0.01, "one lead in a hundred is won"),
    "duplicates": Hard(duplicates, 6000, 20_000, 0.2, "the same said in five columns"),
    "drift": Hard(drift, 8000, 8000, 0.2, "effects change; judged on the newest"),
    "gaps": Hard(gaps, 6000, 20_000, 0.25, "what is missing tells, half is missing"),
    "export": Hard(export, 6000, 20_000, 0.2, "the steps among 150 fields with gaps that say nothing"),
    "lists": Hard(lists, 6000, 20_000, 0.2, "the steps among 60 lists of 30 values that say nothing"),
}
