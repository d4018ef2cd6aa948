"""Scan: where two conditions say together what neither says alone.

All pairs of conditions of all pairs of features are put to a score test of the residuals that a fit leaves, corrected
for what the two conditions say by themselves, whether they have rules or not.

With hundreds of features there are too many pairs. Then one of the two has to have rules (heredity; Chipman 1996), and
of those pairs the ones are tested that say most on the first leads, whose order is as good as random.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.conjunction import Conjunction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.ground import Ground
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

LEAST_TEST = 16.0  # the greatest of some thousand tests of nothing seldom passes that
LEAST_LEADS = 50
LEAST_SHARE = 0.01
AT_ONCE = 4
MOST_LEVELS = 8
ALIKE = 0.9  # of two halves each corner says the same; the one of fewest leads is furthest from what is neutral
MOST_PAIRS = 3000  # of features: all pairs of 77
FIRST_LEADS = 1000


def scan(
    ground: Ground, partition: Partition, fit: Refit, terms: Terms, conditions: Sequence[Partition]
) -> list[Conjunction]:
    """Find the conjunctions with the greatest score tests, of different pairs of features.

    Parameters
    ----------
    ground : Ground
        The leads; conjunctions that it has are not found again, nor others that hold for pairs of codes of theirs.
    partition : Partition
        Groups of the features, and of the conjunctions that it has.
    fit : Refit
        Effects of these groups: what they leave is scanned.
    terms : Terms
        What rules have to keep to; features with terms of their own stand in no conjunction.
    conditions : sequence of Partition
        Groups of the features that conditions may be made of, both of a pair of the same partition.

    Returns
    -------
    list of Conjunction
        Up to four, the greatest test first; none where no test passes what chance alone does.
    """
    field = _Field.left_by(ground, partition, fit, terms, conditions)
    ruled = {k for k in field.sides if any(some.sizes[k] > 1 for some in conditions)}
    tested = (field.best(a, b, ground.conjunctions) for a, b in _most_likely(field, ruled))
    found = [best for best in tested if best is not None]
    return [conjunction for _, conjunction in sorted(found, key=lambda best: (-best[0], best[1].features))[:AT_ONCE]]


def _most_likely(field: _Field, ruled: Set[int]) -> list[tuple[int, int]]:
    """Pick the pairs of features that are most likely to say something together, where there are too many."""
    pairs = list(combinations(field.sides, 2))
    if len(pairs) <= MOST_PAIRS:
        return pairs
    pairs, first = [(a, b) for a, b in pairs if a in ruled or b in ruled], field.first(FIRST_LEADS)
    said = [float(np.where(first.crowds(a, b) >= first.least, first.tests(a, b), 0.0).max()) for a, b in pairs]
    return [pairs[k] for k in np.sort(np.argsort(-np.array(said), kind="stable")[:MOST_PAIRS])]


@dataclass(frozen=True, eq=False)
class _Side:
    """What a feature can say in a conjunction: sets of its groups, where it has none halves, ends and levels.

    With the partitions that each set is of, and in which of them it is the commonest.
    """

    group: NDArray[np.int64]
    masks: NDArray[np.float64]
    of_partition: NDArray[np.bool_]
    commonest: NDArray[np.bool_]

    @property
    def size(self) -> int:
        return int(self.masks.shape[1])

    def of_codes(self, mask: int) -> NDArray[np.bool_]:
        return np.asarray(self.masks[mask][self.group] > 0)

    def masks_that_meet(self, codes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which sets have any of some codes."""
        there = np.bincount(self.group, codes, minlength=self.size)
        return np.asarray(self.masks @ there > 0)

    @classmethod
    def of(
        cls,
        feature: FeatureCodes,
        group: NDArray[np.int64],
        counts: NDArray[np.float64],
        listed: NDArray[np.float64],
        least: float,
    ) -> _Side:
        """Keep the sets that tell: neither hardly any lead is in them, nor hardly any is not."""
        if has_rules := bool(group.any()):
            masks = np.eye(int(group.max()) + 1)[_in_one_rule(feature, group, counts)]
        else:
            group, masks = _conditions(feature, counts, least)
        total, crowd = float(counts.sum()), masks @ np.bincount(group, counts, minlength=masks.shape[1])
        masks = masks[np.minimum(crowd, total - crowd) >= least]
        common = np.bincount(group, listed, minlength=masks.shape[1])
        # What has no rules yet will be cut at the condition, and the larger part is neutral then.
        neutral = float(common.max() if has_rules else common.sum() / 2)
        held = masks @ common
        first = np.arange(len(masks)) == np.argmax(np.append(held, -1.0))
        return cls(group, masks, np.ones((len(masks), 1), dtype=bool), ((held >= neutral) & first)[:, None])

    @classmethod
    def joined(cls, sides: Sequence[_Side]) -> _Side:
        """Put the sets of several partitions together, each of them once."""
        groups, group = np.unique(np.stack([side.group for side in sides]), axis=1, return_inverse=True)
        every = np.concatenate([side.masks[:, of] for side, of in zip(sides, groups, strict=True)])
        masks, home = np.unique(every, axis=0, return_inverse=True)
        partition = np.repeat(np.arange(len(sides)), [len(side.masks) for side in sides])
        of_partition, commonest = np.zeros((2, len(masks), len(sides)), dtype=bool)
        of_partition[home.ravel(), partition] = True
        commonest[home.ravel(), partition] = np.concatenate([side.commonest[:, 0] for side in sides])
        return cls(group.ravel(), masks, of_partition, commonest)


