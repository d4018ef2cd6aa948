"""The detector: its evidence against scipy and enumeration, its sums against the definition, its promises by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from leadml.watch.kpi import detector, promises

MARGINS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.floats(0, 1), st.floats(0, 1))
ODDS = st.floats(-2.0, 3.0)


def table(margins):
    """Return top leads, rest leads, wins and wins of the top group that fit together."""
    top, rest, share, place = margins
    won = round(share * (top + rest))
    least, most = max(0, won - rest), min(top, won)
    return top, rest, won, least + round(place * (most - least))


def enumerated(won_top, top, rest, won, log_odds):
    """Return P(won_top) by counting the ways."""
    possible = range(max(0, won - rest), min(top, won) + 1)
    ways = {k: math.comb(top, k) * math.comb(rest, won - k) * math.exp(k * log_odds) for k in possible}
    return ways[won_top] / sum(ways.values())


@given(MARGINS, ODDS, ODDS)
def test_evidence_is_the_ratio_of_two_enumerated_chances(margins, null, alt):
    top, rest, won, won_top = table(margins)
    exact = enumerated(won_top, top, rest, won, alt) / enumerated(won_top, top, rest, won, null)
    assert float(detector.log_e(won_top, top, rest, won, null, alt)) == pytest.approx(math.log(exact), abs=1e-9)


def test_evidence_is_that_of_scipy_for_many_cohorts_at_once():
    rng = np.random.default_rng(1)
    top, rest = rng.integers(1, 500, (2, 60))
    won = rng.integers(1, top + rest)
    won_top = stats.hypergeom.rvs(top + rest, top, won, random_state=rng)
    floor = rng.uniform(0.2, 2, 60)
    told = detector.log_e(won_top, top, rest, won, floor, 0.0)
    law = [
        stats.nchypergeom_fisher.logpmf(won_top, top + rest, top, won, odds) for odds in (np.ones(60), np.exp(floor))
    ]
    assert told == pytest.approx(law[0] - law[1], abs=1e-7)
    square = detector.log_e(*(a.reshape(6, 10) for a in (won_top, top, rest, won, floor)), 0.0)
    assert square.shape == (6, 10)
    assert square.ravel() == pytest.approx(told, abs=1e-12)


def test_evidence_of_a_million_leads_is_finite_and_large():
    found = detector.log_e(20_000, 200_000, 800_000, 100_000, math.log(2), 0.0)
    assert math.isfinite(found)
    assert found > 1000


@given(MARGINS, st.floats(0.2, 2.0), st.floats(0, 2.0))
def test_capped_evidence_has_a_mean_of_at_most_one_at_and_above_the_floor(margins, floor, above):
    top, rest, won, _ = table(margins)
    values = np.arange(max(0, won - rest), min(top, won) + 1)
    chance = [float(enumerated(int(k), top, rest, won, floor + above)) for k in values]
    evidence = np.minimum(np.exp(detector.log_e(values, top, rest, won, floor, 0.0)), detector.CAP)
    assert float(np.dot(chance, evidence)) <= 1 + 1e-9


@given(MARGINS, st.floats(0.2, 2.0), st.floats(-2.0, 0.0))
def test_evidence_for_has_a_mean_of_at_most_one_for_useless_and_inverted_scores(margins, hope, log_odds):
    top, rest, won, _ = table(margins)
    values = np.arange(max(0, won - rest), min(top, won) + 1)
    chance = [float(enumerated(int(k), top, rest, won, log_odds)) for k in values]
    assert float(np.dot(chance, np.exp(detector.log_e(values, top, rest, won, 0.0, hope)))) <= 1 + 1e-9


@given(st.lists(st.tuples(st.floats(-6, 6), st.booleans()), max_size=40))
def test_the_sum_is_that_of_all_starting_points(looks):
    """Shiryaev-Roberts by its definition: for every look, the evidence since then, added up."""
    counting = [min(math.exp(log), 5.0) for log, tells in looks if tells]
    expected = sum(math.prod(counting[start:]) for start in range(len(counting)))
    path = detector.shiryaev_roberts([log for log, _ in looks], [tells for _, tells in looks])
    assert (path[-1] if len(path) else 0.0) == pytest.approx(min(expected, 1e12), rel=1e-9)


def test_no_single_cohort_and_no_pair_can_raise_an_alarm():
    path = detector.shiryaev_roberts([700.0, 700.0, 700.0])
    assert path.tolist() == pytest.approx([5.0, 30.0, 155.0])
    assert path[1] < detector.RED < path[2]


def test_the_sum_stays_a_number_however_long_an_alarm_lasts():
    path = detector.shiryaev_roberts(np.full(2000, 9.0))
    assert np.isfinite(path).all()
    assert detector.shiryaev_roberts(np.r_[np.full(2000, 9.0), -900.0])[-1] < 1


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_proof_is_never_more_than_the_plain_product(logs):
    path, product = detector.proof(logs), np.exp(np.cumsum(logs))
    assert (path <= product * (1 + 1e-9)).all()
    assert path.max() <= detector.MOST_PROOF * (1 + 1e-9)
    if np.maximum.accumulate(product)[-1] < detector.MOST_PROOF:
        assert path == pytest.approx(product)


def test_floor_and_hope_are_those_of_the_definition():
    odds = np.array([0.4, 1.0, 1.3, 2.6, 9.0])
    assert detector.floor(odds) == pytest.approx([max(2 / 3 * math.log(v), math.log(1.25)) for v in odds])
    assert np.exp(detector.hoped(odds))[3:] == pytest.approx(np.sqrt(odds[3:]))


COUNTS = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))


@given(COUNTS)
def test_the_odds_ratio_is_that_of_scipy_with_half_a_lead_more_in_each_cell(cells):
    a, b, c, d = cells
    exact = stats.contingency.odds_ratio([[2 * a + 1, 2 * b + 1], [2 * c + 1, 2 * d + 1]], kind="sample").statistic
    assert promises.odds_ratio(a, a + b, c, c + d) == pytest.approx(exact)


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_pairs_make_the_odds_ratio_of_mantel_and_haenszel(strata):
    sizes = [max(sum(cells), 1) for cells in strata]
    up = sum(Fraction(a * d, n) for (a, _, _, d), n in zip(strata, sizes, strict=True))
    down = sum(Fraction(b * c, n) for (_, b, c, _), n in zip(strata, sizes, strict=True))
    for_, against = promises.pairs(*np.array([(a, a + b, c, c + d) for a, b, c, d in strata]).T)
    assert for_.sum() == pytest.approx(float(up))
    assert against.sum() == pytest.approx(float(down))
    assume(down)
    if len(strata) == 1:
        (a, b, c, d) = strata[0]
        assert for_.sum() / against.sum() == pytest.approx(a * d / (b * c))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 25)), min_size=1, max_size=12))
def test_the_first_cohorts_with_enough_wins_make_the_promise_and_nothing_moves_it(looks):
    promise = promises.learned(*(np.array(column) for column in zip(*looks, strict=True)))
    made = math.nan
    for place in range(len(looks)):
        assert promise[place] == pytest.approx(made, nan_ok=True)
        up, down, won = (sum(look[k] for look in looks[: place + 1]) for k in range(3))
        if math.isnan(made) and won >= 30 and up > 0 and down > 0:
            made = up / down
