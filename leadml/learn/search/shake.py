"""Shake: in a small table groups come apart at random and are thinned again; what ranks the leads better stays.

Paths and exchange go by the log-loss, whose change can be foreseen. What a table is for is to rank, and the few rules
that are best by log-loss are not quite those that are best by AUC; where there are many rules the two agree. So in a
small table some splits are taken at random, the crowd is thinned to as many rules as before, and the result stays if it
puts more won leads above lost ones (iterated local search; Lourenço, Martin and Stützle 2003).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.exchange import best_splits, landscape_near, split
from leadml.learn.search.ground import Stage
from leadml.learn.search.ranking import area
from leadml.learn.search.settle import thinned

if TYPE_CHECKING:
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.landscape import Landscape
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

SMALL = 12
TRIALS = 60
CANDIDATES = 24
AT_ONCE = (2, 12)
LEAST_GAIN = 1e-4  # of AUC


def shaken(ground: Ground, stage: Stage, fine: Partition, *, strength: float, terms: Terms) -> Stage:
    """Try other rules for those of a small table, and keep what ranks the leads better.

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

    Returns
    -------
    Stage
        With as many rules or fewer; the same one where it has more than twelve rules.
    """
    if not 0 < stage.rules <= SMALL:
        return stage
    chance = np.random.default_rng(0)
    best, near = _area(ground, stage), landscape_near(ground, stage, fine)
    splits = best_splits(ground, near, stage, strength, terms)[:CANDIDATES]
    for _ in range(TRIALS if len(splits) > 1 else 0):
        some = chance.permutation(len(splits))[: int(chance.integers(*AT_ONCE))]
        partition = split(stage.partition, fine, [splits[k] for k in some])
        other = _thinned(ground, near, partition, stage.rules, strength, terms)
        found = _area(ground, other)
        if found > best + LEAST_GAIN:
            stage, best, near = other, found, landscape_near(ground, other, fine)
            splits = best_splits(ground, near, stage, strength, terms)[:CANDIDATES]
    return stage


def _thinned(ground: Ground, near: Landscape, partition: Partition, rules: int, strength: float, terms: Terms) -> Stage:
    """Merge down to so many rules by one landscape, and glance at the leads at the end."""
    stage = thinned(ground, near, partition, rules, strength, terms)
    near = near.glance(ground.leads, stage.partition, stage.fit)
    return Stage(stage.rules, stage.partition, ground.fit(near, stage.partition, strength))


def _area(ground: Ground, stage: Stage) -> float:
    return area(ground.leads, stage.fit.log_odds(stage.partition, ground.leads.codes))
