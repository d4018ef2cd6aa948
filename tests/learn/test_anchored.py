"""The regression that is pulled to the pooled points: what it maximises, against scipy and plain linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from leadml.learn.pooling.anchored import FACTOR_PULL, Anchors, anchored, anchors_of, held_rules
from leadml.learn.pooling.evidence import FIRM, RELEASE, _Evidence, by_evidence
from leadml.learn.pooling.level import SHIFT_PULL, Line, pooled_line
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.refit import Leads
from leadml.points.table import PointTable

from .conftest import Known, planted_leads


@pytest.fixture(scope="module")
def table(scorer: LeadScorer) -> PointTable:
    return scorer.point_table_


@pytest.fixture(scope="module")
def anchors(table: PointTable) -> Anchors:
    return anchors_of(table, {}, {})


@pytest.fixture(scope="module")
def leads(table: PointTable) -> Leads:
    frame, won, _ = planted_leads(700, seed=12)
    weight = np.where(np.arange(700) % 2 == 0, 1.0, 2.0)
    return Leads(held_rules(table, frame), won.astype(np.float64), weight)


def one_hot(leads: Leads, anchors: Anchors) -> NDArray[np.float64]:
    """Write a column for each group."""
    columns = np.zeros((len(leads.won), len(anchors.centre)))
    for codes, group, start in zip(leads.codes, anchors.partition.groups, anchors.partition.starts, strict=True):
        columns[np.arange(len(codes)), start + group[codes]] = 1.0
    return columns


def test_points_of_the_rules_that_hold_make_up_the_score(x_scorer: LeadScorer, x_education: Known) -> None:
    table = x_scorer.point_table_
    held = held_rules(table, x_education.unseen)
    total = np.full(held.shape[1], table.base_points)
    for k, feature in enumerate(table.features):
        total += np.array([rule.points for rule in feature.rules])[held[k]]
    for row, holds in zip(table.interactions, held[len(table.features) :], strict=True):
        total += row.points * holds
    score = table.score(x_education.unseen, reasons=0)["score"].to_numpy()
    assert (total == score).all()
    told = anchors_of(table, {}, {}).score(held) + table.probability.slope * table.base_points
    np.testing.assert_allclose(told, table.probability.slope * score, atol=1e-9)


@pytest.mark.parametrize("strength", [4.0, 64.0])
def test_the_fit_is_the_optimum_of_factor_and_deviations(leads: Leads, anchors: Anchors, strength: float) -> None:
    """The factor of the pooled points is integrated out in the fit; here it is a parameter like the others."""
    columns, n = one_hot(leads, anchors), len(anchors.centre)

    def loss(beta: NDArray[np.float64]) -> float:
        told = beta[0] + columns @ (beta[1] * anchors.centre + beta[2:])
        data = leads.weight @ (np.logaddexp(0, told) - leads.won * told)
        return float(data + FACTOR_PULL / 2 * (beta[1] - 1) ** 2 + strength / 2 * (beta[2:] ** 2).sum())

    def slope(beta: NDArray[np.float64]) -> NDArray[np.float64]:
        told = beta[0] + columns @ (beta[1] * anchors.centre + beta[2:])
        off = leads.weight * (1 / (1 + np.exp(-told)) - leads.won)
        along = columns.T @ off
        prior = np.concatenate([[0, FACTOR_PULL * (beta[1] - 1)], strength * beta[2:]])
        return np.asarray(np.concatenate([[off.sum(), anchors.centre @ along], along]) + prior)

    best = minimize(loss, np.concatenate([[0, 1], np.zeros(n)]), jac=slope, method="BFGS", options={"gtol": 1e-7}).x
    strengths = np.full(len(anchors.neutral), strength)
    fit = anchored(leads, anchors, strengths)
    np.testing.assert_allclose(fit.effects, best[1] * anchors.centre + best[2:], atol=1e-4)
    assert fit.intercept == pytest.approx(best[0], abs=1e-4)
    assert anchors.factor(fit.effects, strengths) == pytest.approx(best[1], abs=1e-4)


def test_a_firm_pull_keeps_the_ranking(leads: Leads, anchors: Anchors) -> None:
    fit = anchored(leads, anchors, np.full(len(anchors.neutral), FIRM))
    told, score = fit.log_odds(anchors.partition, leads.codes), anchors.score(leads.codes)
    assert np.corrcoef(told, score)[0, 1] > 0.99999


def test_evidence_is_the_integral_over_the_effects(leads: Leads, anchors: Anchors) -> None:
    """The same integral of a quadratic by another road: through the covariance of the effects."""
    n, parts = len(anchors.centre), len(anchors.neutral)
    strengths = np.full(parts, 16.0)
    evidence = _Evidence.at(anchored(leads, anchors, strengths), anchors, strengths)
    bend, slope = evidence.bend, evidence.slope
    inner = bend[1:, 1:] - np.outer(bend[1:, 0], bend[0, 1:]) / bend[0, 0]
    height = slope[1:] - bend[1:, 0] * slope[0] / bend[0, 0]

    def integral(tried: NDArray[np.float64]) -> float:
        spread = np.diag(1 / tried[anchors.part]) + np.outer(anchors.centre, anchors.centre) / FACTOR_PULL
        told = height @ np.linalg.solve(inner + np.linalg.inv(spread), height)
        return float(told / 2 - np.linalg.slogdet(np.eye(n) + spread @ inner)[1] / 2)

    ways = [strengths, np.full(parts, 1.0), np.where(np.arange(parts) == 1, 4.0, 64.0)]
    by_hand = [integral(way) - RELEASE * parts for way in ways]
    told = [evidence.of(way) for way in ways]
    np.testing.assert_allclose(np.diff(told), np.diff(by_hand), atol=1e-6)


def test_evidence_frees_what_differs_and_nothing_else(table: PointTable, anchors: Anchors) -> None:
    frame, won, _ = planted_leads(3000, seed=21)
    swapped = frame.assign(source=frame["source"].replace({"partner": "list", "list": "partner"}))
    names = [feature.name for feature in table.features]
    for given, freed in ((frame, set()), (swapped, {"source"})):
        codes = held_rules(table, given)
        strengths = by_evidence(Leads(codes, won.astype(np.float64), np.ones(3000)), anchors)
        assert {names[k] for k in np.flatnonzero(strengths[: len(names)] < FIRM)} == freed


@pytest.mark.parametrize("won_share", [0.0, 0.3, 1.0])
def test_level_and_steepness_are_the_optimum(won_share: float) -> None:
    rng = np.random.default_rng(4)
    score, line = rng.normal(50, 15, 400), Line(-4.0, 0.05)
    won = (rng.random(400) < won_share).astype(np.float64)
    weight = rng.integers(1, 4, 400).astype(np.float64)
    known = line.log_odds(score)
    mean = np.average(known, weights=weight)

    def loss(beta: NDArray[np.float64]) -> float:
        told = mean + beta[0] + beta[1] * (known - mean)
        data = weight @ (np.logaddexp(0, told) - won * told)
        return float(data + SHIFT_PULL / 2 * beta[0] ** 2 + FACTOR_PULL / 2 * (beta[1] - 1) ** 2)

    best = minimize(loss, [0.0, 1.0], method="L-BFGS-B", bounds=[(None, None), (0, None)], options={"ftol": 1e-15}).x
    found = pooled_line(score, Leads(np.zeros((0, 400), dtype=np.int16), won, weight), line)
    np.testing.assert_allclose(found.log_odds(score), mean + best[0] + best[1] * (known - mean), atol=2e-3)
