"""Newton's method where a full step goes too far: the same terms as scikit-learn finds, and lines that tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer
from leadml.learn.search.newton import logistic
from leadml.learn.search.refit import Leads, refit
from leadml.learn.search.segments import Partition
from leadml.learn.writing.line import fitted_line


@pytest.mark.parametrize("seed", range(12))
def test_skewed_scores_and_rare_wins_end_where_scikit_learn_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = np.where(rng.random(8000) < 0.01, 100.0, rng.poisson(2, 8000))
    won = (rng.random(8000) < np.where(score > 50, 0.4, 0.002)).astype(float)
    away = (score - score.mean()) / score.std()
    design = np.stack([np.ones(8000), away])
    begin = np.array([np.log(won.mean() / (1 - won.mean())), 0.0])
    terms, _ = logistic(design, won, np.ones(8000), centre=begin, pull=np.array([0.0, 0.01]))
    model = LogisticRegression(C=100.0, tol=1e-12, max_iter=10_000).fit(away[:, None], won)
    assert terms == pytest.approx([model.intercept_[0], model.coef_[0, 0]], abs=1e-3)


def test_one_strong_rare_rule_leaves_a_line_that_rises() -> None:
    """Full steps went to and fro here until the slope was below 0, and every lead had the same probability."""
    counts = {3: (2334, 0), 0: (425, 0), 11: (302, 1), 14: (1502, 10), 17: (783, 21), 97: (15, 8), 100: (70, 40)}
    score = np.concatenate([np.full(lost + wins, at) for at, (lost, wins) in counts.items()])
    won = np.concatenate([np.repeat([0.0, 1.0], pair) for pair in counts.values()])
    line = fitted_line(score, Leads(np.zeros((0, len(won)), dtype=np.int16), won, np.ones(len(won))))
    model = LogisticRegression(C=1e6, tol=1e-12, max_iter=10_000).fit(score[:, None] / 100, won)
    assert line.slope == pytest.approx(model.coef_[0, 0] / 100, rel=1e-3)


def test_probabilities_rise_with_the_score_where_one_lead_in_seventy_is_won() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"asked for an offer": rng.random(8000) < 0.024, "group": rng.integers(1, 11, 8000)})
    chance = np.where(frame["asked for an offer"], 0.4, np.where(frame["group"] <= 2, 0.02, 0.001))
    won = (rng.random(8000) < chance).astype(int)
    scorer = LeadScorer().fit(frame[:5500], won[:5500])
    assert roc_auc_score(won[5500:], scorer.predict_proba(frame[5500:])[:, 1]) > 0.85


@pytest.mark.parametrize("seed", [83, 89, 90, 132, 135, 230, 244, 341, 378])
def test_strong_effects_of_small_groups_are_fitted_to_the_end(seed: int) -> None:
    """Of four hundred problems drawn like these full steps failed in nine, the ones here."""
    rng = np.random.default_rng(seed)
    n, k = rng.integers(300, 20_000), rng.integers(1, 8)
    sizes, codes = rng.integers(2, 6, k), []
    told = np.full(n, rng.uniform(-9, 0))
    for size in sizes:
        code = rng.choice(size, n, p=rng.dirichlet(np.full(size, 0.3)))
        codes.append(code)
        told = told + (rng.normal(size=size) * rng.choice([0.5, 2, 6]))[code]
    won = (rng.random(n) < 1 / (1 + np.exp(-told))).astype(float)
    weight = np.ones(n) if seed % 2 else np.where(won > 0, rng.uniform(1, 60), 1.0)
    strength = float(rng.choice([0.01, 1.0, 10.0]))
    leads, partition = Leads(np.array(codes, dtype=np.int16), won, weight), Partition(tuple(map(np.arange, sizes)))
    fit = refit(leads, partition, np.zeros(sizes.sum()), strength)
    hot = np.concatenate([np.ones((n, 1)), *(np.eye(s)[c] for s, c in zip(sizes, codes, strict=True))], axis=1)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        eta, pulled = hot @ beta, np.append(0.0, beta[1:])
        lost = weight @ (np.logaddexp(0, eta) - won * eta) + strength / 2 * pulled @ pulled
        return float(lost), hot.T @ (weight * (1 / (1 + np.exp(-eta)) - won)) + strength * pulled

    lowest = minimize(loss, np.zeros(hot.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 20_000})
    here = loss(np.append(fit.intercept, fit.effects))[0]
    assert here <= lowest.fun * (1 + 1e-6)
