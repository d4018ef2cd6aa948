"""The point table as its own JSON document, the form that everything else is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.points.table import PointTable


def printed(table: PointTable) -> str:
    """Return the document that `PointTable.load` reads.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        JSON with sorted keys, one rule per line.
    """
    return table.to_json().decode("utf-8")
