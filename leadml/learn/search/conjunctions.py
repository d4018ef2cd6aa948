"""Conjunctions: rules that hold when two conditions hold together, found where the additive table leaves a residual.

All pairs of groups of all pairs of features are scanned with a score test of the residuals, corrected for what the
two features say by themselves. The best one joins the model, the model is refitted, and the scan begins again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.rows import neutral_row, rows_of
from leadml.learn.search.refit import Leads, Refit, refit
from leadml.learn.search.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.path import Stage

LEAST_TEST = 12.0
CONJUNCTION_STRENGTH = 5.0


@dataclass(frozen=True, eq=False)
class Conjunction:
    """Two conditions, each a set of fine codes of a feature.

    Parameters
    ----------
    features : tuple of (int, int)
        The two features, by position.
    codes : tuple of (ndarray of bool, ndarray of bool)
        For each of them, which of its codes meet the condition.
    cell : tuple of (int, int, int, int)
        The features and the groups that it was found in.
    """

    features: tuple[int, int]
    codes: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    cell: tuple[int, int, int, int]

    def holds(self, codes: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Tell for which leads both conditions hold."""
        (a, b), (of_a, of_b) = self.features, self.codes
        both: NDArray[np.bool_] = of_a[codes[a]] & of_b[codes[b]]
        return both


