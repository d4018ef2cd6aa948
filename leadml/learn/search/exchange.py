"""Exchange: what a path has merged too early comes apart again, where other rules can be spared for it.

A path never undoes a merge. At its end, groups are split where that gains most on the leads, a few at a time, and the
crowd is thinned to as many rules as before; what fits the leads better stays, until nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.crowd import Crowd
from leadml.learn.search.ground import Stage
from leadml.learn.search.splits import best_splits, landscape_near, split

if TYPE_CHECKING:
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.landscape import Landscape
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.splits import Split
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


def _loss(ground: Ground, partition: Partition, fit: Refit, strength: float) -> float:
    """Give the penalised log-loss of the leads."""
    leads, told = ground.leads, fit.log_odds(partition, ground.leads.codes)
    off = fit.effects - partition.average(ground.told, ground.counts)
    lost = float(leads.weight @ (np.logaddexp(0, told) - leads.won * told))
    return lost + 0.5 * float(ground.pull(partition, strength) @ off**2)
