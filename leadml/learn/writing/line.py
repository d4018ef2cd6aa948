"""The line from scores to log-odds, and the log-loss that is left with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.beside import beside
from leadml.learn.search.newton import logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads

SLOPE_PENALTY = 0.01
FARTHEST = 40.0  # log-odds; nothing is likelier or less likely than that
HALVINGS = 80
DIGITS = 9  # as many as a point table keeps, so that a slope that stays leaves the level where it is


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
    at, heavy, wins = _counted(score, leads)
    total = float(heavy.sum())
    centre = float(heavy @ at) / total
    unit = float(np.sqrt(heavy @ (at - centre) ** 2 / total)) or 1.0
    design = np.stack([np.ones(len(at)), (at - centre) / unit])
    rate = float(wins.sum()) / total
    level = np.array([np.log(rate / (1 - rate)), 0.0])
    beta, _ = logistic(design, wins / heavy, heavy, centre=level, pull=np.array([0.0, SLOPE_PENALTY]))
    if beta[1] < 0:
        beta = level
    slope = float(beta[1]) / unit
    return _line(float(beta[0]) - slope * centre, slope, at, heavy, wins)


def levelled(slope: float, score: NDArray[np.int64], leads: Leads) -> Line:
    """Give the line of a slope that tells as many wins as there are.

    Parameters
    ----------
    slope : float
        Log-odds for a point.
    score : ndarray of shape (n_leads,)
        Integer scores.
    leads : Leads
        Their outcomes and weights; some won and some lost.

    Returns
    -------
    Line

    Examples
    --------
    >>> import numpy as np
    >>> from leadml.learn.search.refit import Leads
    >>> won = np.array([0.0, 0, 1, 0, 1, 1, 0, 1])
    >>> score = np.array([0, 0, 0, 0, 10, 10, 10, 10])
    >>> line = levelled(0.1, score, Leads(np.zeros((0, 8)), won, np.ones(8)))
    >>> round(float((1 / (1 + np.exp(-line.intercept - line.slope * score))).sum()), 6)
    4.0
    """
    at, heavy, wins = _counted(score, leads)
    low, high = -FARTHEST - slope * float(at[-1]), FARTHEST - slope * float(at[0])
    for _ in range(HALVINGS):
        level = (low + high) / 2
        told = float(heavy @ (1 / (1 + np.exp(-(level + slope * at)))))
        low, high = (low, level) if told > wins.sum() else (level, high)
    return _line((low + high) / 2, slope, at, heavy, wins)


def _counted(
    score: NDArray[np.int64], leads: Leads
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give the scores that there are, with the weight of their leads and of the won ones among them."""
    least = int(score.min())
    every, wins = (np.bincount(score - least, weight) for weight in (leads.weight, leads.weight * leads.won))
    met = np.flatnonzero(every > 0)
    return (
        (met + least).astype(np.float64),
        np.asarray(every[met], dtype=np.float64),
        np.asarray(wins[met], dtype=np.float64),
    )


def _line(
    intercept: float, slope: float, at: NDArray[np.float64], heavy: NDArray[np.float64], wins: NDArray[np.float64]
) -> Line:
    told = intercept + slope * at
    return Line(intercept, slope, float(heavy @ np.logaddexp(0, told) - wins @ told) / float(heavy.sum()))


def line_beside(score: NDArray[np.int64], leads: Leads, pinned: NDArray[np.bool_], factor: float = 1.0) -> Line:
    """Fit the line to leads without a pinned value, so that a pin does not say what a point means for all others.

    Parameters
    ----------
    score : ndarray of shape (n_leads,)
        Integer scores.
    leads : Leads
        Their outcomes and weights.
    pinned : ndarray of shape (n_leads,)
        Which of them have a pinned value.
    factor : float, default 1
        What the slope is multiplied by.

    Returns
    -------
    Line
        Fitted to all leads where fewer than 20 won or 20 lost ones have no pinned value.
    """
    if pinned.any():
        asked = beside(leads.won, pinned)
        score, leads = score[asked], leads.pick(asked)
    line = fitted_line(score, leads)
    return line if factor == 1.0 else levelled(round(factor * line.slope, DIGITS), score, leads)
