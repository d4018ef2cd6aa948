"""What features without a rule would say beside the table: one step from it, the table's own effects adapting.

A rule is tested as in a score test (Rao 1948): slope and curvature of the log-loss at the table, for the groups of the
feature, less what the table's rules could take up of them (Schur complement). A light pull, as if each effect were 0
give or take 1, keeps apart what leads cannot tell apart. Leads count as independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.previous.written import condition
from leadml.learn.search.refit import Leads, derivatives
from leadml.learn.search.segments import Partition
from leadml.learn.shapes import rules_of_codes
from leadml.learn.writing.line import levelled
from leadml.learn.writing.steepness import shrinkage_told
from leadml.points.views.without_rules import FeatureWithoutRule, Group, WithoutRules
from leadml.points.words.reasons import rule_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.coding.prepare import Prepared
    from leadml.points.table import PointTable

PULL = 1.0
QUARTERS = 4
MOST_LEVELS = 12
LEAST_LEADS = 20.0
NORMAL_95 = 1.959963984540054


def without_rules(table: PointTable, prepared: Prepared) -> WithoutRules:
    """Judge the features that a table has no rules for.

    Parameters
    ----------
    table : PointTable
        The table.
    prepared : Prepared
        The training leads.

    Returns
    -------
    WithoutRules
        Those first that would move leads most; features of which no two groups have enough leads are not in it.
    """
    names, of = {feature.name for feature in table.features}, len(prepared.features)
    if table.probability.slope <= 0:
        return WithoutRules((), of, scaled=False)
    beside = _Beside.of(table, prepared)
    found = [
        beside.judged(feature, codes)
        for feature, codes in zip(prepared.features, prepared.leads.codes, strict=True)
        if feature.name not in names
    ]
    told = sorted((f for f in found if f is not None), key=lambda f: (-f.spread, f.p_value, f.name))
    return WithoutRules(tuple(told), of)


@dataclass(frozen=True, eq=False)
class _Beside:
    """The leads at the table: what is known of its own effects, and what each lead adds to slope and curvature."""

    rows: NDArray[np.int16]
    widths: tuple[int, ...]
    gradient: NDArray[np.float64]
    curvature: NDArray[np.float64]
    weight: NDArray[np.float64]
    slope: NDArray[np.float64]
    bend: NDArray[np.float64]
    point: float

    @classmethod
    def of(cls, table: PointTable, prepared: Prepared) -> _Beside:
        """Look at the leads from the table, its line as steep as it is for them: so are the effects beside it."""
        rows, points = _rows(table, prepared)
        leads = prepared.leads
        total = np.full(len(leads.won), table.base_points)
        for worth, row in zip(points, rows, strict=True):
            total += np.asarray(worth, dtype=np.int64)[row]
        line = levelled(table.probability.slope / shrinkage_told(table.provenance), total, leads)
        base = line.intercept + line.slope * table.base_points
        codes = np.array(rows, dtype=np.int16).reshape(len(rows), len(leads.won))
        partition = Partition(tuple(np.arange(len(worth), dtype=np.int64) for worth in points))
        beta = np.concatenate([[base], *(line.slope * worth for worth in points)])
        gradient, curvature = derivatives(Leads(codes, leads.won, leads.weight), partition, beta)
        chance = 1 / (1 + np.exp(-line.intercept - line.slope * total))
        slope, bend = leads.weight * (chance - leads.won), leads.weight * chance * (1 - chance)
        curvature += PULL * np.diag(np.arange(len(beta)) > 0)
        widths = tuple(map(len, points))
        return cls(codes, widths, gradient, curvature, leads.weight, slope, bend, line.slope)

    def judged(self, feature: FeatureCodes, codes: NDArray[np.int16]) -> FeatureWithoutRule | None:
        """Judge a feature: the groups of its codes against the commonest of them."""
        leads = np.asarray(np.bincount(codes, self.weight, minlength=feature.size), dtype=np.float64)
        group_of = groups_of(feature, leads)
        crowd = np.bincount(group_of, leads)
        many = np.flatnonzero(crowd >= LEAST_LEADS)
        if len(many) < 2:
            return None
        effect, covariance = self._step(group_of[codes], len(crowd))
        common = many[np.argmax(crowd[many])]
        others = many[many != common]
        gap = (effect[others] - effect[common]) / self.point
        against = np.eye(len(crowd))[others] - np.eye(len(crowd))[common]
        spread = against @ covariance @ against.T / self.point**2
        error = NORMAL_95 * np.sqrt(np.diag(spread))
        groups = tuple(
            Group(_text(feature, np.flatnonzero(group_of == g)), float(crowd[g]), float(d), float(d - e), float(d + e))
            for g, d, e in zip(others, gap, error, strict=True)
        )
        share = np.append(crowd[others], crowd[common]) / crowd[many].sum()
        return FeatureWithoutRule(feature.name, _moves(gap, spread, share), _p_value(gap, spread), groups)

    def _step(self, row: NDArray[np.int64], width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Take one Newton step for the effects of groups, those of the table adapting; with their covariance."""
        across = [np.bincount(row, self.bend, minlength=width)[None]]
        for own, size in zip(self.rows, self.widths, strict=True):
            across.append(np.bincount(own.astype(np.int64) * width + row, self.bend, size * width).reshape(size, width))
        joint = np.concatenate(across)
        adapt = np.linalg.solve(self.curvature, np.column_stack([self.gradient, joint]))
        gradient = np.bincount(row, self.slope, minlength=width) - joint.T @ adapt[:, 0]
        curvature = np.diag(joint[0] + PULL) - joint.T @ adapt[:, 1:]
        covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
        return -covariance @ gradient, covariance


