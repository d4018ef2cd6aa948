"""PSI and trend against SciPy and published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadml.errors import UsageError
from leadml.stats import cochran_armitage, psi

FULL = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=12)


@given(FULL)
def test_psi_is_the_divergence_both_ways(rows):
    then, now = (np.array(column) for column in zip(*rows, strict=True))
    both = stats.entropy(then, now) + stats.entropy(now, then)
    assert psi(then, now) == pytest.approx(both, abs=1e-9)
    assert psi(now, then) == pytest.approx(psi(then, now), abs=1e-12)


def test_a_level_on_one_side_only_counts():
    # half of the leads moved to a level that was never seen: nothing may hide that
    assert psi({"web": 1000}, {"web": 500, "app": 500}) > 3
    assert psi({"web": 500, "fax": 500}, {"web": 1000}) > 3
    assert psi([1000, 0], [500, 500]) == psi({"web": 1000}, {"web": 500, "app": 500})
    # one stray lead in a thousand is no shift
    assert psi({"web": 1000}, {"web": 999, "app": 1}) < 0.01


def test_a_level_that_nobody_has_does_not_count():
    assert psi([10, 20, 0], [5, 70, 0]) == psi([10, 20], [5, 70])


def test_the_order_of_levels_does_not_matter():
    rng = np.random.default_rng(0)
    then, now = rng.integers(0, 90, (2, 40)).tolist()
    order = rng.permutation(40).tolist()
    keyed = psi({i: then[i] for i in order}, {i: now[i] for i in reversed(order)})
    assert keyed == psi(then, now)


def test_chance_alone_gives_the_known_level():
    # 10 equal levels, 1000 leads then, 100 now: about 9 · (1/1000 + 1/100) = .099; simulated elsewhere: .105
    rng = np.random.default_rng(5)
    draws = [psi(rng.multinomial(1000, [0.1] * 10), rng.multinomial(100, [0.1] * 10)) for _ in range(2000)]
    assert np.mean(draws) == pytest.approx(0.105, abs=0.005)


def test_psi_refuses_what_cannot_be_compared():
    assert math.isnan(psi([0, 0], [1, 2]))
    for then, now in (([1, 2], [1, 2, 3]), ({"a": 1}, [1]), ([1, -2], [1, 2])):
        with pytest.raises(UsageError):
            psi(then, now)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=7))
def test_trend_is_the_correlation_over_single_leads(groups):
    won, leads = [w for w, _ in groups], [w + lost for w, lost in groups]
    place = np.repeat(np.arange(len(groups)), leads)
    outcome = np.concatenate([np.r_[np.ones(w), np.zeros(lost)] for w, lost in groups])
    z, p = cochran_armitage(won, leads)
    if len(set(place)) < 2 or len(set(outcome)) < 2:
        assert math.isnan(z)
        assert math.isnan(p)
        return
    assert z == pytest.approx(np.corrcoef(place, outcome)[0, 1] * math.sqrt(len(place)), abs=1e-8)
    assert p == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-12)


def test_trend_refuses_impossible_counts():
    with pytest.raises(UsageError):
        cochran_armitage([5], [4])
    with pytest.raises(UsageError):
        cochran_armitage([1, 2], [4])
