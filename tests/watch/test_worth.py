"""What rules are worth now: against a fit by brute force, against chance, and against planted deaths."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability
from leadml.watch.drift.worth import _tail, worths

SLOPE = 0.05


def table_of(points: list[list[int]], interactions: tuple[Interaction, ...] = (), slope: float = SLOPE) -> PointTable:
    features = []
    for f, own in enumerate(points):
        rules = [Rule(f"f{f}:0", "set", 0, True, values=("v0",), leads=900, won=90)]
        rules += [Rule(f"f{f}:{k}", "set", p, values=(f"v{k}",), leads=100, won=20) for k, p in enumerate(own, 1)]
        rules += [Rule(f"f{f}:{len(rules)}", "other", 0), Rule(f"f{f}:{len(rules) + 1}", "missing", 0)]
        features.append(Feature(f"f{f}", "fit", "category", tuple(rules)))
    return PointTable(
        name="t", dimensions=(Dimension("fit", 20), Dimension("engagement", 0)), features=tuple(features),
        interactions=interactions, probability=Probability(-4, slope), top_cut=50,
    )  # fmt: skip


def draw(table: PointTable, count: int, seed: int, level: float = -3.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, scores and true log-odds of leads; each named rule holds for a fifth."""
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.choice(len(f.rules) - 2, count) for f in table.features], axis=1).astype(np.int32)
    score = 20 + sum(np.array([r.points for r in f.rules])[codes[:, k]] for k, f in enumerate(table.features))
    for both in table.interactions:
        held = [codes[:, int(c[1])] == int(c[3]) for c in both.conditions]
        score = score + both.points * np.logical_and.reduce(held)
    return codes, score, level + SLOPE * score


