"""The path from many groups to few: at each step the two groups merge whose difference matters least to the leads.

What a merge costs is known in advance from the curvature of the loss, all other effects adapting (optimal brain
surgeon; Hassibi and Stork 1992): merging a and b costs ``(effect_a - effect_b)**2 / (2 * variance of the difference)``
in log-likelihood. So one path gives the best table for every number of rules, over all features at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.landscape import Landscape, look
from leadml.learn.search.segments import Partition, cut_shapes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads, Refit
    from leadml.learn.search.terms import Terms

RIDGE = 1.0
STRIDE = 0.88
LATE = 40  # with more rules than that it is not settled yet which rule of a feature is the commonest
PAUSE = 50  # a long way down is taken in two steps
LEAST_LEADS = 20
MOST_GROUPS = 150
SURVEY_STRENGTH = 10.0
# With .5 and .7, so fewer looks, tables ranked up to .001 worse on the splits of benchmarks/accuracy.py.
LOOK_AGAIN = 0.95


@dataclass(frozen=True, eq=False)
class Stage:
    """One place on the path: a partition with its refitted effects and the number of rules that it costs."""

    rules: int
    partition: Partition
    fit: Refit


@dataclass(frozen=True, eq=False)
class Ground:
    """What paths walk on: leads, shapes, and the loss around the shapes on the finest partition.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told, counts : sequence of ndarray
        For each feature the LightGBM contribution of each code, and its number of leads.
    begins : mapping of float to Partition
        Where paths begin, by the least share of leads in a group.
    landscape : Landscape
        The loss on what tells any of these beginnings apart.
    """

    leads: Leads
    features: Sequence[FeatureCodes]
    told: Sequence[NDArray[np.float64]]
    counts: Sequence[NDArray[np.float64]]
    begins: Mapping[float, Partition]
    landscape: Landscape


def survey(
    leads: Leads,
    features: Sequence[FeatureCodes],
    told: Sequence[NDArray[np.float64]],
    least_shares: Sequence[float],
) -> Ground:
    """Cut the shapes as finely as each share allows, and draw the landscape: two looks at the leads.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told : sequence of ndarray
        The LightGBM contribution of each code.
    least_shares : sequence of float
        The least share of leads in a group, for each beginning.

    Returns
    -------
    Ground
    """
    counts, total = leads.counts([f.size for f in features]), float(leads.weight.sum())
    begins = {
        share: cut_shapes(
            features,
            told,
            counts,
            least_leads=max(float(LEAST_LEADS), share * total),
            most_groups=MOST_GROUPS + len(features),
        )
        for share in sorted(least_shares)
    }
    first, *others = begins.values()
    fine = first.refined_by(others)
    centre = fine.average(told, counts)
    rate = float(np.average(leads.won, weights=leads.weight))
    fit = look(leads, fine, float(np.log(rate / (1 - rate))), centre).fit(fine, centre, SURVEY_STRENGTH)
    return Ground(leads, features, told, counts, begins, look(leads, fine, fit.intercept, fit.effects))


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
    landscape, seen_at = ground.landscape, math.inf
    fit = landscape.fit(partition, partition.average(ground.told, ground.counts), strength)
    while True:
        crowd = _Crowd(ground.features, partition, fit, ground.counts, strength, terms.held)
        if not crowd.straighten(terms):
            rules = crowd.rules
            if 0 < rules <= LOOK_AGAIN * seen_at:
                landscape, seen_at = look(ground.leads, partition, fit.intercept, fit.effects), rules
                fit = landscape.fit(partition, partition.average(ground.told, ground.counts), strength)
                continue
            if rules <= most_rules:
                yield Stage(rules, partition, fit)
            if rules == 0:
                return
            crowd.thin(_next_stop(rules, most_rules))
        partition = crowd.partition()
        fit = landscape.fit(partition, partition.average(ground.told, ground.counts), strength)


def descend(ground: Ground, partition: Partition, *, strength: float, terms: Terms, rules: int) -> Partition:
    """Walk down to so many rules by the ground's landscape alone, and say where that is."""
    while True:
        fit = ground.landscape.fit(partition, partition.average(ground.told, ground.counts), strength)
        crowd = _Crowd(ground.features, partition, fit, ground.counts, strength, terms.held)
        if not crowd.straighten(terms):
            if crowd.rules <= rules:
                return partition
            crowd.thin(_next_stop(crowd.rules, rules))
        partition = crowd.partition()


