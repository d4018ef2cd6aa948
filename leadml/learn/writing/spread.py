"""Spread: how far the effects of groups might be from what they are, had other leads come.

Where every lead weighs the same and stands for itself, the curvature of the loss says it (Wald). Where leads have
weights, or companies bring several, leads are dealt to blocks at random, companies whole, and blocks are drawn again
and again, each draw fitted by one Newton step. The variance over endless draws has a closed form, so none is made:
``H^-1 (sum of g g') H^-1``, g being the gradient of a block (Huber 1967; Liang and Zeger 1986).

The penalty is left out of H. It pulls towards shapes that were learned from the same leads, so it does not make
effects any surer: with it, intervals of small groups were several times too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import splitmix
from leadml.learn.search.conjunction import with_conjunctions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from leadml.learn.search.conjunction import Joined
    from leadml.learn.search.refit import Leads

BLOCKS = 200
ALIKE = 1e-6  # of a direction's curvature, where each effect alone has 1
TAKES_PART = 0.05  # of a direction of length 1
TRACE = 0.25  # keeps effects that the leads cannot tell apart from being boundless: two log-odds to either side


@dataclass(frozen=True, eq=False)
class Spread:
    """What the leads leave open about the effects of groups.

    Parameters
    ----------
    covariance : ndarray of shape (n_groups, n_groups)
        Of the effects against the neutral group of their feature, in log-odds squared.
    residual : tuple of ndarray
        For each feature, by code, the weighted sum of (won - chance of being won).
    bend : tuple of ndarray
        For each feature, by code, the weighted sum of chance * (1 - chance).
    inflation : float
        How many times the variance is that of leads of weight 1 which stand for themselves.
    """

    covariance: NDArray[np.float64]
    residual: tuple[NDArray[np.float64], ...]
    bend: tuple[NDArray[np.float64], ...]
    inflation: float


def spread(leads: Leads, joined: Joined, neutral: Sequence[int], company: NDArray[np.int64] | None) -> Spread:
    """Measure it: one pass over the leads.

    Parameters
    ----------
    leads : Leads
        The leads that the effects were fitted to.
    joined : Joined
        Groups and conjunctions with their effects.
    neutral : sequence of int
        For each feature, then each conjunction, the group that effects are measured against.
    company : ndarray of shape (n_leads,), optional
        Leads with the same number are not independent of one another.

    Returns
    -------
    Spread
    """
    codes = with_conjunctions(leads.codes, joined.conjunctions)
    chance = 1 / (1 + np.exp(-joined.fit.log_odds(joined.partition, codes)))
    residual, bend = leads.weight * (leads.won - chance), leads.weight * chance * (1 - chance)
    free = np.setdiff1d(np.arange(len(joined.fit.effects)), neutral)
    free, held = _told_apart(joined, free, neutral) if joined.conjunctions else (free, free[:0])
    own = np.linalg.inv(_curvature(joined, free))
    found, inflation = own, 1.0
    if company is not None or leads.weight.min() < leads.weight.max():
        sums = _by_block(residual, codes, joined, free, company)
        found = own @ (sums.T @ sums) @ own * (len(sums) / (len(sums) - 1))
        inflation = float(np.median(np.diag(found) / np.diag(own)))
    covariance = np.zeros((len(joined.fit.effects), len(joined.fit.effects)))
    covariance[np.ix_(free, free)] = found[1:, 1:]
    covariance[held, held] = inflation / np.diag(_curvature(joined, held))[1:]
    sizes = [len(group) for group in joined.partition.groups[: len(leads.codes)]]
    told, bent = _by_code(leads.codes, sizes, residual), _by_code(leads.codes, sizes, bend)
    return Spread(covariance, told, bent, inflation)


def _told_apart(
    joined: Joined, free: NDArray[np.int64], neutral: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Set effects aside until leads can tell the others apart: of those that say the same, the one nearest to 0.

    Two conditions make four cells. With a conjunction in two of these there is one effect more than cells, if each
    condition has one as well: any could be greater, were the others smaller, and no number of leads would settle it.
    """
    held: list[int] = []
    away = joined.fit.effects - np.repeat(joined.fit.effects[list(neutral)], joined.partition.sizes)
    while len(free) > 1:
        bare = _curvature(joined, free)
        place = np.arange(1, len(bare))
        bare[place, place] -= TRACE
        scale = 1 / np.sqrt(np.maximum(np.diag(bare), 1e-12))
        values, vectors = np.linalg.eigh(bare * scale * scale[:, None])
        if values[0] > ALIKE:
            break
        among = np.flatnonzero(np.abs(vectors[1:, 0]) > TAKES_PART)
        if not len(among):
            break
        least = int(among[np.argmin(np.abs(away[free[among]]))])
        held.append(int(free[least]))
        free = np.delete(free, least)
    return free, np.array(held, dtype=np.int64)


def _by_code(
    codes: NDArray[np.int16], sizes: Sequence[int], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    return tuple(
        np.bincount(row, values, minlength=size).astype(np.float64) for row, size in zip(codes, sizes, strict=True)
    )


def _curvature(joined: Joined, free: NDArray[np.int64]) -> NDArray[np.float64]:
    """Take the penalty off the curvature, and leave out neutral groups.

    Without a penalty, what a group bends by itself is what it bends together with the intercept.
    """
    bare = joined.fit.curvature.copy()
    place = np.arange(1, len(bare))
    bare[place, place] = bare[0, 1:] + TRACE
    keep = np.concatenate([[0], 1 + free])
    return np.asarray(bare[np.ix_(keep, keep)], dtype=np.float64)


def _by_block(
    residual: NDArray[np.float64],
    codes: NDArray[np.int16],
    joined: Joined,
    free: NDArray[np.int64],
    company: NDArray[np.int64] | None,
) -> NDArray[np.float64]:
    """Sum gradients over blocks of leads, centred; the intercept comes first.

    The order of leads follows their content, so blocks are dealt by a hash: every n-th lead would be too even.
    """
    name = np.arange(len(residual)) if company is None else np.unique(company, return_inverse=True)[1]
    blocks = max(2, min(BLOCKS, int(name.max()) + 1))
    block = (splitmix(name.astype(np.uint64)) % np.uint64(blocks)).astype(np.int64)
    parts = [np.bincount(block, residual, minlength=blocks)[:, None]]
    for row, group in zip(codes, joined.partition.groups, strict=True):
        size = int(group.max()) + 1
        cell = np.bincount(group[row] * blocks + block, residual, minlength=size * blocks)
        parts.append(cell.reshape(size, blocks).T)
    sums = np.concatenate(parts, axis=1)[:, np.concatenate([[0], 1 + free])]
    return np.asarray(sums - sums.mean(axis=0), dtype=np.float64)
