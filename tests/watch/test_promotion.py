"""A challenger takes the champion's place when it is surely not worse, and never for another reason."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from leadml.watch.promotion.promotion import LEAST, NOT_WORSE, POINT, Side, Window, decide
from leadml.watch.promotion.promotion_figures import adjacent_inversion, shift, top_odds_ratio


def window(
    leads: int = 2000, strength: float = 1.0, challenger: float = 1.0, seed: int = 0, noise: float = 0.1
) -> Window:
    """Draw a window: both tables see what the leads are worth, the challenger more or less clearly."""
    rng = np.random.default_rng(seed)
    worth = rng.normal(size=leads)
    won = rng.random(leads) < 1 / (1 + np.exp(1.5 - strength * worth))
    first = np.rint(50 + 10 * (worth + noise * rng.normal(size=leads))).astype(int)
    second = np.rint(50 + 10 * (challenger * worth + noise * rng.normal(size=leads))).astype(int)
    return Window(won, side(first), side(second))


def side(score: np.ndarray) -> Side:
    return Side(score, int(np.quantile(score, 0.8)), np.digitize(score, np.quantile(score, (0.4, 0.8))))


def brute_auc(won: np.ndarray, score: np.ndarray) -> float:
    return float(pairs(score[won], score[~won]).mean())


def test_one_that_is_as_good_is_promoted_with_its_figures() -> None:
    drawn = window()
    found = decide(drawn)
    assert found.decision == "promote"
    assert found.figures["champion_auc"] == pytest.approx(brute_auc(drawn.won, drawn.champion.score))
    assert found.figures["challenger_auc"] == pytest.approx(brute_auc(drawn.won, drawn.challenger.score))
    assert f"{found.figures['challenger_auc']:.3f} against {found.figures['champion_auc']:.3f}" in found.reasons[0]
    top = drawn.challenger.score >= drawn.challenger.top_cut
    assert (found.figures["top_leads"], found.figures["top_won"]) == (top.sum(), drawn.won[top].sum())
    assert found.to_dict()["reasons"] == list(found.reasons)


@pytest.mark.parametrize(("won", "lost"), [(LEAST - 1, 400), (400, LEAST - 1), (0, 500), (500, 0), (0, 0)])
def test_too_few_leads_keep_the_champion_and_say_how_many_are_missing(won: int, lost: int) -> None:
    score = np.arange(won + lost)
    found = decide(Window(np.arange(won + lost) < won, side_of(score), side_of(score[::-1])))
    assert found.decision == "keep"
    for count, what in ((won, "won"), (lost, "lost")):
        missing = max(LEAST - count, 0)
        assert (f"{missing} {what}" in found.reasons[0].partition("needed:")[2]) == (missing > 0)


def side_of(score: np.ndarray) -> Side:
    return Side(score, 0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), better=st.floats(-0.6, 0.6), wins=st.integers(LEAST, 120))
def test_the_rule_is_the_bound_of_the_gap_by_a_bootstrap_that_knows_no_formula(
    seed: int, better: float, wins: int
) -> None:
    """DeLong's bound against a paired bootstrap: where the two agree clearly, so does the decision."""
    rng = np.random.default_rng(seed)
    won = np.arange(wins * 4) < wins
    first = rng.normal(size=len(won)) + won
    second = 0.8 * first + 0.6 * rng.normal(size=len(won)) + better * won
    a, b = np.rint(10 * first).astype(int), np.rint(10 * second).astype(int)
    above = pairs(b[:wins], b[wins:]) - pairs(a[:wins], a[wins:])
    of_won = rng.multinomial(wins, np.full(wins, 1 / wins), 400) / wins
    of_lost = rng.multinomial(3 * wins, np.full(3 * wins, 1 / (3 * wins)), 400) / (3 * wins)
    low = float(np.quantile(np.einsum("kw,wl,kl->k", of_won, above, of_lost, optimize=True), 0.1))
    found = decide(Window(won, Side(a, int(np.quantile(a, 0.8))), Side(b, int(np.quantile(b, 0.8)))))
    assert found.figures["gap_low"] == pytest.approx(low, abs=0.025)
    worse = any("AUC" in reason and "a gap of" in reason for reason in found.reasons) and found.decision == "keep"
    if low < NOT_WORSE - 0.025 or found.figures["gap"] < POINT:
        assert worse
    if low > NOT_WORSE + 0.025 and found.figures["gap"] >= POINT:
        assert not worse


