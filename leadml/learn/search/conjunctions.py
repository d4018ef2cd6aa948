"""Conjunctions: rules that hold when two conditions hold together, found where the additive table leaves a residual.

All pairs of conditions of all pairs of features are scanned with a score test of the residuals, corrected for what the
two conditions say by themselves. The best ones join the model, it is fitted anew, and the scan begins again. From
there conjunctions compete with all other rules for the budget: the path drops what is worth least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.conjunction import Conjunction, Joined, with_conjunctions
from leadml.learn.search.landscape import look
from leadml.learn.search.refit import Leads, Refit, refit
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.ground import Ground, Stage

LEAST_TEST = 16.0  # the greatest of some thousand tests of nothing seldom passes that
LEAST_LEADS = 50
LEAST_SHARE = 0.01
ROUNDS = 3
AT_ONCE = 4
MOST_LEVELS = 8


def crossed(ground: Ground, stage: Stage, *, strength: float, terms: Terms) -> tuple[Ground, Partition, Terms]:
    """Let conjunctions join a stage, so that a path can begin there in which all rules compete.

    Parameters
    ----------
    ground : Ground
        What the path to the stage walked on.
    stage : Stage
        An additive stage.
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
    for _ in range(ROUNDS):
        found = _scan(wide, partition, fit, terms)
        if not found:
            break
        groups = list(partition.groups)
        for conjunction in found:
            for k, mask in zip(conjunction.features, conjunction.codes, strict=True):
                groups[k] = np.unique(2 * groups[k] + mask, return_inverse=True)[1]
        partition = Partition((*groups, *(np.array([0, 1, 0]) for _ in found)))
        wide, all_terms = _widened(wide, found, all_terms)
        near = look(wide.leads, partition, *_begin(wide, partition, fit, stage))
        fit = wide.fit(near, partition, strength)
        fit = wide.fit(near.glance(wide.leads, partition, fit), partition, strength)
        wide = replace(wide, landscape=near)
    return wide, partition, all_terms


def _begin(ground: Ground, partition: Partition, fit: Refit, stage: Stage) -> tuple[float, NDArray[np.float64]]:
    """Carry effects over to groups that have been split, new conjunctions at 0."""
    effects = np.zeros(int(partition.sizes.sum()))
    known = stage.partition
    for k, group in enumerate(known.groups):
        effects[partition.starts[k] + partition.groups[k]] = stage.fit.effects[known.starts[k] + group]
    return stage.fit.intercept, effects


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


def _scan(ground: Ground, partition: Partition, fit: Refit, terms: Terms) -> list[Conjunction]:
    """Find the conjunctions with the greatest score tests, of different pairs of features."""
    leads, own = ground.leads, len(terms.held)
    chance = 1 / (1 + np.exp(-fit.log_odds(partition, leads.codes)))
    residual, bend = leads.weight * (leads.won - chance), leads.weight * chance * (1 - chance)
    least = max(LEAST_LEADS, LEAST_SHARE * float(leads.weight.sum()))
    sides = {
        k: _Side.of(ground.features[k], partition.groups[k], ground.counts[k], least)
        for k in range(own)
        if terms.open_to_conjunctions[k]
    }
    sides = {k: side for k, side in sides.items() if len(side.masks)}
    told = {k: side.group[leads.codes[k]] for k, side in sides.items()}
    taken = {(c.features, *(m.tobytes() for m in c.codes)) for c in ground.conjunctions}
    found = []
    for a, b in combinations(sides, 2):
        cell = told[a] * sides[b].size + told[b]
        test = _score_tests(cell, residual, bend, leads.weight, sides[a], sides[b], least)
        at = np.unravel_index(int(test.argmax()), test.shape)
        if test[at] > LEAST_TEST:
            masks = (sides[a].of_codes(int(at[0])), sides[b].of_codes(int(at[1])))
            if ((a, b), *(m.tobytes() for m in masks)) not in taken:
                found.append((-float(test[at]), Conjunction((a, b), masks)))
    return [conjunction for _, conjunction in sorted(found, key=lambda pair: (pair[0], pair[1].features))[:AT_ONCE]]


@dataclass(frozen=True, eq=False)
class _Side:
    """What a feature can say in a conjunction: sets of its groups, where it has none halves, ends and levels."""

    group: NDArray[np.int64]
    masks: NDArray[np.float64]
    commonest: int

    @property
    def size(self) -> int:
        return int(self.masks.shape[1])

    def of_codes(self, mask: int) -> NDArray[np.bool_]:
        return np.asarray(self.masks[mask][self.group] > 0)

    @classmethod
    def of(cls, feature: FeatureCodes, group: NDArray[np.int64], counts: NDArray[np.float64], least: float) -> _Side:
        if group.any():
            return cls._of(group, np.eye(int(group.max()) + 1)[_in_one_rule(feature, group, counts)], counts)
        present = counts[:-1]
        if feature.ordered:
            middle = (np.cumsum(present) - present / 2) / max(float(present.sum()), 1e-12)
            quarter = np.append(np.minimum((4 * middle).astype(np.int64), 3), 4)
            if feature.type == "boolean":
                quarter = np.array([0, 3, 4])
            ends = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=np.float64)
            return cls._of(quarter, ends[:2] if feature.type == "boolean" else ends, counts)
        common = np.argsort(-present, kind="stable")[:MOST_LEVELS]
        common = np.sort(common[present[common] >= least])
        level = np.full(feature.size, len(common), dtype=np.int64)
        level[common] = np.arange(len(common))
        return cls._of(level, np.eye(len(common) + 1)[: len(common)], counts)

    @classmethod
    def _of(cls, group: NDArray[np.int64], masks: NDArray[np.float64], counts: NDArray[np.float64]) -> _Side:
        crowd = masks @ np.bincount(group, counts, minlength=masks.shape[1])
        most = int(np.argmax(crowd)) if len(crowd) else -1
        return cls(group, masks, most if len(crowd) and 2 * crowd[most] >= counts.sum() else -1)


def _in_one_rule(feature: FeatureCodes, group: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which groups one rule can hold: not values and *missing*, nor numbers with others between them."""
    size, values = int(group.max()) + 1, group[:-1]
    one = np.ones(size, dtype=bool)
    if feature.ordered:
        one = np.bincount(values[np.diff(values, prepend=-1) != 0], minlength=size) <= 1
    if counts[-1] > 0 and (values == group[-1]).any():
        one[group[-1]] = False
    return np.asarray(one)


def _score_tests(
    cell: NDArray[np.int64],
    residual: NDArray[np.float64],
    bend: NDArray[np.float64],
    weight: NDArray[np.float64],
    one: _Side,
    other: _Side,
    least: float,
) -> NDArray[np.float64]:
    """Test each pair of conditions: squared sum of residuals over its variance, the conditions themselves adapting."""
    shape, size = (one.size, other.size), one.size * other.size
    sums = [np.bincount(cell, values, minlength=size).reshape(shape) for values in (bend, residual, weight)]
    spread, score, crowd = (one.masks @ of_cell @ other.masks.T for of_cell in sums)
    whole = sums[0]
    rows, columns = one.masks @ whole.sum(axis=1), other.masks @ whole.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        free = spread * (1 - spread / rows[:, None]) * (1 - spread / columns[None, :])
        test = np.where((free > 1e-9) & (crowd >= least), score**2 / free, 0.0)
    if one.commonest >= 0 and other.commonest >= 0:
        test[one.commonest, other.commonest] = 0.0  # the base points speak for what is neutral on both sides
    return test
