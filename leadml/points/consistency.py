"""Whether the parts of a point table fit together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.points.checks import listed, repeated, require
from leadml.points.grading.actions import SCORE, bounds_of

if TYPE_CHECKING:
    from leadml.points.table import PointTable

RESERVED = ("score", "probability", "grade", "action")
_REASON = re.compile(r"reason_\d+")


def check_consistency(table: PointTable) -> None:
    """Refuse a table whose parts do not fit together.

    Parameters
    ----------
    table : PointTable
        The table; its parts are valid in themselves.

    Raises
    ------
    DataError
        If names repeat, a dimension or rule that is referred to does not exist, an action asks for one that does
        not, an interaction stands in the
        wrong dimension or has only neutral conditions, or a rule is for a text that means missing.
    UsageError
        If a dimension has a name that the scores use themselves.
    """
    _check_dimensions(table)
    _check_features(table)
    _check_interactions(table)
    _check_placeholders(table)
    _check_actions(table)


def _check_dimensions(table: PointTable) -> None:
    names = [dimension.name for dimension in table.dimensions]
    require(bool(names), "the table", "has no dimension", "it needs one or more")
    require(len(set(names)) == len(names), "the table", f"has dimensions {names}", "their names are distinct")
    for name in names:
        if name in RESERVED or _REASON.fullmatch(name):
            raise UsageError.dimension_name_taken(name, [*RESERVED, "reason_1", "reason_2", "…"])


def _check_features(table: PointTable) -> None:
    names = [feature.name for feature in table.features]
    dimensions = [dimension.name for dimension in table.dimensions]
    twice = repeated(names)
    require(not twice, "the table", f"has the features {listed(twice)} more than once", "their names are distinct")
    for feature in table.features:
        known = feature.dimension in dimensions
        where = f"feature {feature.name!r}"
        require(known, where, f"is in dimension {feature.dimension!r}", f"there are {listed(dimensions)}")


def _check_interactions(table: PointTable) -> None:
    rules = {rule.id: (feature, rule) for feature in table.features for rule in feature.rules}
    twice = repeated([row.id for row in table.interactions] + [feature.name for feature in table.features])
    require(not twice, "the table", f"has the names {listed(twice)} twice", "features and interactions differ")
    dimensions = [dimension.name for dimension in table.dimensions]
    for row in table.interactions:
        where = f"interaction {row.id!r}"
        unknown = [condition for condition in row.conditions if condition not in rules]
        require(not unknown, where, f"has conditions {listed(unknown)}", "each is the id of a rule")
        features = [rules[condition][0] for condition in row.conditions]
        distinct = len({feature.name for feature in features}) == len(features)
        require(distinct, where, f"has conditions {listed(row.conditions)}", "each is of another feature")
        idle = all(rules[condition][1].neutral for condition in row.conditions) and row.points != 0
        require(not idle, where, "has only neutral conditions", "that would change the base points")
        shared = {feature.dimension for feature in features}
        accepted = shared if len(shared) == 1 else set(dimensions)
        require(
            row.dimension in accepted,
            where,
            f"is in dimension {row.dimension!r}",
            f"it is {listed(sorted(accepted))}",
        )


def _check_actions(table: PointTable) -> None:
    known = [dimension.name for dimension in table.dimensions]
    for action in table.actions:
        unknown = [name for name, _ in bounds_of(action) if name not in (SCORE, *known)]
        require(not unknown, f"action {action[0]!r}", f"asks for {listed(unknown)}", f"there are {listed(known)}")


def _check_placeholders(table: PointTable) -> None:
    entries = table.provenance.get("missing", [])
    where = "provenance.missing"
    require(isinstance(entries, list), where, f"is {entries!r}", "it is a list")
    for entry in entries:
        keyed = isinstance(entry, dict) and sorted(entry) == ["feature", "text"]
        texts = list(entry.values()) if keyed else [entry]
        holds = all(isinstance(text, str) for text in texts)
        require(holds, where, f"holds {entry!r}", 'each is a text or {"feature": …, "text": …}')
    for feature in table.features:
        values = [value for rule in feature.of_kind("set") for value in rule.values]
        lost = sorted(set(values) & set(table.missing_texts(feature.name)))
        require(not lost, f"feature {feature.name!r}", f"has rules for {listed(lost)}", "these texts mean missing")
