"""Distil: one stage of the path becomes a point table in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.integers import Effects, joint
from leadml.learn.rows import Row, neutral_row, rows_of
from leadml.points import bands
from leadml.points.reasons import rule_text
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.codes import FeatureCodes
    from leadml.learn.path import Stage
    from leadml.learn.refit import Leads

NORMAL_95 = 1.959963984540054


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
    """

    dimension_of: Mapping[str, str]
    dimensions: tuple[str, ...]
    score_range: tuple[int, int]
    directions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Pointed:
    """A feature's codes with their points, in integers and against the neutral rule."""

    points: NDArray[np.int64]
    spread: NDArray[np.float64]


def distil(
    leads: Leads,
    features: Sequence[FeatureCodes],
    shapes: Sequence[NDArray[np.float64]],
    stage: Stage,
    form: Form,
    provenance: Mapping[str, Any],
) -> PointTable:
    """Turn a stage of the path into a point table.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    shapes : sequence of ndarray
        The SHAP contribution of each code, in log-odds.
    stage : Stage
        Groups and their refitted effects.
    form : Form
        Dimensions, range and directions.
    provenance : mapping
        Where the table comes from.

    Returns
    -------
    PointTable
        The table, with verification rows. Features that have no points are not in it.
    """
    counts = leads.counts([f.size for f in features])
    pointed, scale = _integers(features, counts, stage, form)
    kept = [k for k, p in enumerate(pointed) if p.points.any()]
    scores = {name: np.zeros(len(leads.won), dtype=np.int64) for name in form.dimensions}
    base = dict.fromkeys(form.dimensions, 0)
    base[form.dimensions[0]] = form.score_range[0]
    for k in kept:
        name = form.dimension_of.get(features[k].name, "fit")
        base[name] -= int(pointed[k].points.min())
        scores[name] += pointed[k].points[leads.codes[k]]
    for name, points in base.items():
        scores[name] += points
    total = np.sum(list(scores.values()), axis=0)
    table = PointTable(
        name="leads",
        dimensions=tuple(Dimension(n, base[n], _grades(n, scores[n])) for n in form.dimensions),
        features=tuple(_feature(features[k], k, leads, shapes[k], pointed[k], scale, form) for k in kept),
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
    features: Sequence[FeatureCodes], counts: Sequence[NDArray[np.float64]], stage: Stage, form: Form
) -> tuple[list[_Pointed], float]:
    """Find the integer points of every code, and how many points one unit of log-odds is."""
    groups, starts = stage.partition.groups, stage.partition.starts
    neutral = []
    for feature, group, start, count in zip(features, groups, starts, counts, strict=True):
        rows = rows_of(feature, group, count)
        neutral.append(int(start) + rows[neutral_row(rows)].mark)
    of_feature = np.repeat(np.arange(len(features)), stage.partition.sizes)
    free = np.setdiff1d(np.arange(len(of_feature)), neutral)
    contrast = np.zeros((len(free), len(of_feature)))
    contrast[np.arange(len(free)), free] = 1.0
    contrast[np.arange(len(free)), np.array(neutral, dtype=np.int64)[of_feature[free]]] = -1.0
    covariance = contrast @ np.linalg.inv(stage.fit.curvature)[1:, 1:] @ contrast.T
    values = contrast @ stage.fit.effects
    effects = Effects(
        values, np.linalg.inv(covariance), of_feature[free], _order(groups, starts, free, neutral, form.directions)
    )
    found = joint(effects, form.score_range[1] - form.score_range[0])
    curved = effects.curvature @ found
    scale = float(found @ curved) / max(float(values @ curved), 1e-12) if found.any() else 0.0
    points, spread = np.zeros(len(of_feature), dtype=np.int64), np.zeros(len(of_feature))
    points[free], spread[free] = found, np.sqrt(np.diag(covariance)) * scale
    told = []
    for feature, group, start, count in zip(features, groups, starts, counts, strict=True):
        own = points[start + group]
        rows = rows_of(feature, own, count)
        told.append(_Pointed(own - rows[neutral_row(rows)].mark, spread[start + group]))
    return told, scale


