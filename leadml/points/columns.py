"""From a column as it comes to numbers or texts that rules can be compared with.

What counts as missing: null, NaN, plus and minus infinity, empty text, and the placeholders of the point
table. Numbers are IEEE doubles; a text stands for a number when it is a decimal. Categories are compared by
exact code points: booleans are "true" and "false", whole numbers have no decimal point.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_any_real_numeric_dtype, is_bool_dtype, is_extension_array_dtype

from leadml.points import wording

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.errors import DataError

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UNBOUNDED = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)  # as float columns are printed
_TRUTH = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_ONE_TYPE = ("string", "integer", "floating", "boolean")
EXAMPLES = 3

MISSING = -1


def numbers(column: pd.Series[Any], missing: Sequence[str] = ()) -> NDArray[np.float64]:
    """Read a column as numbers.

    Parameters
    ----------
    column : Series of n leads
        Numbers of any type, booleans (0 and 1), or texts that are decimals.
    missing : sequence of str
        Placeholders; one that is a decimal also stands for that number.

    Returns
    -------
    ndarray of shape (n,)
        NaN where missing.

    Raises
    ------
    DataError
        If anything else stands there.

    Examples
    --------
    >>> numbers(pd.Series([" 7.5", "n/a", None, "999"], dtype="str"), missing=["n/a", "999"])
    array([7.5, nan, nan, nan])
    """
    values = raw_numbers(column, missing).astype(np.float64, copy=False)
    keep = np.isfinite(values)
    for placeholder in placeholder_numbers(missing):
        keep &= values != placeholder
    return np.where(keep, values, np.nan)


def raw_numbers(column: pd.Series[Any], missing: Sequence[str] = ()) -> NDArray[Any]:
    """Read a column as numbers that may still be infinite, or placeholders; see `numbers`.

    Parameters
    ----------
    column : Series of n leads
        As for `numbers`.
    missing : sequence of str
        Placeholders; those that are no decimals become NaN.

    Returns
    -------
    ndarray of shape (n,)
        The column's own memory where it has numbers already.
    """
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
        return column.to_numpy()
    if is_extension_array_dtype(dtype) and is_any_real_numeric_dtype(dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return _by_levels(column, lambda level: _number(level, missing), np.float64)


def placeholder_numbers(missing: Sequence[str]) -> list[float]:
    """List the finite numbers that placeholders stand for, ascending."""
    found = {number for number in map(_decimal, missing) if number is not None}
    return sorted(number for number in found if math.isfinite(number))


def levels(column: pd.Series[Any], known: Sequence[str], missing: Sequence[str] = ()) -> NDArray[np.intp]:
    """Read a column as categories and say which of the known ones each lead has.

    Parameters
    ----------
    column : Series of n leads
        Texts, numbers, booleans or a categorical.
    known : sequence of str
        The categories asked for.
    missing : sequence of str
        Placeholders.

    Returns
    -------
    ndarray of shape (n,)
        The position among `known`, ``len(known)`` for any other text, -1 where missing.

    Raises
    ------
    DataError
        If a value is no text, number, boolean or date.

    Examples
    --------
    >>> levels(pd.Series(["b", "a", "c", ""], dtype="str"), known=["a", "b"]).tolist()
    [1, 0, 2, -1]
    """
    if isinstance(column.dtype, pd.StringDtype):
        return _places_of_texts(column, known, missing)
    positions = {text: position for position, text in enumerate(known)}
    positions |= dict.fromkeys(["", *missing], MISSING)
    other = len(known)

    def place(level: Any) -> int | None:
        text = text_of(level)
        return None if text is None else positions.get(text, other)

    return _by_levels(column, place, np.intp, wanted="texts, numbers or booleans")


def texts(column: pd.Series[Any]) -> list[str]:
    """List the categories of a column as texts, each once, in code point order.

    Parameters
    ----------
    column : Series of n leads
        Texts, numbers, booleans or a categorical.

    Returns
    -------
    list of str
        What `levels` compares; missing values are left out.

    Raises
    ------
    DataError
        If something stands there that cannot be told apart, such as lists.

    Examples
    --------
    >>> texts(pd.Series(["b", 1, True, 1.0, None, ""], dtype=object))
    ['1', 'b', 'true']
    """
    found = (text_of(level) for _, _, uniques in _distinct(column) for level in uniques)
    return sorted({text for text in found if text})


def truths(column: pd.Series[Any], missing: Sequence[str] = ()) -> NDArray[np.intp]:
    """Read a column as booleans.

    Parameters
    ----------
    column : Series of n leads
        Booleans, 0 and 1, or true, false, yes, no in any case.
    missing : sequence of str
        Placeholders.

    Returns
    -------
    ndarray of shape (n,)
        0 for true and 1 for false (their order in `rules.TRUTHS`), -1 where missing.

    Raises
    ------
    DataError
        If anything else stands there.

    Examples
    --------
    >>> truths(pd.Series([True, "No", 1, None], dtype=object)).tolist()
    [0, 1, 0, -1]
    """
    gone = {"", *missing}
    if is_bool_dtype(column.dtype) and not gone & {"true", "false"}:
        absent = column.isna().to_numpy()
        return np.where(absent, MISSING, np.where(column.where(~absent, False).to_numpy(dtype=bool), 0, 1))

    def place(level: Any) -> int | None:
        text = text_of(level)
        if text in gone:
            return MISSING
        truth = None if text is None else _TRUTH.get(text.lower())
        return None if truth is None else int(truth == "false")

    return _by_levels(column, place, np.intp, wanted="true or false")


def text_of(level: Any) -> str | None:
    """Return the text of one category, empty where it is missing, None where it is no category.

    Examples
    --------
    >>> [text_of(level) for level in ("Wien", True, 7.0, 2.5, float("inf"), b"x")]
    ['Wien', 'true', '7', '2.5', '', None]
    """
    if isinstance(level, str):
        return str(level)
    if isinstance(level, (bool, np.bool_)):
        return "true" if level else "false"
    if isinstance(level, (int, np.integer)):
        return str(int(level))
    if isinstance(level, (Real, Decimal)):
        number = float(level)
        if not math.isfinite(number):
            return ""
        return str(int(number)) if number.is_integer() else repr(number)
    return str(level) if hasattr(level, "isoformat") else None


def _places_of_texts(column: pd.Series[Any], known: Sequence[str], missing: Sequence[str]) -> NDArray[np.intp]:
    """Look every text up among the known ones; no text is touched twice, however many different ones there are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # A text that is known and a placeholder is the latter; null is one as well.
    entries: dict[str | None, int] = {text: position for position, text in enumerate(known)}
    entries |= dict.fromkeys([None, "", *missing], MISSING)
    values, asked = (pa.array(texts, type=pa.large_string()) for texts in (column, list(entries)))
    found = pc.fill_null(pc.index_in(values, value_set=asked), len(entries))
    places = np.array([*entries.values(), len(known)], dtype=np.intp)
    return np.asarray(places[found.to_numpy(zero_copy_only=False)])


