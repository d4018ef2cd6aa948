"""The draft as a point table: rules that stay word for word, others written anew, all counted on the new leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.writing.counted import Counts
from leadml.points.rules import Feature, Interaction, Kind, Rule
from leadml.points.words.reasons import interaction_text, rule_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.previous.columns import Column
    from leadml.learn.previous.draft import Draft, Part
    from leadml.learn.previous.moves import Points
    from leadml.learn.search.refit import Leads
    from leadml.points.table import PointTable


@dataclass(frozen=True, eq=False)
class Writer:
    """What rules are written from.

    Parameters
    ----------
    table : PointTable
        The previous table.
    columns : sequence of Column
        The features of the draft.
    draft : Draft
        Groups.
    points : Points
        Their points.
    leads : Leads
        Outcomes and weights of the leads.
    shapes : mapping of str to ndarray of shape (n_leads,)
        For features that vary, what the additive model contributes for each lead.
    dimension_of : mapping of str to str
        The dimension of features that the previous table lacks, where it is not fit.
    """

    table: PointTable
    columns: Sequence[Column]
    draft: Draft
    points: Points
    leads: Leads
    shapes: Mapping[str, NDArray[np.float64]]
    dimension_of: Mapping[str, str]

    def features(self) -> tuple[tuple[Feature, ...], dict[str, str]]:
        """Write the features that play a part, and tell the new id of each old rule that is still there."""
        written: list[Feature] = []
        names: dict[str, str] = {}
        needed = {condition for row in self.interactions_left() for condition in row.conditions}
        for p, column in enumerate(self.columns):
            if column.known is None and not self.points.of[p].any():
                continue
            feature, renamed = self._feature(p, column)
            playing = any(rule.points for rule in feature.rules) or any(old in needed for old in renamed)
            if playing or (column.known is not None and not self._moved(p, column.known)):
                written.append(feature)
                names |= renamed
        return tuple(written), names

    def interactions_left(self) -> list[Interaction]:
        """List the conjunctions of the previous table that keep points."""
        first = len(self.columns)
        return [row for k, row in enumerate(self.table.interactions) if self.points.of[first + k][1]]

    def interactions(self, names: Mapping[str, str]) -> tuple[Interaction, ...]:
        """Write the conjunctions, their conditions under their new ids."""
        first, rows = len(self.columns), []
        for k, row in enumerate(self.table.interactions):
            points = int(self.points.of[first + k][1])
            if not points:
                continue
            sides = [self._holding(condition) for condition in row.conditions]
            holds = np.logical_and.reduce(sides)
            conditions = tuple(names[condition] for condition in row.conditions)
            worth: dict[str, Any] = {}
            if points != row.points:
                low, high = self.points.interval.get((first + k, 1), (points, points))
                change = points / row.points if row.points else 0.0
                worth = {"points": points, "points_low": low, "points_high": high}
                worth["contribution"] = round(row.contribution * change, 6)
            identity = row.id if conditions == row.conditions else " & ".join(conditions)
            counted = Counts.by_code(self.leads, holds, 2).of([1])
            text = row.text or interaction_text(self.table, row)
            rows.append(replace(row, id=identity, conditions=conditions, text=text, **counted, **worth))
        return tuple(rows)

    def _holding(self, condition: str) -> NDArray[np.bool_]:
        for column in self.columns:
            for k, rule in enumerate(column.known.rules if column.known is not None else ()):
                if rule.id == condition:
                    return np.asarray(column.rule_of[column.codes] == k)
        raise KeyError(condition)

    def _moved(self, p: int, known: Feature) -> bool:
        now = self.points.of[p]
        return len(now) != len(known.rules) or any(
            rule.points != points for rule, points in zip(known.rules, now.tolist(), strict=True)
        )

    def _feature(self, p: int, column: Column) -> tuple[Feature, dict[str, str]]:
        """Write one feature; its rules in order, each made of the codes of a group."""
        part = self.draft.parts[p]
        group_of = part.group_of.copy()
        points = self.points.of[p]
        if column.known is None:
            group_of, points = _apart(part, group_of, points)
        elif self._moved(p, column.known):
            group_of = self._merged(p, column.known, group_of)
        kept = column.known is not None and not self._moved(p, column.known)
        rows = _as_before(column) if kept else _rows(column, group_of)
        rules, renamed = [], {}
        for position, codes in enumerate(rows):
            group, identity = int(group_of[codes[0]]), f"{column.feature.name}:{position}"
            old = _same_rule(column, codes)
            if old is not None:
                renamed[old.id] = identity
            worth = int(points[group]), *self.points.interval.get((p, group), (None, None))
            rule = self._rule(column, codes, old, identity, worth)
            rules.append(replace(rule, neutral=group == part.neutral))
        name = column.feature.name
        dimension = column.known.dimension if column.known is not None else self.dimension_of.get(name, "fit")
        return Feature(name, dimension, column.feature.type, tuple(rules)), renamed

    def _rule(
        self,
        column: Column,
        codes: NDArray[np.int64],
        old: Rule | None,
        identity: str,
        worth: tuple[int, int | None, int | None],
    ) -> Rule:
        """Write one rule; one that holds for the same values as before keeps its words, and its interval if unmoved."""
        feature, (points, low, high) = column.feature, worth
        worn = {"points": points, **self._counted(column, codes)}
        if old is not None:
            if old.points != points:
                worn |= _interval_of(old, points, low, high)
            return replace(old, id=identity, **worn)
        kind, lo, hi, values = condition(feature, codes)
        text = rule_text(feature.name, feature.type, kind, lo, hi, values, integral=feature.integral)
        worn |= {"points_low": low, "points_high": high}
        return Rule(identity, kind, lo=lo, hi=hi, values=values, text=text, **worn)

    def _counted(self, column: Column, codes: NDArray[np.int64]) -> dict[str, Any]:
        inside = np.zeros(column.feature.size, dtype=bool)
        inside[codes] = True
        here = inside[column.codes]
        found = Counts.by_code(self.leads, here, 2).of([1])
        shape = self.shapes.get(column.feature.name)
        if shape is not None:
            weight = self.leads.weight[here]
            found["contribution"] = round(float(weight @ shape[here]) / float(weight.sum()), 6) if len(weight) else 0.0
        return found

    def _merged(self, p: int, known: Feature, group_of: NDArray[np.int64]) -> NDArray[np.int64]:
        """Join a rule that has moved with one beside it that has the same points, so that there is one row less."""
        part, points = self.draft.parts[p], self.points.of[p]
        fixed = {k for k, rule in enumerate(known.rules) if rule.kind == "missing"}
        fixed |= {k for k, r in enumerate(known.rules) if any(r.id in i.conditions for i in self.interactions_left())}
        still = {k for k, rule in enumerate(known.rules) if rule.points == points[k]}
        merged = group_of.copy()

        def join(a: int, b: int) -> None:
            if a == b or points[a] != points[b] or {a, b} & fixed or {a, b} <= still:
                return
            keep = min((a, b), key=lambda g: (g != part.neutral, g not in still, g))
            merged[(merged == a) | (merged == b)] = keep

        if known.type == "number":
            for k in range(len(group_of) - 2):
                join(int(merged[k]), int(merged[k + 1]))
        elif known.type == "category":
            for a in range(part.groups):
                for b in range(a):
                    if (merged == a).any() and (merged == b).any():
                        join(a, b)
        return merged


def _interval_of(old: Rule, points: int, low: int | None, high: int | None) -> dict[str, Any]:
    """Give the interval of points that are new; where no evidence moved them, the old one moves along."""
    if low is None and old.points_low is not None and old.points_high is not None:
        low, high = old.points_low + points - old.points, old.points_high + points - old.points
    return {"points_low": low, "points_high": high}


def _same_rule(column: Column, codes: NDArray[np.int64]) -> Rule | None:
    """Find the previous rule that held for exactly these values."""
    if column.known is None:
        return None
    k = int(column.rule_of[codes[0]])
    same = np.array_equal(np.flatnonzero(column.rule_of == k), codes)
    return column.known.rules[k] if same else None


def _as_before(column: Column) -> list[NDArray[np.int64]]:
    """List the codes of each previous rule."""
    return [np.flatnonzero(column.rule_of == k) for k in range(len(column.known.rules if column.known else ()))]


def _apart(
    part: Part, group_of: NDArray[np.int64], points: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give *missing* a rule of its own, as every feature must have."""
    if (group_of[:-1] == group_of[-1]).any():
        group_of = group_of.copy()
        points = np.append(points, points[group_of[-1]])
        group_of[-1] = len(points) - 1
    return group_of, points


