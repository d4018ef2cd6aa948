"""Exchange: what a path has merged too early comes apart again, where other rules can be spared for it.

A path never undoes a merge. At its end, groups are split where that gains most on the leads, a few at a time, and the
crowd is thinned to as many rules as before; what fits the leads better stays, until nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.crowd import Crowd, sides_of
from leadml.learn.search.ground import LEAST_LEADS, Stage
from leadml.learn.search.landscape import look, members_of
from leadml.learn.search.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.ground import Ground
    from leadml.learn.search.landscape import Landscape
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.terms import Terms

AT_ONCE = (1, 2, 4, 8)
MOST_ROUNDS = 20
LEAST_GAIN = 0.3  # in log-likelihood; less is not worth another look
STRIDE = 0.88


def exchanged(
    ground: Ground, stage: Stage, fine: Partition, *, strength: float, terms: Terms, rules: int | None = None
) -> Stage:
    """Split and merge groups of a stage as long as the leads are fitted better with as many rules.

    Parameters
    ----------
    ground : Ground
        What paths walk on.
    stage : Stage
        Where a path has come to.
    fine : Partition
        What can be told apart.
    strength : float
        Weight of the pull towards the shape.
    terms : Terms
        What the groups have to keep to.
    rules : int, optional
        How many rules there may be: a merge that saved two of them may have passed by that number.

    Returns
    -------
    Stage
        With as many rules or fewer, and no less likelihood.
    """
    most = stage.rules if rules is None else rules

    def others(stage: Stage) -> Iterator[Stage]:
        near = landscape_near(ground, stage, fine)
        for partition in parted(stage, fine, best_splits(ground, near, stage, strength, terms)):
            fit = ground.fit(near, partition, strength)
            yield _thinned(ground, near, partition, fit, most, strength, terms)

    return improved(stage, others, lambda stage: _loss(ground, stage.partition, stage.fit, strength))


def improved(stage: Stage, others: Callable[[Stage], Iterator[Stage]], loss: Callable[[Stage], float]) -> Stage:
    """Go on to the first of some other stages that costs less, again and again, until none does.

    Examples
    --------
    >>> improved(7, lambda stage: iter([stage + 1, abs(stage - 2)]), float)
    1
    """
    best = loss(stage)
    for _ in range(MOST_ROUNDS):
        for other in others(stage):
            cost = loss(other)
            if cost < best - LEAST_GAIN:
                stage, best = other, cost
                break
        else:
            return stage
    return stage


def parted(stage: Stage, fine: Partition, gains: list[Split]) -> Iterator[Partition]:
    """Split one group, two, four …, those first that gain most."""
    for splits in AT_ONCE:
        yield split(stage.partition, fine, gains[:splits])
        if splits >= len(gains):
            return


def _thinned(
    ground: Ground, near: Landscape, partition: Partition, fit: Refit, rules: int, strength: float, terms: Terms
) -> Stage:
    """Merge down to so many rules, glancing at the leads at each step."""
    while True:
        near = near.glance(ground.leads, partition, fit)
        fit = ground.fit(near, partition, strength)
        crowd = Crowd(ground, partition, fit, ground.pull(partition, strength), terms)
        if not crowd.straighten(terms):
            if crowd.rules <= rules:
                break
            crowd.thin(max(rules, int(crowd.rules * STRIDE)))
        partition = crowd.partition()
        fit = ground.fit(near, partition, strength)
    for _ in range(2):
        near = near.glance(ground.leads, partition, fit)
        fit = ground.fit(near, partition, strength)
    return Stage(crowd.rules, partition, fit)


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
    found = [(k, group, part) for k, group, part in _parts(ground, near, stage.partition, terms)]
    if not found:
        return []
    starts = near.partition.starts
    apart = np.zeros((len(near.curvature), len(found)))
    for column, (k, _, part) in enumerate(found):
        apart[1 + starts[k] + part, column] = 1.0
    joins = near._joins(stage.partition)
    beta = joins @ np.concatenate([[stage.fit.intercept], stage.fit.effects])
    gradient = near.curvature @ beta - near.pull
    coarse = joins.T @ near.curvature @ joins
    coarse[np.arange(1, len(coarse)), np.arange(1, len(coarse))] += ground.pull(stage.partition, strength)
    curved = near.curvature @ apart
    along = joins.T @ curved
    spread = (apart * curved).sum(axis=0) - (along * np.linalg.solve(coarse, along)).sum(axis=0) + strength / 2
    gain = (apart.T @ gradient) ** 2 / (2 * np.maximum(spread, 1e-9))
    best: dict[tuple[int, int], Split] = {}
    for column in np.argsort(-gain, kind="stable"):
        k, group, part = found[int(column)]
        best.setdefault((k, group), (k, part))
    return list(best.values())


def _parts(
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
            for at in range(len(inside)):
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


def _loss(ground: Ground, partition: Partition, fit: Refit, strength: float) -> float:
    """Give the penalised log-loss of the leads."""
    leads, told = ground.leads, fit.log_odds(partition, ground.leads.codes)
    off = fit.effects - partition.average(ground.told, ground.counts)
    lost = float(leads.weight @ (np.logaddexp(0, told) - leads.won * told))
    return lost + 0.5 * float(ground.pull(partition, strength) @ off**2)
