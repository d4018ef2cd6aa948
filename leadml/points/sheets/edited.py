"""A point table with the points of some rows changed by hand; everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from leadml.points.rules import Feature

if TYPE_CHECKING:
    from leadml.points.table import PointTable


def with_change(table: PointTable, rows: Iterable[str], change: int) -> PointTable:
    """Add points to rows.

    Parameters
    ----------
    table : PointTable
        The table.
    rows : iterable of str
        Ids of rules and of conjunctions.
    change : int
        What each of them adds more. Where that concerns a neutral rule, which has 0 points, the base points change and
        the feature's other rules the other way round: every score is as if the neutral rule had the points.

    Returns
    -------
    PointTable
        With verification leads of its own.

    Examples
    --------
    >>> from leadml.points.sheets.handmade import from_rules
    >>> table = from_rules("City,Wien,7")
    >>> edited = with_change(table, ["City:1"], -3)
    >>> [rule.points for rule in edited.features[0].rules], edited.base_points
    ([10, 0, 3], -3)
    """
    return with_points(table, {row: points_of(table, row) + change for row in rows})


def with_points(table: PointTable, points: Mapping[str, int]) -> PointTable:
    """Give rows other points, by their ids; see `with_change` for neutral rules.

    Parameters
    ----------
    table : PointTable
        The table.
    points : mapping of str to int
        By the id of a rule or of a conjunction.

    Returns
    -------
    PointTable
    """
    shifts: dict[str, int] = {}
    features = []
    for feature in table.features:
        made, shift = _feature(feature, points)
        features.append(made)
        shifts[feature.dimension] = shifts.get(feature.dimension, 0) + shift
    return replace(
        table,
        features=tuple(features),
        interactions=tuple(replace(row, points=points.get(row.id, row.points)) for row in table.interactions),
        dimensions=tuple(replace(d, base_points=d.base_points + shifts.get(d.name, 0)) for d in table.dimensions),
        verification=(),
    ).with_verification()


def with_pins(table: PointTable, rows: Iterable[str]) -> PointTable:
    """Mark rules as fixed by a person; scores stay as they are."""
    fixed = set(rows)
    marked = tuple(
        replace(feature, rules=tuple(replace(r, pinned=True) if r.id in fixed else r for r in feature.rules))
        for feature in table.features
    )
    return replace(table, features=marked)


def points_of(table: PointTable, row: str) -> int:
    """Return the points of a rule or of a conjunction."""
    for conjunction in table.interactions:
        if conjunction.id == row:
            return conjunction.points
    return table.rule(row)[1].points


def _feature(feature: Feature, points: Mapping[str, int]) -> tuple[Feature, int]:
    if not any(rule.id in points for rule in feature.rules):
        return feature, 0
    shift = points.get(feature.neutral.id, 0)
    rules = []
    for rule in feature.rules:
        worth = points.get(rule.id, rule.points) - shift
        # An interval that was found for other points says nothing about these.
        same = worth == rule.points
        low, high = (rule.points_low, rule.points_high) if same else (None, None)
        rules.append(replace(rule, points=worth, points_low=low, points_high=high))
    return replace(feature, rules=tuple(rules)), shift
