"""A crowd of groups on their way together: which two merge next, and what becomes of the others.

What a merge costs is known in advance from the curvature of the loss, all other effects adapting (optimal brain
surgeon; Hassibi and Stork 1992): merging a and b costs ``(effect_a - effect_b)**2 / (2 * variance of the difference)``
in log-likelihood. A merge that saves two rules, as the end of a conjunction does, may cost twice as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunction import Conjunction
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.terms import Terms

RIDGE = 1.0
# With more rules it is not settled yet which rule of a feature is the commonest, unless few of them have others beside
# them to merge with: *missing* never has. Sixty columns with gaps keep sixty such rules; were these to wait for the
# others, all that tells would be merged before any of them goes.
LATE, LATE_BESIDE = 40, 30
TINY = 1e-300


class Crowd:
    """Groups on their way together, with the quadratic picture of the loss that tells what a merge costs."""

    def __init__(
        self, ground: Ground, partition: Partition, fit: Refit, pull: NDArray[np.float64], terms: Terms
    ) -> None:
        self._partition, self._held = partition, np.array(terms.held, dtype=bool)
        self._effects = fit.effects.copy()
        self._variance = _variance(fit.curvature - np.diag(np.concatenate([[0.0], pull - RIDGE])), partition.told)
        listed = ground.listing.listed(partition)
        self._commonest = listed.commonest
        self._feature = np.repeat(np.arange(len(ground.features)), partition.sizes)
        self._rows = listed.rows
        self._rows[self._held[self._feature]] = 0  # not the path's to count
        self._neutral = _neutral(partition, self._commonest)
        self._home = np.arange(len(self._effects))
        self._alive = np.ones(len(self._effects), dtype=bool)
        self._pairs = _neighbours(ground.features, partition, listed.beside, self._held)
        self._along = [feature.ascending for feature in ground.features]
        self._conjunctions = ground.conjunctions
        self._own = len(ground.features) - len(ground.conjunctions)
        self._crossing = int(sum(1 << i for i, size in enumerate(partition.sizes[self._own :].tolist()) if size > 1))
        self._sides = sides_of(ground.conjunctions, partition)

    @property
    def rules(self) -> int:
        """Count the rules: rows that are not of their feature's neutral group, and two for each conjunction."""
        rows = int(self._rows[self._alive].sum() - self._rows[self._neutral].sum())
        return rows + self._crossing.bit_count()

    def pairs(self) -> NDArray[np.int64]:
        """List the pairs of groups that may merge: side by side, or one of them neutral."""
        pairs = np.unique(np.sort(np.concatenate([self._pairs, self._to_neutral()]), axis=1), axis=0)
        a, b = pairs.T
        alike: NDArray[np.int64] = pairs[((self._sides[a] ^ self._sides[b]) & self._crossing) == 0]
        return alike

    def thin(self, rules: int) -> None:
        """Merge the two groups whose merging costs least for each rule saved, until so many rules are left."""
        while self.rules > rules:
            pairs = np.concatenate([self._pairs, self._homeward()])
            a, b = np.sort(pairs, axis=1).T  # a pair that is in both lists costs the same to the last digit
            gap = self._effects[a] - self._effects[b]
            spread = self._variance[a, a] + self._variance[b, b] - 2 * self._variance[a, b]
            cost = gap * gap / np.maximum(spread, TINY) / np.where(self._feature[a] >= self._own, 2.0, 1.0)
            cost[((self._sides[a] ^ self._sides[b]) & self._crossing) != 0] = np.inf
            best = int(np.argmin(cost))
            self._merge(int(a[best]), int(b[best]), one_rule=best < len(self._pairs))

    def straighten(self, terms: Terms) -> bool:
        """Merge what goes against the terms; tell whether there was anything."""
        bent = False
        parts = zip(terms.directions, self._along, self._partition.starts, self._partition.groups, strict=True)
        for direction, along, start, group in parts:
            while direction:
                home = self._home[start + group[:along]]
                steps = direction * np.diff(self._effects[home])
                if len(steps) == 0 or steps.min() >= -1e-12:
                    break
                worst = int(np.argmin(steps))
                self._merge(int(home[worst]), int(home[worst + 1]), one_rule=True)
                bent = True
        signed = self._sign(terms.signs)
        return self._drop_neutral() or signed or bent

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

    def _drop_neutral(self) -> bool:
        """End conjunctions of two neutral groups: the base points speak for the all-neutral lead."""
        dropped = False
        for i, conjunction in enumerate(self._conjunctions):
            if not self._crossing >> i & 1:
                continue
            sides = [
                (k, self._home[self._partition.starts[k] + self._partition.groups[k][int(mask.argmax())]])
                for k, mask in zip(conjunction.features, conjunction.codes, strict=True)
            ]
            if all(self._neutral[k] == side for k, side in sides):
                start = int(self._partition.starts[self._own + i])
                self._merge(start, start + 1, one_rule=True)
                dropped = True
        return dropped

    def partition(self) -> Partition:
        """Give the partition as it is now, groups numbered afresh."""
        groups = []
        for start, size, group in zip(
            self._partition.starts, self._partition.sizes, self._partition.groups, strict=True
        ):
            if size > 1:
                home = self._home[start : start + size] - start
                there = np.zeros(int(size), dtype=np.int64)
                there[home] = 1
                group = (np.cumsum(there) - 1)[home[group]]
            groups.append(group)
        return Partition(tuple(groups))

    def _homeward(self) -> NDArray[np.int64]:
        """Pair groups with the neutral one, once it is settled which that is."""
        pairs = self._to_neutral()
        if self.rules <= LATE:
            return pairs
        beside = np.zeros(len(self._effects), dtype=bool)
        beside[self._pairs] = True
        alone = pairs[~beside[pairs[:, 1]], 1]
        return pairs if self.rules - self._rows[alone].sum() <= LATE_BESIDE else pairs[:0]

    def _to_neutral(self) -> NDArray[np.int64]:
        apart = np.flatnonzero(self._alive & ~self._held[self._feature])
        neutral = self._neutral[self._feature[apart]]
        pairs: NDArray[np.int64] = np.stack([neutral, apart], axis=1)[neutral != apart]
        return pairs

    def _merge(self, a: int, b: int, *, one_rule: bool) -> None:
        """Merge two groups: into one rule, or into rules apart that have the same points."""
        keep, gone = min(a, b), max(a, b)
        gap = self._effects[a] - self._effects[b]
        direction = self._variance[:, a] - self._variance[:, b]
        spread = direction[a] - direction[b]
        if spread > TINY:
            self._effects -= direction * (gap / spread)
            self._variance -= np.outer(direction, direction / spread)
        self._home[self._home == gone] = keep
        self._alive[gone] = False
        if self._feature[keep] >= self._own:
            self._crossing &= ~(1 << int(self._feature[keep] - self._own))
        sizes, rows = self._commonest[[keep, gone]], int(self._rows[[keep, gone]].sum())
        self._commonest[keep] = sizes.sum() if one_rule else sizes.max()
        self._rows[keep] = rows - 1 if one_rule else rows
        k = self._feature[keep]
        neutral = self._neutral[k]
        if neutral in (keep, gone) or self._commonest[keep] > self._commonest[neutral]:
            self._neutral[k] = keep
        pairs = np.where(self._pairs == gone, keep, self._pairs)
        self._pairs = pairs[pairs[:, 0] != pairs[:, 1]]


