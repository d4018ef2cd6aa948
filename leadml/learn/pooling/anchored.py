"""A table that starts from another one: its rules as anchors, its points as what effects are pulled to.

With u the log-odds that the pooled table gives each rule, a segment's effects are ``m * u + d``. One factor m, near 1,
says how far the pooled points matter here at all; d is what a rule does beyond that, and is pulled to 0. So with a
strong pull the ranking is the pooled one, and what leaves it does so rule by rule. With m integrated out this is a
ridge logistic regression on the rules, centred on u, whose penalty is the inverse of ``diag(1/strength) + uu'/M``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.refit import Leads, Refit, refit
from leadml.learn.search.segments import Partition
from leadml.points.scoring import rule_codes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.directions import Direction
    from leadml.points.rules import Feature
    from leadml.points.table import PointTable

TRUTHS_ASCENDING = ("false", "true")
FACTOR_PULL = 4.0  # the factor of the pooled points is 1, give or take a half


@dataclass(frozen=True, eq=False)
class Anchors:
    """The rules of a point table as groups with anchors; each conjunction is a part of two groups (holds not, holds).

    Parameters
    ----------
    partition : Partition
        For each feature, then each conjunction, the group of each of its rules. Rules without points share the group
        of the neutral rule: they were learned as one.
    centre : ndarray of shape (n_groups,)
        The log-odds that the table gives each group.
    part : ndarray of shape (n_groups,)
        The feature or conjunction of each group, by position.
    neutral : ndarray of shape (n_parts,)
        The neutral group of each part.
    rising : tuple of ndarray
        For each feature with a declared direction its groups, in the order in which effects may only rise.
    features : int
        How many of the parts are features; they come first.
    """

    partition: Partition
    centre: NDArray[np.float64]
    part: NDArray[np.int64]
    neutral: NDArray[np.int64]
    rising: tuple[NDArray[np.int64], ...]
    features: int

    def score(self, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Give the log-odds of leads by the table, but for a constant."""
        total = np.zeros(codes.shape[1])
        for row, group, start in zip(codes, self.partition.groups, self.partition.starts, strict=True):
            total += self.centre[start + group][row]
        return total

    def pull(self, strengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """Write the penalty as a matrix, from one strength for each part."""
        weight = strengths[self.part]
        along = weight * self.centre
        return np.diag(weight) - np.outer(along, along) / (FACTOR_PULL + float(along @ self.centre))

    def factor(self, effects: NDArray[np.float64], strengths: NDArray[np.float64]) -> float:
        """Tell by which factor the pooled points stand in effects."""
        along = strengths[self.part] * self.centre
        return float((FACTOR_PULL + along @ effects) / (FACTOR_PULL + along @ self.centre))


def anchors_of(table: PointTable, directions: Mapping[str, Direction], orders: Mapping[str, Sequence[str]]) -> Anchors:
    """Read the anchors off a point table.

    Parameters
    ----------
    table : PointTable
        The pooled table.
    directions : mapping of str to Direction
        Features whose points may only rise or fall with their value.
    orders : mapping of str to sequence of str
        Categories in ascending order.

    Returns
    -------
    Anchors
        Its rules as groups.
    """
    groups: list[NDArray[np.int64]] = []
    points: list[int] = []
    parts: list[int] = []
    neutral: list[int] = []
    given = [([rule.points for rule in f.rules], [r.neutral for r in f.rules].index(True)) for f in table.features]
    given += [([0, row.points], 0) for row in table.interactions]
    for part, (worth, home) in enumerate(given):
        marks = np.array([home if p == 0 else k for k, p in enumerate(worth)])
        first, group = np.unique(marks, return_inverse=True)
        neutral.append(len(points) + int(group[home]))
        groups.append(group.astype(np.int64))
        points += [worth[k] for k in first]
        parts += [part] * len(first)
    partition = Partition(tuple(groups))
    rising = [
        (start + group[value_order(feature, orders.get(feature.name, ()))])[:: directions[feature.name].way]
        for feature, group, start in zip(table.features, groups, partition.starts, strict=False)
        if feature.name in directions
    ]
    return Anchors(
        partition,
        np.array(points, dtype=np.float64) * table.probability.slope,
        np.array(parts, dtype=np.int64),
        np.array(neutral, dtype=np.int64),
        tuple(rising),
        len(table.features),
    )


def held_rules(table: PointTable, frame: pd.DataFrame) -> NDArray[np.int16]:
    """Find the rules that hold for leads.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.

    Returns
    -------
    ndarray of shape (n_parts, n)
        For each feature the position of the rule that holds; for each conjunction whether it does.

    Raises
    ------
    UsageError
        If a column is missing or stands twice.
    DataError
        If a column holds something that is not of the feature's type.
    """
    codes = rule_codes(table, frame)
    rows = [codes[feature.name] for feature in table.features]
    for interaction in table.interactions:
        sides = [table.rule(condition) for condition in interaction.conditions]
        rows.append(np.logical_and.reduce([codes[f.name] == f.rules.index(rule) for f, rule in sides]))
    return np.array(rows, dtype=np.int16).reshape(len(rows), len(frame))


def value_order(feature: Feature, order: Sequence[str] = ()) -> list[int]:
    """List the positions of a feature's rules in the order of their values; those without a place in it are left out.

    Parameters
    ----------
    feature : Feature
        The feature.
    order : sequence of str
        Categories in ascending order.

    Returns
    -------
    list of int

    Examples
    --------
    >>> from leadml.points.rules import Feature, Rule
    >>> rules = (Rule("m:0", "set", 5, values=("true",)), Rule("m:1", "set", 0, neutral=True, values=("false",)),
    ...          Rule("m:2", "missing", 0))
    >>> value_order(Feature("m", "fit", "boolean", rules))
    [1, 0]
    """
    if feature.type == "number":
        return [k for k, rule in enumerate(feature.rules) if rule.kind == "range"]
    place = {value: at for at, value in enumerate(TRUTHS_ASCENDING if feature.type == "boolean" else order)}
    sets = [
        (min(place[value] for value in rule.values if value in place), k)
        for k, rule in enumerate(feature.rules)
        if any(value in place for value in rule.values)
    ]
    return [k for _, k in sorted(sets)]


def anchored(leads: Leads, anchors: Anchors, strengths: NDArray[np.float64], begin: Refit | None = None) -> Refit:
    """Fit the effects of rules on a segment's leads, pulled to the pooled ones.

    Parameters
    ----------
    leads : Leads
        The segment's leads, some won and some lost; their codes are the rules that hold.
    anchors : Anchors
        The pooled table.
    strengths : ndarray of shape (n_parts,)
        The pull of each feature's or conjunction's rules.
    begin : Refit, optional
        Where to begin from.

    Returns
    -------
    Refit
        Effects of the groups of `anchors`. Groups that would go against a declared direction have one effect; the
        curvature is that of all groups by themselves.
    """
    pull, n = anchors.pull(strengths), len(anchors.centre)
    home = np.arange(n)
    start = None if begin is None else (begin.intercept, begin.effects)
    while True:
        kept, place = np.unique(home, return_inverse=True)
        together = np.zeros((n, len(kept)))
        together[np.arange(n), place] = 1.0
        weight = together.T @ pull @ together
        target = np.asarray(np.linalg.solve(weight, together.T @ (pull @ anchors.centre)), dtype=np.float64)
        partition = _merged(anchors.partition, place)
        fit = refit(leads, partition, target, weight, begin=None if start is None else (start[0], start[1][kept]))
        # The refit leaves out a part with one group, which says what the intercept says.
        alone = fit.effects[partition.starts[partition.sizes == 1]].sum()
        start = (fit.intercept - float(alone), fit.effects[place])
        bent = _most_bent(start[1], anchors.rising, home)
        if bent is None:
            break
        home[home == home[bent[1]]] = home[bent[0]]
    if len(kept) < n:
        fit = refit(leads, anchors.partition, anchors.centre, pull, begin=start, steps=1)
    return Refit(*start, fit.curvature)


def _merged(partition: Partition, place: NDArray[np.int64]) -> Partition:
    """Give groups the numbers that `place` tells, in each part from 0."""
    moved = [place[start + group] for group, start in zip(partition.groups, partition.starts, strict=True)]
    return Partition(tuple((group - group.min()).astype(np.int64) for group in moved))


def _most_bent(
    effects: NDArray[np.float64], rising: tuple[NDArray[np.int64], ...], home: NDArray[np.int64]
) -> tuple[int, int] | None:
    """Find the neighbours that go most against their direction."""
    steps = [
        (float(effects[b] - effects[a]), int(a), int(b))
        for groups in rising
        for a, b in pairwise(groups)
        if home[a] != home[b]
    ]
    worst = min(steps, default=(0.0, 0, 0))
    return worst[1:] if worst[0] < -1e-12 else None
