"""What several checks look at, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.errors import LeadmlError
from leadml.history.audit.limits import ENOUGH_LEADS, NEWEST
from leadml.history.audit.univariate import Univariate, folds, univariate
from leadml.history.fingerprint import row_hashes
from leadml.history.split import sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory


@dataclass(frozen=True)
class Sides:
    """Older and newest leads, where there is an order of time; else why there are none.

    Parameters
    ----------
    older, newest : ndarray of bool, shape (n_leads,)
        All false where there is no order.
    why_not : str
        Empty where there are both.
    """

    older: NDArray[np.bool_]
    newest: NDArray[np.bool_]
    why_not: str = ""


@dataclass(frozen=True, eq=False)
class Case:
    """A history with what the checks share.

    Parameters
    ----------
    history : LeadHistory
        What is audited.
    """

    history: LeadHistory

    @cached_property
    def hashes(self) -> NDArray[np.uint64]:
        """One number per row, equal for equal rows."""
        return row_hashes(self.history.frame)

    @cached_property
    def fold(self) -> NDArray[np.int64]:
        """The fold of each lead, 0 to 4."""
        return folds(self.hashes, self.history.won)

    @cached_property
    def sides(self) -> Sides:
        """The newest fifth and the older leads."""
        neither = np.zeros(len(self.history), dtype=bool)
        if self.history.order is None:
            return Sides(neither, neither, "no column tells when a lead came (order or created)")
        try:
            older, newest = sides(self.history, NEWEST)
        except LeadmlError as fault:
            return Sides(neither, neither, str(fault))
        won = self.history.won
        if min(won[older].sum(), (~won[older]).sum(), won[newest].sum(), (~won[newest]).sum()) == 0:
            return Sides(neither, neither, "the older or the newest leads are all won or all lost")
        return Sides(older, newest)

    @cached_property
    def alone(self) -> dict[str, Univariate]:
        """What each feature says alone."""
        h = self.history
        return {str(c): univariate(h.frame[c], h.won, self.fold, self.sides.newest) for c in sorted(h.frame.columns)}

    @cached_property
    def base(self) -> float:
        """Share of won leads."""
        return float(self.history.won.mean())

    @cached_property
    def few(self) -> NDArray[np.bool_]:
        """Leads enough for a model that only looks, one scoring moment of each; the order of the rows plays no part."""
        drawn = self._drawn
        use = np.ones(len(drawn), dtype=bool)
        if self.history.as_of is not None and self.history.lead_id is not None:
            # else a model could know a lead from another of its moments
            rows = pd.DataFrame({"lead": self.history.lead_id, "drawn": drawn})
            least = rows.groupby("lead", dropna=False)["drawn"].transform("min").to_numpy()
            use = (drawn == least) | rows["lead"].isna().to_numpy()
        if use.sum() > ENOUGH_LEADS:
            use = use & (drawn <= np.partition(drawn[use], ENOUGH_LEADS - 1)[ENOUGH_LEADS - 1])
        return np.asarray(use, dtype=bool)

    @cached_property
    def _drawn(self) -> NDArray[np.uint64]:
        """A number per row, as good as drawn at random but made from its content; equal rows get different ones."""
        time = np.zeros(len(self.hashes)) if self.history.order is None else self.history.order
        place = np.lexsort((time, self.history.won, self.hashes))
        ordered = self.hashes[place]
        first = np.r_[True, ordered[1:] != ordered[:-1]]
        starts = np.flatnonzero(first)
        nth = np.empty(len(place), dtype=np.uint64)
        nth[place] = np.arange(len(place)) - starts[np.cumsum(first) - 1]
        return _mixed(self.hashes + nth * np.uint64(0x9E3779B97F4A7C15))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix bits as SplitMix64 does (Steele, Lea and Flood 2014), so that neighbours have nothing in common."""
    for shift, odd in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(odd)
    return numbers ^ (numbers >> np.uint64(31))
