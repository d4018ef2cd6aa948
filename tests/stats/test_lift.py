"""Lift and gain against brute force over every order of tied leads."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.stats import gain_at, lift_at, lift_table, top_cut, top_mask, top_overlap

SMALL = st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=1, max_size=6)
LEADS = st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=80)


def columns(rows):
    return [won for won, _ in rows], [score for _, score in rows]


def every_order(score):
    """Yield each order of the leads, best score first, over all orders of the tied ones."""
    orders = itertools.permutations(range(len(score)))
    return [order for order in orders if all(score[a] >= score[b] for a, b in itertools.pairwise(order))]


@given(SMALL)
def test_lift_is_its_mean_over_every_order_of_the_ties(rows):
    won, score = columns(rows)
    if not any(won):
        return
    orders = every_order(score)
    for places in range(1, len(won) + 1):
        caught = sum(sum(won[i] for i in order[:places]) for order in orders)
        rate = Fraction(caught, len(orders) * places)
        share = places / len(won)
        assert lift_at(won, score, share) == pytest.approx(float(rate / Fraction(sum(won), len(won))), rel=1e-12)


@given(SMALL, st.integers(1, 3))
def test_a_weight_is_that_many_leads(rows, weight):
    won, score = columns(rows)
    if not any(won):
        return
    weights = [1 + (i % weight) for i in range(len(won))]
    many = [(w, s) for w, s, k in zip(won, score, weights, strict=True) for _ in range(k)]
    for share in (0.1, 0.25, 0.5, 1.0):
        assert gain_at(won, score, share, weights) == pytest.approx(gain_at(*columns(many), share), abs=1e-12)


@given(LEADS, st.randoms(use_true_random=False))
def test_no_figure_depends_on_the_order_of_the_rows(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert repr(lift_table(*columns(rows))) == repr(lift_table(*columns(shuffled)))


@given(LEADS)
def test_the_parts_add_up(rows):
    won, score = columns(rows)
    table = lift_table(won, score)
    assert sum(row.leads for row in table) == pytest.approx(len(won))
    assert sum(row.won for row in table) == pytest.approx(sum(won))
    assert (table[0].score_high, table[-1].score_low) == (max(score), min(score))
    for better, worse in itertools.pairwise(table):
        assert better.score_low >= worse.score_low
        assert better.score_high >= worse.score_high
    if any(won):
        assert table[-1].gain == 1
        assert table[0].lift == pytest.approx(lift_at(won, score, 0.1))
        assert np.cumsum([row.won for row in table]) == pytest.approx(
            [sum(won) * gain_at(won, score, k / 10) for k in range(1, 11)]
        )


def test_lift_table_without_ties_counts_whole_leads():
    score = np.arange(50)[::-1]
    won = np.isin(np.arange(50), [0, 1, 2, 5, 7, 12, 30])
    assert [row.won for row in lift_table(won, score)] == [3, 2, 1, 0, 0, 0, 1, 0, 0, 0]
    assert [(row.score_low, row.score_high) for row in lift_table(won, score)[:2]] == [(45, 49), (40, 44)]


def test_lift_table_without_a_win_is_defined_where_it_can_be():
    rows = lift_table([0] * 20, range(20))
    assert all(row.won == 0 and row.rate == 0 and math.isnan(row.lift) and math.isnan(row.gain) for row in rows)
    assert lift_table([], []) == ()


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=60), st.integers(1, 100))
def test_top_cut_is_the_highest_that_reaches_the_share(score, percent):
    cut = top_cut(score, percent / 100)
    points = np.array(score)
    assert 100 * np.sum(points >= cut) >= percent * len(points)
    assert 100 * np.sum(points > cut) < percent * len(points)
    assert top_mask(score, percent / 100).tolist() == (points >= cut).tolist()


def test_top_cut_is_not_led_astray_by_floating_point():
    # 0.07 * 100 is 7.000000000000001 in floating point
    assert top_cut(range(100), 0.07) == 93


def test_top_overlap_by_hand_and_by_its_expectation():
    assert top_overlap(range(100), range(100), 0.1) == 1
    assert top_overlap(range(100), range(100)[::-1], 0.1) == 0
    assert top_overlap([1] * 10, [5] * 10, 0.3) == pytest.approx(1)
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 6, 40), rng.integers(0, 9, 40)
    mean = np.mean(
        [
            len(set(np.lexsort((luck, -first))[:8]) & set(np.lexsort((luck, -second))[:8])) / 8
            for luck in rng.random((4000, 40))
        ]
    )
    assert top_overlap(first, second, 0.2) == pytest.approx(mean, abs=0.05)


@pytest.mark.parametrize("share", [0, -0.1, 20, math.nan])
def test_a_share_in_percent_is_refused(share):
    for function in (lift_at, gain_at):
        with pytest.raises(UsageError, match=r"0\.2 for the top fifth"):
            function([0, 1], [1, 2], share)
    with pytest.raises(UsageError):
        top_cut([1, 2], share)


def test_no_lead_has_no_top():
    with pytest.raises(UsageError, match="no lead"):
        top_cut([])
