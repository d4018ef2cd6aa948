"""Logistic regression on a handful of columns by Newton's method, which halves a step that goes too far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_STEPS = 200
GREATEST_MOVE = 2.0
STILL = 1e-10


def logistic(
    design: NDArray[np.float64],
    won: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    centre: NDArray[np.float64],
    pull: NDArray[np.float64],
    begin: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the terms whose penalised log-likelihood is highest.

    Where few are won and a score is skewed, a full step can end far beyond the top and the next one further off on the
    other side. The log-likelihood has one top only, so a step is too long where it goes down again by more than it went
    up; halved often enough, none is.

    Parameters
    ----------
    design : ndarray of shape (n_terms, n_leads)
        The columns.
    won, weight : ndarray of shape (n_leads,)
        Outcome (or share won) and weight of each lead.
    centre, pull : ndarray of shape (n_terms,)
        Where each term is drawn to, and how strongly (one over a variance).
    begin : ndarray of shape (n_terms,), optional
        Terms to begin from; `centre` unless given.

    Returns
    -------
    terms : ndarray of shape (n_terms,)
        The terms.
    curvature : ndarray of shape (n_terms, n_terms)
        Of the penalised log-loss there.

    Examples
    --------
    One of a thousand is won, of the few with a score of 30 one of two.

    >>> score, leads = np.array([0.0, 30.0]), np.array([1e5, 20.0])
    >>> design = np.stack([np.ones(2), score - score @ leads / leads.sum()])
    >>> terms, _ = logistic(design, np.array([0.001, 0.5]), leads, centre=np.array([-7.0, 0.0]), pull=np.zeros(2))
    >>> (1 / (1 + np.exp(-terms @ design))).round(4).tolist()
    [0.001, 0.5]
    """
    terms = np.array(centre if begin is None else begin, dtype=np.float64)
    move = np.zeros(len(terms), dtype=np.float64)
    climb = 0.0
    for _ in range(MOST_STEPS):
        chance = 1 / (1 + np.exp(-(terms @ design)))
        gradient = design @ (weight * (won - chance)) - pull * (terms - centre)
        curvature = (design * (weight * chance * (1 - chance))) @ design.T + np.diag(pull)
        if float(gradient @ move) < -climb:
            move, climb = move / 2, climb / 2
            terms = terms - move
            continue
        full = np.asarray(np.linalg.solve(curvature, gradient), dtype=np.float64)
        move = full * min(1.0, GREATEST_MOVE / max(float(np.abs(full).max()), STILL))
        terms, climb = terms + move, float(gradient @ move)
        if float(np.abs(move).max()) < STILL:
            break
    return terms, curvature
