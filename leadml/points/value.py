"""Value tables: point tables whose probability, times a cap, is what a deal is worth.

A value table is learned from won deals (`leadml.learn.value`); ``provenance["value"]`` marks it and holds its cap.
Its rules count deals, and their `conversion_rate` times the cap is the mean value of these deals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

POTENTIAL = "potential"
DEAL_VALUE = "expected_deal_value"


@dataclass(frozen=True)
class ValueScale:
    """How the probability of a value table becomes money.

    Parameters
    ----------
    cap : float
        The value that a probability of 1 would stand for.
    deals : int
        Won deals with a value that it was learned from.
    counted_to : float
        Greater values counted as this one, see `above`.
    above : int
        How many deals were worth more.
    """

    cap: float
    deals: int
    counted_to: float
    above: int


def value_scale(table: PointTable) -> ValueScale | None:
    """Return how a value table becomes money; None for any other table.

    Examples
    --------
    >>> from leadml.points.rules import Dimension
    >>> from leadml.points.table import PointTable, Probability
    >>> told = {"cap": 900.0, "deals": 200, "counted_to": 900.0, "above": 0}
    >>> table = PointTable(name="a", dimensions=(Dimension("potential", 0),), features=(), top_cut=0,
    ...                    probability=Probability(0.0, 0.0), provenance={"value": told})
    >>> value_scale(table)
    ValueScale(cap=900.0, deals=200, counted_to=900.0, above=0)
    >>> worth(table, 10)
    450.0
    >>> import pandas as pd
    >>> table.score(pd.DataFrame(index=range(2)))["expected_deal_value"].tolist()
    [450.0, 450.0]
    """
    told: Any = table.provenance.get("value")
    cap = told.get("cap") if isinstance(told, dict) else None
    if not isinstance(cap, int | float):
        return None
    deals, above = (int(told.get(name, 0)) for name in ("deals", "above"))
    return ValueScale(float(cap), deals, float(told.get("counted_to", cap)), above)


def worth(table: PointTable, score: int) -> float:
    """Return what a deal with this score is expected to be worth, by a value table."""
    odds = table.probability.intercept + table.probability.slope * score
    return _scale(table).cap / (1 + exp(-max(min(odds, 700.0), -700.0)))


def expected_deal_value(table: PointTable, leads: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Say of each lead what its deal would be worth, were it won.

    Parameters
    ----------
    table : PointTable
        A value table.
    leads : DataFrame of n leads
        Has a column for every feature.

    Returns
    -------
    potential : ndarray of shape (n,)
        The score by the value table.
    value : ndarray of shape (n,)
        Cap times probability, in the unit of the deals that it was learned from.

    Raises
    ------
    UsageError
        If it is no value table, or a column is missing.
    DataError
        If a column holds something that is not of the feature's type.
    """
    import numpy as np

    _scale(table)
    scored = table.score(leads, reasons=0)
    return scored["score"].to_numpy(dtype=np.int64), scored[DEAL_VALUE].to_numpy(dtype=np.float64)


def amount(value: float) -> str:
    """Write an amount as one says it: three digits, none behind the point from 100 on.

    Examples
    --------
    >>> amount(12345.6), amount(987.65), amount(4.567), amount(0.0), amount(-1234)
    ('12,300', '988', '4.57', '0', '-1,230')
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"


def value_notes(table: PointTable, scale: ValueScale) -> list[str]:
    """Say in words how the score of a value table becomes money.

    Parameters
    ----------
    table : PointTable
    scale : ValueScale
        That of the table.

    Returns
    -------
    list of str
        Sentences.
    """
    low, high = table.lowest, table.highest
    steps = sorted({low, (low + high) // 2, high})
    said = ", ".join(f"{score} for {amount(worth(table, score))}" for score in steps)
    lines = [f"A score stands for an expected deal value, should the lead be won: {said}."]
    if scale.above:
        deals = "1 deal" if scale.above == 1 else f"{scale.above:,} deals"
        lines.append(
            f"Of {scale.deals:,} deals {deals} above {amount(scale.counted_to)} counted as that, and all means were "
            "raised in proportion, so that they add up to the true total."
        )
    return lines


def _scale(table: PointTable) -> ValueScale:
    found = value_scale(table)
    if found is None:
        raise not_a_value_table(table.name)
    return found


def check_tells_wins(table: PointTable, what: str) -> None:
    """Refuse a value table where it is asked how likely leads are won.

    Parameters
    ----------
    table : PointTable
    what : str
        What cannot be told from it, such as ``"a threshold"``.

    Raises
    ------
    UsageError
        If it is one.
    """
    if value_scale(table) is not None:
        raise tells_no_wins(table.name, what)


def share_note(table: PointTable) -> str:
    """Say what the probability in an export of a value table is; empty for any other table, whose is one."""
    scale = value_scale(table)
    if scale is None:
        return ""
    return (
        f"This is a value table: probability is not how likely a lead is won, but the share of {scale.cap!r}; times "
        "that it is the expected deal value."
    )


def not_a_value_table(name: str) -> UsageError:
    """Refuse a table that says nothing about what deals are worth."""
    return UsageError(
        f"{name!r} is no value table: it was learned from won and lost leads, not from what deals were worth. Make one "
        "with: leadml value SOURCE --table NAME."
    )


def tells_no_wins(name: str, what: str) -> UsageError:
    """Refuse to take what a deal is worth for how likely it is won."""
    return UsageError(
        f"{name!r} is a value table: it says what a deal is worth, and not how likely it is won, which {what} needs. "
        f"Give the table that was learned from won and lost leads; leadml score TABLE LEADS --value {name} puts what "
        "both say side by side."
    )
