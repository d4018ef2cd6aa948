"""Bounds as they are read: short where nothing is lost by it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadml.points.views.cooling import Cooling, Step
from leadml.points.words.numbers_in_words import readable
from leadml.points.words.reasons import rule_text

DAYS = st.decimals(0, 400, places=4).map(lambda value: f"{value.normalize():f}")


@given(DAYS, DAYS)
@example("0.0501", "0.06")
def test_readable_bounds_are_near_and_stay_apart(one: str, other: str) -> None:
    lo, hi = sorted((one, other), key=Decimal)
    short = readable(lo, hi)
    for text, exact in zip(short, (lo, hi), strict=True):
        assert abs(Decimal(text) - Decimal(exact)) <= Decimal("0.05")
        assert len(text) <= len(exact)
    assert (short[0] == short[1]) == (lo == hi)
    assert Decimal(short[0]) <= Decimal(short[1])
    assert all(Decimal(text) or not Decimal(exact) for text, exact in zip(short, (lo, hi), strict=True))


@pytest.mark.parametrize(
    ("lo", "hi", "said"),
    [
        (None, "7.004", "last webinar less than 7 days ago"),
        ("7.004", "30.0071", "last webinar 7 to under 30 days ago"),
        ("6.5", None, "last webinar 6.5 or more days ago"),
        ("6.75", None, "last webinar 6.75 or more days ago"),
    ],
)
def test_days_are_said_without_the_digits_that_only_the_data_have(lo: str | None, hi: str | None, said: str) -> None:
    assert rule_text("days_since_webinar", "number", "range", lo, hi, integral=False) == said


def test_the_ages_of_events_are_said_in_the_same_way() -> None:
    found = Cooling(
        (Step("visit", 0.0, 7.004, 9), Step("visit", 7.004, 30.0071, 4), Step("visit", 30.0071, float("inf"), 0))
    )
    assert [line.split("  ")[1].strip() for line in found.text.splitlines()[1:]] == [
        "up to 7",
        "7 to 30",
        "more than 30",
    ]
