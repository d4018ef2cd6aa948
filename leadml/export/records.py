"""Leads as JSON holds them, for engines that take one record at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.form import Input
    from leadml.points.rules import FeatureType


@dataclass(frozen=True)
class Field:
    """An input of an export: what its engine calls it, which column it comes from, of which type it is."""

    name: str
    column: str
    type: FeatureType

    def to_dict(self) -> dict[str, str]:
        """Return it as an export lists it."""
        return {"field": self.name, "column": self.column, "type": self.type}


def field_of(part: Input, name: str) -> Field:
    """Return the field of an input under the name that an engine has for it."""
    return Field(name, part.name, part.type)


def fields_from(content: Sequence[dict[str, Any]]) -> list[Field]:
    """Read what `Field.to_dict` wrote."""
    return [Field(entry["field"], entry["column"], entry["type"]) for entry in content]


def records(leads: pd.DataFrame, fields: Sequence[Field], *, infinities: bool = False) -> list[dict[str, Any]]:
    """Return leads as records of plain values.

    Parameters
    ----------
    leads : DataFrame of n leads
        Has the column of every field.
    fields : sequence of Field
        What to hand over, and under which names.
    infinities : bool
        Whether infinite numbers stay; JSON has none, and they mean missing.

    Returns
    -------
    list of dict
        n records; missing values are None, whole numbers are int, as JSON writes them.

    Examples
    --------
    >>> import pandas as pd
    >>> records(pd.DataFrame({"a b": [1.0, float("nan")]}), [Field("f1", "a b", "number")])
    [{'f1': 1}, {'f1': None}]
    """
    import pandas as pd

    columns = {}
    for field in fields:
        column = leads[field.column].astype(object)
        values = column.where(~pd.isna(column), None).tolist()
        columns[field.name] = [_plain(value, infinities) for value in values] if field.type == "number" else values
    if not columns:
        return [{} for _ in range(len(leads))]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any, infinities: bool) -> int | float | None:
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        return number if infinities else None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def number(text: str) -> int | float:
    """Return a cut as JSON writes it: a whole number without a decimal point, any other as its shortest decimal.

    Examples
    --------
    >>> number("50"), number("49.5"), number("10000000000000000000000")
    (50, 49.5, 1e+22)
    """
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