def _rows(table: PointTable, prepared: Prepared) -> tuple[list[NDArray[np.int64]], list[NDArray[np.float64]]]:
    """Give for each feature and conjunction of the table the row that holds for each lead, and what rows give."""
    place = {feature.name: k for k, feature in enumerate(prepared.features)}
    rows: list[NDArray[np.int64]] = []
    points: list[NDArray[np.float64]] = []
    held: dict[str, NDArray[np.bool_]] = {}
    for feature in table.features:
        if feature.name in place:
            k = place[feature.name]
            row = rules_of_codes(feature, prepared.features[k])[prepared.leads.codes[k]]
            held |= {rule.id: row == j for j, rule in enumerate(feature.rules)}
            rows.append(row)
            points.append(np.array([rule.points for rule in feature.rules], dtype=np.float64))
    for joint in table.interactions:
        if all(name in held for name in joint.conditions):
            rows.append(np.logical_and.reduce([held[name] for name in joint.conditions]).astype(np.int64))
            points.append(np.array([0.0, joint.points]))
    return rows, points


def groups_of(feature: FeatureCodes, leads: NDArray[np.float64]) -> NDArray[np.int64]:
    """Group the codes of a feature: quarters of a number, the commonest levels of a category; missing by itself.

    Examples
    --------
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> groups_of(FeatureCodes("age", "number", cuts=("1", "2", "3")), np.array([50.0, 25, 20, 5, 9])).tolist()
    [0, 1, 2, 2, 3]
    >>> groups_of(FeatureCodes("city", "category", levels=("a", "b", "c")), np.array([30.0, 2, 40, 0, 3])).tolist()
    [0, 2, 1, 2, 3]
    """
    known = leads[: feature.missing]
    if feature.type == "number":
        upto = (np.cumsum(known) - known / 2) / max(float(known.sum()), 1e-12)
        found = np.minimum((QUARTERS * upto).astype(np.int64), QUARTERS - 1)
    elif feature.type == "boolean":
        found = np.arange(feature.missing)
    else:
        first = np.sort(np.argsort(-known[:-1], kind="stable")[:MOST_LEVELS])
        first = first[known[first] >= LEAST_LEADS]
        found = np.full(len(known), len(first))
        found[first] = np.arange(len(first))
    found = np.unique(found, return_inverse=True)[1]
    return np.append(found, int(found.max(initial=-1)) + 1).astype(np.int64)


def _text(feature: FeatureCodes, codes: NDArray[np.int64]) -> str:
    kind, lo, hi, values = condition(feature, codes)
    return rule_text(feature.name, feature.type, kind, lo, hi, values, integral=feature.integral)


def _moves(gap: NDArray[np.float64], spread: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    """Give the standard deviation over leads of what groups would have, less what chance adds to it."""
    every, of = np.append(gap, 0.0), np.zeros((len(share), len(share)))
    of[:-1, :-1] = spread
    centred = np.eye(len(share)) - share
    beyond = share @ (centred @ every) ** 2 - share @ np.diag(centred @ of @ centred.T)
    return float(np.sqrt(max(float(beyond), 0.0)))


def _p_value(gap: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(len(gap), float(gap @ np.linalg.solve(spread, gap))))
