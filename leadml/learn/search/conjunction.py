"""A conjunction of two conditions, and partitions that have some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Refit
    from leadml.learn.search.segments import Partition


@dataclass(frozen=True, eq=False)
class Conjunction:
    """Two conditions, each a set of fine codes of a feature.

    Parameters
    ----------
    features : tuple of (int, int)
        The two features, by position.
    codes : tuple of (ndarray of bool, ndarray of bool)
        For each of them, which of its codes meet the condition.
    """

    features: tuple[int, int]
    codes: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    def holds(self, codes: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Tell for which leads both conditions hold."""
        (a, b), (of_a, of_b) = self.features, self.codes
        both: NDArray[np.bool_] = of_a[codes[a]] & of_b[codes[b]]
        return both


@dataclass(frozen=True, eq=False)
class Joined:
    """A partition with conjunctions, and the effects of both.

    Parameters
    ----------
    partition : Partition
        The groups of each feature, then two groups (holds not, holds) of each conjunction.
    conjunctions : tuple of Conjunction
        The conjunctions.
    fit : Refit
        Effects, intercept, curvature.
    """

    partition: Partition
    conjunctions: tuple[Conjunction, ...]
    fit: Refit


def with_conjunctions(codes: NDArray[np.int16], conjunctions: Sequence[Conjunction]) -> NDArray[np.int16]:
    """Add a row of 0 and 1 for each conjunction to the codes of leads."""
    return np.concatenate([codes, *(c.holds(codes)[None, :].astype(np.int16) for c in conjunctions)])
