"""No statistic of leads depends, to the last digit, on the order in which the leads come."""

from __future__ import annotations

import numpy as np
import pytest

from leadml import stats

RNG = np.random.default_rng(11)
LEADS = 3001
Y = RNG.random(LEADS) < 0.3
SCORE = np.round(RNG.normal(50, 12, LEADS) + 7 * Y)
OTHER = SCORE + RNG.normal(0, 3, LEADS)
P = RNG.beta(2, 5, LEADS)
WEIGHT = RNG.gamma(2.0, 1.0, LEADS)

STATISTICS = {
    "auc": lambda i: stats.auc(Y[i], OTHER[i]),
    "weighted auc": lambda i: stats.auc(Y[i], SCORE[i], WEIGHT[i]),
    "auc_interval": lambda i: stats.auc_interval(Y[i], SCORE[i]),
    "delong": lambda i: [part.tolist() for part in stats.delong(Y[i], SCORE[i], OTHER[i])],
    "delong_gap": lambda i: stats.delong_gap(Y[i], SCORE[i], OTHER[i]),
    "weighted gain": lambda i: stats.gain_at(Y[i], SCORE[i], 0.13, WEIGHT[i]),
    "lift_table": lambda i: stats.lift_table(Y[i], SCORE[i]),
    "top_cut": lambda i: stats.top_cut(OTHER[i]),
    "top_overlap": lambda i: stats.top_overlap(SCORE[i], OTHER[i]),
    "log_loss": lambda i: stats.log_loss(Y[i], P[i]),
    "weighted log_loss": lambda i: stats.log_loss(Y[i], P[i], WEIGHT[i]),
    "brier": lambda i: stats.brier(Y[i], P[i], WEIGHT[i]),
    "calibration_line": lambda i: stats.calibration_line(Y[i], P[i], WEIGHT[i]),
    "calibration_groups": lambda i: stats.calibration_groups(Y[i], P[i]),
}


@pytest.mark.parametrize("name", STATISTICS)
def test_shuffled_leads_give_the_same_digits(name):
    statistic = STATISTICS[name]
    expected = statistic(np.arange(LEADS))
    assert all(statistic(RNG.permutation(LEADS)) == expected for _ in range(10))