def _variance(curvature: NDArray[np.float64], told: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give variances and covariances of effects; a group that is alone in its feature has none to be compared by."""
    variance = np.zeros_like(curvature)
    variance[np.ix_(told, told)] = np.linalg.inv(curvature[np.ix_(told, told)])
    return variance[1:, 1:]


def _neutral(partition: Partition, commonest: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the commonest group of each feature, the first of them where several are as common."""
    return np.array(
        [
            start + int(np.argmax(commonest[start : start + size]))
            for start, size in zip(partition.starts, partition.sizes, strict=True)
        ],
        dtype=np.int64,
    )


def _neighbours(
    features: Sequence[FeatureCodes], partition: Partition, beside: NDArray[np.int64], held: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """List the pairs of groups that one rule can hold: neighbouring ranges, any two sets of categories."""
    of = np.repeat(held, partition.sizes)
    pairs = [beside[~of[beside[:, 0]]]]
    parts = zip(features, partition.groups, partition.starts, partition.sizes, held, strict=True)
    for feature, group, start, size, stays in parts:
        if feature.type == "category" and size > 1 and not stays:
            there = np.zeros(int(size), dtype=bool)
            there[group[:-1]] = True
            distinct = np.flatnonzero(there)
            pairs.append(start + distinct[np.stack(np.triu_indices(len(distinct), 1), axis=1)])
    return np.concatenate(pairs)


def sides_of(conjunctions: Sequence[Conjunction], partition: Partition) -> NDArray[np.int64]:
    """Tell for each group, bit by bit, in which conditions of conjunctions it stands: only alike groups may merge."""
    sides = np.zeros(int(partition.sizes.sum()), dtype=np.int64)
    own = len(partition.groups) - len(conjunctions)
    for i, conjunction in enumerate(conjunctions):
        if partition.sizes[own + i] > 1:
            for k, mask in zip(conjunction.features, conjunction.codes, strict=True):
                sides[np.unique(partition.starts[k] + partition.groups[k][mask])] |= 1 << i
    return sides
