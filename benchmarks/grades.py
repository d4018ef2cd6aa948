"""What becomes of grade A as tables are learned again: with its cut left as it was, and under the contract of grades.

Run by hand: ``python benchmarks/grades.py > benchmarks/grades.txt`` (three minutes of one core). The public data are
looked for in the folder that LEADML_TEST_DATA names, else in ../shared/data. The exit code is 1 where a limit is
broken.

A bank's phone campaigns in order of time, without what tells the time (economic figures, month, weekday): of the first
two fifths 4 % were won, of the last tenth 46 %. A table is learned from the first two fifths, A to be a fifth of the
leads, and again on each later window from the table before it. Shown is A's share of each window and how it converted
there: once with the cuts kept, once with the share kept, once with the conversion rate kept where it can be.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from accuracy import bank_marketing

from leadml import LeadScorer, PointTable

ENDS = (0.0, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0)
OF_THE_TIME = ("emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed", "month", "day_of_week")
SHARES = [20, 30, 30, 20]
FROM = 2  # the window from which the contract must hold: before it the first table does not tell leads apart
TOLERANCE = 0.05


def windows(frame: pd.DataFrame, won: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield the leads of each window."""
    places = [round(end * len(frame)) for end in ENDS]
    for first, last in pairwise(places):
        yield frame[first:last], won[first:last]


def best(table: PointTable, frame: pd.DataFrame, won: np.ndarray) -> tuple[float, float]:
    """Return A's share of the leads, and its conversion rate."""
    mine = (table.score(frame, reasons=0)["grade"].str[0] == "A").to_numpy()
    return float(mine.mean()), float(won[mine].mean()) if mine.any() else float("nan")


def main() -> int:
    """Print the windows of each way; return 1 where the share that was to stay did not."""
    frame, won = bank_marketing()
    frame = frame.drop(columns=list(OF_THE_TIME))
    parts = list(windows(frame, won))
    broken = 0
    print("keep     window   won    A's share  A's rate  said")
    for keep in ("cuts", "share", "meaning"):
        grades = {"shares": SHARES, "keep": keep}
        table = LeadScorer(grades=grades).fit(*parts[0]).point_table_
        for k, (leads, outcome) in enumerate(parts[1:], start=1):
            scorer = LeadScorer(grades=grades, previous=table).fit(leads, outcome)
            table = scorer.point_table_
            share, rate = best(table, leads, outcome)
            said = [sentence for sentence in scorer.changes_ if sentence.startswith("fit: ")]
            print(
                f"{keep:8} {k:6} {outcome.mean():6.1%} {share:9.1%} {rate:9.1%}  {said[0] if said else ''}", flush=True
            )
            broken += keep == "share" and k >= FROM and abs(share - 0.2) > TOLERANCE
    print(f"windows from {FROM} on in which A was to stay a fifth and did not, to within {TOLERANCE:.0%}: {broken}")
    return int(broken > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
