"""Distil: one stage of the path becomes a point table in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.coding.rows import Row, neutral_row, rows_of
from leadml.learn.writing.integers import Effects, joint
from leadml.points import bands
from leadml.points.reasons import rule_text
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunctions import Conjunction, Joined
    from leadml.learn.search.refit import Leads

NORMAL_95 = 1.959963984540054
SLOPE_PENALTY = 0.01
LEAST_SHOWN = 20
WIDEST = 3


@dataclass(frozen=True)
class Form:
    """What the user fixes about the form of a table.

    Parameters
    ----------
    dimension_of : mapping of str to str
        The dimension of each column that is not in *fit*.
    dimensions : tuple of str
        The names of the dimensions, in order.
    score_range : tuple of (int, int)
        The lowest and the highest attainable score.
    directions : tuple of int
        Monotone direction of each feature.
    point : float, optional
        The log-odds that one point is worth; where given, the highest score follows from it, up to three times as far
        from the lowest as `score_range` says.
    """

    dimension_of: Mapping[str, str]
    dimensions: tuple[str, ...]
    score_range: tuple[int, int]
    directions: tuple[int, ...]
    point: float | None = None


@dataclass(frozen=True, eq=False)
class _Pointed:
    """A feature's codes with their points, in integers and against the neutral rule.

    Codes with the same mark go into one rule: they have the same points and meet the same conditions of conjunctions.
    """

    points: NDArray[np.int64]
    spread: NDArray[np.float64]
    marks: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Rounded:
    """All points in integers, and how many of them one unit of log-odds is."""

    features: tuple[_Pointed, ...]
    conjunctions: tuple[tuple[Conjunction, int, float], ...]
    scale: float


def distil(
    leads: Leads,
    features: Sequence[FeatureCodes],
    shapes: Sequence[NDArray[np.float64]],
    joined: Joined,
    form: Form,
    provenance: Mapping[str, Any],
) -> PointTable:
    """Turn a stage of the path, with its conjunctions, into a point table.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    shapes : sequence of ndarray
        The SHAP contribution of each code, in log-odds.
    joined : Joined
        Groups and conjunctions with their refitted effects.
    form : Form
        Dimensions, range and directions.
    provenance : mapping
        Where the table comes from.

    Returns
    -------
    PointTable
        The table, with verification rows. Features that play no part are not in it.
    """
    rounded = _integers(features, leads.counts([f.size for f in features]), joined, form)
    kept = [k for k, p in enumerate(rounded.features) if p.points.any() or p.marks.any()]
    told = {k: _feature(features[k], k, leads, shapes[k], rounded, form) for k in kept}
    interactions = [row for found in rounded.conjunctions for row in _interactions(found, told, leads, rounded, form)]
    scores = dict.fromkeys(form.dimensions, np.zeros(len(leads.won), dtype=np.int64))
    base = dict.fromkeys(form.dimensions, 0) | {form.dimensions[0]: form.score_range[0]}
    for k in kept:
        name = form.dimension_of.get(features[k].name, "fit")
        base[name] -= int(rounded.features[k].points.min())
        scores[name] = scores[name] + rounded.features[k].points[leads.codes[k]]
    for row, holds in interactions:
        base[row.dimension] -= min(row.points, 0)
        scores[row.dimension] = scores[row.dimension] + row.points * holds
    scores = {name: values + base[name] for name, values in scores.items()}
    total = np.sum(list(scores.values()), axis=0)
    table = PointTable(
        name="leads",
        dimensions=tuple(Dimension(n, base[n], _grades(n, scores[n])) for n in form.dimensions),
        features=tuple(told[k][0] for k in kept),
        interactions=tuple(row for row, _ in interactions),
        probability=_probability(total, leads),
        top_cut=bands.top_cut(total),
        actions=bands.default_actions(total),
        provenance=dict(provenance),
    )
    return table.with_verification()


def _grades(dimension: str, scores: NDArray[np.int64]) -> tuple[tuple[str, int | None], ...]:
    kind = bands.grade_kind(dimension)
    return () if kind is None else bands.grades_by_quarter(scores, kind)


def _integers(
    features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]], joined: Joined, form: Form
) -> _Rounded:
    """Find the integer points of every code and every conjunction."""
    groups, starts = joined.partition.groups, joined.partition.starts
    neutral = []
    for feature, group, start, count in zip(features, groups, starts, counts, strict=False):
        rows = rows_of(feature, group, count)
        neutral.append(int(start) + rows[neutral_row(rows)].mark)
    neutral += [int(start) for start in starts[len(features) :]]
    of_feature = np.repeat(np.arange(len(groups)), joined.partition.sizes)
    free = np.setdiff1d(np.arange(len(of_feature)), neutral)
    contrast = np.zeros((len(free), len(of_feature)))
    contrast[np.arange(len(free)), free] = 1.0
    contrast[np.arange(len(free)), np.array(neutral, dtype=np.int64)[of_feature[free]]] = -1.0
    covariance = np.asarray(contrast @ np.linalg.inv(joined.fit.curvature)[1:, 1:] @ contrast.T, dtype=np.float64)
    values = contrast @ joined.fit.effects
    directions = [*form.directions, *([0] * len(joined.conjunctions))]
    effects = Effects(
        values,
        np.asarray(np.linalg.inv(covariance), dtype=np.float64),
        of_feature[free],
        _order(groups, starts, free, neutral, directions),
    )
    width = form.score_range[1] - form.score_range[0]
    found = joint(effects, width if form.point is None else min(effects.width(form.point), WIDEST * width))
    curved = effects.curvature @ found
    scale = float(found @ curved) / max(float(values @ curved), 1e-12) if found.any() else 0.0
    points, spread = np.zeros(len(of_feature), dtype=np.int64), np.zeros(len(of_feature))
    points[free], spread[free] = found, np.sqrt(np.diag(covariance)) * scale
    apart = starts[len(features) :] + 1
    shown = [_shown(feature, count) for feature, count in zip(features, counts, strict=True)]
    conjunctions = tuple(
        (_of_shown(c, shown), int(points[at]), float(spread[at]))
        for c, at in zip(joined.conjunctions, apart, strict=True)
        if points[at]
    )
    told: list[_Pointed] = []
    for k, (feature, group, start, count) in enumerate(zip(features, groups, starts, counts, strict=False)):
        own = points[start + group]
        rows = rows_of(feature, own, count)
        own = np.where(shown[k], own - rows[neutral_row(rows)].mark, 0)
        told.append(_Pointed(own, spread[start + group], _marks(own, k, [c for c, _, _ in conjunctions])))
    return _Rounded(tuple(told), conjunctions, scale)


def _shown(feature: FeatureCodes, count: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which codes enough leads have shown; *missing* and *other* get no points on hearsay."""
    least = np.zeros(feature.size)
    least[[feature.missing, feature.missing if feature.other is None else feature.other]] = LEAST_SHOWN
    shown: NDArray[np.bool_] = (count > 0) & (count >= least)
    return shown


