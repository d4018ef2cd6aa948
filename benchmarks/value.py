"""How well is it foretold what a deal is worth, beside regressions that were made for it, on deals none has seen?

Run by hand: ``python benchmarks/value.py > benchmarks/value.txt`` (about five minutes on one core). Planted deals:
factors of a level for industry, source, seats and size beside five columns that mean nothing, times noise with mean 1,
lognormal or with a Pareto tail; judged against the planted means. Real amounts: what approved loan applications asked
for (bpic2012, the first day's events as features), and the response of scikit-learn's diabetes data; judged against
what came. Three seeds (of the 70/30
splits, too); a figure is the mean over them.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from itertools import groupby
from math import isqrt
from operator import itemgetter
from pathlib import Path
from unittest.mock import patch

import lightgbm
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.linear_model import GammaRegressor, RidgeCV
from sklearn.metrics import d2_tweedie_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

from leadml.errors import DataError
from leadml.learn import value as learner
from leadml.points.value import expected_deal_value, value_scale
from leadml.stats import midranks

DATA = Path(os.environ.get("LEADML_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SEEDS = range(3)
TAILS = ("0.6", "1.2", "pareto")
POWER = 1.5
UNSEEN = 4000
Fit = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]


def planted(count: int, seed: int, tail: str, signal: float = 1.0) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Make deals: what was known of them, what they were worth, what could be expected."""
    rng = np.random.default_rng(seed)
    size = rng.normal(size=count)
    frame = pd.DataFrame({
        "size": np.exp(4 + 1.2 * size).round(),
        "industry": rng.choice(list("ABCDEFGH"), count),
        "source": rng.choice(["ref", "web", "fair", "ad"], count, p=[0.2, 0.4, 0.2, 0.2]),
        "seats": rng.poisson(3, count).astype(float),
        **{f"noise{k}": rng.normal(size=count) for k in range(4)},
        "noise": rng.choice([f"k{k}" for k in range(12)], count),
    })  # fmt: skip
    logs = 0.4 * size + 0.35 * frame["industry"].isin(["A", "B"]) - 0.3 * (frame["industry"] == "C")
    logs += 0.4 * (frame["source"] == "ref") - 0.3 * (frame["source"] == "ad") + 0.25 * (frame["seats"] > 4)
    mean = 8000 * np.exp(signal * logs.to_numpy())
    if tail == "pareto":
        return frame, mean * (rng.pareto(2.2, count) + 1) * (1.2 / 2.2), mean
    sigma = float(tail)
    return frame, mean * np.exp(rng.normal(-(sigma**2) / 2, sigma, count)), mean


def loans() -> tuple[pd.DataFrame, np.ndarray]:
    """Read approved applications: events of the first day as features, what was asked for as value."""
    folder = DATA / "bpic2012_loan_events"
    events, cases = pd.read_csv(folder / "events.csv.gz"), pd.read_csv(folder / "cases.csv.gz")
    case, kind, at = (next(c for c in events if c.startswith(part)) for part in ("case", "concept", "time"))
    cases = cases.set_index("case:concept:name")
    begun = pd.to_datetime(cases["case:REG_DATE"], utc=True, format="ISO8601")
    age = pd.to_datetime(events[at], utc=True, format="ISO8601") - events[case].map(begun)
    approved = events.loc[events[kind] == "A_APPROVED", case].unique()
    early = events[(age < pd.Timedelta("24h")) & (events[kind] != "A_APPROVED")]
    counts = pd.crosstab(early[case], early[kind]).reindex(approved, fill_value=0).astype(float)
    counts["hour"], counts["weekday"] = begun[approved].dt.hour.astype(float), begun[approved].dt.day_name()
    return counts.reset_index(drop=True), cases.loc[approved, "case:AMOUNT_REQ"].to_numpy(dtype=float)


def diabetes() -> tuple[pd.DataFrame, np.ndarray]:
    """Read scikit-learn's diabetes data."""
    found = load_diabetes(as_frame=True)
    return found.data, found.target.to_numpy(dtype=float)


def by_table(train: pd.DataFrame, value: np.ndarray, unseen: pd.DataFrame) -> np.ndarray:
    """Foretell by leadml's value table."""
    return expected_deal_value(learner.learn_values(train, value).table, unseen)[1]


