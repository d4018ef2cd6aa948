"""What is told fast of how leads are ranked, beside the slow and exact way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.search.ranking import GRID, area, surely_better
from leadml.learn.search.refit import Leads
from leadml.stats import auc
from leadml.stats.ranking import delong


def leads(won: np.ndarray, weight: np.ndarray) -> Leads:
    return Leads(np.zeros((0, len(won)), dtype=np.int16), won, weight)


@given(st.integers(0, 10_000), st.integers(2, 300), st.floats(0.01, 30))
def test_the_area_is_the_auc(seed: int, count: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    won = (rng.random(count) < 0.4).astype(float)
    won[:2] = 0, 1
    told = rng.normal(0, spread, count).round(int(rng.integers(0, 5)))
    weight = rng.integers(1, 4, count).astype(float)
    many = np.repeat(np.arange(count), weight.astype(int))
    exact = auc(won[many], told[many])
    found = area(leads(won, weight), told)
    pairs = np.outer(weight * won, weight * (1 - won)) / ((weight @ won) * (weight @ (1 - won)))
    near = np.abs(told[:, None] - told) <= 1.001 * np.ptp(told) / GRID
    off = 0.5 * float(pairs[near & (told[:, None] != told)].sum())  # only what stands within a step may count as a tie
    assert found == pytest.approx(exact, abs=off + 1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_better_by_as_many_standard_errors_as_delong_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    won = (rng.random(2000) < 0.3).astype(float)
    shared = won + rng.normal(0, 1.5, 2000)
    one, other = (np.rint(3 * (shared + rng.normal(0, noise, 2000))) for noise in (0.5, 0.8))
    areas, cov = delong(won, one, other)
    ratio = float((areas[0] - areas[1]) / np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]))
    assert abs(ratio) > 0.1
    for log_odds, than, z in ((one, other, ratio), (other, one, -ratio)):
        assert surely_better(leads(won, np.full(2000, 3.0)), log_odds, than, z - 0.02)
        assert not surely_better(leads(won, np.full(2000, 3.0)), log_odds, than, z + 0.02)
