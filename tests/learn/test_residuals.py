"""The test of pairs: exact under an additive truth, agreeing with a likelihood ratio, not blind to a pure XOR."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, kstest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.coding.prepare import prepare
from leadml.learn.judging.residuals import Together, pair_tests


def coded(frame: pd.DataFrame, won: NDArray[np.bool_], chance: NDArray[np.float64]) -> dict[frozenset[str], Together]:
    known = prepare(frame, won, np.ones(len(frame)))
    features: tuple[FeatureCodes, ...] = tuple(known.features)
    order = known.order
    found = pair_tests(features, known.leads.codes, won[order], chance[order])
    return {frozenset(features[k].name for k in one.features): one for one in found}


def logistic(told: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-told)))


def test_without_interaction_p_values_are_uniform() -> None:
    """Sixty histories with an additive truth and columns that go together: 360 pairs."""
    rng, found = np.random.default_rng(0), []
    for _ in range(60):
        common = rng.normal(size=1500)
        a, b = common + rng.normal(size=1500), common + rng.normal(size=1500)
        c = rng.choice(list("uvwxyz"), 1500, p=[0.4, 0.3, 0.1, 0.1, 0.06, 0.04])
        d = np.where(rng.random(1500) < 0.3, np.nan, rng.poisson(2, 1500))
        chance = logistic(0.7 * a - b**2 / 3 + 0.8 * (c == "v") + 0.6 * np.isnan(d) - 0.5)
        frame = pd.DataFrame({"a": a, "b": b, "c": c, "d": d})
        found += [one.p_value for one in coded(frame, rng.random(1500) < chance, chance).values()]
    assert len(found) == 360
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) < 0.01) < 0.03


def test_it_agrees_with_a_likelihood_ratio() -> None:
    """On a cross table of three by four, against scikit-learn's unpenalised fits with and without the interaction."""
    rng = np.random.default_rng(1)
    a, b = rng.integers(3, size=6000), rng.integers(4, size=6000)
    truth = 0.4 * a - 0.3 * b + 0.35 * ((a == 2) & (b == 1)) - 0.5
    won = rng.random(6000) < logistic(truth)
    apart = np.column_stack([a == k for k in range(1, 3)] + [b == k for k in range(1, 4)]).astype(float)
    both = np.column_stack([(a == i) & (b == j) for i in range(3) for j in range(4)]).astype(float)
    fits = [
        LogisticRegression(C=1e9, max_iter=1000, tol=1e-10).fit(x, won).predict_proba(x)[:, 1] for x in (apart, both)
    ]
    ratio = 2 * 6000 * (log_loss(won, fits[0]) - log_loss(won, fits[1]))
    frame = pd.DataFrame({"a": a, "b": b})
    one = coded(frame, won, fits[0])[frozenset("ab")]
    assert one.p_value == pytest.approx(chi2.sf(ratio, 6), rel=0.25)
    mean = np.mean((a == 2) & (b == 1))
    assert one.variance == pytest.approx(0.35**2 * mean * (1 - mean), abs=0.01)


def test_a_pure_xor_is_found_though_neither_says_anything_alone() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({name: rng.random(2000) < 0.5 for name in "abcd"}).assign(e=rng.normal(size=2000))
    truth = 0.8 * np.where(frame["a"] ^ frame["b"], 1.0, -1.0)
    won = rng.random(2000) < logistic(truth)
    found = coded(frame, won, np.full(2000, won.mean()))
    best = min(found, key=lambda pair: found[pair].p_value)
    assert best == frozenset("ab")
    assert found[best].p_value < 1e-30
    assert found[best].variance == pytest.approx(0.64, rel=0.35)
    assert min(one.p_value for pair, one in found.items() if pair != best) > 1e-3


def test_what_cannot_be_told_apart_is_left_out() -> None:
    frame = pd.DataFrame({"a": np.arange(400) % 2, "b": np.arange(400) % 2, "c": np.arange(400) % 5})
    won = np.arange(400) % 3 == 0
    assert frozenset("ab") not in coded(frame, won, np.full(400, 0.3))
    assert frozenset("ac") in coded(frame, won, np.full(400, 0.3))
    assert coded(frame[:30], won[:30], np.full(30, 0.3)) == {}
