"""Columns that say what to do next, beside the scores: what to ask, whom to call today."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.leads.surge import Strength
    from leadml.points.table import PointTable

COLUMNS = ("next_question", "alert")


def with_next(scored: pd.DataFrame, table: PointTable, leads: pd.DataFrame, strength: Strength) -> pd.DataFrame:
    """Add what to do next to what a point table says of leads.

    Parameters
    ----------
    scored : DataFrame of n leads
        What `PointTable.score` gives, perhaps with more columns.
    table : PointTable
        The table.
    leads : DataFrame of n leads
        Has a column for every feature; further event features help to see a surge.
    strength : Strength
        How strong a surge must be.

    Returns
    -------
    DataFrame of n leads
        With `COLUMNS` added: the missing field whose answer would move the score most, and why to call today.
    """
    from leadml.points.leads.questions import next_question
    from leadml.points.leads.surge import alerts

    texts = next_question(table, leads), alerts(table, leads, strength)
    return scored.assign(**{name: text.to_numpy() for name, text in zip(COLUMNS, texts, strict=True)})