def _by_levels(
    column: pd.Series[Any],
    convert: Callable[[Any], Any],
    dtype: type[np.generic],
    wanted: str = "numbers",
) -> NDArray[Any]:
    """Convert each distinct value once and spread the results over the leads; a bad one converts to None."""
    absent = np.nan if dtype is np.float64 else MISSING
    result = np.full(len(column), absent, dtype=dtype)
    bad = np.zeros(len(column), dtype=bool)
    for rows, codes, uniques in _distinct(column):
        converted = [convert(level) for level in uniques]
        # The last entry serves the code -1, which pandas gives to missing values.
        table = np.array([absent if value is None else value for value in converted] + [absent], dtype=dtype)
        faults = np.array([value is None for value in converted] + [False])
        result[rows] = table[codes]
        bad[rows] = faults[codes]
    if bad.any():
        raise _not_convertible(column, wanted, bad)
    return result


def _distinct(column: pd.Series[Any]) -> Iterable[tuple[Any, NDArray[np.intp], Iterable[Any]]]:
    """Yield rows with the codes of their values and the distinct values, one type of values at a time."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        yield slice(None), np.asarray(column.cat.codes, dtype=np.intp), column.cat.categories
    elif column.dtype != object or infer_dtype(column, skipna=True) in _ONE_TYPE:
        codes, uniques = pd.factorize(column)
        yield slice(None), codes, uniques
    else:
        # Python's 1 and True are equal, so they would become one level; as categories they are two.
        values = column.to_numpy()
        kinds = np.empty(len(values), dtype=object)
        kinds[:] = list(map(type, values))
        type_codes, types = pd.factorize(kinds)
        for position in range(len(types)):
            rows = np.flatnonzero(type_codes == position)
            try:
                codes, found = pd.factorize(values[rows])
            except TypeError:  # lists and the like
                raise _not_convertible(column, "single values", type_codes == position) from None
            yield rows, codes, found


def _number(level: Any, missing: Sequence[str]) -> float | None:
    if isinstance(level, str):
        text = level.strip()
        if not text or level in missing or text in missing or _UNBOUNDED.fullmatch(text):
            return math.nan
        return _decimal(text)
    if isinstance(level, (bool, np.bool_, Real, Decimal)):
        try:
            return float(level)
        except OverflowError:  # an integer beyond the largest double
            return math.inf
    return None


def _decimal(text: str) -> float | None:
    return float(text) if _DECIMAL.fullmatch(text.strip()) else None


def _not_convertible(column: pd.Series[Any], wanted: str, bad: NDArray[np.bool_]) -> DataError:
    rows = np.flatnonzero(bad)
    examples = [(int(row) + 1, column.iloc[int(row)]) for row in rows[:EXAMPLES]]
    return wording.not_convertible(str(column.name), wanted, len(rows), examples)
