"""Texts that are plain decimal numbers, and columns of numbers that are texts only because their gaps are blank.

``pandas.read_csv(…, keep_default_na=False)`` leaves an empty cell as a blank text, and so the whole column as texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_string_dtype

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBER = r"[ \t]*-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*"
# a needless zero in front, or more digits than a double holds: a name, and no number
CODE = r"[ \t]*(?:-?0[0-9]+|-?[0-9]{16,})[ \t]*"


def are_texts(column: pd.Series[Any]) -> bool:
    """Tell whether a column holds texts and nothing else; pandas counts any Python objects, such as dates, as text.

    Examples
    --------
    >>> from datetime import date
    >>> are_texts(pd.Series(["2024-03-01", None], dtype=object)), are_texts(pd.Series([date(2024, 3, 1)]))
    (True, False)
    """
    if column.dtype == object:
        return infer_dtype(column, skipna=True) == "string"
    return is_string_dtype(column.dtype)


def matches(texts: pd.Series[Any], pattern: str) -> NDArray[np.bool_]:
    """Tell which texts fit a pattern as a whole; a missing one does not."""
    return texts.str.fullmatch(f"(?:{pattern})", na=False).to_numpy(dtype=bool)


def are_plain(texts: pd.Series[Any]) -> NDArray[np.bool_]:
    """Tell which texts are plain decimal numbers.

    Examples
    --------
    >>> are_plain(pd.Series(["-1.5", "1e3", "01067", "1,5", "NA", ""], dtype="str")).tolist()
    [True, True, False, False, False, False]
    """
    return matches(texts, NUMBER) & ~matches(texts, CODE)


def all_plain(column: pd.Series[Any]) -> bool:
    """Tell whether a column holds texts, and all that are there are plain numbers."""
    if not are_texts(column):
        return False
    filled = column.dropna().astype("str")
    return len(filled) > 0 and bool(are_plain(filled).all())


def with_blanks(column: pd.Series[Any]) -> bool:
    """Tell whether a column holds texts that are plain numbers, and blanks where a number is missing.

    A missing value that is no text says that somebody has decided on the type of the column, so then it is none.

    Examples
    --------
    >>> [with_blanks(pd.Series(texts)) for texts in (["1.5", "", "2"], ["1.5", "2"], ["1", None, ""], ["", "AT"])]
    [True, False, False, False]
    """
    if not are_texts(column) or column.isna().any():
        return False
    texts = column.astype("str")
    blank = texts.str.strip(" \t").eq("").to_numpy(dtype=bool)
    return bool(blank.any()) and not blank.all() and bool((blank | are_plain(texts)).all())