def boosted(objective: str) -> Fit:
    """Return LightGBM with an objective, its rounds chosen by cross-validation."""

    def fit(train: pd.DataFrame, value: np.ndarray, unseen: pd.DataFrame) -> np.ndarray:
        texts = [name for name in train if not pd.api.types.is_numeric_dtype(train[name])]
        kinds = {name: pd.CategoricalDtype(sorted(train[name].unique())) for name in texts}
        level = value.mean()  # values around 1: all objectives start alike
        data = lightgbm.Dataset(train.astype(kinds), value / level, free_raw_data=False)
        params = {"objective": objective, "num_leaves": 15, "learning_rate": 0.1, "verbosity": -1, "num_threads": 1,
                  "min_data_in_leaf": 20, "seed": 0, "deterministic": True} | (
                      {"tweedie_variance_power": POWER} if objective == "tweedie" else {})  # fmt: skip
        stop = [lightgbm.early_stopping(20, verbose=False)]
        found = lightgbm.cv(params, data, 300, nfold=5, stratified=False, callbacks=stop)
        rounds = len(next(iter(found.values())))
        return lightgbm.train(params, data, rounds).predict(unseen.astype(kinds)) * level

    return fit


def _columns(train: pd.DataFrame) -> object:
    numbers = [name for name in train if pd.api.types.is_numeric_dtype(train[name])]
    texts = [name for name in train if name not in numbers]
    even = QuantileTransformer(n_quantiles=100, output_distribution="normal")  # skewed columns would blow up a log link
    return make_column_transformer((even, numbers), (OneHotEncoder(handle_unknown="ignore"), texts))


def ridge_of_logs(train: pd.DataFrame, value: np.ndarray, unseen: pd.DataFrame) -> np.ndarray:
    """Ridge on the logarithm, brought back by Duan's smearing (1983)."""
    model = make_pipeline(_columns(train), RidgeCV(np.logspace(-1, 4, 11))).fit(train, np.log(value))
    smear = np.exp(np.log(value) - model.predict(train)).mean()
    return np.exp(model.predict(unseen)) * smear


def gamma_regression(train: pd.DataFrame, value: np.ndarray, unseen: pd.DataFrame) -> np.ndarray:
    """Gamma regression with a log link, its penalty chosen by cross-validation."""
    model = make_pipeline(_columns(train), GammaRegressor(max_iter=1000))
    search = GridSearchCV(model, {"gammaregressor__alpha": np.logspace(-3, 2, 6)}, scoring="neg_mean_gamma_deviance")
    return search.fit(train, value).predict(unseen)


def mean_only(train: pd.DataFrame, value: np.ndarray, unseen: pd.DataFrame) -> np.ndarray:
    """Foretell the mean for every deal."""
    return np.full(len(unseen), value.mean())


CONTENDERS: dict[str, Fit] = {
    "value table": by_table,
    "LightGBM tweedie": boosted("tweedie"),
    "LightGBM gamma": boosted("gamma"),
    "LightGBM L2": boosted("regression"),
    "ridge of logs, smeared": ridge_of_logs,
    "gamma regression": gamma_regression,
    "mean only": mean_only,
}


def judged(told: np.ndarray, came: np.ndarray) -> dict[str, float]:
    """Measure: total over total, mean absolute error, deviance explained, Spearman's correlation."""
    told = np.maximum(told, 1e-3 * came.mean())  # L2 may foretell less than nothing
    ranks = np.corrcoef(midranks(told), midranks(came))[0, 1] if np.ptp(told) else 0.0
    return {
        "total": told.sum() / came.sum(),
        "error": np.abs(told - came).mean() / came.mean(),
        "explained": d2_tweedie_score(came, told, power=POWER),
        "ranks": ranks,
    }


def cases() -> Iterator[tuple[str, pd.DataFrame, np.ndarray, pd.DataFrame, np.ndarray]]:
    """Yield deals to learn from and others to judge on: planted ones, then real ones."""
    for tail in ("0.6", "pareto"):
        for count in (200, 800, 4000):
            for seed in SEEDS:
                frame, value, mean = planted(count + UNSEEN, 1000 + seed, tail)
                old, new = slice(0, count), slice(count, None)
                yield f"planted, tail {tail}, {count:,} deals", frame[old], value[old], frame[new], mean[new]
    for name, (frame, value) in {"loans (bpic2012)": loans(), "diabetes": diabetes()}.items():
        for seed in SEEDS:
            late = np.random.default_rng(seed).random(len(frame)) < 0.3
            old, new = frame[~late].reset_index(drop=True), frame[late].reset_index(drop=True)
            yield f"{name}, {len(frame):,} deals", old, value[~late], new, value[late]


def beside_peers() -> None:
    """Print every contender on every case."""
    print("Unseen deals: expected over true total, mean absolute error over the mean, share of Tweedie deviance")
    print("explained (of the mean-only one), Spearman's correlation; planted ones against their planted means\n")
    for name, parts in groupby(cases(), key=itemgetter(0)):
        rows = [
            {"by": contender} | judged(fit(train, value, unseen), came)
            for _, train, value, unseen, came in parts
            for contender, fit in CONTENDERS.items()
        ]
        print(name)
        print(pd.DataFrame(rows).groupby("by", sort=False).mean().round(3).rename_axis(None).to_string(), "\n")


