"""Shaking a small table: it ranks its leads no worse, has no more rules, and keeps to the terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.search.path import walk
from leadml.learn.search.ranking import GRID, area
from leadml.learn.search.refit import Leads
from leadml.learn.search.shake import SMALL, shaken
from leadml.learn.search.terms import Terms
from leadml.stats import auc
from tests.learn.test_path import FEATURES, ground, some_leads


@given(st.integers(0, 10_000), st.integers(2, 300), st.floats(0.01, 30))
def test_the_area_is_the_auc(seed: int, count: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    won = (rng.random(count) < 0.4).astype(float)
    won[:2] = 0, 1
    told = rng.normal(0, spread, count).round(int(rng.integers(0, 5)))
    weight = rng.integers(1, 4, count).astype(float)
    many = np.repeat(np.arange(count), weight.astype(int))
    exact = auc(won[many], told[many])
    found = area(Leads(np.zeros((0, count), dtype=np.int16), won, weight), told)
    pairs = np.outer(weight * won, weight * (1 - won)) / ((weight @ won) * (weight @ (1 - won)))
    near = np.abs(told[:, None] - told) <= 1.001 * np.ptp(told) / GRID
    off = 0.5 * float(pairs[near & (told[:, None] != told)].sum())  # only what stands within a step may count as a tie
    assert found == pytest.approx(exact, abs=off + 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_no_small_stage_ranks_its_leads_worse_or_gets_longer(seed: int) -> None:
    on = ground(some_leads(4000, seed=seed))
    terms, better = Terms.of(FEATURES, (1, 0, 0)), 0
    for stage in walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=20):
        other = shaken(on, stage, on.begins[0.0], strength=1.0, terms=terms)
        assert other.rules <= stage.rules
        before, after = (area(on.leads, s.fit.log_odds(s.partition, on.leads.codes)) for s in (stage, other))
        assert after >= before
        better += after > before
        assert other is stage or stage.rules <= SMALL
        age = other.fit.effects[other.partition.groups[0][:-1]]
        assert (np.diff(age) >= -1e-6).all()
        again = shaken(on, stage, on.begins[0.0], strength=1.0, terms=terms)
        assert [g.tolist() for g in again.partition.groups] == [g.tolist() for g in other.partition.groups]
    assert better
