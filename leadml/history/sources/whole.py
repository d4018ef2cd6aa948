"""Numbers that are names and stand beside gaps: pandas counts these as floats and writes 5112 to a CSV as 5112.0."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]*)?"
_WITH_POINT = r"([+-]?[0-9]+)\.0"


def all_with_point(column: pd.Series) -> bool:
    """Tell whether whole numbers stand in a column of texts, every number as 5112.0.

    Examples
    --------
    >>> import pandas as pd
    >>> all_with_point(pd.Series(["5112.0", None, "none"])), all_with_point(pd.Series(["1.0", "1.1"]))
    (True, False)
    """
    numbers = column[column.str.fullmatch(_NUMBER).fillna(False).to_numpy(dtype=bool)]
    return bool(len(numbers)) and bool(numbers.str.fullmatch(_WITH_POINT).all())


def without_point(column: pd.Series) -> pd.Series:
    """Write whole numbers as names, without the point.

    Examples
    --------
    >>> import pandas as pd
    >>> without_point(pd.Series(["5112.0", "1.10", "none"])).tolist()
    ['5112', '1.10', 'none']
    """
    return column.str.replace(f"^{_WITH_POINT}$", r"\1", regex=True)


def named_without_point(names: Iterable[str]) -> bool:
    """Tell whether some names are whole numbers, and none has a point where 5112.0 has it.

    Examples
    --------
    >>> named_without_point(["5112", "other"]), named_without_point(["1", "1.0"]), named_without_point(["Software"])
    (True, False, False)
    """
    known = list(names)
    whole = any(re.fullmatch(r"[+-]?[0-9]+", name) for name in known)
    return whole and not any(re.fullmatch(_WITH_POINT, name) for name in known)
