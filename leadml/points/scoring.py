"""What a point table means: which rule holds for which lead, and what that adds up to.

A value falls into the rule whose range holds it (``lo <= x < hi``, compared as IEEE doubles), whose set names
it, into *other* where no set does, or into *missing*. Sums are of integers, so they are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.points import columns
from leadml.points.bands import graded_dimensions
from leadml.points.reasons import interaction_text, signed, text_of
from leadml.points.rules import TRUTHS, Feature, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

_SPAN = np.int64(1 << 32)  # more rules than a table can have


def rule_codes(table: PointTable, frame: pd.DataFrame) -> dict[str, NDArray[np.int32]]:
    """Find the rule that holds, for every feature and lead.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.

    Returns
    -------
    dict of str to ndarray of shape (n,)
        For each feature the positions in ``feature.rules``.

    Raises
    ------
    UsageError
        If a column is missing or stands twice.
    DataError
        If a column holds something that is not of the feature's type.
    """
    _check_columns(table, frame)
    return {feature.name: _codes(feature, table, frame) for feature in table.features}


def points_frame(table: PointTable, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the points of every feature and interaction for every lead.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.

    Returns
    -------
    DataFrame of n leads
        One integer column per feature, then one per interaction; with the base points they sum to the score.
    """
    points = {part.name: part.points[part.codes] for part in _parts(table, frame)}
    return pd.DataFrame(points, index=frame.index)


def score_frame(table: PointTable, frame: pd.DataFrame, reasons: int = 3) -> pd.DataFrame:
    """Score leads; see `PointTable.score`.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.
    reasons : int
        How many reason columns to give.

    Returns
    -------
    DataFrame of n leads
        Sub-scores, ``score``, ``probability``, ``grade``, ``action``, ``reason_1`` …; ``attrs["unseen"]``.
    """
    sums = {dimension.name: np.full(len(frame), dimension.base_points) for dimension in table.dimensions}
    best = np.zeros((reasons, len(frame)), dtype=np.int64)
    texts: list[str] = []
    unseen = {}
    for part in _parts(table, frame):
        sums[part.dimension] += part.points[part.codes]
        _keep_best(best, part.ranks(len(texts))[part.codes])
        texts += part.texts
        if part.other is not None and (count := np.count_nonzero(part.codes == part.other)):
            unseen[part.name] = int(count)
    score = np.sum(list(sums.values()), axis=0)
    columns = {**sums, "score": score, "probability": probability_of(table, score)}
    columns |= {"grade": _grades(table, sums), "action": _steps(table.actions, score)}
    columns |= {f"reason_{i + 1}": _texts(texts, _rule_numbers(row)) for i, row in enumerate(best)}
    scored = pd.DataFrame(columns, index=frame.index)
    scored.attrs["unseen"] = unseen
    return scored


