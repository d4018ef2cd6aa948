"""What working the best-scored leads first brings: top cut, gain, lift, with ties treated fairly.

Integer scores tie. Where a cut falls among tied leads, they are taken in random order and every figure is its
expected value: no figure depends on the order of the rows, and none flatters the score.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leadml.errors import UsageError
from leadml.stats.arrays import BoolArray, FloatArray, in_order, numbers, outcomes, weights
from leadml.stats.intervals import wilson


class LiftRow(NamedTuple):
    """One equal part of the leads, best-scored part first.

    `leads` and `won` are expected numbers, fractional where a boundary falls within a tie or a lead. `rate`
    is the conversion rate with its Wilson interval `low` to `high`; `lift` is that rate over the rate of all
    leads; `gain` is the share of all wins in this part and the better ones; `score_low` to `score_high` is
    the range of scores.
    """

    part: int
    score_low: float
    score_high: float
    leads: float
    won: float
    rate: float
    low: float
    high: float
    lift: float
    gain: float


def gain_at(y: ArrayLike, score: ArrayLike, share: float, weight: ArrayLike | None = None) -> float:
    """Return the share of all wins among the best-scored `share` of the leads.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    score : array_like, shape (leads,)
        Higher means likelier to be won.
    share : float
        Share of the leads (of their weight) worked, above 0 and up to 1. ``share * leads`` need not be whole:
        the last lead counts in part.
    weight : array_like, shape (leads,), optional
        Weight of each lead, not negative.

    Returns
    -------
    float
        0 to 1, expected over a random order of tied leads; nan without a win.

    Raises
    ------
    UsageError
        If the share is outside its range or the arrays do not fit.

    Examples
    --------
    Three places are left for four leads that tie, two of them won: 1 + 2 · 3/4 of all 3 wins.

    >>> round(gain_at([1, 1, 0, 0, 1, 0, 0, 0], [9, 5, 5, 5, 5, 1, 1, 1], share=0.5), 4)
    0.8333
    """
    check_share(share)
    won = outcomes(y)
    points, mass = numbers(score, "scores", won), weights(weight, won)
    if weight is not None:
        won, (points, mass) = in_order(won, points, mass)
    worked, caught = _gain_curve(won, points, mass)
    return float(np.interp(share * worked[-1], worked, caught) / caught[-1]) if caught[-1] else math.nan


def lift_at(y: ArrayLike, score: ArrayLike, share: float, weight: ArrayLike | None = None) -> float:
    """Return the conversion rate of the best-scored `share` of the leads over that of all leads.

    Parameters and errors are those of `gain_at`; lift is gain / share.

    Examples
    --------
    >>> round(lift_at([1, 1, 0, 0, 1, 0, 0, 0, 0, 0], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], share=0.2), 2)
    3.33
    >>> round(lift_at([1, 1, 0, 0, 1, 0, 0, 0, 0, 0], [7] * 10, share=0.2), 2)
    1.0
    """
    return gain_at(y, score, share, weight) / share


def lift_table(y: ArrayLike, score: ArrayLike, parts: int = 10) -> tuple[LiftRow, ...]:
    """Cut the leads, best score first, into equal parts and return how each converts.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    score : array_like, shape (leads,)
        Higher means likelier to be won.
    parts : int
        Number of parts, tenths unless given.

    Returns
    -------
    tuple of LiftRow
        Best part first; empty without leads. Rates and lifts are nan where undefined.

    Examples
    --------
    >>> rows = lift_table([1, 1, 0, 1, 0, 0, 0, 0, 0, 0], [9, 8, 7, 7, 5, 4, 3, 2, 1, 0], parts=5)
    >>> [(row.part, row.won, round(row.lift, 2), round(row.gain, 2)) for row in rows[:3]]
    [(1, 2.0, 3.33, 0.67), (2, 1.0, 1.67, 1.0), (3, 0.0, 0.0, 1.0)]
    """
    if parts < 1:
        raise UsageError.outside(name="parts", seen=parts, accepted="1 or more")
    won = outcomes(y)
    points = numbers(score, "scores", won)
    if not len(won):
        return ()
    total = np.count_nonzero(won)
    worked, caught = _gain_curve(won, points, np.ones(len(won)))
    edges = np.arange(parts + 1) * len(won) / parts
    reached = np.interp(edges, worked, caught)
    leads = len(won) / parts
    wins = np.clip(np.diff(reached), 0, leads)
    low, high = wilson(wins, leads)
    best_first = -np.sort(-points)
    first = np.floor(edges[:-1]).astype(int)
    last = np.maximum(np.ceil(edges[1:]).astype(int) - 1, first)
    unknown = np.full(parts, math.nan)
    lift = wins / leads / (total / len(won)) if total else unknown
    gains = reached[1:] / total if total else unknown
    parts_of = (np.full(parts, leads), wins, wins / leads, low, high, lift, gains)
    columns = np.column_stack((best_first[last], best_first[first], *parts_of))
    return tuple(LiftRow(part, *values) for part, values in enumerate(columns.tolist(), start=1))


def top_cut(score: ArrayLike, share: float = 0.2) -> float:
    """Return the score from which a lead belongs to the top `share`, ties included.

    The highest cut that at least `share` of the leads reach; with ties more may.

    Parameters
    ----------
    score : array_like, shape (leads,)
    share : float
        Above 0 and up to 1; a fifth unless given.

    Raises
    ------
    UsageError
        If there is no lead, or the share is outside its range.

    Examples
    --------
    >>> top_cut([10, 20, 30, 40, 40, 40, 50, 60, 70, 80], share=0.2)
    70.0
    >>> top_cut([10, 20, 30, 40, 40, 40, 50, 60, 70, 80], share=0.5)
    40.0
    """
    check_share(share)
    points = numbers(score, "scores")
    if not len(points):
        raise UsageError.no_leads(what="a top cut")
    # 0.07 * 100 is a hair above 7 in floating point
    places = max(math.ceil(share * len(points) - 1e-9), 1)
    return float(np.partition(points, len(points) - places)[len(points) - places])


def top_mask(score: ArrayLike, share: float = 0.2) -> BoolArray:
    """Return which leads belong to the top `share`, ties included.

    Examples
    --------
    >>> top_mask([10, 40, 40, 20], share=0.25)
    array([False,  True,  True, False])
    """
    return np.asarray(np.asarray(score) >= top_cut(score, share), dtype=np.bool_)


def top_overlap(s1: ArrayLike, s2: ArrayLike, share: float = 0.1) -> float:
    """Return which share of the top `share` by one score is in the top `share` by the other.

    Parameters
    ----------
    s1, s2 : array_like, shape (leads,)
        Two scores of the same leads.
    share : float
        Above 0 and up to 1; a tenth unless given.

    Returns
    -------
    float
        0 to 1, expected over one random order of the leads by which both scores break their ties, so that a
        score overlaps itself fully; nan without leads.

    Examples
    --------
    >>> top_overlap([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [9, 1, 7, 6, 8, 4, 3, 2, 5, 0], share=0.2)
    0.5
    """
    check_share(share)
    first = numbers(s1, "scores")
    second = numbers(s2, "scores", first)
    if not len(first):
        return math.nan
    places = share * len(first)
    both = np.minimum(chance_in_top(first, places), chance_in_top(second, places))
    return float(np.sort(both).sum() / places)


def check_share(share: float) -> None:
    """Refuse a share outside its range."""
    if not 0 < share <= 1:
        raise UsageError.outside(
            name="share", seen=share, accepted="above 0 and up to 1, for example 0.2 for the top fifth"
        )


def _gain_curve(won: BoolArray, score: FloatArray, mass: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return cumulative leads and wins from (0, 0) on, best score first, one step per distinct score."""
    _, place = np.unique(-score, return_inverse=True)
    leads, wins = np.bincount(place, weights=mass), np.bincount(place, weights=mass * won)
    return np.concatenate(([0.0], np.cumsum(leads))), np.concatenate(([0.0], np.cumsum(wins)))


def chance_in_top(score: FloatArray, places: float) -> FloatArray:
    """Return the chance of each lead to be among the best `places` when tied leads come in random order."""
    _, place, counts = np.unique(-score, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    return np.asarray(np.clip((places - before) / counts, 0, 1)[place], dtype=np.float64)
