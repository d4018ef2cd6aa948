"""LeadScorer: the scikit-learn face of learning a point table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_is_fitted,
    validate_data,
)

from leadml.learn import wording
from leadml.learn.coding.codes import group_numbers
from leadml.learn.coding.directions import directions_of, misplaced, orders_of, unordered
from leadml.learn.coding.pins import asked_of, unseen
from leadml.learn.coding.prepare import meant, prepare
from leadml.learn.given import check_columns, check_groups, checked_weights, two_classes, without_weightless
from leadml.learn.grading.graded import Wish, graded
from leadml.learn.insights import Insights
from leadml.learn.learner import learn
from leadml.learn.previous.checks import check_previous
from leadml.learn.previous.retrain import retrain
from leadml.learn.read_as_names import doubtful
from leadml.learn.settings import check_settings, form_of, pins_of, provenance, tries_conjunctions
from leadml.points.frames import as_frame
from leadml.points.same_order import check_order
from leadml.stats.outcomes import greater_is_won

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from sklearn.utils import Tags

    from leadml.points.table import PointTable


class LeadScorer(Insights, ClassifierMixin, BaseEstimator):
    """Learn an additive table of integer points from won and lost leads.

    LightGBM finds each feature's shape, SHAP says what a value contributes, the table keeps the few rules that pay.

    Parameters
    ----------
    max_rules : int, default 25
        The most rules with points. Cross-validation may choose fewer.
    dimensions : mapping of str to sequence of str, optional
        The columns of each dimension, such as ``{"engagement": ["visits_7d"]}``; unnamed columns go to *fit*.
    monotone : mapping of str to {1, -1}, or to sequence of str, optional
        Columns whose points may only rise (1) or only fall (-1) with their value: numbers, booleans, and categories
        with an order, which are bands of numbers ("11-50", "more than 1M") and ordered Categoricals. A list of
        categories says an order along which points may only rise: ``{"plan": ["free", "basic", "pro"]}``.
    pins : mapping of str to mapping of condition to int, optional
        Rows fixed by hand, by column: ``{"kind": {"competitor": -100}, "employees": {"< 10": -20, "10 to 50": 3}}``.
        A condition is a category, "other", "missing", True or False, or a range of numbers; a tuple of several makes
        one row. Points are against the neutral rule. Pinned rows count as rules, and may go beyond `score_range`.
    score_range : tuple of (int, int), default (0, 100)
        The lowest and the highest attainable score; with `previous` the scale of that table stays.
    interactions : {"auto", True, False}, default "auto"
        Whether rules may join two conditions ("C-level and pricing page this week"). "auto" and True mean the same:
        where that pays on leads left out. Each such rule counts as two.
    previous : PointTable, optional
        The table in use. Its rules, neutral rules, scale, base points, grades and actions stay as they are; rows move,
        come and go only where these leads speak against it, see `changes_`. Its columns must all be there (see
        `PointTable.without`); a feature keeps its dimension.
    random_state : int, default 0
        Seed of LightGBM and of the folds: another one deals the leads afresh.
    signs : mapping of str to {1, -1}, or to mapping of condition to {1, -1}, optional
        Locks: points of a column's rules, or of the rule that holds a value, are never below (1) or never above (-1)
        those of the neutral rule.
    caps : mapping of str to int, optional
        By dimension, the most by which its sub-score can vary, pinned rows left out.
    most_points : int, optional
        No learned row gives or takes more points.
    grades : mapping, optional
        How dimensions are graded, where not by quarters: ``{"letters": 3, "shares": [20, 30, 50], "keep": "share"}``;
        see `leadml.points.grading.grading.read_grades`. With `previous`, `keep` says what stays.
    actions : mapping of str to str, optional
        What to do with a lead, the best first: ``{"hand to sales": "fit at least B and engagement at least 3",
        "nurture": "score at least 40", "disqualify": "else"}``.

    Attributes
    ----------
    point_table_ : PointTable
        The table.
    booster_ : lightgbm.Booster
        The additive model it was distilled from; its inputs are fine codes, see `contributions`.
    choice_ : Choice or None
        What cross-validation chose, and the log-loss by number of rules that says why; with `previous`, for a table
        that would not start from it.
    budget_path_ : BudgetPath
        The same as a value that shows, draws and lists it.
    without_rules_ : WithoutRules
        Which features have no rule, what they would say beside those that have, and how clear of chance that is.
    orders_ : dict of str to tuple of str
        Columns whose categories were learned in an order, with these categories, ascending.
    changes_ : tuple of str
        With `previous`, what moved and why, one sentence for each row, then for each dimension that was graded anew;
        empty where every row is as it was.
    classes_ : ndarray of shape (2,)
        The two classes, ascending; the greater one is won.
    feature_names_in_ : ndarray of str
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
        monotone: Mapping[str, int | Sequence[str]] | None = None,
        pins: Mapping[str, Mapping[Any, int]] | None = None,
        score_range: tuple[int, int] = (0, 100),
        interactions: str | bool = "auto",
        previous: PointTable | None = None,
        random_state: int = 0,
        signs: Mapping[str, int | Mapping[Any, int]] | None = None,
        caps: Mapping[str, int] | None = None,
        most_points: int | None = None,
        grades: Mapping[str, Any] | None = None,
        actions: Mapping[str, str] | None = None,
    ) -> None:
        self.max_rules = max_rules
        self.dimensions = dimensions
        self.monotone = monotone
        self.pins = pins
        self.score_range = score_range
        self.interactions = interactions
        self.previous = previous
        self.random_state = random_state
        self.signs = signs
        self.caps = caps
        self.most_points = most_points
        self.grades = grades
        self.actions = actions

    def fit(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> LeadScorer:
        """Learn the point table.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Mixed columns as they are: numbers, texts, categories, booleans; missing values anywhere. Texts that are
            numbers or blank, as ``pd.read_csv(…, keep_default_na=False)`` leaves them, are numbers. An Arrow table or a
            Polars frame is made a pandas DataFrame first.
        y : array of shape (n_leads,)
            Two classes; the greater one is won. Texts that say it is the lesser one (gewonnen and verloren, converted
            and open) are refused, and those that say nothing bring a warning: ``y == "converted"`` says which is won.
        sample_weight : array of shape (n_leads,), optional
            Whole numbers say how many leads each one is; any others only compare leads with one another, and are
            scaled to sum to their effective number. Leads that weigh 0 are left out.
        groups : array of shape (n_leads,), optional
            Leads of the same group, a company say, never straddle an internal split.

        Returns
        -------
        LeadScorer
            Itself, fitted.

        Raises
        ------
        UsageError
            If a parameter names a column that is not there, or is outside its range; or if `y`, weights or groups are
            a Series with the labels of the leads in another order.
        DataError
            If there are not two classes, the lesser one is a word for won, an outcome is missing, or a column holds
            what is no number, text or boolean: dates, say; or if all leads are of one group, or of so few that they
            cannot be left out in turn.

        Warns
        -----
        UserWarning
            The classes are texts, and neither is known to mean won; a pin or a list of categories names one that no
            lead has; a declared order is not that of the numbers that its categories stand for; groups are too few
            for the won leads; or a column is read as categories although it may be meant as numbers, because not all
            its values are any, or all are texts (``X[column].astype("category")`` says that they are names).
        """
        check_settings(self)
        check_order(X, outcomes=y, weights=sample_weight, groups=groups)
        frame = self._frame(X, fitting=True)
        won = self._outcome(y, len(frame))
        weight = _check_sample_weight(checked_weights(sample_weight), frame, dtype=np.float64)
        frame, won, weight, groups = without_weightless(frame, won, weight, groups)
        if self.previous is not None:
            check_previous(self.previous, frame, self.dimensions)
        company = None if groups is None else group_numbers(groups)
        if groups is not None and company is not None:
            check_groups(groups, company, won, int(self.random_state))
        pins = pins_of(self, frame)
        directions = directions_of(self.monotone)
        orders = (*unordered(directions, frame), *misplaced(directions, frame))
        for told in (*unseen(pins, frame), *orders, *doubtful(frame)):
            warnings.warn(told, stacklevel=2)
        prepared = prepare(frame, won, weight, asked_of(pins), company, orders_of(directions))
        company = None if company is None else company[prepared.order]
        form = form_of(self, frame, prepared.features)
        learned = learn(
            prepared,
            company,
            form,
            max_rules=int(self.max_rules),
            interactions=tries_conjunctions(self.interactions),
            seed=int(self.random_state),
            provenance=provenance(self, len(frame), int(won.sum()), prepared.fingerprint()),
        )
        self.point_table_ = learned.table
        self.changes_: tuple[str, ...] = ()
        if self.previous is not None:
            self.point_table_, self.changes_ = retrain(
                self.previous, frame, prepared, company, learned, form, int(self.max_rules), int(self.random_state)
            )
        names = [dimension.name for dimension in self.point_table_.dimensions]
        settled = Wish.of(self.grades, self.actions).after(self.previous, names)
        self.point_table_, said = graded(
            self.point_table_, frame, prepared.order, prepared.leads, settled, self.previous
        )
        if self.previous is not None:  # it goes on in its language
            self.point_table_ = self.point_table_.in_language(self.previous.language)
        self.changes_ = (*self.changes_, *said)
        self.booster_ = learned.booster
        self.choice_ = learned.choice
        self.orders_ = prepared.orders
        self._prepared = prepared
        self._rivals = None
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
            What `PointTable.score` gives: sub-scores, score, probability, grade, action, reasons; of no leads, no rows.
        """
        check_is_fitted(self)
        return self.point_table_.score(self._frame(X, fitting=False, least=0))

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

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn what is accepted: two classes, texts, missing values."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _frame(self, X: Any, *, fitting: bool, least: int = 1) -> pd.DataFrame:
        """Give the leads, so many at least, as a frame with the columns of `fit`, checked as scikit-learn does."""
        if not isinstance(X, pd.DataFrame) and hasattr(X, "to_pandas"):
            X = meant(as_frame(X))  # of Arrow or Polars; as an array it would lose its types, and what is missing
        if not isinstance(X, pd.DataFrame):
            X = validate_data(self, X, dtype=None, ensure_all_finite=False, reset=fitting, ensure_min_samples=least)
            return pd.DataFrame(X, columns=self._names(X.shape[1])).infer_objects()
        numbered = X.shape[1] > 0 and all(isinstance(name, (int, np.integer)) for name in X.columns)
        if fitting and not numbered:
            check_columns(X)
        if fitting or numbered:
            validate_data(self, X, skip_check_array=True, reset=fitting)
        if len(X) < least:
            check_array(np.empty((0, max(X.shape[1], 1))))
        frame: pd.DataFrame = X.set_axis(self._names(X.shape[1]), axis=1) if numbered else X
        return frame

    def _names(self, columns: int) -> list[str]:
        """Name columns that came without names: as in `fit`, where they had some, else x0, x1, …."""
        return list(getattr(self, "feature_names_in_", [f"x{k}" for k in range(columns)]))

    def _outcome(self, y: ArrayLike, leads: int) -> NDArray[np.bool_]:
        target = two_classes(y, leads)
        self.classes_ = np.unique(target)
        lost, won = self.classes_.tolist()
        said = greater_is_won(lost, won)
        if said is False:
            raise wording.upside_down(lost, won)
        if said is None:
            warnings.warn(wording.which_is_won(lost, won), stacklevel=3)
        return np.asarray(target == self.classes_[1])

    def _line(self) -> Any:
        check_is_fitted(self)
        return self.point_table_.probability

    def _scores(self, X: Any) -> NDArray[np.int64]:
        frame = self._frame(X, fitting=False)
        return self.point_table_.score(frame, reasons=0)["score"].to_numpy(dtype=np.int64)
