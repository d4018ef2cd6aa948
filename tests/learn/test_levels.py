"""Levels of categories: shrunk by what is known of them, against scikit-learn's ridge and planted effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from leadml.learn.coding.codes import FeatureCodes, category_codes
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.levels import levelled, levelled_to_wins, shrunk
from leadml.learn.search.refit import Leads
from leadml.stats import auc

some = arrays(np.float64, st.integers(2, 30), elements=st.floats(-5, 5))


@given(some, st.data())
def test_each_effect_is_drawn_towards_one_mean_and_thin_evidence_farther(
    effect: NDArray[np.float64], data: st.DataObject
) -> None:
    precision = data.draw(arrays(np.float64, len(effect), elements=st.floats(0.01, 100)))
    drawn = shrunk(effect, precision)
    assert drawn.min() >= effect.min() - 1e-9
    assert drawn.max() <= effect.max() + 1e-9
    if np.ptp(drawn) == 0:
        return
    told = precision / (precision + 1)  # any share that rises with precision gives the same order of shrinkage
    kept = np.array([_kept(effect, precision, drawn, k) for k in range(len(effect))])
    known = np.isfinite(kept)
    order = np.argsort(told[known])
    assert (np.diff(kept[known][order]) >= -1e-6).all()


def _kept(effect: NDArray[np.float64], precision: NDArray[np.float64], drawn: NDArray[np.float64], k: int) -> float:
    """Give the share of its distance from the mean that an effect keeps; the mean is where two lines cross."""
    total = precision.sum()
    beyond = precision @ (effect - precision @ effect / total) ** 2 - (len(effect) - 1)
    spread = beyond / (total - (precision**2).sum() / total)
    weight = 1 / (spread + 1 / precision)
    mean = weight @ effect / weight.sum()
    return float((drawn[k] - mean) / (effect[k] - mean)) if abs(effect[k] - mean) > 1e-3 else np.nan


def test_levels_agree_with_a_ridge_of_the_planted_spread() -> None:
    """A ridge whose strength is one over the planted variance gives the likeliest effects, but has to be told it."""
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 1, 60)
    level = np.repeat(np.arange(60), rng.integers(6, 40, 60))
    won = (rng.random(len(level)) < 1 / (1 + np.exp(-truth[level]))).astype(np.float64)
    codes = FeatureCodes("city", "category", levels=tuple(map(str, range(60))))
    leads = Leads(level[None, :].astype(np.int16), won, np.ones(len(won)))
    ours = levelled(leads, [codes], [np.zeros(62)])[0][:60]
    ridge = LogisticRegression(C=1.0, tol=1e-8).fit(np.eye(60)[level], won).coef_[0]
    assert np.corrcoef(ours, ridge)[0, 1] > 0.99
    assert np.abs((ours - ours.mean()) - (ridge - ridge.mean())).max() < 0.35
    assert ((ours - truth) ** 2).mean() < 0.8 * ((_alone(level, won) - truth) ** 2).mean()


def _alone(level: NDArray[np.int64], won: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log-odds of each level by itself, half a lead added to both sides."""
    wins, leads = np.bincount(level, won), np.bincount(level)
    return np.asarray(np.log((wins + 0.5) / (leads - wins + 0.5)), dtype=np.float64)


def test_levels_without_a_difference_are_told_nothing() -> None:
    rng = np.random.default_rng(2)
    level, won = rng.integers(0, 50, 2000), (rng.random(2000) < 0.3).astype(np.float64)
    codes = FeatureCodes("city", "category", levels=tuple(map(str, range(50))))
    lied = rng.normal(0, 0.5, 52)
    told = levelled(Leads(level[None, :].astype(np.int16), won, np.ones(2000)), [codes], [lied])[0]
    assert np.ptp(told[:50]) < 0.2
    assert told[51] == lied[51]  # *missing* keeps what it had


def test_levels_are_drawn_to_where_learning_started() -> None:
    """A level without evidence of its own stays with what all segments say of it."""
    level = np.repeat(np.arange(6), [2, 300, 300, 300, 300, 300])
    won = np.concatenate([[1, 0], np.tile([1, 0, 0], 500)]).astype(np.float64)
    codes = FeatureCodes("city", "category", levels=tuple("abcdef"))
    start = [np.array([2.0, 0, 0, 0, 0, 0, 0, 0])]
    leads = Leads(level[None, :].astype(np.int16), won, np.ones(len(won)))
    begun = levelled(leads, [codes], start, start)[0]
    alone = levelled(leads, [codes], start)[0]
    assert begun[0] > 1.5 > 0.5 > alone[0]


def test_few_levels_numbers_and_booleans_stay_as_they_are() -> None:
    features = [
        FeatureCodes("a", "number", cuts=("1", "2")),
        FeatureCodes("b", "boolean", levels=("false", "true")),
        FeatureCodes("c", "category", levels=tuple("wxyz")),
    ]
    rng = np.random.default_rng(3)
    codes = np.stack([rng.integers(0, 3, 500), rng.integers(0, 2, 500), rng.integers(0, 4, 500)]).astype(np.int16)
    told = [rng.normal(size=feature.size) for feature in features]
    same = levelled(Leads(codes, rng.integers(0, 2, 500).astype(np.float64), np.ones(500)), features, told)
    for before, after in zip(told, same, strict=True):
        np.testing.assert_array_equal(before, after)


@given(st.integers(0, 1000))
def test_the_level_of_wins_makes_the_expected_wins_those_seen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told, won, weight = rng.normal(0, 3, 200), rng.integers(0, 2, 200).astype(np.float64), rng.uniform(0.1, 3, 200)
    level = levelled_to_wins(Leads(np.zeros((0, 200), dtype=np.int16), won, weight), told)
    assert weight @ (1 / (1 + np.exp(-level - told))) == pytest.approx(weight @ won, rel=1e-6)


def test_a_column_of_very_many_levels_keeps_the_commonest_thousand() -> None:
    counts = np.repeat(np.arange(5, 25), 100)  # 2,000 levels
    where = np.repeat(np.arange(2000), counts)
    codes, coded = category_codes("x", [f"{k:04}" for k in range(2000)], where, 5)
    assert len(codes.levels) <= 1000
    kept = {int(text) for text in codes.levels}
    assert min(counts[list(kept)]) > max(counts[list(set(range(2000)) - kept)]) - 1
    assert (coded == codes.other).sum() == counts[sorted(set(range(2000)) - kept)].sum()


def test_rare_levels_that_matter_together_are_in_the_table() -> None:
    """250 cities with 8 to 30 leads each: none says much by itself."""
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 1.2, 250)
    city = rng.choice(250, 10_000, p=(share := rng.uniform(0.3, 1, 250)) / share.sum())
    won = (rng.random(10_000) < 1 / (1 + np.exp(1 - truth[city]))).astype(int)
    frame = pd.DataFrame({"city": pd.Series(city).map("c{:03}".format)})
    table = LeadScorer(max_rules=10).fit(frame[:5000], won[:5000]).point_table_
    told = auc(won[5000:], table.score(frame[5000:], reasons=0)["score"])
    assert told > auc(won[5000:], truth[city[5000:]]) - 0.06
    assert 4 <= table.n_rules <= 10
