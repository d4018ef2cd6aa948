"""Scan: where two conditions say together what neither says alone.

All pairs of conditions of all pairs of features are put to a score test of the residuals that a fit leaves, corrected
for what the two conditions say by themselves, whether they have rules or not.

With hundreds of features there are too many pairs. Then one of the two has to have rules (heredity; Chipman 1996), and
of those pairs the ones are tested that say most on the first leads, whose order is as good as random.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.bundles import CrossTables
from leadml.learn.search.conjunction import Conjunction
from leadml.learn.search.segments import Partition
from leadml.learn.search.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.ground import Ground
    from leadml.learn.search.refit import Refit
    from leadml.learn.search.terms import Terms

LEAST_TEST = 16.0  # the greatest of some thousand tests of nothing seldom passes that
LEAST_LEADS = 50
LEAST_SHARE = 0.01
AT_ONCE = 4
EACH_RULE = 6.0  # what a test may come to by chance for each rule that was cut where it says most
ALIKE = 0.9  # of two halves each corner says the same; the one of fewest leads is furthest from what is neutral
MOST_PAIRS = 3000  # of features: all pairs of 77
FIRST_LEADS = 1000
AT_A_TIME = 1000  # pairs, as memory goes


def scan(
    ground: Ground,
    partition: Partition,
    fit: Refit,
    terms: Terms,
    conditions: Sequence[Partition],
    whole: Partition,
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
    whole : Partition
        Features without groups: conditions are halves and ends of those whose effects are next to nothing.

    Returns
    -------
    list of Conjunction
        Up to four, the greatest test first; none where no test passes what chance alone does.
    """
    field = _Field.left_by(ground, partition, fit, terms, conditions, whole)
    if len(field.features) < 2:
        return []
    ruled = np.any([some.sizes[field.features] > 1 for some in conditions], axis=0)
    found = list(field.said(_most_likely(field, ruled), ground.conjunctions))
    return [conjunction for _, conjunction in sorted(found, key=lambda best: (-best[0], best[1].features))[:AT_ONCE]]