def _of_shown(conjunction: Conjunction, shown: Sequence[NDArray[np.bool_]]) -> Conjunction:
    """Keep to codes that enough leads have shown."""
    (a, b), (of_a, of_b) = conjunction.features, conjunction.codes
    return replace(conjunction, codes=(of_a & shown[a], of_b & shown[b]))


def _marks(points: NDArray[np.int64], k: int, conjunctions: Sequence[Conjunction]) -> NDArray[np.int64]:
    """Give codes the same number where they have the same points and meet the same conditions."""
    parts = [points] + [
        mask.astype(np.int64) for c in conjunctions for at, mask in zip(c.features, c.codes, strict=True) if at == k
    ]
    return np.unique(np.stack(parts), axis=1, return_inverse=True)[1].ravel()


def _order(
    groups: Sequence[NDArray[np.int64]],
    starts: NDArray[np.int64],
    free: NDArray[np.int64],
    neutral: Sequence[int],
    directions: Sequence[int],
) -> NDArray[np.int64]:
    """List the pairs of rules whose order is declared; the neutral rule is written -1."""
    place = {int(g): k for k, g in enumerate(free)} | dict.fromkeys(neutral, -1)
    pairs: set[tuple[int, int]] = set()
    for group, start, direction in zip(groups, starts, directions, strict=True):
        if direction:
            along = [place[int(start + g)] for g in group[:-1]][::direction]
            pairs.update((a, b) for a, b in pairwise(along) if a != b)
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _feature(
    feature: FeatureCodes,
    k: int,
    leads: Leads,
    shape: NDArray[np.float64],
    rounded: _Rounded,
    form: Form,
) -> tuple[Feature, tuple[Row, ...]]:
    """Write one feature with its rules."""
    pointed = rounded.features[k]
    seen = np.bincount(leads.codes[k], minlength=feature.size)
    won = np.bincount(leads.codes[k], leads.won, minlength=feature.size)
    weight = np.asarray(np.bincount(leads.codes[k], leads.weight, minlength=feature.size), dtype=np.float64)
    rows = rows_of(feature, pointed.marks, weight)
    neutral = neutral_row([row if pointed.points[row.codes[0]] == 0 else replace(row, leads=-1.0) for row in rows])
    rules = []
    for position, row in enumerate(rows):
        codes, points = list(row.codes), int(pointed.points[row.codes[0]])
        half = 0.0 if position == neutral else NORMAL_95 * float(pointed.spread[codes].max())
        heavy = float(weight[codes].sum())
        rules.append(
            _rule(
                feature,
                row,
                f"{feature.name}:{position}",
                points=points,
                neutral=position == neutral,
                leads=int(seen[codes].sum()),
                won=int(won[codes].sum()),
                points_low=int(np.floor(points - half)),
                points_high=int(np.ceil(points + half)),
                contribution=round(float(weight[codes] @ shape[codes]) / heavy, 6) if heavy else 0.0,
            )
        )
    return Feature(feature.name, form.dimension_of.get(feature.name, "fit"), feature.type, tuple(rules)), rows


