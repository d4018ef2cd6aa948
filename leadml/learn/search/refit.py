"""Refit: a ridge logistic regression on groups of codes, centred on the LightGBM shape.

The penalty pulls the effect of a group towards the average contribution of its codes, not towards 0: where leads are
few the boosted model has the last word, where they are many the leads do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.bundles import bundled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.bundles import Bundle
    from leadml.learn.search.segments import Partition

MOST_STEPS = 25
TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Leads:
    """Training leads as codes.

    Parameters
    ----------
    codes : ndarray of shape (n_features, n_leads)
        The code of each lead for each feature.
    won, weight : ndarray of shape (n_leads,)
        Outcome (1 won, 0 lost) and weight.
    """

    codes: NDArray[np.int16]
    won: NDArray[np.float64]
    weight: NDArray[np.float64]

    def pick(self, mask: NDArray[np.bool_]) -> Leads:
        """Keep some of the leads, in their order."""
        return Leads(np.ascontiguousarray(self.codes[:, mask]), self.won[mask], self.weight[mask])

    def at(self, places: NDArray[np.intp]) -> Leads:
        """Keep the leads at some places, in the order of these."""
        return Leads(np.ascontiguousarray(self.codes[:, places]), self.won[places], self.weight[places])

    def counts(self, sizes: Sequence[int]) -> list[NDArray[np.float64]]:
        """Count the leads of each code of each feature, by weight."""
        return [
            np.bincount(row, self.weight, minlength=size).astype(np.float64)
            for row, size in zip(self.codes, sizes, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class Refit:
    """A fitted logistic regression on groups.

    Parameters
    ----------
    intercept : float
        Its constant, in log-odds.
    effects : ndarray of shape (n_groups,)
        The effect of each group, all features one after the other, in log-odds.
    curvature : ndarray of shape (1 + n_groups, 1 + n_groups)
        Second derivatives of the penalised loss there; the intercept comes first.
    """

    intercept: float
    effects: NDArray[np.float64]
    curvature: NDArray[np.float64]

    def log_odds(self, partition: Partition, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Predict the log-odds of leads."""
        total = np.full(codes.shape[1], self.intercept)
        for row, group, start, size in zip(codes, partition.groups, partition.starts, partition.sizes, strict=True):
            total += self.effects[start + group][row] if size > 1 else self.effects[start]
        return total


def refit(
    leads: Leads,
    partition: Partition,
    centre: NDArray[np.float64],
    strength: float | NDArray[np.float64],
    *,
    begin: tuple[float, NDArray[np.float64]] | None = None,
    steps: int = MOST_STEPS,
) -> Refit:
    """Fit the effects of groups by Newton's method.

    Parameters
    ----------
    leads : Leads
        The training leads.
    partition : Partition
        Which codes go together.
    centre : ndarray of shape (n_groups,)
        What the penalty pulls each effect to, in log-odds.
    strength : float or ndarray of shape (n_groups,) or (n_groups, n_groups)
        Weight of the penalty: ``sum(strength / 2 * (effect - centre) ** 2)``, more than 0; or a positive definite
        matrix of weights, where effects are pulled together.
    begin : tuple of float and ndarray, optional
        Intercept and effects to begin from; the centre otherwise.
    steps : int
        The most Newton steps to take.

    Returns
    -------
    Refit
        Effects, intercept and curvature.
    """
    bundles = bundled(leads.codes, partition)
    rate = float(np.average(leads.won, weights=leads.weight))
    intercept, effects = begin if begin is not None else (np.log(rate / (1 - rate)), centre.copy())
    prior = _weights(strength, len(centre))
    beta = np.concatenate([[intercept], effects])
    target = np.concatenate([[0.0], centre])
    move, fall = np.zeros_like(beta), 0.0
    for _ in range(steps):
        gradient, curvature = _derivatives(leads, bundles, beta)
        gradient += prior @ (beta - target)
        curvature += prior
        if float(gradient @ move) < -fall:  # up again by more than down: too far
            move, fall = move / 2, fall / 2
            beta = beta + move
            continue
        move = np.linalg.solve(curvature, gradient)
        gain = float(gradient @ move)
        move = move * min(1.0, 4.0 / max(float(np.abs(move).max()), 1e-12))
        beta, fall = beta - move, float(gradient @ move)
        if gain < TOLERANCE * max(1.0, float(leads.weight.sum())):
            break
    return Refit(float(beta[0]), beta[1:], curvature)


