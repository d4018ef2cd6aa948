"""Bundles: features of few groups put side by side, so that one pass over the leads counts for several of them.

To count leads by pair of groups takes a pass for each pair of features. Where three features of four groups make one of
64 cells, a pass for each pair of bundles does for nine pairs of features; what belongs to a pair of groups is then
added up over a small table of cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.segments import Partition

MOST_CELLS = 64  # the cells of a pair of bundles stay in a processor's first cache


@dataclass(frozen=True, eq=False)
class Bundle:
    """Some features as one: a cell for each combination of their groups.

    Parameters
    ----------
    cells : ndarray of shape (n_leads,)
        The cell of each lead.
    holds : ndarray of shape (n_cells, n_groups of the bundle)
        1 where a cell is of a group, 0 elsewhere.
    groups : ndarray of shape (n_groups of the bundle,)
        The position of each group among those of all features.
    """

    cells: NDArray[np.intp]
    holds: NDArray[np.float64]
    groups: NDArray[np.int64]

    def summed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up a value of leads by cell."""
        return np.bincount(self.cells, values, minlength=len(self.holds)).astype(np.float64, copy=False)

    def crossed(self, other: Bundle, *values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Add up values of leads by pair of groups of two bundles, which may be the same one."""
        shape = len(self.holds), len(other.holds)
        cells = self.cells * shape[1] + other.cells
        sums = (np.bincount(cells, each, minlength=shape[0] * shape[1]).reshape(shape) for each in values)
        return [np.asarray(self.holds.T @ of_cell @ other.holds) for of_cell in sums]

    @classmethod
    def of(cls, parts: Sequence[tuple[NDArray[np.int16], NDArray[np.int64], int]]) -> Bundle:
        """Put features together: of each the code of each lead, the group of each code, and where its groups start."""
        cells, inside = np.zeros(len(parts[0][0]), dtype=np.intp), np.zeros((1, 0))
        for row, group, _ in parts:
            size = int(group.max()) + 1
            cells *= size
            cells += group[row]
            inside = np.hstack([np.repeat(inside, size, axis=0), np.tile(np.eye(size), (len(inside), 1))])
        return cls(cells, inside, np.concatenate([at + np.arange(int(group.max()) + 1) for _, group, at in parts]))


def bundled(codes: NDArray[np.int16], partition: Partition) -> list[Bundle]:
    """Put the features of a partition into as few bundles as go, those of few groups first.

    A feature with a single group says nothing that a constant does not say, and is left out.

    Parameters
    ----------
    codes : ndarray of shape (n_features, n_leads)
        The codes of the leads.
    partition : Partition
        Which codes go together.

    Returns
    -------
    list of Bundle

    Examples
    --------
    >>> from leadml.learn.search.segments import Partition
    >>> codes = np.array([[0, 1, 1], [2, 0, 1]], dtype=np.int16)
    >>> (bundle,) = bundled(codes, Partition((np.array([0, 1]), np.array([0, 1, 1]))))
    >>> bundle.cells.tolist(), (bundle.summed(np.ones(3)) @ bundle.holds).tolist()
    ([1, 2, 3], [1.0, 2.0, 1.0, 2.0])
    """
    return [
        Bundle.of([(codes[k], partition.groups[k], int(partition.starts[k])) for k in together])
        for together in _together(partition.sizes)
    ]


def _together(sizes: NDArray[np.int64]) -> Iterator[list[int]]:
    together: list[int] = []
    cells = 1
    for k in np.argsort(sizes, kind="stable").tolist():
        size = int(sizes[k])
        if size == 1:
            continue
        if together and cells * size > MOST_CELLS:
            yield together
            together, cells = [], 1
        together.append(k)
        cells *= size
    if together:
        yield together


@dataclass(frozen=True, eq=False)
class CrossTables:
    """Cross tables of pairs of features, made by as few passes over the leads as their bundles allow.

    Parameters
    ----------
    bundles : sequence of Bundle
        The features, each in one of them.
    home, at, size : ndarray of shape (n_features,)
        The bundle of each feature, where its groups stand in there, and how many they are.
    """

    bundles: Sequence[Bundle]
    home: NDArray[np.int64]
    at: NDArray[np.int64]
    size: NDArray[np.int64]

    @classmethod
    def of(cls, codes: NDArray[np.int16], partition: Partition) -> CrossTables:
        """Bundle the features of a partition, each of more than one group."""
        bundles, home, at = bundled(codes, partition), partition.starts.copy(), partition.starts.copy()
        for number, bundle in enumerate(bundles):
            inside = np.flatnonzero(np.isin(partition.starts, bundle.groups))
            home[inside] = number
            at[inside] = np.argsort(bundle.groups)[np.searchsorted(np.sort(bundle.groups), partition.starts[inside])]
        return cls(bundles, home, at, partition.sizes)

    def first(self, leads: int) -> CrossTables:
        """Keep the first leads only."""
        return replace(self, bundles=[replace(bundle, cells=bundle.cells[:leads]) for bundle in self.bundles])

    def of_pairs(self, pairs: NDArray[np.int64], *values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Add up values of leads by pair of groups.

        Parameters
        ----------
        pairs : ndarray of shape (n_pairs, 2)
            Two features each.
        values : ndarray of shape (n_leads,)
            What is added up.

        Returns
        -------
        list of ndarray of shape (n_pairs, most groups, most groups)
            For each of the values; 0 beyond the groups of a feature.
        """
        most, homes = int(self.size.max(initial=1)), np.sort(self.home[pairs], axis=1)
        found = [np.zeros((len(pairs), most, most)) for _ in values]
        order = np.lexsort(homes.T)
        starts = np.flatnonzero(np.any(np.diff(homes[order], axis=0, prepend=-1) != 0, axis=1))
        for together in np.split(order, starts[1:]) if len(order) else []:
            one, other = homes[together[0]]
            tables = self.bundles[one].crossed(self.bundles[other], *values)
            for k in together.tolist():
                turned = self.home[pairs[k, 0]] != one
                rows, columns = (self._groups(feature) for feature in (pairs[k, ::-1] if turned else pairs[k]))
                for target, table in zip(found, tables, strict=True):
                    part = table[rows, columns].T if turned else table[rows, columns]
                    target[k, : part.shape[0], : part.shape[1]] = part
        return found

    def _groups(self, feature: int) -> slice:
        """Say where the groups of a feature stand in its bundle."""
        return slice(int(self.at[feature]), int(self.at[feature] + self.size[feature]))
