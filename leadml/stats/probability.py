"""How well probabilities fit outcomes: log loss, Brier score, calibration."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leadml.errors import UsageError
from leadml.stats.arrays import BoolArray, FloatArray, in_order, numbers, outcomes, weights
from leadml.stats.intervals import wilson

_EPS = float(np.finfo(np.float64).eps)


class CalibrationLine(NamedTuple):
    """Log-odds of winning = intercept + slope · log-odds foretold; 0 and 1 when the probabilities are right.

    A slope below 1 says that the probabilities are too extreme, above 1 too timid. The standard errors are
    Wald's.
    """

    slope: float
    intercept: float
    slope_se: float
    intercept_se: float


class CalibrationGroup(NamedTuple):
    """Leads with similar probabilities: the mean foretold, and how they converted (Wilson interval)."""

    leads: int
    won: int
    foretold: float
    rate: float
    low: float
    high: float


def log_loss(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the mean negative log-likelihood of the outcomes, in nats per lead.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    p : array_like, shape (leads,)
        Probability of winning; 0 and 1 are moved inside by the spacing of floats at 1.
    weight : array_like, shape (leads,), optional
        Weight of each lead, not negative.

    Returns
    -------
    float
        0 or more, lower is better; nan without leads.

    Raises
    ------
    UsageError
        If the arrays do not fit or a probability is outside 0 to 1.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.8, 0.4]), 4)
    0.367
    """
    won = outcomes(y)
    chance = np.clip(_probabilities(p, won), _EPS, 1 - _EPS)
    return _mean(-np.where(won, np.log(chance), np.log1p(-chance)), weights(weight, won))


def brier(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the mean squared distance between probability and outcome.

    Parameters and errors are those of `log_loss`. Brier (1950), Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> round(brier([1, 0], [0.8, 0.4]), 4)
    0.1
    """
    won = outcomes(y)
    return _mean((_probabilities(p, won) - won) ** 2, weights(weight, won))


def calibration_line(y: ArrayLike, p: ArrayLike, weight: ArrayLike | None = None) -> CalibrationLine:
    """Fit the logistic regression of the outcomes on the foretold log-odds.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    p : array_like, shape (leads,)
        Probability of winning; 0 and 1 are moved inside by the spacing of floats at 1.
    weight : array_like, shape (leads,), optional
        Weight of each lead, counted as that many leads.

    Returns
    -------
    CalibrationLine
        All nan where the fit does not exist: one class, equal probabilities, or won and lost perfectly
        separated.

    Raises
    ------
    UsageError
        If the arrays do not fit or a probability is outside 0 to 1.

    Notes
    -----
    Cox (1958), Biometrika 45, 562-565. Slope and intercept are fitted together, by Newton's method.

    Examples
    --------
    Half as extreme as foretold:

    >>> p = [0.1, 0.9]
    >>> line = calibration_line([0, 0, 0, 1, 1, 1, 1, 0], [p[0]] * 4 + [p[1]] * 4)
    >>> round(line.slope, 3), round(abs(line.intercept), 3)
    (0.5, 0.0)
    """
    won = outcomes(y)
    won, (chance, mass) = in_order(won, _probabilities(p, won), weights(weight, won))
    chance = np.clip(chance, _EPS, 1 - _EPS)
    foretold = np.log(chance) - np.log1p(-chance)
    undefined = CalibrationLine(math.nan, math.nan, math.nan, math.nan)
    if not _overlap(won[mass > 0], foretold[mass > 0]):
        return undefined
    design = np.column_stack((np.ones(len(won)), foretold))
    fitted = _newton(design, won.astype(np.float64), mass)
    if fitted is None:
        return undefined
    (intercept, slope), cov = fitted[0].tolist(), fitted[1]
    return CalibrationLine(slope, intercept, math.sqrt(cov[1, 1]), math.sqrt(cov[0, 0]))


def calibration_groups(y: ArrayLike, p: ArrayLike, groups: int = 10) -> tuple[CalibrationGroup, ...]:
    """Group leads by probability and return what was foretold and what came of each group.

    Parameters
    ----------
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    p : array_like, shape (leads,)
        Probability of winning.
    groups : int
        At most this many groups, of about the same number of leads; equal probabilities stay together.

    Returns
    -------
    tuple of CalibrationGroup
        Least probable first.

    Examples
    --------
    >>> for group in calibration_groups([0, 0, 1, 1, 0, 1], [0.2, 0.2, 0.2, 0.7, 0.7, 0.7], groups=2):
    ...     print(group.leads, group.won, round(group.foretold, 2), round(group.rate, 2))
    3 1 0.2 0.33
    3 2 0.7 0.67
    """
    if groups < 1:
        raise UsageError.outside(name="groups", seen=groups, accepted="1 or more")
    won = outcomes(y)
    won, (chance,) = in_order(won, _probabilities(p, won))
    _, place, counts = np.unique(chance, return_inverse=True, return_counts=True)
    # a block of equal probabilities goes where its middle lead falls
    middle = np.cumsum(counts) - (counts + 1) / 2
    group = np.floor(middle * groups / max(len(won), 1)).astype(int)[place]
    made = []
    for one in np.unique(group):
        inside = group == one
        leads, wins = int(inside.sum()), int(won[inside].sum())
        made.append(CalibrationGroup(leads, wins, float(chance[inside].mean()), wins / leads, *wilson(wins, leads)))
    return tuple(made)


def _probabilities(p: ArrayLike, like: BoolArray) -> FloatArray:
    chance = numbers(p, "probabilities", like)
    if len(chance) and (chance.min() < 0 or chance.max() > 1):
        worst = chance.min() if chance.min() < 0 else chance.max()
        raise UsageError.outside(name="a probability", seen=float(worst), accepted="0 to 1")
    return chance


def _mean(values: FloatArray, mass: FloatArray) -> float:
    # sorted, so that the order of the leads cannot show in the last digit
    total = np.sort(mass).sum()
    return float(np.sort(values * mass).sum() / total) if total else math.nan


def _overlap(won: BoolArray, foretold: FloatArray) -> bool:
    """Say whether the fit exists: both classes there, and neither lies wholly above the other."""
    if won.all() or not won.any():
        return False
    up, down = foretold[won], foretold[~won]
    return bool(up.min() < down.max() and down.min() < up.max())


def _newton(design: FloatArray, target: FloatArray, mass: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return the coefficients of a weighted logistic regression and their covariance; None if it diverges."""

    def loss(beta: FloatArray) -> float:
        eta = design @ beta
        return float(mass @ (np.logaddexp(0, eta) - target * eta))

    beta = np.zeros(design.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -700, 700)))
        gradient = design.T @ (mass * (target - chance))
        information = design.T @ (design * (mass * chance * (1 - chance))[:, None])
        if np.linalg.cond(information) > 1e14:
            return None
        step = np.linalg.solve(information, gradient)
        # this is the squared distance to the maximum in standard errors
        if gradient @ step < 1e-14:
            return beta, np.asarray(np.linalg.inv(information), dtype=np.float64)
        # Newton can overshoot where the curvature is small; halved often enough, a step cannot
        worst = loss(beta) * (1 + 1e-12)
        while loss(beta + step) > worst and np.abs(step).max() > 1e-12:
            step = step / 2
        beta = beta + step
    return None
