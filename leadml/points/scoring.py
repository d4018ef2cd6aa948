"""What a point table means: which rule holds for which lead, and what that adds up to.

A value falls into the rule whose range holds it (``lo <= x < hi``, compared as IEEE doubles), whose set names
it, into *other* where no set does, or into *missing*. Sums are of integers, so they are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.points.adding import Applied, Part, blocks, joined, reason_texts, taken
from leadml.points.frames import as_frame
from leadml.points.grading.actions import SCORE, bounds_of, score_steps
from leadml.points.grading.grades import graded_dimensions
from leadml.points.value import DEAL_VALUE, value_scale
from leadml.points.words.made_columns import made_columns, scored_as_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

_MANY = 1 << 16  # more grades, or scores, than are worth a list of all of them


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
    frame = as_frame(frame)
    applied = _applied(table, frame)
    codes = {feature.name: np.empty(len(frame), dtype=np.int32) for feature in table.features}
    for rows in blocks(applied.leads):
        for part, places in applied.places(rows):
            if part.name in codes:
                codes[part.name][rows] = taken(part.owners, places)
    return codes


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
    frame = as_frame(frame)
    applied = _applied(table, frame)
    points = {part.name: np.empty(len(frame), dtype=np.int64) for part in applied.parts}
    for rows in blocks(applied.leads):
        for part, places in applied.places(rows):
            points[part.name][rows] = taken(part.points[part.owners], places)
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
        Sub-scores, ``score``, ``probability`` (of a value table ``expected_deal_value``), ``grade``, ``action``,
        ``reason_1`` …; ``attrs["unseen"]`` and ``attrs["gaps"]``.
    """
    frame = as_frame(frame)
    applied = _applied(table, frame, idle=False)
    tally = _Tally(table, applied, reasons)
    score = tally.score
    columns: dict[str, Any] = {**tally.sums, "score": score, **_meant(table, score)}
    columns |= {"grade": _grades(table, tally.sums), "action": _actions(table, score, tally.sums)}
    texts = reason_texts(table) if reasons else []
    named = [None, *(texts[number] for number in tally.rising)]
    columns |= {f"reason_{i + 1}": _texts(named, best) for i, best in enumerate(tally.best)}
    scored = pd.DataFrame(columns, index=frame.index, copy=False)
    for told, counts in (("unseen", tally.unseen), ("gaps", tally.gaps)):
        scored.attrs[told] = {name: count for name, count in counts.items() if count}
    return scored


def earned(table: PointTable, sums: dict[str, NDArray[np.int64]]) -> pd.DataFrame:
    """Give the score, grade and action that belong to sub-scores.

    Parameters
    ----------
    table : PointTable
        The table.
    sums : dict of str to ndarray of shape (n,)
        The sub-score of every dimension.

    Returns
    -------
    DataFrame of n rows
        ``score``, ``grade``, ``action``.
    """
    score: NDArray[np.int64] = np.sum(list(sums.values()), axis=0)
    return pd.DataFrame({"score": score, "grade": _grades(table, sums), "action": _actions(table, score, sums)})


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


def _applied(table: PointTable, frame: pd.DataFrame, idle: bool = True) -> Applied:
    _check_columns(table, frame)
    return Applied(table, frame, idle)


def _check_columns(table: PointTable, frame: pd.DataFrame) -> None:
    absent = [feature.name for feature in table.features if feature.name not in frame.columns]
    if absent:
        made = made_columns(table, absent)
        raise UsageError.missing_column(absent, [str(name) for name in frame.columns], made, scored_as_of(table))
    for name in () if frame.columns.is_unique else frame.columns[frame.columns.duplicated()]:
        if any(feature.name == name for feature in table.features):
            raise UsageError.column_twice(name)


class _Tally:
    """What is added up over the leads, and the ranks of the reasons found so far."""

    def __init__(self, table: PointTable, applied: Applied, reasons: int) -> None:
        self._bases = {dimension.name: dimension.base_points for dimension in table.dimensions}
        self.sums = {name: np.empty(applied.leads, dtype=np.int64) for name in self._bases}
        self.score = np.empty(applied.leads, dtype=np.int64)
        self.unseen = {part.name: 0 for part in applied.parts if part.other is not None}
        self.gaps = {part.name: 0 for part in applied.parts if part.gaps is not None}
        most = sum(map(abs, self._bases.values())) + sum(int(np.abs(part.points).max()) for part in applied.parts)
        self._narrow = np.min_scalar_type(-most - 1)  # the narrowest integers that hold every sum
        self._joint = joined(applied.asked, self._narrow)
        self.rising = _rising(applied.parts) if reasons else []
        self._ranks = _ranks(applied.parts, self.rising) if reasons else {}
        self.best = np.zeros((reasons, applied.leads), dtype=np.min_scalar_type(len(self.rising)))
        for rows in blocks(applied.leads):
            self._add(applied, rows)

    def _add(self, applied: Applied, rows: slice) -> None:
        adding = {name: np.full(rows.stop - rows.start, base, self._narrow) for name, base in self._bases.items()}
        keys: dict[str, NDArray[Any]] = {}
        for part, places in applied.places(rows):
            joint = self._joint[part.name]
            key = places if joint.first else keys[part.dimension] * joint.count + places
            keys[part.dimension] = key
            if joint.worth is not None:
                adding[part.dimension] += taken(joint.worth, key)
            if self._ranks:
                _keep_best(self.best[:, rows], taken(self._ranks[part.name], places))
            if part.other is not None:
                self.unseen[part.name] += int(np.count_nonzero(places == part.other))
            if part.gaps is not None:
                self.gaps[part.name] += int(np.count_nonzero(taken(part.gaps, places)))
        for name, total in adding.items():
            self.sums[name][rows] = total
        self.score[rows] = sum(adding.values())


