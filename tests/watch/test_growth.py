"""What grows that no rule knows: planted newcomers are named, steady and tiny levels are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from leadml.watch.drift.growth import Level, growing


def level(name: str, leads: list[int], of: int = 1000) -> Level:
    return Level("type of event", name, np.array(leads), np.full(len(leads), of))


def test_a_new_calculator_is_named_with_its_figures() -> None:
    steady = [level(f"t{k}", [20 + k] * 8) for k in range(20)]
    [found] = growing([*steady, level("roi_calculator", [0, 0, 0, 2, 1, 20, 60, 90])])
    assert (found.name, found.leads, found.of, found.leads_before) == ("roi_calculator", 170, 3000, 3)
    assert found.growth == pytest.approx((170 / 3000) / (3 / 5000))
    assert found.low is not None
    assert found.low > 2
    assert found.chance == pytest.approx(binom.sf(169, 173, 3 / 8), rel=1e-6, abs=1e-300)
    assert found.to_dict()["share"] == 170 / 3000


def test_what_does_not_count_is_not_named() -> None:
    assert growing([]) == ()
    assert growing([level("rare", [0, 0, 0, 0, 5, 9])]) == ()  # fewer than 20 leads are not told
    assert growing([level("a little", [100, 100, 100, 150, 150, 150])]) == ()  # not twice as often
    assert growing([level("few of many", [0, 0, 0, 9, 9, 9], of=100_000)]) == ()
    shrinking = level("gone", [90, 80, 90, 1, 0, 0])
    more_leads = Level("x", "as before", np.array([10, 10, 10, 40, 40, 40]), np.array([100] * 3 + [400] * 3))
    assert growing([shrinking, more_leads]) == ()
    assert growing([Level("x", "no exposure", np.zeros(6, dtype=int), np.zeros(6, dtype=int))]) == ()


def test_steady_levels_raise_no_alarm() -> None:
    """40 levels, month to month up and down by a fifth, 300 looks."""
    rng = np.random.default_rng(4)
    named = 0
    for _ in range(300):
        of = rng.poisson(400, 15)
        rates = rng.uniform(0.002, 0.08, 40)[:, None] * rng.gamma(25, 1 / 25, (40, 15))
        counts = rng.binomial(of, np.minimum(rates, 1))
        named += bool(growing([Level("t", f"t{k}", counts[k], of) for k in range(40)]))
    assert named <= 9


def test_the_order_of_levels_does_not_matter() -> None:
    two = [level("a", [0, 0, 0, 30, 30, 30]), level("b", [0, 0, 0, 50, 50, 50])]
    assert growing(two) == growing(two[::-1])
    assert [found.name for found in growing(two)] == ["b", "a"]
