"""Exchange mends what a path merged too early; conjunctions join a path where features only tell together."""

from __future__ import annotations

import numpy as np
import pytest

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.conjunctions import alone, crossed
from leadml.learn.search.exchange import _loss, exchanged
from leadml.learn.search.ground import Ground, Stage
from leadml.learn.search.path import walk
from leadml.learn.search.refit import Leads
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms
from tests.learn.conftest import planted_leads
from tests.learn.test_path import FEATURES, ground, some_leads


def stage_of(on: Ground, groups: tuple[np.ndarray, ...]) -> Stage:
    partition = Partition(groups)
    return Stage(int((partition.sizes - 1).sum()), partition, on.fit(on.landscape, partition, 1.0))


@pytest.mark.parametrize("askew", [1, 2, 6])
def test_a_cut_in_the_wrong_place_moves_to_the_right_one(askew: int) -> None:
    rng = np.random.default_rng(askew)
    codes = rng.integers(0, 8, (1, 8000)).astype(np.int16)
    won = (rng.random(8000) < np.where(codes[0] >= 4, 0.5, 0.3)).astype(float)
    features = (FeatureCodes("age", "number", cuts=tuple("1234567")),)
    on = ground(Leads(codes, won, np.ones(8000)), features)

    def cut(at: int) -> Stage:
        return stage_of(on, (np.append(np.arange(8) >= at, False).astype(np.int64),))

    mended = exchanged(on, cut(askew), on.begins[0.0], strength=1.0, terms=Terms.of(features))
    assert mended.rules == 1
    best = min(_loss(on, stage.partition, stage.fit, 1.0) for stage in map(cut, range(1, 8)))
    assert _loss(on, mended.partition, mended.fit, 1.0) <= best + 0.5


@pytest.mark.parametrize("seed", range(3))
def test_no_stage_of_a_path_gets_worse_or_longer(seed: int) -> None:
    on = ground(some_leads(4000, seed=seed))
    terms = Terms.of(FEATURES, (1, 0, 0))
    for stage in walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=8):
        mended = exchanged(on, stage, on.begins[0.0], strength=1.0, terms=terms)
        assert mended.rules <= stage.rules
        assert _loss(on, mended.partition, mended.fit, 1.0) <= _loss(on, stage.partition, stage.fit, 1.0) + 1e-6
        age = mended.fit.effects[mended.partition.groups[0][:-1]]
        assert (np.diff(age) >= -1e-6).all()


def either_or(count: int, seed: int) -> Leads:
    """Two boolean columns that say something only together, and one that says nothing."""
    rng = np.random.default_rng(seed)
    codes = (rng.random((3, count)) < [[0.4], [0.45], [0.5]]).astype(np.int16)
    log_odds = np.where(codes[0] != codes[1], 0.5, -1.0)
    return Leads(codes, (rng.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float), np.ones(count))


def test_features_that_only_tell_together_are_found_and_competed_for() -> None:
    features = tuple(FeatureCodes(name, "boolean", levels=("false", "true")) for name in ("a", "b", "c"))
    on = ground(either_or(4000, 0), features)
    empty = stage_of(on, tuple(np.zeros(3, dtype=np.int64) for _ in features))
    wide, begin, terms = crossed(on, empty, empty.partition, strength=1.0, terms=Terms.of(features))
    assert wide.conjunctions[0].features == (0, 1)
    by_rules = {s.rules: s for s in walk(wide, begin, strength=1.0, terms=terms, most_rules=12)}
    assert by_rules[4].partition.sizes[:3].tolist() == [2, 2, 1]  # a, b, and two for the conjunction
    found = alone(wide, by_rules[4])
    assert [conjunction.features for conjunction in found.conjunctions] == [(0, 1)]
    gap = _loss(wide, by_rules[4].partition, by_rules[4].fit, 1.0) - _loss(on, empty.partition, empty.fit, 1.0)
    assert gap < -100


def test_what_adds_up_gets_no_conjunction() -> None:
    """In six draws of a sum of steps at most two tables have any."""
    taken = 0
    for seed in range(6):
        frame, won, _ = planted_leads(2500, seed)
        table = LeadScorer().fit(frame, won).point_table_
        taken += bool(table.interactions)
    assert taken <= 2
