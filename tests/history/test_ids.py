"""Ids are compared as exact text, whatever types the sources gave them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.history.values.ids import id_texts, places_of

NAN = float("nan")
HASH = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pd.Series([1, 20, -3]), ["1", "20", "-3"]),
        (pd.Series([1.0, NAN, 2.0**53 - 1]), ["1", None, "9007199254740991"]),
        (pd.Series([0.5, np.inf, -0.0]), ["0.5", None, "0"]),
        (pd.Series([1, None], dtype="Int64"), ["1", None]),
        (pd.Series([2**64 - 1], dtype="uint64"), ["18446744073709551615"]),
        (pd.Series(["01", "1", "1.0", " 1", ""], dtype="str"), ["01", "1", "1.0", " 1", None]),
        (pd.Series([1, "01", None, Decimal("12345678901234567890"), HASH], dtype=object),
         ["1", "01", None, "12345678901234567890", str(HASH)]),
        (pd.Series([1, 2, 1], dtype="category"), ["1", "2", "1"]),
        (pd.Series(["a", None], dtype="category"), ["a", None]),
        (pd.Series([1, None], dtype="int64[pyarrow]"), ["1", None]),
        (pd.Series([None, None], dtype=object), [None, None]),
    ],
)  # fmt: skip
def test_ids_as_text(values: pd.Series, texts: list[str | None]) -> None:
    assert [None if pd.isna(text) else text for text in id_texts(values)] == texts


def test_placeholders_are_no_ids() -> None:
    assert id_texts(pd.Series(["k.A.", "7", ""]), frozenset({"k.A."})).isna().tolist() == [True, False, True]


@given(
    st.lists(st.text(max_size=3), unique=True, max_size=12),
    st.lists(st.text(max_size=3) | st.none(), max_size=20),
)
def test_places_are_those_of_a_dictionary(known: list[str], asked: list[str | None]) -> None:
    book = {text: place for place, text in enumerate(known) if text}
    given_: list[Any] = [text or None for text in known]
    found = places_of(id_texts(pd.Series(asked, dtype="str")), pd.Series(given_, dtype="str"))
    assert found.tolist() == [book.get(text or "", -1) for text in asked]
