"""Samples: so many leads as a choice needs, with won and lost ones of like weight.

AUC compares each won lead with each lost one, and so does a search in which both outcomes weigh the same, however rare
one is; where leads are many it finds the better rules. But few leads say most with the weights that they have. So
outcomes are evened by a part that grows with what the leads say. (Where 200,000 leads are all there is to know, even
weights find planted differences in .999 of cases, weights evened half-way in .935; on public sets of a few hundred wins
even weights cost .003 to .01 of AUC.) Effects of a logistic regression are the same for any weight of the outcomes, but
for the constant (Prentice and Pyke 1979); it is fitted afterwards on leads as they are. So a sample may hold as many
won as lost leads, where the rare ones carry the evidence: that of a sample with two equal halves that says as much,
``4 / (1/won + 1/lost)``.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.refit import Leads

if TYPE_CHECKING:
    from numpy.typing import NDArray


EVEN_FROM = 2000.0  # the evidence at which outcomes are evened half-way


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


def evened(leads: Leads) -> Leads:
    """Bring won and lost leads towards the same total weight: half-way where their evidence is 2,000.

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
    >>> from dataclasses import replace
    >>> few = Leads(np.zeros((1, 5), dtype=np.int16), np.array([1.0, 0, 0, 0, 0]), np.ones(5))
    >>> evened(few).weight.round(2).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    >>> many = replace(few, weight=np.full(5, 1e6))
    >>> (evened(many).weight / 1e6).round(2).tolist()
    [1.6, 0.4, 0.4, 0.4, 0.4]
    """
    won, lost = float(leads.weight @ leads.won), float(leads.weight @ (1 - leads.won))
    half = evidence(leads) / 2
    factor = np.where(leads.won > 0, half / won, half / lost) ** (half / (half + EVEN_FROM / 2))
    return Leads(leads.codes, leads.won, leads.weight * factor)


def evidence(leads: Leads) -> float:
    """Give the size of a sample with two equal halves that says as much: ``4 / (1/won + 1/lost)``."""
    won, lost = float(leads.weight @ leads.won), float(leads.weight @ (1 - leads.won))
    return 4 * won * lost / (won + lost)


def as_all(some: Leads, every: Leads) -> NDArray[np.float64]:
    """Weigh a sample so that as large a part of it is won as of all leads.

    Parameters
    ----------
    some, every : Leads
        A sample, and all leads.

    Returns
    -------
    ndarray of shape (n_leads of the sample,)
        Weights that sum to the number of leads in the sample.

    Examples
    --------
    >>> every = Leads(np.zeros((0, 4), dtype=np.int16), np.array([1.0, 0, 0, 0]), np.ones(4))
    >>> as_all(every.at(np.array([0, 3])), every).tolist()
    [0.5, 1.5]
    """
    rate = float(np.average(every.won, weights=every.weight))
    won, lost = some.weight * some.won, some.weight * (1 - some.won)
    return np.asarray(len(some.won) * (rate * won / won.sum() + (1 - rate) * lost / lost.sum()), dtype=np.float64)
