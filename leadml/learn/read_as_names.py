"""Columns that `fit` reads as categories although they may be meant as numbers: said, with both ways out."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real

import numpy as np
import pandas as pd

from leadml.learn import wording
from leadml.learn.coding.prepare import type_of
from leadml.points.columns import text_of
from leadml.points.plain_numbers import CODE, all_plain, are_plain, are_texts, matches, with_blanks

HALF = 0.5
LEVELS = 20  # so few different numbers, also beside texts, such as 1, 2, 3 and 4+, may well be levels
_DIGITS = r"(?:0|[1-9][0-9]{0,2}(?:[ ,.'\u2019\u00a0][0-9]{3})+|[1-9][0-9]*)(?:[.,][0-9]+)?"
_SIGN = r"(?:[€$£¥]|EUR|USD|GBP|CHF)"
AMOUNT = rf"\s*[-+]?\s*{_SIGN}?\s*[-+]?{_DIGITS}\s*(?:{_SIGN}|%)?\s*"


def doubtful(frame: pd.DataFrame) -> Iterator[str]:
    """Say of each column of names that looks like one of numbers why it is none; a pandas categorical is meant.

    Examples
    --------
    >>> frame = pd.DataFrame({"visits": [3, "3", 4, 7], "city": ["Graz", "Wien", "Graz", "Linz"]})
    >>> [told[:40] for told in doubtful(frame)]
    ["The column 'visits' mixes numbers, such "]
    """
    blank = next((str(name) for name in frame.columns if with_blanks(frame[name])), None)
    for name in map(str, frame.columns):
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype) or type_of(column) != "category":
            continue
        if not are_texts(column):
            yield from _mixed(name, column)
        elif blank is not None and all_plain(column):
            yield wording.text_without_blanks(name, blank)
        elif _amounts(column):
            yield wording.texts_of_numbers(name, column.dropna().iloc[0])
        else:
            yield from _between(name, column)


def _mixed(name: str, column: pd.Series) -> Iterator[str]:
    """Say that a column of Python objects holds the same numbers as numbers and as texts, or texts between numbers."""
    filled = column.dropna()
    text = filled.map(lambda value: isinstance(value, str)).to_numpy(dtype=bool)
    number = filled.map(lambda value: isinstance(value, Real) and not isinstance(value, (bool, np.bool_)))
    written = filled[text].astype("str")
    if number.any() and len(twice := written[are_plain(written)]):
        yield wording.numbers_and_texts(name, filled[number.to_numpy(dtype=bool)].iloc[0], twice.iloc[0])
    elif number.any() and text.any():
        yield from _between(name, filled.map(text_of))


def _amounts(column: pd.Series) -> bool:
    """Tell whether texts are many different numbers, "€3,400" and "30%" among them, and not codes.

    Codes, of industries, branches or places, are digits of one length; many numbers hardly ever are.

    Examples
    --------
    >>> visits, industries = pd.Series(range(400)).astype("str"), pd.Series(range(5111, 5511)).astype("str")
    >>> _amounts(visits), _amounts(visits + " %"), _amounts("k" + visits), _amounts(industries)
    (True, True, False, False)
    """
    found = pd.Series(column.dropna().unique(), dtype="str")
    found = found[~matches(found, r"\s*")]  # blanks are missing, whatever a column is read as
    codes = found.str.len().nunique() == 1 and matches(found, "[0-9]+").all()
    return len(found) > LEVELS and not codes and bool(matches(found, AMOUNT).all())


def _between(name: str, column: pd.Series) -> Iterator[str]:
    """Say that texts stand between numbers, unless these are codes or levels."""
    counts = column.dropna().astype("str").value_counts()
    texts = pd.Series(counts.index, dtype="str")
    number, leads = are_plain(texts), counts.to_numpy()
    if number.sum() > LEVELS and not number.all() and leads[number].sum() >= HALF * leads.sum():
        # blanks are missing, whatever a column is read as
        odd = texts[~number & ~matches(texts, r"\s*")]
        if len(odd) and not matches(odd, CODE).any():
            yield wording.texts_between_numbers(name, odd.iloc[0])
