"""The lowest and the highest score that a lead can have."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.points.rules import Feature, Interaction
    from leadml.points.table import PointTable

MOST_COMBINATIONS = 20_000


def attainable(table: PointTable) -> tuple[int, int]:
    """Return the lowest and the highest attainable score.

    Features that share an interaction are tried in all combinations of their rules; the others each
    contribute their least and their most. Where there are more than 20,000 combinations, the interactions
    among them count with their worst and their best, which gives bounds.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    tuple of (int, int)
        Both in points.
    """
    low = high = table.base_points
    for features, interactions in _groups(table):
        least, most = _span(features, interactions)
        low, high = low + least, high + most
    return low, high


def _groups(table: PointTable) -> list[tuple[list[Feature], list[Interaction]]]:
    """Part the features into groups that no interaction joins."""
    groups: list[tuple[list[Feature], list[Interaction]]] = [([feature], []) for feature in table.features]
    for row in table.interactions:
        names = {table.rule(condition)[0].name for condition in row.conditions}
        touched = [group for group in groups if any(feature.name in names for feature in group[0])]
        groups = [group for group in groups if not any(group is other for other in touched)]
        features = [feature for group in touched for feature in group[0]]
        groups.append((features, [*(own for group in touched for own in group[1]), row]))
    return groups


def _span(features: list[Feature], interactions: list[Interaction]) -> tuple[int, int]:
    if not interactions or prod(len(feature.rules) for feature in features) > MOST_COMBINATIONS:
        low = sum(feature.lowest for feature in features) + sum(min(row.points, 0) for row in interactions)
        high = sum(feature.highest for feature in features) + sum(max(row.points, 0) for row in interactions)
        return low, high
    sums = []
    for rules in product(*(feature.rules for feature in features)):
        held = {rule.id for rule in rules}
        together = sum(row.points for row in interactions if held.issuperset(row.conditions))
        sums.append(sum(rule.points for rule in rules) + together)
    return min(sums), max(sums)
