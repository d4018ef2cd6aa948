"""Features and conjunctions applied to leads, a block of leads at a time, so that everything stays in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points.placing import Places, places_of, position
from leadml.points.reasons import interaction_text, signed, text_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.rules import Feature, Interaction
    from leadml.points.table import PointTable

_BLOCK = 1 << 16  # leads: a column of doubles takes half a megabyte


@dataclass(frozen=True, eq=False)
class Part:
    """A feature or a conjunction of a table.

    Parameters
    ----------
    name : str
        The feature's name or the conjunction's id.
    dimension : str
        Where its points go.
    owners : ndarray of int
        For each of its places the position of the rule that holds; a conjunction holds in place 1 and not in 0.
    points : ndarray of int
        For each rule its points.
    first : int
        The number of its first rule among all of the table.
    other : int or None
        The place of categories that no rule names.
    """

    name: str
    dimension: str
    owners: NDArray[np.int32]
    points: NDArray[np.int64]
    first: int
    other: int | None = None


class Applied:
    """A table's features and conjunctions on given leads.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.
    idle : bool
        Whether numbers without points are placed as well.

    Raises
    ------
    DataError
        If a column holds something that is not of the feature's type.
    """

    def __init__(self, table: PointTable, frame: pd.DataFrame, idle: bool = True) -> None:
        self.leads = len(frame)
        self._columns = [places_of(f, frame[f.name], table.missing_texts(f.name)) for f in table.features]
        self._together = [_conditions(row, table, self._columns) for row in table.interactions]
        self._needed = {place for conditions in self._together for place, _ in conditions}
        self.parts = _parts(table, self._columns)
        # Categories count, for those that no rule names.
        self._asked = [idle or bool(part.points.any()) or part.other is not None for part in self.parts]

    def blocks(self) -> Iterator[slice]:
        """Yield consecutive leads, as many as fit into the cache."""
        for start in range(0, self.leads, _BLOCK):
            yield slice(start, min(start + _BLOCK, self.leads))

    def places(self, rows: slice) -> Iterator[tuple[Part, NDArray[Any]]]:
        """Yield the parts with the places of some leads, in the order of the table."""
        kept: dict[int, NDArray[Any]] = {}
        for i, (part, column) in enumerate(zip(self.parts, self._columns, strict=False)):
            if not self._asked[i] and i not in self._needed:
                continue
            places = column.of(rows)
            if i in self._needed:
                kept[i] = places
            yield part, places
        for part, conditions in zip(self.parts[len(self._columns) :], self._together, strict=True):
            held = [holds.take(kept[i]) for i, holds in conditions]
            yield part, np.logical_and.reduce(held).view(np.uint8)


def taken(values: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """Look up a value for each place; places are never outside."""
    return values.take(places, mode="clip")  # which spares the check


def reason_texts(table: PointTable) -> list[str]:
    """Return what the reasons say of every rule and conjunction, by its number."""
    texts = [f"{text_of(feature, rule)}: {signed(rule.points)}" for feature in table.features for rule in feature.rules]
    return texts + [f"{interaction_text(table, row)}: {signed(row.points)}" for row in table.interactions]


def _parts(table: PointTable, columns: list[Places]) -> list[Part]:
    parts = []
    first = 0
    for feature, column in zip(table.features, columns, strict=True):
        points = np.array([rule.points for rule in feature.rules], dtype=np.int64)
        other = position(feature, "other") if feature.type == "category" else None
        parts.append(Part(feature.name, feature.dimension, column.owners, points, first, other))
        first += len(points)
    for row in table.interactions:
        # Not holding has no number of its own: it never has points.
        points = np.array([0, row.points], dtype=np.int64)
        parts.append(Part(row.id, row.dimension, np.arange(2, dtype=np.int32), points, first - 1))
        first += 1
    return parts


def _conditions(row: Interaction, table: PointTable, columns: list[Places]) -> list[tuple[int, NDArray[np.bool_]]]:
    """Return the features that a conjunction asks about, and for each of their places whether the rule holds."""
    found = []
    for condition in row.conditions:
        feature, rule = table.rule(condition)
        i = table.features.index(feature)
        found.append((i, columns[i].owners == _place_in(feature, rule.id)))
    return found


def _place_in(feature: Feature, rule_id: str) -> int:
    return next(i for i, rule in enumerate(feature.rules) if rule.id == rule_id)
