"""How strong the pull to the pooled points should be, feature by feature, as the leads themselves say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.pooling.anchored import FACTOR_PULL, Anchors, anchored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads, Refit

FIRM = 1e6  # lets nothing move
LOOSE = (64.0, 16.0, 4.0, 1.0)
RELEASE = 2.0
ROUNDS = 3
SWEEPS = 2


def by_evidence(leads: Leads, anchors: Anchors, begin: Refit | None = None) -> NDArray[np.float64]:
    """Find for each feature how strong its pull should be: firm unless the leads speak against the pooled points.

    The strengths maximise the evidence, the probability of the outcomes with the effects integrated out (MacKay 1992),
    by Laplace's approximation; a feature is let go where that multiplies it by more than ``exp(RELEASE)``.

    Parameters
    ----------
    leads : Leads
        The segment's leads.
    anchors : Anchors
        The pooled table.
    begin : Refit, optional
        Where to begin from.

    Returns
    -------
    ndarray of shape (n_parts,)
        Strengths; `FIRM` where nothing speaks against the pooled points.
    """
    strengths, fit = np.full(len(anchors.neutral), FIRM), begin
    for _ in range(ROUNDS):
        fit = anchored(leads, anchors, strengths, fit)
        found = _most_evident(_Evidence.at(fit, anchors, strengths), strengths)
        if (found == strengths).all():
            break
        strengths = found
    return strengths


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The log-likelihood near a fit, as a quadratic of the intercept and of what leaves the centre."""

    anchors: Anchors
    bend: NDArray[np.float64]
    slope: NDArray[np.float64]

    @classmethod
    def at(cls, fit: Refit, anchors: Anchors, strengths: NDArray[np.float64]) -> _Evidence:
        """Read the quadratic off a fit, where the slope of the log-likelihood is that of the penalty."""
        pull = anchors.pull(strengths)
        bend = fit.curvature.copy()
        bend[1:, 1:] -= pull
        away = fit.effects - anchors.centre
        slope = bend @ np.concatenate([[fit.intercept], away]) + np.concatenate([[0.0], pull @ away])
        return cls(anchors, bend, slope)

    def of(self, strengths: NDArray[np.float64]) -> float:
        """Give the log of the evidence for strengths, but for a constant."""
        whole = self.bend.copy()
        whole[1:, 1:] += self.anchors.pull(strengths)
        root = np.linalg.cholesky(whole)
        height = np.linalg.solve(root, self.slope)
        weight = strengths[self.anchors.part]
        volume = np.log(weight).sum() - np.log(FACTOR_PULL + float(weight @ self.anchors.centre**2))
        size = 0.5 * float(height @ height) - float(np.log(np.diag(root)).sum()) + 0.5 * float(volume)
        return size - RELEASE * float((strengths < FIRM).sum())


def _most_evident(evidence: _Evidence, strengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Change the strength of one part after another, as long as that gains."""
    best, found = evidence.of(strengths), strengths
    for _ in range(SWEEPS):
        for part, strength in product(range(len(strengths)), (FIRM, *LOOSE)):
            tried = found.copy()
            tried[part] = strength
            told = evidence.of(tried)
            if told > best + 1e-9:
                best, found = told, tried
    return found
