"""Columns as codes that know the rules of a previous table: its bounds and categories, and fine new ones between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import FeatureCodes, ranked
from leadml.points import columns
from leadml.points.rules import TRUTHS, Feature

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable


@dataclass(frozen=True, eq=False)
class Column:
    """A feature of the previous table, or one that it lacks, as codes.

    Parameters
    ----------
    feature : FeatureCodes
        What each code means. No code lies in two rules of the previous table.
    known : Feature or None
        The feature in the previous table.
    rule_of : ndarray of shape (n_codes,)
        The position of the previous rule that each code lies in; 0 where the previous table lacks the feature.
    codes : ndarray of shape (n_leads,)
        The code of each lead.
    """

    feature: FeatureCodes
    known: Feature | None
    rule_of: NDArray[np.int64]
    codes: NDArray[np.int16]


def known_column(table: PointTable, known: Feature, fine: FeatureCodes | None, frame: pd.DataFrame) -> Column:
    """Code a column that the previous table has rules for.

    Parameters
    ----------
    table : PointTable
        The previous table; its placeholders mean missing.
    known : Feature
        The feature in it, which says how the column is read.
    fine : FeatureCodes, optional
        Fine codes of the same column, learned from the leads.
    frame : DataFrame
        The leads.

    Returns
    -------
    Column

    Raises
    ------
    DataError
        If the column holds something that is not of the feature's type.
    """
    if fine is not None and fine.type != known.type:
        fine = None  # numbers written as texts, say: they are read as before, and keep their bounds
    column, gone = frame[known.name], table.missing_texts(known.name)
    if known.type == "number":
        return _number(known, fine, columns.numbers(column, gone))
    if known.type == "boolean":
        feature = FeatureCodes(known.name, "boolean", levels=("false", "true"))
        place = np.array([feature.levels.index(truth) for truth in TRUTHS] + [feature.missing], dtype=np.int16)
        return Column(feature, known, _owners(known, feature), place[columns.truths(column, gone)])
    values = {value for rule in known.rules for value in rule.values}
    found, order = ((), ()) if fine is None else (fine.levels, fine.levels[: fine.ranks])
    in_order, ranks = ranked(values | set(found) - set(gone), [level for level in order if level not in gone])
    feature = FeatureCodes(known.name, "category", levels=in_order, ranks=ranks)
    codes = columns.levels(column, feature.levels, gone)
    return Column(feature, known, _owners(known, feature), np.where(codes < 0, feature.missing, codes).astype(np.int16))


def new_column(feature: FeatureCodes, codes: NDArray[np.int16]) -> Column:
    """Take a column that the previous table has no rules for, as it was coded."""
    return Column(feature, None, np.zeros(feature.size, dtype=np.int64), codes)


def _number(known: Feature, fine: FeatureCodes | None, values: NDArray[np.float64]) -> Column:
    texts = {float(text): text for text in (() if fine is None else fine.cuts)}
    texts |= {float(rule.hi): rule.hi for rule in known.of_kind("range") if rule.hi is not None}
    cuts = np.array(sorted(texts))
    integral = fine.integral if fine is not None else bool((np.rint(values) == values)[~np.isnan(values)].all())
    feature = FeatureCodes(known.name, "number", cuts=tuple(texts[cut] for cut in cuts.tolist()), integral=integral)
    ranges = [k for k, rule in enumerate(known.rules) if rule.kind == "range"]
    inside = np.concatenate([[0], np.searchsorted(np.array(known.cuts), cuts, side="right")])
    codes = np.searchsorted(cuts, values, side="right").astype(np.int16)
    codes[np.isnan(values)] = feature.missing
    return Column(feature, known, np.append(np.array(ranges)[inside], _position(known, "missing")), codes)


def _owners(known: Feature, feature: FeatureCodes) -> NDArray[np.int64]:
    owner = {value: k for k, rule in enumerate(known.rules) for value in rule.values}
    rest = [_position(known, "other")] if feature.other is not None else []
    placed = [owner.get(level, *rest) for level in feature.levels]
    return np.array([*placed, *rest, _position(known, "missing")], dtype=np.int64)


def _position(known: Feature, kind: str) -> int:
    return next(k for k, rule in enumerate(known.rules) if rule.kind == kind)
