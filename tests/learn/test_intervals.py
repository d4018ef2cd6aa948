"""Intervals of points: they cover what was planted, they allow for companies and weights, and luck is allowed for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadml.learn.scorer import LeadScorer
from leadml.learn.search.conjunction import Conjunction, Joined
from leadml.learn.search.refit import Leads, refit
from leadml.learn.search.segments import Partition
from leadml.learn.writing.intervals import KEPT_FROM, NORMAL_95, Intervals, kept
from leadml.learn.writing.rounding import Rounded
from leadml.learn.writing.spread import Spread, spread
from leadml.points.scoring import rule_codes
from leadml.points.table import PointTable

from .conftest import planted_leads

EFFECTS = {"visits", "minutes", "source", "member"}


def effects_of(frame: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Give what `planted_leads` plants in each column."""
    visits, minutes = frame["visits"].to_numpy(), frame["minutes"].to_numpy()
    by_source = {"web": 0.0, "fair": 0.7, "partner": 1.4, "list": -1.2, "ref": 0.0}
    told: dict[str, NDArray[np.float64]] = {str(name): np.zeros(len(frame)) for name in frame}
    told["visits"] = 0.8 * (visits >= 2) + 0.9 * (visits >= 4)
    told["minutes"] = 1.2 * (minutes >= 12) - 0.8 * np.isnan(minutes)
    told["source"] = frame["source"].map(by_source).to_numpy(dtype=np.float64)
    told["member"] = 0.9 * frame["member"].to_numpy()
    return told


@pytest.mark.parametrize("effect", [0.0, 0.5, 1.5, 2.5, 4.0, 8.0])
def test_an_estimate_that_was_shown_for_its_size_covers_the_effect_it_is_of(effect: float) -> None:
    estimates = np.random.default_rng(0).normal(effect, 1.0, 400_000)
    shown = estimates[np.abs(estimates) >= KEPT_FROM][:3000]
    bounds = np.array([kept(z, 1.0, KEPT_FROM) for z in shown])
    wald = np.abs(shown - effect) <= NORMAL_95
    covered = (bounds[:, 0] <= effect) & (effect <= bounds[:, 1])
    assert covered.mean() >= 0.935  # 95 %, less three standard errors
    assert covered.mean() >= wald.mean()
    if effect < 1.0:
        assert wald.mean() < 0.7  # what the bound is for


def test_bounds_widen_with_the_error_and_change_sign_with_the_estimate() -> None:
    for points in (1.0, 7.0, 30.0):
        bounds = [kept(points, error, KEPT_FROM) for error in (0.0, 0.1, 1.0, 2.0, 5.0, 50.0)]
        assert bounds[0] == (points, points)
        assert all(a[0] >= b[0] and a[1] <= b[1] for a, b in pairwise(bounds))
        low, high = kept(points, 2.0, KEPT_FROM)
        assert kept(-points, 2.0, KEPT_FROM) == (-high, -low)


def fitted(leads: Leads, groups: list[list[int]], strength: float) -> Joined:
    partition = Partition(tuple(np.array(group) for group in groups))
    return Joined(partition, (), refit(leads, partition, np.zeros(int(partition.sizes.sum())), strength))


