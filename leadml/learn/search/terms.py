"""Terms: what every rule has to keep to, however well another one would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


@dataclass(frozen=True, eq=False)
class Terms:
    """What a person has declared of each feature, before anything is learned.

    Parameters
    ----------
    directions : tuple of int
        For each feature 1 (points may only rise with its value), -1 (only fall) or 0.
    signs : tuple of ndarray
        For each feature, by code: 1 (against the neutral rule no points may be taken away), -1 (none may be given)
        or 0.
    held : tuple of bool
        For each feature whether its groups stay as they are: none merges, none is the neutral one of anything else.
    """

    directions: tuple[int, ...]
    signs: tuple[NDArray[np.int8], ...]
    held: tuple[bool, ...]

    @classmethod
    def of(cls, features: Sequence[FeatureCodes], directions: Sequence[int] = ()) -> Terms:
        """Declare directions only, or nothing at all."""
        free = tuple(np.zeros(feature.size, dtype=np.int8) for feature in features)
        return cls(tuple(directions) or (0,) * len(features), free, (False,) * len(features))

    @property
    def open_to_conjunctions(self) -> tuple[bool, ...]:
        """Tell which features may stand in a conjunction: those that nothing was declared of."""
        return tuple(
            direction == 0 and not sign.any() and not held
            for direction, sign, held in zip(self.directions, self.signs, self.held, strict=True)
        )