def _rows(column: Column, group_of: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """List the codes of each rule, in the order in which a table lists them."""
    size, feature = column.feature.size, column.feature
    if feature.type == "number":
        bounds = [0, *(np.flatnonzero(np.diff(group_of[:-1])) + 1).tolist(), size - 1]
        return [np.arange(a, b) for a, b in pairwise(bounds)] + [np.array([size - 1])]
    last = [group_of[size - 1]] if feature.other is None else [group_of[size - 2], group_of[size - 1]]
    sets = {int(g) for g in group_of} - {int(g) for g in last}
    in_order = sorted((int(column.rule_of[group_of == g].min()), g) for g in sets)
    return [np.flatnonzero(group_of == g) for g in [*(g for _, g in in_order), *last]]


def condition(feature: FeatureCodes, codes: NDArray[np.int64]) -> tuple[Kind, str | None, str | None, tuple[str, ...]]:
    """Say when a rule holds: its kind, bounds and categories."""
    if codes[-1] == feature.missing:
        return "missing", None, None, ()
    if feature.type == "number":
        lo = feature.cuts[codes[0] - 1] if codes[0] > 0 else None
        hi = feature.cuts[codes[-1]] if codes[-1] < len(feature.cuts) else None
        return "range", lo, hi, ()
    if codes[-1] == feature.other:
        return "other", None, None, ()
    return "set", None, None, tuple(feature.levels[c] for c in codes)
