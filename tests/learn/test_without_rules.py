"""Features without a rule: a full fit agrees with the one step, chance looks like chance, small effects are found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import kstest

from leadml.learn.coding.prepare import Prepared, prepare
from leadml.learn.scorer import LeadScorer
from leadml.learn.without_rules import without_rules
from leadml.points.scoring import rule_codes
from leadml.points.views.without_rules import CLEAR, WithoutRules

from .conftest import Known, noise_leads, planted_leads


def prepared(frame: pd.DataFrame, won: NDArray[np.bool_]) -> Prepared:
    return prepare(frame, won, np.ones(len(frame)))


@pytest.fixture(scope="module")
def told() -> LeadScorer:
    frame, won, _ = planted_leads(4000, 11)
    return LeadScorer().fit(frame[["visits", "minutes", "source", "member"]], won)


def test_a_full_fit_of_rules_and_groups_says_the_same(told: LeadScorer) -> None:
    frame, won, _ = planted_leads(4000, 11)
    table = told.point_table_
    near = np.where(frame["visits"].to_numpy() + np.random.default_rng(0).normal(size=4000) > 2, "near", "far")
    frame = frame[["visits", "minutes", "source", "member"]].assign(near=near)  # goes with what the table knows
    found = without_rules(table, prepared(frame, won)).features[0]
    codes = rule_codes(table, frame)
    rules = [(codes[f.name] == k).astype(float) for f in table.features for k in range(len(f.rules))]
    line = table.probability
    begin = [line.slope * rule.points for f in table.features for rule in f.rules]
    design = np.array([np.ones(4000), *rules, near == "far", near == "near"], dtype=float)
    held = {rule.id: codes[f.name] == k for f in table.features for k, rule in enumerate(f.rules)}
    for joint in table.interactions:
        design = np.vstack([design, np.logical_and.reduce([held[c] for c in joint.conditions])])
    assert not table.interactions
    centre = np.array([line.intercept + line.slope * table.base_points, *begin, 0.0, 0.0])
    free = np.append(0.0, np.ones(len(centre) - 1))

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        eta = beta @ design
        off = free * (beta - centre)
        slope = design @ (1 / (1 + np.exp(-eta)) - won) + off
        return float(np.logaddexp(0, eta).sum() - eta[won].sum() + off @ (beta - centre) / 2), slope

    beta = minimize(loss, centre, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    chance = 1 / (1 + np.exp(-(beta @ design)))
    inverse = np.linalg.inv((design * chance * (1 - chance)) @ design.T + np.diag(free))
    against = np.zeros(len(beta))
    common = "near" if (near == "near").mean() > 0.5 else "far"
    against[-2:] = (1.0, -1.0) if common == "near" else (-1.0, 1.0)
    error = 1.959963984540054 * np.sqrt(against @ inverse @ against) / line.slope
    (group,) = found.groups
    assert group.points == pytest.approx(against @ beta / line.slope, abs=0.05 * error)
    assert (group.high - group.low) / 2 == pytest.approx(error, rel=0.05)


def test_columns_that_mean_nothing_look_as_chance_would_have_them(told: LeadScorer) -> None:
    """Two hundred of them beside one table: p-values are uniform, intervals hold 0 as often as they say."""
    frame, won, _ = planted_leads(4000, 11)
    rng = np.random.default_rng(5)
    makers = (
        lambda: rng.normal(size=4000),
        lambda: rng.choice(list("uvwxyz"), 4000, p=[0.4, 0.3, 0.1, 0.1, 0.06, 0.04]),
        lambda: rng.random(4000) < 0.2,
        lambda: np.where(rng.random(4000) < 0.2, np.nan, rng.poisson(1, 4000)),
    )
    noise = pd.DataFrame({f"noise {k}": makers[k % 4]() for k in range(200)})
    found = without_rules(
        told.point_table_, prepared(frame[["visits", "minutes", "source", "member"]].join(noise), won)
    )
    assert len(found.features) == 200
    assert kstest([f.p_value for f in found.features], "uniform").pvalue > 0.01
    rows = found.frame()
    assert 0.93 < ((rows["low"] <= 0) & (rows["high"] >= 0)).mean() < 0.97


def test_small_effects_are_told_with_intervals_that_cover_them(told: LeadScorer) -> None:
    frame, _, log_odds = planted_leads(20_000, 12)
    rng = np.random.default_rng(6)
    small = pd.DataFrame({f"small {k}": rng.random(20_000) < 0.4 for k in range(40)})
    sizes = rng.choice([-0.12, 0.0, 0.12], 40)
    won = rng.random(20_000) < 1 / (1 + np.exp(-(log_odds + (small - 0.4).to_numpy() @ sizes)))
    found = without_rules(
        told.point_table_, prepared(frame[["visits", "minutes", "source", "member"]].join(small), won)
    )
    slope, planted = told.point_table_.probability.slope, dict(zip(small, sizes, strict=True))
    rows = found.frame().set_index("feature")
    target = pd.Series(planted).reindex(rows.index) / slope
    assert ((rows["low"] <= target) & (target <= rows["high"])).sum() >= 35
    clear = {f.name for f in found.features if f.p_value < CLEAR}
    assert len(clear & {n for n, size in planted.items() if size}) > 0.6 * sum(size != 0 for size in sizes)
    assert len(clear & {n for n, size in planted.items() if not size}) <= 1
    spread = {f.name: f.spread * slope for f in found.features}
    by_size = [np.mean([spread[n] for n, size in planted.items() if bool(size) == real]) for real in (False, True)]
    assert by_size[1] == pytest.approx(0.12 * np.sqrt(0.24), rel=0.2)
    assert by_size[0] < 0.3 * by_size[1]


def test_a_scorer_tells_and_names_are_shown_as_text(scorer: LeadScorer, planted: Known) -> None:
    found = scorer.without_rules_
    known = {feature.name for feature in scorer.point_table_.features}
    assert {f.name for f in found.features} == set(planted.frame.columns) - known
    assert found.of == planted.frame.shape[1]
    assert WithoutRules((), 3).text == "Every feature that varies has a rule."
    frame, won = noise_leads(600, 3)
    flat = LeadScorer().fit(frame, won)
    assert flat.point_table_.n_rules == 0
    assert "no rules" in flat.without_rules_.text
    odd = planted.frame.assign(**{"<b>&\x1b": np.arange(len(planted.won)) % 7})
    shown = without_rules(scorer.point_table_, prepared(odd, planted.won))
    assert "<b>" not in shown._repr_html_()
    assert "\x1b" not in shown.text
