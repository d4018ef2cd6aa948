"""How much of a form a lead filled, and how many of the four questions of a sale it answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from leadml.history.profile.cells import cells_of
from leadml.history.profile.nonsense import is_nonsense
from leadml.history.profile.wording import column_twice
from leadml.history.sources.readers import Table
from leadml.history.values.placeholders import Placeholder


def filled(table: Table, column: str, missing: Iterable[Placeholder]) -> NDArray[np.bool_]:
    """Tell which leads filled a field: with a value that is not missing, no placeholder and no nonsense.

    Examples
    --------
    >>> import pandas as pd
    >>> table = Table(pd.DataFrame({"phone": ["+43 1 234", "xxx", "Select", None, "0"]}), "the frame", "leads", True)
    >>> filled(table, "phone", ("Select",)).tolist()
    [True, False, False, False, True]
    """
    cells = cells_of(table, column, missing)
    answered: NDArray[np.bool_] = np.append(~is_nonsense(cells.texts), False)
    return answered[cells.codes]


def answers(table: Table, columns: Sequence[str], missing: Sequence[Placeholder], setting: str) -> NDArray[np.int64]:
    """Count for each lead the fields that it filled.

    Parameters
    ----------
    table : Table
    columns : sequence of str
        The fields.
    missing : sequence of placeholders
        Texts that mean missing.
    setting : str
        The setting that names the columns, for messages.

    Returns
    -------
    int array

    Raises
    ------
    UsageError
        If a column does not exist, or stands twice.
    """
    table.require(columns)
    for k, column in enumerate(columns):
        if column in columns[:k]:
            raise column_twice(setting, column)
    counts = np.zeros(len(table.frame), dtype=np.int64)
    for column in columns:
        counts += filled(table, column, missing)
    return counts
