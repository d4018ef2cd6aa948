"""Settle: what a sample has decided is looked at once more by all leads.

Paths walk on a sample. Where there are many more leads, these tell small effects apart that the sample could not. One
look at all of them draws the landscape of the fine groups there; by that picture alone groups are split and merged as
in an exchange, as long as the leads are fitted better with as many rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.crowd import Crowd
from leadml.learn.search.exchange import improved, parted
from leadml.learn.search.ground import Stage
from leadml.learn.search.splits import best_splits, landscape_near

if TYPE_CHECKING:
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.landscape import Landscape
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

STRIDE = 0.8


def settled(ground: Ground, stage: Stage, fine: Partition, *, strength: float, terms: Terms) -> Stage:
    """Exchange rules by one look at many leads.

    Parameters
    ----------
    ground : Ground
        All leads.
    stage : Stage
        What a sample has decided.
    fine : Partition
        What can be told apart.
    strength : float
        Weight of the pull towards the shape.
    terms : Terms
        What the groups have to keep to.

    Returns
    -------
    Stage
        With as many rules or fewer, which fits these leads no worse.
    """
    if stage.rules == 0:
        return stage
    near = landscape_near(ground, stage, fine)
    stage = Stage(stage.rules, stage.partition, ground.fit(near, stage.partition, strength))

    def others(stage: Stage) -> Iterator[Stage]:
        for partition in parted(stage, fine, best_splits(ground, near, stage, strength, terms)):
            yield thinned(ground, near, partition, stage.rules, strength, terms)

    return improved(stage, others, lambda stage: _loss(ground, near, stage, strength))


def thinned(ground: Ground, near: Landscape, partition: Partition, rules: int, strength: float, terms: Terms) -> Stage:
    """Merge down to so many rules by one landscape, without a look at the leads."""
    fit = ground.fit(near, partition, strength)
    while True:
        crowd = Crowd(ground, partition, fit, ground.pull(partition, strength), terms)
        if not crowd.straighten(terms):
            if crowd.rules <= rules:
                return Stage(crowd.rules, partition, fit)
            crowd.thin(max(rules, int(crowd.rules * STRIDE)))
        partition = crowd.partition()
        fit = ground.fit(near, partition, strength)


def _loss(ground: Ground, near: Landscape, stage: Stage, strength: float) -> float:
    """Give the penalised log-loss by the landscape, but for a constant."""
    beta = np.concatenate([[stage.fit.intercept], stage.fit.effects])[near.sums(stage.partition).into]
    off = stage.fit.effects - stage.partition.average(ground.told, ground.counts)
    pulled = 0.5 * float(ground.pull(stage.partition, strength) @ off**2)
    return 0.5 * float(beta @ near.curvature @ beta) - float(near.pull @ beta) + pulled
