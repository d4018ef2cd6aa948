"""Samples: so many leads as a choice needs, with won and lost ones of equal weight.

AUC compares each won lead with each lost one, so in the search both outcomes count alike, however rare one is. Effects
of a logistic regression are the same for any weight of the outcomes, but for the constant (Prentice and Pyke 1979); it
is fitted afterwards on leads as they are. So a sample may hold as many won as lost leads, where the rare ones carry
the evidence. The total weight is that of a sample with two equal halves that says as much: ``4 / (1/won + 1/lost)``.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.refit import Leads

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sampled(won: NDArray[np.float64], enough: float, most: int) -> NDArray[np.intp]:
    """Say which leads make up a sample that says enough: half won and half lost, where there are as many.

    Parameters
    ----------
    won : ndarray of shape (n_leads,)
        Outcomes, in an order that is as good as random.
    enough : float
        What the sample has to say, see `evidence`; where one outcome is rare, more leads of the other make up for it.
    most : int
        How many leads at the most.

    Returns
    -------
    ndarray of shape (up to most,)
        Their positions, ascending: the first ones of each outcome.

    Examples
    --------
    >>> sampled(np.array([0.0, 0, 1, 0, 0, 1]), 2, 9).tolist()
    [0, 2]
    >>> sampled(np.array([0.0, 0, 1, 0, 0, 1]), 9, 9).tolist()
    [0, 1, 2, 3, 4, 5]
    """
    places = sorted((np.flatnonzero(won == outcome) for outcome in (0.0, 1.0)), key=len)
    rare = min(len(places[0]), ceil(enough / 2), most // 2)
    short = 4 / enough - 1 / max(rare, 1)
    common = min(len(places[1]), most - rare, ceil(1 / short) if short > 0 else most)
    return np.sort(np.concatenate([places[0][:rare], places[1][:common]]))


def balanced(leads: Leads) -> Leads:
    """Give won and lost leads the same total weight, and all of them what they say together.

    Parameters
    ----------
    leads : Leads
        Leads of both outcomes.

    Returns
    -------
    Leads
        The same with other weights.

    Examples
    --------
    >>> few = Leads(np.zeros((1, 4), dtype=np.int16), np.array([1.0, 0, 0, 0]), np.ones(4))
    >>> balanced(few).weight.tolist()
    [1.5, 0.5, 0.5, 0.5]
    """
    won, lost = float(leads.weight @ leads.won), float(leads.weight @ (1 - leads.won))
    half = evidence(leads) / 2
    return Leads(leads.codes, leads.won, leads.weight * np.where(leads.won > 0, half / won, half / lost))


def evidence(leads: Leads) -> float:
    """Give the size of a sample with two equal halves that says as much: ``4 / (1/won + 1/lost)``."""
    won, lost = float(leads.weight @ leads.won), float(leads.weight @ (1 - leads.won))
    return 4 * won * lost / (won + lost)
