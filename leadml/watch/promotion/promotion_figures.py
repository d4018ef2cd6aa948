"""Figures that a promotion looks at beside the AUC: arrays in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml import stats
from leadml.watch.kpi.promises import odds_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS = 5
BINS = 10
LEAST_PSI = 0.25
LEVEL = 0.999


def top_odds_ratio(won: NDArray[np.bool_], top: NDArray[np.bool_]) -> float:
    """Return the odds ratio of top group and rest, lead by lead; see `promises.odds_ratio`.

    Examples
    --------
    >>> won, top = np.array([1, 1, 1, 0, 1, 0, 0, 0], bool), np.array([1, 1, 1, 1, 0, 0, 0, 0], bool)
    >>> round(top_odds_ratio(won, top), 3)
    5.444
    """
    top_won, top_leads, rest_won, rest = (
        float(np.count_nonzero(which)) for which in (top & won, top, ~top & won, ~top)
    )
    return odds_ratio(top_won, top_leads, rest_won, rest)


def adjacent_inversion(won: NDArray[np.bool_], score: NDArray[np.int64]) -> tuple[int, float]:
    """Test whether a band of higher scores converts worse than the band below it.

    Parameters
    ----------
    won : ndarray of bool, shape (leads,)
    score : ndarray of int, shape (leads,)
        Cut into five bands of about as many leads each, equal scores together.

    Returns
    -------
    pairs : int
        Pairs of adjacent bands.
    chance : float
        The least one-sided p-value among them by Fisher's exact test (Fisher 1935, The Design of Experiments); 1
        without a pair. It is to be compared with a level divided by the number of pairs.

    Examples
    --------
    >>> score = np.repeat([1, 2], 50)
    >>> pairs, chance = adjacent_inversion(np.arange(100) < 25, score)
    >>> pairs, chance < 1e-6
    (1, True)
    """
    from scipy.stats import hypergeom

    place = (BANDS * (stats.midranks(score) - 0.5) / len(score)).astype(np.int64)
    _, band = np.unique(place, return_inverse=True)
    leads, wins = np.bincount(band), np.bincount(band, weights=won).astype(np.int64)
    if len(leads) < 2:
        return 0, 1.0
    both, wins_both = leads[1:] + leads[:-1], wins[1:] + wins[:-1]
    chances = hypergeom.cdf(wins[1:], both, wins_both, leads[1:])
    return len(leads) - 1, float(np.min(chances))


def shift(learned: NDArray[np.int64], now: NDArray[np.int64]) -> tuple[float, float]:
    """Return the population stability index of a score, and the limit above which it is an alarm.

    Parameters
    ----------
    learned, now : ndarray of int
        Scores of the leads learned from, whose tenths are the bins, and of the window.

    Returns
    -------
    psi, limit : float
        The limit is .25, or the .999 quantile of what chance alone makes of so few leads where that is more:
        chi-square with one degree of freedom less than there are bins, times 1/n + 1/m.

    Examples
    --------
    >>> psi, limit = shift(np.arange(1000), np.arange(1000)[::10])
    >>> round(psi, 3), round(limit, 3)
    (0.0, 0.307)
    """
    from scipy.stats import chi2

    cuts = np.unique(np.quantile(learned, np.arange(1, BINS) / BINS, method="higher"))
    bins = len(cuts) + 1
    then, today = (np.bincount(np.searchsorted(cuts, s, side="right"), minlength=bins) for s in (learned, now))
    used = max(int(((then > 0) | (today > 0)).sum()), 2)
    limit = float(chi2.ppf(LEVEL, used - 1)) * (1 / len(learned) + 1 / len(now))
    return stats.psi(then, today), max(limit, LEAST_PSI)


def moved(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """Return the share of leads that are in another band than before."""
    return float(np.mean(before != after))
