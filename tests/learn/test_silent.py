"""Lists that say nothing: left out before they pass for signal, kept where a level, or what stands beside, speaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer
from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.refit import Leads
from leadml.learn.search.silent import silent_lists

LEVELS = 30


def crm(lists: int, leads: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Three columns tell; besides, lists of thirty values that say nothing."""
    rng = np.random.default_rng(seed)
    visits, partner, size = rng.poisson(1.5, leads), rng.random(leads) < 0.3, rng.integers(1, 500, leads)
    told = 0.7 * (visits >= 2) + 0.8 * partner - 0.6 * (size < 50) - 1.8
    share = 1 / np.arange(1, LEVELS + 1)
    columns = {"visits": visits, "source": np.where(partner, "partner", "web"), "employees": size}
    for k in range(lists):
        columns[f"list {k}"] = rng.choice([f"value {v}" for v in range(LEVELS)], leads, p=share / share.sum())
    return pd.DataFrame(columns), (rng.random(leads) < 1 / (1 + np.exp(-told))).astype(int)


@pytest.mark.parametrize("leads", [3000, 20_000])
def test_forty_lists_that_say_nothing_cost_next_to_nothing(leads: int) -> None:
    (frame, won), (fresh, fresh_won) = crm(40, leads, 1), crm(40, 20_000, 2)
    telling = ["visits", "source", "employees"]
    alone, among = (LeadScorer(interactions=False).fit(columns, won) for columns in (frame[telling], frame))
    areas = [roc_auc_score(fresh_won, scorer.score_leads(fresh)["score"]) for scorer in (alone, among)]
    assert areas[0] > 0.62
    assert areas[1] > areas[0] - 0.006
    told = among.point_table_.to_frame()
    assert set(telling) <= set(told.loc[told["points"] != 0, "feature"])


def drawn(chance: np.ndarray, codes: np.ndarray, seed: int) -> tuple[Leads, list[FeatureCodes], list[np.ndarray]]:
    won = (np.random.default_rng(seed).random(len(chance)) < chance).astype(float)
    names = tuple(f"{k:02}" for k in range(LEVELS))
    features = [FeatureCodes(f"list {k}", "category", levels=names) for k in range(len(codes))]
    folds = [np.arange(len(chance)) % 5 == k for k in range(5)]
    return Leads(codes.astype(np.int16), won, np.ones(len(chance))), features, folds


def test_one_rare_level_that_nobody_buys_from_is_heard() -> None:
    """Drawn to the mean of all levels it says next to nothing; by itself it does."""
    heard = 0
    for seed in range(10):
        codes = np.random.default_rng(seed).integers(0, LEVELS, (2, 4000))
        codes[0, :80] = 7
        leads, features, folds = drawn(np.where(codes[0] == 7, 0.05, 0.3), codes, seed + 100)
        silent = silent_lists(features, leads, folds)
        heard += not silent[0]
        assert silent[1]
    assert heard == 10


def test_a_list_is_heard_again_beside_what_all_others_say() -> None:
    codes = np.random.default_rng(1).integers(0, LEVELS, (1, 6000))
    other = np.where(np.random.default_rng(2).random(6000) < 0.5, 3.0, -3.0)
    level = np.where(codes[0] < 15, 0.4, -0.4)
    leads, features, folds = drawn(1 / (1 + np.exp(-(other + level))), codes, 3)
    hidden = np.where(codes[0] < 15, -0.15, 0.15)  # as if what the others say went against it
    assert not silent_lists(features, leads, folds, other + hidden)[0]
    assert silent_lists(features, leads, folds, other + level)[0]


def test_weights_do_not_make_a_list_speak() -> None:
    """Where won leads weigh thirty times as much, chance looks like evidence; a list of noise is still silent."""
    quiet = 0
    for seed in range(20):
        codes = np.random.default_rng(seed).integers(0, LEVELS, (1, 5000))
        leads, features, folds = drawn(np.full(5000, 0.02), codes, seed + 50)
        heavy = Leads(leads.codes, leads.won, np.where(leads.won > 0, 30.0, 1.0))
        quiet += bool(silent_lists(features, heavy, folds)[0])
    assert quiet >= 18
