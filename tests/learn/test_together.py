"""SHAP interaction values: those of the shap library, those of the definition, and planted pairs found again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import factorial
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import shap
from numpy.typing import NDArray

from leadml.learn.boosting.attribution import interaction_shares
from leadml.learn.boosting.booster import ceiling, matrix
from leadml.learn.boosting.leaves import Leaf, leaves
from leadml.learn.boosting.together import interactions
from leadml.learn.coding.prepare import Prepared, prepare
from leadml.learn.learner import make_folds

from .conftest import Known


def trained(frame: pd.DataFrame, won: NDArray[np.bool_]) -> tuple[Prepared, lightgbm.Booster]:
    known = prepare(frame, won, np.ones(len(won)))
    leads = known.leads
    folds = make_folds(leads.won, None, 0)
    return known, ceiling(known.features, leads.codes, leads.won, leads.weight, folds, 0)


def ranges(leads: int, seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Make leads without categories, a fifth of one column missing; a with b, and c with t, act together."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.normal(size=leads) for name in "abcde"}).assign(t=rng.random(leads) < 0.4)
    frame.loc[rng.random(leads) < 0.2, "a"] = np.nan
    log_odds = frame["a"].fillna(0.5) * frame["b"] + (frame["c"] > 0) * frame["t"] + 0.3 * frame["d"] - 1
    return frame, rng.random(leads) < 1 / (1 + np.exp(-log_odds.to_numpy()))


def test_they_are_those_of_the_shap_library_where_splits_are_ranges() -> None:
    known, top = trained(*ranges(3000, 0))
    codes = np.ascontiguousarray(known.leads.codes[:, :150])
    own = interactions(top, known.features, codes)
    theirs = shap.TreeExplainer(top, feature_perturbation="tree_path_dependent")
    told = theirs.shap_interaction_values(matrix(known.features, codes))
    assert len(own.pairs) == 15
    for (i, j), values in zip(own.pairs, own.values, strict=True):
        assert values == pytest.approx(told[:, i, j] + told[:, j, i], abs=1e-9)
    assert np.abs(own.values).max() > 0.3


def by_definition(every: Sequence[Leaf], features: int, lead: NDArray[np.int16]) -> dict[tuple[int, int], float]:
    """Play the game of path-dependent TreeSHAP on all sets of features, and apply Shapley's weights."""

    def game(known: tuple[int, ...]) -> float:
        return sum(
            leaf.value * np.prod([a.passes[lead[k]] if k in known else a.ratio for k, a in leaf.asked.items()])
            for leaf in every
        )

    found = {}
    for i, j in combinations(range(features), 2):
        others = [k for k in range(features) if k not in (i, j)]
        total = 0.0
        for size in range(len(others) + 1):
            weight = factorial(size) * factorial(features - size - 2) / factorial(features - 1)
            for some in combinations(others, size):
                total += weight * (game((*some, i, j)) - game((*some, i)) - game((*some, j)) + game(some))
        found[i, j] = total
    return found


def test_they_are_those_of_the_definition_with_categories_too(planted: Known) -> None:
    frame = planted.frame[["visits", "source", "city", "member"]]
    known = prepare(frame, planted.won, np.ones(len(frame)))
    leads = known.leads
    top = ceiling(known.features, leads.codes, leads.won, leads.weight, (), 0)
    every = list(leaves(top, known.features))
    some = np.ascontiguousarray(leads.codes[:, :2])
    own = interactions(top, known.features, some)
    assert any(not f.ordered for f in known.features)
    for lead in range(some.shape[1]):
        told = by_definition(every, len(known.features), some[:, lead])
        for pair, values in zip(own.pairs, own.values, strict=True):
            assert values[lead] == pytest.approx(told[pair], abs=1e-9)


def test_leaves_are_the_model(planted: Known) -> None:
    """Each lead passes one leaf of each tree, and their values sum to what the booster says."""
    known, top = trained(planted.frame, planted.won)
    every = list(leaves(top, known.features))
    codes = known.leads.codes[:, :500]
    passed = np.array([np.all([a.passes[codes[k]] for k, a in leaf.asked.items()], axis=0) for leaf in every])
    told = np.array([leaf.value for leaf in every]) @ passed
    assert (passed.sum(axis=0) == top.num_trees()).all()
    raw: Any = top.predict(matrix(known.features, codes), raw_score=True)
    assert told == pytest.approx(raw, abs=1e-9)


def test_planted_pairs_are_found_and_an_additive_truth_has_none(planted: Known) -> None:
    known, top = trained(*ranges(6000, 1))
    names = [f.name for f in known.features]
    found = interaction_shares(top, known.features, known.leads.codes)
    assert [{names[k] for k in pair.features} for pair in found[:2]] == [{"a", "b"}, {"c", "t"}]
    assert found[1].share > 0.02
    assert sum(pair.share for pair in found) < 0.9
    known, top = trained(planted.frame, planted.won)
    assert interaction_shares(top, known.features, known.leads.codes)[0].share < 0.02


def test_a_model_that_says_nothing_has_no_shares() -> None:
    frame = pd.DataFrame({"a": np.arange(60) % 3, "b": np.arange(60) % 2 == 0})
    known = prepare(frame, np.arange(60) % 30 == 0, np.ones(60))
    leads = known.leads
    top = ceiling(known.features, leads.codes, np.zeros(60), leads.weight, (), 0)
    assert interaction_shares(top, known.features, leads.codes) == ()
