"""What a score is held to: the promise stored with its table, or what its own first cohorts showed.

A promise is the odds ratio of top group and rest on the table's out-of-time window. Where none is known, as for a file
of scores without a registry, the first closed cohorts that hold 30 wins together make one, and the detector holds the
later ones to it. It is a promise like the other: two thirds of its log are the floor. benchmarks/kpi.py measures both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadml.watch.kpi.report import ENOUGH_WINS

Floats = NDArray[np.float64]

LEAST = 1.25  # as good as no promise: the detector asks of every score to rank better than by chance
MODEST = 1.5  # the least odds ratio that a useful score without a promise is thought to have


def odds_ratio(top_won: float, top_leads: float, rest_won: float, rest_leads: float) -> float:
    """Return the odds ratio of top group and rest, half a lead added to every count.

    Parameters
    ----------
    top_won, top_leads : float
        Wins and leads of the top group.
    rest_won, rest_leads : float
        Wins and leads of the rest.

    Notes
    -----
    The half keeps it finite and takes most of the bias out of its log: Haldane (1956), Annals of Human Genetics 20,
    309-311; Anscombe (1956), Biometrika 43, 461-464.

    Examples
    --------
    >>> round(odds_ratio(30, 100, 40, 400), 2)
    3.85
    """
    lost = (top_leads - top_won + 0.5, rest_leads - rest_won + 0.5)
    return (top_won + 0.5) / lost[0] * lost[1] / (rest_won + 0.5)


def pairs(
    top_won: ArrayLike, top_leads: ArrayLike, rest_won: ArrayLike, rest_leads: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the two sums of which Mantel and Haenszel make a common odds ratio, for each stratum.

    Returns
    -------
    ndarray, ndarray
        Won in the top group times lost in the rest over all leads, and the other way round; 0 without leads.

    Notes
    -----
    Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, 719-748: the ratio of the two sums over
    strata. Whatever moves both groups of a month, as a season does, cancels.

    Examples
    --------
    >>> for_, against = pairs([30, 10], [100, 100], [40, 11], [400, 400])
    >>> round(float(for_.sum() / against.sum()), 2)
    3.88
    """
    x1, n1, x0, n0 = (np.asarray(v, dtype=np.float64) for v in (top_won, top_leads, rest_won, rest_leads))
    leads = np.maximum(n1 + n0, 1)
    return x1 * (n0 - x0) / leads, x0 * (n1 - x1) / leads


def learned(for_: ArrayLike, against: ArrayLike, won: ArrayLike, enough: int = ENOUGH_WINS) -> Floats:
    """Return the promise that earlier looks make to each look.

    Parameters
    ----------
    for_, against : array_like of float, shape (looks, ...)
        Sums of `pairs` over the strata of each look, the oldest look first.
    won : array_like of float, of the same shape
        Wins of each look.
    enough : int
        Wins that a promise takes. With 60 or 100 in place of 30 it would be surer and come too late: at 6 wins a
        month, a score that dies after half a year was found within a further year in 6 % and 0 % of simulations
        instead of 53 %, with false alarms in 2 % and 0 % of 24 months instead of 3 %.

    Returns
    -------
    ndarray of float, of the same shape
        The odds ratio of the first looks that hold enough wins (and wins and losses that make it finite and not 0);
        nan for these looks themselves. It stays what it is then: a promise that moved along with the score would
        follow it down.

    Examples
    --------
    >>> learned([12.0, 14.0, 1.0], [5.0, 3.0, 9.0], [16, 17, 10]).tolist()
    [nan, nan, 3.25]
    """
    up, down, wins = (np.cumsum(np.asarray(v, dtype=np.float64), axis=0) for v in (for_, against, won))
    ready = (wins >= enough) & (up > 0) & (down > 0)
    promise = np.full(up.shape, np.nan)
    for look in range(1, len(up)):
        # the first look that is ready makes the promise; all later ones keep it
        with np.errstate(divide="ignore", invalid="ignore"):
            made = np.where(ready[look - 1], up[look - 1] / down[look - 1], np.nan)
        promise[look] = np.where(np.isnan(promise[look - 1]), made, promise[look - 1])
    return promise
