"""Tables of many columns: not all pairs of them can be tried, and one that acts together is still found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml import LeadScorer
from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search import scan
from leadml.learn.search.conjunction import Conjunction
from leadml.learn.search.conjunctions import ROUNDS
from leadml.learn.search.ground import survey
from leadml.learn.search.refit import Leads, Refit
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

COLUMNS = 30
MOST_PAIRS = 200  # of 435: as if there were hundreds of columns
LEADS = 3000


def wide(kind: str) -> tuple[pd.DataFrame, np.ndarray]:
    """One column acts by itself, one turns what it says round, and all others say nothing."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(LEADS, COLUMNS))
    if kind == "flags":
        values = (rng.random((LEADS, COLUMNS)) < np.append([0.5, 0.5], rng.uniform(0.001, 0.4, COLUMNS - 2))) * 1.0
    first, other = np.where(values[:, :2] > (0.5 if kind == "flags" else 0.0), 1, -1).T
    told = 0.8 * first + 1.2 * first * other - 0.5
    won = (rng.random(LEADS) < 1 / (1 + np.exp(-told))).astype(int)
    return pd.DataFrame(values, columns=["first", "other", *(f"c{k}" for k in range(COLUMNS - 2))]), won


@pytest.fixture(autouse=True)
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MOST_PAIRS", MOST_PAIRS)


@pytest.mark.parametrize("kind", ["numbers", "flags"])
def test_a_pair_is_found_among_more_pairs_than_are_tried(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    tests = scan._Field.tests

    def counted(field: Any, pairs: np.ndarray) -> np.ndarray:
        tried.extend([len(field.weight) > scan.FIRST_LEADS] * len(pairs))
        return tests(field, pairs)

    monkeypatch.setattr(scan._Field, "tests", counted)
    frame, won = wide(kind)
    table = LeadScorer(max_rules=10).fit(frame, won).point_table_
    found = {frozenset(rule.split(":")[0] for rule in row.conditions) for row in table.interactions}
    assert frozenset({"first", "other"}) in found
    # Five folds and all leads, each scanned as often as conjunctions may join.
    assert MOST_PAIRS < COLUMNS * (COLUMNS - 1) / 2
    assert MOST_PAIRS < sum(tried) <= 6 * ROUNDS * MOST_PAIRS
    assert not all(tried)  # the others were looked at on the first leads only


def test_the_order_of_columns_decides_nothing_where_pairs_are_left_out() -> None:
    frame, won = wide("flags")
    one, other = (LeadScorer(max_rules=10).fit(columns, won) for columns in (frame, frame[frame.columns[::-1]]))
    assert one.point_table_ == other.point_table_


@pytest.mark.parametrize("turned", [False, True])
def test_what_conditions_say_alone_is_no_conjunction(turned: bool) -> None:
    """Two effects that no rule says yet leave residuals in every pair; only what they say together is found."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 2, size=(3, 6000)).astype(np.int16)
    first, other = 2 * codes[:2] - 1
    told = 0.5 * first + 0.5 * other + 0.4 * turned * first * other
    leads = Leads(codes, (rng.random(6000) < 1 / (1 + np.exp(-told))).astype(float), np.ones(6000))
    features = [FeatureCodes(name, "boolean", levels=("no", "yes")) for name in ("first", "other", "third")]
    ground = survey(leads, features, [np.zeros(3) for _ in features], (0.05,))
    nothing = Partition(tuple(np.zeros(3, dtype=np.int64) for _ in features))
    fit = Refit(float(np.log(leads.won.mean() / (1 - leads.won.mean()))), np.zeros(3), np.eye(4))
    found = scan.scan(ground, nothing, fit, Terms.of(features), (nothing,), nothing)
    assert [conjunction.features for conjunction in found] == ([(0, 1)] if turned else [])


def test_no_conjunction_holds_where_one_of_the_same_features_does() -> None:
    """A pair of rules has one row; a part of what is found already is what speaks loudest, and has to be left."""
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, size=(2, 12_000)).astype(np.int16)
    told = -1 + 1.2 * (codes[0] >= 2) * (codes[1] >= 2) + 1.5 * (codes[0] == 3) * (codes[1] == 3)
    leads = Leads(codes, (rng.random(12_000) < 1 / (1 + np.exp(-told))).astype(float), np.ones(12_000))
    features = [FeatureCodes(name, "number", cuts=("1", "2", "3")) for name in ("first", "other")]
    ground = survey(leads, features, [np.zeros(5) for _ in features], (0.05,))
    apart = Partition((np.array([0, 1, 2, 3, 0]),) * 2)
    level = float(np.log(leads.won.mean() / (1 - leads.won.mean())))
    upper = np.array([False, False, True, True, False])
    known = replace(ground, conjunctions=(Conjunction((0, 1), (upper, upper)),))
    fit = Refit(level, np.zeros(8), np.eye(9))
    whole = Partition((np.zeros(5, dtype=np.int64),) * 2)
    (alone,) = scan.scan(ground, apart, fit, Terms.of(features), (apart,), whole)
    assert all(condition[3] for condition in alone.codes)
    for conjunction in scan.scan(known, apart, fit, Terms.of(features), (apart,), whole):
        assert not all((condition & upper).any() for condition in conjunction.codes)
