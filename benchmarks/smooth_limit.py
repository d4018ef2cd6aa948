"""What a table of so many rules can reach at the most where the truth is smooth: the hard case ``smooth``.

Run by hand: ``python benchmarks/smooth_limit.py > benchmarks/smooth_limit.txt`` (a minute). Here the truth is straight
in six numbers. A table that knows it, and only has to say it in steps, spends its rules where they save most of its
variance (Lloyd 1982, with the rules dealt out one by one). Whatever learns from leads has to place the steps, and to
say how high they are, without knowing.
"""

from __future__ import annotations

import numpy as np
from hard_truths import made
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer

SEEDS = (0, 1, 2)
RULES = (5, 10, 20, 30, 45, 60)
SLOPES = {
    "fit_index": 0.05,
    "intent_index": 0.04,
    "minutes_90d": 0.035,
    "income_index": -0.03,
    "age_of_company": 0.025,
    "response_speed": 0.02,
}
WEBINAR = 0.5
ROUNDS = 300


def steps(values: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the cuts and heights of so many steps that are nearest to some values."""
    ordered = np.sort(values)
    heights = np.quantile(ordered, (np.arange(many) + 0.5) / many)
    for _ in range(ROUNDS):
        place = np.searchsorted((heights[1:] + heights[:-1]) / 2, ordered)
        heights = np.bincount(place, ordered, many) / np.bincount(place, minlength=many)
    return (heights[1:] + heights[:-1]) / 2, heights


def limit(seed: int) -> tuple[dict[int, float], float]:
    """Give the AUC of the best steps by number of rules, and of the truth, on fresh leads of one draw."""
    case = made("smooth", seed)
    values = {name: case.frame[name].to_numpy(float) for name in SLOPES}
    many, areas = dict.fromkeys(SLOPES, 1), {}
    for rules in range(2, RULES[-1] + 1):  # the first one is the webinar's
        saved = {name: lost(values[name], many[name], slope) for name, slope in SLOPES.items()}
        many[max(saved, key=lambda name: saved[name])] += 1
        if rules in RULES:
            told = WEBINAR * case.fresh["webinar"].to_numpy(float)
            for name, slope in SLOPES.items():
                cuts, heights = steps(values[name], many[name])
                told = told + slope * heights[np.searchsorted(cuts, case.fresh[name].to_numpy(float))]
            areas[rules] = float(roc_auc_score(case.fresh_won, told))
    return areas, float(roc_auc_score(case.fresh_won, case.fresh_truth))


def lost(values: np.ndarray, many: int, slope: float) -> float:
    """Give what one step more saves of the variance of the truth."""
    return slope**2 * (error(values, many) - error(values, many + 1))


def error(values: np.ndarray, many: int) -> float:
    """Give the mean square of what so many steps miss."""
    cuts, heights = steps(values, many)
    return float(np.mean((values - heights[np.searchsorted(cuts, values)]) ** 2))


def learned(seed: int, rules: int) -> float:
    """Give the AUC of a learned table of at most so many rules on the same leads."""
    case = made("smooth", seed)
    scorer = LeadScorer(max_rules=rules).fit(case.frame, case.won)
    return float(roc_auc_score(case.fresh_won, scorer.decision_function(case.fresh)))


def main() -> None:
    """Print what is possible and what is learned, by number of rules."""
    drawn = [limit(seed) for seed in SEEDS]
    truth = np.mean([of_truth for _, of_truth in drawn])
    print(f"AUC on 20,000 fresh leads, mean of {len(SEEDS)} draws; the truth {truth:.4f}\n")
    print("rules   steps that know the truth   learned from 6,000 leads")
    for rules in RULES:
        best = np.mean([areas[rules] for areas, _ in drawn])
        print(f"{rules:5d}{best:28.4f}{np.mean([learned(seed, rules) for seed in SEEDS]):27.4f}", flush=True)


if __name__ == "__main__":
    main()
