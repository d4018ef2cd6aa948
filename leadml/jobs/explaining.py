"""One lead of a file: where its score comes from, and what to do next about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.jobs import wording
from leadml.jobs.incoming import incoming

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.leads.explanation import Explanation
    from leadml.points.leads.next_steps import NextSteps
    from leadml.points.leads.surge import Strength
    from leadml.points.table import PointTable


@dataclass(frozen=True)
class LeadTold:
    """What is said of one lead.

    Parameters
    ----------
    lead : str
        Its id.
    explanation : Explanation
        Where its score comes from.
    next_steps : NextSteps
        What to do next.
    """

    lead: str
    explanation: Explanation
    next_steps: NextSteps

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml explain --json` prints."""
        parts = {"explanation": self.explanation.to_dict(), "next_steps": self.next_steps.to_dict()}
        return {"lead": self.lead, **parts}


def explain(
    table: PointTable,
    source: str | os.PathLike[str] | pd.DataFrame,
    lead: str,
    *,
    id: str,
    sep: str | None = None,
    strength: Strength | None = None,
    missing: Any = (),
) -> LeadTold:
    """Explain one lead of a file.

    Parameters
    ----------
    table : PointTable
        The table.
    source : path or DataFrame
        The leads.
    lead : str
        Its id.
    id : str
        The column that names the leads.
    sep : str, optional
        Separator of a CSV source; found unless given.
    strength : Strength, optional
        How strong a surge must be for an alert.
    missing : str, sequence or mapping
        Texts that mean missing in these leads; see `leadml.jobs.score`.

    Returns
    -------
    LeadTold

    Raises
    ------
    UsageError
        There is no such column or lead.
    DataError
        The source cannot be read, several rows have the id, or a value is not of its feature's type.
    """
    from leadml.history.sources.readers import read_table
    from leadml.history.values.ids import id_texts

    leads = incoming(read_table(source, sep), table, missing=missing)
    if id not in leads.frame.columns:
        raise wording.no_id_column(id, leads.columns, leads.where)
    rows = leads.frame[(id_texts(leads.frame[id]) == lead).fillna(False).to_numpy(dtype=bool)]
    if len(rows) != 1:
        raise wording.lead_not_found(len(rows), id, leads.where)
    return LeadTold(lead, table.explain(rows), table.next_steps(rows, strength))
