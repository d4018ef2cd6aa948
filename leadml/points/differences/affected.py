"""What the difference between two tables means for leads: whose score, grade or action changes, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Affected:
    """Leads scored by both tables.

    Parameters
    ----------
    leads : int
        How many there are.
    score, grade, action, top : int
        How many have another score, grade or action, or enter or leave the top group.
    greatest : int
        The greatest change of a score, with its sign; 0 where none changes.
    mean : float
        The mean size of a change over all leads, in points.
    """

    leads: int
    score: int
    grade: int
    action: int
    top: int
    greatest: int
    mean: float

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same in words."""
        if not self.score:
            first = f"Of {self.leads:,} leads, none has another score."
        else:
            share = 100 * self.score / self.leads
            first = (
                f"Of {self.leads:,} leads, {self.score:,} ({share:.1f} %) have another score: by {self.mean:.2f} "
                f"points on average over all, by {self.greatest:+d} at the most."
            )
        second = (
            f"{self.grade:,} have another grade, {self.action:,} another action; {self.top:,} enter or leave the top "
            "group."
        )
        return first, second


def affected_by(old: PointTable, new: PointTable, leads: pd.DataFrame) -> Affected:
    """Score leads with two tables and count what changes.

    Parameters
    ----------
    old, new : PointTable
        The tables.
    leads : DataFrame
        Leads with the columns of both.

    Returns
    -------
    Affected

    Raises
    ------
    UsageError
        If a column of either table is missing.
    DataError
        If a column holds something that is not of its feature's type.
    """
    before, after = (table.score(leads, reasons=0) for table in (old, new))
    was, now = (scored["score"].to_numpy(dtype=np.int64) for scored in (before, after))
    change = now - was
    other = {c: int((before[c].fillna("") != after[c].fillna("")).sum()) for c in ("grade", "action")}
    return Affected(
        leads=len(leads),
        score=int((change != 0).sum()),
        grade=other["grade"],
        action=other["action"],
        top=int(((was >= old.top_cut) != (now >= new.top_cut)).sum()),
        greatest=int(change[np.argmax(np.abs(change))]) if len(change) else 0,
        mean=round(float(np.abs(change).mean()), 6) if len(change) else 0.0,
    )
