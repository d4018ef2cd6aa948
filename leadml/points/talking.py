"""What a point table says about one lead, or about many: why, what changed, what to do next, and in which language."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.leads.change import Change
    from leadml.points.leads.changes import Changes
    from leadml.points.leads.next_steps import NextSteps
    from leadml.points.leads.surge import Strength
    from leadml.points.table import PointTable

    Lead = Mapping[str, Any] | pd.Series[Any] | pd.DataFrame


class Talking:
    """The part of `PointTable` that talks; everything loads when it is asked for."""

    @property
    def language(self) -> str:
        """The code of the language that its texts are in, such as en."""
        return str(_late("words.translating").language_code(self))

    def in_language(self, code: str) -> Self:
        """Return the table with its texts in a language.

        Parameters
        ----------
        code : str
            Such as de; see `leadml.points.words.languages`.

        Returns
        -------
        PointTable
            With the same rules, points and bounds. Texts that a person wrote stay as they are, and so do the names of
            columns, categories and actions, but for leadml's own three actions. It is another table with a hash of its
            own, and in its language are also its explanations, ledgers and next steps.

        Raises
        ------
        UsageError
            If there is no such language.

        Examples
        --------
        >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
        >>> rules = (Rule("City:0", "set", 7, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
        ...          Rule("City:2", "missing", -4))
        >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), top_cut=45,
        ...                    features=(Feature("City", "fit", "category", rules),), probability=Probability(-3, 0.05))
        >>> import pandas as pd
        >>> table.in_language("de").score(pd.DataFrame({"City": [None]}))["reason_1"].tolist()
        ['City ist nicht angegeben: -4']
        """
        table: Self = _late("words.translating").in_language(self, code)
        return table

    def change(self, before: Lead, after: Lead, old: PointTable | None = None, aged: Lead | None = None) -> Change:
        """Say why a lead's score is not what it was: elapsed windows, changed inputs, changed table, to the last point.

        Parameters
        ----------
        before, after : mapping, Series or DataFrame with one row
            The lead's values then and now.
        old : PointTable, optional
            The table it was scored by then; this one unless given.
        aged : mapping, Series or DataFrame with one row, optional
            The event features of the lead as of now, made of the events before then: with them it is exact what time
            alone did. Columns that are not there are as in `before`.

        Returns
        -------
        Change
            Reads well in a terminal and in Jupyter; its rows sum to the difference of the scores.
        """
        found: Change = _late("leads.ledger").change(cast("PointTable", self), before, after, old, aged)
        return found

    def changes(
        self,
        before: pd.DataFrame,
        after: pd.DataFrame,
        old: PointTable | None = None,
        aged: pd.DataFrame | None = None,
        id: str | None = None,
    ) -> Changes:
        """Say why scores are not what they were, for many leads.

        Parameters
        ----------
        before, after : DataFrame
            Leads then and now.
        old : PointTable, optional
            The table they were scored by then; this one unless given.
        aged : DataFrame, optional
            See `change`.
        id : str, optional
            The column that names a lead; else the index does.

        Returns
        -------
        Changes
            One row per lead and reason, totals per lead, and who crossed the threshold of the best action.
        """
        found: Changes = _late("leads.ledger").changes(cast("PointTable", self), before, after, old, aged, id)
        return found

    def next_steps(self, lead: Lead, strength: Strength | None = None) -> NextSteps:
        """Say what to do next about a lead: what to ask, what would lift it, whether to call today.

        Parameters
        ----------
        lead : mapping, Series or DataFrame with one row
            A value for every feature; further event features help to see a surge.
        strength : Strength, optional
            How strong a surge must be.

        Returns
        -------
        NextSteps
            Reads well in a terminal and in Jupyter.
        """
        found: NextSteps = _late("leads.next_steps").next_steps(cast("PointTable", self), lead, strength)
        return found

    def next_questions(self, leads: pd.DataFrame) -> pd.Series[Any]:
        """Name for every lead the missing field whose answer would move its score most.

        Parameters
        ----------
        leads : DataFrame of n leads
            With a column for every feature.

        Returns
        -------
        Series of n texts
            Missing where there is nothing to ask.
        """
        found: pd.Series[Any] = _late("leads.questions").next_question(self, leads)
        return found

    def alerts(self, leads: pd.DataFrame, strength: Strength | None = None) -> pd.Series[Any]:
        """Say for every lead whether it should be called today, and why: quiet for long, and now active.

        Parameters
        ----------
        leads : DataFrame of n leads
            With features of events: ``TYPE_7d``, ``TYPE_90d``, ``days_since_TYPE``, ``surge``.
        strength : Strength, optional
            How strong a surge must be.

        Returns
        -------
        Series of n texts
            Missing where there is no reason.
        """
        found: pd.Series[Any] = _late("leads.surge").alerts(self, leads, strength)
        return found


def _late(module: str) -> Any:
    return import_module(f"leadml.points.{module}")
