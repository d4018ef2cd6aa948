"""The line from scores to log-odds, and the log-loss that is left with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.newton import logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads

SLOPE_PENALTY = 0.01
LEAST_EACH = 20


@dataclass(frozen=True)
class Line:
    """Log-odds = intercept + slope * score.

    Parameters
    ----------
    intercept, slope : float
        In log-odds, and log-odds for a point.
    log_loss : float
        Mean log-loss of the leads that it was fitted to.
    """

    intercept: float
    slope: float
    log_loss: float

    def loss(self, score: NDArray[np.int64], leads: Leads) -> float:
        """Give the mean log-loss of other leads."""
        told = self.intercept + self.slope * score
        return float(np.average(np.logaddexp(0, told) - leads.won * told, weights=leads.weight))


def fitted_line(score: NDArray[np.int64], leads: Leads) -> Line:
    """Fit log-odds to scores, leads with the same score together.

    A trace of a penalty keeps the slope finite where the score tells won from lost
    without exception; a slope below 0 becomes 0.

    Parameters
    ----------
    score : ndarray of shape (n_leads,)
        Integer scores.
    leads : Leads
        Their outcomes and weights.

    Returns
    -------
    Line

    Examples
    --------
    >>> import numpy as np
    >>> from leadml.learn.search.refit import Leads
    >>> won = np.array([0.0, 0, 1, 0, 1, 1, 0, 1])
    >>> line = fitted_line(np.array([0, 0, 0, 0, 10, 10, 10, 10]), Leads(np.zeros((0, 8)), won, np.ones(8)))
    >>> round(line.slope, 3), round(line.log_loss, 3)
    (0.218, 0.562)
    """
    least = int(score.min())
    place = score - least
    every, wins = np.bincount(place, leads.weight), np.bincount(place, leads.weight * leads.won)
    met = np.flatnonzero(every > 0)
    heavy, wins, at = np.asarray(every[met], dtype=np.float64), wins[met], (met + least).astype(np.float64)
    total = float(heavy.sum())
    centre = float(heavy @ at) / total
    unit = float(np.sqrt(heavy @ (at - centre) ** 2 / total)) or 1.0
    design = np.stack([np.ones(len(at)), (at - centre) / unit])
    rate = float(wins.sum()) / total
    level = np.array([np.log(rate / (1 - rate)), 0.0])
    beta, _ = logistic(design, wins / heavy, heavy, centre=level, pull=np.array([0.0, SLOPE_PENALTY]))
    if beta[1] < 0:
        beta = level
    told = beta @ design
    loss = float(heavy @ np.logaddexp(0, told) - wins @ told) / total
    slope = float(beta[1]) / unit
    return Line(float(beta[0]) - slope * centre, slope, loss)


def line_beside(score: NDArray[np.int64], leads: Leads, pinned: NDArray[np.bool_]) -> Line:
    """Fit the line to leads without a pinned value, so that a pin does not say what a point means for all others.

    Parameters
    ----------
    score : ndarray of shape (n_leads,)
        Integer scores.
    leads : Leads
        Their outcomes and weights.
    pinned : ndarray of shape (n_leads,)
        Which of them have a pinned value.

    Returns
    -------
    Line
        Fitted to all leads where fewer than 20 won or 20 lost ones have no pinned value.
    """
    won = leads.won[~pinned]
    if not pinned.any() or min(won.sum(), len(won) - won.sum()) < LEAST_EACH:
        return fitted_line(score, leads)
    return fitted_line(score[~pinned], leads.pick(~pinned))
