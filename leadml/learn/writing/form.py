"""Form: what the user fixes about the form of a table, and about its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


@dataclass(frozen=True, eq=False)
class Asked:
    """What a person has fixed about points, in the codes of the features.

    Parameters
    ----------
    rows, points : tuple of ndarray
        For each feature, by code: the pinned row that it is in, from 1 (0 for none), and the points of that row.
    signs : tuple of ndarray
        For each feature, by code: 1 (its points may not be negative), -1 (not positive) or 0.
    caps : mapping of str to int
        By dimension, the most by which its sub-score can vary, pinned rows left out.
    most_points : int or None
        No learned row gives or takes more.
    """

    rows: tuple[NDArray[np.int64], ...]
    points: tuple[NDArray[np.int64], ...]
    signs: tuple[NDArray[np.int8], ...]
    caps: Mapping[str, int]
    most_points: int | None

    @classmethod
    def nothing(cls, features: Sequence[FeatureCodes]) -> Asked:
        """Fix nothing."""
        none = tuple(np.zeros(feature.size, dtype=np.int64) for feature in features)
        return cls(none, none, tuple(row.astype(np.int8) for row in none), {}, None)

    @property
    def pinned(self) -> int:
        """Count the pinned rows with points."""
        told = zip(self.rows, self.points, strict=True)
        return sum(len(np.unique(row[(row > 0) & (points != 0)])) for row, points in told)


@dataclass(frozen=True)
class Form:
    """What the user fixes about the form of a table.

    Parameters
    ----------
    dimension_of : mapping of str to str
        The dimension of each column that is not in *fit*.
    dimensions : tuple of str
        The names of the dimensions, in order.
    score_range : tuple of (int, int)
        The lowest and the highest attainable score.
    directions : tuple of int
        Monotone direction of each feature.
    point : float, optional
        The log-odds that one point is worth; where given, the highest score follows from it, up to three times as far
        from the lowest as `score_range` says.
    asked : Asked, optional
        What a person has fixed about points.
    """

    dimension_of: Mapping[str, str]
    dimensions: tuple[str, ...]
    score_range: tuple[int, int]
    directions: tuple[int, ...]
    point: float | None = None
    asked: Asked | None = None

    def pinned_rows(self, features: Sequence[FeatureCodes]) -> list[NDArray[np.int64]]:
        """Give for each feature, by code, the pinned row that it is in, from 1; 0 for none."""
        own = () if self.asked is None else self.asked.rows
        return [*own, *(np.zeros(feature.size, dtype=np.int64) for feature in features[len(own) :])]

    def pinned_points(self, feature: int, codes: int) -> NDArray[np.int64]:
        """Give by code the points of pinned rows of a feature, by position; 0 for other codes."""
        if self.asked is None or feature >= len(self.asked.points):
            return np.zeros(codes, dtype=np.int64)
        return self.asked.points[feature]

    def dimension(self, feature: str) -> str:
        """Name the dimension of a feature."""
        return self.dimension_of.get(feature, "fit")

    def dimension_of_both(self, first: str, second: str) -> str:
        """Name the dimension of a conjunction: the one its features share, else engagement where there is one."""
        one, other = self.dimension(first), self.dimension(second)
        return "engagement" if one != other and "engagement" in self.dimensions else one
