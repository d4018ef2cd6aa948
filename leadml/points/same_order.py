"""Values with labels of their own, such as a pandas Series: they are taken by position, like those of an array.

Where the labels are those of the leads in another order, after a sort or a sample, the positions are surely not meant.
"""

from __future__ import annotations

from typing import Any

from leadml.points import wording


def check_order(leads: Any, **values: Any) -> None:
    """Refuse a Series whose labels are those of the leads in another order.

    Parameters
    ----------
    leads : Any
        A frame or Series of pandas; anything else has no labels, and nothing is refused.
    **values : Any
        By what they are called; `None` is passed over, and so is what has no labels.

    Raises
    ------
    UsageError
        If both have the same labels, none of them twice, and not in the same order.

    Examples
    --------
    >>> import pandas as pd
    >>> leads = pd.DataFrame({"visits": [1, 2]}, index=["a", "b"])
    >>> check_order(leads, outcomes=pd.Series([True, False], index=["a", "b"]))
    >>> check_order(leads, outcomes=pd.Series([True, False], index=["b", "a"]))
    Traceback (most recent call last):
    leadml.errors.UsageError: The outcomes carry the same labels (index) as the leads, but in another order: ...
    """
    for what, given in values.items():
        if not (hasattr(leads, "iloc") and hasattr(given, "iloc")) or leads.index.equals(given.index):
            continue
        mine, theirs = given.index, leads.index
        if len(mine) == len(theirs) and mine.is_unique and theirs.is_unique and theirs.isin(mine).all():
            raise wording.other_order(what, mine[0], theirs[0])
