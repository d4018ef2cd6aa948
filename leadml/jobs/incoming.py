"""Leads that are to be scored, brought to what the point table knows: its codes, and texts that mean missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadml.history.sources.whole import named_without_point

if TYPE_CHECKING:
    from leadml.history.sources.readers import Table
    from leadml.points.table import PointTable


def incoming(leads: Table, *tables: PointTable, missing: Any = ()) -> Table:
    """Empty cells with texts that mean missing, and take 5112.0 in a CSV for the category 5112 of a table.

    The latter is how the leads were read that the table was learned from.

    Parameters
    ----------
    leads : Table
        As they were read.
    *tables : PointTable
        What is to score them.
    missing : str, sequence or mapping
        Texts that mean missing beside those that the tables know; see `parse_missing`.

    Returns
    -------
    Table
    """
    known: dict[str, list[str]] = {}
    for feature in (feature for table in tables for feature in table.features):
        known.setdefault(feature.name, []).extend(value for rule in feature.rules for value in rule.values)
    there = set(leads.columns)
    leads = leads.without_texts(missing, known.keys() & there)
    return leads.without_points(name for name, values in known.items() if name in there and named_without_point(values))
