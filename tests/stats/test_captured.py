"""Wins in the top group: the closed form against leads that are drawn again, and against what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leadml import stats
from leadml.errors import UsageError


def planted(leads: int, ties: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes and two scores that share some of what they know; integer scores with many ties, or nearly none."""
    rng = np.random.default_rng(seed)
    known, more = rng.normal(size=leads), rng.normal(size=leads)
    won = rng.random(leads) < 1 / (1 + np.exp(2 - known - 0.6 * more))
    first = np.round(ties * (known + 0.3 * more))
    second = np.round(ties * (known + 0.4 * rng.normal(size=leads)))
    return won, first, second


def drawn_again(won: np.ndarray, first: np.ndarray, second: np.ndarray, share: float, times: int = 1200) -> np.ndarray:
    """Return differences of lifts and of wins for leads drawn with replacement: an oracle without any formula."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(times):
        rows = rng.integers(0, len(won), len(won))
        y, a, b = won[rows], first[rows], second[rows]
        wins = (stats.gain_at(y, a, share) - stats.gain_at(y, b, share)) * y.sum()
        found.append((stats.lift_at(y, a, share) - stats.lift_at(y, b, share), wins, stats.lift_at(y, a, share)))
    return np.array(found)


@pytest.mark.parametrize(("ties", "share"), [(2, 0.2), (8, 0.1), (1000, 0.2)])
def test_intervals_are_as_wide_as_those_of_leads_drawn_again(ties: int, share: float) -> None:
    won, first, second = planted(1500, ties, seed=3)
    lift, wins, alone = drawn_again(won, first, second, share, 400).std(axis=0) * 1.96
    for (value, low, high), half in (
        (stats.lift_gap(won, first, second, share), lift),
        (stats.wins_gap(won, first, second, share), wins),
        (stats.lift_interval(won, first, share), alone),
    ):
        assert (high - low) / 2 == pytest.approx(half, rel=0.15)
        assert value == pytest.approx((low + high) / 2)


def test_the_values_are_those_of_lift_and_gain() -> None:
    won, first, second = planted(700, 5, seed=1)
    lifts = [stats.lift_at(won, score, 0.1) for score in (first, second)]
    assert stats.lift_gap(won, first, second)[0] == pytest.approx(lifts[0] - lifts[1])
    assert stats.lift_interval(won, first)[0] == pytest.approx(lifts[0])
    gains = [stats.gain_at(won, score, 0.2) * won.sum() for score in (first, second)]
    assert stats.wins_gap(won, first, second)[0] == pytest.approx(gains[0] - gains[1])


def test_the_interval_of_a_difference_covers_the_truth_nineteen_times_in_twenty() -> None:
    truth = stats.wins_gap(*planted(400_000, 6, seed=99))[0] / 400_000
    hits = 0
    for seed in range(200):
        _, low, high = stats.wins_gap(*planted(800, 6, seed=seed))
        hits += low / 800 <= truth <= high / 800
    assert 180 <= hits <= 199


def test_a_score_does_not_differ_from_another_that_ranks_alike() -> None:
    won, first, _ = planted(300, 5, seed=2)
    assert stats.wins_gap(won, first, 3 * first + 1) == (0, 0, 0)
    assert stats.lift_gap(won, first, 3 * first + 1) == (0, 0, 0)


def test_the_order_of_the_leads_does_not_matter() -> None:
    won, first, second = planted(500, 5, seed=4)
    order = np.random.default_rng(0).permutation(500)
    assert stats.wins_gap(won[order], first[order], second[order]) == stats.wins_gap(won, first, second)


def test_the_top_of_everybody_holds_all_wins() -> None:
    won, first, second = planted(50, 5, seed=5)
    assert stats.wins_gap(won, first, second, share=1.0)[0] == pytest.approx(0)


def test_without_a_win_nothing_is_lifted() -> None:
    assert all(math.isnan(v) for v in stats.lift_gap([0, 0], [1, 2], [2, 1]))
    assert all(math.isnan(v) for v in stats.lift_interval([0, 0], [1, 2]))


def test_a_share_outside_its_range_is_refused() -> None:
    with pytest.raises(UsageError, match="share must be above 0"):
        stats.wins_gap([0, 1], [1, 2], [2, 1], share=0)
