"""Bundles count what a cross table of every pair of features counts, whatever their numbers of groups."""

import numpy as np
import pandas as pd
import pytest

from leadml.learn.search.bundles import MOST_CELLS, CrossTables, bundled
from leadml.learn.search.segments import Partition


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_of_groups_is_counted_as_pandas_counts_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 5, 9, 70], size=9)
    groups = tuple(rng.permutation(np.r_[np.arange(size), rng.integers(0, size, 4)]) for size in sizes)
    codes = np.array([rng.integers(0, len(group), 700) for group in groups], dtype=np.int16)
    values = rng.normal(size=700)
    partition = Partition(groups)
    found = np.zeros((int(partition.sizes.sum()),) * 2)
    bundles = bundled(codes, partition)
    for one in bundles:
        for other in bundles:
            found[np.ix_(one.groups, other.groups)] = one.crossed(other, values)[0]
    for a, (group_a, at_a) in enumerate(zip(groups, partition.starts, strict=True)):
        for b, (group_b, at_b) in enumerate(zip(groups, partition.starts, strict=True)):
            if a == b or sizes[a] == 1 or sizes[b] == 1:
                continue
            told = pd.crosstab(group_a[codes[a]], group_b[codes[b]], values, aggfunc="sum")
            told = told.reindex(index=range(sizes[a]), columns=range(sizes[b])).fillna(0.0)
            here = found[at_a : at_a + sizes[a], at_b : at_b + sizes[b]]
            np.testing.assert_allclose(here, told.to_numpy(), atol=1e-9)


def test_cross_tables_of_pairs_are_those_of_pandas_whichever_feature_comes_first() -> None:
    rng = np.random.default_rng(11)
    sizes = [4, 2, 9, 3, 2, 70, 5]
    groups = tuple(rng.permutation(np.arange(size)) for size in sizes)
    codes = np.array([rng.integers(0, size, 900) for size in sizes], dtype=np.int16)
    tables = CrossTables.of(codes, Partition(groups))
    values = rng.normal(size=(2, 900))
    pairs = np.array([(a, b) for a in range(7) for b in range(7) if a != b])[rng.permutation(42)]
    for leads in (900, 100):
        found = tables.first(leads).of_pairs(pairs, *values[:, :leads])
        for each, of_pairs in zip(values[:, :leads], found, strict=True):
            for (a, b), here in zip(pairs, of_pairs, strict=True):
                rows, columns = (groups[k][codes[k, :leads]] for k in (a, b))
                told = pd.crosstab(rows, columns, each, aggfunc="sum")
                told = told.reindex(index=range(70), columns=range(70)).fillna(0.0)
                np.testing.assert_allclose(here, told.to_numpy(), atol=1e-9)


def test_bundles_stay_small_and_leave_out_what_has_one_group() -> None:
    sizes = [1, 2, 2, 2, 2, 2, 2, 3, 200]
    partition = Partition(tuple(np.arange(size) for size in sizes))
    bundles = bundled(np.zeros((len(sizes), 4), dtype=np.int16), partition)
    assert [len(bundle.holds) for bundle in bundles] == [MOST_CELLS, 3, 200]
    assert sorted(np.concatenate([bundle.groups for bundle in bundles]).tolist()) == list(range(1, sum(sizes)))
