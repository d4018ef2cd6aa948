"""Comparing two versions of a point table, on their rows and on leads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from leadml.jobs.tables import find_table

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.difference import Difference


def diff(
    old: str,
    new: str,
    source: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    sep: str | None = None,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
) -> Difference:
    """List what differs between two tables.

    Parameters
    ----------
    old, new : str
        The tables; see `find_table`.
    source : path or DataFrame, optional
        Leads to score with both.
    sep : str, optional
        Separator of a CSV source; found unless given.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store.

    Returns
    -------
    Difference

    Raises
    ------
    UsageError
        There is no such table, or the leads lack a column.
    DataError
        A table or the leads cannot be read.
    """
    before, after = (find_table(reference, models, tracking_uri).table for reference in (old, new))
    if source is None:
        return after.difference(before)
    from leadml.history.sources.readers import read_table

    return after.difference(before, read_table(source, sep).frame)
