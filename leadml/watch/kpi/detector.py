"""The detector behind the KPI: evidence per cohort, and how it adds up without crying wolf.

A cohort tells by its wins: so many of them fell into the top group. Given how many leads each group had and how many
wins there were in all, only the odds ratio (odds of winning in the top group over those of the rest) decides how the
wins divide; seasons and campaigns, which raise or lower both, cannot raise an alarm. The law of that number is Fisher's
noncentral hypergeometric distribution (Fisher 1935, Journal of the Royal Statistical Society 98, 39-82).

*Evidence against* a score is how much likelier its wins are if it ranks by chance (odds ratio 1) than if it kept a
floor, two thirds of the promise on the log scale. As long as the true odds ratio is not below the floor it is an
e-value: its mean is at most 1, whatever was seen before. A capped Shiryaev-Roberts recursion over the cohorts is then
an e-detector (Shin, Ramdas and Rinaldo 2023, New England Journal of Statistics in Data Science 2, 229-260): on average
at least as many looks pass between false alarms as its threshold says, and the chance of one within T looks is at most
T over the threshold. benchmarks/kpi.py measures both.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, logsumexp

Floats = NDArray[np.float64]

AMBER, RED, RED_STRICT = 20.0, 50.0, 480.0
CAP = 5.0  # of one cohort's evidence: no single cohort can raise an alarm
PROOF = 20.0  # evidence for: a useless score reaches it at any time with a chance of 1 in 20 at most
MOST_PROOF = 200.0  # more is not kept, else a score that has died would live on what it once was
KEPT = 2 / 3  # the share of the promise, on the log scale, that a healthy score keeps
LEAST_FLOOR = math.log(1.25)
_MOST = 1e12  # of the sum of evidence: it stays a number however long an alarm lasts
_CELLS = 4_000_000  # of one block of the distribution's table, about 32 MB


def log_e(
    won_top: ArrayLike, top: ArrayLike, rest: ArrayLike, won: ArrayLike, null: ArrayLike, alt: ArrayLike
) -> Floats:
    """Return the log of how much likelier the wins of the top group are under one odds ratio than under another.

    Parameters
    ----------
    won_top : array_like of int
        Wins of the top group.
    top, rest : array_like of int
        Leads of the top group, and of the rest.
    won : array_like of int
        Wins of both.
    null, alt : array_like of float
        Log odds ratios: that of the hypothesis doubted, and that of the other.

    Returns
    -------
    ndarray of float
        ``log P(won_top; alt) - log P(won_top; null)`` by Fisher's noncentral hypergeometric distribution, of the
        common shape of all arguments; 0 where the margins leave only one possibility (no win, or an empty group).

    Examples
    --------
    One win, in the top fifth: chance says 1 in 5, an odds ratio of 4 says 1 in 2.

    >>> round(float(np.exp(log_e(1, 20, 80, 1, math.log(4), 0.0))), 4)
    0.4
    >>> float(log_e(0, 20, 80, 0, math.log(4), 0.0))
    0.0
    """
    given = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (won_top, top, rest, won, null, alt)))
    x, n1, n0, m, l0, l1 = (array.ravel() for array in given)
    least, most = np.maximum(m - n0, 0), np.minimum(n1, m)
    found = np.zeros(len(x))
    open_ = np.flatnonzero(most > least)
    # rows of about the same width together, so that the table of a block is hardly padded
    open_ = open_[np.argsort(most[open_] - least[open_], kind="stable")]
    start = 0
    while start < len(open_):
        block = open_[start : start + 4096]
        width = int((most - least)[block].max()) + 1
        block = block[: max(1, _CELLS // width)]
        k = least[block, None] + np.arange(int((most - least)[block].max()) + 1)
        weight = _log_ways(np.minimum(k, most[block, None]), n1[block, None], n0[block, None], m[block, None])
        weight[k > most[block, None]] = -np.inf
        totals = [logsumexp(weight + k * side[block, None], axis=1) for side in (l1, l0)]
        found[block] = x[block] * (l1 - l0)[block] - (totals[0] - totals[1])
        start += len(block)
    return found.reshape(given[0].shape)


def _log_ways(k: Floats, top: Floats, rest: Floats, won: Floats) -> Floats:
    """Return the log of the number of ways to have k wins in the top group, but for a constant."""
    parts = gammaln(k + 1) + gammaln(top - k + 1) + gammaln(won - k + 1) + gammaln(rest - won + k + 1)
    return np.asarray(-parts, dtype=np.float64)


def floor(promise: ArrayLike) -> Floats:
    """Return the log odds ratio at or above which a score counts as healthy.

    Parameters
    ----------
    promise : array_like of float
        Odds ratio of top group and rest on the table's out-of-time window, above 0.

    Returns
    -------
    ndarray of float
        Two thirds of its log, at least log 1.25. The rest is room for the luck of a promise and for months that
        differ by more than chance.

    Examples
    --------
    >>> np.exp(floor([3.0, 1.0, 8.0])).round(2).tolist()
    [2.08, 1.25, 4.0]
    """
    return np.maximum(KEPT * np.log(np.asarray(promise, dtype=np.float64)), LEAST_FLOOR)


def hoped(promise: ArrayLike) -> Floats:
    """Return the log odds ratio that the evidence for a score sets against chance: half the promise's log.

    Any value above 0 keeps its guarantee; this one is found soonest where the truth lies between 1 and the promise.
    At least log 1.25, since a promise near 1 would let nothing be found.

    Examples
    --------
    >>> np.exp(hoped([4.0, 0.9])).round(2).tolist()
    [2.0, 1.25]
    """
    return np.maximum(np.log(np.asarray(promise, dtype=np.float64)) / 2, LEAST_FLOOR)


def shiryaev_roberts(log_evidence: ArrayLike, told: ArrayLike | None = None, cap: float = CAP) -> Floats:
    """Add up the evidence against a score, look by look.

    Parameters
    ----------
    log_evidence : array_like of float, shape (looks, ...)
        Log evidence against, of each look; the oldest first.
    told : array_like of bool, of the same shape, optional
        Whether the look could tell anything. One that could not (no win in either group, say) changes nothing, so
        that an idle product does not drift into an alarm.
    cap : float
        The most that one look counts for.

    Returns
    -------
    ndarray of float, of the same shape
        ``M = (M before + 1) * min(evidence, cap)`` after each look, M = 0 before the first.

    Examples
    --------
    >>> shiryaev_roberts(np.log([1.0, 0.5, 40.0])).round(9).tolist()
    [1.0, 1.0, 10.0]
    >>> shiryaev_roberts(np.log([2.0, 1.0, 1.0]), told=[True, False, True]).round(9).tolist()
    [2.0, 2.0, 3.0]
    """
    evidence = np.exp(np.minimum(np.asarray(log_evidence, dtype=np.float64), math.log(cap)))
    counts = np.ones(evidence.shape, dtype=bool) if told is None else np.asarray(told, dtype=bool)
    path = np.zeros_like(evidence)
    before = np.zeros(evidence.shape[1:])
    for look in range(len(evidence)):
        grown = np.minimum((before + 1) * evidence[look], _MOST)
        before = np.where(counts[look], grown, before)
        path[look] = before
    return path


def proof(log_evidence: ArrayLike, most: float = MOST_PROOF) -> Floats:
    """Add up the evidence for a score, look by look.

    Parameters
    ----------
    log_evidence : array_like of float, shape (looks, ...)
        Log evidence for, of each look; the oldest first.
    most : float
        The most that is kept of it. A product that is cut stays below the one that is not, so the guarantee is the
        same (Ville's inequality: a useless score ever reaches 20 with a chance of at most 1 in 20). It costs next to
        nothing (healthy scores proven after 24 months at 6 wins a month: 99.7 % in place of 99.8 %), and a score that
        has died loses its claim: at 30 wins a month, 6 months later 23 % still have it in place of all.

    Returns
    -------
    ndarray of float, of the same shape
        ``min(P before * evidence, most)`` after each look, P = 1 before the first.

    Examples
    --------
    >>> proof(np.log([15.0, 30.0, 0.05])).round(9).tolist()
    [15.0, 200.0, 10.0]
    """
    evidence = np.asarray(log_evidence, dtype=np.float64)
    path = np.zeros_like(evidence)
    before = np.zeros(evidence.shape[1:])
    for look in range(len(evidence)):
        before = path[look] = np.minimum(before + evidence[look], math.log(most))
    return np.exp(path)