def _rising(parts: Sequence[Part]) -> list[int]:
    """Sort the numbers of rules with points, the best reason last: most points, of equal ones the lower number."""
    sizes = {part.first + i: abs(int(p)) for part in parts for i, p in enumerate(part.points) if p}
    return sorted(sizes, key=lambda number: (sizes[number], -number))


def _ranks(parts: Sequence[Part], rising: list[int]) -> dict[str, NDArray[Any]]:
    """Return for each place of each part how good a reason it is; 0 is none."""
    rank_of = {number: rank + 1 for rank, number in enumerate(rising)}
    narrow = np.min_scalar_type(len(rising))
    found = {}
    for part in parts:
        by_rule = [rank_of[part.first + i] if points else 0 for i, points in enumerate(part.points)]
        found[part.name] = np.array(by_rule, dtype=narrow)[part.owners]
    return found


def _keep_best(best: NDArray[Any], new: NDArray[Any]) -> None:
    """Sort new ranks into the rows of `best`, the greatest first."""
    for row in best:
        worse = np.minimum(row, new)
        np.maximum(row, new, out=row)
        new = worse


def _meant(table: PointTable, score: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Say what scores mean: how likely leads are won or, by a value table, what their deals would be worth."""
    scale, share = value_scale(table), _probabilities(table, score)
    return {"probability": share} if scale is None else {DEAL_VALUE: scale.cap * share}


def _probabilities(table: PointTable, score: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the probability of each score that can be, once, where there are more leads than scores."""
    lowest, highest = (int(score.min()), int(score.max())) if len(score) else (0, 0)
    if highest - lowest >= min(len(score), _MANY):
        return probability_of(table, score)
    known = probability_of(table, np.arange(lowest, highest + 1))
    found = np.empty(len(score))
    for rows in blocks(len(score)):
        np.take(known, score[rows] - lowest, out=found[rows], mode="clip")
    return found


def _grades(table: PointTable, sums: dict[str, NDArray[np.int64]]) -> Any:
    """Put the grades of all dimensions together, such as A4."""
    texts: list[str | None] = [None]
    codes: NDArray[Any] = np.zeros(len(next(iter(sums.values()))), dtype=np.int32)
    for position, dimension in enumerate(graded_dimensions(table.dimensions)):
        labels, steps = _step_codes(dimension.grades, sums[dimension.name])
        texts = [f"{text or ''}{label}" for text in texts for label in labels]
        narrow = np.min_scalar_type(len(texts))  # the codes are below the number of texts
        codes = codes.astype(narrow) * narrow.type(len(labels)) + steps if position else steps
        if len(texts) > _MANY:  # only those that occur, so that many dimensions do not multiply
            codes, kept = pd.factorize(codes)
            texts = [texts[i] for i in kept]
    return _texts(texts, codes)


def _steps(steps: Sequence[tuple[str, int | None]], score: NDArray[np.int64]) -> Any:
    if not steps:
        return _texts([None], np.zeros(len(score), dtype=np.uint8))
    return _texts(*_step_codes(steps, score))


def _actions(table: PointTable, score: NDArray[np.int64], sums: dict[str, NDArray[np.int64]]) -> Any:
    """Give every lead the first action all of whose bounds it reaches."""
    steps = score_steps(table.actions)
    if steps is not None:
        return _steps(steps, score)
    reached = {**sums, SCORE: score}
    last = len(table.actions) - 1
    codes = np.full(len(score), last, dtype=np.min_scalar_type(last))
    for place in range(last - 1, -1, -1):
        bounds = bounds_of(table.actions[place])
        codes[np.logical_and.reduce([reached[name] >= least for name, least in bounds])] = place
    return _texts([action[0] for action in table.actions], codes)


def _step_codes(steps: Sequence[tuple[str, int | None]], score: NDArray[np.int64]) -> tuple[list[str], NDArray[Any]]:
    """Return the labels, the lowest first, and which of them each score earns."""
    rising = steps[::-1]
    bounds = [bound for _, bound in rising[1:] if bound is not None]
    codes: NDArray[Any] = np.zeros(len(score), dtype=np.uint8 if len(bounds) < 256 else np.int64)
    for bound in bounds:
        np.add(codes, (score >= bound).view(np.uint8), out=codes)
    return [label for label, _ in rising], codes


def _texts(texts: Sequence[str | None], codes: NDArray[Any]) -> Any:
    """Return a text column: for each code the text at that place, or missing where that is None."""
    import pyarrow as pa

    column = pa.array(texts, type=pa.large_string()).take(pa.array(codes))
    return pd.array(column, dtype="str")
