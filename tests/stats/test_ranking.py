"""AUC and DeLong against scikit-learn, the definition over all pairs, and simulated coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from leadml.errors import UsageError
from leadml.stats import auc, auc_interval, delong, delong_gap, midranks

SCORED = st.lists(
    st.tuples(st.booleans(), st.integers(-3, 6), st.floats(0, 5, width=16)), min_size=4, max_size=60
).filter(lambda rows: 2 <= sum(won for won, _, _ in rows) <= len(rows) - 2)


def columns(rows):
    return tuple(np.array(column) for column in zip(*rows, strict=True))


@given(SCORED)
def test_auc_is_scikit_learns_with_and_without_weights(rows):
    won, score, weight = columns(rows)
    assert auc(won, score) == pytest.approx(roc_auc_score(won, score), abs=1e-12)
    if (won @ weight) > 0 and (~won @ weight) > 0:
        theirs = roc_auc_score(won, score, sample_weight=weight)
        assert auc(won.astype(int), score, weight) == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.integers(-2, 5) | st.floats(-9, 9), min_size=1, max_size=40))
def test_midranks_are_scipys(values):
    assert midranks(values).tolist() == stats.rankdata(values).tolist()


def delong_by_definition(won, *scores):
    """Compute areas and covariance from the matrix of all pairs, as the paper defines them."""
    pairs = [np.sign(s[won][:, None] - s[~won][None, :]) / 2 + 0.5 for s in scores]
    of_won, of_lost = np.stack([p.mean(axis=1) for p in pairs]), np.stack([p.mean(axis=0) for p in pairs])
    return of_won.mean(axis=1), np.cov(of_won) / won.sum() + np.cov(of_lost) / (~won).sum()


@given(SCORED)
def test_delong_is_its_definition(rows):
    won, score, other = columns(rows)
    areas, cov = delong(won, score, other)
    expected, expected_cov = delong_by_definition(won, score, other)
    assert areas == pytest.approx(expected, abs=1e-12)
    assert cov == pytest.approx(expected_cov, abs=1e-12)
    half = 1.959963984540054 * math.sqrt(max(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1], 0))
    gap = areas[0] - areas[1]
    assert delong_gap(won, score, other) == pytest.approx((gap, gap - half, gap + half), abs=1e-7)


def test_delong_takes_hundred_thousand_leads():
    rng = np.random.default_rng(1)
    won = rng.random(100_000) < 0.1
    score = np.round(50 + 10 * rng.standard_normal(100_000) + 8 * won)
    areas, cov = delong(won, score)
    assert areas[0] == pytest.approx(roc_auc_score(won, score), abs=1e-12)
    halves = [delong(won[part], score[part])[1][0, 0] for part in (slice(0, 50_000), slice(50_000, None))]
    assert cov[0, 0] == pytest.approx(sum(halves) / 4, rel=0.05)


def simulate(rng, wins, losses, shift, correlation):
    won = np.arange(wins + losses) < wins
    common, own, other = rng.standard_normal((3, wins + losses))
    r = math.sqrt(correlation)
    return won, *(r * common + math.sqrt(1 - correlation) * e + shift * won for e in (own, other))


def test_intervals_cover_what_they_promise():
    rng = np.random.default_rng(20)
    truth = 0.8
    shift = math.sqrt(2) * stats.norm.ppf(truth)
    within_auc = within_gap = 0
    for _ in range(600):
        won, score, other = simulate(rng, 40, 160, shift, 0.7)
        _, low, high = auc_interval(won, score)
        within_auc += low <= truth <= high
        _, low, high = delong_gap(won, score, other)
        within_gap += low <= 0 <= high
    # three standard errors of 600 draws at .95 are .027
    assert within_auc / 600 == pytest.approx(0.95, abs=0.03)
    assert within_gap / 600 == pytest.approx(0.95, abs=0.03)


def test_perfect_separation_is_not_certainty():
    area, low, high = auc_interval([0] * 20 + [1] * 5, range(25))
    assert (area, high) == (1, 1)
    assert low == pytest.approx(stats.binomtest(5, 5).proportion_ci(method="wilson").low)
    assert auc_interval([1] * 5 + [0] * 20, range(25))[1:] == pytest.approx((0, 1 - low), abs=1e-12)


def test_a_useless_score_has_an_interval_too():
    area, low, high = auc_interval([0, 1] * 50, [7] * 100)
    assert area == 0.5
    assert low < 0.4 < 0.6 < high


def test_one_class_is_undefined_and_says_so():
    for y in ([1, 1, 1], [0, 0, 0], []):
        assert math.isnan(auc(y, range(len(y))))
        assert all(math.isnan(v) for v in delong_gap(y, range(len(y)), range(len(y))))
    area, low, high = auc_interval([1, 1, 1], [1, 2, 3])
    assert math.isnan(area)
    assert (low, high) == (0, 1)
    assert auc_interval([1, 0, 0], [3, 1, 2]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("y", "score", "weight", "message"),
    [
        ([0, 1], [1, 2, 3], None, "3 scores for 2"),
        ([0, 2], [1, 2], None, "seen: 2"),
        ([0, math.nan], [1, 2], None, "seen: nan"),
        ([0, 1], [1, math.nan], None, "position 1"),
        ([[0, 1]], [1, 2], None, "one column"),
        ([0, 1], [1, 2], [1, -1], "0 or more"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(y, score, weight, message):
    with pytest.raises(UsageError, match=message):
        auc(y, score, weight)
