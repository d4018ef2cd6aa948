"""Probabilities hold for leads that the points were not learned from, by histories drawn from known chances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from leadml import LeadScorer, PointTable
from leadml.errors import DataError
from leadml.learn.learner import make_folds
from leadml.learn.pooling.level import Line, pooled_line
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
    LeadScorer(interactions=False).fit(frame, won)
    ((judge, curve, rules, slope),) = seen
    told = np.concatenate(curve.told_at(rules)).astype(float)
    outcome = np.concatenate([judge.leads.won[out] for out in judge.folds])
    weight = np.concatenate([judge.seen[out] for out in judge.folds])
    assert len(judge.folds) == len(make_folds(judge.leads.won, None, 0))
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
