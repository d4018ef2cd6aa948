"""Steepness: how far probabilities may be apart, by leads that the points were not learned from.

Points fit the leads that they were learned from better than others, chance and all. A line from scores to log-odds that
is fitted to the same leads is too steep for all others: probabilities are too near to 0 and 1, the more so the fewer
leads there were (Copas 1983). Cross-validation tells by how much: the calibration slope on leads left out (Cox 1958),
over that on the leads that were learned from, is the shrinkage factor of van Houwelingen and le Cessie (1990). Ranks
stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.writing.line import DIGITS, Line, fitted_line, levelled
from leadml.points.reading import accept, known_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads

SHRINKAGE = "shrinkage"
LEAST = 0.2  # fewer leads have no points at all
GRAIN = 256  # steps in one unit of log-odds: leads are counted by them


def shrinkage(left_out: float, told: NDArray[np.float64], leads: Leads) -> float:
    """Tell by what the slope of a line fitted to the leads that were learned from has to be multiplied.

    Parameters
    ----------
    left_out : float
        The calibration slope of log-odds on leads left out.
    told : ndarray of shape (n_leads,)
        Log-odds, as the refit tells them, of the leads that it was fitted to.
    leads : Leads
        Their outcomes and weights.

    Returns
    -------
    float
        From .2 to 1; 1 where leads left out are told as well as the others.

    Examples
    --------
    Log-odds that are twice as far apart as those of the leads they were fitted to, and right for leads left out.

    >>> from leadml.learn.search.refit import Leads
    >>> told, won = np.repeat([-1.0, 1.0], 1000), np.repeat([0.0, 1, 0, 1], [880, 120, 120, 880])
    >>> round(shrinkage(1.0, told, Leads(np.zeros((0, 2000), dtype=np.int16), won, np.ones(2000))), 2)
    0.5
    """
    own = fitted_line(np.rint(told * GRAIN).astype(np.int64), leads).slope * GRAIN
    return round(min(1.0, max(left_out / own, LEAST)), DIGITS) if own > 0 else 1.0


def with_all(left_out: float, share: float) -> float:
    """Tell what a calibration slope on leads left out would be with all leads, where these were a sample.

    What it lacks of 1 is the noise of the points, whose variance falls with the number of leads.

    Parameters
    ----------
    left_out : float
        The calibration slope on leads left out.
    share : float
        The share of the leads, or of the groups that they come in, that were in the sample.

    Returns
    -------
    float

    Examples
    --------
    >>> round(with_all(0.8, 0.25), 2)
    0.95
    """
    return 1 - (1 - left_out) * share


def shrinkage_told(provenance: Mapping[str, Any]) -> float:
    """Read the shrinkage factor of a table from where it comes from; 1 where none was measured.

    Parameters
    ----------
    provenance : mapping
        Of a point table.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        If it is no number from 0 to 1.

    Examples
    --------
    >>> shrinkage_told({"shrinkage": 0.9}), shrinkage_told({})
    (0.9, 1.0)
    """
    where = f"provenance.{SHRINKAGE}"
    found = known_number(provenance.get(SHRINKAGE, 1.0), where)
    accept(0 <= found <= 1, where, f"is {found!r}, not a number from 0 to 1")
    return found


def kept_line(line: Line, before: float, factor: float, score: NDArray[np.int64], leads: Leads) -> Line:
    """Keep the slope of a previous table as far as leads allow of which nobody knows whether it has seen them.

    On leads that the table has seen a line is too steep by the shrinkage factor, on new ones it is right, so that a
    slope between the two is as it should be.

    Parameters
    ----------
    line : Line
        Fitted to the leads.
    before : float
        The slope of the previous table.
    factor : float
        Its shrinkage factor.
    score : ndarray of shape (n_leads,)
        Integer scores.
    leads : Leads
        Their outcomes and weights.

    Returns
    -------
    Line

    Examples
    --------
    >>> from leadml.learn.search.refit import Leads
    >>> score, won = np.repeat([0, 10], 1000), np.repeat([0.0, 1, 0, 1], [880, 120, 120, 880])
    >>> leads = Leads(np.zeros((0, 2000), dtype=np.int16), won, np.ones(2000))
    >>> line = fitted_line(score, leads)
    >>> [round(kept_line(line, before, 0.8, score, leads).slope, 2) for before in (0.2, 0.35, 0.5)]
    [0.32, 0.35, 0.4]
    """
    slope = round(min(max(before, factor * line.slope), line.slope), DIGITS)
    return line if slope >= line.slope else levelled(slope, score, leads)