def won(log_odds: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def test_the_worth_is_the_fit_with_half_a_win_and_half_a_loss() -> None:
    table = table_of([[12, -8], [6]])
    codes, score, log_odds = draw(table, 4000, 1)
    outcome = won(log_odds, 2)
    for rule in worths(table, codes, score, outcome):
        f, r = int(rule.rule[1]), int(rule.rule[3])
        held, offset = codes[:, f] == r, SLOPE * score
        centre = offset[held].mean()

        def loss(x: np.ndarray, held: np.ndarray = held, offset: np.ndarray = offset, centre: float = centre) -> float:
            eta = offset + x[0] + x[1] * held
            extra = centre + x[0] + x[1]
            own = np.logaddexp(0, eta) - outcome * eta
            return float(own.sum() + np.logaddexp(0, extra) - 0.5 * extra)

        # the pseudo-lead moves the rule's own log-odds only, so that the intercept is all but that of the data
        best = minimize(loss, [-3.5, 0.0], method="BFGS").x
        assert rule.worth == pytest.approx(rule.points + best[1] / SLOPE, abs=0.3)
        assert rule.low < rule.points < rule.high
        assert (rule.leads, rule.won) == (held.sum(), outcome[held].sum())
        assert rule.foretold == pytest.approx(_foretold(offset, outcome, held), abs=1e-4)


def _foretold(offset: np.ndarray, outcome: np.ndarray, held: np.ndarray) -> float:
    low, high = -20.0, 20.0
    for _ in range(200):
        middle = (low + high) / 2
        expected = (1 / (1 + np.exp(-middle - offset))).sum()
        low, high = (low, middle) if expected > outcome.sum() else (middle, high)
    return float((1 / (1 + np.exp(-low - offset)))[held].sum())


@pytest.mark.parametrize("x", [0, 1, 4, 11])
def test_the_tail_is_that_of_a_binomial(x: int) -> None:
    n, p = 30, 0.2
    assert _tail(x, n * p, n * p * (1 - p), low=True) == pytest.approx(binom.cdf(x, n, p))
    assert _tail(x, n * p, n * p * (1 - p), low=False) == pytest.approx(binom.sf(x - 1, n, p))


def test_a_rule_that_died_is_called_out_and_no_other() -> None:
    table = table_of([[15, -10, 8], [12, 5], [-14, 6], [10]])
    for seed in range(6):
        codes, score, log_odds = draw(table, 5000, seed)
        dead = codes[:, 0] == 1
        found = worths(table, codes, score, won(log_odds - 15 * SLOPE * dead, seed + 100))
        assert [rule.rule for rule in found if rule.stopped] == ["f0:1"]
        out = found[0]
        assert out.low < 0 < out.high
        assert out.foretold > out.won


def test_a_rule_that_takes_away_too_much_is_called_out() -> None:
    table = table_of([[15, -20, 8], [12, 5]])
    codes, score, log_odds = draw(table, 6000, 3)
    found = worths(table, codes, score, won(log_odds + 20 * SLOPE * (codes[:, 0] == 2), 4))
    assert [(rule.rule, rule.won > rule.foretold) for rule in found if rule.stopped] == [("f0:2", True)]


def test_a_rule_that_goes_along_with_a_dead_one_is_not_blamed() -> None:
    table = table_of([[15], [15]])
    found_out = blamed = 0
    for seed in range(10):
        codes, _, _ = draw(table, 6000, seed)
        rng = np.random.default_rng(seed)
        same = rng.random(6000) < 0.8  # nine in ten leads have both or neither
        codes[same, 1] = codes[same, 0]
        score = 20 + 15 * (codes == 1).sum(axis=1)
        found = worths(table, codes, score, won(-3.0 + SLOPE * (score - 15 * (codes[:, 0] == 1)), seed + 900))
        stopped = [rule.rule for rule in found if rule.stopped]
        found_out += "f0:1" in stopped
        blamed += "f1:1" in stopped
    assert found_out >= 9
    assert blamed <= 1


def test_while_every_rule_earns_its_points_none_is_called_out() -> None:
    """Planted truth that differs from the table by 2 points each way: 60 looks at 14 rules."""
    table = table_of([[15, -10, 8], [12, 5], [-14, 6], [10, -6, 9], [7, 11, -9]])
    wrong = 0
    for seed in range(60):
        codes, score, log_odds = draw(table, 2500, seed)
        rng = np.random.default_rng(seed + 500)
        off = sum(rng.normal(0, 2, len(f.rules))[codes[:, k]] for k, f in enumerate(table.features))
        wrong += any(rule.stopped for rule in worths(table, codes, score, won(log_odds + SLOPE * off, seed)))
    assert wrong <= 2


def test_the_level_does_not_matter() -> None:
    """A season that doubles or halves every rate is not held against any rule."""
    table = table_of([[15, -10], [12, 5]])
    for level in (-5.0, -2.0):
        codes, score, log_odds = draw(table, 8000, 1, level=level)
        assert not any(rule.stopped for rule in worths(table, codes, score, won(log_odds, 2)))


def test_a_conjunction_is_held_against_outcomes_too() -> None:
    both = Interaction("both", ("f0:1", "f1:1"), "fit", 20)
    table = table_of([[6], [6]], (both,))
    codes, score, log_odds = draw(table, 12000, 5)
    held = (codes[:, 0] == 1) & (codes[:, 1] == 1)
    alive = worths(table, codes, score, won(log_odds, 6))
    dead = worths(table, codes, score, won(log_odds - 20 * SLOPE * held, 6))
    assert [rule.rule for rule in alive if rule.stopped] == []
    assert [rule.rule for rule in dead if rule.stopped] == ["both"]
    assert dead[-1].leads == held.sum()


def test_too_few_wins_say_nothing() -> None:
    table = table_of([[15]])
    codes, score, _ = draw(table, 500, 1)
    assert worths(table, codes, score, np.arange(500) < 29) == ()
    assert worths(table, codes[:0], score[:0], np.zeros(0, dtype=bool)) == ()
    flat = table_of([[15]], slope=0.0)
    assert worths(flat, codes, score, np.arange(500) < 200) == ()
    unknown = np.full_like(codes, -1)
    assert worths(table, unknown, score, np.arange(500) < 200) == ()
