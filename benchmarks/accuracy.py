"""The integer table beside a good unconstrained LightGBM, on the same splits of public data.

Run by hand: ``python benchmarks/accuracy.py > benchmarks/accuracy.txt`` (about ten minutes on two cores). The data
are looked for in the folder that LEADML_TEST_DATA names, else in ../shared/data.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

from leadml import LeadScorer

DATA = Path(os.environ.get("LEADML_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
SEEDS = range(5)
LIMITS = {"X Education": 0.004, "bank marketing": 0.007}
LIMIT_OUT_OF_TIME = {"X Education": 0.003}
FLOOR = {"X Education": 0.877, "bank marketing": 0.803}
LEAKS = ["Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity"]


def x_education() -> tuple[pd.DataFrame, np.ndarray]:
    """Read the leads of X Education, oldest first, without what was filled in after the contact."""
    frame = pd.read_csv(DATA / "x_education" / "Leads.csv.gz", keep_default_na=False, na_values=["", "Select"])
    frame = frame.sort_values("Lead Number", kind="stable").reset_index(drop=True)
    older_score = [c for c in frame.columns if c.startswith("Asymmetrique")]
    leads = frame.drop(columns=[*LEAKS, *older_score, "Prospect ID", "Lead Number", "Converted"])
    return leads, frame["Converted"].to_numpy()


def bank_marketing() -> tuple[pd.DataFrame, np.ndarray]:
    """Read the contacts of a bank's phone campaigns, oldest first, without the length of the call."""
    path = DATA / "bank_marketing_additional" / "bank-additional-full.csv.gz"
    frame = pd.read_csv(path, sep=";", keep_default_na=False, na_values=["", "unknown"])
    frame["pdays"] = frame["pdays"].replace(999, np.nan)
    return frame.drop(columns=["duration", "y"]), (frame["y"] == "yes").to_numpy().astype(int)


def splits(won: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Give five stratified 70/30 splits, then the split by order."""
    rows = np.arange(len(won))
    for seed in SEEDS:
        yield str(seed), *train_test_split(rows, test_size=0.3, stratify=won, random_state=seed)
    yield "by order", rows[: int(0.7 * len(won))], rows[int(0.7 * len(won)) :]


def reference(leads: pd.DataFrame, won: np.ndarray, newer: pd.DataFrame) -> np.ndarray:
    """Score newer leads with an unconstrained LightGBM whose rounds five-fold cross-validation chose."""
    params = {
        "objective": "binary",
        "num_leaves": 31,
        "learning_rate": 0.03,
        "feature_fraction": 0.8,
        "bagging_fraction": 0.9,
        "bagging_freq": 1,
        "cat_smooth": 20,
        "verbosity": -1,
        "num_threads": 1,
        "seed": 0,
    }
    told = lightgbm.cv(
        params,
        lightgbm.Dataset(leads, won),
        2000,
        nfold=5,
        seed=0,
        callbacks=[lightgbm.early_stopping(50, verbose=False)],
    )
    rounds = len(next(iter(told.values())))
    return np.asarray(lightgbm.train(params, lightgbm.Dataset(leads, won), rounds).predict(newer))


def for_lightgbm(leads: pd.DataFrame) -> pd.DataFrame:
    """Give texts as categories, and columns plain names."""
    coded = leads.apply(lambda c: c if pd.api.types.is_numeric_dtype(c) else c.astype("category"))
    return coded.set_axis([f"f{k}" for k in range(leads.shape[1])], axis=1)


def measure(name: str, leads: pd.DataFrame, won: np.ndarray) -> bool:
    """Print the figures of one set, and tell whether they keep the limits."""
    print(f"\n{name}: {len(won):,} leads, {won.sum():,} won\n")
    print(f"{'split':>10} {'LightGBM':>9} {'table':>8} {'gap':>9} {'rules':>6}")
    coded, gaps, scores = for_lightgbm(leads), [], []
    for split, old, new in splits(won):
        ceiling = roc_auc_score(won[new], reference(coded.iloc[old], won[old], coded.iloc[new]))
        scorer = LeadScorer().fit(leads.iloc[old], won[old])
        table = roc_auc_score(won[new], scorer.score_leads(leads.iloc[new])["score"])
        rules = scorer.point_table_.n_rules
        print(f"{split:>10} {ceiling:9.4f} {table:8.4f} {table - ceiling:+9.4f} {rules:6d}", flush=True)
        gaps.append(table - ceiling)
        scores.append((ceiling, table))
    mean, error = np.mean(gaps[:-1]), np.std(gaps[:-1], ddof=1) / np.sqrt(len(gaps) - 1)
    ceiling, table = np.mean(scores[:-1], axis=0)
    print(f"{'mean 0-4':>10} {ceiling:9.4f} {table:8.4f} {mean:+9.4f}        (standard error of the gap {error:.4f})")
    kept = mean >= -LIMITS[name] and gaps[-1] >= -LIMIT_OUT_OF_TIME.get(name, np.inf) and ceiling >= FLOOR[name]
    print(f"limit {-LIMITS[name]:+.3f}, reference at least {FLOOR[name]}: {'kept' if kept else 'NOT KEPT'}")
    return bool(kept)


def main() -> int:
    """Measure both sets; exit with 1 where a limit is not kept."""
    warnings.simplefilter("ignore")
    kept = [measure("X Education", *x_education()), measure("bank marketing", *bank_marketing())]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
