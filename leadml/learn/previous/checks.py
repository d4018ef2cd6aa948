"""Whether a table can be started from on these leads at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadml.learn.previous.wording import columns_gone, dimension_differs, no_table
from leadml.points.table import PointTable
from leadml.points.value import check_tells_wins

if TYPE_CHECKING:
    import pandas as pd


def check_previous(previous: Any, frame: pd.DataFrame, dimensions: Mapping[str, Sequence[str]] | None) -> None:
    """Refuse a previous table that does not fit the leads, before anything is learned.

    A column that has vanished is an error and no reason to drop its rules: in a job that runs by itself an export
    that lost a column looks just the same.

    Parameters
    ----------
    previous : PointTable
        The table to start from.
    frame : DataFrame
        The leads.
    dimensions : mapping of str to columns, optional
        The dimensions that were declared.

    Raises
    ------
    UsageError
        If it is no point table, the leads lack one of its columns, or a column has changed its dimension.
    """
    if not isinstance(previous, PointTable):
        raise no_table(type(previous).__name__)
    check_tells_wins(previous, "the table that learning starts from")
    gone = [feature.name for feature in previous.features if feature.name not in frame.columns]
    if gone:
        raise columns_gone(gone, [str(name) for name in frame.columns])
    declared = {column: dimension for dimension, columns in (dimensions or {}).items() for column in columns}
    for feature in previous.features:
        now = declared.get(feature.name, feature.dimension)
        if now != feature.dimension:
            raise dimension_differs(feature.name, feature.dimension, now)
