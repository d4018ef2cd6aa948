"""Counts: how many leads a rule holds for, how many of them were won, and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads

DIGITS = 6
UNWEIGHTED: dict[str, Any] = {"weight": None, "weight_won": None}


@dataclass(frozen=True, eq=False)
class Counts:
    """Leads, won leads and their weights, by code.

    Parameters
    ----------
    leads, won, weight, weight_won : ndarray of shape (n_codes,)
        Numbers and sums of weights.
    weighted : bool
        Whether any lead weighs other than 1.
    """

    leads: NDArray[np.int64]
    won: NDArray[np.int64]
    weight: NDArray[np.float64]
    weight_won: NDArray[np.float64]
    weighted: bool

    @classmethod
    def by_code(cls, leads: Leads, code: NDArray[np.int16] | NDArray[np.bool_], size: int) -> Counts:
        """Count leads by their code.

        Parameters
        ----------
        leads : Leads
            The leads.
        code : ndarray of shape (n_leads,)
            The code of each of them.
        size : int
            How many codes there are.

        Returns
        -------
        Counts
        """
        won = np.bincount(code, leads.won, minlength=size)
        return cls(
            np.bincount(code, minlength=size),
            won.astype(np.int64),
            np.asarray(np.bincount(code, leads.weight, minlength=size), dtype=np.float64),
            np.asarray(np.bincount(code, leads.weight * leads.won, minlength=size), dtype=np.float64),
            weighted(leads),
        )

    def of(self, codes: list[int]) -> dict[str, Any]:
        """Give the evidence for a rule that holds for some codes; weights only where they say something."""
        told: dict[str, Any] = {"leads": int(self.leads[codes].sum()), "won": int(self.won[codes].sum())}
        if self.weighted:
            told["weight"] = round(float(self.weight[codes].sum()), DIGITS)
            told["weight_won"] = round(float(self.weight_won[codes].sum()), DIGITS)
        return told


def weighted(leads: Leads) -> bool:
    """Tell whether any lead weighs other than 1."""
    return bool((leads.weight != 1).any())


def weights_told(leads: Leads) -> dict[str, Any]:
    """Say for the provenance of a table how leads were weighted; nothing where they were not.

    Returns
    -------
    dict
        Under ``weights`` the sum of the weights, the least and the greatest one, and the effective number of leads,
        ``sum(w)**2 / sum(w**2)`` (Kish 1965).
    """
    if not weighted(leads):
        return {}
    total = float(leads.weight.sum())
    effective = total**2 / float((leads.weight**2).sum())
    told = {"sum": total, "least": leads.weight.min(), "greatest": leads.weight.max(), "effective_leads": effective}
    return {"weights": {name: round(float(value), DIGITS) for name, value in told.items()}}
