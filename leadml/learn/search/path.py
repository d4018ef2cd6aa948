"""The path from many groups to few: at each step the two groups merge whose difference matters least to the leads.

What a merge costs is known in advance from the curvature of the loss, all other effects adapting (optimal brain
surgeon; Hassibi and Stork 1992): merging a and b costs ``(effect_a - effect_b)**2 / (2 * variance of the difference)``
in log-likelihood. So one path gives the best table for every number of rules, over all features at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.crowd import Crowd
from leadml.learn.search.ground import Stage
from leadml.learn.search.landscape import Landscape, look
from leadml.learn.search.refit import refit
from leadml.learn.search.segments import Partition

if TYPE_CHECKING:
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.terms import Terms

STRIDE = 0.88
PAUSE = 50  # a long way down is taken in two steps
LOOK_AGAIN = 0.6
MOST_GLANCES = 5
NEAR, FAR = 0.2, 1.0  # in log-odds
LEAST_DOUBT = 1e-3  # of a lead, as p (1 - p)


def walk(
    ground: Ground,
    partition: Partition,
    *,
    strength: float,
    terms: Terms,
    most_rules: int,
) -> Iterator[Stage]:
    """Merge groups step by step, and give a stage now and then, from `most_rules` rules down to 0.

    Parameters
    ----------
    ground : Ground
        The leads, and what is known of them before the path begins.
    partition : Partition
        Where the path begins; the ground's, or a coarser one.
    strength : float
        Weight of the pull towards the shape.
    terms : Terms
        What the groups have to keep to.
    most_rules : int
        The first number of rules to report.

    Yields
    ------
    Stage
        In falling number of rules; the last one has none.
    """
    landscape, seen_at, rules = ground.landscape, math.inf, math.inf
    fit = ground.fit(landscape, partition, strength)
    while True:
        crowd = Crowd(ground, partition, fit, ground.pull(partition, strength), terms)
        if crowd.straighten(terms):
            partition = crowd.partition()
            fit = ground.fit(landscape, partition, strength)
            continue
        if crowd.rules <= most_rules:
            yield Stage(crowd.rules, partition, fit)
        if crowd.rules == 0:
            return
        crowd.thin(_next_stop(crowd.rules, most_rules))
        partition, rules = crowd.partition(), crowd.rules
        fit = ground.fit(landscape, partition, strength)
        if rules <= LOOK_AGAIN * seen_at:
            landscape, seen_at = look(ground.leads, partition, fit.intercept, fit.effects), rules
        else:
            landscape = landscape.glance(ground.leads, partition, fit)
        landscape, fit = _arrived(ground, landscape, partition, fit, strength)


def _arrived(
    ground: Ground, landscape: Landscape, partition: Partition, fit: Refit, strength: float
) -> tuple[Landscape, Refit]:
    """Take steps until one does not go far; where one goes too far to be believed, fit from the start.

    The end of a strong effect moves all others; one step from there has been seen to end at log-odds of hundreds, where
    the outcome of every lead is foregone and the loss has no curvature to go by.
    """
    for _ in range(MOST_GLANCES):
        if landscape.curvature[0, 0] < LEAST_DOUBT * float(ground.leads.weight.sum()):
            return _begun_anew(ground, partition, strength)
        before, fit = fit, ground.fit(landscape, partition, strength)
        moved = _moved(partition, before, fit)
        if moved < NEAR:
            break
        if moved > FAR:
            return _begun_anew(ground, partition, strength)
        landscape = landscape.glance(ground.leads, partition, fit)
    return landscape, fit


def _begun_anew(ground: Ground, partition: Partition, strength: float) -> tuple[Landscape, Refit]:
    centre = partition.average(ground.told, ground.counts)
    fit = refit(ground.leads, partition, centre, ground.pull(partition, strength))
    return look(ground.leads, partition, fit.intercept, fit.effects), fit


def _moved(partition: Partition, before: Refit, after: Refit) -> float:
    """Tell by how much the log-odds of a lead may have moved, at the most."""
    moves = np.abs(after.effects - before.effects)
    return abs(after.intercept - before.intercept) + float(np.maximum.reduceat(moves, partition.starts).sum())


def descend(ground: Ground, partition: Partition, *, strength: float, terms: Terms, rules: int) -> Partition:
    """Walk down to so many rules by the ground's landscape alone, and say where that is."""
    while True:
        fit = ground.fit(ground.landscape, partition, strength)
        crowd = Crowd(ground, partition, fit, ground.pull(partition, strength), terms)
        if not crowd.straighten(terms):
            if crowd.rules <= rules:
                return partition
            crowd.thin(_next_stop(crowd.rules, rules))
        partition = crowd.partition()


def _next_stop(rules: int, most_rules: int) -> int:
    """Say at how many rules the path stops next: seldom while there are many, at each number where there are few."""
    if rules > most_rules:
        return PAUSE if most_rules < PAUSE < rules else most_rules
    return min(rules - 1, int(rules * STRIDE))
