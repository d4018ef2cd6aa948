"""Samples of leads: as much evidence as asked for, and the same effects as all leads have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.search.refit import Leads, refit
from leadml.learn.search.sample import evened, evidence, sampled
from leadml.learn.search.segments import Partition


def rare_wins(leads: int, seed: int) -> Leads:
    """Two columns of three codes; one lead in twenty is won."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, (2, leads)).astype(np.int16)
    log_odds = -3.4 + np.array([0.0, 0.5, 1.0])[codes[0]] + np.array([0.0, -0.6, 0.3])[codes[1]]
    return Leads(codes, (rng.random(leads) < 1 / (1 + np.exp(-log_odds))).astype(float), np.ones(leads))


def contrasts(leads: Leads) -> np.ndarray:
    partition = Partition((np.arange(3), np.arange(3)))
    effects = refit(leads, partition, np.zeros(6), 1e-3).effects
    return np.concatenate([effects[1:3] - effects[0], effects[4:] - effects[3]])


@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 80), st.integers(2, 100))
def test_a_sample_says_enough_or_holds_all_that_it_may(won: int, lost: int, enough: float, most: int) -> None:
    outcome = np.random.default_rng(won).permutation(np.repeat([1.0, 0.0], [won, lost]))
    places = sampled(outcome, enough, most)
    assert (np.diff(places) > 0).all()
    assert len(places) <= max(most, 0)
    if won and lost and len(places) < min(most, won + lost) - 1:
        kept = outcome[places]
        assert evidence(Leads(np.zeros((0, len(kept)), np.int16), kept, np.ones(len(kept)))) >= enough - 1e-9


def test_half_won_and_half_lost_where_there_are_enough() -> None:
    leads = rare_wins(40_000, 0)
    kept = leads.won[sampled(leads.won, 1000, 20_000)]
    assert kept.sum() == 500
    assert len(kept) == 1000


def test_evened_leads_have_the_effects_of_leads_as_they_are() -> None:
    """Prentice and Pyke 1979: only the constant knows how many of each outcome there are."""
    leads = rare_wins(400_000, 1)
    whole, even = contrasts(leads), contrasts(evened(leads))
    few = contrasts(leads.at(sampled(leads.won, 30_000, 400_000)))
    assert even == pytest.approx(whole, abs=0.05)
    assert few == pytest.approx(np.array([0.5, 1.0, -0.6, 0.3]), abs=0.12)


def test_the_total_weight_is_what_the_leads_say() -> None:
    """The variance of an effect, over many draws, is that of an even sample of so many leads."""
    found = np.array([contrasts(evened(rare_wins(4000, seed)))[1] for seed in range(200)])
    size = np.mean([evidence(rare_wins(4000, seed)) for seed in range(20)])
    even = []
    for seed in range(200):
        many = rare_wins(40_000, 1000 + seed)
        even.append(contrasts(many.at(sampled(many.won, float(size), 40_000)))[1])
    assert found.std() == pytest.approx(np.std(even), rel=0.25)
