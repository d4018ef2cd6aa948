"""Two rankings compared: figures by brute force, words no kinder than figures, nothing that depends on row order."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise, permutations
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from leadml.errors import DataError, UsageError
from leadml.points.certificate import Figure
from leadml.watch.value.value import ExpectedValue
from leadml.watch.value.value_ranking import compare_rankings

lead = st.tuples(
    st.booleans(), st.sampled_from([1.0, 5.0, 20.0]), st.sampled_from([0.125, 0.25, 0.5]), st.sampled_from([2.0, 8.0])
)


def captured(part: list[float], by: list[float], worked: float) -> float:
    """The share of a total in the best `worked` leads, the mean over all orders of tied ones."""
    shares = []
    for order in permutations(range(len(part))):
        if all(by[a] >= by[b] for a, b in pairwise(order)):
            whole = int(worked)
            got = sum(part[k] for k in order[:whole])
            got += (worked - whole) * part[order[whole]] if whole < len(part) else 0.0
            shares.append(got / sum(part))
    return float(np.mean(shares))


@given(st.lists(lead, min_size=4, max_size=5))
@settings(max_examples=25, deadline=None)
def test_shares_are_those_of_every_order_of_tied_leads(leads) -> None:
    won, value, chance, deal = (np.array(column) for column in zip(*leads, strict=True))
    if not won.any():
        return
    with patch("leadml.watch.value.value_ranking.DRAWS", 1):
        found = compare_rankings(won, value, chance, deal)
    expected = chance * deal
    worked = 0.2 * len(leads)
    worth = (value * won).tolist()
    assert found.value_by_probability.value == pytest.approx(captured(worth, chance.tolist(), worked))
    assert found.value_by_value.value == pytest.approx(captured(worth, expected.tolist(), worked))
    assert found.wins_by_value.value == pytest.approx(captured(won.astype(float).tolist(), expected.tolist(), worked))
    assert found.foretold.value == pytest.approx(deal[won].sum() / value[won].sum())
    half = found.curve[10]
    assert half.value_by_value == pytest.approx(captured(worth, expected.tolist(), len(leads) / 2))


def world(leads: int, seed: int, spread: float) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    chance = rng.beta(1, 7, leads)
    deal = 1000 * np.exp(rng.normal(0, spread, leads))
    won = rng.random(leads) < chance
    return won, deal * rng.gamma(3, 1 / 3, leads), chance, deal


@pytest.fixture(scope="module")
def better() -> ExpectedValue:
    return compare_rankings(*world(2500, 1, 1.0))


def test_value_that_differs_makes_ranking_by_it_better(better: ExpectedValue) -> None:
    won, value, chance, deal = world(2500, 1, 1.0)
    assert better.verdict == "BETTER"
    assert better.value_gain.low > 0
    assert better.wins_gain.high < 0
    assert "points more (95 % interval" in better.sentence
    assert "It costs wins" in " ".join(better.sentences)
    assert better.rank_correlation == pytest.approx(spearmanr(chance, chance * deal)[0])
    assert better.correlation.value == pytest.approx(spearmanr(deal[won], value[won])[0])
    assert better.foretold.value == pytest.approx(deal[won].sum() / value[won].sum())
    assert (better.curve[0].value_by_value, better.curve[-1].value_by_value) == pytest.approx((0, 1))


def test_the_interval_of_the_gain_covers_what_many_leads_show() -> None:
    won, value, chance, deal = world(400_000, 999, 0.6)
    best = [np.argsort(-by)[:80_000] for by in (chance * deal, chance)]
    first, second = ((won * value)[place].sum() / (won * value).sum() for place in best)
    with patch("leadml.watch.value.value_ranking.DRAWS", 149):
        found = [compare_rankings(*world(400, seed, 0.6)).value_gain for seed in range(20)]
    assert sum(gain.low <= first - second <= gain.high for gain in found) >= 16


def test_without_different_values_it_is_no_better() -> None:
    won, value, chance, _ = world(1500, 2, 0.0)
    found = compare_rankings(won, value, chance, np.full(1500, 1000.0))
    assert found.verdict == "NO BETTER"
    assert "no better than ranking by probability" in found.sentence
    assert (found.value_gain.value, found.overlap) == (0.0, 1.0)
    assert "nearly the same" in " ".join(found.sentences)


def test_few_deals_are_no_evidence() -> None:
    won, value, chance, deal = world(150, 3, 1.0)
    value[np.flatnonzero(won)[4:]] = math.nan
    found = compare_rankings(won, value, chance, deal)
    assert (found.verdict, found.won, found.without_value) == ("INSUFFICIENT", 4, int(won.sum()) - 4)
    assert "not enough evidence" in found.sentence
    assert "left out of this comparison" in found.sentences[-1]
    none = compare_rankings(np.zeros(50, dtype=bool), value[:50], chance[:50], deal[:50])
    assert (none.verdict, none.curve, none.value_gain.value) == ("INSUFFICIENT", (), None)


@pytest.mark.parametrize(
    ("ends", "verdict", "words"),
    [
        ((-0.2, -0.1), "WORSE", "worse than ranking by probability"),
        ((-0.02, 0.03), "NO BETTER", "no better than ranking by probability"),
        ((-0.01, 0.22), "UNDECIDED", "not enough evidence that it is better"),
        ((0.01, 0.22), "BETTER", "points more"),
    ],
)
def test_words_follow_the_interval(better: ExpectedValue, ends, verdict: str, words: str) -> None:
    other = replace(better, value_gain=Figure("more of the won value", sum(ends) / 2, *ends, "%"))
    assert other.verdict == verdict
    assert words in other.sentence


def test_neither_row_order_nor_a_second_run_changes_a_digit(better: ExpectedValue) -> None:
    order = np.random.default_rng(5).permutation(2500)
    assert compare_rankings(*(column[order] for column in world(2500, 1, 1.0))) == better


def test_it_is_read_back_and_shown(better: ExpectedValue) -> None:
    told = json.loads(json.dumps(better.to_dict(), allow_nan=False))
    assert ExpectedValue.from_dict(told) == better
    with pytest.raises(DataError, match="lacks the keys"):
        ExpectedValue.from_dict({name: part for name, part in told.items() if name != "overlap"})
    frame = better.frame()
    assert frame["worked"].tolist() == [k / 20 for k in range(21)]
    assert (np.diff(frame.to_numpy(), axis=0) >= -1e-12).all()
    assert better.sentence in better.text
    assert "<script" not in better._repr_html_()
    axes = better.plot().axes[0]
    lines = {line.get_label().split(":")[0]: line for line in axes.get_lines()}
    assert lines["by expected value"].get_ydata() == pytest.approx(100 * frame["value_by_value"].to_numpy())
    assert lines["by probability"].get_xdata() == pytest.approx(100 * frame["worked"].to_numpy())


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="from 0"):
        compare_rankings([1, 0], [-5.0, 0.0], [0.5, 0.5], [1.0, 1.0])
    with pytest.raises(UsageError, match="2"):
        compare_rankings([1, 0], [5.0, 0.0], [0.5], [1.0, 1.0])
