"""Which column is the outcome, the lead's id, its company; and when a lead came, as a key to sort by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.values.columns import ColumnReport
from leadml.points.dates import microseconds, mixed_offsets, moments_of_text
from leadml.points.plain_numbers import are_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import TimesSettings

BY_ROW = "@row"
IN_WORDS = {"created": "time of creation", "closed": "time of the decision", "value": "deal value"}
MOST_WITHOUT_ORDER = 0.01


@dataclass(frozen=True)
class Roles:
    """The columns that are not features because they have another part to play.

    Parameters
    ----------
    outcome : str or None
        Won, lost or undecided; None where something else than a column says it, such as a stage.
    id : str or None
        Names the lead.
    created, closed : str or None
        When it came, and when it was decided.
    value : str or None
        What the deal was worth.
    company : str or None
        Leads of one company stay together.
    order : str or None
        Sorts leads by time, older first: a number or a date; ``"@row"`` is the order of the rows. Where it
        is not given, `created` does.

    Examples
    --------
    >>> Roles("status", id="lead_id", created="created_at").columns
    {'status': 'outcome', 'lead_id': 'id', 'created_at': 'created'}
    """

    outcome: str | None = None
    id: str | None = None
    created: str | None = None
    closed: str | None = None
    value: str | None = None
    company: str | None = None
    order: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self)[1:]:
            if self.outcome is not None and getattr(self, field.name) == self.outcome:
                raise wording.outcome_in_two_roles(self.outcome, field.name)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that have a role, each with the (first) name of it."""
        given: dict[str, str] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if column is not None and column != BY_ROW:
                given.setdefault(column, field.name)
        return given

    def in_words(self, column: str) -> str:
        """Say what a column with a role is."""
        role = self.columns[column]
        return IN_WORDS.get(role, role)

    @property
    def time(self) -> str | None:
        """What sorts leads by time: `order`, else `created`."""
        return self.order or self.created


def time_key(
    column: str, read: pd.Series, values: pd.Series, report: ColumnReport, times: TimesSettings | None = None
) -> NDArray[np.int64] | NDArray[np.float64]:
    """Turn a column of numbers or dates into a key to sort by, older first.

    Parameters
    ----------
    column : str
        Its name.
    read, values : Series
        As read, and as typed.
    report : ColumnReport
        What typing found in it.
    times : TimesSettings, optional
        The zone of texts that name no offset, where somebody has said it.

    Returns
    -------
    ndarray, shape (n_leads,)
        Microseconds since 1970 in UTC, or the numbers. A lead without one counts among the oldest.

    Raises
    ------
    DataError
        If it is neither a number nor a date, more than 1 % of the leads have none, or some times name their
        offset from UTC, others do not, and nobody has said what zone these are of.
    """
    if report.type not in ("number", "date"):
        raise wording.no_time(column, report.type, [str(value) for value in read.dropna().head(3)])
    if report.type == "date" and are_texts(read):
        if times is not None:
            values = moments_of_text(read.astype("str"), times.zone, times.twice).where(values.notna())
        elif (mixed := mixed_offsets(read)) is not None:
            raise wording.mixed_offsets(column, *mixed)
    without = values.isna().to_numpy(dtype=bool)
    if without.mean() > MOST_WITHOUT_ORDER:
        raise wording.without_time(column, int(without.sum()), len(values), report.odd)
    key = values.to_numpy(np.float64) if report.type == "number" else microseconds(values)
    return np.where(without, key[~without].min(), key)
