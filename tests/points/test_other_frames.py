"""Leads in frames of other libraries score as the same leads in pandas, and what is no frame is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from leadml.errors import UsageError
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.scoring import points_frame, rule_codes
from leadml.points.table import PointTable, Probability

CITIES = ["Wien", None, "Graz", "Wien", ""]
SIZES = [1.0, None, 12.0, float("inf"), -3.0]
MAILS = [True, None, False, None, True]


def table() -> PointTable:
    city = (
        Rule("city:0", "set", 7, values=("Wien",)),
        Rule("city:1", "other", 0, neutral=True),
        Rule("city:2", "missing", -4),
    )
    size = (
        Rule("size:0", "range", 0, hi="10", neutral=True),
        Rule("size:1", "range", 20, lo="10"),
        Rule("size:2", "missing", -40),
    )
    mail = (
        Rule("mail:0", "set", 100, values=("true",)),
        Rule("mail:1", "set", 0, values=("false",), neutral=True),
        Rule("mail:2", "missing", -200),
    )
    made = (
        Feature("city", "fit", "category", city),
        Feature("size", "fit", "number", size),
        Feature("mail", "fit", "boolean", mail),
    )
    return PointTable(
        name="one", dimensions=(Dimension("fit", 0),), features=made, probability=Probability(0, 0.1), top_cut=1
    )


def in_pandas() -> pd.DataFrame:
    columns = {"city": CITIES, "size": SIZES, "mail": MAILS}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def in_arrow(city: Any) -> pa.Table:
    return pa.table({"city": city, "size": pa.array(SIZES), "mail": pa.array(MAILS)})


class DataFrame:
    """As polars has it: of the same name, another library's, and it can give a pandas frame."""

    __module__ = "polars.dataframe.frame"

    def __init__(self, gives: object) -> None:
        self._gives = gives

    def to_pandas(self) -> object:
        return self._gives


ARROW = {
    "texts": pa.array(CITIES),
    "dictionary, null by its code": pa.array(CITIES).dictionary_encode(),
    "dictionary, null in it": pa.DictionaryArray.from_arrays(pa.array([0, 2, 1, 0, 3]), ["Wien", "Graz", None, ""]),
    "dictionary, both": pa.DictionaryArray.from_arrays(pa.array([0, None, 1, 0, 3]), ["Wien", "Graz", None, ""]),
}


@pytest.mark.parametrize("city", ARROW.values(), ids=ARROW.keys())
def test_leads_of_pyarrow_score_as_in_pandas(city: Any) -> None:
    wanted = table().score(in_pandas())
    assert wanted["score"].tolist() == [107, -244, 20, -233, 96]
    given = in_arrow(city)
    pd.testing.assert_frame_equal(table().score(given), wanted)
    pd.testing.assert_frame_equal(table().score(given.to_batches()[0]), wanted)
    pd.testing.assert_frame_equal(points_frame(table(), given), points_frame(table(), in_pandas()))
    held, codes = rule_codes(table(), given), rule_codes(table(), in_pandas())
    assert all(np.array_equal(held[name], codes[name]) for name in codes)


def test_leads_of_polars_score_as_in_pandas() -> None:
    pd.testing.assert_frame_equal(table().score(DataFrame(in_pandas())), table().score(in_pandas()))  # type: ignore[arg-type]


def test_a_pandas_index_survives_pyarrow() -> None:
    frame = in_pandas().set_index(pd.Index(list("abcde"), name="lead"))
    frame["city"] = frame["city"].astype("category")
    scored = table().score(pa.Table.from_pandas(frame))
    pd.testing.assert_frame_equal(scored, table().score(frame))


@pytest.mark.parametrize(
    ("leads", "seen"),
    [
        ([1, 2], "list"),
        (DataFrame(None), "polars.DataFrame"),
        (DataFrame(pd.Series([1])), "polars.DataFrame"),
        (pd.Series([1]), "pandas.Series"),
        (pa.array([1]), "pyarrow.Int64Array"),
        (DataFrame, "type"),
    ],
)
def test_what_is_no_frame_is_named_with_its_library(leads: Any, seen: str) -> None:
    with pytest.raises(UsageError, match=rf"pandas DataFrame, or a frame with to_pandas\(\).*; this is {seen}\."):
        table().score(leads)


def test_a_missing_column_is_named_there_as_well() -> None:
    with pytest.raises(UsageError, match="no column 'city'"):
        table().score(in_arrow(pa.array(CITIES)).drop_columns(["city"]))  # type: ignore[arg-type]
