"""Sides: the conditions of a feature that a conjunction may be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

MOST_LEVELS = 8


@dataclass(frozen=True, eq=False)
class Side:
    """What a feature can say in a conjunction: sets of its groups, where it has none halves, ends and levels.

    With the partitions that each set is of, and in which of them it is the commonest.
    """

    group: NDArray[np.int64]
    masks: NDArray[np.float64]
    of_partition: NDArray[np.bool_]
    commonest: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Count the groups."""
        return int(self.masks.shape[1])

    def of_codes(self, mask: int) -> NDArray[np.bool_]:
        """Tell which codes are in a set."""
        return np.asarray(self.masks[mask][self.group] > 0)

    def masks_that_meet(self, codes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which sets have any of some codes."""
        there = np.bincount(self.group, codes, minlength=self.size)
        return np.asarray(self.masks @ there > 0)

    @classmethod
    def of(
        cls,
        feature: FeatureCodes,
        group: NDArray[np.int64],
        counts: NDArray[np.float64],
        listed: NDArray[np.float64],
        least: float,
    ) -> Side:
        """Keep the sets that tell: neither hardly any lead is in them, nor hardly any is not."""
        if has_rules := bool(group.any()):
            masks = np.eye(int(group.max()) + 1)[_in_one_rule(feature, group, counts)]
        else:
            group, masks = _conditions(feature, counts, least)
        total, crowd = float(counts.sum()), masks @ np.bincount(group, counts, minlength=masks.shape[1])
        masks = masks[np.minimum(crowd, total - crowd) >= least]
        common = np.bincount(group, listed, minlength=masks.shape[1])
        # What has no rules yet will be cut at the condition, and the larger part is neutral then.
        neutral = float(common.max() if has_rules else common.sum() / 2)
        held = masks @ common
        first = np.arange(len(masks)) == np.argmax(np.append(held, -1.0))
        return cls(group, masks, np.ones((len(masks), 1), dtype=bool), ((held >= neutral) & first)[:, None])

    @classmethod
    def joined(cls, sides: Sequence[Side]) -> Side:
        """Put the sets of several partitions together, each of them once."""
        sizes = tuple(side.size for side in sides)
        both, group = np.unique(np.ravel_multi_index([side.group for side in sides], sizes), return_inverse=True)
        groups = np.unravel_index(both, sizes)
        every = np.concatenate([side.masks[:, of] for side, of in zip(sides, groups, strict=True)])
        masks, home = np.unique(every, axis=0, return_inverse=True)
        partition = np.repeat(np.arange(len(sides)), [len(side.masks) for side in sides])
        of_partition, commonest = np.zeros((2, len(masks), len(sides)), dtype=bool)
        of_partition[home.ravel(), partition] = True
        commonest[home.ravel(), partition] = np.concatenate([side.commonest[:, 0] for side in sides])
        return cls(group, masks, of_partition, commonest)


def _conditions(
    feature: FeatureCodes, counts: NDArray[np.float64], least: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give what a feature without rules can say: halves and ends of its leads, or its commonest levels."""
    present = counts[:-1]
    if feature.ordered:
        middle = (np.cumsum(present) - present / 2) / max(float(present.sum()), 1e-12)
        quarter = np.append(np.minimum((4 * middle).astype(np.int64), 3), 4)
        if feature.type == "boolean":
            quarter = np.array([0, 3, 4])
        ends = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=np.float64)
        return quarter, ends[:2] if feature.type == "boolean" else ends
    common = np.argsort(-present, kind="stable")[:MOST_LEVELS]
    common = np.sort(common[present[common] >= least])
    level = np.full(feature.size, len(common), dtype=np.int64)
    level[common] = np.arange(len(common))
    return level, np.eye(len(common) + 1)[: len(common)]


def _in_one_rule(feature: FeatureCodes, group: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which groups one rule can hold: not values and *missing*, nor numbers with others between them."""
    size, values = int(group.max()) + 1, group[:-1]
    one = np.ones(size, dtype=bool)
    if feature.ordered:
        one = np.bincount(values[np.diff(values, prepend=-1) != 0], minlength=size) <= 1
    if counts[-1] > 0 and (values == group[-1]).any():
        one[group[-1]] = False
    return np.asarray(one)
