"""Listing: the rows that a table needs for the groups of a partition, counted over all features at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.segments import Partition


@dataclass(frozen=True, eq=False)
class Listed:
    """What the groups of a partition need, by group.

    Parameters
    ----------
    rows : ndarray of shape (n_groups,)
        The rows of a table: one for each run of numbers, one for any set of categories, one for *missing* beside them.
    commonest : ndarray of shape (n_groups,)
        The leads of the commonest of these rows.
    beside : ndarray of shape (n_pairs, 2)
        Pairs of groups of numbers or of booleans that lie side by side.
    """

    rows: NDArray[np.int64]
    commonest: NDArray[np.float64]
    beside: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Listing:
    """The codes of all features, one after the other, *missing* apart.

    Parameters
    ----------
    leads : ndarray of shape (n_codes,)
        The leads of each code.
    feature : ndarray of shape (n_codes,)
        Its feature.
    number, ordered : ndarray of shape (n_features,)
        Whether a feature is a number, or a number or boolean.
    missing : ndarray of shape (n_features,)
        The leads for which it is missing.
    """

    leads: NDArray[np.float64]
    feature: NDArray[np.int64]
    number: NDArray[np.bool_]
    ordered: NDArray[np.bool_]
    missing: NDArray[np.float64]

    @classmethod
    def of(cls, features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]]) -> Listing:
        """Lay out features, with the leads of each of their codes."""
        nothing = [np.zeros(0)]
        return cls(
            np.concatenate([count[:-1] for count in counts] or nothing),
            np.repeat(np.arange(len(features)), [len(count) - 1 for count in counts]),
            np.array([feature.type == "number" for feature in features], dtype=bool),
            np.array([feature.ordered for feature in features], dtype=bool),
            np.array([count[-1] for count in counts], dtype=np.float64),
        )

    def listed(self, partition: Partition) -> Listed:
        """Count the rows of each group, and the leads of the commonest.

        Parameters
        ----------
        partition : Partition
            Groups of the codes of these features.

        Returns
        -------
        Listed

        Examples
        --------
        Ages under 1 and from 2 on belong together, and so does *missing*: three rows of one group.

        >>> from leadml.learn.coding.codes import FeatureCodes
        >>> from leadml.learn.search.segments import Partition
        >>> age = FeatureCodes("age", "number", cuts=("1", "2"))
        >>> listing = Listing.of([age], [np.array([5.0, 9.0, 6.0, 2.0])])
        >>> found = listing.listed(Partition((np.array([0, 1, 0, 0]),)))
        >>> found.rows.tolist(), found.commonest.tolist(), found.beside.tolist()
        ([3, 1], [6.0, 9.0], [[0, 1]])
        """
        size = int(partition.sizes.sum())
        if not len(self.leads):
            return Listed(np.zeros(size, dtype=np.int64), np.zeros(size), np.zeros((0, 2), dtype=np.int64))
        last = np.cumsum([len(codes) for codes in partition.groups]) - 1
        group, absent = np.delete(partition.joined, last), partition.joined[last]
        at = np.flatnonzero(np.diff(group, prepend=-1) | np.diff(self.feature, prepend=-1))
        run, of = group[at], self.feature[at]
        number = self.number[of]
        rows = np.bincount(run[number], minlength=size)
        rows += np.bincount(run[~number], minlength=size) > 0
        commonest = np.zeros(size)
        leads = np.add.reduceat(self.leads, at)
        np.maximum.at(commonest, run[number], leads[number])
        commonest += np.bincount(run[~number], leads[~number], minlength=size)
        rows[absent] += (self.missing > 0) | (rows[absent] == 0)
        commonest[absent] = np.maximum(commonest[absent], self.missing)
        near = np.flatnonzero((of[1:] == of[:-1]) & self.ordered[of[1:]])
        low, high = np.minimum(run[near], run[near + 1]), np.maximum(run[near], run[near + 1])
        keys = np.unique(low * size + high)
        return Listed(rows.astype(np.int64), commonest, np.stack([keys // size, keys % size], axis=1))
