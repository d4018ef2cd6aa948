"""What two columns say only together: found wherever chance has put their own rules, with probabilities that come."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from leadml.learn.scorer import LeadScorer


def both(seed: int, leads: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Draw leads of which 62 % are won where two conditions hold, and 12 % where one of them does, or none."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"a": rng.choice(["u", "v", "w"], leads), "b": rng.choice(["s", "t"], leads), "x": rng.normal(size=leads)}
    )
    chance = np.where((frame["a"] == "u") & (frame["b"] == "s"), 0.62, 0.12)
    return frame, rng.random(leads) < chance


def either(seed: int, leads: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Draw five numbers; leads are won where one of the first two is above 0 and the other below, save one in ten."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(leads, 5)), columns=[f"x{k}" for k in range(5)])
    won = (frame["x0"] > 0).to_numpy() ^ (frame["x1"] > 0).to_numpy()
    return frame, np.where(rng.random(leads) < 0.1, ~won, won)


def test_what_two_conditions_bring_together_is_not_promised_to_leads_with_one_of_them() -> None:
    """A sum of points ranks such leads no worse, so only the log-loss tells."""
    near = 0
    for seed in range(6):
        frame, won = both(seed, 4000)
        scorer = LeadScorer().fit(frame, won)
        alone = pd.DataFrame({"a": ["u", "v", "u"], "b": ["t", "s", "s"], "x": [0.0, 0.0, 0.0]})
        near += bool((np.abs(scorer.predict_proba(alone)[:, 1] - [0.12, 0.12, 0.62]) < 0.07).all())
    assert near >= 5


@pytest.mark.parametrize(("leads", "seed"), [(3000, 0), (10_000, 0), (10_000, 1), (30_000, 0)])
def test_two_numbers_that_say_nothing_alone_are_found(leads: int, seed: int) -> None:
    frame, won = either(seed, leads + 5000)
    scorer = LeadScorer().fit(frame[:leads], won[:leads])
    told = scorer.decision_function(frame[leads:])
    assert roc_auc_score(won[leads:], told) > 0.87  # the truth has .90


def test_intervals_of_conjunctions_are_as_wide_as_their_leads_leave_open() -> None:
    """Two conditions, two conjunctions: one effect more than cells, which no number of leads could tell apart."""
    for seed in range(1, 7):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {"a": rng.choice(["u", "v"], 2000), "b": rng.choice(["s", "t"], 2000), "x": rng.normal(size=2000)}
        )
        won = (frame["a"] == "u").to_numpy() ^ (frame["b"] == "s").to_numpy()
        table = LeadScorer().fit(frame, np.where(rng.random(2000) < 0.15, ~won, won)).point_table_
        assert table.interactions
        for row in table.interactions:
            assert row.points_low is not None
            assert row.points_high is not None
            rate = row.won / row.leads
            cells = 2 / (row.leads * rate * (1 - rate))  # of the logarithm of the odds ratio of two cells alike
            half = 1.96 * np.sqrt(cells) / table.probability.slope
            assert row.points_low > 0 or row.points_high < 0
            assert 0.4 * half < (row.points_high - row.points_low) / 2 < 2 * half + 1


def test_five_wins_among_noise_are_no_evidence() -> None:
    """A fold with a single win says nothing of how wins scatter."""
    with_rules = 0
    for seed in range(15):
        frame = pd.DataFrame(np.random.default_rng(seed).normal(size=(205, 5)), columns=list("abcde"))
        with_rules += LeadScorer().fit(frame, np.arange(205) < 5).point_table_.n_rules > 0
    assert with_rules <= 1
