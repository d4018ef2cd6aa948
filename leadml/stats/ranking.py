"""How well a score ranks won leads above lost ones: AUC, its variance, and the gap between two scores."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leadml.stats.arrays import BoolArray, FloatArray, in_order, normal_quantile, numbers, outcomes, weights
from leadml.stats.intervals import wilson


class DeLong(NamedTuple):
    """AUC of one or two scores on the same leads, with the covariance of the estimates."""

    auc: FloatArray
    cov: FloatArray


def midranks(values: ArrayLike) -> FloatArray:
    """Return the rank of each value from 1, ties sharing the mean of their ranks.

    Examples
    --------
    >>> midranks([10, 20, 20, 5])
    array([2. , 3.5, 3.5, 1. ])
    """
    _, place, counts = np.unique(numbers(values, "values"), return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(ranks[place], dtype=np.float64)


def auc(y: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the chance that a won lead outscores a lost one, a tie counting half.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    score : array_like, shape (leads,)
        Higher means likelier to be won.
    weight : array_like, shape (leads,), optional
        Weight of each lead, not negative.

    Returns
    -------
    float
        0 to 1; nan where all leads (of positive weight) are won, or all are lost.

    Raises
    ------
    UsageError
        If the arrays differ in length, `y` is not two-valued, or a score is not finite.

    Notes
    -----
    The Mann-Whitney form of the area under the ROC curve: Hanley and McNeil (1982), Radiology 143, 29-36.

    Examples
    --------
    >>> auc([0, 0, 1, 1], [10, 40, 40, 80])
    0.875
    """
    won = outcomes(y)
    points, mass = numbers(score, "scores", won), weights(weight, won)
    if weight is not None:
        won, (points, mass) = in_order(won, points, mass)
    _, place = np.unique(points, return_inverse=True)
    of_won = np.bincount(place, weights=mass * won)
    of_lost = np.bincount(place, weights=mass * ~won)
    pairs = of_won.sum() * of_lost.sum()
    if not pairs:
        return math.nan
    below = np.cumsum(of_lost) - of_lost / 2
    return float(of_won @ below / pairs)


def _placements(won: BoolArray, score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return for each won lead the share of lost ones below it, for each lost one that of won ones above.

    Midranks among all minus midranks within the class: Sun and Xu (2014), IEEE Signal Processing Letters 21,
    1389-1393. O(n log n) where the definition is O(won · lost).
    """
    ranks = midranks(score)
    of_won = (ranks[won] - midranks(score[won])) / np.count_nonzero(~won)
    of_lost = 1 - (ranks[~won] - midranks(score[~won])) / np.count_nonzero(won)
    return of_won, of_lost


def delong(y: ArrayLike, s1: ArrayLike, s2: ArrayLike | None = None) -> DeLong:
    """Return the AUC of one score, or of two on the same leads, with DeLong's covariance.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    s1, s2 : array_like, shape (leads,)
        The scores; `s2` may be left out.

    Returns
    -------
    DeLong
        `auc` of shape (1,) or (2,), `cov` of shape (1, 1) or (2, 2). With fewer than two leads of a class the
        covariance is nan, with none the AUC too.

    Raises
    ------
    UsageError
        If the arrays differ in length, `y` is not two-valued, or a score is not finite.

    Notes
    -----
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.

    Examples
    --------
    >>> auc, cov = delong([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 4, 5], [2, 1, 3, 4, 5, 6])
    >>> auc.round(4), cov.diagonal().round(4)
    (array([0.8333, 1.    ]), array([0.037, 0.   ]))
    """
    won = outcomes(y)
    won, scores = in_order(won, *(numbers(s, "scores", won) for s in (s1, s2) if s is not None))
    wins, losses = np.count_nonzero(won), np.count_nonzero(~won)
    shape = (len(scores), len(scores))
    if not wins or not losses:
        return DeLong(np.full(len(scores), np.nan), np.full(shape, np.nan))
    placed = [_placements(won, score) for score in scores]
    of_won, of_lost = (np.stack(part) for part in zip(*placed, strict=True))
    areas = np.asarray(of_won.mean(axis=1), dtype=np.float64)
    if wins < 2 or losses < 2:
        return DeLong(areas, np.full(shape, np.nan))
    cov = np.atleast_2d(np.cov(of_won)) / wins + np.atleast_2d(np.cov(of_lost)) / losses
    return DeLong(areas, np.asarray(cov, dtype=np.float64))


def auc_interval(y: ArrayLike, score: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """Return the AUC and its interval.

    Parameters
    ----------
    y, score : array_like, shape (leads,)
        As for `auc`.
    level : float
        Confidence, 0.95 unless given.

    Returns
    -------
    auc, low, high : float
        (nan, 0, 1) where the AUC is undefined, and 0 to 1 around it where a class has a single lead.

    Notes
    -----
    DeLong's variance carried to the logit scale, where the interval stays within 0 to 1 and covers better
    near the ends: Pepe (2003), The Statistical Evaluation of Medical Tests, section 5.2. Where the score
    separates won from lost perfectly that variance is 0; the interval is then Wilson's for as many pairs as
    the smaller class has leads.

    Examples
    --------
    >>> ["%.3f" % v for v in auc_interval([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 4, 5])]
    ['0.833', '0.249', '0.987']
    """
    z = normal_quantile(level)
    areas, cov = delong(y, score)
    area, variance = float(areas[0]), float(cov[0, 0])
    if not math.isfinite(variance):
        return area, 0.0, 1.0
    if area in (0.0, 1.0) or variance <= 0:
        won = outcomes(y)
        pairs = min(np.count_nonzero(won), np.count_nonzero(~won))
        low, high = wilson(round(area * pairs), int(pairs), level)
        return area, low, high
    logit, half = math.log(area / (1 - area)), z * math.sqrt(variance) / (area * (1 - area))
    return area, _expit(logit - half), _expit(logit + half)


def delong_gap(y: ArrayLike, s1: ArrayLike, s2: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """Return by how much the AUC of `s1` exceeds that of `s2` on the same leads, with its interval.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    s1, s2 : array_like, shape (leads,)
        The two scores.
    level : float
        Confidence (two-sided), 0.95 unless given.

    Returns
    -------
    gap, low, high : float
        Limits are nan where a class has fewer than two leads.

    Notes
    -----
    The variance is that of the paired differences of placements, which is DeLong's and cannot come out
    negative.

    Examples
    --------
    >>> y = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> ["%.3f" % v for v in delong_gap(y, [1, 2, 3, 5, 4, 6, 7, 8], [1, 6, 3, 5, 4, 2, 7, 8])]
    ['0.250', '-0.150', '0.650']
    >>> delong_gap(y, [1, 2, 3, 5, 4, 6, 7, 8], [10, 20, 30, 50, 40, 60, 70, 80])
    (0.0, 0.0, 0.0)
    """
    z = normal_quantile(level)
    won = outcomes(y)
    won, (first, second) = in_order(won, numbers(s1, "scores", won), numbers(s2, "scores", won))
    wins, losses = np.count_nonzero(won), np.count_nonzero(~won)
    if not wins or not losses:
        return math.nan, math.nan, math.nan
    of_won, of_lost = (a - b for a, b in zip(_placements(won, first), _placements(won, second), strict=True))
    gap = float(of_won.mean())
    if wins < 2 or losses < 2:
        return gap, math.nan, math.nan
    half = z * math.sqrt(of_won.var(ddof=1) / wins + of_lost.var(ddof=1) / losses)
    return gap, gap - half, gap + half


def _expit(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
