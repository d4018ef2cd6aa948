"""What kind of values a column holds: number, boolean, category or date. One odd value is enough to say no.

Text is typed only where the source has no types: a CSV file, and columns of a frame that reading one `left_as_text`. A
number is a plain decimal; what starts with a needless zero (``01067``), or is an integer of more than 15 digits, is an
identifier and stays text. ``NA`` is a text like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from leadml.history.values.placeholders import SURELY_MISSING
from leadml.history.values.texts import kind_of_objects
from leadml.points.columns import text_of
from leadml.points.dates import DATE, moments_of_text
from leadml.points.personal import without_personal
from leadml.points.plain_numbers import CODE, NUMBER, are_plain, are_texts, matches

Type = Literal["number", "boolean", "category", "date", "empty", "other"]

# as float columns are printed, and cells of spaces: missing, where all else is a number
NO_NUMBER = r"[ \t]*(?:[+-]?(?:[nN][aA][nN]|[iI][nN][fF]|[iI][nN][fF][iI][nN][iI][tT][yY]))?[ \t]*"
DECIMAL_COMMA = r"[ \t]*-?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+[ \t]*"
TRUTHS = {"true": True, "false": False}
MOSTLY = 0.95
# A column of numbers, where texts that sound missing are left out of account; numbers that are few may be levels
MOSTLY_NUMBERS = 0.8
MANY_NUMBERS = 20
SOME_NUMBERS = 5
SHOWN = 5


@dataclass(frozen=True)
class ColumnReport:
    """What typing found in one column.

    Parameters
    ----------
    name : str
    type : {"number", "boolean", "category", "date", "empty", "other"}
        ``empty``: nothing but missing values; ``other``: values that are no text, number, truth or date.
    missing : int
        Values that are missing, placeholders included.
    odd : tuple of (int, str)
        Some of the values that keep the column from the type most of its values have: lead (from 1) and text.
    odd_count : int
        How many of them there are.
    hint : {"", "number", "numbers only", "decimal comma", "date"}
        The type most of its values have, or all, where that is not the column's type or some dates are none.
    """

    name: str
    type: Type
    missing: int
    odd: tuple[tuple[int, str], ...] = ()
    odd_count: int = 0
    hint: str = ""


def typed(name: str, values: pd.Series, is_text: bool, missing: frozenset[str]) -> tuple[pd.Series, ColumnReport]:
    """Find the type of a column and bring its values into the form of that type.

    Parameters
    ----------
    name : str
        The column.
    values : Series
        As read. A pandas categorical is a category, also where its levels are numbers or look like some.
    is_text : bool
        True where the source has no types, so that numbers are texts as well.
    missing : frozenset of str
        Placeholders: texts that mean missing. One that is a number also matches that number.

    Returns
    -------
    Series
        float64 (number), boolean, str (category), datetime64[us, UTC] (date), or as they were (other).
    ColumnReport
        The type and what stood out.

    Examples
    --------
    >>> numbers, report = typed("pdays", pd.Series(["3", "999", ""]), True, frozenset({"999"}))
    >>> numbers.tolist(), report.type, report.missing
    ([3.0, nan, nan], 'number', 2)
    """
    column = values
    if isinstance(column.dtype, pd.CategoricalDtype):
        column, is_text = _names(column), False
    if column.dtype == object and not is_text:
        column, plain = kind_of_objects(column)
        if not plain:
            return column, ColumnReport(name, "other", int(column.isna().sum()))
    if pd.api.types.is_bool_dtype(column.dtype):
        return _plain(name, "boolean", column.astype("boolean"))
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_complex_dtype(column.dtype):
        return _plain(name, "number", _finite(column.to_numpy(np.float64, na_value=np.nan), missing))
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _plain(name, "date", _utc(column))
    if not pd.api.types.is_string_dtype(column.dtype):
        return column, ColumnReport(name, "other", int(column.isna().sum()))
    found, report = _typed_text(name, column.astype("str"), is_text, missing)
    meant = is_text or isinstance(values.dtype, pd.CategoricalDtype)
    return found, report if meant else _only_numbers(report, found)


def left_as_text(column: pd.Series) -> bool:
    """Tell whether a column of a frame is text because reading a CSV file left it so, and not because somebody said so.

    ``pandas.read_csv(…, keep_default_na=False)`` makes numbers and truths of columns of nothing else, and leaves all
    others as texts, blanks where a cell is empty. So a column of nothing but numbers is text because somebody made it
    so, and one with missing values has been through other hands.

    Examples
    --------
    >>> [left_as_text(pd.Series(texts)) for texts in (["1", ""], ["1", "n/a"], ["1", "2"], ["1", None, ""])]
    [True, True, False, False]
    """
    if not are_texts(column) or column.isna().any():
        return False
    texts = column.astype("str")
    return not (matches(texts, NUMBER).all() or texts.str.lower().isin(list(TRUTHS)).all())


def _names(column: pd.Series) -> pd.Series:
    """Take a pandas categorical apart; numbers in it are names, written as scoring writes them."""
    levels = column.cat.categories
    if not pd.api.types.is_any_real_numeric_dtype(levels.dtype):
        return column.astype(levels.dtype)
    texts = np.array([*(text_of(level) for level in levels), None], dtype=object)
    return pd.Series(texts[column.cat.codes.to_numpy()], index=column.index, dtype="str")


def _typed_text(name: str, values: pd.Series, is_text: bool, missing: frozenset[str]) -> tuple[pd.Series, ColumnReport]:
    column = values.mask(values.isin([*missing, ""]))
    filled = column.notna().to_numpy(dtype=bool)
    if not filled.any():
        return column, ColumnReport(name, "empty", len(column))
    if is_text:
        number = are_plain(column)
        gap = matches(column, NO_NUMBER)
        if number.any() and (number | gap)[filled].all():
            return _plain(name, "number", _finite(_parse(column.where(number)), missing))
        truth = column.str.lower()
        if truth[filled].isin(list(TRUTHS)).all():
            return _plain(name, "boolean", truth.map(TRUTHS).astype("boolean"))
    if matches(column, DATE)[filled].mean() >= MOSTLY:
        moments = moments_of_text(column)
        unread = filled & moments.isna().to_numpy(dtype=bool)
        return _with_odd(moments, ColumnReport(name, "date", int((~filled).sum())), values, unread, "date")
    report = ColumnReport(name, "category", int((~filled).sum()))
    return column, _almost_numbers(report, column, number, filled & ~gap) if is_text else report


def _only_numbers(report: ColumnReport, column: pd.Series) -> ColumnReport:
    """Report texts of a source with types that are all numbers; few of them may well be levels."""
    filled = column.dropna()
    if report.type != "category" or filled.nunique() < SOME_NUMBERS or not are_plain(filled).all():
        return report
    return replace(report, hint="numbers only")  # without examples: they may be phone numbers


def _almost_numbers(report: ColumnReport, column: pd.Series, number: np.ndarray, filled: np.ndarray) -> ColumnReport:
    """Report texts that stand between numbers; unless these are codes, or levels such as 1, 2, 3, 4+."""
    if not filled.any():
        return report
    comma = matches(column, DECIMAL_COMMA)
    if comma.any() and (number | comma)[filled].mean() >= MOSTLY:
        return _with_odd(column, report, column, comma, "decimal comma")[1]
    odd = filled & ~number
    if not odd.any() or _are_levels(column[number], column[odd]) or matches(column, CODE).any():
        return report
    kinds = pd.Series(column[odd].unique(), dtype="str")
    placeholders = kinds[kinds.str.strip().str.casefold().isin(SURELY_MISSING)]
    said = filled & ~column.isin(placeholders).to_numpy(dtype=bool)
    if number[said].mean() < MOSTLY_NUMBERS:
        return report
    once = odd & ~column.duplicated().to_numpy(dtype=bool)  # to name a text once is enough
    return replace(_with_odd(column, report, column, once, "number")[1], odd_count=int(odd.sum()))


def _are_levels(numbers: pd.Series, texts: pd.Series) -> bool:
    different = numbers.nunique()
    if different > MANY_NUMBERS:
        return False
    return different < SOME_NUMBERS or bool(texts.str.contains("[0-9]", regex=True).any())


def _with_odd(
    result: pd.Series, report: ColumnReport, seen: pd.Series, odd: np.ndarray, hint: str
) -> tuple[pd.Series, ColumnReport]:
    where = np.flatnonzero(odd)
    texts = without_personal(seen.iloc[where[:SHOWN]].astype("str"))
    shown = tuple((int(k) + 1, text) for k, text in zip(where, texts, strict=False))
    hint = hint if len(where) else ""
    return result, ColumnReport(report.name, report.type, report.missing, shown, len(where), hint)


def _plain(name: str, type_: Type, values: pd.Series) -> tuple[pd.Series, ColumnReport]:
    missing = int(values.isna().sum())
    return values, ColumnReport(name, "empty" if missing == len(values) else type_, missing)


def _finite(values: np.ndarray, missing: frozenset[str]) -> pd.Series:
    """Make infinities and placeholders missing, and one zero of the two."""
    placeholders = [float(text) for text in sorted(missing) if is_number(text)]
    gone = ~np.isfinite(values) | np.isin(values, placeholders)
    return pd.Series(np.where(gone, np.nan, values + 0.0), dtype=np.float64)


def _parse(column: pd.Series) -> np.ndarray:
    # Arrow's parser rounds as Python's does, fifteen times as fast
    parsed = column.str.strip(" \t").astype("double[pyarrow]")
    return parsed.to_numpy(np.float64, na_value=np.nan)


def _utc(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.ArrowDtype):  # its dates know no zone, not even that they have none
        column = pd.to_datetime(column.astype(object), utc=True)
    moments: pd.Series = column.dt.tz_localize("UTC") if column.dt.tz is None else column.dt.tz_convert("UTC")
    return moments.astype("datetime64[us, UTC]")


def is_number(text: str) -> bool:
    """Tell whether a text is a plain decimal number.

    Examples
    --------
    >>> [is_number(text) for text in ("-1.5", "1e3", "01067", "1,5", "NA", "1_000")]
    [True, True, False, False, False, False]
    """
    return bool(re.fullmatch(NUMBER, text)) and not re.fullmatch(CODE, text)
