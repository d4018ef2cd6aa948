"""The point table as CSV, to be edited in a spreadsheet and read back with `PointTable.from_csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.sheets.editable import to_csv

if TYPE_CHECKING:
    from leadml.points.table import PointTable

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes UTF-8 for its country's old encoding


def printed(table: PointTable) -> str:
    """Return everything in the table, one item per line.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        CSV with a byte order mark, which spreadsheets need to see that it is UTF-8.
    """
    return BYTE_ORDER_MARK + to_csv(table)
