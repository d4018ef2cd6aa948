"""Amounts of money in cells: read as people write them, or refused; never guessed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.history.history import LeadHistory
from leadml.history.values.money import amounts
from tests.conftest import small_history

NOTHING: frozenset[str] = frozenset()
LOCALES = ("de_DE", "de_AT", "de_CH", "en_US", "en_GB", "fr_FR", "es_ES", "nl_NL", "pl_PL", "sv_SE", "cs_CZ", "it_IT")


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6),
    st.sampled_from(LOCALES),
    st.sampled_from(["EUR", "USD", "CHF", "SEK", "PLN"]),
)
@settings(max_examples=40, deadline=None)
def test_amounts_as_locales_write_them(cents: list[int], locale: str, currency: str) -> None:
    for cells in (
        [format_currency(cent / 100, currency, locale=locale) for cent in cents],
        [format_decimal(cent / 100, "#,##0.00", locale=locale) for cent in cents],
    ):
        found = amounts("value", pd.Series(cells), True, NOTHING)
        assert found.tolist() == pytest.approx([cent / 100 for cent in cents])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["€ 12.000,00", "1.200", "-", ""], [12000, 1200, np.nan, np.nan]),
        (["1,234.50", "2,000", "(300)", "12-"], [1234.5, 2000, -300, -12]),
        (["CHF 1'200.--", "500,-"], [1200, 500]),
        (["12.5", "12.345", "1e5", ".5", "nan"], [12.5, 12.345, 1e5, 0.5, np.nan]),
        (["999", "n/a", "1 000 000 kr"], [np.nan, np.nan, 1e6]),
    ],
)
def test_amounts_as_people_write_them(cells: list[str], expected: list[float]) -> None:
    found = amounts("value", pd.Series(cells), True, frozenset({"n/a", "999"}))
    assert np.array_equal(found, np.array(expected, dtype=float), equal_nan=True)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["12.000", "5.500", "800"], "'12.000' can be read in two ways"),
        (["1.200,50", "1,200.50"], "'1,200.50' has a decimal point, '1.200,50' a decimal comma"),
        (["€ 5", "$ 6"], "several currencies: EUR, USD"),
        (["about 12k", "5"], "'about 12k'"),
        (["ann@corp.example", "5"], "(personal data)"),
        (["2024-01-01", "2024-02-02"], "'2024-01-01'"),
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(cells: list[str], said: str) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        amounts("value", pd.Series(cells), True, NOTHING)


def test_numbers_stay_what_they_are() -> None:
    found = amounts("value", pd.Series([1.5, None, float("inf"), 12.0]), False, frozenset({"12"}))
    assert np.array_equal(found, [1.5, np.nan, np.nan, np.nan], equal_nan=True)
    with pytest.raises(DataError, match="True"):
        amounts("value", pd.Series([True, False]), False, NOTHING)


def test_a_history_keeps_values_and_reads_those_of_won_leads_only() -> None:
    frame = small_history()
    won = (frame["status"] == "won").to_numpy()
    frame["worth"] = np.where(won, "€ 1.234,50", "lost to a rival")
    history = LeadHistory.from_frame(frame, outcome="status", id="lead_id", created="created", value="worth")
    assert "worth" not in history.frame
    late = np.arange(len(history)) >= 300
    part = history.take(late)
    found = part.deal_values.amounts(part.won)
    assert np.array_equal(found, np.where(won[late], 1234.5, np.nan), equal_nan=True)
    with pytest.raises(DataError, match="lost to a rival"):
        part.deal_values.amounts(np.ones(100, dtype=bool))
