"""LeadScorer: the scikit-learn face of learning a point table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from leadml.errors import DataError, UsageError
from leadml.learn.coding.codes import group_numbers
from leadml.learn.coding.prepare import prepare, type_of
from leadml.learn.learner import learn
from leadml.learn.writing.rounding import Form

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from sklearn.utils import Tags

    from leadml.points.certificate import Certificate, Split
    from leadml.points.table import PointTable

FIRST_DIMENSIONS = ("fit", "engagement")


class LeadScorer(ClassifierMixin, BaseEstimator):
    """Learn an additive table of integer points from won and lost leads.

    LightGBM finds each feature's shape, SHAP says what a value contributes, the table keeps the few rules that pay.

    Parameters
    ----------
    max_rules : int, default 25
        The most rules with points. Cross-validation may choose fewer.
    dimensions : mapping of str to sequence of str, optional
        The columns of each dimension, such as ``{"engagement": ["visits_7d"]}``; unnamed columns go to *fit*.
    monotone : mapping of str to {1, -1}, optional
        Number and boolean columns whose points may only rise (1) or only fall (-1) with their value.
    pins : mapping, optional
        Rows fixed by hand; not in this version, leave it None.
    score_range : tuple of (int, int), default (0, 100)
        The lowest and the highest attainable score.
    interactions : {"auto", True, False}, default "auto"
        Whether rules may join two conditions ("C-level and pricing page this week"), where that pays on leads left
        out. Each such rule counts as two.
    previous : PointTable, optional
        The table that retraining starts from; not in this version, leave it None.
    random_state : int, default 0
        Seed of LightGBM and of the folds.

    Attributes
    ----------
    point_table_ : PointTable
        The table.
    booster_ : lightgbm.Booster
        The additive model it was distilled from; its inputs are fine codes, see `contributions`.
    choice_ : Choice or None
        What cross-validation chose, and the log-loss by number of rules that says why.
    classes_ : ndarray of shape (2,)
        The two classes; the greater one is won.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        The names of the columns seen in `fit`.
    n_features_in_ : int
        How many columns `fit` has seen.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"visits": rng.poisson(2, 2000), "country": rng.choice(["AT", "DE"], 2000)})
    >>> won = rng.random(2000) < 0.1 + 0.15 * (leads["visits"] > 2)
    >>> scorer = LeadScorer().fit(leads, won)
    >>> scorer.point_table_.n_rules, scorer.score_leads(leads)["score"].max()
    (1, np.int64(100))
    """

    def __init__(
        self,
        max_rules: int = 25,
        dimensions: Mapping[str, Sequence[str]] | None = None,
        monotone: Mapping[str, int] | None = None,
        pins: Any = None,
        score_range: tuple[int, int] = (0, 100),
        interactions: str | bool = "auto",
        previous: PointTable | None = None,
        random_state: int = 0,
    ) -> None:
        self.max_rules = max_rules
        self.dimensions = dimensions
        self.monotone = monotone
        self.pins = pins
        self.score_range = score_range
        self.interactions = interactions
        self.previous = previous
        self.random_state = random_state

    def fit(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> LeadScorer:
        """Learn the point table.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Mixed columns as they are: numbers, texts, categories, booleans; missing values anywhere.
        y : array of shape (n_leads,)
            Two classes; the greater one is won.
        sample_weight : array of shape (n_leads,), optional
            Weights of the leads.
        groups : array of shape (n_leads,), optional
            Leads of the same group, a company say, never straddle an internal split.

        Returns
        -------
        LeadScorer
            Itself, fitted.

        Raises
        ------
        UsageError
            If a parameter names a column that is not there, or is outside its range.
        DataError
            If there are not two classes, or a column holds what is no number, text or boolean.
        """
        self._check_settings()
        frame = self._frame(X, fitting=True)
        won = self._outcome(y, len(frame))
        weight = _check_sample_weight(sample_weight, frame, dtype=np.float64, ensure_non_negative=True)
        frame, won, weight, groups = _without_weightless(frame, won, weight, groups)
        prepared = prepare(frame, won, weight)
        company = None if groups is None else group_numbers(groups)[prepared.order]
        learned = learn(
            prepared,
            company,
            self._form(frame, [f.name for f in prepared.features]),
            max_rules=int(self.max_rules),
            interactions=self.interactions == "auto" or self.interactions is True,
            seed=int(self.random_state),
            provenance=self._provenance(len(frame), int(won.sum()), prepared.fingerprint()),
        )
        self.point_table_ = learned.table
        self.booster_ = learned.booster
        self.choice_ = learned.choice
        self._prepared = prepared
        return self

    def score_leads(self, X: Any) -> pd.DataFrame:
        """Score leads with the point table.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        DataFrame
            What `PointTable.score` gives: sub-scores, score, probability, grade, action, reasons.
        """
        check_is_fitted(self)
        return self.point_table_.score(self._frame(X, fitting=False))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Give the log-odds of the integer score, so that they rank as the score does.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        ndarray of shape (n_leads,)
            Log-odds of being won.
        """
        line = self._line()
        return np.asarray(line.intercept + line.slope * self._scores(X), dtype=np.float64)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Give the probability of each class.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        ndarray of shape (n_leads, 2)
            Probabilities, in the order of `classes_`.
        """
        chance = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.stack([1 - chance, chance], axis=1)

    def predict(self, X: Any) -> NDArray[Any]:
        """Give the likelier class.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        ndarray of shape (n_leads,)
            Classes.
        """
        likelier = (self.decision_function(X) > 0).astype(np.intp)
        return np.asarray(self.classes_[likelier])

    def contributions(self, X: Any) -> pd.DataFrame:
        """Ask the shap library for the contributions of the additive model.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        DataFrame of shape (n_leads, n_features)
            SHAP values in log-odds, one column per feature that varies.
        """
        from leadml.learn.boosting.attribution import shap_values
        from leadml.learn.coding.prepare import code

        check_is_fitted(self)
        frame, features = self._frame(X, fitting=False), self._prepared.features
        if self.booster_ is None:
            return pd.DataFrame(index=frame.index)
        told = shap_values(self.booster_, features, code(features, frame))
        return pd.DataFrame(told, index=frame.index, columns=[f.name for f in features])

    def certify(self, X: Any, y: ArrayLike, split: Split = "random", table: PointTable | None = None) -> Certificate:
        """Measure what the table keeps of the model, on leads that `fit` has not seen.

        The ceiling (unconstrained LightGBM) and a logistic regression are trained now, on the leads of `fit`.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads not seen in `fit`, newer ones best.
        y : array of shape (n_leads,)
            Their outcomes.
        split : {"random", "out-of-time"}
            How these leads were set apart.
        table : PointTable, optional
            Another one than was learned, over the same columns.

        Returns
        -------
        Certificate
            Figures with intervals, and what they mean in words.
        """
        from leadml.learn.judging.certificate import certify, known_outcomes

        check_is_fitted(self)
        frame = self._frame(X, fitting=False)
        won = known_outcomes(column_or_1d(y), self.classes_)
        judged = table or self.point_table_
        return certify(judged, self.booster_, self._prepared, frame, won, split, int(self.random_state))

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn what is accepted: two classes, texts, missing values."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _check_settings(self) -> None:
        for later in ("pins", "previous"):
            if getattr(self, later) is not None:
                raise UsageError.not_in_this_version(later)
        low, high = self.score_range
        if not float(self.max_rules).is_integer() or self.max_rules < 0:
            raise UsageError.outside("max_rules", self.max_rules, "a whole number from 0")
        if not isinstance(self.random_state, (int, np.integer)) or self.random_state < 0:
            raise UsageError.outside("random_state", self.random_state, "a whole number from 0")
        if self.interactions not in ("auto", True, False):
            raise UsageError.outside("interactions", self.interactions, "'auto', True or False")
        if not (float(low).is_integer() and float(high).is_integer() and low < high):
            raise UsageError.outside("score_range", self.score_range, "two whole numbers, the lower one first")

    def _frame(self, X: Any, *, fitting: bool) -> pd.DataFrame:
        """Give the leads as a frame with the columns of `fit`, checked as scikit-learn checks them."""
        if not isinstance(X, pd.DataFrame):
            X = validate_data(self, X, dtype=None, ensure_all_finite=False, reset=fitting)
            return pd.DataFrame(X, columns=self._names(X.shape[1])).infer_objects()
        numbered = X.shape[1] > 0 and all(isinstance(name, (int, np.integer)) for name in X.columns)
        if fitting and not numbered:
            _check_columns(X)
        if fitting or numbered:
            validate_data(self, X, skip_check_array=True, reset=fitting)
        if len(X) == 0:
            check_array(np.empty((0, max(X.shape[1], 1))))
        frame: pd.DataFrame = X.set_axis(self._names(X.shape[1]), axis=1) if numbered else X
        return frame

    def _names(self, columns: int) -> list[str]:
        """Name columns that came without names: as in `fit`, where they had some, else x0, x1, …."""
        return list(getattr(self, "feature_names_in_", [f"x{k}" for k in range(columns)]))

    def _outcome(self, y: ArrayLike, leads: int) -> NDArray[np.bool_]:
        if y is None:
            raise DataError.no_outcome()
        target = column_or_1d(y, warn=True)
        if target.dtype.kind == "f" and not np.isfinite(target).all():
            raise DataError.outcomes_not_finite(int((~np.isfinite(target)).sum()))
        check_classification_targets(target)
        if len(target) != leads:
            raise UsageError.lengths_differ("outcomes", len(target), leads)
        self.classes_ = np.unique(target)
        if len(self.classes_) != 2:
            raise DataError.not_two_classes(type_of_target(target), self.classes_.tolist())
        return np.asarray(target == self.classes_[1])

    def _form(self, frame: pd.DataFrame, features: Sequence[str]) -> Form:
        """Turn the settings that name columns into what learning needs."""
        dimension_of: dict[str, str] = {}
        for dimension, columns in (self.dimensions or {}).items():
            for column in columns:
                _require_column(column, frame, f"dimensions[{dimension!r}]")
                if dimension_of.setdefault(column, dimension) != dimension:
                    raise UsageError.two_dimensions(column, dimension_of[column], dimension)
        for column, direction in (self.monotone or {}).items():
            _require_column(column, frame, "monotone")
            if direction not in (1, -1) or type_of(frame[column]) == "category":
                raise UsageError.not_monotone(column, direction)
        named = set(dimension_of.values()) | {"fit"}
        order = [d for d in FIRST_DIMENSIONS if d in named] + sorted(named - set(FIRST_DIMENSIONS))
        directions = tuple(int((self.monotone or {}).get(name, 0)) for name in features)
        return Form(dimension_of, tuple(order), (int(self.score_range[0]), int(self.score_range[1])), directions)

    def _provenance(self, leads: int, won: int, fingerprint: str) -> dict[str, Any]:
        packages = ("lightgbm", "numpy", "pandas", "scikit-learn")
        return {
            "data_sha256": fingerprint,
            "leads": leads,
            "won": won,
            "max_rules": int(self.max_rules),
            "missing": [],
            "seed": int(self.random_state),
            "versions": {"leadml": _own_version()} | {name: version(name) for name in packages},
        }

    def _line(self) -> Any:
        check_is_fitted(self)
        return self.point_table_.probability

    def _scores(self, X: Any) -> NDArray[np.int64]:
        frame = self._frame(X, fitting=False)
        return self.point_table_.score(frame, reasons=0)["score"].to_numpy(dtype=np.int64)


def _own_version() -> str:
    import leadml

    return leadml.__version__


def _check_columns(X: pd.DataFrame) -> None:
    if not all(isinstance(name, str) for name in X.columns):
        raise UsageError.columns_not_text([c for c in X.columns if not isinstance(c, str)])
    if X.columns.has_duplicates:
        raise UsageError.duplicate_columns(X.columns[X.columns.duplicated()].unique().tolist())
    if X.shape[1] == 0:
        check_array(np.empty((len(X), 0)))


def _require_column(column: str, frame: pd.DataFrame, where: str) -> None:
    if column not in frame.columns:
        raise UsageError.setting_names_no_column(where, column, frame.columns)


def _without_weightless(
    frame: pd.DataFrame, won: NDArray[np.bool_], weight: NDArray[np.float64], groups: ArrayLike | None
) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.float64], NDArray[Any] | None]:
    """Leave out leads that weigh nothing: they count as absent."""
    told = None if groups is None else np.asarray(groups)
    if told is not None and len(told) != len(frame):
        raise UsageError.lengths_differ("groups", len(told), len(frame))
    keep = weight > 0
    if keep.all():
        return frame, won, weight, told
    if not (0 < won[keep].sum() < keep.sum()):
        raise DataError.not_two_classes("binary", np.unique(won[keep]).tolist())
    return frame[keep], won[keep], weight[keep], None if told is None else told[keep]
