"""Segments: each shape is cut where it moves, optimally, before any statistics are refitted.

The shape of a feature (its contribution per fine code) becomes a step function with few steps. For a given number of
steps the cuts are optimal (dynamic programming, weighted by leads; Fisher 1958, Jenks); the number of steps of each
feature is decided together, where a step takes away most squared error over all features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

MOST_STEPS = 40
LEAST_MISSING = 20
MOST_RUNS = 128


@dataclass(frozen=True, eq=False)
class Partition:
    """Which fine codes go together.

    Parameters
    ----------
    groups : tuple of ndarray
        For each feature the group of each of its codes; groups are numbered from 0 without gaps.
    """

    groups: tuple[NDArray[np.int64], ...]

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Count the groups of each feature."""
        return np.array([int(g.max()) + 1 for g in self.groups], dtype=np.int64)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Give the position of each feature's first group among all groups."""
        return np.concatenate([[0], np.cumsum(self.sizes)])[:-1].astype(np.int64)

    @cached_property
    def told(self) -> NDArray[np.bool_]:
        """Tell of the intercept and each group whether leads tell it from all others of its feature, if it has any."""
        return np.append(True, np.repeat(self.sizes > 1, self.sizes))

    @cached_property
    def joined(self) -> NDArray[np.int64]:
        """Give the group of each code, all features one after the other, among all groups."""
        nothing = [np.zeros(0, dtype=np.int64)]
        return np.concatenate([at + group for at, group in zip(self.starts, self.groups, strict=True)] or nothing)

    def average(
        self, values: Sequence[NDArray[np.float64]], leads: Sequence[NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """Average a value per code over the leads of each group.

        Parameters
        ----------
        values, leads : sequence of ndarray
            For each feature a value and a number of leads per code.

        Returns
        -------
        ndarray of shape (n_groups,)
            The averages; 0 for a group without leads.
        """
        size, count = int(self.sizes.sum()), np.concatenate([np.zeros(0), *leads])
        sums = np.bincount(self.joined, np.concatenate([np.zeros(0), *values]) * count, minlength=size)
        total = np.bincount(self.joined, count, minlength=size)
        return np.divide(sums, total, out=np.zeros(size), where=total > 0)

    def refined_by(self, others: Sequence[Partition]) -> Partition:
        """Keep apart what this partition, or any of the others, keeps apart.

        Examples
        --------
        >>> one, other = Partition((np.array([0, 0, 1]),)), Partition((np.array([0, 1, 1]),))
        >>> one.refined_by([other]).groups[0].tolist()
        [0, 1, 2]
        """
        stacks = [np.stack(groups) for groups in zip(self.groups, *(o.groups for o in others), strict=True)]
        return Partition(tuple(np.unique(stack, axis=1, return_inverse=True)[1].ravel() for stack in stacks))

    def merged(self, a: int, b: int) -> Partition:
        """Put two groups of one feature together.

        Examples
        --------
        >>> Partition((np.array([0, 1]), np.array([0, 1, 2]))).merged(2, 4).groups[1].tolist()
        [0, 1, 0]
        """
        k = int(np.searchsorted(self.starts, a, side="right")) - 1
        start, gone = int(self.starts[k]), max(a, b) - int(self.starts[k])
        group = np.where(self.groups[k] == gone, min(a, b) - start, self.groups[k])
        return Partition((*self.groups[:k], group - (group > gone), *self.groups[k + 1 :]))

    def flat(self, features: NDArray[np.bool_]) -> Partition:
        """Put all codes of some of the first features together.

        Examples
        --------
        >>> one = Partition((np.array([0, 1]), np.array([0, 1, 2])))
        >>> [group.tolist() for group in one.flat(np.array([False, True])).groups]
        [[0, 1], [0, 0, 0]]
        """
        first = [np.zeros_like(g) if flat else g for g, flat in zip(self.groups, features.tolist(), strict=False)]
        return Partition((*first, *self.groups[len(first) :]))

    def total(self, leads: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Count the leads of each group."""
        count = np.concatenate([np.zeros(0), *leads])
        return np.asarray(np.bincount(self.joined, count, minlength=int(self.sizes.sum())), dtype=np.float64)


def cut_shapes(
    features: Sequence[FeatureCodes],
    shapes: Sequence[NDArray[np.float64]],
    leads: Sequence[NDArray[np.float64]],
    *,
    least_leads: float,
    most_groups: int,
) -> Partition:
    """Cut all shapes into steps, `most_groups` in all at the most.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    shapes, leads : sequence of ndarray
        For each feature the contribution of each code, and its number of leads.
    least_leads : float
        A step has at least as many leads.
    most_groups : int
        How many groups there may be over all features; each feature has one at least.

    Returns
    -------
    Partition
        The groups. *Missing* is a group of its own where enough leads have it, else it belongs to the commonest group
        of its feature, and so do categories that no lead has; a number that no lead has belongs to the next smaller
        one. Where so many features have gaps that these would take more than half of the cuts, *missing* is a group of
        its own only where the shapes tell most.
    """
    ladders = [_ladder(f, s, n, least_leads) for f, s, n in zip(features, shapes, leads, strict=True)]
    ladders = _with_room(ladders, shapes, (most_groups - len(features)) // 2)
    gains = sorted(
        (-gain, k, step) for k, ladder in enumerate(ladders) for step, gain in enumerate(ladder.gains, start=1)
    )
    steps = [0] * len(features)
    spare = most_groups - len(features) - sum(ladder.missing_apart for ladder in ladders)
    for gain, k, step in gains[: max(spare, 0)]:
        if -gain > 1e-12 and step == steps[k] + 1:
            steps[k] = step
    return Partition(tuple(ladder.groups(n) for ladder, n in zip(ladders, steps, strict=True)))


def _with_room(ladders: Sequence[_Ladder], shapes: Sequence[NDArray[np.float64]], most: int) -> list[_Ladder]:
    """Keep *missing* apart in so many features at the most, those whose shapes tell most by it."""
    if sum(ladder.missing_apart for ladder in ladders) <= most:
        return list(ladders)
    gains = [ladder.of_missing(shape) for ladder, shape in zip(ladders, shapes, strict=True)]
    first = set(np.argsort(-np.array(gains), kind="stable")[: max(most, 0)].tolist())
    return [
        replace(ladder, missing_apart=k in first and gain > 0)
        for k, (ladder, gain) in enumerate(zip(ladders, gains, strict=True))
    ]


@dataclass(frozen=True, eq=False)
class _Ladder:
    """All optimal step functions of one shape, from one step to many."""

    order: NDArray[np.int64]
    run_of: NDArray[np.int64]
    best: NDArray[np.int64]
    gains: NDArray[np.float64]
    leads: NDArray[np.float64]
    missing_apart: bool
    ordered: bool

    def of_missing(self, shape: NDArray[np.float64]) -> float:
        """Tell what keeping *missing* apart takes off the squared error, 0 where it cannot be."""
        there, gone = float(self.leads[:-1].sum()), float(self.leads[-1])
        if not self.missing_apart or there == 0:
            return 0.0
        gap = float(shape[:-1] @ self.leads[:-1]) / there - float(shape[-1])
        return gap * gap * there * gone / (there + gone)

    def groups(self, cuts: int) -> NDArray[np.int64]:
        """Give each code its group when the shape has `cuts` cuts."""
        last = int(self.run_of.max(initial=-1))
        label_of_run = np.zeros(last + 1, dtype=np.int64)
        end = last + 1
        for k in range(cuts, 0, -1):
            start = int(self.best[k, end - 1])
            label_of_run[start:end] = k
            end = start
        groups = np.full(len(self.leads), -1, dtype=np.int64)
        groups[self.order] = label_of_run[self.run_of]
        if self.missing_apart:
            groups[-1] = groups.max() + 1
        known = groups >= 0
        if self.ordered and known[:-1].any():
            groups[:-1] = groups[_nearest(known[:-1])]
            known[:-1] = True
        groups[~known] = int(np.argmax(np.bincount(groups[known], self.leads[known]))) if known.any() else 0
        return groups


def _nearest(known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Give for each place the last known one up to it; before the first known one, that one.

    A value that the leads of a sample do not have belongs to its neighbours, not to what is commonest elsewhere.

    Examples
    --------
    >>> _nearest(np.array([False, True, False, False, True])).tolist()
    [1, 1, 1, 1, 4]
    """
    last = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
    return np.asarray(np.where(last < 0, int(known.argmax()), last), dtype=np.int64)


def _ladder(feature: FeatureCodes, shape: NDArray[np.float64], leads: NDArray[np.float64], least: float) -> _Ladder:
    present = np.flatnonzero(leads[:-1] > 0)
    order = present if feature.ordered else present[np.lexsort((present, shape[present]))]
    values, weights = shape[order], leads[order]
    steps = values if feature.ordered else _rounded(values)
    run_of = np.cumsum(np.abs(np.diff(steps, prepend=np.inf)) > 1e-12) - 1
    weight = np.asarray(np.bincount(run_of, weights), dtype=np.float64)
    mean = np.bincount(run_of, weights * values) / weight
    best, gains = _optimal_cuts(mean, weight, least)
    return _Ladder(
        order, run_of, best, gains, leads, bool(leads[-1] >= max(min(least, LEAST_MISSING), 1)), feature.ordered
    )


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to so many steps of their range: hundreds of levels that hardly differ need not be told apart."""
    if len(values) <= MOST_RUNS:
        return values
    step = max(float(np.ptp(values)) / MOST_RUNS, 1e-12)
    return np.asarray(np.rint((values - values.min()) / step), dtype=np.float64)


def _optimal_cuts(
    mean: NDArray[np.float64], weight: NDArray[np.float64], least: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find for each number of cuts the best ones, and what each further cut takes off the squared error."""
    n = len(mean)
    if n == 0:
        return np.zeros((1, 0), dtype=np.int64), np.zeros(0)
    sums = [np.concatenate([[0.0], np.cumsum(weight * mean**p)]) for p in range(3)]
    low, high = np.arange(n)[:, None], np.arange(1, n + 1)[None, :]
    w, s, q = (c[high] - c[low] for c in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where((high > low) & (w >= min(least, sums[0][-1])), np.maximum(q - s * s / w, 0), np.inf)
    most = min(MOST_STEPS, n)
    best = np.zeros((most, n), dtype=np.int64)
    error = cost[0]
    errors = [error[-1]]
    for k in range(1, most):
        through = np.concatenate([[np.inf], error[:-1]])[:, None] + cost
        best[k] = np.argmin(through, axis=0)
        error = through[best[k], np.arange(n)]
        if not np.isfinite(error[-1]):
            break
        errors.append(error[-1])
    return best, _falling(-np.diff(np.minimum.accumulate(np.array(errors))))


def _falling(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share the gain of cuts that only pay together, so that gains never rise (pool adjacent violators).

    Examples
    --------
    >>> _falling(np.array([1.0, 5.0, 2.0])).tolist()
    [3.0, 3.0, 2.0]
    """
    pools: list[tuple[float, int]] = []
    for gain in gains.tolist():
        pools.append((gain, 1))
        while len(pools) > 1 and pools[-1][0] * pools[-2][1] > pools[-2][0] * pools[-1][1]:
            (last, many), (first, few) = pools.pop(), pools.pop()
            pools.append((first + last, few + many))
    return np.repeat([total / count for total, count in pools], [count for _, count in pools])
