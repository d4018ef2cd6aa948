"""The CPU seconds of a fit beside those of others: same data, same run, one thread, a fresh process each.

Run by hand: ``python benchmarks/peers/speed.py [--envs FOLDER] > benchmarks/peers/speed.txt``. 16 columns, 10 of them
numbers with gaps and 6 texts; leadml's seconds hold its cross-validation and its intervals, LightGBM's and the others'
the coding of texts that each needs. Absolute seconds mean nothing on another machine: the ratios are judged, by the
exit code.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pandas as pd
from measuring import auc, is_text

FRESH = 50_000
SMALL, LARGE = 100_000, 1_000_000
ENVS = {"leadml": None, "LightGBM": None, "optbinning": "optbinning", "EBM": "ebm"}
TREES, LEAVES = 150, 31
Fitted = tuple[Callable[[pd.DataFrame], np.ndarray], str]


def made(leads: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw leads: curves, steps, categories up to 40 texts, noise columns, one interaction, gaps."""
    rng, effects = np.random.default_rng(seed), np.random.default_rng(1)
    columns: dict[str, np.ndarray] = {}
    log_odds = np.full(leads, -2.2)
    for k in range(10):
        x = rng.gamma(2, 2, leads) if k % 2 else rng.normal(size=leads)
        x = np.round(x, 1) if k % 3 == 0 else x
        columns[f"n{k}"] = np.where(rng.random(leads) < 0.05 * (k % 4), np.nan, x)
        shapes = (0.5 * np.tanh(x), 0.3 * (x > 3), -0.2 * np.abs(x), 0.15 * np.log1p(np.abs(x)), 0 * x)
        log_odds += shapes[k % 5]
    for k, levels in enumerate((3, 5, 8, 12, 20, 40)):
        place, worth = rng.integers(0, levels, leads), effects.normal(0, 0.4, levels)
        columns[f"c{k}"] = np.array([f"v{i}" for i in range(levels)], dtype=object)[place]
        log_odds += worth[place] * (k < 4)
    log_odds += 0.6 * ((columns["n0"] > 0) & (columns["n1"] > 4))
    return pd.DataFrame(columns), (rng.random(leads) < 1 / (1 + np.exp(-log_odds))).astype(int)


def leadml(frame: pd.DataFrame, won: np.ndarray) -> Fitted:
    """Fit a point table as it comes: cross-validation and intervals included."""
    from leadml import LeadScorer

    scorer = LeadScorer().fit(frame, won)
    table = scorer.point_table_
    pairs = f"{table.n_rules} rules, {len(table.interactions)} conjunctions"
    return lambda f: scorer.score_leads(f)["score"].to_numpy(), pairs


def lightgbm(frame: pd.DataFrame, won: np.ndarray) -> Fitted:
    """Fit one plain LightGBM on texts made categories."""
    from lightgbm import LGBMClassifier

    begun = time.process_time()
    coded = frame.astype({name: "category" for name in frame if is_text(frame[name])})
    spent = time.process_time() - begun
    model = LGBMClassifier(n_estimators=TREES, num_leaves=LEAVES, n_jobs=1, verbose=-1).fit(coded, won)
    kinds = coded.dtypes.to_dict()
    return lambda f: model.predict_proba(f.astype(kinds))[:, 1], f"{spent:.2f} s of it make texts categories"


def optbinning(frame: pd.DataFrame, won: np.ndarray) -> Fitted:
    """Fit optbinning's binning of every column and its scorecard, as they come."""
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    process = BinningProcess(list(frame), categorical_variables=[name for name in frame if is_text(frame[name])])
    card = Scorecard(
        process,
        LogisticRegression(max_iter=1000),
        scaling_method="min_max",
        scaling_method_params={"min": 0, "max": 100},
    ).fit(frame, won, metric_missing="empirical")
    return card.score, f"{len(card.table())} rows"


def ebm(frame: pd.DataFrame, won: np.ndarray) -> Fitted:
    """Fit EBM without interactions, with its own number of bags."""
    from interpret.glassbox import ExplainableBoostingClassifier

    model = ExplainableBoostingClassifier(interactions=0, n_jobs=1, random_state=0).fit(frame, won)
    return lambda f: model.predict_proba(f)[:, 1], f"{model.outer_bags} bags"


