"""Levels that are alike: how far each may be believed, and whether they say anything of leads not seen yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = 5


def shrunk(effect: NDArray[np.float64], precision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw effects to their mean by what is known of them and by how far they lie apart beyond chance.

    Parameters
    ----------
    effect : ndarray of shape (n_levels,)
        An estimate for each level by itself.
    precision : ndarray of shape (n_levels,)
        One over its variance.

    Returns
    -------
    ndarray of shape (n_levels,)
        Best linear unbiased predictions; all the same where the effects differ by no more than chance.

    Examples
    --------
    >>> shrunk(np.array([1.0, -1.0, 1.0, -1.0]), np.array([9.0, 9.0, 1.0, 1.0])).round(2).tolist()
    [0.93, -0.93, 0.59, -0.59]
    >>> shrunk(np.array([0.1, -0.1]), np.array([1.0, 1.0])).tolist()
    [0.0, 0.0]
    """
    total = float(precision.sum())
    mean = float(precision @ effect) / total
    beyond = float(precision @ (effect - mean) ** 2) - (len(effect) - 1)
    spread = max(beyond, 0.0) / max(total - float((precision**2).sum()) / total, 1e-12)
    if spread == 0.0:
        return np.full(len(effect), mean)
    share = spread * precision / (1 + spread * precision)
    mean = float(share @ effect) / float(share.sum())
    return np.asarray(mean + share * (effect - mean), dtype=np.float64)


def foretold(
    row: NDArray[np.int16],
    size: int,
    surprise: NDArray[np.float64],
    sure: NDArray[np.float64],
    parts: NDArray[np.int64],
) -> float:
    """Tell what the levels of a category foretell of each part of the leads, learned from the others.

    Each level has the effect that the leads of the other parts speak for, drawn to the mean of the levels (`shrunk`);
    what it foretells is counted by the quadratic picture of the log-likelihood. Where weights make the outcomes of
    leads scatter more than their chances explain, evidence counts for as much less (Pearson's dispersion; McCullagh
    and Nelder 1989).

    Parameters
    ----------
    row : ndarray of shape (n_leads,)
        The code of each lead.
    size : int
        The number of codes.
    surprise, sure : ndarray of shape (n_leads,)
        The first derivative of the log-likelihood of each lead by its log-odds, and the second one's negative.
    parts : ndarray of shape (n_leads,)
        The part that each lead is in, from 0.

    Returns
    -------
    float
        The gain in log-likelihood, all parts together; below 0 where believing the levels does harm.

    Examples
    --------
    Ten levels; half of them are won twice as often as the others, or all are alike.

    >>> rng = np.random.default_rng(0)
    >>> row, parts = rng.integers(0, 10, 2000).astype(np.int16), np.arange(2000) % PARTS
    >>> for chance in (np.where(row < 5, 0.2, 0.4), np.full(2000, 0.3)):
    ...     won = rng.random(2000) < chance
    ...     round(foretold(row, 10, won - won.mean(), np.full(2000, 0.21), parts))
    39
    0
    """
    spread = float(surprise @ surprise) / float(sure.sum())
    n = int(parts.max()) + 1
    at = row.astype(np.int64) * n + parts
    slope, bend = (np.bincount(at, each / spread, minlength=size * n).reshape(size, n) for each in (surprise, sure))
    gain = 0.0
    for own, bent in zip(slope.T, bend.T, strict=True):
        rest, known = slope.sum(axis=1) - own, bend.sum(axis=1) - bent
        there = known > 0
        mean = float(rest.sum()) / float(known.sum())
        effect = shrunk(rest[there] / known[there], known[there]) - mean
        gain += float(effect @ (own - mean * bent)[there] - effect**2 @ bent[there] / 2)
    return gain
