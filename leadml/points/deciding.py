"""What follows from a point table: where to hand leads to sales, and a table that does so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from leadml.points.checks import whole
from leadml.points.grading.grades import ACTIONS

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.table import PointTable


class Deciding:
    """The part of `PointTable` that decisions are made with."""

    def threshold(
        self,
        leads: pd.DataFrame,
        won: Any = None,
        *,
        per_week: float | None = None,
        conversion_rate: float | None = None,
        marginal_rate: float | None = None,
        cost: float | None = None,
        value: Any = None,
        created: Any = None,
        weeks: float | None = None,
    ) -> Any:
        """Choose from which score on leads are handed to sales, and say what that brings.

        Parameters
        ----------
        leads : DataFrame of n leads
            Those of some past weeks, with a column for every feature.
        won : str or array of n, optional
            Their outcomes, or the column that has them: true, 1 or a word such as won or ja is won, false, 0, lost or
            nein lost, missing undecided. Without them, wins are foretold by the table's probability.
        per_week : float, optional
            Leads that sales can work in a week: the cut that comes nearest, and not more than a tenth above.
        conversion_rate : float, optional
            The lowest cut at which those handed over convert at this rate.
        marginal_rate : float, optional
            The lowest cut at which the leads just at the cut convert at this rate.
        cost, value : float, optional
            What a hand-over costs and what a win is worth: the lowest cut at which a lead is worth its cost. `value`
            can be a column, or one number for each lead.
        created : str or array of n, optional
            When they came, or the column that says so.
        weeks : float, optional
            How many weeks they span; `created` tells unless given.

        Returns
        -------
        Threshold
            The cut, hand-overs and wins per week with intervals, what is missed; `.frame()` has every cut, `.plot()`
            draws them, and `with_actions` takes the cut over.

        Raises
        ------
        UsageError
            If not exactly one goal is given, a figure is out of range, or no cut reaches the goal.

        Warns
        -----
        UserWarning
            Nothing tells when the leads came, so they are taken as one week's.

        Examples
        --------
        >>> import pandas as pd
        >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
        >>> rules = (Rule("visits:0", "range", 0, hi="2.5", neutral=True), Rule("visits:1", "range", 12, lo="2.5"),
        ...          Rule("visits:2", "missing", -3))
        >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), top_cut=52,
        ...                    features=(Feature("visits", "fit", "number", rules),), probability=Probability(-3, 0.05))
        >>> leads = pd.DataFrame({"visits": [0, 4, 1, 0, 3] * 40, "won": [0, 1, 0, 0, 0] * 40})
        >>> print(table.threshold(leads, "won", per_week=8, weeks=10).sentence)  # doctest: +NORMALIZE_WHITESPACE
        For a capacity of 8 leads a week, hand over leads with 52 points or more: 8 a week (3 to 14 in a coming week),
        of which 50 % are won (39 % to 61 %): 4 wins a week.
        """
        # By name and when called: what is measured stands above the ground, so the ground must not depend on it.
        handing = import_module("leadml.watch.threshold.handing")
        goal = {"per_week": per_week, "conversion_rate": conversion_rate, "marginal_rate": marginal_rate, "cost": cost}
        found = handing.threshold_of_frame(self, leads, won, value=value, created=created, weeks=weeks, **goal)
        return found

    def grid(self, leads: pd.DataFrame, won: Any) -> Any:
        """Lay leads out by letter and digit, with the conversion rate of each cell.

        Parameters
        ----------
        leads : DataFrame of n leads
            Has a column for every feature; newer leads than those learned from say most.
        won : array of bool, 0/1 or words such as won and lost, shape (n,)
            Their outcomes.

        Returns
        -------
        Grid
            Prints, plots, shows in notebooks; cells with too few leads say so.

        Raises
        ------
        UsageError
            If the table has no grades, or an outcome is not understood.
        """
        return import_module("leadml.watch.grading.grid").grid_of(self, leads, won)

    def with_actions(self, actions: int | Iterable[Sequence[Any]]) -> PointTable:
        """Return the table with other actions; the table itself stays as it is.

        Parameters
        ----------
        actions : int or sequence of (str, int or None)
            A cut: the first action holds from this score on, and later ones only below it. Or all actions, as
            `PointTable` takes them.

        Returns
        -------
        PointTable
            With new verification leads.

        Raises
        ------
        DataError
            If the actions do not fit together.

        Examples
        --------
        >>> from leadml.points.table import Dimension, PointTable, Probability
        >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), features=(),
        ...                    probability=Probability(-3.0, 0.05), top_cut=45,
        ...                    actions=(("hand to sales", 60), ("nurture", 30), ("disqualify", None)))
        >>> table.with_actions(47).actions
        (('hand to sales', 47), ('nurture', 30), ('disqualify', None))
        >>> table.with_actions(20).actions
        (('hand to sales', 20), ('disqualify', None))
        """
        table = cast("PointTable", self)
        given: tuple[Any, ...] = tuple(actions) if isinstance(actions, Iterable) else _cut_at(table, actions)
        return replace(table, actions=given, verification=()).with_verification()


def _cut_at(table: PointTable, cut: int) -> tuple[Any, ...]:
    """Return the table's actions with the first one from a cut on; what it leaves nothing for goes."""
    least = whole(cut, "the cut", "the actions")
    if len(table.actions) < 2:
        return ((ACTIONS[0], least), (ACTIONS[1], None))
    first, *later = table.actions
    more = first[2:]  # the sub-scores that it asks for stay
    kept = [action for action in later if more or action[1] is None or action[1] < least or len(action) == 3]
    return ((first[0], least, *more), *kept)