def pairs(won: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """For each won and each lost lead, 1 where the won one scores higher, one half where they are equal."""
    return (won[:, None] > lost) + 0.5 * (won[:, None] == lost)


@pytest.mark.parametrize("kind", ["random", "inverted", "constant", "shuffled"])
def test_a_broken_challenger_is_never_promoted(kind: str) -> None:
    for seed in range(40):
        drawn, rng = window(600, seed=seed), np.random.default_rng(seed)
        score = drawn.champion.score
        made = {
            "random": rng.integers(0, 100, len(score)),
            "inverted": 100 - score,
            "constant": np.full(len(score), 50),
            "shuffled": rng.permutation(score),
        }[kind]
        assert decide(replace(drawn, challenger=side(made)), champion_red=seed % 2 == 0).decision == "keep"


def test_nothing_about_time_enters_the_decision() -> None:
    """It cannot be promoted for the champion's age: no age goes in."""
    assert set(inspect.signature(decide).parameters) == {
        "window", "faults", "champion_auc_then", "champion_red", "unchanged",
    }  # fmt: skip


def test_a_red_champion_lowers_the_bar_but_not_the_guards() -> None:
    for seed in range(60):
        drawn = window(6000, challenger=0.95, seed=seed, noise=0.3)
        usual, red = decide(drawn), decide(drawn, champion_red=True)
        if usual.decision == "keep" and usual.figures["gap_low"] > NOT_WORSE:
            assert red.decision == "promote"
            assert "RED" in red.reasons[-1]
            assert decide(drawn, champion_red=True, faults=("It reads more.",)).decision == "hold"
            return
    pytest.fail("no window was worse by a little only")


def test_what_is_too_good_waits_for_a_person() -> None:
    drawn = window(3000, strength=1.0)
    leak = np.where(drawn.won, 90, 10) + np.random.default_rng(1).integers(-3, 3, len(drawn.won))
    found = decide(replace(drawn, challenger=side(leak)))
    assert found.decision == "hold"
    assert "Suspiciously good" in found.reasons[0]


def test_a_champion_that_has_fallen_is_no_reason_to_suspect_the_challenger() -> None:
    drawn = window(3000, strength=1.0)
    fallen = replace(drawn, champion=side(100 - drawn.champion.score))
    auc = decide(drawn).figures["challenger_auc"]
    assert decide(fallen, champion_auc_then=auc).decision == "promote"
    assert decide(fallen, champion_auc_then=None).decision == "hold"
    assert decide(fallen, champion_auc_then=auc - 0.11).decision == "hold"


def test_many_leads_with_another_action_wait_for_a_person() -> None:
    drawn = window(3000, noise=0.8)
    found = decide(drawn)
    share = np.mean(drawn.champion.band != drawn.challenger.band)
    assert found.figures["moved"] == pytest.approx(share)
    assert (share > 0.3, found.decision) == (True, "hold")
    assert decide(replace(drawn, challenger=replace(drawn.challenger, band=None))).decision == "promote"


def test_leads_unlike_those_learned_from_wait_for_a_person() -> None:
    drawn = window(3000)
    like = np.random.default_rng(5).choice(drawn.challenger.score, 4000)
    assert decide(replace(drawn, learned=like)).decision == "promote"
    found = decide(replace(drawn, learned=like - 12))
    assert found.decision == "hold"
    assert "PSI" in found.reasons[0]


def test_small_windows_raise_no_alarm_of_drift_by_chance() -> None:
    """The limit grows as leads get fewer; the usual .25 would be passed by one window in ten of the same leads."""
    rng = np.random.default_rng(3)
    learned = np.rint(50 + 10 * rng.normal(size=1000)).astype(int)
    alarms = usual = 0
    for _ in range(1000):
        found, limit = shift(learned, np.rint(50 + 10 * rng.normal(size=60)).astype(int))
        alarms += found > limit
        usual += found > 0.25
    assert alarms <= 20
    assert usual >= 100


def test_what_speaks_against_it_beside_the_scores_holds_it() -> None:
    found = decide(window(), faults=("It reads a column more.",))
    assert (found.decision, found.reasons) == ("hold", ("It reads a column more.",))
    worse = decide(replace(window(), challenger=side(np.arange(2000) % 7)), faults=("It reads a column more.",))
    assert worse.decision == "keep"
    assert "It reads a column more." in worse.reasons[1:]


def test_a_table_that_has_not_changed_is_not_promoted() -> None:
    drawn = window()
    found = decide(replace(drawn, challenger=drawn.champion), unchanged=True)
    assert found.decision == "keep"
    assert found.reasons[0].startswith("Same points; the champion stays.")


def test_a_top_group_that_is_no_better_than_the_rest_is_not_promoted() -> None:
    drawn = window()
    nobody = Side(drawn.challenger.score, int(drawn.challenger.score.max()) + 1)
    everybody = Side(drawn.challenger.score, int(drawn.challenger.score.min()))
    for odd in (nobody, everybody):
        found = decide(replace(drawn, challenger=odd))
        assert found.decision == "keep"
        assert any("top group must be better" in reason for reason in found.reasons)


def test_an_inversion_counts_when_chance_does_not_explain_it() -> None:
    rng = np.random.default_rng(2)
    band = np.repeat(np.arange(5), 400)
    rates = np.array([0.05, 0.1, 0.35, 0.12, 0.6])
    won = rng.random(2000) < rates[band]
    pairs, chance = adjacent_inversion(won, band)
    wins = np.bincount(band, weights=won).astype(int)
    by_scipy = [
        scipy_stats.fisher_exact([[wins[k + 1], 400 - wins[k + 1]], [wins[k], 400 - wins[k]]], "less").pvalue
        for k in range(4)
    ]
    assert pairs == 4
    assert chance == pytest.approx(min(by_scipy))
    found = decide(Window(won, Side(rng.permutation(band), 4), Side(band, 4)), champion_auc_then=0.8)
    assert found.decision == "keep"
    assert any("a band of higher scores" in reason.lower() for reason in found.reasons)


@given(st.integers(0, 1000), st.integers(30, 300))
@settings(max_examples=30, deadline=None)
def test_bands_hold_equal_scores_together_whatever_the_order(seed: int, leads: int) -> None:
    rng = np.random.default_rng(seed)
    score, won = rng.integers(0, 6, leads), rng.random(leads) < 0.4
    order = rng.permutation(leads)
    assert adjacent_inversion(won, score) == adjacent_inversion(won[order], score[order])


def test_the_odds_ratio_is_that_of_the_table_with_half_a_lead_more_in_each_cell() -> None:
    won, top = np.array([True] * 30 + [False] * 170), np.arange(200) % 5 == 0
    table = np.array([[(top & won).sum(), (top & ~won).sum()], [(~top & won).sum(), (~top & ~won).sum()]]) + 0.5
    assert top_odds_ratio(won, top) == pytest.approx(table[0, 0] * table[1, 1] / table[0, 1] / table[1, 0])
    assert top_odds_ratio(won, np.zeros(200, bool)) > 0
