"""Scored leads with what they are expected to bring, and their rank by it beside their rank by probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.value import POTENTIAL, expected_deal_value

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

COLUMNS = (POTENTIAL, "expected_deal_value", "expected_value", "rank_by_probability", "rank_by_value")


def with_value(
    scored: pd.DataFrame, table: PointTable, leads: pd.DataFrame, held: NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """Add what leads are expected to bring to what a point table says of them.

    Parameters
    ----------
    scored : DataFrame of n leads
        What `PointTable.score` gives.
    table : PointTable
        A value table.
    leads : DataFrame of n leads
        Has a column for every feature of the value table.
    held : ndarray of bool, shape (n,), optional
        Leads in the holdout, which take no rank from others.

    Returns
    -------
    DataFrame of n leads
        With `COLUMNS` added: the score by the value table; what the deal would be worth; that times the probability;
        and ranks from 1, tied leads sharing the best of theirs.

    Raises
    ------
    UsageError
        If it is no value table, or a column is missing.
    DataError
        If a column holds something that is not of the feature's type.
    """
    import numpy as np
    import pandas as pd

    potential, deal = expected_deal_value(table, leads)
    chance = scored["probability"].to_numpy(dtype=np.float64)
    shown = np.ones(len(scored), dtype=bool) if held is None else ~held
    ranks = [_rank(by, shown) for by in (chance, chance * deal)]
    added = dict(zip(COLUMNS, (potential, deal, chance * deal, *ranks), strict=True))
    return pd.concat([scored, pd.DataFrame(added, index=scored.index)], axis="columns")


def _rank(by: NDArray[np.float64], shown: NDArray[np.bool_]) -> NDArray[np.int64]:
    import numpy as np
    import pandas as pd

    rank = np.zeros(len(by), dtype=np.int64)
    rank[shown] = pd.Series(-by[shown]).rank(method="min").to_numpy(dtype=np.int64)
    return rank
