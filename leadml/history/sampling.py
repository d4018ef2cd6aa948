"""A sample of the leads where all of them would not fit into memory: whole companies, drawn by hash."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.rows import Rows

if TYPE_CHECKING:
    from leadml.history.settings.sections import EngineSettings

BYTES_PER_VALUE = 40  # the value, its code, and what learning keeps beside them, measured on a million leads
SHARE_OF_MEMORY = 0.5


def most_rows(settings: EngineSettings, columns: int) -> int:
    """Return how many rows can be learned from: the number configured, else what half of the memory holds.

    Examples
    --------
    >>> from leadml.history.settings.sections import EngineSettings
    >>> most_rows(EngineSettings(max_rows=1000), 40)
    1000
    """
    if settings.max_rows is not None:
        return settings.max_rows
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(SHARE_OF_MEMORY * memory / (BYTES_PER_VALUE * max(columns, 1)))


def sampled(rows: Rows, unit: pd.Series, limit: int) -> Rows:
    """Return the rows of a part of the leads, such that not many more than `limit` decided rows are left.

    Parameters
    ----------
    rows : Rows
        All rows.
    unit : Series of str, one per lead of the leads table
        What stays together: the company, or the lead's id.
    limit : int
        How many decided rows are wanted.

    Returns
    -------
    Rows
        The same rows where they are few enough; else a sample, with a note that says so.

    Examples
    --------
    >>> rows = Rows(np.arange(1000), np.zeros(1000, dtype=np.int8))
    >>> few = sampled(rows, pd.Series([f"lead {k}" for k in range(1000)]), 100)
    >>> 60 < len(few) < 140, few.notes[0][:35]
    (True, 'learned from a sample: 10.0 % of th')
    """
    decided = int(rows.decided.sum())
    if decided <= limit:
        return rows
    share = limit / decided
    hashed = pd.util.hash_pandas_object(unit.astype("str"), index=False).to_numpy(dtype=np.uint64)
    kept = rows.take((hashed < np.uint64(share * 2.0**63) * np.uint64(2))[rows.lead])
    note = (
        f"learned from a sample: {100 * share:.1f} % of the leads, whole companies, drawn by the hash of their names; "
        f"{int(kept.decided.sum()):,} of {decided:,} decided rows"
    )
    return replace(kept, notes=(*kept.notes, note))