class _Crowd:
    """Groups on their way together, with the quadratic picture of the loss that tells what a merge costs."""

    def __init__(
        self,
        features: Sequence[FeatureCodes],
        partition: Partition,
        fit: Refit,
        counts: Sequence[NDArray[np.float64]],
        strength: float,
        held: Sequence[bool],
    ) -> None:
        self._partition, self._held = partition, np.array(held, dtype=bool)
        self._effects = fit.effects.copy()
        own = np.concatenate([[0.0], np.full(len(fit.effects), strength - RIDGE)])
        self._variance = np.linalg.inv(fit.curvature - np.diag(own))[1:, 1:]
        self._commonest = partition.total(counts)
        self._feature = np.repeat(np.arange(len(features)), partition.sizes)
        self._home = np.arange(len(self._effects))
        self._alive = np.ones(len(self._effects), dtype=bool)
        self._pairs = _neighbours(features, partition, held)

    @property
    def rules(self) -> int:
        """Count the groups that are not the neutral one of their feature."""
        return int(self._alive.sum()) - len(np.unique(self._feature))

    def thin(self, rules: int) -> None:
        """Merge the two groups whose merging costs least, again and again, until so many rules are left."""
        while self.rules > rules:
            apart = self._to_neutral() if self.rules <= LATE else self._pairs[:0]
            a, b = np.concatenate([self._pairs, apart]).T if len(self._pairs) else self._to_neutral().T
            gap = self._effects[a] - self._effects[b]
            spread = self._variance[a, a] + self._variance[b, b] - 2 * self._variance[a, b]
            best = int(np.argmin(gap * gap / np.maximum(spread, 1e-300)))
            self._merge(int(a[best]), int(b[best]), one_rule=best < len(self._pairs))

    def straighten(self, terms: Terms) -> bool:
        """Merge what goes against the terms; tell whether there was anything."""
        bent = False
        parts = zip(terms.directions, self._partition.starts, self._partition.groups, strict=True)
        for direction, start, group in parts:
            while direction:
                home = self._home[start + group[:-1]]
                steps = direction * np.diff(self._effects[home])
                if len(steps) == 0 or steps.min() >= -1e-12:
                    break
                worst = int(np.argmin(steps))
                self._merge(int(home[worst]), int(home[worst + 1]), one_rule=True)
                bent = True
        return self._sign(terms.signs) or bent

    def _sign(self, signs: Sequence[NDArray[np.int8]]) -> bool:
        """Merge groups that stand on the wrong side of their neutral one with it, the worst first."""
        wanted = [
            (int(start + g), int(sign))
            for of_code, start, group in zip(signs, self._partition.starts, self._partition.groups, strict=True)
            if of_code.any()
            for g, sign in {*zip(group.tolist(), of_code.tolist(), strict=True)}
            if sign
        ]
        bent = False
        while wanted:
            neutral = dict(self._to_neutral()[:, ::-1].tolist())
            homes = {(int(self._home[g]), sign) for g, sign in wanted}
            gaps = [(sign * (self._effects[h] - self._effects[neutral[h]]), h) for h, sign in homes if h in neutral]
            worst, group = min(gaps, default=(0.0, 0))
            if worst >= -1e-12:
                break
            self._merge(neutral[group], group, one_rule=False)
            bent = True
        return bent

    def partition(self) -> Partition:
        """Give the partition as it is now, groups numbered afresh."""
        groups = []
        for start, size, group in zip(
            self._partition.starts, self._partition.sizes, self._partition.groups, strict=True
        ):
            _, fresh = np.unique(self._home[start : start + size], return_inverse=True)
            groups.append(fresh[group])
        return Partition(tuple(groups))

    def _to_neutral(self) -> NDArray[np.int64]:
        alive = np.flatnonzero(self._alive & ~self._held[self._feature])
        order = alive[np.lexsort((alive, -self._commonest[alive], self._feature[alive]))]
        first = np.diff(self._feature[order], prepend=-1) > 0
        neutral = order[first][np.cumsum(first) - 1]
        pairs: NDArray[np.int64] = np.stack([neutral, order], axis=1)[~first]
        return pairs

    def _merge(self, a: int, b: int, *, one_rule: bool) -> None:
        """Merge two groups: into one rule, or into rules apart that have the same points."""
        keep, gone = min(a, b), max(a, b)
        gap = self._effects[a] - self._effects[b]
        direction = self._variance[:, a] - self._variance[:, b]
        spread = direction[a] - direction[b]
        if spread > 1e-300:
            self._effects -= direction * (gap / spread)
            self._variance -= np.outer(direction, direction / spread)
        self._home[self._home == gone] = keep
        self._alive[gone] = False
        sizes = self._commonest[[keep, gone]]
        self._commonest[keep] = sizes.sum() if one_rule else sizes.max()
        pairs = np.where(self._pairs == gone, keep, self._pairs)
        self._pairs = pairs[pairs[:, 0] != pairs[:, 1]]


def _next_stop(rules: int, most_rules: int) -> int:
    """Say at how many rules the path stops next: seldom while there are many, at each number where there are few."""
    if rules > most_rules:
        return PAUSE if most_rules < PAUSE < rules else most_rules
    return min(rules - 1, int(rules * STRIDE))


def _neighbours(features: Sequence[FeatureCodes], partition: Partition, held: Sequence[bool]) -> NDArray[np.int64]:
    """List the pairs of groups that one rule can hold: neighbouring ranges, any two sets of categories."""
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for feature, group, start, stays in zip(features, partition.groups, partition.starts, held, strict=True):
        if stays:
            continue
        if feature.ordered:
            step = np.flatnonzero(group[1:-1] != group[:-2])
            beside = {(min(p), max(p)) for p in zip(group[step].tolist(), group[step + 1].tolist(), strict=True)}
            pairs.append(start + np.array(sorted(beside), dtype=np.int64).reshape(-1, 2))
        elif feature.type == "category":
            there = np.zeros(int(group.max()) + 1, dtype=bool)
            there[group[:-1]] = True
            distinct = np.flatnonzero(there)
            pairs.append(start + distinct[np.stack(np.triu_indices(len(distinct), 1), axis=1)])
    return np.concatenate(pairs)
