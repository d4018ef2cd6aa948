"""Outcomes are read in one way, whatever they are written as."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.stats.outcomes import LOST, WON, meaning, outcomes

TRUE = [True, False, True]


@pytest.mark.parametrize(
    "given",
    [
        TRUE,
        [1, 0, 1],
        [1.0, 0.0, 1.0],
        pd.Series([True, None, False, True], dtype=object).dropna(),
        pd.Series(TRUE, dtype="boolean"),
        pd.Series([1, 0, 1], dtype="Int64"),
        ["won", "LOST", " Won "],
        ["Ja", "nein", "JA"],
        pd.Series(["Closed Won", "closed_lost", "Closed Won"], dtype="category"),
        [1, False, "gewonnen"],
    ],
)
def test_outcomes_are_read_whatever_they_are_written_as(given: Any) -> None:
    assert outcomes(given).tolist() == TRUE


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["won", "open", "open"], r"seen: 'open' \(2 such\).*outcome == "),
        ([1, 0, None], r"seen: None \(1 such\). Leave out the undecided"),
        ([1, 0, pd.NA], r"seen: <NA> \(1 such\)"),
        ([1.0, np.nan], r"seen: nan"),
        ([0, 2, 2], r"seen: 2 \(2 such\)"),
    ],
)
def test_others_are_refused_with_what_is_accepted(given: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        outcomes(given)


def test_no_word_means_both_and_each_is_found_as_it_is_written() -> None:
    assert not WON & LOST
    assert all(meaning(word) is True for word in WON)
    assert all(meaning(word) is False for word in LOST)
