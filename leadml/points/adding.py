"""Features and conjunctions applied to leads, a block of leads at a time, so that everything stays in the cache."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points.placing import Places, places_of, position
from leadml.points.words.reasons import interaction_text, signed, text_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.rules import Feature, Interaction
    from leadml.points.table import PointTable

_KEYS = 256
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
    gaps : ndarray of bool or None
        For each of its places whether a value is missing there, which no lead was that the table was learned from.
    """

    name: str
    dimension: str
    owners: NDArray[np.int32]
    points: NDArray[np.int64]
    first: int
    other: int | None = None
    gaps: NDArray[np.bool_] | None = None


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
        wanted = [idle or bool(part.points.any()) or part.other is not None for part in self.parts]
        self._skipped = {i for i, asked in enumerate(wanted[: len(self._columns)]) if not asked} - self._needed
        self.asked = [part for i, part in enumerate(self.parts) if i not in self._skipped]

    def places(self, rows: slice) -> Iterator[tuple[Part, NDArray[Any]]]:
        """Yield the parts with the places of some leads, in the order of the table."""
        kept: dict[int, NDArray[Any]] = {}
        for i, (part, column) in enumerate(zip(self.parts, self._columns, strict=False)):
            if i in self._skipped:
                continue
            places = column.of(rows)
            if i in self._needed:
                kept[i] = places
            yield part, places
        for part, conditions in zip(self.parts[len(self._columns) :], self._together, strict=True):
            held = [holds.take(kept[i]) for i, holds in conditions]
            yield part, np.logical_and.reduce(held).view(np.uint8)


@dataclass(frozen=True, eq=False)
class Joint:
    """How a part's places go into a key, under which the points of several parts of a dimension are looked up at once.

    Parameters
    ----------
    first : bool
        Whether a new key begins with it; else the key so far is multiplied by `count` beforehand.
    count : integer
        The number of its places.
    worth : ndarray of int or None
        The points of each key, where it ends with this part.
    """

    first: bool
    count: np.uint8
    worth: NDArray[Any] | None


def joined(parts: list[Part], narrow: np.dtype[Any]) -> dict[str, Joint]:
    """Join parts of the same dimension as long as a key fits into a byte: looking up is the dearest step.

    Parameters
    ----------
    parts : list of Part
        In the order in which they are applied.
    narrow : dtype
        Of the points.

    Returns
    -------
    dict of str to Joint
        For each part by its name.
    """
    groups: dict[str, list[list[Part]]] = {}
    for part in parts:
        own = groups.setdefault(part.dimension, [[]])
        if own[-1] and math.prod(len(other.owners) for other in own[-1]) * len(part.owners) > _KEYS:
            own.append([])
        own[-1].append(part)
    found = {}
    for group in (group for own in groups.values() for group in own):
        worth = np.zeros(1, dtype=narrow)
        for part in group:
            worth = np.add.outer(worth, part.points[part.owners].astype(narrow)).ravel()
            last = worth if part is group[-1] else None
            found[part.name] = Joint(part is group[0], np.uint8(min(len(part.owners), _KEYS - 1)), last)
    return found


def blocks(leads: int) -> Iterator[slice]:
    """Yield consecutive leads, as many as fit into the cache."""
    for start in range(0, leads, _BLOCK):
        yield slice(start, min(start + _BLOCK, leads))


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
        gaps = column.owners == position(feature, "missing") if _always_there(feature) else None
        parts.append(Part(feature.name, feature.dimension, column.owners, points, first, other, gaps))
        first += len(points)
    for row in table.interactions:
        # Not holding has no number of its own: it never has points.
        points = np.array([0, row.points], dtype=np.int64)
        parts.append(Part(row.id, row.dimension, np.arange(2, dtype=np.int32), points, first - 1))
        first += 1
    return parts


def _always_there(feature: Feature) -> bool:
    """Tell whether no training lead was without a value, so that the rule of missing ones has 0 points unseen."""
    missing = feature.rules[position(feature, "missing")]
    told = any(rule.points for rule in feature.rules) and any(rule.counted for rule in feature.rules)
    return told and not missing.counted and not missing.points


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
