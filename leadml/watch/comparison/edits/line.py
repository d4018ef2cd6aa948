"""How many points more a row should give: an exact search over whole numbers, on counts.

What a row adds is judged by the log-loss that is left when the scores with it are calibrated anew, so that only the
ranking counts and not how many points double the odds. All that matters is how many leads were won and lost by score,
inside the row and outside; so every fit is one on a few hundred counts, however many leads there are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 60
RIDGE = 1e-6  # keeps a fit finite where all leads of a row were won, or all lost


@dataclass(frozen=True, eq=False)
class Counts:
    """Won and all leads by score, outside the row and inside.

    Parameters
    ----------
    score : ndarray of shape (m,)
        The scores that occur.
    won, leads : ndarray of shape (2, m)
        Outside the row, inside it.
    """

    score: Floats
    won: Floats
    leads: Floats

    def __sub__(self, other: Counts) -> Counts:
        return Counts(self.score, self.won - other.won, self.leads - other.leads)

    def scores(self, change: float) -> Floats:
        """Return the scores of both halves with so many points more inside the row."""
        return np.stack([self.score, self.score + change])

    def losses(self, line: tuple[float, float], change: float) -> tuple[Floats, Floats]:
        """Return the log-loss of a lost lead and of a won one in each cell."""
        log_odds = line[0] + line[1] * self.scores(change)
        return np.logaddexp(0, log_odds), np.logaddexp(0, -log_odds)

    def loss(self, line: tuple[float, float], change: float) -> float:
        """Return the sum of the log-losses of all leads."""
        lost, won = self.losses(line, change)
        return float(((self.leads - self.won) * lost + self.won * won).sum())

    def line(self, change: float) -> tuple[float, float]:
        """Fit the log-odds as a line of the score with so many points more inside the row; it never falls."""
        score = self.scores(change).ravel()
        spread = max(float(np.ptp(score)), 1.0)
        middle = float(score[0])
        design = np.stack([np.ones(score.size), (score - middle) / spread], axis=1)
        intercept, slope = _logistic(design, self.won.ravel(), self.leads.ravel())
        if slope < 0:
            intercept, slope = _logistic(design[:, :1], self.won.ravel(), self.leads.ravel())[0], 0.0
        return intercept - slope / spread * middle, slope / spread

    def free(self) -> float:
        """Return the points more that fit best if they need not be whole.

        Unbounded where the score itself says nothing, or the wrong way round, so that all there is to say is on which
        side of the others the leads inside belong.
        """
        score = self.scores(0).ravel()
        spread = max(float(np.ptp(score)), 1.0)
        inside = np.repeat([0.0, 1.0], self.score.size)
        design = np.stack([np.ones(score.size), (score - score[0]) / spread, inside], axis=1)
        _, slope, step = _logistic(design, self.won.ravel(), self.leads.ravel())
        if slope > 1e-9:
            return step / slope * spread
        return math.copysign(math.inf, step) if step else 0.0


def best_change(counts: Counts, least: int, most: int) -> int:
    """Return the whole number of points more, from `least` to `most`, that leaves the least log-loss.

    Over the changes the least log-loss has one valley: a change c is the ratio of two coefficients of a logistic
    regression, whose loss is convex, and the ratios of a convex set of coefficients with a positive slope are an
    interval. So walking downhill from the best fraction finds the best whole number. Where the score says nothing
    there, every number is tried.

    Parameters
    ----------
    counts : Counts
        Of the leads.
    least, most : int
        Bounds of the change.

    Returns
    -------
    int

    Examples
    --------
    >>> score = np.arange(0.0, 40, 10)
    >>> leads = np.full((2, 4), 100.0)
    >>> chance = 1 / (1 + np.exp(2 - 0.05 * np.stack([score, score + 12])))
    >>> best_change(Counts(score, leads * chance, leads), -50, 50)
    12
    """

    def left(change: int) -> float:
        return counts.loss(counts.line(change), change)

    free = min(max(counts.free(), least), most)
    here = min((0, round(free)), key=left)
    known = left(here)
    for way in (1, -1):
        while least <= here + way <= most and (next_one := left(here + way)) < known:
            here, known = here + way, next_one
    if counts.line(here)[1] > 0:
        return here
    # A line that never falls is level over many changes, and what is level does not say where the valley is.
    return min(range(least, most + 1), key=lambda change: (left(change), abs(change), change))


def _logistic(design: Floats, won: Floats, leads: Floats) -> list[float]:
    """Fit a logistic regression on counts by Newton's method, with a ridge so small that it only keeps it finite."""
    there = leads > 0
    design, won, leads = design[there], won[there], leads[there]
    beta = np.zeros(design.shape[1])
    ridge = RIDGE * np.eye(len(beta)) * max(leads.sum(), 1.0)
    ridge[0, 0] *= 1e-3

    def loss(beta: Floats) -> float:
        eta = design @ beta
        return float(leads @ np.logaddexp(0, eta) - won @ eta + 0.5 * beta @ ridge @ beta)

    now = loss(beta)
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -700, 700)))
        gradient = design.T @ (won - leads * chance) - ridge @ beta
        curvature = (design.T * (leads * chance * (1 - chance))) @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        if gradient @ step < 1e-10:
            break
        while (after := loss(beta + step)) > now and np.abs(step).max() > 1e-12:
            step = step / 2
        beta, now = beta + step, after
    return [float(value) for value in beta]
