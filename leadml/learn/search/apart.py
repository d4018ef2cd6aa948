"""Apart: pinned values stand beside the search, as groups of their own that never merge.

What a pinned row gives is policy, whatever its leads do; the points of all other rows shall be those that the leads
speak for. So in the search a lead with a pinned value counts as one with the commonest value of that feature, plus an
effect of the pinned row that is left free: a feature of its own, whose codes say which pinned row holds. That effect
takes up whatever the leads of the row do, and is then thrown away for the points of the pin. To enter the pin as a
fixed offset instead would ask all other rows to make up for the difference between policy and evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.refit import Leads, Refit
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.conjunction import Conjunction, Joined


@dataclass(frozen=True, eq=False)
class Apart:
    """Features as they are, and as the search sees them.

    Parameters
    ----------
    features : tuple of FeatureCodes
        The features as they are, then for each with pins the feature that says which pinned row holds.
    narrow : tuple of FeatureCodes
        The same without the codes of pinned values.
    rows : tuple of ndarray
        For each feature as it is, by code: the pinned row that it is in, from 1; 0 for none.
    into : tuple of ndarray
        For each feature as it is, by code: the code that the search sees.
    kept : tuple of ndarray
        For each feature of `narrow`, by code: the code of the feature as it is.
    of : tuple of int
        The feature that each of the last features belongs to.
    """

    features: tuple[FeatureCodes, ...]
    narrow: tuple[FeatureCodes, ...]
    rows: tuple[NDArray[np.int64], ...]
    into: tuple[NDArray[np.int64], ...]
    kept: tuple[NDArray[np.int64], ...]
    of: tuple[int, ...]

    @classmethod
    def between(
        cls,
        features: Sequence[FeatureCodes],
        rows: Sequence[NDArray[np.int64]],
        counts: Sequence[NDArray[np.float64]],
    ) -> Apart:
        """Set pinned values apart.

        Parameters
        ----------
        features : sequence of FeatureCodes
            The features.
        rows : sequence of ndarray
            For each, by code: the pinned row that it is in, from 1; 0 for none.
        counts : sequence of ndarray
            For each, by code: the number of leads.
        """
        seen = [_narrowed(f, r, n) for f, r, n in zip(features, rows, counts, strict=True)]
        of = tuple(k for k, row in enumerate(rows) if row.any())
        beside = [_beside(features[k], int(rows[k].max())) for k in of]
        return cls(
            (*features, *beside),
            (*(narrow for narrow, _, _ in seen), *beside),
            tuple(rows),
            tuple(into for _, into, _ in seen),
            tuple(kept for _, _, kept in seen),
            of,
        )

    def leads(self, leads: Leads, *, narrow: bool) -> Leads:
        """Add the pinned rows to the codes of leads, and for the search take pinned values away."""
        if not self.of:
            return leads
        codes = [self.into[k][row] if narrow and k in self.of else row for k, row in enumerate(leads.codes)]
        beside = [self.rows[k][leads.codes[k]] for k in self.of]
        return replace(leads, codes=np.array([*codes, *beside], dtype=np.int16))

    def shapes(self, told: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Part contributions by code into those that the search sees, and those of the pinned rows."""
        narrow = [shape[kept] for shape, kept in zip(told, self.kept, strict=True)]
        beside = []
        for k, feature in zip(self.of, self.features[len(told) :], strict=True):
            own = told[k] - narrow[k][self.into[k]]
            sums = np.bincount(self.rows[k], own, minlength=feature.size)
            shape = sums / np.maximum(np.bincount(self.rows[k], minlength=feature.size), 1)
            beside.append(np.where(np.arange(feature.size) > 0, shape, 0.0))
        return [*narrow, *beside]

    def centres(self, narrow: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Write shapes as the search sees them in the codes of the features as they are."""
        n = len(self.rows)
        return [*(shape[into] for shape, into in zip(narrow[:n], self.into, strict=True)), *narrow[n:]]

    def free(self, counts: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Count the leads of each code that are not pinned, and the leads of each pinned row."""
        own = [np.where(row > 0, 0.0, count) for row, count in zip(self.rows, counts, strict=True)]
        beside = [
            np.asarray(np.bincount(self.rows[k], counts[k], minlength=feature.size), dtype=np.float64)
            for k, feature in zip(self.of, self.features[len(own) :], strict=True)
        ]
        return [*own, *beside]

    def told(self, told: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Give contributions by code for all features; those of pinned rows are with the features themselves."""
        return [*told, *(np.zeros(feature.size) for feature in self.features[len(told) :])]

    def terms(self, directions: Sequence[int], signs: Sequence[NDArray[np.int8]]) -> Terms:
        """Give the terms of the search: the groups of pinned rows are held."""
        free = tuple(np.zeros(feature.size, dtype=np.int8) for feature in self.narrow[len(self.rows) :])
        own = tuple(sign[kept] for sign, kept in zip(signs, self.kept, strict=True))
        held = (False,) * len(self.rows) + (True,) * len(self.of)
        return Terms((*directions, *(0 for _ in self.of)), (*own, *free), held)

    def widened(self, joined: Joined, directions: Sequence[int]) -> Joined:
        """Write what the search found in the codes of the features as they are, each pinned row a group by itself.

        Where a direction is declared, what lies on two sides of a pin cannot stay together: points have to rise (or
        fall) from the one side to the pin, and from there to the other.
        """
        if not self.of:
            return joined
        groups, starts, n = joined.partition.groups, joined.partition.starts, len(self.rows)
        found, effects = [], []
        parts = zip(self.features, groups[:n], starts, self.into, self.rows, directions, strict=False)
        for feature, group, start, into, row, way in parts:
            fine, members = _parted(feature, group[into], row if way else np.zeros_like(row))
            found.append(fine)
            effects.append(joined.fit.effects[start + group[into][members]])
        for group, start, feature in zip(groups[n:], starts[n:], self.features[n:], strict=False):
            one = np.arange(feature.size)
            found.append(np.where(one < feature.size - 2, one, 0))
            effects.append(joined.fit.effects[start + group[:-2]])
        end = int(np.append(starts, len(joined.fit.effects))[n + len(self.of)])
        every = np.concatenate([*effects, joined.fit.effects[end:]])
        partition = Partition((*found, *groups[n + len(self.of) :]))
        fit = Refit(joined.fit.intercept, every, np.eye(1 + len(every)))
        return replace(
            joined, partition=partition, conjunctions=tuple(map(self._widened, joined.conjunctions)), fit=fit
        )

    def _widened(self, conjunction: Conjunction) -> Conjunction:
        """Write a conjunction in the codes as they are; pinned values meet none of its conditions."""
        a, b = (
            mask[self.into[k]] & (self.rows[k] == 0)
            for k, mask in zip(conjunction.features, conjunction.codes, strict=True)
        )
        return replace(conjunction, codes=(a, b))


def _beside(feature: FeatureCodes, pinned: int) -> FeatureCodes:
    """Make the feature that says which pinned row holds, if any: code 0 none, then one code for each."""
    return FeatureCodes(feature.name, "category", levels=tuple(str(k) for k in range(pinned + 1)))


def _parted(
    feature: FeatureCodes, group: NDArray[np.int64], row: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Part groups where a pinned row lies between; give the finer groups, and one code of each."""
    side = np.cumsum(np.diff((row > 0).astype(np.int64), prepend=0) > 0)
    for beside in range(feature.ascending, feature.size):  # missing, say, lies on no side
        side[beside] = side[np.flatnonzero(group == group[beside])[0]]
    side[row > 0] = 0
    for pinned in np.flatnonzero(row > 0):
        side[pinned] = side[np.flatnonzero((group == group[pinned]) & (row == 0))[0]]
    _, members, fine = np.unique(np.stack([group, side]), axis=1, return_index=True, return_inverse=True)
    return fine.ravel(), members


def _narrowed(
    feature: FeatureCodes, row: NDArray[np.int64], count: NDArray[np.float64]
) -> tuple[FeatureCodes, NDArray[np.int64], NDArray[np.int64]]:
    """Take pinned codes out of a feature; give its codes as the search sees them, and where these come from."""
    every = np.arange(feature.size)
    if not row.any():
        return feature, every, every
    free = row == 0
    common = int(np.argmax(np.where(free, count, -1.0)))
    if feature.type == "boolean":
        return feature, np.where(free, every, common), every
    if feature.type == "category":
        kept = np.concatenate([np.flatnonzero(free[:-2]), every[-2:]])
        levels = tuple(feature.levels[c] for c in kept[:-2])
        narrow = replace(feature, levels=levels, ranks=int(free[: feature.ranks].sum()))
    else:
        kept = np.flatnonzero(free[:-1] & (count[:-1] > 0))
        kept = np.append(kept if len(kept) else np.flatnonzero(free[:-1])[:1], feature.missing)
        kept = kept if len(kept) > 1 else np.array([0, feature.missing])
        cuts = tuple(feature.cuts[c - 1] for c in kept[1:-1])
        narrow = replace(feature, cuts=cuts, centres=tuple(feature.centres[c] for c in kept[:-1]))
    place = np.searchsorted(kept, every, side="right") - 1  # a code without leads goes with the one below it
    at = place[common]
    if feature.type == "number":
        place = np.maximum(place, 0)
    return narrow, np.where(free, place, at), kept
