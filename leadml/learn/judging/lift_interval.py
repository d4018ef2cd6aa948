"""The interval of a lift: how far it moves when other leads of the same kind had come.

A closed form would need the density of the scores at the cut, which integer scores do not have. So the leads
are drawn again, as counts per score: a draw of the counts of all scores is a draw of the leads, at the cost
of the scores.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 1000
SEED = 20_240_229
# Scores of a model hardly tie; neighbours are put together until there are so many.
GROUPS = 500


def lift_interval(won: NDArray[np.bool_], score: NDArray[np.float64], share: float) -> tuple[float, float]:
    """Return the 95 % interval of the lift of the best-scored leads: a percentile bootstrap, seed fixed.

    Parameters
    ----------
    won : ndarray of bool, shape (n_leads,)
        Won or lost.
    score : ndarray of shape (n_leads,)
        Higher means likelier to be won.
    share : float
        Which share of the leads is best-scored.

    Returns
    -------
    low, high : float
        Bounds of ``stats.lift_at``; NaN where all leads are lost.

    Examples
    --------
    >>> score = np.arange(1000)
    >>> low, high = lift_interval(np.random.default_rng(0).random(1000) < score / 2000, score, 0.1)
    >>> round(low, 1), round(high, 1)
    (1.4, 2.1)
    """
    wins, losses = _counts(won, score)
    if not wins.any():
        return math.nan, math.nan
    total = len(won)
    drawn = np.random.default_rng(SEED).multinomial(total, np.concatenate([wins, losses]) / total, size=DRAWS)
    drawn_wins = drawn[:, : len(wins)]
    leads = drawn_wins + drawn[:, len(wins) :]
    # Of the group that the cut goes through, the best-scored share gets its part.
    left = np.clip(share * total - (leads.cumsum(axis=1) - leads), 0, leads)
    inside = np.divide(left, leads, out=np.zeros(leads.shape), where=leads > 0)
    all_wins = drawn_wins.sum(axis=1)
    lifts = (drawn_wins * inside).sum(axis=1)[all_wins > 0] / all_wins[all_wins > 0] / share
    low, high = np.percentile(lifts, [2.5, 97.5])
    return float(low), float(high)


def _counts(won: NDArray[np.bool_], score: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count won and lost leads per score, or group of neighbouring scores, the best first."""
    _, place, counts = np.unique(-score, return_inverse=True, return_counts=True)
    if len(counts) > GROUPS:
        middle = np.cumsum(counts) - (counts + 1) / 2
        place = np.floor(middle * GROUPS / len(won)).astype(np.int64)[place]
    size = int(place.max()) + 1
    return np.bincount(place[won], minlength=size), np.bincount(place[~won], minlength=size)
