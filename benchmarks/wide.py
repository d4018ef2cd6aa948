"""Hundreds of columns: what learning costs beside LightGBM, and whether a pair that acts together is still found.

Run by hand: ``python benchmarks/wide.py > benchmarks/wide.txt`` (some ten minutes on one core). 10,000 leads, of whose
columns ten say something, and two more only together with one of them. Numbers, and flags of which many are rare, as
an export with a column for each campaign has them. CPU seconds of one thread, in the same run; LightGBM is one plain
fit of 150 trees of 31 leaves. Ends with 1 unless every table of numbers names the pair.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import sys
import time
from collections.abc import Callable

import lightgbm
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer

LEADS = 10_000
COLUMNS = (25, 100, 200, 400, 800)
PAIR = ("c000", "c011")
PLAIN = {"objective": "binary", "num_leaves": 31, "num_threads": 1, "verbosity": -1}


def made(columns: int, kind: str, seed: int, leads: int = LEADS) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw leads: ten columns act by themselves, and c011 where c000 is high."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(leads, columns))
    if kind == "flags":
        share = np.concatenate([np.full(12, 0.4), np.random.default_rng(7).uniform(0.001, 0.3, columns - 12)])
        values = (rng.random((leads, columns)) < share).astype(float)
    effects = np.random.default_rng(8).normal(0, 0.5, 10)
    middle = values - values.mean(axis=0)
    told = middle[:, :10] @ effects + 1.5 * (middle[:, 0] > 0) * np.sign(middle[:, 11]) - 1.5
    won = (rng.random(leads) < 1 / (1 + np.exp(-told))).astype(int)
    return pd.DataFrame(values, columns=[f"c{k:03d}" for k in range(columns)]), won


def seconds(run: Callable[[], object]) -> tuple[object, float]:
    """Give what was made, and the CPU seconds that it took."""
    start = time.process_time()
    found = run()
    return found, time.process_time() - start


def main() -> int:
    """Print a line for each kind and number of columns."""
    print(f"{LEADS} leads; CPU seconds, and as a ratio to LightGBM's\n")
    print(
        f"{'':>8s}{'columns':>9s}{'leadml':>9s}{'LightGBM':>10s}{'ratio':>7s}{'AUC':>8s}{'LightGBM':>10s}  pair found"
    )
    missed = 0
    for kind in ("numbers", "flags"):
        for columns in COLUMNS:
            frame, won = made(columns, kind, 0)
            fresh, fresh_won = made(columns, kind, 1)
            scorer, own = seconds(lambda frame=frame, won=won: LeadScorer(max_rules=30).fit(frame, won))
            data = lightgbm.Dataset(frame, won)
            peer, plain = seconds(lambda data=data: lightgbm.train(PLAIN, data, 150))
            pairs = {
                frozenset(rule.split(":")[0] for rule in row.conditions) for row in scorer.point_table_.interactions
            }
            missed += kind == "numbers" and frozenset(PAIR) not in pairs
            areas = [roc_auc_score(fresh_won, told) for told in (scorer.decision_function(fresh), peer.predict(fresh))]
            print(
                f"{kind:>8s}{columns:9d}{own:9.1f}{plain:10.1f}{own / plain:7.1f}{areas[0]:8.4f}{areas[1]:10.4f}  "
                f"{'yes' if frozenset(PAIR) in pairs else 'no'}",
                flush=True,
            )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