def _most_likely(field: _Field, ruled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pick the pairs of features that are most likely to say something together, where there are too many."""
    pairs = np.stack(np.triu_indices(len(field.features), 1), axis=1)
    if len(pairs) <= MOST_PAIRS:
        return pairs
    pairs, first = pairs[ruled[pairs].any(axis=1)], field.first(FIRST_LEADS)
    said = np.zeros(len(pairs))
    for some in _parts(len(pairs)):
        said[some] = np.where(first.crowds(pairs[some]) >= first.least, first.tests(pairs[some]), 0.0).max(axis=(1, 2))
    return pairs[np.sort(np.argsort(-said, kind="stable")[:MOST_PAIRS])]


def _parts(count: int) -> Iterator[slice]:
    return (slice(at, at + AT_A_TIME) for at in range(0, count, AT_A_TIME))


def _quiet(partition: Partition, fit: Refit, codes: NDArray[np.int16], bend: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of each feature whether its effects are no greater than chance makes them, by a test of all together."""
    found = []
    for row, group, start, size in zip(codes, partition.groups, partition.starts, partition.sizes, strict=False):
        weight = np.bincount(group[row], bend, minlength=int(size))
        effect = fit.effects[start : start + size]
        test = float(weight @ (effect - weight @ effect / weight.sum()) ** 2)
        found.append(test <= LEAST_TEST + EACH_RULE * (size - 1))
    return np.array(found, dtype=bool)


@dataclass(frozen=True, eq=False)
class _Field:
    """What a fit leaves of each lead (residual, variance, weight), and the sides on which its features put it.

    Conditions, groups and partitions of all features are laid out evenly: where a feature has fewer than another one,
    there are no leads.
    """

    features: NDArray[np.int64]
    sides: Sequence[Side]
    tables: CrossTables
    masks: NDArray[np.float64]
    of_partition: NDArray[np.bool_]
    commonest: NDArray[np.bool_]
    residual: NDArray[np.float64]
    bend: NDArray[np.float64]
    weight: NDArray[np.float64]
    least: float

    @classmethod
    def left_by(
        cls,
        ground: Ground,
        partition: Partition,
        fit: Refit,
        terms: Terms,
        conditions: Sequence[Partition],
        whole: Partition,
    ) -> _Field:
        leads, weight = ground.leads, ground.leads.weight
        chance = 1 / (1 + np.exp(-fit.log_odds(partition, leads.codes)))
        quiet = _quiet(partition, fit, leads.codes[: len(whole.groups)], weight * chance * (1 - chance))
        least = max(LEAST_LEADS, LEAST_SHARE * float(weight.sum()))
        listed = ground.counts if ground.listed is None else ground.listed
        every = {
            k: Side.joined(
                [Side.of(ground.features[k], c.groups[k], ground.counts[k], listed[k], least) for c in conditions]
                + [
                    Side.of(
                        ground.features[k], whole.groups[k], ground.counts[k], listed[k], least if quiet[k] else np.inf
                    )
                ]
            )
            for k in np.flatnonzero(terms.open_to_conjunctions).tolist()
        }
        sides = {k: side for k, side in every.items() if len(side.masks)}
        features, told = np.array([*sides], dtype=np.int64), tuple(sides.values())
        groups = (np.where(ground.counts[k] > 0, side.group, 0) for k, side in sides.items())
        tables = CrossTables.of(leads.codes[features], Partition(tuple(groups)))
        laid_out = _laid_out(told, int(tables.size.max(initial=1)))
        return cls(
            features,
            told,
            tables,
            *laid_out,
            weight * (leads.won - chance),
            weight * chance * (1 - chance),
            weight,
            least,
        )

    def first(self, leads: int) -> _Field:
        return replace(
            self,
            tables=self.tables.first(leads),
            residual=self.residual[:leads],
            bend=self.bend[:leads],
            weight=self.weight[:leads],
            least=LEAST_SHARE * float(self.weight[:leads].sum()),
        )

    def said(self, pairs: NDArray[np.int64], taken: Sequence[Conjunction]) -> Iterator[tuple[float, Conjunction]]:
        """Give for each pair of features what its conditions say most together, if that is enough."""
        for some in _parts(len(pairs)):
            tests = self.tests(pairs[some])
            enough = tests.max(axis=(1, 2)) > LEAST_TEST
            speaking = pairs[some][enough]
            for (a, b), test, crowd in zip(speaking.tolist(), tests[enough], self.crowds(speaking), strict=True):
                best = self._best(a, b, test, crowd, taken)
                if best is not None:
                    yield best

    def _best(
        self, a: int, b: int, test: NDArray[np.float64], crowd: NDArray[np.float64], taken: Sequence[Conjunction]
    ) -> tuple[float, Conjunction] | None:
        """Give the test and the conjunction of the conditions that say most together.

        A pair of rules has one row in a table, so no conjunction may hold where one of the same features does already.
        """
        one, other = self.sides[a], self.sides[b]
        test, crowd = (of[: len(one.masks), : len(other.masks)] for of in (test, crowd))
        features = int(self.features[a]), int(self.features[b])
        for already in taken:
            if already.features == features:
                meet = (side.masks_that_meet(m) for side, m in zip((one, other), already.codes, strict=True))
                test[np.logical_and.outer(*meet)] = 0.0
        test[crowd < self.least] = 0.0
        offered = self._offered(np.array([[a, b]]))[0, : len(one.masks), : len(other.masks)]
        test = max((np.where(of, test, 0.0) for of in np.moveaxis(offered, -1, 0)), key=np.max)
        if test.max() <= LEAST_TEST:
            return None
        alike = test >= ALIKE * test.max()
        at = np.unravel_index(int(np.where(alike, crowd, np.inf).argmin()), test.shape)
        return float(test.max()), Conjunction(features, (one.of_codes(int(at[0])), other.of_codes(int(at[1]))))

    def _offered(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each partition which pairs of conditions are of it; the base points speak for what is neutral."""
        (a, b), (c, d) = (
            (of[pairs[:, 0], :, None], of[pairs[:, 1], None]) for of in (self.of_partition, self.commonest)
        )
        return np.asarray(a & b & ~(c & d))

    def tests(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Test each pair of conditions: squared sum of residuals over its variance, the conditions themselves adapting.

        Also a condition that has no rule yet adapts: what it would say alone is not what the two say together.
        """
        one, other = self.masks[pairs[:, 0]], self.masks[pairs[:, 1]].transpose(0, 2, 1)
        bends, scores = self.tables.of_pairs(pairs, self.bend, self.residual)
        spread, score = (one @ of_cell @ other for of_cell in (bends, scores))
        with np.errstate(divide="ignore", invalid="ignore"):
            of_one = spread / (one @ bends.sum(axis=2, keepdims=True))
            of_other = spread / (bends.sum(axis=1, keepdims=True) @ other)
            score -= of_one * (one @ scores.sum(axis=2, keepdims=True))
            score -= of_other * (scores.sum(axis=1, keepdims=True) @ other)
            free = spread * (1 - of_one) * (1 - of_other)
            test = np.where(free > 1e-9, score**2 / free, 0.0)
        return np.where(self._offered(pairs).any(axis=-1), test, 0.0)

    def crowds(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Count the leads that meet each pair of conditions."""
        (crowd,) = self.tables.of_pairs(pairs, self.weight)
        return np.asarray(self.masks[pairs[:, 0]] @ crowd @ self.masks[pairs[:, 1]].transpose(0, 2, 1))


def _laid_out(sides: Sequence[Side], groups: int) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Put the conditions of all sides into arrays: their groups, their partitions, and where they are the commonest."""
    most = max((len(side.masks) for side in sides), default=0)
    partitions = max((side.of_partition.shape[1] for side in sides), default=0)
    masks = np.zeros((len(sides), most, groups))
    of_partition, commonest = np.zeros((2, len(sides), most, partitions), dtype=bool)
    for k, side in enumerate(sides):
        masks[k, : len(side.masks), : side.size] = side.masks[:, :groups]
        of_partition[k, : len(side.masks)] = side.of_partition
        commonest[k, : len(side.masks)] = side.commonest
    return masks, of_partition, commonest
