"""The smaller parts of a point table: how likely a score is to be won, and leads to check the table with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from leadml.points.canonical import canonical_bytes, strict_loads
from leadml.points.checks import real, require

if TYPE_CHECKING:
    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Probability:
    """The log-odds of being won as a line of the score: ``intercept + slope * score``.

    Parameters
    ----------
    intercept, slope : float
        In log-odds, and log-odds per point. The slope is not negative: more points are likelier.
    """

    intercept: float
    slope: float

    def __post_init__(self) -> None:
        where = "the probability"
        object.__setattr__(self, "intercept", real(self.intercept, "intercept", where))
        object.__setattr__(self, "slope", real(self.slope, "slope", where))
        require(self.slope >= 0, where, f"has slope {self.slope}", "more points mean a higher probability")


@dataclass(frozen=True)
class Verification:
    """A made-up lead and what the table gives for it, so that every copy of the table can be checked.

    Parameters
    ----------
    lead : mapping
        A value for every feature; None is missing.
    expected : mapping
        The sub-score of each dimension, score, grade and action.
    """

    lead: Mapping[str, Any]
    expected: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lead", strict_loads(canonical_bytes(dict(self.lead))))
        object.__setattr__(self, "expected", strict_loads(canonical_bytes(dict(self.expected))))

    def __hash__(self) -> int:
        return hash(canonical_bytes({"lead": self.lead, "expected": self.expected}))


def without(table: PointTable, columns: Sequence[str]) -> PointTable:
    """Take features out of a table; see `PointTable.without`.

    Parameters
    ----------
    table : PointTable
        The table.
    columns : sequence of str
        Names of features; others are ignored. Conjunctions with a condition on them go too.

    Returns
    -------
    PointTable
        What is left keeps its points; base points, grades and actions stay.
    """
    gone = {rule.id for feature in table.features if feature.name in columns for rule in feature.rules}
    return replace(
        table,
        features=tuple(feature for feature in table.features if feature.name not in columns),
        interactions=tuple(row for row in table.interactions if not gone & set(row.conditions)),
        verification=(),
    ).with_verification()
