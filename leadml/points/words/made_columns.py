"""Which columns that a table needs are made by leadml, so that no export of a CRM has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadml.points.words.eventnames import stored_events

if TYPE_CHECKING:
    from leadml.points.table import PointTable

PROFILE = (
    "email_kind",
    "seniority",
    "job_function",
    "in_service_area",
    "form_filled",
    "bant_answered",
    "source_group",
)


def made_columns(table: PointTable, names: Iterable[str]) -> tuple[str, ...]:
    """Pick the columns that leadml makes: of events by what the table knows of its origin, of profiles by name.

    Parameters
    ----------
    table : PointTable
        The table.
    names : iterable of str
        Some of its features.

    Returns
    -------
    tuple of str
        In the order of `names`.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> table = PointTable(name="a", dimensions=(Dimension("fit", 1),), features=(), top_cut=1,
    ...                    probability=Probability(0, 1))
    >>> made_columns(table, ["city", "email_kind", "visit_7d"])
    ('email_kind',)
    """
    known = {*PROFILE, *(entry["name"] for entry in stored_events(table).get("features", ()))}
    return tuple(name for name in names if name in known)


def scored_as_of(table: PointTable) -> bool:
    """Tell whether leads are scored as of a moment, by what the table knows of its origin."""
    return bool(stored_events(table)) or "window_days" in table.provenance