def crossed(leads: int, seed: int, weight: NDArray[np.float64] | None = None) -> Leads:
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.integers(0, 4, leads), rng.integers(0, 3, leads)]).astype(np.int16)
    log_odds = np.array([-0.5, -0.5, 0.3, 1.0])[codes[0]] + np.array([0.0, 0.4, -0.6])[codes[1]]
    won = (rng.random(leads) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    return Leads(codes, won, np.ones(leads) if weight is None else weight)


GROUPS = [[0, 0, 1, 2], [0, 1, 1]]
NEUTRAL = (0, 4)


def design(leads: Leads, groups: list[list[int]], neutral: list[int]) -> NDArray[np.float64]:
    """Write dummy variables by hand, without the neutral group of each feature."""
    columns = [np.ones(len(leads.won))]
    for row, group, left_out in zip(leads.codes, groups, neutral, strict=True):
        columns += [(np.array(group)[row] == g).astype(np.float64) for g in range(max(group) + 1) if g != left_out]
    return np.stack(columns)


def newton(rows: NDArray[np.float64], leads: Leads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit a logistic regression without any penalty; give coefficients and curvature."""
    beta = np.zeros(len(rows))
    for _ in range(30):
        chance = 1 / (1 + np.exp(-beta @ rows))
        bent = (rows * (leads.weight * chance * (1 - chance))) @ rows.T
        beta = beta + np.linalg.solve(bent, rows @ (leads.weight * (leads.won - chance)))
    return beta, bent


@pytest.mark.parametrize("strength", [0.01, 40.0])
def test_without_weights_and_companies_it_is_the_inverse_curvature_whatever_the_penalty(strength: float) -> None:
    leads = crossed(4000, 0)
    found = spread(leads, fitted(leads, GROUPS, strength), NEUTRAL, None)
    own = np.linalg.inv(newton(design(leads, GROUPS, [0, 1]), leads)[1])[1:, 1:]
    free = [1, 2, 3]
    assert np.diag(found.covariance)[free] == pytest.approx(np.diag(own), rel=0.1)
    assert found.covariance[1, 2] == pytest.approx(own[0, 1], rel=0.1)
    assert found.inflation == 1.0
    assert not found.covariance[list(NEUTRAL)].any()


def test_weights_count_with_their_square_as_in_the_sandwich_by_hand() -> None:
    rng = np.random.default_rng(1)
    leads = crossed(6000, 2, rng.lognormal(0.0, 1.0, 6000))
    found = spread(leads, fitted(leads, GROUPS, 0.01), NEUTRAL, None)
    rows = design(leads, GROUPS, [0, 1])
    beta, bent = newton(rows, leads)
    pull = rows * (leads.weight * (leads.won - 1 / (1 + np.exp(-beta @ rows))))
    by_hand = np.linalg.inv(bent) @ (pull @ pull.T) @ np.linalg.inv(bent)
    ratio = np.diag(found.covariance)[[1, 2, 3]] / np.diag(by_hand)[1:]
    assert ratio == pytest.approx(np.ones(3), rel=0.3)  # 200 blocks tell a variance to about a tenth
    assert found.inflation > 1.8  # exp(1) is the mean of squares over the square of the mean


def test_four_copies_of_each_lead_say_no_more_than_one() -> None:
    once = crossed(3000, 3)
    four = Leads(np.tile(once.codes, 4), np.tile(once.won, 4), np.ones(12_000))
    company = np.tile(np.arange(3000), 4)
    alone = spread(once, fitted(once, GROUPS, 0.01), NEUTRAL, None)
    copied = spread(four, fitted(four, GROUPS, 0.01), NEUTRAL, company)
    assert np.diag(copied.covariance)[[1, 2, 3]] == pytest.approx(np.diag(alone.covariance)[[1, 2, 3]], rel=0.35)
    assert copied.inflation == pytest.approx(4.0, rel=0.3)


def intervals_of(joined: Joined, neutral: tuple[int, ...], found: Spread) -> Intervals:
    return Intervals(joined, Rounded((), (), neutral, 1000.0), found)


def test_a_part_of_the_neutral_group_has_an_interval_about_its_own_leads() -> None:
    leads = crossed(5000, 5)
    joined = fitted(leads, GROUPS, 0.01)
    told = intervals_of(joined, NEUTRAL, spread(leads, joined, NEUTRAL, None))
    low, high = told.of_rule(0, [1], [0], 0)
    beta, bent = newton(design(leads, [[0, 3, 1, 2], [0, 1, 1]], [0, 1]), leads)
    error = float(np.sqrt(np.linalg.inv(bent)[3, 3]))
    assert low == pytest.approx(1000 * (beta[3] - NORMAL_95 * error), abs=6)
    assert high == pytest.approx(1000 * (beta[3] + NORMAL_95 * error), abs=6)
    assert low <= 0 <= high


def test_a_rule_of_two_groups_has_the_interval_of_their_mean() -> None:
    leads = crossed(5000, 6)
    joined = fitted(leads, [[0, 1, 2, 2], [0, 1, 1]], 0.01)
    neutral = (2, 4)
    told = intervals_of(joined, neutral, spread(leads, joined, neutral, None))
    low, high = told.of_rule(0, [0, 1], [2, 3], -900)
    bent = newton(design(leads, [[0, 0, 1, 1], [0, 1, 1]], [1, 1]), leads)[1]
    error = float(np.sqrt(np.linalg.inv(bent)[1, 1]))
    assert (high - low) / 2 == pytest.approx(1000 * NORMAL_95 * error, rel=0.05)


def test_what_no_lead_has_shown_keeps_to_its_points() -> None:
    leads = crossed(500, 7)
    joined = fitted(leads, [[0, 0, 1, 2, 0], [0, 1, 1]], 1.0)
    told = intervals_of(joined, NEUTRAL, spread(leads, joined, NEUTRAL, None))
    assert told.of_rule(0, [4], [0, 1], 0) == (0, 0)


def test_one_lead_alone_leaves_much_open_but_not_everything() -> None:
    leads = crossed(3000, 9)
    codes = leads.codes.copy()
    codes[0, 0] = 4
    lonely = Leads(codes, np.where(np.arange(3000) == 0, 1.0, leads.won), leads.weight)
    joined = fitted(lonely, [[0, 0, 1, 2, 0], [0, 1, 1]], 1.0)
    low, high = intervals_of(joined, NEUTRAL, spread(lonely, joined, NEUTRAL, None)).of_rule(0, [4], [0, 1], 0)
    assert low < 0 < high
    assert 1500 < (high - low) / 2 < 4500  # thousandths of log-odds


def test_a_conjunction_has_to_stand_out_more_than_a_rule_to_be_sure() -> None:
    leads = crossed(5000, 8)
    wide = Leads(
        np.concatenate([leads.codes, (leads.codes[0] * leads.codes[1] > 3)[None].astype(np.int16)]), *leads_of(leads)
    )
    partition = Partition((np.array(GROUPS[0]), np.array(GROUPS[1]), np.array([0, 1])))
    fit = refit(wide, partition, np.zeros(7), 1.0)
    found = Conjunction((0, 1), (np.arange(4) == 3, np.arange(3) == 2))
    joined = Joined(partition, (found,), fit)
    neutral = (*NEUTRAL[:1], 4, 5)
    told = intervals_of(joined, neutral, spread(leads, joined, neutral, None))
    error = float(np.sqrt(told.spread.covariance[6, 6])) * 1000
    points = int(3.5 * error)
    assert told.of_conjunction(6, points)[0] < 0 < kept(points, error, KEPT_FROM)[0]


def leads_of(leads: Leads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return leads.won, leads.weight


def judged(table: PointTable, frame: pd.DataFrame) -> list[bool]:
    """Tell for each rule but neutral ones whether its interval covers the planted contrast."""
    codes, planted, told = rule_codes(table, frame), effects_of(frame), []
    for feature in table.features:
        mean = [
            planted[feature.name][codes[feature.name] == k].mean()
            for k in range(len(feature.rules))
            if (codes[feature.name] == k).any()
        ]
        here = [k for k in range(len(feature.rules)) if (codes[feature.name] == k).any()]
        neutral = mean[here.index(feature.rules.index(feature.neutral))]
        for k, value in zip(here, mean, strict=True):
            rule, target = feature.rules[k], (value - neutral) / table.probability.slope
            if not rule.neutral:
                assert rule.points_low is not None
                assert rule.points_high is not None
                told.append(rule.points_low <= target <= rule.points_high)
    return told


def test_intervals_cover_what_was_planted() -> None:
    covered = []
    for seed in range(5):
        frame, won, _ = planted_leads(2500, 100 + seed)
        covered += judged(LeadScorer(interactions=False).fit(frame, won).point_table_, frame)
    assert len(covered) > 35
    assert np.mean(covered) >= 0.88


def test_points_differ_as_was_planted_when_one_column_is_probed() -> None:
    frame, won, _ = planted_leads(25_000, 11)
    table = LeadScorer(interactions=False).fit(frame, won).point_table_
    planted, rng = effects_of(frame), np.random.default_rng(0)
    line = table.probability.slope
    codes = rule_codes(table, frame)
    for feature in table.features:
        points = np.array([rule.points for rule in feature.rules])[codes[feature.name]]
        one, other = rng.integers(0, len(frame), (2, 3000))
        learned = points[other] - points[one]
        wanted = (planted[feature.name][other] - planted[feature.name][one]) / line
        assert (np.abs(learned - wanted) <= 2.5).mean() >= 0.95
        assert not (learned * np.round(wanted, 9) < 0).any()
    assert {feature.name for feature in table.features} >= EFFECTS


def test_companies_widen_the_intervals_of_fit() -> None:
    frame, won, _ = planted_leads(1500, 4)
    copies = pd.concat([frame] * 4, ignore_index=True)
    company = np.tile(np.arange(1500), 4)
    told = LeadScorer(interactions=False).fit(copies, np.tile(won, 4), groups=company).point_table_.to_frame()
    plain = LeadScorer(interactions=False).fit(frame, won).point_table_.to_frame()
    width = [(t["points_high"] - t["points_low"])[~t["neutral"] & (t["points"] != 0)].median() for t in (told, plain)]
    assert width[0] >= 0.8 * width[1]