def cut_offs() -> None:
    """Print what is explained by how many of the highest values count as the next one."""
    ways = {"none": lambda n: 0, "1 %": lambda n: n // 100, "5 %": lambda n: n // 20, "root of n": isqrt}
    rows = []
    for tail in TAILS:
        for count in (150, 400, 1500):
            for seed in range(6 if count < 200 else 3):
                frame, value, mean = planted(count + UNSEEN, 2000 + seed, tail)
                for name, way in ways.items():
                    with patch.object(learner, "isqrt", way):
                        told = by_table(frame[:count], value[:count], frame[count:])
                    explained = d2_tweedie_score(mean[count:], told, power=POWER)
                    rows.append({"tail": tail, "deals": count, "cut": name, "explained": explained})
    found = pd.DataFrame(rows).groupby(["tail", "deals", "cut"], sort=False)["explained"].mean().unstack("cut").round(3)
    print("Share of deviance explained by how many of the highest values count as the next one")
    print(found.to_string(), "\n")


def few_deals() -> None:
    """Print how often a table of so many deals is better or worse than the mean."""
    rows = []
    for count in (40, 60, 80, 100, 150):
        for tail in TAILS:
            for seed in range(6):
                frame, value, mean = planted(count + UNSEEN, 3000 + seed, tail)
                with patch.object(learner, "LEAST_DEALS", 0):
                    told = by_table(frame[:count], value[:count], frame[count:])
                only = mean_only(frame[:count], value[:count], frame[count:])
                gain = np.subtract(*(d2_tweedie_score(mean[count:], by, power=POWER) for by in (told, only)))
                rows.append({"deals": count, "better": gain > 0.02, "worse": gain < -0.02, "gain": gain})
    print("Few deals: how often the table explains .02 of the deviance more than the mean does, or less")
    print(pd.DataFrame(rows).groupby("deals").mean().round(3).to_string(), "\n")


def noise() -> None:
    """Print how many rules a table gets where nothing differs."""
    for count in (200, 800):
        rules = [
            learner.learn_values(*planted(count, 4000 + seed, tail, 0.0)[:2]).table.n_rules
            for seed in range(8)
            for tail in ("0.6", "pareto")
        ]
        print(f"No signal, {count:,} deals: no rule in {rules.count(0)} of {len(rules)} tables, {max(rules)} at most")
    print()


def coverage() -> None:
    """Print how often the interval of a rule covers the contrast of values as they are counted, and of true means."""
    for count, shape in ((150, 4), (300, 4), (300, 1), (1000, 4)):
        draws = np.random.default_rng(0).gamma(shape, 1 / shape, 400_000)
        held = {"counted": [], "true": []}
        for seed in range(60):
            rng = np.random.default_rng(seed)
            large = rng.random(count) < 0.4
            value = np.where(large, 2.0, 1.0) * rng.gamma(shape, 1 / shape, count)
            table = learner.learn_values(pd.DataFrame({"large": large, "x": rng.random(count) < 0.5}), value).table
            scale = value_scale(table)
            most = scale.counted_to
            counted = np.array([np.minimum(times * draws, most).mean() / most for times in (1, 2)])
            truth = {"counted": counted, "true": np.array([1.0, 2.0]) / scale.cap}
            for rule in (r for f in table.features if f.name == "large" for r in f.rules if r.points):
                sign = 1 if rule.values == ("true",) else -1
                for name, share in truth.items():
                    target = sign * np.diff(np.log(share / (1 - share)))[0] / table.probability.slope
                    held[name].append(rule.points_low <= target <= rule.points_high)
        shares = ", ".join(f"{np.mean(hits):.2f} of {name} means" for name, hits in held.items())
        print(f"Intervals, {count:,} deals, gamma {shape}, twice the value: {len(held['true'])} rules cover {shares}")
    print()


def olist() -> None:
    """Say what becomes of a real history in which values are hardly ever filled in."""
    folder = DATA / "olist_marketing_funnel"
    deals = pd.read_csv(folder / "olist_closed_deals_dataset.csv.gz")
    leads = pd.read_csv(folder / "olist_marketing_qualified_leads_dataset.csv.gz").set_index("mql_id")
    known = deals[deals["declared_monthly_revenue"] > 0]
    frame = leads.loc[known["mql_id"], ["origin", "landing_page_id"]].reset_index(drop=True)
    try:
        learner.learn_values(frame, known["declared_monthly_revenue"])
    except DataError as refused:
        print(f"Olist, {len(known)} of {len(deals)} deals with a declared revenue: {refused}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    beside_peers()
    cut_offs()
    few_deals()
    noise()
    coverage()
    olist()
