"""What becomes of a draft: rows are freed while the leads speak against them, rules added while they pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.pooling.level import LEAST_FACTOR
from leadml.learn.previous.doubts import Doubt, doubts, gravest, shown
from leadml.learn.previous.fitting import Fit, fitted
from leadml.learn.previous.growth import Split, grow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.previous.draft import Draft
    from leadml.learn.previous.fitting import Seen

MOST_NEW = 12
SURE = 2.0
FIRM = 2.0  # standard errors that new rules have to pay by: the best of up to twelve is looked at

Told = dict[tuple[tuple[int, int], ...], float]


@dataclass(frozen=True, eq=False)
class Decided:
    """A draft in which everything is free that has to move.

    Parameters
    ----------
    fit : Fit
        The draft, fitted.
    told : dict of (tuple of (int, int)) to float
        For each step of `fit.draft.free` the evidence, as a standard normal deviate.
    losses : ndarray of shape (n_leads,)
        The log-loss of each lead, left out when the draft was fitted (though not when it was chosen).
    """

    fit: Fit
    told: Told
    losses: NDArray[np.float64]


def decide(
    draft: Draft,
    seen: Seen,
    folds: Sequence[NDArray[np.bool_]],
    company: NDArray[np.int64] | None,
) -> Decided:
    """Free rows and add rules, as far as the evidence goes.

    Parameters
    ----------
    draft : Draft
        The previous table.
    seen : Seen
        The leads.
    folds : sequence of ndarray of shape (n_leads,)
        For each fold which leads are left out; at least two.
    company : ndarray of shape (n_leads,), optional
        Leads with the same number belong together.

    Returns
    -------
    Decided
        A rule was added only where that pays on leads left out by more than a standard error.
    """
    told: Told = {}
    point = draft.point
    fit = _loosened(_released(fitted(draft, seen), seen, point, told), seen, told)
    steps = list(grow(fit, seen, point, MOST_NEW))
    losses = _left_out(draft, seen, folds, point, len(steps) - 1)
    chosen = min(_paying(losses, seen.weight, company), len(steps) - 1)
    for _, split in steps[1 : chosen + 1]:
        told[_last(steps, split)] = split.z if split is not None else 0.0
    fit = _released(steps[chosen][0], seen, point, told)
    return Decided(fit, told, _of_decision(fit.draft, seen, folds))


def _last(steps: list[tuple[Fit, Split | None]], split: Split | None) -> tuple[tuple[int, int], ...]:
    """Find the step of the draft that a split made."""
    return next(fit.draft.free[-1] for fit, s in steps if s is split)


def _released(fit: Fit, seen: Seen, point: float, told: Told) -> Fit:
    """Free the row, or all rows of the feature, that the leads speak against most, until they speak against none."""
    while True:
        worst: Doubt | None = gravest(doubts(fit, seen, point))
        if worst is None:
            return fit
        told[worst.groups] = worst.z
        fit = fitted(fit.draft.freeing(worst.groups), seen, fit.terms)


def _loosened(fit: Fit, seen: Seen, told: Told) -> Fit:
    """Free every row where the previous score tells far less than it did: its points are no measure any more."""
    error = float(np.sqrt(np.linalg.inv(fit.curvature)[1, 1]))
    if fit.factor + SURE * error >= LEAST_FACTOR:
        return fit
    rest = [group for group in shown(fit, seen) if group not in fit.draft.moving]
    if not rest:
        return fit
    told[tuple(rest)] = (fit.factor - 1) / error
    return fitted(fit.draft.freeing(rest), seen, fit.terms)


def _left_out(
    draft: Draft, seen: Seen, folds: Sequence[NDArray[np.bool_]], point: float, most: int
) -> NDArray[np.float64]:
    """Give the log-loss of leads left out by number of added rules, everything decided without them."""
    losses = np.zeros((most + 1, len(seen.won)))
    for out in folds:
        inside, outside = seen.pick(~out), seen.pick(out)
        begun = _loosened(_released(fitted(draft, inside), inside, point, {}), inside, {})
        for k, fit in enumerate(_to_the_end(begun, inside, point, most)):
            log_odds = fit.log_odds(outside.codes)
            losses[k, out] = np.logaddexp(0, log_odds) - outside.won * log_odds
    return losses


def _of_decision(draft: Draft, seen: Seen, folds: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """Give the log-loss of leads left out when a draft is fitted."""
    losses = np.zeros(len(seen.won))
    for out in folds:
        outside = seen.pick(out)
        log_odds = fitted(draft, seen.pick(~out)).log_odds(outside.codes)
        losses[out] = np.logaddexp(0, log_odds) - outside.won * log_odds
    return losses


def _to_the_end(begun: Fit, inside: Seen, point: float, most: int) -> Iterator[Fit]:
    """Give the drafts with 0, 1, … added rules; the last one again where nothing more can be added."""
    fit, given = begun, 0
    for fit, _ in grow(begun, inside, point, most):
        yield fit
        given += 1
    for _ in range(given, most + 1):
        yield fit


def _paying(losses: NDArray[np.float64], weight: NDArray[np.float64], company: NDArray[np.int64] | None) -> int:
    """Say how many added rules pay by more than two standard errors; the fewest nearly as good as the best."""
    best = int((losses @ weight).argmin())
    gain, error = gain_and_error(losses[0], losses[best], weight, company)
    if gain <= FIRM * error:
        return 0
    for k in range(best):
        short, error = gain_and_error(losses[k], losses[best], weight, company)
        if k and short <= error:
            return k
    return best


def gain_and_error(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    weight: NDArray[np.float64],
    company: NDArray[np.int64] | None = None,
) -> tuple[float, float]:
    """Give the mean of a paired difference of losses, and its standard error; leads of one company count as one.

    Examples
    --------
    >>> import numpy as np
    >>> gain_and_error(np.array([1.0, 1, 1, 1]), np.array([0.0, 1, 0, 1]), np.ones(4))
    (0.5, 0.25)
    """
    gains, total = weight * (before - after), float(weight.sum())
    mean = float(gains.sum()) / total
    away = gains - weight * mean
    if company is not None:
        away = np.asarray(np.bincount(np.unique(company, return_inverse=True)[1], away), dtype=np.float64)
    return mean, float(np.sqrt((away**2).sum())) / total