def _weights(strength: float | NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    """Write the penalty as a matrix; nothing pulls the intercept, which comes first."""
    given = np.asarray(strength, dtype=np.float64)
    prior = np.zeros((1 + groups, 1 + groups))
    prior[1:, 1:] = given if given.ndim == 2 else np.diag(np.broadcast_to(given, groups))
    return prior


def derivatives(
    leads: Leads, partition: Partition, beta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return gradient and curvature of the log-loss without any penalty, the intercept first.

    Parameters
    ----------
    leads : Leads
        The training leads.
    partition : Partition
        Which codes go together.
    beta : ndarray of shape (1 + n_groups,)
        Intercept and effects.

    Returns
    -------
    gradient : ndarray of shape (1 + n_groups,)
    curvature : ndarray of shape (1 + n_groups, 1 + n_groups)
    """
    return _derivatives(leads, bundled(leads.codes, partition), beta)


def slopes(leads: Leads, partition: Partition, beta: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the gradient of the log-loss without any penalty, and what the leads weigh in its curvature.

    Parameters
    ----------
    leads : Leads
        The training leads.
    partition : Partition
        Which codes go together.
    beta : ndarray of shape (1 + n_groups,)
        Intercept and effects.

    Returns
    -------
    gradient : ndarray of shape (1 + n_groups,)
    weight : float
        The second derivative by the intercept.
    """
    parts = list(zip(leads.codes, partition.groups, partition.sizes, 1 + partition.starts, strict=True))
    eta = np.full(len(leads.won), beta[0] + sum(beta[at] for _, _, size, at in parts if size == 1))
    for row, group, size, at in parts:
        if size > 1:
            eta += beta[at + group][row]
    chance = _chance(eta)
    slope = leads.weight * (chance - leads.won)
    gradient = np.zeros(len(beta))
    gradient[0] = slope.sum()
    for row, group, size, at in parts:
        of_code = np.bincount(row, slope, minlength=len(group)) if size > 1 else gradient[:1]
        gradient[at : at + size] = np.bincount(group, of_code, minlength=size) if size > 1 else of_code
    return gradient, float(leads.weight @ (chance * (1 - chance)))


def _chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds into probabilities; a step that went too far may ask for what overflows, and gets 0."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def _derivatives(
    leads: Leads, bundles: Sequence[Bundle], beta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum first and second derivatives by group, and by pair of groups."""
    eta = np.full(len(leads.won), beta[0])
    for bundle in bundles:
        eta += (bundle.holds @ beta[1 + bundle.groups])[bundle.cells]
    chance = _chance(eta)
    slope, bend = leads.weight * (chance - leads.won), leads.weight * chance * (1 - chance)
    p = len(beta)
    gradient, curvature = np.zeros(p), np.zeros((p, p))
    gradient[0], curvature[0, 0] = slope.sum(), bend.sum()
    for j, bundle in enumerate(bundles):
        here, holds = 1 + bundle.groups, bundle.holds
        gradient[here] = bundle.summed(slope) @ holds
        own = bundle.summed(bend)
        curvature[np.ix_(here, here)] = (holds * own[:, None]).T @ holds
        curvature[0, here] = curvature[here, 0] = own @ holds
        for other in bundles[:j]:
            there, (pairs,) = 1 + other.groups, bundle.crossed(other, bend)
            curvature[np.ix_(here, there)] = pairs
            curvature[np.ix_(there, here)] = pairs.T
    return gradient, curvature
