"""The rows of a point table: rules, the features they belong to, interactions and dimensions.

Every value of a feature, missing ones included, falls into exactly one of its rules:

>>> size = Feature("Company size", "fit", "number", (
...     Rule("Company size:0", "range", 0, neutral=True, hi="49.5"),
...     Rule("Company size:1", "range", 8, lo="49.5"),
...     Rule("Company size:2", "missing", -3),
... ))
>>> size.cuts
(49.5,)

Values that overlap, leave a gap or name no neutral rule are refused when they are made, so that no other
module has to check them again.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, get_args

from leadml.errors import DataError
from leadml.points.checks import check_text, cut_text, listed, repeated, require, settle_steps, whole
from leadml.points.evidence import Evidence, settle

Kind = Literal["range", "set", "missing", "other"]
FeatureType = Literal["number", "category", "boolean"]

TRUTHS = ("true", "false")


@dataclass(frozen=True)
class Rule(Evidence):
    """One row of the point table: which values it holds for, and what they are worth.

    Parameters
    ----------
    id : str
        ``"feature:k"``, k being the position of the rule in its feature, from 0.
    kind : {"range", "set", "missing", "other"}
        Which of the conditions below holds.
    points : int
        What the rule adds to the score.
    neutral : bool
        Whether this is the rule that the others are measured against; it has 0 points.
    lo, hi : str or None
        A range holds for ``lo <= x < hi``; None is unbounded. Written as `cut_text` writes it.
    values : tuple of str
        The categories of a set; "true" and "false" for a boolean feature.
    text : str
        The reason as a sales rep reads it; empty: made from the condition when it is shown.
    leads, won : int
        Training leads for which the rule holds, and how many of them were won.
    points_low, points_high : int or None
        95 % interval of the points.
    contribution : float
        Mean SHAP value of the leads of this rule, in log-odds.
    weight, weight_won : float or None
        Sum of the weights of these leads, and of the won ones; None where every lead weighs 1.
    pinned : bool
        Whether a person has fixed its points.
    """

    id: str
    kind: Kind
    points: int
    neutral: bool = False
    lo: str | None = None
    hi: str | None = None
    values: tuple[str, ...] = ()
    text: str = ""
    leads: int = 0
    won: int = 0
    points_low: int | None = None
    points_high: int | None = None
    contribution: float = 0.0
    weight: float | None = None
    weight_won: float | None = None
    pinned: bool = False

    def __post_init__(self) -> None:
        where = f"rule {self.id!r}"
        check_text(self.id, "a rule id")
        check_text(self.text, f"the text of {where}", empty=True)
        require(
            self.kind in get_args(Kind),
            where,
            f"has kind {self.kind!r}",
            f"kinds are {listed(get_args(Kind))}",
        )
        require(isinstance(self.neutral, bool), where, f"has neutral {self.neutral!r}", "neutral is true or false")
        require(isinstance(self.pinned, bool), where, f"has pinned {self.pinned!r}", "pinned is true or false")
        require(not (self.pinned and self.neutral), where, "is neutral and pinned", "the neutral rule is learned")
        settle(self, where)
        require(
            not self.neutral or self.points == 0,
            where,
            f"is neutral with {self.points} points",
            "neutral is 0",
        )
        object.__setattr__(self, "values", tuple(self.values))
        _check_condition(self, where)


@dataclass(frozen=True)
class Feature:
    """A scored input and the rules that its values fall into.

    Parameters
    ----------
    name : str
        The column that it is read from.
    dimension : str
        The dimension that its points count for.
    type : {"number", "category", "boolean"}
        Numbers have ranges from minus to plus infinity in ascending order; categories have sets and one
        *other*; booleans have sets of "true" and "false". Each has exactly one *missing* and exactly one
        neutral rule.
    rules : tuple of Rule
        Disjoint and exhaustive.
    """

    name: str
    dimension: str
    type: FeatureType
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        where = f"feature {self.name!r}"
        check_text(self.name, "a feature name")
        check_text(self.dimension, f"the dimension of {where}")
        types = get_args(FeatureType)
        require(self.type in types, where, f"has type {self.type!r}", f"types are {listed(types)}")
        object.__setattr__(self, "rules", tuple(self.rules))
        for position, rule in enumerate(self.rules):
            wanted = f"{self.name}:{position}"
            require(
                rule.id == wanted,
                where,
                f"has rule id {rule.id!r} at position {position}",
                f"it is {wanted!r}",
            )
        _check_kinds(self, where)
        if self.type == "number":
            _check_ranges(self, where)
        else:
            _check_sets(self, where)

    @property
    def cuts(self) -> tuple[float, ...]:
        """The bounds between its ranges, ascending; range i holds below cut i."""
        return tuple(float(rule.hi) for rule in self.of_kind("range") if rule.hi is not None)

    @property
    def neutral(self) -> Rule:
        """The rule that the others are measured against."""
        return next(rule for rule in self.rules if rule.neutral)

    @property
    def lowest(self) -> int:
        """The least points that a lead can have from it."""
        return min(rule.points for rule in self.rules)

    @property
    def highest(self) -> int:
        """The most points that a lead can have from it."""
        return max(rule.points for rule in self.rules)

    def of_kind(self, kind: Kind) -> tuple[Rule, ...]:
        """Return its rules of one kind, in order."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


