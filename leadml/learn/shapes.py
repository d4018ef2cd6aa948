"""The shape of a feature with the model's contribution to each of its values, on the table's scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.errors import UsageError
from leadml.learn.boosting import attribution
from leadml.points.rules import Feature, Kind, Rule
from leadml.points.views.shape import Contribution, Shape

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.coding.prepare import Prepared
    from leadml.points.table import PointTable


def shape_of(table: PointTable, booster: lightgbm.Booster | None, prepared: Prepared, name: str) -> Shape:
    """Put the rules of a feature and the contributions of the model to each of its codes side by side.

    Parameters
    ----------
    table : PointTable
        The table.
    booster : lightgbm.Booster or None
        The additive model behind it.
    prepared : Prepared
        The training leads.
    name : str
        A feature of theirs; where the table has no rules for it, it gets the one that every value falls in.

    Returns
    -------
    Shape
        Contributions are against their mean over the leads of the neutral rule, and divided by what a point is
        worth in log-odds. There are none where points are worth nothing.
    """
    names = [feature.name for feature in prepared.features]
    if name not in names:
        raise UsageError.unknown_column(name, names, "The model")
    at = names.index(name)
    feature, slope = prepared.features[at], table.probability.slope
    leads = prepared.leads.counts(prepared.sizes)[at]
    known = next((f for f in table.features if f.name == name), None)
    found = Shape(known or _idle(feature, prepared, at, table.dimensions[0].name))
    if booster is None or slope <= 0:
        return found
    told = attribution.shapes(booster, prepared.features)[at] / slope
    rows = [
        replace(row, leads=float(n), points=float(p)) for row, n, p in zip(_codes(feature), leads, told, strict=True)
    ]
    neutral = np.array([found.rule(r.kind, r.value if r.kind != "range" else r.centre).neutral for r in rows])
    zero = _mean(told, leads, neutral)
    return replace(found, contributions=tuple(replace(row, points=row.points - zero) for row in rows))


def rules_of_codes(feature: Feature, codes: FeatureCodes) -> NDArray[np.int64]:
    """Give for each code of a feature the position of the rule that holds for its values.

    Examples
    --------
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> rules = (Rule("age:0", "range", 0, hi="5", neutral=True), Rule("age:1", "range", 9, lo="5"),
    ...          Rule("age:2", "missing", 0))
    >>> fine = FeatureCodes("age", "number", cuts=("3", "5"), centres=(1.0, 4.0, 8.0))
    >>> rules_of_codes(Feature("age", "fit", "number", rules), fine).tolist()
    [0, 0, 1, 2]
    """
    shape, place = Shape(feature), {rule.id: k for k, rule in enumerate(feature.rules)}
    rows = [shape.rule(row.kind, row.value if row.kind != "range" else row.centre) for row in _codes(codes)]
    return np.array([place[rule.id] for rule in rows], dtype=np.int64)


def _mean(told: NDArray[np.float64], leads: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    weight = leads * where
    return float(told @ weight / weight.sum()) if weight.any() else 0.0


def _codes(feature: FeatureCodes) -> Iterator[Contribution]:
    """Name what each code of a feature stands for."""
    nan = math.nan
    if feature.type == "number":
        cuts = [-math.inf, *map(float, feature.cuts), math.inf]
        for low, high, centre in zip(cuts, cuts[1:], feature.centres, strict=False):
            yield Contribution("range", low, high, centre, "", 0.0, 0.0)
    else:
        yield from (Contribution("set", nan, nan, nan, level, 0.0, 0.0) for level in feature.levels)
    if feature.type == "category":
        yield Contribution("other", nan, nan, nan, "", 0.0, 0.0)
    yield Contribution("missing", nan, nan, nan, "", 0.0, 0.0)


def _idle(feature: FeatureCodes, prepared: Prepared, at: int, dimension: str) -> Feature:
    """Write a feature that the table has no rules for: every value gives 0 points."""
    codes, won = prepared.leads.codes[at], prepared.leads.won > 0
    parts: list[tuple[Kind, tuple[str, ...], NDArray[np.bool_]]] = []
    if feature.type == "boolean":
        parts += [("set", (level,), codes == k) for k, level in enumerate(feature.levels)]
    else:
        parts.append(("range" if feature.type == "number" else "other", (), codes != feature.missing))
    parts.append(("missing", (), codes == feature.missing))
    rules = [
        Rule(
            f"{feature.name}:{k}",
            kind,
            0,
            values=values,
            neutral=k == 0,
            leads=int(where.sum()),
            won=int(won[where].sum()),
            points_low=0,
            points_high=0,
        )
        for k, (kind, values, where) in enumerate(parts)
    ]
    return Feature(feature.name, dimension, feature.type, tuple(rules))
