"""Intervals against SciPy, published worked examples, and their exact coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from leadml.errors import UsageError
from leadml.stats import mover_ratio, newcombe, wilson

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_is_scipys(count, level):
    x, n = count
    ours = wilson(x, n, level)
    theirs = stats.binomtest(x, n).proportion_ci(level, method="wilson")
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_of_arrays_is_wilson_of_each():
    x, n = np.array([0, 3, 10, 0]), np.array([10, 10, 10, 0])
    low, high = wilson(x, n)
    assert [(a, b) for a, b in zip(low, high, strict=True)] == [
        wilson(int(a), int(b)) for a, b in zip(x, n, strict=True)
    ]
    assert (low[0], high[2], low[3], high[3]) == (0, 1, 0, 1)


# Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10
NEWCOMBE = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
]


@pytest.mark.parametrize(("counts", "published"), NEWCOMBE)
def test_newcombe_is_as_published(counts, published):
    assert newcombe(*counts)[1:] == pytest.approx(published, abs=1e-4)


def test_newcombe_and_mover_on_the_perondi_trial():
    # 7 of 34 against 1 of 34, by the R package contingencytables, which goes with Fagerland, Lydersen and
    # Laake (2017), Statistical Analysis of Contingency Tables
    assert newcombe(7, 34, 1, 34) == pytest.approx((0.1765, 0.0189, 0.3404), abs=1e-4)
    assert mover_ratio(7, 34, 1, 34) == pytest.approx((7.0, 1.1537, 41.9763), abs=1e-4)


@given(COUNTS, COUNTS)
def test_mover_limits_solve_the_equation_that_defines_them(top, rest):
    """A limit r is where the MOVER interval of the difference p1 - r p0 touches 0 (Donner and Zou 2012)."""
    (x1, n1), (x0, n0) = top, rest
    ratio, low, high = mover_ratio(x1, n1, x0, n0)
    (l1, u1), (l0, u0), p1, p0 = wilson(x1, n1), wilson(x0, n0), x1 / n1, x0 / n0

    def lower_end(r):
        return p1 - r * p0 - math.hypot(p1 - l1, r * (u0 - p0))

    def upper_end(r):
        return p1 - r * p0 + math.hypot(u1 - p1, r * (p0 - l0))

    assert 0 <= low <= high
    if x0:
        assert low <= ratio <= high
        assert math.isfinite(high)
        assert upper_end(high) == pytest.approx(0, abs=1e-9 * (1 + high))
        assert optimize.brentq(upper_end, 0, 2 * high + 1) == pytest.approx(high, rel=1e-6)
    else:
        assert high == math.inf
    if x1:
        assert low > 0
        assert lower_end(low) == pytest.approx(0, abs=1e-9)
    else:
        assert low == 0


def test_mover_of_swapped_groups_is_the_reciprocal():
    ratio, low, high = mover_ratio(31, 120, 44, 480)
    assert mover_ratio(44, 480, 31, 120) == pytest.approx((1 / ratio, 1 / high, 1 / low), rel=1e-12)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 10, 0, 40), (math.nan, 0, math.inf)),
        ((0, 0, 3, 40), (math.nan, 0, math.inf)),
        ((3, 10, 0, 0), (math.nan, 0, math.inf)),
    ],
)
def test_undefined_ratio_says_so(counts, expected):
    ratio, low, high = mover_ratio(*counts)
    assert math.isnan(ratio)
    assert (low, high) == expected[1:]


def exact_coverage(n1, p1, n0, p0, interval, truth):
    """Return the chance, over all pairs of counts, that the interval holds the truth."""
    ways1, ways0 = (stats.binom.pmf(np.arange(n + 1), n, p) for n, p in ((n1, p1), (n0, p0)))
    inside = 0.0
    for x1 in np.flatnonzero(ways1 > 1e-7).tolist():
        for x0 in np.flatnonzero(ways0 > 1e-7).tolist():
            _, low, high = interval(x1, n1, x0, n0)
            inside += ways1[x1] * ways0[x0] * (low <= truth <= high)
    return inside


@pytest.mark.parametrize(
    ("n1", "n0", "p1", "p0", "of_difference", "of_ratio"),
    [  # the project's own simulation, 20,000 draws each, made by another hand before this code
        (12, 48, 0.20, 0.08, 0.961, 0.966),
        (20, 80, 0.20, 0.08, 0.957, 0.958),
        (60, 240, 0.20, 0.08, 0.951, 0.952),
    ],
)
def test_coverage_is_what_was_simulated(n1, n0, p1, p0, of_difference, of_ratio):
    assert exact_coverage(n1, p1, n0, p0, newcombe, p1 - p0) == pytest.approx(of_difference, abs=0.005)
    assert exact_coverage(n1, p1, n0, p0, mover_ratio, p1 / p0) == pytest.approx(of_ratio, abs=0.005)


@pytest.mark.parametrize("counts", [(-1, 10), (11, 10), (math.nan, 10), (1, math.inf)])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(UsageError, match="at most the leads"):
        wilson(*counts)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_in_percent_is_refused(level):
    with pytest.raises(UsageError, match="level must be"):
        wilson(1, 10, level)
