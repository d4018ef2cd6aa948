"""Reliability by band of scores: what a table expected of leads with such scores, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.points.certificate import Figure, ScoreBand
from leadml.stats import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS = 10


def score_bands(
    won: NDArray[np.bool_], score: NDArray[np.float64], chance: NDArray[np.float64]
) -> tuple[ScoreBand, ...]:
    """Group leads by score and compare what was expected with what came.

    Parameters
    ----------
    won : ndarray of bool, shape (n_leads,)
        Won or lost.
    score : ndarray of shape (n_leads,)
        Whole-numbered scores; leads of the same score stay together.
    chance : ndarray of shape (n_leads,)
        The table's probabilities.

    Returns
    -------
    tuple of ScoreBand
        Ten at the most, of about the same number of leads, the lowest scores first; intervals are Wilson's.

    Examples
    --------
    >>> score = np.repeat([10.0, 20.0], 50)
    >>> bands = score_bands(np.arange(100) % 10 < score / 10, score, score / 100)
    >>> [(band.lowest, band.leads, band.won, round(band.foretold, 3)) for band in bands]
    [(10, 50, 5, 0.1), (20, 50, 10, 0.2)]
    """
    scores, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    # All leads of a score go where the middle one falls.
    middle = np.cumsum(counts) - (counts + 1) / 2
    band = np.floor(middle * BANDS / len(score)).astype(np.int64)
    wins = np.bincount(place, won, minlength=len(scores))
    foretold = np.bincount(place, chance, minlength=len(scores))
    found = []
    for one in np.unique(band):
        inside = band == one
        leads, of_them = int(counts[inside].sum()), int(wins[inside].sum())
        found.append(
            ScoreBand(
                lowest=int(scores[inside][0]),
                highest=int(scores[inside][-1]),
                leads=leads,
                won=of_them,
                foretold=float(foretold[inside].sum()) / leads,
                rate=Figure("conversion rate", of_them / leads, *wilson(of_them, leads), unit="%"),
            )
        )
    return tuple(found)