def _conditions(
    feature: FeatureCodes, counts: NDArray[np.float64], least: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give what a feature without rules can say: halves and ends of its leads, or its commonest levels."""
    present = counts[:-1]
    if feature.ordered:
        middle = (np.cumsum(present) - present / 2) / max(float(present.sum()), 1e-12)
        quarter = np.append(np.minimum((4 * middle).astype(np.int64), 3), 4)
        if feature.type == "boolean":
            quarter = np.array([0, 3, 4])
        ends = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=np.float64)
        return quarter, ends[:2] if feature.type == "boolean" else ends
    common = np.argsort(-present, kind="stable")[:MOST_LEVELS]
    common = np.sort(common[present[common] >= least])
    level = np.full(feature.size, len(common), dtype=np.int64)
    level[common] = np.arange(len(common))
    return level, np.eye(len(common) + 1)[: len(common)]


def _in_one_rule(feature: FeatureCodes, group: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which groups one rule can hold: not values and *missing*, nor numbers with others between them."""
    size, values = int(group.max()) + 1, group[:-1]
    one = np.ones(size, dtype=bool)
    if feature.ordered:
        one = np.bincount(values[np.diff(values, prepend=-1) != 0], minlength=size) <= 1
    if counts[-1] > 0 and (values == group[-1]).any():
        one[group[-1]] = False
    return np.asarray(one)


@dataclass(frozen=True, eq=False)
class _Field:
    """What a fit leaves of each lead (residual, variance, weight), and the sides on which its features put it."""

    sides: Mapping[int, _Side]
    told: Mapping[int, NDArray[np.int64]]
    residual: NDArray[np.float64]
    bend: NDArray[np.float64]
    weight: NDArray[np.float64]
    least: float

    @classmethod
    def left_by(
        cls, ground: Ground, partition: Partition, fit: Refit, terms: Terms, conditions: Sequence[Partition]
    ) -> _Field:
        leads, weight = ground.leads, ground.leads.weight
        chance = 1 / (1 + np.exp(-fit.log_odds(partition, leads.codes)))
        least = max(LEAST_LEADS, LEAST_SHARE * float(weight.sum()))
        listed = ground.counts if ground.listed is None else ground.listed
        every = {
            k: _Side.joined(
                [_Side.of(ground.features[k], c.groups[k], ground.counts[k], listed[k], least) for c in conditions]
            )
            for k in np.flatnonzero(terms.open_to_conjunctions).tolist()
        }
        sides = {k: side for k, side in every.items() if len(side.masks)}
        told = {k: side.group[leads.codes[k]] for k, side in sides.items()}
        return cls(sides, told, weight * (leads.won - chance), weight * chance * (1 - chance), weight, least)

    def first(self, leads: int) -> _Field:
        told = {k: groups[:leads] for k, groups in self.told.items()}
        least = LEAST_SHARE * float(self.weight[:leads].sum())
        return _Field(self.sides, told, self.residual[:leads], self.bend[:leads], self.weight[:leads], least)

    def best(self, a: int, b: int, taken: Sequence[Conjunction]) -> tuple[float, Conjunction] | None:
        """Give the test and the conjunction of the conditions that say most together, if that is enough.

        A pair of rules has one row in a table, so no conjunction may hold where one of the same features does already.
        """
        test = self.tests(a, b)
        for other in taken:
            if other.features == (a, b):
                meet = (self.sides[k].masks_that_meet(m) for k, m in zip((a, b), other.codes, strict=True))
                test[np.logical_and.outer(*meet)] = 0.0
        if test.max() <= LEAST_TEST:
            return None
        crowd = self.crowds(a, b)
        test[crowd < self.least] = 0.0
        of = [np.where(pairs, test, 0.0) for pairs in self._pairs(a, b)]
        test = max(of, key=np.max)
        if test.max() <= LEAST_TEST:
            return None
        alike = test >= ALIKE * test.max()
        at = np.unravel_index(int(np.where(alike, crowd, np.inf).argmin()), test.shape)
        masks = (self.sides[a].of_codes(int(at[0])), self.sides[b].of_codes(int(at[1])))
        return float(test.max()), Conjunction((a, b), masks)

    def _pairs(self, a: int, b: int) -> Iterator[NDArray[np.bool_]]:
        """Tell for each partition which pairs of conditions are of it; the base points speak for what is neutral."""
        one, other = self.sides[a], self.sides[b]
        for k in range(one.of_partition.shape[1]):
            pairs = np.logical_and.outer(one.of_partition[:, k], other.of_partition[:, k])
            yield pairs & ~np.logical_and.outer(one.commonest[:, k], other.commonest[:, k])

    def tests(self, a: int, b: int) -> NDArray[np.float64]:
        """Test each pair of conditions: squared sum of residuals over its variance, the conditions themselves adapting.

        Also a condition that has no rule yet adapts: what it would say alone is not what the two say together.
        """
        one, other = self.sides[a], self.sides[b]
        bends, scores = self._sums(a, b, self.bend, self.residual)
        spread, score = (one.masks @ of_cell @ other.masks.T for of_cell in (bends, scores))
        with np.errstate(divide="ignore", invalid="ignore"):
            of_one = spread / (one.masks @ bends.sum(axis=1))[:, None]
            of_other = spread / (other.masks @ bends.sum(axis=0))[None, :]
            score -= of_one * (one.masks @ scores.sum(axis=1))[:, None]
            score -= of_other * (other.masks @ scores.sum(axis=0))[None, :]
            free = spread * (1 - of_one) * (1 - of_other)
            test = np.where(free > 1e-9, score**2 / free, 0.0)
        return np.where(np.any(list(self._pairs(a, b)), axis=0), test, 0.0)

    def crowds(self, a: int, b: int) -> NDArray[np.float64]:
        """Count the leads that meet each pair of conditions."""
        (crowd,) = self._sums(a, b, self.weight)
        return np.asarray(self.sides[a].masks @ crowd @ self.sides[b].masks.T, dtype=np.float64)

    def _sums(self, a: int, b: int, *values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Add up values of leads by pair of groups."""
        rows, columns = self.sides[a].size, self.sides[b].size
        cell = self.told[a] * columns + self.told[b]
        sums = (np.bincount(cell, each, minlength=rows * columns).astype(np.float64, copy=False) for each in values)
        return [of_cell.reshape(rows, columns) for of_cell in sums]
