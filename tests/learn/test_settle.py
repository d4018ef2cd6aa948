"""A sample's decision is mended by all leads, and values that a sample lacks stay with their neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.ground import Stage
from leadml.learn.search.refit import Leads
from leadml.learn.search.segments import Partition, cut_shapes
from leadml.learn.search.settle import settled
from leadml.learn.search.terms import Terms
from tests.learn.test_path import ground

AGE = FeatureCodes("age", "number", cuts=tuple("1234567"))


@pytest.mark.parametrize("askew", [1, 2, 6])
def test_a_cut_that_a_sample_has_put_in_the_wrong_place_moves(askew: int) -> None:
    rng = np.random.default_rng(askew)
    codes = rng.integers(0, 8, (1, 60_000)).astype(np.int16)
    won = (rng.random(60_000) < np.where(codes[0] >= 4, 0.35, 0.3)).astype(float)
    on = ground(Leads(codes, won, np.ones(60_000)), (AGE,))
    partition = Partition((np.append(np.arange(8) >= askew, False).astype(np.int64),))
    stage = Stage(1, partition, on.fit(on.landscape, partition, 1.0))
    found = settled(on, stage, on.begins[0.0], strength=1.0, terms=Terms.of((AGE,)))
    assert found.rules == 1
    group = found.partition.groups[0][:-1]
    assert (np.flatnonzero(np.diff(group)) + 1).tolist() == [4]


def test_a_table_without_rules_stays_without() -> None:
    rng = np.random.default_rng(0)
    leads = Leads(rng.integers(0, 8, (1, 900)).astype(np.int16), rng.integers(0, 2, 900).astype(float), np.ones(900))
    on = ground(leads, (AGE,))
    partition = Partition((np.zeros(9, dtype=np.int64),))
    stage = Stage(0, partition, on.fit(on.landscape, partition, 1.0))
    assert settled(on, stage, on.begins[0.0], strength=1.0, terms=Terms.of((AGE,))) is stage


def test_numbers_that_no_lead_has_stay_with_their_neighbours() -> None:
    """They used to belong to the commonest group: the tail of a count went up and down, and each turn cost a row."""
    leads = np.array([90.0, 30, 0, 20, 0, 0, 10, 0, 0])
    shape = np.array([0.0, 1, 9, 1, 9, 9, 1, 9, 9])
    groups = cut_shapes([AGE], [shape], [leads], least_leads=5, most_groups=5).groups[0]
    assert groups.tolist()[:-1] == [0, 1, 1, 1, 1, 1, 1, 1]
    assert groups[-1] == 0  # *missing* that no lead has belongs to the commonest
