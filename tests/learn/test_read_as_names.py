"""A column that looks like numbers and is read as names: `fit` says so, with both ways out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadml import LeadScorer
from leadml.learn.read_as_names import doubtful

RNG = np.random.default_rng(5)
VISITS = RNG.poisson(3, 900)
WON = RNG.random(900) < 0.1 + 0.15 * (VISITS > 3)
REVENUE = np.round(RNG.lognormal(8, 1, 900))
THIRD = np.arange(900) % 3 == 0


def test_the_same_numbers_as_numbers_and_as_texts() -> None:
    mixed = pd.Series([str(n) if third else int(n) for n, third in zip(VISITS, THIRD, strict=True)], dtype=object)
    X = pd.DataFrame({"visits": mixed, "revenue": REVENUE})
    with pytest.warns(UserWarning, match=r"'visits' mixes numbers.*read as names.*pd.to_numeric\(X\['visits'\]\)"):
        LeadScorer().fit(X, WON)
    assert not list(doubtful(X.astype({"visits": "category"})))


@pytest.mark.parametrize("gap", [None, ""])
def test_texts_between_numbers(gap: str | None) -> None:
    k = pd.Series([f"{n / 1000:.1f}k" if third else f"{n:.0f}" for n, third in zip(REVENUE, THIRD, strict=True)])
    k[:50] = gap
    with pytest.warns(
        UserWarning, match=r"'revenue' are numbers, but not all, such as '[0-9.]+k'.*astype\('category'\)"
    ):
        LeadScorer().fit(pd.DataFrame({"revenue": k}), WON)


@pytest.mark.parametrize("written", ["{}", "€{:,}", "{}%", "{},5", "{} EUR", "-{}"])
def test_texts_that_are_all_numbers(written: str) -> None:
    X = pd.DataFrame({"visits": [written.format(k) for k in np.arange(900) % 40 * 100 + 7]})
    with pytest.warns(UserWarning, match=r"'visits' holds texts.*numbers.*read as names.*X\['visits'\].astype"):
        table = LeadScorer().fit(X, WON).point_table_
    assert "number" not in {feature.type for feature in table.features}
    assert not list(doubtful(X.astype("category")))


def test_texts_of_numbers_beside_a_column_with_blanks() -> None:
    blank = pd.Series(VISITS).astype(str).where(~THIRD, "")
    X = pd.DataFrame({"visits": blank, "revenue": pd.Series(REVENUE).astype(str)})
    with pytest.warns(UserWarning, match=r"'revenue' holds texts, all of them numbers.*'visits'.*read as numbers"):
        table = LeadScorer().fit(X, WON).point_table_
    assert {feature.name: feature.type for feature in table.features}["visits"] == "number"


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(REVENUE).astype(str).astype("category"),  # asked for
        pd.Series(VISITS + 5110).astype(str),  # codes of industries
        pd.Series(np.arange(900) + 10115).astype(str),  # postal codes
        pd.Series(np.arange(900) % 20).astype(str),
        pd.Series([f"{k % 28 + 1}.{k % 12 + 1}.2024" for k in range(900)]),
        pd.Series(["1", "2", "3", "4+"] * 225),
        pd.Series([1, 2, "3 or more"] * 300, dtype=object),
        pd.Series([f"{n:05.0f}" for n in REVENUE]),
        pd.Series(["", "Wien", "Graz"] * 300),
    ],
    ids=["category", "industries", "places", "few", "dates", "levels", "levels as objects", "codes", "names"],
)
def test_names_that_are_names_are_left_in_peace(values: pd.Series) -> None:
    assert not list(doubtful(pd.DataFrame({"x": values, "visits": VISITS})))