def _interactions(
    found: tuple[Conjunction, int, float],
    told: Mapping[int, tuple[Feature, tuple[Row, ...]]],
    leads: Leads,
    rounded: _Rounded,
    form: Form,
) -> list[tuple[Interaction, NDArray[np.bool_]]]:
    """Write one conjunction: a row for each pair of rules that make up its two conditions."""
    conjunction, points, spread = found
    sides = []
    for k, mask in zip(conjunction.features, conjunction.codes, strict=True):
        feature, rows = told[k]
        sides.append([(k, feature, r, feature.rules[at]) for at, r in enumerate(rows) if mask[r.codes[0]] and r.leads])
    written = []
    for (a, first, row_a, rule_a), (b, second, row_b, rule_b) in product(*sides):
        if rule_a.neutral and rule_b.neutral:
            continue  # rounding has moved a neutral rule here; the base points speak for the all-neutral lead
        holds = np.isin(leads.codes[a], row_a.codes) & np.isin(leads.codes[b], row_b.codes)
        dimension = first.dimension
        if second.dimension != dimension and "engagement" in form.dimensions:
            dimension = "engagement"
        interaction = Interaction(
            id=f"{rule_a.id} & {rule_b.id}",
            conditions=(rule_a.id, rule_b.id),
            dimension=dimension,
            points=points,
            text=f"{rule_a.text} and {rule_b.text}",
            leads=int(holds.sum()),
            won=int(leads.won[holds].sum()),
            points_low=int(np.floor(points - NORMAL_95 * spread)),
            points_high=int(np.ceil(points + NORMAL_95 * spread)),
            contribution=round(points / rounded.scale, 6),
        )
        written.append((interaction, holds))
    return written


def _rule(feature: FeatureCodes, row: Row, identity: str, **rest: Any) -> Rule:
    """Write one rule with its condition and its text."""
    lo = hi = None
    if row.kind == "range":
        first, last = row.codes[0], row.codes[-1]
        lo = feature.cuts[first - 1] if first > 0 else None
        hi = feature.cuts[last] if last < len(feature.cuts) else None
    values = tuple(feature.levels[c] for c in row.codes) if row.kind == "set" else ()
    text = rule_text(feature.name, feature.type, row.kind, lo, hi, values, integral=feature.integral)
    return Rule(identity, row.kind, lo=lo, hi=hi, values=values, text=text, **rest)


def _probability(score: NDArray[np.int64], leads: Leads) -> Probability:
    """Fit log-odds = intercept + slope * score by Newton's method.

    A trace of a penalty keeps the slope finite where the score tells won from lost without exception.
    """
    centre, spread = float(np.average(score, weights=leads.weight)), float(score.std()) or 1.0
    design = np.stack([np.ones(len(score)), (score - centre) / spread])
    rate = float(np.average(leads.won, weights=leads.weight))
    beta, penalty = np.array([np.log(rate / (1 - rate)), 0.0]), np.array([0.0, SLOPE_PENALTY])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(beta @ design)))
        bend = leads.weight * chance * (1 - chance)
        gradient = design @ (leads.weight * (leads.won - chance)) - penalty * beta
        move = np.linalg.solve((design * bend) @ design.T + np.diag(penalty), gradient)
        beta = beta + move * min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-12))
        if np.abs(move).max() < 1e-12:
            break
    slope = max(float(beta[1]), 0.0) / spread
    return Probability(round(float(beta[0]) - slope * centre, 9), round(slope, 9))
