"""What a person has fixed about points, for the rules of a pooled table: it holds in the tables of segments, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.conditions import Condition
from leadml.learn.coding.directions import directions_of
from leadml.learn.coding.pins import read_signs
from leadml.learn.pooling.anchored import value_order
from leadml.learn.writing.limits import UNBOUNDED, Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.pins import Sign
    from leadml.learn.pooling.anchored import Anchors
    from leadml.learn.scorer import LeadScorer
    from leadml.points.rules import Feature, Rule


@dataclass(frozen=True, eq=False)
class Fixed:
    """Pinned groups with their points, and limits of all groups.

    Parameters
    ----------
    points : mapping of int to int
        The points of each pinned group.
    limits : Limits
        What the points of the others may be, by group.
    """

    points: Mapping[int, int]
    limits: Limits

    def of(self, groups: NDArray[np.intp]) -> Limits:
        """Give the limits of some groups."""
        own = self.limits
        return Limits(own.low[groups], own.high[groups], own.most, own.dimension, own.caps)


def fixed_of(pooled: LeadScorer, anchors: Anchors) -> Fixed:
    """Read what is fixed off a fitted scorer.

    Parameters
    ----------
    pooled : LeadScorer
        Fitted on all leads.
    anchors : Anchors
        The rules of its table as groups.

    Returns
    -------
    Fixed
    """
    table = pooled.point_table_
    kinds = {feature.name: feature.type for feature in table.features}
    asked = {column: said for column, said in (pooled.signs or {}).items() if column in kinds}
    signs = read_signs(asked, lambda column: kinds[column])
    points: dict[int, int] = {}
    directions = directions_of(pooled.monotone)
    low, high = np.full(len(anchors.centre), -UNBOUNDED), np.full(len(anchors.centre), UNBOUNDED)
    for feature, start, group in zip(table.features, anchors.partition.starts, anchors.partition.groups, strict=False):
        home = start + group
        points |= {int(home[k]): rule.points for k, rule in enumerate(feature.rules) if rule.pinned and rule.points}
        for k, sign in _locked(feature, signs.get(feature.name, ())):
            (low if sign > 0 else high)[home[k]] = 0
        if feature.name in directions:
            along = value_order(feature, pooled.orders_.get(feature.name, ()))[:: directions[feature.name].way]
            _beside_pins(feature, along, home, low, high)
    names = [*(feature.dimension for feature in table.features), *(row.dimension for row in table.interactions)]
    number = {dimension.name: k for k, dimension in enumerate(table.dimensions)}
    caps = {number[name]: int(cap) for name, cap in sorted((pooled.caps or {}).items())}
    most = None if pooled.most_points is None else int(pooled.most_points)
    dimension = np.array([number[name] for name in names], dtype=np.int64)
    return Fixed(points, Limits(low, high, most, dimension, caps))


def _locked(feature: Feature, locks: tuple[Sign, ...]) -> Iterator[tuple[int, int]]:
    """Give the positions of rules with a lock, and its sign."""
    named = {value for rule in feature.of_kind("set") for value in rule.values}
    for lock in locks:
        wanted = lock.condition
        if wanted is not None and wanted.kind == "value" and wanted.value not in named:
            wanted = Condition("other")
        for k, rule in enumerate(feature.rules):
            if wanted is None or any(wanted.meets(one) for one in _conditions(rule)):
                yield k, lock.sign


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    if rule.kind == "range":
        return (Condition("range", rule.lo, rule.hi),)
    if rule.kind == "set":
        return tuple(Condition("value", value=value) for value in rule.values)
    return (Condition(rule.kind),)


def _beside_pins(
    feature: Feature, along: list[int], home: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> None:
    """Keep rules in the order of their values between the points of the pins around them."""
    for at, k in enumerate(along):
        if feature.rules[k].pinned:
            before, after = home[along[:at]], home[along[at + 1 :]]
            low[after] = np.maximum(low[after], feature.rules[k].points)
            high[before] = np.minimum(high[before], feature.rules[k].points)
