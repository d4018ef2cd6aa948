"""The log-odds of a draft: level and steepness of the previous score, and what free groups add to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.pooling.anchored import FACTOR_PULL
from leadml.learn.pooling.level import SHIFT_PULL
from leadml.learn.search.newton import logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.previous.draft import Draft

MOVE_PULL = 0.25  # what a free group adds is 0, give or take 2
ROUNDS = 20
CLOSE = 0.02


@dataclass(frozen=True, eq=False)
class Seen:
    """Leads as codes of the parts of a draft, in an order that depends on their content only.

    Parameters
    ----------
    codes : ndarray of shape (n_parts, n_leads)
        The code of each lead.
    won, weight : ndarray of shape (n_leads,)
        Outcome and weight; the weights of all leads sum to the number of leads that equal ones would be as good as
        (Kish 1965).
    """

    codes: NDArray[np.int16]
    won: NDArray[np.float64]
    weight: NDArray[np.float64]

    def pick(self, mask: NDArray[np.bool_]) -> Seen:
        """Keep some of the leads, in their order."""
        return Seen(np.ascontiguousarray(self.codes[:, mask]), self.won[mask], self.weight[mask])


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted draft.

    Parameters
    ----------
    draft : Draft
        What was fitted.
    design : ndarray of shape (n_terms, n_leads)
        What it was fitted on.
    mean : float
        The mean of the previous score, which the design leaves out.
    terms : ndarray of shape (n_terms,)
        Level, factor of the previous score, and what each free group adds.
    curvature : ndarray of shape (n_terms, n_terms)
        Second derivatives of the penalised loss there.
    """

    draft: Draft
    design: NDArray[np.float64]
    mean: float
    terms: NDArray[np.float64]
    curvature: NDArray[np.float64]

    @property
    def factor(self) -> float:
        """Tell how steep the previous score is now, against what the previous table says."""
        return float(self.terms[1])

    @property
    def chance(self) -> NDArray[np.float64]:
        """Give the probability of each lead that it was fitted on."""
        return np.asarray(1 / (1 + np.exp(-(self.terms @ self.design))))

    def log_odds(self, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Predict the log-odds of leads."""
        return np.asarray(self.terms @ self.draft.design(codes, self.mean))


def fitted(draft: Draft, seen: Seen, begin: NDArray[np.float64] | None = None) -> Fit:
    """Fit a draft by Newton's method.

    Parameters
    ----------
    draft : Draft
        What may move.
    seen : Seen
        The leads.
    begin : ndarray, optional
        Terms to begin from; those that are missing at its end begin at 0.

    Returns
    -------
    Fit
        A logistic regression with a light pull: the level is that of these leads, the factor is 1, give or take a
        half, what a free group adds is 0, give or take 2.
    """
    score = draft.score(seen.codes)
    mean = float(np.average(score, weights=seen.weight))
    design = draft.design(seen.codes, mean)
    rate = float(np.average(seen.won, weights=seen.weight))
    centre = np.zeros(len(design))
    centre[:2] = np.log(rate / (1 - rate)), 1.0
    pull = np.full(len(design), MOVE_PULL)
    pull[:2] = SHIFT_PULL, FACTOR_PULL
    first = centre if begin is None else np.append(begin, centre[len(begin) :])
    terms, curvature = logistic(design, seen.won, seen.weight, centre=centre, pull=pull, begin=first)
    return Fit(draft, design, mean, terms, curvature)


def together(draft: Draft, seen: Seen, company: NDArray[np.int64]) -> tuple[Draft, Seen]:
    """Let leads of one company count for less, as far as their outcomes go together.

    Parameters
    ----------
    draft : Draft
        The previous table.
    seen : Seen
        The leads.
    company : ndarray of shape (n_leads,)
        Leads with the same number belong together.

    Returns
    -------
    draft : Draft
        With what the leads behind the previous table told, made less likewise.
    seen : Seen
        With weights divided by the design effect, the variance of residuals summed by company over that of as many
        independent ones (Kish 1965), where that is more than 1.
    """
    residual = seen.weight * (seen.won - fitted(draft, seen).chance)
    by_company = np.bincount(np.unique(company, return_inverse=True)[1], residual)
    effect = max(float((by_company**2).sum() / (residual**2).sum()), 1.0)
    parts = tuple(replace(part, seen=part.seen / effect) for part in draft.parts)
    return replace(draft, parts=parts), replace(seen, weight=seen.weight / effect)


def unpinned(draft: Draft, seen: Seen) -> Draft:
    """Measure what a point is worth beside pinned rows, whose points have flattened or steepened the previous line."""
    for _ in range(ROUNDS):
        factor = fitted(draft, seen).factor
        if not draft.fixed or abs(factor - 1) < CLOSE or factor <= 0:
            break
        draft = draft.worth(factor)
    return draft
