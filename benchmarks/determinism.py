"""The same 300,000 leads give the same table, byte by byte, whatever their order and however the machine computes.

Run by hand: ``python benchmarks/determinism.py [LEADS] > benchmarks/determinism.txt``. Each line is a process of its
own: rows and columns in another order, one or two threads, another seed of Python's hashes. The leads have weights that
are no whole numbers, companies, categories, missing values and effects of pairs. The last line is the control: a single
outcome differs, and so must the table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from hard_truths import three_pairs

LEADS = 300_000


@dataclass(frozen=True)
class Run:
    """One way of giving and computing the same leads; seed 0 keeps their order."""

    name: str
    rows: int = 0
    columns: int = 0
    threads: int = 1
    hashes: int = 0
    turned: int = 0


RUNS = (
    Run("as they are"),
    Run("rows in another order", rows=1),
    Run("columns in another order", columns=1),
    Run("two threads", threads=2),
    Run("another hash seed", hashes=77),
    Run("all of these", rows=2, columns=2, threads=2, hashes=5),
    Run("control: one outcome differs", turned=1),
)


def write(path: Path, leads: int) -> None:
    """Write the leads, with outcome, company and weight."""
    rng = np.random.default_rng(0)
    columns, effects = three_pairs(rng, leads)
    won = rng.random(leads) < 1 / (1 + np.exp(2.2 - effects))
    companies = rng.integers(leads // 3, size=leads)
    frame = pd.DataFrame(columns).assign(won=won, company=companies, weight=rng.gamma(3, 0.4, leads) + 0.1)
    frame.to_parquet(path)


def learn(path: str, rows: int, columns: int, turned: int) -> None:
    """Learn a table from leads in another order and print its hash; runs in a process of its own."""
    from leadml import LeadScorer

    frame = pd.read_parquet(path)
    if turned:
        frame.loc[frame.index[0], "won"] = not frame["won"].iloc[0]
    if rows:
        frame = frame.iloc[np.random.default_rng(rows).permutation(len(frame))]
    won, company, weight = (frame.pop(name).to_numpy() for name in ("won", "company", "weight"))
    if columns:
        frame = frame[list(np.random.default_rng(columns).permutation(frame.columns))]
    scorer = LeadScorer(dimensions={"engagement": ["visits_7d", "visits_30d", "minutes", "mails_opened"]})
    table = scorer.fit(frame, won, sample_weight=weight, groups=company).point_table_
    print(table.sha256, table.n_rules, len(table.interactions))


def measured(run: Run, path: Path) -> tuple[str, str]:
    """Start a process for a run: the hash of its table, its rules and conjunctions."""
    threads = {name: str(run.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, __file__, "learn", str(path), str(run.rows), str(run.columns), str(run.turned)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | threads | {"PYTHONHASHSEED": str(run.hashes)},
    )
    sha256, *rest = done.stdout.split()
    return sha256, f"{rest[0]} rules, {rest[1]} conjunctions"


def main(leads: int) -> int:
    """Print a line per run; exit with 1 where tables differ, or the control does not."""
    print(f"{leads:,} leads\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "leads.parquet")
        write(path, leads)
        hashes = []
        for run in RUNS:
            sha256, told = measured(run, path)
            hashes.append(sha256)
            print(f"{run.name:30} {sha256[:24]}  {told}", flush=True)
    kept = len(set(hashes[:-1])) == 1 and hashes[-1] != hashes[0]
    print("\nbyte-identical: kept" if kept else "\nbyte-identical: NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["learn"]:
        learn(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS))
