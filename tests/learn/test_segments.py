"""Segments: the cuts are the best ones, counted out by hand on small shapes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.segments import Partition, cut_shapes


def number(codes: int) -> FeatureCodes:
    """Make a number feature with so many codes beside *missing*."""
    return FeatureCodes("x", "number", cuts=tuple(str(k) for k in range(1, codes)))


def cut(values: Sequence[float], leads: Sequence[float], least: float, most: int) -> NDArray[np.int64]:
    shape, counts = np.array([*values, 0.0]), np.array([*leads, 0.0])
    return cut_shapes([number(len(values))], [shape], [counts], least_leads=least, most_groups=most).groups[0][:-1]


def error(values: NDArray[np.float64], leads: NDArray[np.float64]) -> float:
    mean = np.average(values, weights=leads)
    return float(leads @ (values - mean) ** 2)


def best_error(values: NDArray[np.float64], leads: NDArray[np.float64], least: float, most: int) -> float:
    """Try all ways to cut into up to `most` runs with enough leads each."""
    n, found = len(values), []
    for cuts in range(min(most, n)):
        for places in combinations(range(1, n), cuts):
            runs = [slice(a, b) for a, b in pairwise((0, *places, n))]
            if cuts == 0 or all(leads[run].sum() >= least for run in runs):
                found.append(sum(error(values[run], leads[run]) for run in runs))
    return min(found)


shapes = st.lists(
    st.tuples(st.integers(-8, 8).map(lambda k: k / 4), st.integers(1, 60).map(float)), min_size=1, max_size=7
)


@given(shapes, st.sampled_from([0.0, 20.0, 50.0]), st.integers(1, 7))
def test_no_other_cuts_come_nearer_to_the_shape(shape: list[tuple[float, float]], least: float, most: int) -> None:
    values, leads = (np.array(column) for column in zip(*shape, strict=True))
    # Codes with the same contribution are never parted, even where the least number of leads would ask for it.
    assume(least == 0 or (np.diff(values) != 0).all())
    groups = cut(values, leads, least, most)
    reached = sum(error(values[groups == g], leads[groups == g]) for g in np.unique(groups))
    assert reached == pytest.approx(best_error(values, leads, least, most), abs=1e-9)


@given(shapes, st.sampled_from([0.0, 20.0, 50.0]), st.integers(1, 7))
def test_segments_are_runs_of_enough_leads(shape: list[tuple[float, float]], least: float, most: int) -> None:
    values, leads = (np.array(column) for column in zip(*shape, strict=True))
    groups = cut(values, leads, least, most)
    assert groups[0] == 0
    assert set(np.diff(groups).tolist()) <= {0, 1}
    assert groups.max() < most
    if groups.max() > 0:
        assert np.bincount(groups, leads).min() >= least


@pytest.mark.parametrize("waves", [1, 2, 3])
def test_a_wave_is_followed_although_its_first_cut_gains_nothing(waves: int) -> None:
    """One cut hardly helps a shape that rises and falls, two do: looking one cut ahead is not enough."""
    x = np.arange(100)
    groups = cut(np.cos(x * waves / 100 * 2 * np.pi), np.full(100, 50.0), 20.0, 151)
    assert groups.max() + 1 >= 4 * waves


def test_the_budget_goes_where_it_buys_most() -> None:
    steep, flat = np.array([0.0, 2.0, 4.0, 6.0, 0.0]), np.array([0.0, 0.1, 0.2, 0.3, 0.0])
    leads = [np.array([50.0, 50.0, 50.0, 50.0, 0.0])] * 2
    found = cut_shapes([number(4), number(4)], [flat, steep], leads, least_leads=0.0, most_groups=5)
    assert found.sizes.tolist() == [1, 4]


def test_categories_are_grouped_by_their_contribution_wherever_they_stand() -> None:
    city = FeatureCodes("city", "category", levels=("a", "b", "c", "d"))
    shape, leads = np.array([1.0, 0.0, 1.0, 0.0, 0.5, 3.0]), np.array([50.0, 50.0, 50.0, 50.0, 0.0, 40.0])
    found = cut_shapes([city], [shape], [leads], least_leads=20.0, most_groups=9)
    a, b, c, d, other, missing = found.groups[0].tolist()
    assert a == c != b == d
    assert missing not in (a, b)
    assert other in (a, b)


def test_missing_stands_apart_only_with_enough_leads() -> None:
    shape = np.array([0.0, 1.0, 5.0])
    for seen, apart in ((30.0, True), (10.0, False)):
        leads = np.array([100.0, 90.0, seen])
        groups = cut_shapes([number(2)], [shape], [leads], least_leads=20.0, most_groups=9).groups[0]
        assert (groups[2] not in groups[:2]) == apart


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=0, max_size=4))
def test_groups_of_all_features_are_numbered_one_after_the_other(raw: list[list[int]]) -> None:
    groups = tuple(np.unique(row, return_inverse=True)[1] for row in raw)
    partition = Partition(groups)
    assert len(partition.starts) == len(partition.sizes) == len(groups)
    numbered = [int(start + g) for start, group in zip(partition.starts, groups, strict=True) for g in group]
    assert sorted(set(numbered)) == list(range(int(partition.sizes.sum())))
    ones = [np.ones(len(row)) for row in raw]
    if groups:
        assert partition.total(ones).sum() == sum(map(len, raw))
        values = [np.arange(len(row), dtype=float) for row in raw]
        assert partition.average(values, ones) @ partition.total(ones) == pytest.approx(sum(v.sum() for v in values))
