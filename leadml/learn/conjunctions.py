"""Conjunctions: rules that hold when two conditions hold together, found where the additive table leaves a residual.

All pairs of groups of all pairs of features are scanned with a score test of the residuals, corrected for what the
two features say by themselves. The best one joins the model, the model is refitted, and the scan begins again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.refit import Leads, Refit, refit
from leadml.learn.segments import Partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_TEST = 12.0


@dataclass(frozen=True, eq=False)
class Conjunction:
    """Two conditions, each a set of fine codes of a feature.

    Parameters
    ----------
    features : tuple of (int, int)
        The two features, by position.
    codes : tuple of (ndarray of bool, ndarray of bool)
        For each of them, which of its codes meet the condition.
    """

    features: tuple[int, int]
    codes: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    def holds(self, codes: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Tell for which leads both conditions hold."""
        (a, b), (of_a, of_b) = self.features, self.codes
        return of_a[codes[a]] & of_b[codes[b]]


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
    partition: Partition,
    fit: Refit,
    centre: NDArray[np.float64],
    strength: float,
    *,
    most: int,
    least_leads: float,
) -> Iterator[Joined]:
    """Add conjunctions one by one, the best first.

    Parameters
    ----------
    leads : Leads
        The training leads.
    partition, fit : Partition, Refit
        An additive stage.
    centre : ndarray of shape (n_groups,)
        What its effects are pulled to.
    strength : float
        Weight of that pull; conjunctions are pulled to 0.
    most : int
        How many conjunctions at the most.
    least_leads : float
        A conjunction holds for at least as many leads.

    Yields
    ------
    Joined
        The stage without conjunctions, then with one, two, …
    """
    found: tuple[Conjunction, ...] = ()
    wide, joined = leads, Joined(partition, (), fit)
    yield joined
    while len(found) < most:
        best = _best(leads, partition, joined, found, least_leads)
        if best is None:
            return
        found = (*found, best)
        wide = Leads(np.concatenate([wide.codes, best.holds(leads.codes)[None, :].astype(np.int16)]), leads.won, leads.weight)
        groups = Partition((*partition.groups, *([np.array([0, 1])] * len(found))))
        begin = (joined.fit.intercept, np.concatenate([joined.fit.effects, [0.0, 0.0]]))
        target = np.concatenate([centre, np.zeros(2 * len(found))])
        joined = Joined(groups, found, refit(wide, groups, target, strength, begin=begin, steps=2))
        yield joined


def _best(
    leads: Leads, partition: Partition, joined: Joined, found: Sequence[Conjunction], least_leads: float
) -> Conjunction | None:
    """Find the pair of groups with the greatest score test."""
    chance = 1 / (1 + np.exp(-joined.log_odds(leads.codes)))
    residual, bend = leads.weight * (leads.won - chance), leads.weight * chance * (1 - chance)
    told = [g[row] for g, row in zip(partition.groups, leads.codes, strict=True)]
    taken = {(c.features, c.codes[0].tobytes(), c.codes[1].tobytes()) for c in found}
    best: tuple[float, Conjunction | None] = (LEAST_TEST, None)
    sizes = partition.sizes
    for a in range(len(told)):
        for b in range(a + 1, len(told)):
            if sizes[a] < 2 or sizes[b] < 2:
                continue
            for test, i, j in _tests(told[a] * sizes[b] + told[b], (sizes[a], sizes[b]), residual, bend, leads.weight, least_leads):
                if test <= best[0]:
                    break
                masks = (partition.groups[a] == i, partition.groups[b] == j)
                if ((a, b), masks[0].tobytes(), masks[1].tobytes()) not in taken:
                    best = (test, Conjunction((a, b), masks))
                    break
    return best[1]


def _tests(
    cell: NDArray[np.int64],
    shape: tuple[int, int],
    residual: NDArray[np.float64],
    bend: NDArray[np.float64],
    weight: NDArray[np.float64],
    least_leads: float,
) -> list[tuple[float, int, int]]:
    """Test each cell of a cross table: squared sum of residuals over its variance, margins adapted."""
    size = shape[0] * shape[1]
    score, spread, crowd = (np.bincount(cell, w, minlength=size).reshape(shape) for w in (residual, bend, weight))
    with np.errstate(divide="ignore", invalid="ignore"):
        free = spread * (1 - spread / spread.sum(axis=1, keepdims=True)) * (1 - spread / spread.sum(axis=0, keepdims=True))
        test = np.where((crowd >= least_leads) & (free > 1e-9), score**2 / free, 0.0)
    ranked = np.argsort(-test, axis=None, kind="stable")[: 2 + len(test.ravel()) // 4]
    return [(float(test.flat[p]), *divmod(int(p), shape[1])) for p in ranked]
