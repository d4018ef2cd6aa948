"""Distil: one stage of the path becomes a point table in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.coding.rows import Row, neutral_row, rows_of
from leadml.learn.search.beside import beside
from leadml.learn.search.conjunction import with_conjunctions
from leadml.learn.writing.cost_of_pins import constraints_said
from leadml.learn.writing.counted import Counts, weighted, weights_told
from leadml.learn.writing.intervals import Intervals
from leadml.learn.writing.line import line_beside
from leadml.learn.writing.rounding import rounded
from leadml.learn.writing.spread import spread
from leadml.learn.writing.steepness import SHRINKAGE, shrinkage
from leadml.points.grading import bands
from leadml.points.grading.grades import grade_kind
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability
from leadml.points.words.reasons import rule_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunction import Conjunction, Joined
    from leadml.learn.search.refit import Leads
    from leadml.learn.writing.form import Form
    from leadml.learn.writing.rounding import Pointed


def distil(
    leads: Leads,
    features: Sequence[FeatureCodes],
    shapes: Sequence[NDArray[np.float64]],
    joined: Joined,
    form: Form,
    provenance: Mapping[str, Any],
    company: NDArray[np.int64] | None = None,
    left_out: float | None = None,
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
    company : ndarray of shape (n_leads,), optional
        Numbers of groups of leads that are not independent of one another; intervals allow for them.
    left_out : float, optional
        The calibration slope on leads left out, where it was measured; probabilities allow for it.

    Returns
    -------
    PointTable
        The table, with verification rows. Features that play no part are not in it.
    """
    rounding = rounded(features, leads.counts([f.size for f in features]), joined, form, leads)
    less_steep = {} if left_out is None else {SHRINKAGE: _shrinkage(left_out, joined, leads, rounding.pinned(leads))}
    factor = less_steep.get(SHRINKAGE, 1.0)
    intervals = Intervals(joined, rounding, spread(leads, joined, rounding.neutral, company), factor)
    told = {
        k: _feature(features[k], k, leads, shapes[k], pointed, intervals, form)
        for k, pointed in enumerate(rounding.features)
        if pointed.points.any() or pointed.marks.any()
    }
    interactions = [
        row for found in rounding.conjunctions for row in _interactions(found, told, leads, intervals, form)
    ]
    scores = dict.fromkeys(form.dimensions, np.zeros(len(leads.won), dtype=np.int64))
    base = dict.fromkeys(form.dimensions, 0) | {form.dimensions[0]: form.score_range[0]}
    for k in told:
        name = form.dimension(features[k].name)
        base[name] -= rounding.features[k].lowest
        scores[name] = scores[name] + rounding.features[k].points[leads.codes[k]]
    for row, holds in interactions:
        base[row.dimension] -= min(row.points, 0)
        scores[row.dimension] = scores[row.dimension] + row.points * holds
    scores = {name: values + base[name] for name, values in scores.items()}
    total, heavy = np.sum(list(scores.values()), axis=0), leads.weight if weighted(leads) else None
    line = line_beside(total, leads, rounding.pinned(leads), factor)
    table = PointTable(
        name="leads",
        dimensions=tuple(Dimension(n, base[n], _grades(n, scores[n], heavy)) for n in form.dimensions),
        features=tuple(told[k][0] for k in told),
        interactions=tuple(row for row, _ in interactions),
        probability=Probability(round(line.intercept, 9), round(line.slope, 9)),
        top_cut=bands.top_cut(total, heavy),
        actions=bands.default_actions(total, heavy),
        provenance=dict(provenance)
        | weights_told(leads)
        | less_steep
        | constraints_said(rounding, joined, form, leads),
    )
    return table.with_verification()


def _shrinkage(left_out: float, joined: Joined, leads: Leads, pinned: NDArray[np.bool_]) -> float:
    """Set the calibration slope on leads left out beside that of the leads, as they were refitted."""
    told = joined.fit.log_odds(joined.partition, with_conjunctions(leads.codes, joined.conjunctions))
    if pinned.any():
        asked = beside(leads.won, pinned)
        told, leads = told[asked], leads.pick(asked)
    return shrinkage(left_out, told, leads)


def _grades(
    dimension: str, scores: NDArray[np.int64], weights: NDArray[np.float64] | None
) -> tuple[tuple[str, int | None], ...]:
    kind = grade_kind(dimension)
    return () if kind is None else bands.grades_by_quarter(scores, kind, weights)


def _feature(
    feature: FeatureCodes,
    k: int,
    leads: Leads,
    shape: NDArray[np.float64],
    pointed: Pointed,
    intervals: Intervals,
    form: Form,
) -> tuple[Feature, tuple[Row, ...]]:
    """Write one feature with its rules."""
    count = Counts.by_code(leads, leads.codes[k], feature.size)
    rows = rows_of(feature, pointed.marks, count.weight)
    idle = (pointed.points == 0) & ~pointed.pinned
    neutral = neutral_row([row if idle[row.codes[0]] else replace(row, leads=-1.0) for row in rows])
    rules = []
    for position, row in enumerate(rows):
        codes, points = list(row.codes), int(pointed.points[row.codes[0]])
        low, high = points, points
        if position != neutral and not pointed.pinned[codes[0]]:
            low, high = intervals.of_rule(k, codes, rows[neutral].codes, points)
        heavy = float(count.weight[codes].sum())
        rules.append(
            _rule(
                feature,
                row,
                f"{feature.name}:{position}",
                points=points,
                neutral=position == neutral,
                pinned=bool(pointed.pinned[codes[0]]),
                **count.of(codes),
                points_low=low,
                points_high=high,
                contribution=round(float(count.weight[codes] @ shape[codes]) / heavy, 6) if heavy else 0.0,
            )
        )
    return Feature(feature.name, form.dimension(feature.name), feature.type, tuple(rules)), rows


def _interactions(
    found: tuple[Conjunction, int, int],
    told: Mapping[int, tuple[Feature, tuple[Row, ...]]],
    leads: Leads,
    intervals: Intervals,
    form: Form,
) -> list[tuple[Interaction, NDArray[np.bool_]]]:
    """Write one conjunction: a row for each pair of rules that make up its two conditions."""
    conjunction, points, group = found
    low, high = intervals.of_conjunction(group, points)
    sides = []
    for k, mask in zip(conjunction.features, conjunction.codes, strict=True):
        feature, rows = told[k]
        sides.append([(k, feature, r, feature.rules[at]) for at, r in enumerate(rows) if mask[r.codes[0]] and r.leads])
    written = []
    for (a, first, row_a, rule_a), (b, second, row_b, rule_b) in product(*sides):
        if rule_a.neutral and rule_b.neutral:
            continue  # rounding has moved a neutral rule here; the base points speak for the all-neutral lead
        holds = np.isin(leads.codes[a], row_a.codes) & np.isin(leads.codes[b], row_b.codes)
        interaction = Interaction(
            id=f"{rule_a.id} & {rule_b.id}",
            conditions=(rule_a.id, rule_b.id),
            dimension=form.dimension_of_both(first.name, second.name),
            points=points,
            text=f"{rule_a.text} and {rule_b.text}",
            **Counts.by_code(leads, holds, 2).of([1]),
            points_low=low,
            points_high=high,
            contribution=round(points / intervals.rounding.scale, 6),
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