def _order(
    groups: Sequence[NDArray[np.int64]],
    starts: NDArray[np.int64],
    free: NDArray[np.int64],
    neutral: Sequence[int],
    directions: Sequence[int],
) -> NDArray[np.int64]:
    """List the pairs of rules whose order is declared; the neutral rule is written -1."""
    place = {int(g): k for k, g in enumerate(free)} | dict.fromkeys(neutral, -1)
    pairs = set()
    for group, start, direction in zip(groups, starts, directions, strict=True):
        if direction:
            along = [place[int(start + g)] for g in group[:-1]][::direction]
            pairs.update((a, b) for a, b in zip(along, along[1:], strict=False) if a != b)
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _feature(
    feature: FeatureCodes,
    k: int,
    leads: Leads,
    shape: NDArray[np.float64],
    pointed: _Pointed,
    scale: float,
    form: Form,
) -> Feature:
    """Write one feature with its rules."""
    seen = np.bincount(leads.codes[k], minlength=feature.size)
    won = np.bincount(leads.codes[k], leads.won, minlength=feature.size)
    weight = np.bincount(leads.codes[k], leads.weight, minlength=feature.size)
    rows = rows_of(feature, pointed.points, weight)
    neutral = neutral_row(rows)
    rules = []
    for position, row in enumerate(rows):
        codes = list(row.codes)
        half = NORMAL_95 * float(pointed.spread[codes].max())
        heavy = float(weight[codes].sum())
        rules.append(
            _rule(
                feature,
                row,
                f"{feature.name}:{position}",
                neutral=position == neutral,
                leads=int(seen[codes].sum()),
                won=int(won[codes].sum()),
                points_low=0 if position == neutral else int(np.floor(row.mark - half)),
                points_high=0 if position == neutral else int(np.ceil(row.mark + half)),
                contribution=round(float(weight[codes] @ shape[codes]) / heavy, 6) if heavy else 0.0,
            )
        )
    return Feature(feature.name, form.dimension_of.get(feature.name, "fit"), feature.type, tuple(rules))


def _rule(feature: FeatureCodes, row: Row, identity: str, **rest: Any) -> Rule:
    """Write one rule with its condition and its text."""
    lo = hi = None
    if row.kind == "range":
        first, last = row.codes[0], row.codes[-1]
        lo = feature.cuts[first - 1] if first > 0 else None
        hi = feature.cuts[last] if last < len(feature.cuts) else None
    values = tuple(feature.levels[c] for c in row.codes) if row.kind == "set" else ()
    text = rule_text(feature.name, feature.type, row.kind, lo, hi, values, integral=feature.integral)
    return Rule(identity, row.kind, row.mark, lo=lo, hi=hi, values=values, text=text, **rest)


def _probability(score: NDArray[np.int64], leads: Leads) -> Probability:
    """Fit log-odds = intercept + slope * score by Newton's method."""
    centre = float(np.average(score, weights=leads.weight))
    design = np.stack([np.ones(len(score)), score - centre])
    if not design[1].any():
        design = design[:1]
    rate = float(np.average(leads.won, weights=leads.weight))
    beta = np.array([np.log(rate / (1 - rate)), 0.0][: len(design)])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(beta @ design)))
        bend = leads.weight * chance * (1 - chance)
        move = np.linalg.solve((design * bend) @ design.T, design @ (leads.weight * (leads.won - chance)))
        beta = beta + move
        if np.abs(move).max() < 1e-12:
            break
    slope = max(float(beta[1]), 0.0) if len(beta) > 1 else 0.0
    return Probability(round(float(beta[0]) - slope * centre, 9), round(slope, 9))
