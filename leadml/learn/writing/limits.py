"""Limits: what the points of each row may be, as signs, pinned rows and declared orders have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNBOUNDED = 10**9


@dataclass(frozen=True, eq=False)
class Limits:
    """What the points of learned rows may be, against the neutral rule.

    Parameters
    ----------
    low, high : ndarray of shape (n_rules,)
        The least and the most points of each by itself, as signs and pinned rows beside it allow.
    most : int or None
        No row gives or takes more.
    dimension : ndarray of shape (n_features,)
        The dimension of each feature, and of each conjunction, as a number.
    caps : mapping of int to int
        By dimension the most by which its points can vary.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    most: int | None
    dimension: NDArray[np.int64]
    caps: Mapping[int, int]


def bounds(
    order: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Carry bounds along declared orders, so that what binds one row binds those beyond it.

    Parameters
    ----------
    order : ndarray of shape (n_pairs, 2)
        Pairs of rules of which the second may not get fewer points than the first; -1 stands for the neutral rule.
    low, high : ndarray of shape (n_rules,)
        Bounds of each rule by itself.

    Returns
    -------
    low, high : ndarray of shape (n_rules,)

    Examples
    --------
    >>> wide = np.array([UNBOUNDED, UNBOUNDED])
    >>> low, high = bounds(np.array([[-1, 0], [0, 1]]), -wide, wide)
    >>> low.tolist()
    [0, 0]
    """
    least, most = np.append(low, 0), np.append(high, 0)
    for _ in range(len(low) + 1):
        before = least.copy(), most.copy()
        for a, b in order:
            least[b], most[a] = max(least[b], least[a]), min(most[a], most[b])
        if (least == before[0]).all() and (most == before[1]).all():
            break
    return least[:-1], most[:-1]
