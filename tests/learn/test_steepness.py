"""Probabilities hold for leads that the points were not learned from, by histories drawn from known chances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from leadml import LeadScorer, PointTable
from leadml.errors import DataError
from leadml.learn import learner
from leadml.learn.pooling.level import Line, pooled_line
from leadml.learn.pooling.pooled import learn_segment
from leadml.learn.search import board, choose
from leadml.learn.search.refit import Leads
from leadml.learn.writing.line import fitted_line, levelled
from leadml.learn.writing.steepness import shrinkage_told
from leadml.stats.probability import calibration_line

UNSEEN = 6000


def weak_history(leads: int, seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Ten weak columns, one of them a list of categories, and three that say nothing."""
    rng = np.random.default_rng([seed, 5])
    frame = pd.DataFrame({f"n{k}": rng.normal(size=leads).round(2) for k in range(9)})
    frame["town"] = rng.choice([f"town {k}" for k in range(12)], leads)
    for k in range(3):
        frame[f"dice{k}"] = rng.choice(list("123456"), leads)
    effect = np.random.default_rng(3).normal(scale=0.5, size=12)[frame["town"].str[5:].astype(int)]
    told = -1.2 + sum(0.35 * (frame[f"n{k}"] > 0.3) * (-1) ** k for k in range(9)) + effect
    return frame, rng.random(leads) < 1 / (1 + np.exp(-told))


