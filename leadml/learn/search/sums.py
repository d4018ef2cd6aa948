"""Sums: what belongs to groups, added up for coarser groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Sums:
    """Adds up what goes together.

    Parameters
    ----------
    into : ndarray of shape (n,)
        For each of n places the coarser place it is in; these are numbered from 0 without gaps.
    order, first : ndarray
        The places, those that go together beside each other; and where in this order each coarser place begins.

    Examples
    --------
    >>> sums = Sums.of(np.array([0, 1, 0]))
    >>> sums.rows(np.array([1.0, 2.0, 4.0])).tolist()
    [5.0, 2.0]
    >>> sums.both(np.ones((3, 3))).tolist()
    [[4.0, 2.0], [2.0, 1.0]]
    """

    into: NDArray[np.int64]
    order: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, into: NDArray[np.int64]) -> Sums:
        """Find what goes together."""
        order = np.argsort(into, kind="stable")
        return cls(into, order, np.flatnonzero(np.diff(into[order], prepend=-1)))

    def rows(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up rows of ``values``, of shape (n,) or (n, any)."""
        found = values[self.order[self.first]]
        for place in np.delete(self.order, self.first).tolist():  # few: a step down a path merges some groups of many
            found[self.into[place]] += values[place]
        return found

    def both(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up rows and columns of ``values``, of shape (n, n)."""
        return np.ascontiguousarray(self.rows(np.ascontiguousarray(self.rows(values).T)).T)
