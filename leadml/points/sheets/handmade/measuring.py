"""A table measured on leads: how many each rule holds for, how likely a score is to be won, what the top group is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml import stats
from leadml.points.grading.bands import default_actions, grades_by_quarter, top_cut
from leadml.points.grading.grades import grade_kind
from leadml.points.parts import Probability
from leadml.points.same_order import check_order
from leadml.points.scoring import rule_codes
from leadml.stats.arrays import outcomes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.rules import Feature
    from leadml.points.table import PointTable

_WIDE = 10.0  # log-odds of the least and the greatest score while the line is fitted


def calibrated(score: NDArray[np.int64], won: NDArray[np.bool_]) -> Probability | None:
    """Fit the log-odds of being won as a line of the score.

    Parameters
    ----------
    score : ndarray of int, shape (n,)
    won : ndarray of bool, shape (n,)

    Returns
    -------
    Probability or None
        None where there is no such line: one score, one outcome, or won and lost apart; or it would fall.

    Examples
    --------
    >>> line = calibrated(np.repeat([0, 10], 100), np.arange(200) % 100 < np.repeat([20, 50], 100))
    >>> round(line.intercept, 3), round(line.slope, 4)
    (-1.386, 0.1386)
    """
    low, high = (int(score.min()), int(score.max())) if len(score) else (0, 0)
    if low == high:
        return None
    middle, half = (low + high) / 2, (high - low) / (2 * _WIDE)
    line = stats.calibration_line(won, 1 / (1 + np.exp(-(score - middle) / half)))
    if not np.isfinite(line.slope) or line.slope < 0:
        return None
    return Probability(line.intercept - line.slope * middle / half, line.slope / half)


def measured(table: PointTable, leads: pd.DataFrame, won: ArrayLike) -> PointTable:
    """Measure a table that was made by hand; its points stay.

    Parameters
    ----------
    table : PointTable
        The table.
    leads : DataFrame of n leads
        With its columns.
    won : array_like of bool or 0/1, shape (n,)
        Their outcomes.

    Returns
    -------
    PointTable
        With leads and wins per rule and the probability of a score, as these leads say. Where it had none of its own:
        actions, grades of fit and engagement, and the top fifth as top group. Where its score does not rank these leads
        at all, every score gets the same probability.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.points.sheets.handmade import from_rules
    >>> leads = pd.DataFrame({"city": ["Wien", "Graz"] * 100})
    >>> table = measured(from_rules("city,Wien,10"), leads, np.arange(200) % 4 != 1)
    >>> [(rule.leads, rule.won) for rule in table.features[0].rules]
    [(100, 100), (100, 50), (0, 0)]
    """
    check_order(leads, outcomes=won)
    result = outcomes(won)
    scored, codes = table.score(leads, reasons=0), rule_codes(table, leads)
    score = scored["score"].to_numpy(dtype=np.int64)
    rate = float(np.clip(result.mean(), 0.5 / len(result), 1 - 0.5 / len(result)))
    flat = Probability(float(np.log(rate / (1 - rate))), 0.0)
    made = dict(table.provenance.get("handmade", {}))
    told = made.get("top_group", True)
    parts: dict[str, Any] = {} if told else {"top_cut": top_cut(score)}
    if not table.actions:
        parts["actions"] = default_actions(score)
    return replace(
        table,
        features=tuple(_counted(feature, codes[feature.name], result) for feature in table.features),
        dimensions=tuple(
            d
            if d.grades or (kind := grade_kind(d.name)) is None
            else replace(d, grades=grades_by_quarter(scored[d.name], kind))
            for d in table.dimensions
        ),
        probability=calibrated(score, result) or flat,
        provenance={**table.provenance, "handmade": {**made, "measured": True}},
        verification=(),
        **parts,
    ).with_verification()


def _counted(feature: Feature, codes: NDArray[np.int32], won: NDArray[np.bool_]) -> Feature:
    leads = np.bincount(codes, minlength=len(feature.rules))
    wins = np.bincount(codes[won], minlength=len(feature.rules))
    rules = (replace(rule, leads=int(n), won=int(x)) for rule, n, x in zip(feature.rules, leads, wins, strict=True))
    return replace(feature, rules=tuple(rules))
