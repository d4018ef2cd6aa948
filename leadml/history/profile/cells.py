"""The different texts of a column, so that each is read once however many leads have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.history.sources.readers import Table
from leadml.history.values.columns import typed
from leadml.history.values.placeholders import Placeholder, texts_for
from leadml.history.values.texts import as_text


@dataclass(frozen=True, eq=False)
class Cells:
    """A column as its different texts.

    Parameters
    ----------
    texts : Series of str
        The different texts, with a plain index; none is missing, a placeholder, or spaces only.
    codes : array of int
        For each lead the place of its text, -1 where it is missing.
    """

    texts: pd.Series
    codes: NDArray[np.intp]

    def spread(self, values: pd.Series) -> pd.Series:
        """Give each lead the value that belongs to its text; missing where its text is.

        Parameters
        ----------
        values : Series
            One value per different text.
        """
        return values.reset_index(drop=True).reindex(self.codes).reset_index(drop=True)


def cells_of(table: Table, column: str, missing: Iterable[Placeholder]) -> Cells:
    """Return the different texts of a column.

    Numbers, truths and moments count as the text of a category would be, ``3.0`` as ``3``, so that a CSV file and a
    frame with types give the same.

    Parameters
    ----------
    table : Table
    column : str
        One that the table has.
    missing : iterable of placeholders
        Texts that mean missing.

    Examples
    --------
    >>> table = Table(pd.DataFrame({"title": ["CEO", " ", None, "Select", "CEO"]}), "the frame", "leads", False)
    >>> cells = cells_of(table, "title", ("Select",))
    >>> cells.texts.tolist(), cells.codes.tolist()
    (['CEO'], [0, -1, -1, -1, 0])
    """
    placeholders = texts_for(column, missing)
    values = table.frame[column]
    if not pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        values, report = typed(column, values, table.untyped(column), placeholders)
        if report.type == "other":  # lists and the like, which cannot be told apart by comparing
            values = values.map(str, na_action="ignore").astype("str")
    codes, found = pd.factorize(values)
    different = pd.Series(found)
    if not pd.api.types.is_string_dtype(different.dtype):
        different = pd.Series([as_text(value) for value in different.tolist()])
    texts = different.astype("str")
    empty = np.asarray(texts.isna() | texts.isin(placeholders) | (texts.str.strip() == ""), dtype=bool)
    place = np.append(np.where(empty, -1, np.cumsum(~empty) - 1), -1)
    return Cells(texts[~empty].reset_index(drop=True), place[codes])
