"""Refit: the same effects as scikit-learn's logistic regression, and derivatives that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from leadml.learn.search.refit import Leads, Refit, refit
from leadml.learn.search.segments import Partition

SIZES = (4, 3, 5)


def some_leads(count: int, seed: int) -> Leads:
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.integers(0, size, count) for size in SIZES]).astype(np.int16)
    effects = [rng.normal(size=size) for size in SIZES]
    log_odds = -0.7 + sum(effect[row] for effect, row in zip(effects, codes, strict=True))
    won = (rng.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return Leads(codes, won, rng.integers(1, 4, count).astype(float))


def every_code() -> Partition:
    return Partition(tuple(np.arange(size) for size in SIZES))


def one_hot(leads: Leads) -> NDArray[np.float64]:
    return np.concatenate([np.eye(size)[row] for size, row in zip(SIZES, leads.codes, strict=True)], axis=1)


def penalised(leads: Leads, fit: Refit, centre: NDArray[np.float64], strength: float) -> float:
    eta = fit.log_odds(every_code(), leads.codes)
    loss = leads.weight @ (np.logaddexp(0, eta) - leads.won * eta)
    return float(loss + strength / 2 * ((fit.effects - centre) ** 2).sum())


@pytest.mark.parametrize("strength", [1.0, 30.0])
def test_pulled_to_zero_it_is_scikit_learns_ridge(strength: float) -> None:
    leads = some_leads(3000, seed=0)
    fit = refit(leads, every_code(), np.zeros(sum(SIZES)), strength)
    model = LogisticRegression(C=1 / strength, tol=1e-10, max_iter=5000)
    model.fit(one_hot(leads), leads.won, sample_weight=leads.weight)
    assert fit.effects == pytest.approx(model.coef_[0], abs=2e-4)
    assert fit.intercept == pytest.approx(float(model.intercept_[0]), abs=2e-4)


@pytest.mark.parametrize("strength", [1.0, 100.0])
def test_no_step_away_from_the_fit_lowers_the_penalised_loss(strength: float) -> None:
    leads, rng = some_leads(1500, seed=1), np.random.default_rng(2)
    centre = rng.normal(size=sum(SIZES))
    fit = refit(leads, every_code(), centre, strength)
    lowest = penalised(leads, fit, centre, strength)
    for _ in range(30):
        aside = Refit(fit.intercept + rng.normal() * 0.02, fit.effects + rng.normal(size=12) * 0.02, fit.curvature)
        assert penalised(leads, aside, centre, strength) > lowest


def test_an_endless_pull_leaves_the_effects_at_the_centre() -> None:
    centre = np.linspace(-1, 1, sum(SIZES))
    assert refit(some_leads(500, 3), every_code(), centre, 1e9).effects == pytest.approx(centre, abs=1e-5)


def test_the_curvature_is_the_second_derivative() -> None:
    leads, strength, centre = some_leads(800, seed=4), 2.0, np.zeros(sum(SIZES))
    fit = refit(leads, every_code(), centre, strength)
    design = np.concatenate([np.ones((800, 1)), one_hot(leads)], axis=1)
    chance = 1 / (1 + np.exp(-fit.log_odds(every_code(), leads.codes)))
    wanted = (design * (leads.weight * chance * (1 - chance))[:, None]).T @ design + np.diag([0.0] + [strength] * 12)
    assert fit.curvature == pytest.approx(wanted, rel=1e-3, abs=1e-3)


def test_a_feature_in_one_group_changes_nothing_else() -> None:
    leads = some_leads(1000, seed=5)
    with_it = Partition((np.arange(4), np.zeros(3, dtype=np.int64), np.arange(5)))
    without = Partition((np.arange(4), np.arange(5)))
    less = Leads(leads.codes[[0, 2]], leads.won, leads.weight)
    one = refit(leads, with_it, np.zeros(10), 1.0)
    other = refit(less, without, np.zeros(9), 1.0)
    assert np.delete(one.effects, 4) == pytest.approx(other.effects, abs=1e-8)


@given(st.integers(0, 1000))
def test_a_lead_of_weight_two_is_two_leads(seed: int) -> None:
    leads = some_leads(200, seed)
    twice = np.repeat(np.arange(200), leads.weight.astype(int))
    spread = Leads(leads.codes[:, twice], leads.won[twice], np.ones(len(twice)))
    for one, other in zip(leads.counts(SIZES), spread.counts(SIZES), strict=True):
        assert one.tolist() == other.tolist()
    first, second = (refit(side, every_code(), np.zeros(12), 1.0) for side in (leads, spread))
    assert first.effects == pytest.approx(second.effects, abs=1e-9)