def probability_of(table: PointTable, score: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the probability of being won that belongs to a score.

    Parameters
    ----------
    table : PointTable
        The table.
    score : ndarray of shape (n,)
        Integer scores.

    Returns
    -------
    ndarray of shape (n,)
        The logistic function of ``intercept + slope * score``.
    """
    log_odds = table.probability.intercept + table.probability.slope * score
    return np.asarray(np.exp(-np.logaddexp(0.0, -log_odds)))


@dataclass(frozen=True, eq=False)
class _Part:
    """A feature or interaction applied to the leads: `codes` says which of its `points` each has."""

    name: str
    dimension: str
    points: NDArray[np.int64]
    texts: Sequence[str]
    codes: NDArray[np.int32]
    other: int | None = None

    def ranks(self, first: int) -> NDArray[np.int64]:
        """Rank its rules as reasons: the greater the better, 0 is none; they are numbered from `first`."""
        size = np.abs(self.points)
        number = first + np.arange(len(size))
        return np.where(size > 0, size * _SPAN + (_SPAN - 1 - number), 0)


def _parts(table: PointTable, frame: pd.DataFrame) -> Iterator[_Part]:
    _check_columns(table, frame)
    needed = {condition for row in table.interactions for condition in row.conditions}
    held: dict[str, NDArray[np.bool_]] = {}
    for feature in table.features:
        codes = _codes(feature, table, frame)
        held |= {rule.id: codes == i for i, rule in enumerate(feature.rules) if rule.id in needed}
        points = np.array([rule.points for rule in feature.rules], dtype=np.int64)
        texts = [f"{text_of(feature, rule)}: {signed(rule.points)}" for rule in feature.rules]
        other = _position(feature, "other") if feature.type == "category" else None
        yield _Part(feature.name, feature.dimension, points, texts, codes, other)
    for row in table.interactions:
        codes = np.logical_and.reduce([held[condition] for condition in row.conditions]).astype(np.int32)
        text = f"{interaction_text(table, row)}: {signed(row.points)}"
        yield _Part(row.id, row.dimension, np.array([0, row.points], dtype=np.int64), ["", text], codes)


def _codes(feature: Feature, table: PointTable, frame: pd.DataFrame) -> NDArray[np.int32]:
    """Find the position of the rule that holds, for every lead."""
    column, gone = frame[feature.name], table.missing_texts(feature.name)
    missing = _position(feature, "missing")
    if feature.type == "number":
        values = columns.numbers(column, gone)
        ranges = [i for i, rule in enumerate(feature.rules) if rule.kind == "range"]
        places = np.searchsorted(np.array(feature.cuts), values, side="right")
        places[np.isnan(values)] = len(ranges)
        return np.array([*ranges, missing], dtype=np.int32)[places]
    owner = {value: i for i, rule in enumerate(feature.rules) for value in rule.values}
    if feature.type == "boolean":
        places = columns.truths(column, gone)
        return np.array([*(owner[truth] for truth in TRUTHS), missing], dtype=np.int32)[places]
    places = columns.levels(column, list(owner), gone)
    return np.array([*owner.values(), _position(feature, "other"), missing], dtype=np.int32)[places]


def _position(feature: Feature, kind: Kind) -> int:
    return next(i for i, rule in enumerate(feature.rules) if rule.kind == kind)


def _check_columns(table: PointTable, frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise UsageError.not_a_frame(type(frame).__name__)
    absent = [feature.name for feature in table.features if feature.name not in frame.columns]
    if absent:
        raise UsageError.missing_column(absent, [str(name) for name in frame.columns])
    for name in () if frame.columns.is_unique else frame.columns[frame.columns.duplicated()]:
        if any(feature.name == name for feature in table.features):
            raise UsageError.column_twice(name)


def _keep_best(best: NDArray[np.int64], new: NDArray[np.int64]) -> None:
    """Sort new ranks into the rows of `best`, the greatest first."""
    for row in best:
        worse = np.minimum(row, new)
        np.maximum(row, new, out=row)
        new = worse


def _rule_numbers(ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(ranks > 0, _SPAN - 1 - ranks % _SPAN, -1)


def _grades(table: PointTable, sums: dict[str, NDArray[np.int64]]) -> Any:
    """Put the grades of all dimensions together, such as A4."""
    texts: list[str] = []
    codes = np.full(len(next(iter(sums.values()))), -1)
    for position, dimension in enumerate(graded_dimensions(table.dimensions)):
        labels, steps = _step_codes(dimension.grades, sums[dimension.name])
        # Only pairs that occur get a text, so that many dimensions do not multiply.
        both, pairs = pd.factorize(steps if position == 0 else codes * len(labels) + steps)
        texts = [(texts[pair // len(labels)] if position else "") + labels[pair % len(labels)] for pair in pairs]
        codes = both
    return _texts(texts, codes)


def _steps(steps: Sequence[tuple[str, int | None]], score: NDArray[np.int64]) -> Any:
    if not steps:
        return _texts([], np.full(len(score), -1))
    labels, codes = _step_codes(steps, score)
    return _texts(labels, codes)


def _step_codes(
    steps: Sequence[tuple[str, int | None]], score: NDArray[np.int64]
) -> tuple[list[str], NDArray[np.intp]]:
    """Return the labels, the lowest first, and which of them each score earns."""
    rising = steps[::-1]
    bounds = np.array([bound for _, bound in rising[1:]], dtype=np.int64)
    return [label for label, _ in rising], np.searchsorted(bounds, score, side="right")


def _texts(texts: Sequence[str], codes: NDArray[Any]) -> Any:
    """Return a text column; the code -1 is missing."""
    return pd.array([*texts, None], dtype="str").take(np.where(codes < 0, len(texts), codes))
