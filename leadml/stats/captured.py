"""Wins among the best-scored leads, for one score and for two on the same leads, with intervals in closed form.

Whoever is at the cut decides: a lead of the top group counts by how much it is likelier won than those at the cut, for
whom it takes a place. With the chance a_i of lead i to be in the top share q (ties in random order), outcome w_i and
the conversion rate p at the cut, wins per lead are theta = mean(a_i w_i), and their influence function is

    psi_i = a_i (w_i - p) + q p - theta,

the derivative of theta in the weight of a lead: Hampel (1974), Journal of the American Statistical Association 69,
383-393. The variance of theta, or of a difference of two, is that of psi, or of the difference of the two, over n.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from leadml.stats.arrays import BoolArray, FloatArray, in_order, normal_quantile, numbers, outcomes
from leadml.stats.lift import chance_in_top, check_share

AT_THE_CUT = 0.025  # of the leads on either side: where scores hardly tie, those that tie at the cut are too few


def lift_interval(
    y: ArrayLike, score: ArrayLike, share: float = 0.1, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the lift of the best-scored `share` of the leads with its interval.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    score : array_like, shape (leads,)
        Higher means likelier to be won.
    share : float
        Above 0 and up to 1; a tenth unless given.
    level : float
        Confidence, 0.95 unless given.

    Returns
    -------
    lift, low, high : float
        nan without a win.

    Examples
    --------
    >>> score = np.arange(1000)
    >>> won = np.random.default_rng(0).random(1000) < score / 2000
    >>> ["%.1f" % v for v in lift_interval(won, score)]
    ['1.8', '1.4', '2.1']
    """
    won = outcomes(y)
    won, (points,) = in_order(won, numbers(score, "scores", won))
    if not won.any():
        return math.nan, math.nan, math.nan
    return _interval(*_lifted(won, points, share), level)


def lift_gap(
    y: ArrayLike, s1: ArrayLike, s2: ArrayLike, share: float = 0.1, level: float = 0.95
) -> tuple[float, float, float]:
    """Return by how much the lift of `s1` exceeds that of `s2` on the same leads, with its interval.

    Parameters are those of `lift_interval`; nan without a win.

    Examples
    --------
    >>> lift_gap([1, 0, 1, 0], [4, 3, 2, 1], [8, 6, 4, 2], share=0.5)
    (0.0, 0.0, 0.0)
    """
    won = outcomes(y)
    won, (first, second) = in_order(won, numbers(s1, "scores", won), numbers(s2, "scores", won))
    if not won.any():
        return math.nan, math.nan, math.nan
    (one, of_one), (other, of_other) = (_lifted(won, score, share) for score in (first, second))
    return _interval(one - other, of_one - of_other, level)


def wins_gap(
    y: ArrayLike, s1: ArrayLike, s2: ArrayLike, share: float = 0.2, level: float = 0.95
) -> tuple[float, float, float]:
    """Return how many more wins the best-scored `share` of the leads holds by `s1` than by `s2`, with its interval.

    Parameters
    ----------
    y, s1, s2, level
        As for `lift_gap`.
    share : float
        A fifth unless given.

    Returns
    -------
    difference, low, high : float
        In wins among these leads, expected over a random order of tied leads; nan without leads.

    Examples
    --------
    >>> score = np.arange(1000)
    >>> won = np.random.default_rng(0).random(1000) < score / 2000
    >>> ["%.0f" % v for v in wins_gap(won, score, score % 10)]
    ['36', '20', '52']
    """
    won = outcomes(y)
    won, (first, second) = in_order(won, numbers(s1, "scores", won), numbers(s2, "scores", won))
    if not len(won):
        return math.nan, math.nan, math.nan
    (one, of_one), (other, of_other) = (_captured(won, score, share) for score in (first, second))
    n = len(won)
    found = _interval(one - other, of_one - of_other, level)
    return found[0] * n, found[1] * n, found[2] * n


def _captured(won: BoolArray, score: FloatArray, share: float) -> tuple[float, FloatArray]:
    """Return wins in the top share, per lead, and their influence function."""
    check_share(share)
    places = share * len(won)
    chance = chance_in_top(score, places)
    near = min(max(AT_THE_CUT * len(won), 1.0), places, len(won) - places)
    if near > 0:
        around = chance_in_top(score, places + near) - chance_in_top(score, places - near)
        at_cut = float((around * won).sum() / around.sum())
    else:
        at_cut = float(won.mean())  # the top share is all of them
    theta = float((chance * won).sum() / len(won))
    return theta, chance * (won - at_cut) + share * at_cut - theta


def _lifted(won: BoolArray, score: FloatArray, share: float) -> tuple[float, FloatArray]:
    theta, psi = _captured(won, score, share)
    rate = float(won.mean())
    return theta / (share * rate), (psi - theta / rate * (won - rate)) / (share * rate)


def _interval(value: float, psi: FloatArray, level: float) -> tuple[float, float, float]:
    half = normal_quantile(level) * float(np.sqrt(np.square(np.sort(psi)).mean() / len(psi)))
    return value, value - half, value + half
