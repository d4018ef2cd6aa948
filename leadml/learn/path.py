"""The path from many groups to few: at each step the two groups merge whose difference matters least to the leads.

What a merge costs is known in advance from the curvature of the loss, all other effects adapting (optimal brain
surgeon; Hassibi and Stork 1992): merging a and b costs ``(effect_a - effect_b)**2 / (2 * variance of the difference)``
in log-likelihood. So one path gives the best table for every number of rules, over all features at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.refit import Leads, Refit, refit
from leadml.learn.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.codes import FeatureCodes

REFIT_AT = (80, 50, 35)
RIDGE = 1.0
STRIDE = 0.88
LATE = 40  # with more rules than that it is not settled yet which rule of a feature is the commonest
FIRST_STEPS = 2  # the LightGBM shape is near the optimum already


@dataclass(frozen=True, eq=False)
class Stage:
    """One place on the path: a partition with its refitted effects and the number of rules that it costs."""

    rules: int
    partition: Partition
    fit: Refit


def walk(
    leads: Leads,
    features: Sequence[FeatureCodes],
    shapes: Sequence[NDArray[np.float64]],
    partition: Partition,
    *,
    strength: float,
    directions: Sequence[int],
    most_rules: int,
) -> Iterator[Stage]:
    """Merge groups step by step, and give a stage now and then, from `most_rules` rules down to 0.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    shapes : sequence of ndarray
        The LightGBM contribution of each code; the refit is centred on it.
    partition : Partition
        Where the path begins.
    strength : float
        Weight of the pull towards the shape.
    directions : sequence of int
        For each feature 1 (effects may only rise with its value), -1 (only fall) or 0.
    most_rules : int
        The first number of rules to report.

    Yields
    ------
    Stage
        In falling number of rules; the last one has none.
    """
    counts = leads.counts([f.size for f in features])
    fit = refit(leads, partition, partition.average(shapes, counts), strength, steps=FIRST_STEPS)
    while True:
        crowd = _Crowd(features, partition, fit, counts, strength)
        if not crowd.straighten(directions):
            if crowd.rules <= most_rules:
                yield Stage(crowd.rules, partition, fit)
            if crowd.rules == 0:
                return
            crowd.thin(_next_stop(crowd.rules, most_rules))
        partition, start = crowd.partition(), crowd.start()
        fit = refit(leads, partition, partition.average(shapes, counts), strength, begin=start, steps=1)


class _Crowd:
    """Groups on their way together, with the quadratic picture of the loss that tells what a merge costs."""

    def __init__(
        self,
        features: Sequence[FeatureCodes],
        partition: Partition,
        fit: Refit,
        counts: Sequence[NDArray[np.float64]],
        strength: float,
    ) -> None:
        self._partition, self._intercept = partition, fit.intercept
        self._effects = fit.effects.copy()
        own = np.concatenate([[0.0], np.full(len(fit.effects), strength - RIDGE)])
        self._variance = np.linalg.inv(fit.curvature - np.diag(own))[1:, 1:]
        self._commonest = partition.total(counts)
        self._feature = np.repeat(np.arange(len(features)), partition.sizes)
        self._home = np.arange(len(self._effects))
        self._alive = np.ones(len(self._effects), dtype=bool)
        self._pairs = _neighbours(features, partition)

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

    def straighten(self, directions: Sequence[int]) -> bool:
        """Merge neighbours that go against their declared direction; tell whether there were any."""
        bent = False
        for direction, start, group in zip(directions, self._partition.starts, self._partition.groups, strict=True):
            while direction:
                home = self._home[start + group[:-1]]
                steps = direction * np.diff(self._effects[home])
                if len(steps) == 0 or steps.min() >= -1e-12:
                    break
                worst = int(np.argmin(steps))
                self._merge(int(home[worst]), int(home[worst + 1]), one_rule=True)
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

    def start(self) -> tuple[float, NDArray[np.float64]]:
        """Give intercept and effects of the groups that are left, to begin a refit from."""
        return self._intercept, self._effects[np.unique(self._home)]

    def _to_neutral(self) -> NDArray[np.int64]:
        alive = np.flatnonzero(self._alive)
        order = alive[np.lexsort((alive, -self._commonest[alive], self._feature[alive]))]
        first = np.concatenate([[True], np.diff(self._feature[order]) > 0])
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
    above = [r for r in REFIT_AT if most_rules < r < rules]
    return above[0] if above else most_rules if rules > most_rules else min(rules - 1, int(rules * STRIDE))


def _neighbours(features: Sequence[FeatureCodes], partition: Partition) -> NDArray[np.int64]:
    """List the pairs of groups that one rule can hold: neighbouring ranges, any two sets of categories."""
    pairs: set[tuple[int, int]] = set()
    for feature, group, start in zip(features, partition.groups, partition.starts, strict=True):
        labels = [int(start + g) for g in group[:-1]]
        if feature.ordered:
            pairs.update((min(p), max(p)) for p in itertools.pairwise(labels) if p[0] != p[1])
        elif feature.type == "category":
            distinct = sorted(set(labels))
            pairs.update((p, q) for i, p in enumerate(distinct) for q in distinct[i + 1 :])
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
