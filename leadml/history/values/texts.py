"""Values of mixed Python types, as frames may hold them, brought to one kind or to text."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NUMERIC = {"integer", "floating", "mixed-integer-float", "decimal"}
DATED = {"date", "datetime", "datetime64"}


def kind_of_objects(values: pd.Series) -> tuple[pd.Series, bool]:
    """Give a column of Python objects the dtype that fits all its values.

    Parameters
    ----------
    values : Series of object

    Returns
    -------
    Series
        Numbers, truths, moments or text; the values as they were where none of these fits.
    bool
        Whether one fitted.

    Examples
    --------
    >>> import pandas as pd
    >>> kind_of_objects(pd.Series([1, "a", 2.5, None], dtype=object))[0].tolist()
    ['1', 'a', '2.5', nan]
    """
    import pandas as pd

    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind == "empty":
        return pd.Series(math.nan, index=values.index), True
    if kind == "boolean":
        return values.astype("boolean"), True
    if kind in NUMERIC:
        return values.map(float, na_action="ignore").astype("float64"), True
    if kind in DATED:
        return pd.to_datetime(values, utc=True, errors="coerce"), True
    if kind == "string":
        return values.astype("str"), True
    return _as_text(values)


def _as_text(values: pd.Series) -> tuple[pd.Series, bool]:
    filled = values.dropna()
    if not filled.map(lambda value: isinstance(value, (str, Real, Decimal))).all():
        return values, False
    return values.map(as_text, na_action="ignore").astype("str"), True


def as_text(value: Any) -> str | None:
    """Write a value as the text of a category: integral numbers without a point, truths in lower case.

    Examples
    --------
    >>> [as_text(value) for value in ("Yes", True, 3.0, 2.5, float("inf"))]
    ['Yes', 'true', '3', '2.5', None]
    """
    if isinstance(value, str):
        return value
    if value is True or value is False or type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return str(int(value))
    if not isinstance(value, (Real, Decimal)):
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    return str(int(number)) if number.is_integer() else repr(number)
