"""What is given to `fit`, checked: column names, outcomes, groups, leads that weigh nothing."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from pandas import PeriodDtype, Series, factorize, isna, unique
from pandas.api.types import infer_dtype
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_array, column_or_1d

from leadml.errors import DataError, UsageError
from leadml.learn import wording
from leadml.learn.coding.weights import evidence
from leadml.learn.learner import FOLDS, make_folds
from leadml.points.wording import columns_not_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

PLAIN = ("boolean", "integer", "floating", "mixed-integer-float")


def check_columns(X: pd.DataFrame) -> None:
    """Refuse column names that are no text or stand twice, dates, and a frame without columns."""
    if not all(isinstance(name, str) for name in X.columns):
        raise columns_not_text([c for c in X.columns if not isinstance(c, str)])
    if X.columns.has_duplicates:
        raise UsageError.duplicate_columns(X.columns[X.columns.duplicated()].unique().tolist())
    if X.shape[1] == 0:
        check_array(np.empty((len(X), 0)))
    if dated := [name for name in X.columns if _says_when(X[name])]:
        raise DataError.dates(dated)


def _says_when(column: pd.Series) -> bool:
    """Tell whether a column holds dates, times or spans of time."""
    kind = infer_dtype(column, skipna=True) if column.dtype == object else column.dtype.kind
    return kind in {"M", "m", "datetime", "datetime64", "date", "timedelta", "timedelta64", "period"} or isinstance(
        column.dtype, PeriodDtype
    )


def two_classes(y: ArrayLike | None, leads: int) -> NDArray[Any]:
    """Give the outcomes as a column, refusing all but two classes with an entry for each lead."""
    target = outcome_column(y)
    check_classification_targets(target)
    if len(target) != leads:
        raise UsageError.lengths_differ("outcomes", len(target), leads)
    classes = np.unique(target)
    if len(classes) != 2:
        raise DataError.not_two_classes(type_of_target(target), classes.tolist())
    return np.asarray(target)


def outcome_column(y: ArrayLike | None) -> NDArray[Any]:
    """Give the outcomes as a column none of which is missing; booleans and numbers among objects as what they are.

    A column that once held a missing value still holds objects when `dropna` has taken that away.
    """
    if y is None:
        raise DataError.no_outcome()
    target = column_or_1d(y, warn=True)
    unknown = ~np.isfinite(target) if target.dtype.kind == "f" else isna(target)
    if unknown.any():
        raise DataError.outcomes_not_finite(int(unknown.sum()))
    if target.dtype == object and infer_dtype(target, skipna=False) in PLAIN:
        return np.array(target.tolist())
    return np.asarray(target)


def checked_weights(weight: ArrayLike | None) -> ArrayLike | None:
    """Refuse a weight below 0, missing or infinite, and say of which lead it is."""
    if weight is None:
        return weight
    try:
        told = np.asarray(weight, dtype=np.float64)
    except (TypeError, ValueError):  # of what is no number, or has another shape, scikit-learn tells
        return weight
    wrong = np.flatnonzero(~(np.isfinite(told) & (told >= 0)))
    if told.ndim == 1 and len(wrong):
        raise wording.not_weights(int(wrong[0]), float(told[wrong[0]]), len(wrong))
    return weight


def without_weightless(
    frame: pd.DataFrame, won: NDArray[np.bool_], weight: NDArray[np.float64], groups: ArrayLike | None
) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.float64], NDArray[Any] | None]:
    """Leave out leads that weigh nothing: they count as absent; the others weigh what `evidence` says."""
    told = None if groups is None else np.asarray(groups)
    if told is not None and len(told) != len(frame):
        raise UsageError.lengths_differ("groups", len(told), len(frame))
    keep = weight > 0
    if keep.all():
        return frame, won, evidence(weight), told
    if not (0 < won[keep].sum() < keep.sum()):
        raise DataError.not_two_classes("binary", np.unique(won[keep]).tolist())
    return frame[keep], won[keep], evidence(weight[keep]), None if told is None else told[keep]


def check_groups(groups: NDArray[Any], company: NDArray[np.int64], won: NDArray[np.bool_], seed: int) -> None:
    """Refuse a few groups that cannot be left out in turn where leads could; warn of many: wins are too few for them.

    Raises
    ------
    DataError
        If there are fewer groups than folds.
    """
    outcome = won.astype(np.float64)
    if make_folds(outcome, company, seed) or not make_folds(outcome, None, seed):
        return
    counted = Series(won).groupby(factorize(groups, use_na_sentinel=False)[0]).agg(["size", "sum"])
    told = wording.groups_not_apart(dict(zip(unique(groups), counted.itertuples(index=False, name=None), strict=True)))
    if len(counted) < FOLDS:
        raise DataError(told)
    warnings.warn(told, stacklevel=3)
