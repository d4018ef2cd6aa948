"""What a CRM's record lacks: columns that leadml makes, where they come from, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.export.markdown import code
from leadml.points.words.made_columns import PROFILE, made_columns

if TYPE_CHECKING:
    from leadml.points.table import PointTable

NIGHTLY = "leadml features CONFIG --as-of TODAY --all --out made.csv"
NEW = "leadml features CONFIG --source NEW-LEADS.csv --out made.csv"


def supplied(table: PointTable) -> list[str]:
    """Say in Markdown which columns to import from leadml.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    list of str
        A paragraph and an empty line; nothing where the table asks for no such column.

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("seniority:0", "other", 0, neutral=True), Rule("seniority:1", "missing", -3))
    >>> table = PointTable(name="a", dimensions=(Dimension("fit", 1),), top_cut=1, probability=Probability(0, 1),
    ...                    features=(Feature("seniority", "fit", "category", rules),))
    >>> print(supplied(table)[0])
    leadml makes `seniority`: `leadml features CONFIG --source NEW-LEADS.csv --out made.csv` writes ...
    """
    made = made_columns(table, (feature.name for feature in table.features))
    if not made:
        return []
    named = ", ".join(map(code, made))
    if set(made) <= set(PROFILE):
        return [f"leadml makes {named}: {code(NEW)} writes them; import these columns whenever leads come.", ""]
    why = "What comes of events ages daily: without that, windows of days freeze and scores never cool."
    return [f"leadml makes {named}: run {code(NIGHTLY)} every night and import these columns. {why}", ""]
