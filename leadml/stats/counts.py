"""Statistics of counts per level or per ordered group: population stability and trend."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from leadml.errors import UsageError
from leadml.stats.arrays import FloatArray, numbers

Counts = Mapping[Hashable, float]


def psi(expected: Counts | ArrayLike, actual: Counts | ArrayLike) -> float:
    """Return the population stability index between two distributions over the same levels.

    Parameters
    ----------
    expected, actual : mapping of level to count, or array_like of counts, shape (levels,)
        Leads per level, then and now. Arrays name the levels by position; mappings may lack levels of the
        other.

    Returns
    -------
    float
        0 when the shares are equal, growing with the shift; nan where one side has no lead.

    Raises
    ------
    UsageError
        If the arrays differ in length or a count is negative.

    Notes
    -----
    Sum over levels of (actual share - expected share) · ln(actual share / expected share), the symmetrised
    Kullback-Leibler divergence (Jeffreys 1946, Proceedings of the Royal Society A 186, 453-461). A level that
    one side lacks counts there as half a lead, so that a new level shows, and shows the more, the more leads
    there are; a level that both lack does not count.

    Examples
    --------
    >>> psi([50, 50], [50, 50])
    0.0
    >>> round(psi({"web": 600, "fair": 400}, {"web": 500, "fair": 500}), 4)
    0.0405
    >>> round(psi({"web": 1000}, {"web": 500, "app": 500}), 2)
    3.8
    """
    then, now = _aligned(expected, actual)
    seen = (then > 0) | (now > 0)
    then, now = then[seen], now[seen]
    if not then.sum() or not now.sum():
        return math.nan
    was, is_ = np.maximum(then, 0.5) / then.sum(), np.maximum(now, 0.5) / now.sum()
    # fsum rounds once, so that the order of the levels cannot matter
    return math.fsum(((is_ - was) * np.log(is_ / was)).tolist())


def cochran_armitage(won: ArrayLike, leads: ArrayLike, scores: ArrayLike | None = None) -> tuple[float, float]:
    """Test whether conversion rises from group to group.

    Parameters
    ----------
    won, leads : array_like of counts, shape (groups,)
        Wins and leads of each group, lowest group first.
    scores : array_like, shape (groups,), optional
        Position of each group; 0, 1, 2 … unless given.

    Returns
    -------
    z, p : float
        Positive z means rising; p is two-sided. Both nan where all leads are won, all are lost, or only one
        position has leads.

    Raises
    ------
    UsageError
        If the arrays differ in length, a count is negative, or wins exceed leads.

    Notes
    -----
    Cochran (1954), Biometrics 10, 417-451; Armitage (1955), Biometrics 11, 375-386. z equals the correlation
    of position and outcome over single leads, times the root of their number.

    Examples
    --------
    Malformations by mother's alcohol consumption (Agresti, Categorical Data Analysis, section 3.4; z² =
    6.57):

    >>> won = [48, 38, 5, 1, 1]
    >>> leads = [17114, 14502, 793, 127, 38]
    >>> z, p = cochran_armitage(won, leads, scores=[0, 0.5, 1.5, 4, 7])
    >>> round(z**2, 2), round(p, 3)
    (6.57, 0.01)
    """
    wins = numbers(won, "wins")
    group = numbers(leads, "leads", wins)
    if not np.all((wins >= 0) & (wins <= group)):
        raise UsageError.not_counts(won, leads)
    place = np.arange(len(wins), dtype=np.float64) if scores is None else numbers(scores, "scores", wins)
    total, rate = group.sum(), wins.sum() / max(group.sum(), 1)
    centred = place - (group @ place / max(total, 1))
    variance = rate * (1 - rate) * (group @ centred**2)
    if not variance > 0:
        return math.nan, math.nan
    z = float(centred @ wins / math.sqrt(variance))
    return z, math.erfc(abs(z) / math.sqrt(2))


def _aligned(expected: Counts | ArrayLike, actual: Counts | ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both sides as counts over the same levels."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        # levels of `actual` alone come after; the sum does not depend on their order but for rounding
        levels = [*expected, *(level for level in actual if level not in expected)]
        expected = [expected.get(level, 0) for level in levels]
        actual = [actual.get(level, 0) for level in levels]
    elif isinstance(expected, Mapping) or isinstance(actual, Mapping):
        raise UsageError.mixed_counts()
    then = numbers(expected, "expected counts")
    now = numbers(actual, "actual counts", then)
    for name, counts in (("expected counts", then), ("actual counts", now)):
        if len(counts) and counts.min() < 0:
            raise UsageError.negative(name, int(counts.argmin()))
    return then, now
