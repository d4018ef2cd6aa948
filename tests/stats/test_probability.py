"""Log loss, Brier score and calibration against scikit-learn and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from leadml.errors import UsageError
from leadml.stats import brier, calibration_groups, calibration_line, log_loss

FORETOLD = st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(1, 5)), min_size=2, max_size=50).filter(
    lambda rows: 0 < sum(won for won, _, _ in rows) < len(rows)
)


@given(FORETOLD)
def test_losses_are_scikit_learns(rows):
    won, p, weight = (np.array(column) for column in zip(*rows, strict=True))
    assert log_loss(won, p, weight) == pytest.approx(metrics.log_loss(won, p, sample_weight=weight), abs=1e-9)
    assert brier(won, p, weight) == pytest.approx(metrics.brier_score_loss(won, p, sample_weight=weight), abs=1e-12)


def sample(seed, leads, intercept, slope):
    rng = np.random.default_rng(seed)
    logit = rng.normal(-1.5, 1.2, leads)
    won = rng.random(leads) < special.expit(intercept + slope * logit)
    return won, special.expit(logit), logit


@pytest.mark.parametrize("seed", range(4))
def test_calibration_line_is_the_maximum_of_the_likelihood(seed):
    won, p, logit = sample(seed, 400, 0.3, 0.6)
    line = calibration_line(won, p)
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit[:, None], won)
    assert (line.slope, line.intercept) == pytest.approx((peer.coef_[0, 0], peer.intercept_[0]), abs=1e-4)

    def loss(beta):
        eta = beta[0] + beta[1] * logit
        return np.sum(np.logaddexp(0, eta) - won * eta)

    found = optimize.minimize(loss, [0, 1], method="BFGS")
    errors = np.sqrt(np.diag(found.hess_inv))
    assert (line.intercept_se, line.slope_se) == pytest.approx(errors.tolist(), rel=0.05)


def test_weights_count_as_leads():
    won, p, _ = sample(9, 120, 0, 1)
    weight = np.arange(120) % 3
    repeated = calibration_line(np.repeat(won, weight), np.repeat(p, weight))
    assert calibration_line(won, p, weight) == pytest.approx(repeated, rel=1e-8)


def test_standard_errors_cover():
    within = np.zeros(2)
    for seed in range(300):
        line = calibration_line(*sample(seed, 250, 0.2, 0.8)[:2])
        within += (
            abs(line.slope - 0.8) < 1.96 * line.slope_se,
            abs(line.intercept - 0.2) < 1.96 * line.intercept_se,
        )
    assert within / 300 == pytest.approx([0.95, 0.95], abs=0.04)


@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([1, 1, 1], [0.2, 0.5, 0.8]),
        ([0, 1, 0, 1], [0.4] * 4),
        ([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9]),
        ([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.9]),
        ([1, 1, 0, 0], [0.1, 0.2, 0.7, 0.9]),
        ([], []),
    ],
)
def test_a_line_that_does_not_exist_is_nan(y, p):
    assert all(math.isnan(value) for value in calibration_line(y, p))


def test_extreme_but_overlapping_probabilities_converge():
    line = calibration_line([0, 1, 0, 1, 1, 0] * 5, [0, 1, 1, 0, 1, 0] * 5)
    assert 0 < line.slope < 0.1
    assert line.intercept == pytest.approx(0, abs=1e-9)


@given(FORETOLD, st.integers(1, 12))
def test_groups_hold_every_lead_once_and_keep_equals_together(rows, groups):
    won, p, _ = (np.array(column) for column in zip(*rows, strict=True))
    made = calibration_groups(won, p, groups)
    assert len(made) <= groups
    assert sum(group.leads for group in made) == len(won)
    assert sum(group.won for group in made) == won.sum()
    foretold = [group.foretold for group in made]
    assert foretold == sorted(foretold)
    assert sum(group.foretold * group.leads for group in made) == pytest.approx(p.sum(), abs=1e-9)
    assert len(calibration_groups(won, np.full(len(won), 0.3), groups)) == 1


def test_groups_are_even_without_ties():
    made = calibration_groups([0, 1] * 50, np.linspace(0, 1, 100), 10)
    assert [group.leads for group in made] == [10] * 10


def test_a_block_of_equals_goes_where_its_middle_falls():
    p = [0.1] * 40 + [0.2] * 50 + [0.3] * 10
    assert [group.leads for group in calibration_groups([0, 1] * 50, p, 2)] == [40, 60]


@pytest.mark.parametrize("p", [[0.5, 1.01], [-0.01, 0.5]])
def test_no_probability_is_refused(p):
    for function in (log_loss, brier, calibration_line, calibration_groups):
        with pytest.raises(UsageError, match="0 to 1"):
            function([0, 1], p)
