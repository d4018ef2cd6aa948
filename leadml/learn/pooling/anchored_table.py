"""The pooled table written for a segment: its rules, counted on its leads, with the pooled or other points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.pooling.level import Line, pooled_line
from leadml.learn.writing.counted import UNWEIGHTED, Counts, weighted
from leadml.learn.writing.effects import Effects
from leadml.learn.writing.integers import joint
from leadml.learn.writing.steepness import shrinkage_told
from leadml.points.grading import bands
from leadml.points.grading.grades import grade_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.pooling.anchored import Anchors
    from leadml.learn.pooling.fixed import Fixed
    from leadml.learn.search.refit import Leads, Refit
    from leadml.points.rules import Interaction, Rule
    from leadml.points.table import PointTable

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Moved:
    """Points that took the place of the pooled ones.

    Parameters
    ----------
    points, low, high : ndarray of shape (n_groups,)
        Integers with their intervals.
    contribution : ndarray of shape (n_groups,)
        What each group adds to the log-odds, against the mean of the segment's leads; of a conjunction, against its
        not holding.
    point : float
        The log-odds that one point was to be worth.
    """

    points: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    contribution: NDArray[np.float64]
    point: float


def in_points(fit: Refit, anchors: Anchors, leads: Leads, point: float, widest: int, fixed: Fixed) -> Moved:
    """Round effects jointly.

    Parameters
    ----------
    fit : Refit
        Effects of the groups of `anchors`.
    anchors : Anchors
        The pooled table.
    leads : Leads
        The segment's leads.
    point : float
        The log-odds that one point is worth.
    widest : int
        The greatest distance between the lowest and the highest score; where effects are so much greater than the
        pooled ones that it would be more, a point is worth more.
    fixed : Fixed
        Pinned groups, which keep their points, and the limits of the others.

    Returns
    -------
    Moved
        Points against the neutral group, which has 0.
    """
    n = len(anchors.centre)
    free = np.setdiff1d(np.arange(n), [*anchors.neutral, *fixed.points])
    contrast = np.zeros((len(free), n))
    contrast[np.arange(len(free)), free] = 1.0
    contrast[np.arange(len(free)), anchors.neutral[anchors.part[free]]] = -1.0
    spread = np.asarray(contrast @ np.linalg.inv(fit.curvature)[1:, 1:] @ contrast.T, dtype=np.float64)
    effects = Effects(
        contrast @ fit.effects,
        np.asarray(np.linalg.inv(spread), dtype=np.float64),
        anchors.part[free],
        _order(anchors, free),
        fixed.of(free),
    )
    point = max(point, point * effects.width(point) / max(widest, 1))
    found, half = np.zeros(n, dtype=np.int64), np.zeros(n)
    found[free] = joint(effects, effects.width(point))
    found[list(fixed.points)] = list(fixed.points.values())
    half[free] = NORMAL_95 * np.sqrt(np.diag(spread)) / point
    low, high = np.floor(found - half).astype(np.int64), np.ceil(found + half).astype(np.int64)
    return Moved(found, low, high, _contributions(fit, anchors, leads), point)


def segment_table(
    pooled: PointTable, anchors: Anchors, leads: Leads, moved: Moved | None, name: str, provenance: dict[str, Any]
) -> PointTable:
    """Write the table of a segment over the rules of the pooled one.

    Parameters
    ----------
    pooled : PointTable
        The pooled table.
    anchors : Anchors
        Its rules as groups.
    leads : Leads
        The segment's leads; their codes are the rules that hold.
    moved : Moved, optional
        Other points; without them the pooled ones are kept.
    name : str
        What the table is called.
    provenance : dict
        Where it comes from.

    Returns
    -------
    PointTable
        The same rules, neutral ones and base points; leads, won leads, grades, top cut, actions and probability are
        those of the segment's leads.
    """
    written = [_rows(f.rules, k, anchors, leads, moved) for k, f in enumerate(pooled.features)]
    features = tuple(replace(f, rules=tuple(rows)) for f, rows in zip(pooled.features, written, strict=True))
    interactions = tuple(
        _conjunction(row, len(features) + k, anchors, leads, moved) for k, row in enumerate(pooled.interactions)
    )
    scores = {d.name: np.full(len(leads.won), d.base_points, dtype=np.int64) for d in pooled.dimensions}
    for feature, codes in zip(features, leads.codes, strict=False):
        scores[feature.dimension] += np.array([rule.points for rule in feature.rules], dtype=np.int64)[codes]
    for row, holds in zip(interactions, leads.codes[len(features) :], strict=True):
        scores[row.dimension] += row.points * holds.astype(np.int64)
    total, heavy = np.sum(list(scores.values()), axis=0), leads.weight if weighted(leads) else None
    before = Line(pooled.probability.intercept, pooled.probability.slope, shrinkage_told(pooled.provenance))
    line = pooled_line(total.astype(np.float64), leads, before, seen=moved is not None)
    dimensions = tuple(
        replace(d, grades=bands.grades_by_quarter(scores[d.name], kind, heavy) if (kind := grade_kind(d.name)) else ())
        for d in pooled.dimensions
    )
    table = replace(
        pooled,
        name=name,
        dimensions=dimensions,
        features=features,
        interactions=interactions,
        probability=line.probability,
        top_cut=bands.top_cut(total, heavy),
        actions=bands.default_actions(total, heavy),
        provenance=provenance,
        verification=(),
    )
    return table.with_verification()


def _rows(rules: Sequence[Rule], part: int, anchors: Anchors, leads: Leads, moved: Moved | None) -> list[Rule]:
    """Write the rules of a feature."""
    counts = Counts.by_code(leads, leads.codes[part], len(rules))
    rows = []
    for k, rule in enumerate(rules):
        group = int(anchors.partition.starts[part] + anchors.partition.groups[part][k])
        rows.append(replace(rule, **(UNWEIGHTED | counts.of([k]) | _worth(moved, group))))
    return rows


def _conjunction(row: Interaction, part: int, anchors: Anchors, leads: Leads, moved: Moved | None) -> Interaction:
    holds = leads.codes[part] == 1
    worth = _worth(moved, int(anchors.partition.starts[part]) + 1) if row.points else {}
    return replace(row, **(UNWEIGHTED | Counts.by_code(leads, holds, 2).of([1]) | worth))


def _worth(moved: Moved | None, group: int) -> dict[str, Any]:
    """Give the fields that change with the points."""
    if moved is None:
        return {}
    return {
        "points": int(moved.points[group]),
        "points_low": int(moved.low[group]),
        "points_high": int(moved.high[group]),
        "contribution": round(float(moved.contribution[group]), 6),
    }


def _contributions(fit: Refit, anchors: Anchors, leads: Leads) -> NDArray[np.float64]:
    """Measure effects against their mean over the leads; those of conjunctions against not holding."""
    told = fit.effects.copy()
    partition, features = anchors.partition, anchors.features
    for part, (row, group, start, size) in enumerate(
        zip(leads.codes, partition.groups, partition.starts, partition.sizes, strict=True)
    ):
        here = slice(start, start + size)
        crowd = np.bincount(group[row], leads.weight, minlength=size)
        mean = float(crowd @ told[here]) / float(crowd.sum())
        told[here] -= mean if part < features else told[anchors.neutral[part]]
    return told


def _order(anchors: Anchors, free: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the pairs of rules whose order is declared; the neutral rule is written -1."""
    place = {int(g): k for k, g in enumerate(free)} | {int(g): -1 for g in anchors.neutral}
    pairs = {
        (place[int(a)], place[int(b)])
        for groups in anchors.rising
        for a, b in pairwise(g for g in groups if int(g) in place)
        if a != b
    }
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