@dataclass(frozen=True)
class Interaction(Evidence):
    """Points for leads for which several rules hold together.

    Parameters
    ----------
    id : str
        Unique in the table.
    conditions : tuple of str
        Ids of two or more rules of different features.
    dimension : str
        The dimension that its conditions share, else engagement.
    points : int
        What it adds when all its conditions hold.
    text, leads, won, points_low, points_high, contribution, weight, weight_won
        As for a `Rule`.
    """

    id: str
    conditions: tuple[str, ...]
    dimension: str
    points: int
    text: str = ""
    leads: int = 0
    won: int = 0
    points_low: int | None = None
    points_high: int | None = None
    contribution: float = 0.0
    weight: float | None = None
    weight_won: float | None = None

    def __post_init__(self) -> None:
        where = f"interaction {self.id!r}"
        check_text(self.id, "an interaction id")
        check_text(self.dimension, f"the dimension of {where}")
        check_text(self.text, f"the text of {where}", empty=True)
        settle(self, where)
        object.__setattr__(self, "conditions", tuple(self.conditions))
        for condition in self.conditions:
            check_text(condition, f"a condition of {where}")
        distinct = len(set(self.conditions))
        require(
            distinct == len(self.conditions) >= 2,
            where,
            f"has conditions {self.conditions}",
            "it needs two or more",
        )


@dataclass(frozen=True)
class Dimension:
    """A part of the score with a sub-score of its own, such as fit or engagement.

    Parameters
    ----------
    name : str
        Also the name of its column among the scores.
    base_points : int
        Its sub-score for the lead for which every neutral rule holds.
    grades : tuple of (str, int or None)
        Grades from the best to the worst, each with the least sub-score that earns it; the last one has None.
        Empty: the dimension carries no grade.
    """

    name: str
    base_points: int
    grades: tuple[tuple[str, int | None], ...] = ()

    def __post_init__(self) -> None:
        where = f"dimension {self.name!r}"
        check_text(self.name, "a dimension name")
        object.__setattr__(self, "base_points", whole(self.base_points, "base points", where))
        object.__setattr__(self, "grades", settle_steps(self.grades, f"the grades of {where}"))


def _check_condition(rule: Rule, where: str) -> None:
    bounded = rule.lo is not None or rule.hi is not None
    require(
        rule.kind == "range" or not bounded,
        where,
        f"is of kind {rule.kind!r} with bounds",
        "only ranges have them",
    )
    fits = bool(rule.values) == (rule.kind == "set")
    require(fits, where, f"is of kind {rule.kind!r} with values {rule.values}", "sets, and only sets, have values")
    for value in rule.values:
        check_text(value, f"a value of {where}")
    for bound in (rule.lo, rule.hi):
        if bound is not None:
            _check_cut(bound, where)


def _check_cut(text: Any, where: str) -> None:
    require(isinstance(text, str), where, f"has the bound {text!r}", "bounds are decimal texts")
    try:
        wanted = cut_text(float(text))
    except (ValueError, DataError):
        wanted = None
    require(wanted is not None, where, f"has the bound {text!r}", "bounds are finite decimal numbers")
    require(wanted == text, where, f"has the bound {text!r}", f"its shortest form is {wanted!r}")


def _check_kinds(feature: Feature, where: str) -> None:
    allowed: dict[str, tuple[Kind, ...]] = {
        "number": ("range", "missing"),
        "category": ("set", "missing", "other"),
        "boolean": ("set", "missing"),
    }
    for rule in feature.rules:
        kinds = allowed[feature.type]
        require(
            rule.kind in kinds,
            where,
            f"is a {feature.type} with a rule {rule.kind!r}",
            f"it has {listed(kinds)}",
        )
    _exactly_one(len(feature.of_kind("missing")), where, "rules for missing")
    _exactly_one(sum(rule.neutral for rule in feature.rules), where, "neutral rules")
    if feature.type == "category":
        _exactly_one(len(feature.of_kind("other")), where, "rules for anything else")


def _exactly_one(count: int, where: str, what: str) -> None:
    require(count == 1, where, f"has {count} {what}", "it needs exactly one")


def _check_ranges(feature: Feature, where: str) -> None:
    ranges = feature.of_kind("range")
    require(bool(ranges), where, "has no range", "a number needs one")
    bounds = [rule.hi for rule in ranges]
    open_ends = ranges[0].lo is None and ranges[-1].hi is None and None not in bounds[:-1]
    joined = all(upper.lo == lower.hi for lower, upper in pairwise(ranges))
    accepted = "ranges ascend, each begins where the one before ends, and the outer ends are null"
    require(open_ends and joined, where, f"has ranges {[(rule.lo, rule.hi) for rule in ranges]}", accepted)
    cuts = feature.cuts
    ascending = all(lower < upper for lower, upper in pairwise(cuts))
    require(ascending, where, f"has cuts {list(cuts)}", "cuts ascend strictly")
    lowest = -sys.float_info.max
    require(lowest not in cuts, where, f"has the cut {lowest}", "a number must be able to lie below it")


def _check_sets(feature: Feature, where: str) -> None:
    values = [value for rule in feature.of_kind("set") for value in rule.values]
    twice = repeated(values)
    require(not twice, where, f"has {listed(twice)} more than once", "each value stands in one rule")
    if feature.type == "boolean":
        require(
            sorted(values) == sorted(TRUTHS),
            where,
            f"has values {listed(values)}",
            "it has 'true' and 'false'",
        )
