"""The point table as a frame: one row per rule, for analysts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.points.rules import Feature, Interaction, Rule

if TYPE_CHECKING:
    from leadml.points.table import PointTable

COLUMNS = (
    "dimension",
    "feature",
    "rule",
    "kind",
    "lo",
    "hi",
    "values",
    "points",
    "points_low",
    "points_high",
    "contribution",
    "leads",
    "share",
    "conversion_rate",
    "neutral",
    "weak",
    "pinned",
)


def to_frame(table: PointTable) -> pd.DataFrame:
    """List all rules, then the interactions (kind ``interaction``, their conditions as values, no feature).

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    DataFrame
        With the columns of `COLUMNS`; see `PointTable.to_frame`.

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability
    >>> rules = (Rule("City:0", "set", 7, values=("Wien",), leads=3, won=2),
    ...          Rule("City:1", "other", 0, neutral=True, leads=5, won=1), Rule("City:2", "missing", 0))
    >>> table = PointTable(name="a", dimensions=(Dimension("fit", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("City", "fit", "category", rules),), top_cut=45)
    >>> to_frame(table)[["rule", "points", "share", "conversion_rate"]]
         rule  points  share  conversion_rate
    0  City:0       7  0.375         0.666667
    1  City:1       0  0.625         0.200000
    2  City:2       0  0.000              NaN
    """
    rows = []
    for feature in table.features:
        total = sum(rule.counted for rule in feature.rules)
        rows += [_row(rule, total) | _condition(feature, rule) for rule in feature.rules]
    for interaction in table.interactions:
        first = table.rule(interaction.conditions[0])[0]
        total = sum(rule.counted for rule in first.rules)
        rows.append(_row(interaction, total) | _conditions(interaction))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = dict.fromkeys(("dimension", "feature", "rule", "kind"), "str")
    numbers = dict.fromkeys(("lo", "hi", "contribution", "share", "conversion_rate"), "float64")
    counts = {
        "points": "int64",
        "leads": "int64",
        "points_low": "Int64",
        "points_high": "Int64",
        "neutral": "bool",
        "weak": "bool",
        "pinned": "bool",
    }
    return frame.astype({**texts, **numbers, **counts, "values": "object"})


def _row(row: Rule | Interaction, total: float) -> dict[str, Any]:
    return {
        "rule": row.id,
        "points": row.points,
        "points_low": row.points_low,
        "points_high": row.points_high,
        "contribution": row.contribution,
        "leads": row.leads,
        "share": row.counted / total if total else np.nan,
        "conversion_rate": np.nan if row.conversion_rate is None else row.conversion_rate,
        "weak": row.weak,
    }


def _condition(feature: Feature, rule: Rule) -> dict[str, Any]:
    ranged = rule.kind == "range"
    return {
        "dimension": feature.dimension,
        "feature": feature.name,
        "kind": rule.kind,
        "lo": (-np.inf if rule.lo is None else float(rule.lo)) if ranged else np.nan,
        "hi": (np.inf if rule.hi is None else float(rule.hi)) if ranged else np.nan,
        "values": rule.values,
        "neutral": rule.neutral,
        "pinned": rule.pinned,
    }


def _conditions(interaction: Interaction) -> dict[str, Any]:
    return {
        "dimension": interaction.dimension,
        "feature": None,
        "kind": "interaction",
        "lo": np.nan,
        "hi": np.nan,
        "values": interaction.conditions,
        "neutral": False,
        "pinned": False,
    }