def one(name: str, path: Path) -> dict[str, Any]:
    """Fit one contender in this process and give what it took and what it is worth."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(Path(__file__).parents[2]))
    frame, won = packing.read(path, "train")
    fit = {"leadml": leadml, "LightGBM": lightgbm, "optbinning": optbinning, "EBM": ebm}[name]
    _ready(name)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    score, told = fit(frame, won)
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fresh, truth = packing.read(path, "test")
    worth = auc(truth, np.asarray(score(fresh)))
    return {"seconds": seconds, "mb": peak / 1024, "data_mb": before / 1024, "auc": max(worth, 1 - worth), "told": told}


def _ready(name: str) -> None:
    """Load the library on a few leads: imports are no part of a fit."""
    frame, won = made(2000, 7)
    {"leadml": leadml, "LightGBM": lightgbm, "optbinning": optbinning, "EBM": ebm}[name](frame, won)


def measured(name: str, path: Path, folder: Path, repeats: int) -> dict[str, Any]:
    """Run a contender in fresh processes; give the run that took least."""
    env = ENVS[name]
    python = sys.executable if env is None else str(folder / env / "bin" / "python")
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    found = []
    for _ in range(repeats):
        told = subprocess.run(
            [python, __file__, "--one", name, str(path)],
            env={**os.environ, **threads},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found.append(json.loads(told.stdout.splitlines()[-1]))
    return min(found, key=lambda run: run["seconds"])


def judge(found: dict[tuple[str, int], dict[str, Any]]) -> bool:
    """Print the ratios and tell whether they keep their limits."""

    def ratio(name: str, other: str, leads: int) -> float:
        return float(found[name, leads]["seconds"] / found[other, leads]["seconds"])

    limits: list[tuple[str, float, float]] = []
    for leads, limit in ((SMALL, 1.4), (LARGE, 0.6)):
        if ("leadml", leads) in found:
            limits.append((f"leadml / optbinning at {leads:,}", ratio("leadml", "optbinning", leads), 1.0))
            limits.append((f"leadml / LightGBM at {leads:,}", ratio("leadml", "LightGBM", leads), limit))
    if ("EBM", SMALL) in found:
        limits.append((f"leadml / EBM at {SMALL:,}", ratio("leadml", "EBM", SMALL), 0.1))
    if ("leadml", SMALL) in found and ("leadml", LARGE) in found:
        grown = found["leadml", LARGE]["seconds"] / found["leadml", SMALL]["seconds"]
        limits.append((f"leadml at {LARGE:,} / at {SMALL:,}", grown, LARGE / SMALL))
    print()
    for what, value, limit in limits:
        print(f"{what:34}{value:7.2f}   limit {limit:5.2f}   {'kept' if value <= limit else 'NOT KEPT'}")
    return all(value <= limit for _, value, limit in limits)


def main() -> int:
    """Measure every contender at each size; exit with 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=Path, default=Path(__file__).parent / ".envs")
    parser.add_argument("--leads", type=int, nargs="*", default=[SMALL, LARGE])
    parser.add_argument("--repeats", type=int, default=3, help="runs at the small size, of which the least counts")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        print(json.dumps(one(told.one[0], Path(told.one[1]))))
        return 0
    found = {}
    print(f"{'leads':>10} {'contender':12}{'CPU s':>8}{'peak MB':>9}{'of it data':>11}{'AUC':>8}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for leads in told.leads:
            path = Path(scratch) / f"{leads}.npz"
            packing.write(path, {"train": made(leads, 0), "test": made(FRESH, 9)})
            for name in ENVS:
                if name == "EBM" and leads > SMALL:
                    continue
                run = measured(name, path, told.envs, told.repeats if leads <= SMALL and name != "EBM" else 1)
                found[name, leads] = run
                print(
                    f"{leads:>10,} {name:12}{run['seconds']:8.2f}{run['mb']:9.0f}{run['data_mb']:11.0f}"
                    f"{run['auc']:8.4f}   {run['told']}",
                    flush=True,
                )
    return 0 if judge(found) else 1


if __name__ == "__main__":
    sys.exit(main())
