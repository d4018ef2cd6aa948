"""What a fitted scorer lets one look at: contributions, shapes, what each further rule buys, and the certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from sklearn.utils.validation import check_is_fitted

from leadml.points.same_order import check_order

if TYPE_CHECKING:
    import lightgbm
    import shap
    from numpy.typing import ArrayLike, NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.judging.rivals import Rivals
    from leadml.learn.search.choose import Choice
    from leadml.points.certificate import Certificate, Split
    from leadml.points.table import PointTable
    from leadml.points.views.budget import BudgetPath
    from leadml.points.views.shape import Shape
    from leadml.points.views.without_rules import WithoutRules


class Insights:
    """What can be looked at behind a point table; a part of `LeadScorer`."""

    point_table_: PointTable
    booster_: lightgbm.Booster | None
    choice_: Choice | None
    classes_: NDArray[Any]
    interactions: str | bool
    random_state: int
    _prepared: Prepared
    _rivals: Rivals | None
    _frame: Callable[..., pd.DataFrame]

    @property
    def budget_path_(self) -> BudgetPath:
        """AUC and log-loss on leads left out by number of rules, and the number that was taken."""
        from leadml.learn.search.choose import TOLERANCE
        from leadml.points.views.budget import Budgeted, BudgetPath

        check_is_fitted(self)
        if self.choice_ is None:
            return BudgetPath((), 0, TOLERANCE)
        path = zip(self.choice_.curve, self.choice_.areas, strict=True)
        rows = tuple(Budgeted(*row, auc=area) for row, area in path)
        own = getattr(self, "previous", None) is None and not getattr(self, "pins", None)
        return BudgetPath(rows, self.choice_.rules, TOLERANCE, self.point_table_.n_rules if own else None)

    @property
    def without_rules_(self) -> WithoutRules:
        """The features without a rule: what their values would have in points, and how sure that is."""
        from leadml.learn.without_rules import without_rules

        check_is_fitted(self)
        return without_rules(self.point_table_, self._prepared)

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

    def shap_explanation(self, X: Any) -> shap.Explanation:
        """Give the contributions as the shap library's own plots take them.

        Parameters
        ----------
        X : DataFrame or array of shape (n_leads, n_columns)
            Leads.

        Returns
        -------
        shap.Explanation
            For ``shap.plots.beeswarm``, ``shap.plots.bar``, ``shap.plots.scatter`` and, of one lead,
            ``shap.plots.waterfall``. The values are those of `contributions`.

        Raises
        ------
        UsageError
            If no column says anything, so that there is no model.
        """
        from leadml.learn.boosting.attribution import explanation
        from leadml.learn.coding.prepare import code
        from leadml.learn.wording import no_model

        check_is_fitted(self)
        frame, features = self._frame(X, fitting=False), self._prepared.features
        if self.booster_ is None:
            raise no_model()
        return explanation(self.booster_, features, code(features, frame), frame)

    def shape(self, feature: str) -> Shape:
        """Show the rules of a feature over what the model contributes to each of its values.

        Parameters
        ----------
        feature : str
            A column that varied in `fit`, whether it has rules in the table or not.

        Returns
        -------
        Shape
            Prints, draws, gives a frame. The contributions are measured against the neutral rule and put on the
            table's scale of points.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        from leadml.learn.shapes import shape_of

        check_is_fitted(self)
        return shape_of(self.point_table_, self.booster_, self._prepared, feature)

    def certify(
        self,
        X: Any,
        y: ArrayLike,
        split: Split = "random",
        table: PointTable | None = None,
        against: PointTable | None = None,
    ) -> Certificate:
        """Measure what the table keeps of the model, on leads that `fit` has not seen.

        The ceiling (unconstrained LightGBM) and a logistic regression are trained when they are asked for first, on
        the leads of `fit`.

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
        against : PointTable, optional
            A table made by hand, or the one in use, to compare with; over columns of `X`.

        Returns
        -------
        Certificate
            Figures with intervals, and what they mean in words.

        Warns
        -----
        UserWarning
            These leads are those of `fit`, or nearly all of them are.
        """
        from leadml.learn.given import outcome_column
        from leadml.learn.judging.certificate import certify, outcomes_of
        from leadml.learn.judging.rivals import rivals
        from leadml.learn.settings import tries_conjunctions

        check_is_fitted(self)
        check_order(X, outcomes=y)
        frame = self._frame(X, fitting=False)
        won = outcomes_of(outcome_column(y), self.classes_, len(frame), split)
        judged = table or self.point_table_
        if self._rivals is None:
            self._rivals = rivals(self._prepared, int(self.random_state), self.booster_)
        known = (self.booster_, self._rivals, self._prepared)
        joins = tries_conjunctions(self.interactions)
        return certify(judged, *known, frame, won, split, against=against, conjunctions=joins)
