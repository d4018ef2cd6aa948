"""Splits: how a group of a stage comes apart, and what each way gains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.crowd import sides_of
from leadml.learn.search.ground import LEAST_LEADS
from leadml.learn.search.landscape import look, members_of
from leadml.learn.search.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.landscape import Landscape
    from leadml.learn.search.terms import Terms

Split = tuple[int, "NDArray[np.int64]"]


def landscape_near(ground: Ground, stage: Stage, fine: Partition) -> Landscape:
    """Draw the landscape of a fine partition where a stage is."""
    effects = np.concatenate([
        stage.fit.effects[start + group[codes]]
        for start, group, codes in zip(
            stage.partition.starts, stage.partition.groups, members_of(fine), strict=True
        )
    ])  # fmt: skip
    return look(ground.leads, fine, stage.fit.intercept, effects)


def best_splits(ground: Ground, near: Landscape, stage: Stage, strength: float, terms: Terms) -> list[Split]:
    """List splits of groups, the best of each group, the one that gains most first: feature, fine groups."""
    found = [(k, group, part) for k, group, part in parts_of(ground, near, stage.partition, terms)]
    if not found:
        return []
    starts = near.partition.starts
    apart = np.zeros((len(near.curvature), len(found)))
    for column, (k, _, part) in enumerate(found):
        apart[1 + starts[k] + part, column] = 1.0
    sums, told = near.sums(stage.partition), stage.partition.told
    beta = np.concatenate([[stage.fit.intercept], stage.fit.effects])[sums.into]
    gradient = near.curvature @ beta - near.pull
    coarse = sums.both(near.curvature)
    coarse[np.arange(1, len(coarse)), np.arange(1, len(coarse))] += ground.pull(stage.partition, strength)
    curved = near.curvature @ apart
    along = sums.rows(curved)[told]
    adapted = (along * np.linalg.solve(coarse[np.ix_(told, told)], along)).sum(axis=0)
    spread = (apart * curved).sum(axis=0) - adapted + strength / 2
    gain = (apart.T @ gradient) ** 2 / (2 * np.maximum(spread, 1e-9))
    best: dict[tuple[int, int], Split] = {}
    for column in np.argsort(-gain, kind="stable"):
        k, group, part = found[int(column)]
        best.setdefault((k, group), (k, part))
    return list(best.values())


def parts_of(
    ground: Ground, near: Landscape, partition: Partition, terms: Terms
) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Give ways to split a group of a feature in two: at any cut, or one fine group of categories off the rest."""
    own = len(ground.features) - len(ground.conjunctions)
    sides = sides_of(ground.conjunctions, partition)
    crowd = near.partition.total(ground.counts)
    for k, (feature, codes) in enumerate(zip(ground.features[:own], near.members[:own], strict=True)):
        home = partition.groups[k][codes]
        for group in range(int(partition.sizes[k]) if not terms.held[k] else 0):
            if sides[partition.starts[k] + group]:
                continue  # a conjunction of two rules would cost twice as much
            inside = np.flatnonzero(home == group)
            inside = inside[np.argsort(codes[inside])]
            many = crowd[near.partition.starts[k] + inside]
            for at in range(len(inside) if feature.ordered or len(inside) > 2 else 1):
                part = slice(0, at) if feature.ordered else slice(at, at + 1)
                if min(many[part].sum(), many.sum() - many[part].sum()) >= LEAST_LEADS:
                    yield k, group, inside[part]


def split(partition: Partition, fine: Partition, splits: list[Split]) -> Partition:
    """Take parts out of groups, each to be a group of its own."""
    groups = list(partition.groups)
    for k, part in splits:
        moved = np.where(np.isin(fine.groups[k], part), groups[k].max() + 1, groups[k])
        groups[k] = np.unique(moved, return_inverse=True)[1]
    return Partition(tuple(groups))