@dataclass(frozen=True, eq=False)
class Joined:
    """A partition with conjunctions, and the effects of both.

    Parameters
    ----------
    partition : Partition
        The groups of each feature, then two groups (holds not, holds) of each conjunction.
    conjunctions : tuple of Conjunction
        The conjunctions.
    fit : Refit
        Effects, intercept, curvature.
    """

    partition: Partition
    conjunctions: tuple[Conjunction, ...]
    fit: Refit

    def log_odds(self, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Predict the log-odds of leads."""
        return self.fit.log_odds(self.partition, with_conjunctions(codes, self.conjunctions))


def with_conjunctions(codes: NDArray[np.int16], conjunctions: Sequence[Conjunction]) -> NDArray[np.int16]:
    """Add a row of 0 and 1 for each conjunction to the codes of leads."""
    return np.concatenate([codes, *(c.holds(codes)[None, :].astype(np.int16) for c in conjunctions)])


def grow(
    leads: Leads,
    features: Sequence[FeatureCodes],
    stage: Stage,
    centre: NDArray[np.float64],
    strength: float,
    *,
    open_to: Sequence[bool],
    most: int,
    least_leads: float,
) -> Iterator[Joined]:
    """Add conjunctions one by one, the best first.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    stage : Stage
        An additive stage.
    centre : ndarray of shape (n_groups,)
        What its effects are pulled to.
    strength : float
        Weight of that pull; conjunctions are pulled to 0.
    open_to : sequence of bool
        For each feature whether it may stand in a conjunction.
    most : int
        How many conjunctions at the most.
    least_leads : float
        A conjunction holds for at least as many leads.

    Yields
    ------
    Joined
        The stage without conjunctions, then with one, two, …
    """
    joined = Joined(stage.partition, (), stage.fit)
    yield joined
    cells = _Cells(leads, features, stage.partition, open_to, least_leads)
    while len(joined.conjunctions) < most:
        best = cells.best(joined)
        if best is None:
            return
        joined = _join(leads, joined, best, centre, strength)
        yield joined


def refit_joined(leads: Leads, joined: Joined, centre: NDArray[np.float64], strength: float) -> Joined:
    """Fit the effects of a stage and its conjunctions on other leads, until they stand still."""
    wide = Leads(with_conjunctions(leads.codes, joined.conjunctions), leads.won, leads.weight)
    target, pull = _target(centre, strength, len(joined.conjunctions))
    begin = (joined.fit.intercept, joined.fit.effects)
    return replace(joined, fit=refit(wide, joined.partition, target, pull, begin=begin))


def _target(
    centre: NDArray[np.float64], strength: float, conjunctions: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Say what effects are pulled to, and how strongly; no shape speaks for conjunctions, which are pulled to 0."""
    target = np.concatenate([centre, np.zeros(2 * conjunctions)])
    pull = np.concatenate([np.full(len(centre), strength), np.full(2 * conjunctions, CONJUNCTION_STRENGTH)])
    return target, pull


def _join(leads: Leads, joined: Joined, new: Conjunction, centre: NDArray[np.float64], strength: float) -> Joined:
    found = (*joined.conjunctions, new)
    wide = Leads(with_conjunctions(leads.codes, found), leads.won, leads.weight)
    partition = Partition((*joined.partition.groups, np.array([0, 1])))
    begin = (joined.fit.intercept, np.concatenate([joined.fit.effects, [0.0, 0.0]]))
    target, pull = _target(centre, strength, len(found))
    return Joined(partition, found, refit(wide, partition, target, pull, begin=begin, steps=2))


class _Cells:
    """Cross tables of the groups of all pairs of features, in which residuals are looked for."""

    def __init__(
        self,
        leads: Leads,
        features: Sequence[FeatureCodes],
        partition: Partition,
        open_to: Sequence[bool],
        least_leads: float,
    ) -> None:
        self._leads, self._partition = leads, partition
        sizes, counts = partition.sizes, leads.counts([f.size for f in features])
        told = {k: partition.groups[k][leads.codes[k]] for k in range(len(sizes)) if open_to[k] and sizes[k] > 1}
        rows = {k: rows_of(features[k], partition.groups[k], counts[k]) for k in told}
        neutral = {k: row[neutral_row(row)].mark for k, row in rows.items()}
        self._tables = []
        for a, b in combinations(told, 2):
            cell = (told[a] * sizes[b] + told[b]).astype(np.int32)
            crowd = np.bincount(cell, leads.weight, minlength=sizes[a] * sizes[b]).reshape(sizes[a], sizes[b])
            usable = crowd >= least_leads
            usable[neutral[a], neutral[b]] = False
            usable &= self._one_rule(a)[:, None] & self._one_rule(b)[None, :]
            if usable.any():
                self._tables.append((a, b, cell, usable))

    def best(self, joined: Joined) -> Conjunction | None:
        """Find the cell with the greatest score test, if it is great enough."""
        chance = 1 / (1 + np.exp(-joined.log_odds(self._leads.codes)))
        weight = self._leads.weight
        residual, bend = weight * (self._leads.won - chance), weight * chance * (1 - chance)
        found: tuple[float, tuple[int, int, int, int] | None] = (LEAST_TEST, None)
        taken = {c.cell for c in joined.conjunctions}
        for a, b, cell, usable in self._tables:
            test = np.where(usable, _score_tests(cell, usable.shape, residual, bend), 0.0)
            for c in taken:
                if c[:2] == (a, b):
                    test[c[2:]] = 0.0
            at = np.unravel_index(int(test.argmax()), test.shape)
            if test[at] > found[0]:
                found = (float(test[at]), (a, b, int(at[0]), int(at[1])))
        if found[1] is None:
            return None
        a, b, i, j = found[1]
        return Conjunction((a, b), (self._partition.groups[a] == i, self._partition.groups[b] == j), found[1])

    def _one_rule(self, feature: int) -> NDArray[np.bool_]:
        """Tell which groups of a feature one rule can hold: without *missing*, unless they are nothing else."""
        group = self._partition.groups[feature]
        mixed = np.zeros(int(group.max()) + 1, dtype=bool)
        mixed[group[-1]] = bool((group[:-1] == group[-1]).any())
        return ~mixed


def _score_tests(
    cell: NDArray[np.int32], shape: tuple[int, ...], residual: NDArray[np.float64], bend: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Test each cell of a cross table: squared sum of residuals over its variance, the margins adapting."""
    score = np.bincount(cell, residual, minlength=shape[0] * shape[1]).reshape(shape)
    spread = np.bincount(cell, bend, minlength=shape[0] * shape[1]).reshape(shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        free = (
            spread * (1 - spread / spread.sum(axis=1, keepdims=True)) * (1 - spread / spread.sum(axis=0, keepdims=True))
        )
        return np.where(free > 1e-9, score**2 / free, 0.0)