def many_categories(leads: int, seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Two columns with hundreds of categories of mostly weak effect."""
    rng = np.random.default_rng([seed, 6])
    fixed = np.random.default_rng(7)
    frame, told = pd.DataFrame({"visits": rng.poisson(2, leads).astype(float)}), np.full(leads, -1.5)
    for name, size in (("town", 300), ("campaign", 200)):
        code = rng.choice(size, leads, p=fixed.dirichlet(np.full(size, 2.0)))
        frame[name] = [f"{name} {k}" for k in code]
        told += fixed.normal(scale=0.4, size=size)[code]
    told += 0.5 * (frame["visits"] >= 3)
    return frame, rng.random(leads) < 1 / (1 + np.exp(-told))


def judged(table: PointTable, frame: pd.DataFrame, won: NDArray[np.bool_]) -> tuple[float, float]:
    """Give calibration slope and log-loss of a table on leads."""
    chance = table.score(frame, reasons=0)["probability"].to_numpy()
    return calibration_line(won, chance).slope, log_loss(won, chance)


def as_fitted(table: PointTable, frame: pd.DataFrame, won: NDArray[np.bool_]) -> PointTable:
    """Give a table the line that its own leads have."""
    score = table.score(frame, reasons=0)["score"].to_numpy(dtype=np.int64)
    leads = Leads(np.zeros((0, len(won)), dtype=np.int16), won.astype(float), np.ones(len(won)))
    line = fitted_line(score, leads)
    return replace(table, probability=replace(table.probability, intercept=line.intercept, slope=line.slope))


@pytest.mark.parametrize(("make", "leads"), [(weak_history, 600), (weak_history, 1500), (many_categories, 5000)])
def test_probabilities_are_as_far_apart_as_those_of_new_leads(make: object, leads: int) -> None:
    told, losses = [], []
    for seed in range(8):
        frame, won = make(leads, seed)  # type: ignore[operator]
        fresh = make(UNSEEN, 100 + seed)  # type: ignore[operator]
        table = LeadScorer(max_rules=20).fit(frame, won).point_table_
        if table.n_rules:
            both = judged(table, *fresh), judged(as_fitted(table, frame, won), *fresh)
            told.append([slope for slope, _ in both])
            losses.append([loss for _, loss in both])
    assert len(told) >= 6
    ours, fitted = np.median(told, axis=0)
    assert fitted < 0.85, "there is nothing to mend here"
    assert 0.87 < ours < 1.15
    ours, fitted = np.mean(losses, axis=0)
    assert ours < fitted


def test_with_many_leads_hardly_anything_is_taken_away() -> None:
    frame, won = weak_history(60_000, 1)
    table = LeadScorer().fit(frame, won).point_table_
    assert 0.97 < table.provenance["shrinkage"] <= 1
    assert judged(table, *weak_history(60_000, 2))[0] == pytest.approx(1, abs=0.06)


def test_the_slope_is_that_of_leads_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As scikit-learn finds it, with the weights that leads have outside of the search."""
    seen = []

    class Watched(board.Board):
        def calibration_slope(self, curve: object, rules: int) -> float:
            slope = super().calibration_slope(curve, rules)  # type: ignore[arg-type]
            seen.append((self, curve, rules, slope))
            return slope

    monkeypatch.setattr(choose, "Board", Watched)
    frame, won = weak_history(1500, 4)
    heavy = np.random.default_rng(0).choice([0.5, 1.0, 4.0], 1500)
    LeadScorer(interactions=False).fit(frame, won, sample_weight=heavy)
    ((judge, curve, rules, slope),) = seen
    told = np.concatenate(curve.told_at(rules)).astype(float)
    outcome = np.concatenate([judge.leads.won[out] for out in judge.folds])
    weight = np.concatenate([judge.seen[out] for out in judge.folds])  # not as evened for the search
    assert np.std(weight) > 0.5
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(told[:, None], outcome, weight)
    assert slope == pytest.approx(peer.coef_[0, 0], abs=1e-3)


def rolled(seed: int, months: int) -> Iterator[tuple[pd.DataFrame, NDArray[np.bool_]]]:
    """Give a window of 1,200 leads that moves on by 200 each month."""
    frame, won = weak_history(1200 + 200 * months, seed)
    for k in range(months + 1):
        rows = slice(200 * k, 200 * k + 1200)
        yield frame[rows].reset_index(drop=True), won[rows]


def test_retraining_on_leads_that_were_mostly_seen_does_not_become_too_sure_again() -> None:
    told = []
    for seed in range(4):
        windows = list(rolled(seed, 2))
        table = LeadScorer(max_rules=20).fit(*windows[0]).point_table_
        for window in windows[1:]:
            table = LeadScorer(max_rules=20, previous=table).fit(*window).point_table_
        if table.n_rules:
            told.append(judged(table, *weak_history(UNSEEN, 100 + seed))[0])
    assert len(told) == 4
    assert 0.8 < float(np.median(told)) < 1.25


def test_a_slope_that_new_leads_contradict_is_given_up() -> None:
    frame, won = weak_history(1500, 2)
    table = LeadScorer(max_rules=20).fit(frame, won).point_table_
    line = table.probability
    steep = replace(table, probability=replace(line, slope=3 * line.slope, intercept=3 * line.intercept))
    again = LeadScorer(max_rules=20, previous=steep).fit(*weak_history(20_000, 3)).point_table_
    assert judged(again, *weak_history(UNSEEN, 103))[0] == pytest.approx(1, abs=0.15)


def test_a_shrinkage_that_is_no_share_is_named() -> None:
    frame, won = weak_history(800, 2)
    table = LeadScorer(max_rules=20).fit(frame, won).point_table_
    for wrong in (1.5, -0.1, "much"):
        bad = replace(table, provenance={**table.provenance, "shrinkage": wrong})
        with pytest.raises(DataError, match="shrinkage"):
            LeadScorer(max_rules=20, previous=bad).fit(frame, won)
    assert shrinkage_told({}) == 1.0


def test_a_level_tells_as_many_wins_as_there_are_also_with_weights() -> None:
    rng = np.random.default_rng(0)
    score, won, weight = rng.integers(-40, 60, 3000), rng.random(3000) < 0.03, rng.gamma(2, 1, 3000)
    leads = Leads(np.zeros((0, 3000), dtype=np.int16), won.astype(float), weight)
    line = levelled(0.07, score, leads)
    chance = 1 / (1 + np.exp(-line.intercept - line.slope * score))
    assert weight @ chance == pytest.approx(weight @ won, rel=1e-9)


def test_a_segment_whose_leads_were_learned_from_is_not_taken_for_steeper() -> None:
    """On such leads a line is too steep by one over the shrinkage; beyond that they are believed."""
    rng = np.random.default_rng(1)
    told = rng.normal(scale=1.5, size=20_000)
    for factor, expected in ((1.15, 1.0), (1.5, 1.2), (0.6, 0.6)):
        won = (rng.random(len(told)) < 1 / (1 + np.exp(-factor * told))).astype(float)
        leads = Leads(np.zeros((0, len(told)), dtype=np.int16), won, np.ones(len(told)))
        line = pooled_line(told, leads, Line(0.0, 1.0, shrinkage=0.8))
        assert line.slope == pytest.approx(expected, abs=0.04)
        assert (1 / (1 + np.exp(-line.log_odds(told)))).mean() == pytest.approx(won.mean(), abs=0.001)


def test_intervals_reach_farther_from_0_where_a_point_is_worth_less(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, won = weak_history(3000, 5)
    plain = learner.choose

    def with_slope(slope: float) -> PointTable:
        monkeypatch.setattr(learner, "choose", lambda *a, **k: replace(plain(*a, **k), left_out=slope))
        return LeadScorer(interactions=False).fit(frame, won).point_table_

    one, half = with_slope(10.0), with_slope(0.5)
    factor = half.provenance["shrinkage"]
    assert one.provenance["shrinkage"] == 1.0
    assert half.probability.slope == pytest.approx(factor * one.probability.slope, rel=1e-6)
    told = 0
    for first, second in zip(one.features, half.features, strict=True):
        for a, b in zip(first.rules, second.rules, strict=True):
            assert a.points == b.points
            if a.points_low < 0:
                assert floor(a.points_low / factor) <= b.points_low <= (a.points_low + 1) / factor
            else:
                assert b.points_low == a.points_low
            if a.points_high > 0:
                assert (a.points_high - 1) / factor <= b.points_high <= ceil(a.points_high / factor)
            else:
                assert b.points_high == a.points_high
            told += not a.neutral
    assert told > 8


PIN = {"dice0": {"6": 0}}


@pytest.mark.parametrize("seed", range(3))
def test_a_pin_does_not_let_retraining_forget_the_shrinkage(seed: int) -> None:
    frame, won = weak_history(1200, seed)
    table = LeadScorer(max_rules=20, pins=PIN).fit(frame, won).point_table_
    again = LeadScorer(max_rules=20, pins=PIN, previous=table).fit(frame, won).point_table_
    assert again.probability.slope == table.probability.slope
    assert again.provenance["shrinkage"] == table.provenance["shrinkage"] < 0.9


def test_leads_that_pins_decide_do_not_say_how_far_others_are_apart() -> None:
    """Half of the leads are pinned and nearly all won: that is easy to tell of leads left out, too."""
    told = []
    for seed in range(4):
        tables = []
        for leads in (1600, UNSEEN):
            frame, won = weak_history(leads, seed + (leads == UNSEEN) * 100)
            rng = np.random.default_rng([seed, leads])
            pinned = rng.random(leads) < 0.5
            frame["kind"] = np.where(pinned, "competitor", rng.choice(["a", "b"], leads))
            tables.append((frame, np.where(pinned, rng.random(leads) < 0.9, won), pinned))
        (frame, won, _), (fresh, outcome, pinned) = tables
        table = LeadScorer(max_rules=20, pins={"kind": {"competitor": -100}}).fit(frame, won).point_table_
        if table.probability.slope:
            told.append(judged(table, fresh[~pinned], outcome[~pinned])[0])
    assert np.median(told) > 0.87


def test_a_table_taken_afresh_has_its_own_shrinkage() -> None:
    frame, won = weak_history(1200, 1)
    fresh = LeadScorer(max_rules=20).fit(frame, won).point_table_
    empty = replace(fresh, features=(), interactions=(), provenance={}, verification=()).with_verification()
    again = LeadScorer(max_rules=20, previous=empty).fit(frame, won).point_table_
    assert (again.features, again.probability) == (fresh.features, fresh.probability)
    assert again.provenance["shrinkage"] == fresh.provenance["shrinkage"] < 0.9


def test_a_table_that_was_never_measured_is_when_it_is_retrained() -> None:
    frame, won = weak_history(1200, 1)
    table = LeadScorer(max_rules=20).fit(frame, won).point_table_
    old = as_fitted(table, frame, won)
    old = replace(old, provenance={k: v for k, v in old.provenance.items() if k != "shrinkage"})
    again = LeadScorer(max_rules=20, previous=old).fit(frame, won).point_table_
    assert again.provenance["shrinkage"] == table.provenance["shrinkage"]
    assert again.probability.slope == pytest.approx(table.probability.slope, rel=1e-4)


def test_rows_that_moved_bring_the_shrinkage_of_the_leads_they_moved_by() -> None:
    table = LeadScorer(max_rules=20).fit(*weak_history(30_000, 1)).point_table_
    frame, won = weak_history(1500, 2)
    scorer = LeadScorer(max_rules=20, previous=table).fit(frame, ~won)
    fresh = LeadScorer(max_rules=20).fit(frame, ~won).point_table_
    low, high = fresh.provenance["shrinkage"], table.provenance["shrinkage"]
    assert scorer.changes_
    assert low <= scorer.point_table_.provenance["shrinkage"] < high - 0.05


def test_more_leads_of_the_same_companies_do_not_make_points_surer() -> None:
    """Each company has a column of its own kind: 400 companies say no more than 400 leads about it."""
    told = []
    for seed in range(2):
        sets = []
        for companies, of in ((400, 100), (3000, 2)):
            rng = np.random.default_rng([seed, of])
            one, _ = weak_history(companies, seed * 10 + of)
            company = np.repeat(np.arange(companies), of)
            odds = -1.2 + sum(0.35 * (one[f"n{k}"] > 0.3) * (-1) ** k for k in range(9)) + rng.normal(0, 1, companies)
            frame = one.iloc[company].reset_index(drop=True)
            sets.append((frame, rng.random(len(company)) < 1 / (1 + np.exp(-odds.to_numpy()[company])), company))
        (frame, won, company), fresh = sets
        table = LeadScorer(max_rules=20).fit(frame, won, groups=company).point_table_
        if table.n_rules:
            told.append(judged(table, *fresh[:2])[0])
    assert told
    assert min(told) > 0.7


def test_a_segment_like_all_others_keeps_the_pooled_points_and_their_slope() -> None:
    kept = []
    for seed in range(4):
        frame, won = many_categories(5000, seed)
        scorer = LeadScorer(max_rules=20, interactions=False).fit(frame, won)
        segment = learn_segment(scorer, frame[:800], won[:800], name="first")
        pooled, kept = scorer.point_table_, [*kept, segment.kept]
        assert segment.table.provenance["shrinkage"] == pooled.provenance["shrinkage"]
        assert segment.table.probability.slope < 1.15 * pooled.probability.slope
    assert sum(kept) >= 3


def test_grades_by_rate_are_cut_by_the_probabilities_of_the_table() -> None:
    frame, won = weak_history(800, 2)
    table = LeadScorer(max_rules=20, grades={"letters": 3, "rates": [50, 25]}).fit(frame, won).point_table_
    least, line = dict(table.dimensions[0].grades)["A"], table.probability
    assert least is not None
    assert table.provenance["shrinkage"] < 0.9
    at = [1 / (1 + np.exp(-line.intercept - line.slope * score)) for score in (least - 1, least)]
    assert at[0] < 0.505
    assert at[1] > 0.495
