"""Terms of the search: signs hold on every stage of the path, held groups stay and are not counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.coding.rows import neutral_row, rows_of
from leadml.learn.search.ground import Ground
from leadml.learn.search.landscape import look
from leadml.learn.search.path import walk
from leadml.learn.search.refit import Leads, refit
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

FEATURES = (
    FeatureCodes("age", "number", cuts=("20", "30", "40")),
    FeatureCodes("city", "category", levels=("a", "b", "c", "d")),
    FeatureCodes("member", "boolean", levels=("false", "true")),
)
SIZES = [feature.size for feature in FEATURES]


@pytest.fixture(scope="module")
def on() -> Ground:
    """Every code by itself, on leads whose city goes with their age."""
    rng = np.random.default_rng(0)
    age = rng.choice(5, 20_000, p=[0.2, 0.3, 0.25, 0.15, 0.1])
    city = np.where(rng.random(20_000) < 0.5, age, rng.integers(0, 6, 20_000))
    member = rng.choice(3, 20_000, p=[0.5, 0.4, 0.1])
    effects = ([0.0, 0.3, 0.9, 1.2, -0.5], [0.0, 0.4, 0.5, -0.6, -0.4, 0.3], [0.0, 0.35, 0.1])
    log_odds = -1.5 + sum(np.array(e)[row] for e, row in zip(effects, (age, city, member), strict=True))
    won = (rng.random(20_000) < 1 / (1 + np.exp(-log_odds))).astype(float)
    leads = Leads(np.stack([age, city, member]).astype(np.int16), won, np.ones(20_000))
    begin = Partition(tuple(np.arange(size) for size in SIZES))
    fit = refit(leads, begin, np.zeros(sum(SIZES)), 1.0)
    around = look(leads, begin, fit.intercept, fit.effects)
    return Ground(leads, FEATURES, [np.zeros(size) for size in SIZES], leads.counts(SIZES), {0.0: begin}, around)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("codes", [[0, 1, 2, 3, 4, 5], [2], [0, 4]])
def test_no_group_with_a_sign_is_on_the_wrong_side_of_its_neutral_one(on: Ground, sign: int, codes: list[int]) -> None:
    locks = tuple(np.zeros(size, dtype=np.int8) for size in SIZES)
    locks[1][codes] = sign
    free = list(walk(on, on.begins[0.0], strength=1.0, terms=Terms.of(FEATURES), most_rules=12))
    held = list(walk(on, on.begins[0.0], strength=1.0, terms=replace(Terms.of(FEATURES), signs=locks), most_rules=12))
    assert held[-1].rules == 0

    def wrong(stages: list) -> int:  # type: ignore[type-arg]
        found = 0
        for stage in stages:
            group, start = stage.partition.groups[1], stage.partition.starts[1]
            rows = rows_of(FEATURES[1], group, on.counts[1])
            neutral = stage.fit.effects[start + rows[neutral_row(rows)].mark]
            found += sum(sign * (stage.fit.effects[start + group[c]] - neutral) < -1e-9 for c in codes)
        return found

    assert wrong(held) == 0
    if len(codes) == SIZES[1]:
        assert wrong(free) > 0  # without the lock some are


def test_held_groups_stay_to_the_end_and_cost_no_rule(on: Ground) -> None:
    terms = replace(Terms.of(FEATURES), held=(False, True, False))
    stages = list(walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=12))
    assert [stage.partition.sizes[1] for stage in stages] == [SIZES[1]] * len(stages)
    assert stages[-1].rules == 0
    assert stages[-1].partition.sizes.tolist() == [1, SIZES[1], 1]
