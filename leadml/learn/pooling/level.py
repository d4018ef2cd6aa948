"""How likely a segment's leads are to be won at a pooled score: level and steepness, near the pooled ones where few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.pooling.anchored import FACTOR_PULL
from leadml.learn.search.newton import logistic
from leadml.points.table import Probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads

SHIFT_PULL = 0.25  # the log-odds of a segment are those of all leads, give or take 2
HELD = 1e9  # holds a factor where it is
LEAST_FACTOR = 0.5  # where the pooled points tell less than half, they are no measure any more


@dataclass(frozen=True)
class Line:
    """Log-odds as a line of the score.

    Parameters
    ----------
    intercept, slope : float
        In log-odds, and log-odds per unit of the score.
    shrinkage : float, default 1
        What the slope was multiplied by to be right for leads that the points were not learned from.
    """

    intercept: float
    slope: float
    shrinkage: float = 1.0

    def log_odds(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the log-odds that belong to scores."""
        return np.asarray(self.intercept + self.slope * score, dtype=np.float64)

    @property
    def probability(self) -> Probability:
        """The same as a point table holds it."""
        return Probability(round(self.intercept, 9), round(self.slope, 9))


def pooled_line(score: NDArray[np.float64], leads: Leads, line: Line, *, seen: bool = False) -> Line:
    """Fit level and steepness on a segment's leads, pulled to a line that is known.

    The log-odds are ``mean + shift + factor * (z - mean)`` with z those of the known line. The shift is 0, give or
    take 2, and the factor is 1, give or take a half, so that leads that were all lost have a level all the same. The
    segment's leads may be among those that the points were learned from, where the factor is too great: between that
    and its product with the shrinkage it stays as near to 1 as may be.

    Parameters
    ----------
    score : ndarray of shape (n_leads,)
        The score of each lead.
    leads : Leads
        Their outcomes and weights.
    line : Line
        The line of all leads, its slope not negative.
    seen : bool, default False
        Whether points were learned from these very leads, so that the factor is too great for sure.

    Returns
    -------
    Line
        Its slope is not negative.

    Examples
    --------
    >>> import numpy as np
    >>> from leadml.learn.search.refit import Leads
    >>> score = np.repeat([0.0, 1.0], 5000)
    >>> won = np.tile([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1000)
    >>> told = pooled_line(score, Leads(np.zeros((0, 10000), dtype=np.int16), won, np.ones(10000)), Line(0.0, 1.0))
    >>> bool(abs(told.log_odds(np.array([0.5]))[0] - np.log(1 / 9)) < 0.01), told.slope < 0.02
    (True, True)
    """
    told = line.log_odds(score)
    mean = float(np.average(told, weights=leads.weight))
    shift, factor = _fitted(told - mean, mean, leads, np.array([SHIFT_PULL, FACTOR_PULL]))
    if factor < 0:
        shift, factor = _fitted(np.zeros(len(told)), mean, leads, np.array([SHIFT_PULL, FACTOR_PULL]))[0], 0.0
    elif (kept := line.shrinkage * factor if seen else min(max(1.0, line.shrinkage * factor), factor)) < factor:
        shift, factor = _fitted(told - mean, mean, leads, np.array([SHIFT_PULL, HELD]), kept)[0], kept
    return Line(mean + shift + factor * (line.intercept - mean), factor * line.slope)


def _fitted(
    away: NDArray[np.float64], mean: float, leads: Leads, pull: NDArray[np.float64], factor: float = 1.0
) -> tuple[float, float]:
    design = np.stack([np.ones(len(away)), away])
    beta, _ = logistic(design, leads.won, leads.weight, centre=np.array([mean, factor]), pull=pull)
    return float(beta[0]) - mean, float(beta[1])
