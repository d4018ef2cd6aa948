"""Distil: one stage of the path becomes a point table in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.coding.rows import Row, neutral_row, rows_of
from leadml.learn.writing.intervals import half_widths
from leadml.learn.writing.rounding import rounded
from leadml.points import bands
from leadml.points.reasons import rule_text
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunctions import Conjunction, Joined
    from leadml.learn.search.refit import Leads
    from leadml.learn.writing.rounding import Form, Pointed, Rounded

SLOPE_PENALTY = 0.01


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
    rounding = rounded(features, leads.counts([f.size for f in features]), joined, form)
    halves = half_widths(joined, rounding)
    starts, groups = joined.partition.starts, joined.partition.groups
    told = {
        k: _feature(features[k], k, leads, shapes[k], pointed, halves[starts[k] + groups[k]], form)
        for k, pointed in enumerate(rounding.features)
        if pointed.points.any() or pointed.marks.any()
    }
    interactions = [
        row for found in rounding.conjunctions for row in _interactions(found, told, leads, rounding, halves, form)
    ]
    scores = dict.fromkeys(form.dimensions, np.zeros(len(leads.won), dtype=np.int64))
    base = dict.fromkeys(form.dimensions, 0) | {form.dimensions[0]: form.score_range[0]}
    for k in told:
        name = form.dimension_of.get(features[k].name, "fit")
        base[name] -= int(rounding.features[k].points.min())
        scores[name] = scores[name] + rounding.features[k].points[leads.codes[k]]
    for row, holds in interactions:
        base[row.dimension] -= min(row.points, 0)
        scores[row.dimension] = scores[row.dimension] + row.points * holds
    scores = {name: values + base[name] for name, values in scores.items()}
    total = np.sum(list(scores.values()), axis=0)
    table = PointTable(
        name="leads",
        dimensions=tuple(Dimension(n, base[n], _grades(n, scores[n])) for n in form.dimensions),
        features=tuple(told[k][0] for k in told),
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


def _feature(
    feature: FeatureCodes,
    k: int,
    leads: Leads,
    shape: NDArray[np.float64],
    pointed: Pointed,
    halves: NDArray[np.float64],
    form: Form,
) -> tuple[Feature, tuple[Row, ...]]:
    """Write one feature with its rules."""
    seen = np.bincount(leads.codes[k], minlength=feature.size)
    won = np.bincount(leads.codes[k], leads.won, minlength=feature.size)
    weight = np.asarray(np.bincount(leads.codes[k], leads.weight, minlength=feature.size), dtype=np.float64)
    rows = rows_of(feature, pointed.marks, weight)
    neutral = neutral_row([row if pointed.points[row.codes[0]] == 0 else replace(row, leads=-1.0) for row in rows])
    rules = []
    for position, row in enumerate(rows):
        codes, points = list(row.codes), int(pointed.points[row.codes[0]])
        half = 0.0 if position == neutral else float(halves[codes].max())
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
    found: tuple[Conjunction, int, int],
    told: Mapping[int, tuple[Feature, tuple[Row, ...]]],
    leads: Leads,
    rounding: Rounded,
    halves: NDArray[np.float64],
    form: Form,
) -> list[tuple[Interaction, NDArray[np.bool_]]]:
    """Write one conjunction: a row for each pair of rules that make up its two conditions."""
    conjunction, points, group = found
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
            points_low=int(np.floor(points - halves[group])),
            points_high=int(np.ceil(points + halves[group])),
            contribution=round(points / rounding.scale, 6),
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
