"""Conjunctions: rules that hold when two conditions hold together, beside the rules of single features.

The best ones that a scan finds join the model, it is fitted anew, and the scan begins again. From there conjunctions
compete with all other rules for the budget: the path drops what is worth least.

A condition is one rule of its feature. Where a feature has many narrow rules each pair of them says little; where it
has few, wide ones, or none, what it does beside another one does not show. So conditions are looked for among the rules
of the stage and among the wider rules of a shorter table, and the features of a conjunction are cut at these. What
says nothing alone has rules by chance, if any, and these may lie anywhere: of two such features halves and ends are
looked at as well. (Without, one history of 10,000 leads in which two numbers say all together came out with an AUC of
.49 instead of .89.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.conjunction import Conjunction, Joined, with_conjunctions
from leadml.learn.search.landscape import look
from leadml.learn.search.refit import Leads, Refit, refit
from leadml.learn.search.scan import scan
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.ground import Ground, Stage

ROUNDS = 3


def crossed(
    ground: Ground, stage: Stage, wide_rules: Partition, *, strength: float, terms: Terms
) -> tuple[Ground, Partition, Terms]:
    """Let conjunctions join a stage, so that a path can begin there in which all rules compete.

    Parameters
    ----------
    ground : Ground
        What the path to the stage walked on.
    stage : Stage
        An additive stage.
    wide_rules : Partition
        Coarser groups of the same features, of which conditions are made beside those of the stage.
    strength : float
        Weight of the pull towards the shape.
    terms : Terms
        What rules have to keep to; features with terms of their own stand in no conjunction.

    Returns
    -------
    Ground
        With the conjunctions as last features; the same one where none was found.
    Partition
        The groups of the stage, and those of the conjunctions.
    Terms
        For all of these features.
    """
    wide, partition, fit, all_terms = ground, stage.partition, stage.fit, terms
    conditions = list(wide_rules.groups)
    whole = Partition(tuple(np.zeros_like(group) for group in conditions))
    for _ in range(ROUNDS):
        narrow = Partition(partition.groups[: len(conditions)])
        found = scan(wide, partition, fit, terms, (Partition(tuple(conditions)), narrow), whole)
        if not found:
            break
        groups = list(partition.groups)
        for conjunction in found:
            for k, mask in zip(conjunction.features, conjunction.codes, strict=True):
                groups[k] = conditions[k] = np.unique(2 * conditions[k] + mask, return_inverse=True)[1]
        partition = Partition((*groups, *(np.array([0, 1, 0]) for _ in found)))
        wide, all_terms = _widened(wide, found, all_terms)
        near = look(wide.leads, partition, *_begin(wide, partition, fit, stage))
        fit = wide.fit(near, partition, strength)
        fit = wide.fit(near.glance(wide.leads, partition, fit), partition, strength)
        wide = replace(wide, landscape=near)
    return wide, partition, all_terms


def _begin(ground: Ground, partition: Partition, fit: Refit, stage: Stage) -> tuple[float, NDArray[np.float64]]:
    """Carry effects over to other groups, the mean of their leads; new conjunctions at 0."""
    known = stage.partition
    told = [stage.fit.effects[start + group] for start, group in zip(known.starts, known.groups, strict=True)]
    joined = [np.zeros(len(group)) for group in partition.groups[len(told) :]]
    return stage.fit.intercept, partition.average([*told, *joined], ground.counts)


def _widened(ground: Ground, found: Sequence[Conjunction], terms: Terms) -> tuple[Ground, Terms]:
    """Add conjunctions as features of two codes, *missing* never."""
    codes = with_conjunctions(ground.leads.codes, found)
    held = codes[len(ground.features) :]
    counts = [np.bincount(row, ground.leads.weight, minlength=3).astype(np.float64) for row in held]
    names = tuple(
        FeatureCodes(f"\0{len(ground.conjunctions) + i}", "boolean", levels=("0", "1")) for i in range(len(found))
    )
    nothing = [np.zeros(3) for _ in found]
    wide = replace(
        ground,
        leads=Leads(codes, ground.leads.won, ground.leads.weight),
        features=(*ground.features, *names),
        told=[*ground.told, *nothing],
        counts=[*ground.counts, *counts],
        listed=None if ground.listed is None else [*ground.listed, *counts],
        conjunctions=(*ground.conjunctions, *found),
    )
    free = Terms.of(names)
    return wide, Terms((*terms.directions, *free.directions), (*terms.signs, *free.signs), (*terms.held, *free.held))


def refined(fine: Partition, stage: Stage) -> Partition:
    """Keep apart what a fine partition of the features does, and what the conjunctions of a stage do."""
    own = len(fine.groups)
    both = fine.refined_by([Partition(stage.partition.groups[:own])])
    return Partition((*both.groups, *stage.partition.groups[own:]))


def alone(ground: Ground, stage: Stage) -> Joined:
    """Write a stage with the conjunctions that are left, without those that are not."""
    own = len(ground.features) - len(ground.conjunctions)
    kept = [i for i in range(len(ground.conjunctions)) if stage.partition.sizes[own + i] > 1]
    parts = [*range(own), *(own + i for i in kept)]
    starts, sizes = stage.partition.starts, stage.partition.sizes
    effects = np.concatenate([stage.fit.effects[starts[k] : starts[k] + sizes[k]] for k in parts] or [np.zeros(0)])
    at = np.concatenate([[0], *(1 + starts[k] + np.arange(sizes[k]) for k in parts)]).astype(np.int64)
    groups = (*stage.partition.groups[:own], *(np.array([0, 1]) for _ in kept))
    gone = sum(float(stage.fit.effects[starts[own + i]]) for i in range(len(ground.conjunctions)) if i not in kept)
    fit = Refit(stage.fit.intercept + gone, effects, stage.fit.curvature[np.ix_(at, at)])
    return Joined(Partition(groups), tuple(ground.conjunctions[i] for i in kept), fit)


def refit_joined(leads: Leads, joined: Joined, centre: NDArray[np.float64], strength: float, crossing: float) -> Joined:
    """Fit the effects of a stage and its conjunctions on other leads, until they stand still.

    Parameters
    ----------
    leads : Leads
        The leads.
    joined : Joined
        Groups and conjunctions, with effects to begin from.
    centre : ndarray of shape (n_groups,)
        What the effects of the features' groups are pulled to.
    strength, crossing : float
        Weight of that pull, and of the pull of conjunctions to 0.

    Returns
    -------
    Joined
    """
    wide = Leads(with_conjunctions(leads.codes, joined.conjunctions), leads.won, leads.weight)
    more = 2 * len(joined.conjunctions)
    target = np.concatenate([centre, np.zeros(more)])
    pull = np.concatenate([np.full(len(centre), strength), np.full(more, crossing)])
    begin = (joined.fit.intercept, joined.fit.effects)
    return replace(joined, fit=refit(wide, joined.partition, target, pull, begin=begin))
