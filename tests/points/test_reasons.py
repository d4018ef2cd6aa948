"""Rules in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.points.rules import Feature, Rule
from leadml.points.words.reasons import row_text, rule_text, signed, text_of

from .strategies import NASTY, texts


@pytest.mark.parametrize(
    ("name", "lo", "hi", "text"),
    [
        ("pricing_page_7d", "2.5", None, "3 or more pricing page events in the last 7 days"),
        ("pricing_page_7d", "3", None, "3 or more pricing page events in the last 7 days"),
        ("pricing_page_7d", "0.5", "2.5", "1 to 2 pricing page events in the last 7 days"),
        ("pricing_page_7d", "1", "2", "1 pricing page event in the last 7 days"),
        ("pricing_page_7d", None, "0.5", "no pricing page event in the last 7 days"),
        ("pricing_page_7d", None, "1", "no pricing page event in the last 7 days"),
        ("pricing_page_7d", None, "3", "at most 2 pricing page events in the last 7 days"),
        ("pricing_page_7d", None, "1.5", "at most 1 pricing page event in the last 7 days"),
        ("pricing_page_7d", None, None, "any number of pricing page events in the last 7 days"),
        ("quote_request_1d", "0.5", None, "1 or more quote request events in the last 1 day"),
        ("days_since_webinar", None, "14", "last webinar less than 14 days ago"),
        ("days_since_webinar", "14", "30.5", "last webinar 14 to under 30.5 days ago"),
        ("days_since_webinar", "30", None, "last webinar 30 or more days ago"),
        ("days_since_webinar", None, "1", "last webinar less than 1 day ago"),
        ("days_since_webinar", None, None, "webinar at some time"),
        ("active_days_30d", "2.5", None, "active on 3 or more days in the last 30 days"),
        ("active_days_30d", "0.5", "1.5", "active on 1 day in the last 30 days"),
        ("active_days_30d", None, "0.5", "not active in the last 30 days"),
        ("active_days_30d", None, "1.5", "active on at most 1 day in the last 30 days"),
        ("active_days_30d", None, "2.5", "active on at most 2 days in the last 30 days"),
        ("amount_webinar_30d", "30", None, "webinar amount in the last 30 days is 30 or more"),
        ("company_size", "50", "200", "Company size is 50 to under 200"),
        ("company_size", None, "1000000", "Company size is under 1,000,000"),
        ("Budget", "-1000.5", None, "Budget is -1,000.5 or more"),
        ("Budget", None, None, "Budget is any number"),
        ("Pricing_Page_7d", "2.5", None, "Pricing Page 7d is 2.5 or more"),
    ],
)
def test_ranges(name: str, lo: str | None, hi: str | None, text: str) -> None:
    assert rule_text(name, "number", "range", lo, hi) == text


@pytest.mark.parametrize(
    ("lo", "hi", "text"),
    [
        ("49.5", "199.5", "50 to 199"),
        ("50", "200", "50 to 199"),
        ("49.5", "50.5", "50"),
        (None, "0", "-1 or less"),
        ("999.5", None, "1,000 or more"),
        ("-3.5", "-1", "-3 to -2"),
        (None, None, "any number"),
    ],
)
def test_ranges_of_whole_numbers(lo: str | None, hi: str | None, text: str) -> None:
    assert rule_text("size", "number", "range", lo, hi, integral=True) == f"Size is {text}"


@pytest.mark.parametrize(
    ("name", "lo", "hi", "text"),
    [
        ("days_since_webinar", None, "3.5", "last webinar less than 3.5 days ago"),
        ("days_since_webinar", "0.25", None, "last webinar 0.25 or more days ago"),
        ("days_since_webinar", "0.5", "1", "last webinar 0.5 to under 1 day ago"),
        ("page_visit_pricing_7d", "2.5", None, "3 or more page visit pricing events in the last 7 days"),
        ("größe_7d", "0.5", None, "1 or more größe events in the last 7 days"),
        ("form_filled", "0.75", None, "75% or more of the form filled"),
        ("form_filled", None, "0.125", "less than 12.5% of the form filled"),
        ("form_filled", "0.5", "1", "50% to under 100% of the form filled"),
        ("form_filled", "1", None, "100% or more of the form filled"),
        ("form_filled", None, None, "Form filled is any number"),
        ("bant_answered", "2.5", None, "3 or more of budget, authority, need and timing answered"),
        ("bant_answered", None, "0.5", "none of budget, authority, need and timing answered"),
        ("bant_answered", None, "2.5", "at most 2 of budget, authority, need and timing answered"),
        ("bant_answered", "0.5", "2.5", "1 to 2 of budget, authority, need and timing answered"),
        ("bant_answered", None, None, "Bant answered is any number"),
        ("surge", "2", None, "recent activity 2 or more times its average"),
        ("surge", None, "0.5", "recent activity under 0.5 times its average"),
        ("surge", "0.5", "2", "recent activity 0.5 to under 2 times its average"),
        ("surge", None, None, "Surge is any number"),
        ("unanswered", "2.5", None, "3 or more unanswered messages"),
        ("unanswered", "0.5", "1.5", "1 unanswered message"),
        ("unanswered", None, "0.5", "no unanswered message"),
        ("unanswered", None, "1.5", "at most 1 unanswered message"),
        ("unanswered", None, "2.5", "at most 2 unanswered messages"),
        ("unanswered", None, None, "Unanswered is any number"),
    ],
)
def test_ranges_of_made_features(name: str, lo: str | None, hi: str | None, text: str) -> None:
    assert rule_text(name, "number", "range", lo, hi) == text


def test_made_categories() -> None:
    def email(*values: str) -> str:
        return rule_text("email_kind", "category", "set", values=values)

    assert email("company") == "E-mail is from a company"
    assert email("competitor", "free", "own staff", "student") == (
        "E-mail is from a competitor, a free provider, own staff or a university"
    )
    assert email("company", "pigeon") == "Email kind is company or pigeon"
    assert rule_text("email_kind", "category", "missing") == "E-mail is missing"
    assert rule_text("email_kind", "category", "other") == "E-mail is from anybody else"
    assert rule_text("seniority", "category", "set", values=("C-level", "Director")) == (
        "Seniority is C-level or Director"
    )
    assert rule_text("job_function", "category", "missing") == "Job function is missing"
    assert rule_text("source_group", "category", "set", values=("paid search",)) == "Source group is paid search"
    assert rule_text("in_service_area", "boolean", "set", values=("true",)) == "in the service area"
    assert rule_text("in_service_area", "boolean", "set", values=("false",)) == "outside the service area"
    assert rule_text("in_service_area", "boolean", "missing") == "not known whether in the service area"
    assert rule_text("in_service_area", "category", "set", values=("x",)) == "In service area is x"
    assert rule_text("surge", "number", "missing") == "no recent activity"


def test_a_made_category_below_its_name() -> None:
    rules = (
        Rule("email_kind:0", "set", -7, values=("free", "student")),
        Rule("email_kind:1", "other", 0, neutral=True),
        Rule("email_kind:2", "missing", 1),
    )
    feature = Feature("email_kind", "fit", "category", rules)
    assert [row_text(feature, rule) for rule in rules] == [
        "from a free provider or a university",
        "from anybody else",
        "missing",
    ]


def test_a_column_of_fractions_is_no_count_whatever_its_name() -> None:
    text = rule_text("spend_30d", "number", "range", "12.5", None, integral=False)
    assert text == "Spend 30d is 12.5 or more"
    assert rule_text("spend_30d", "number", "missing", integral=False) == "Spend 30d is missing"
    counted = rule_text("spend_30d", "number", "range", "12.5", None, integral=True)
    assert counted == "13 or more spend events in the last 30 days"


@pytest.mark.parametrize(
    ("lo", "hi", "text"),
    [
        (None, "6.5", "less than 7 days ago"),
        ("6.5", None, "7 or more days ago"),
        ("7", "13.5", "7 to under 14 days ago"),
        (None, "0.5", "less than 1 day ago"),
    ],
)
def test_whole_days_since_an_event(lo: str | None, hi: str | None, text: str) -> None:
    assert rule_text("days_since_webinar", "number", "range", lo, hi, integral=True) == f"last webinar {text}"


@given(st.integers(-30, 30), st.integers(1, 20), st.sampled_from(["", ".5"]))
def test_the_bounds_named_are_the_first_and_last_whole_numbers(start: int, size: int, half: str) -> None:
    lo, hi = f"{start}{half}", f"{start + size}{half}"
    inside = [number for number in range(-60, 61) if float(lo) <= number < float(hi)]
    text = rule_text("n", "number", "range", lo, hi, integral=True).removeprefix("N is ")
    assert sorted({int(part) for part in text.split(" to ")}) == sorted({inside[0], inside[-1]})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("City", "City is missing"),
        ("lead_source", "Lead source is missing"),
        ("days_since_webinar", "no webinar so far"),
        ("active_days_30d", "active days in the last 30 days are missing"),
        ("mail_opened_30d", "mail opened events in the last 30 days are missing"),
    ],
)
def test_missing(name: str, text: str) -> None:
    assert rule_text(name, "number", "missing") == text


def test_categories_and_booleans() -> None:
    assert rule_text("Industry", "category", "set", values=("Software", "Banking")) == "Industry is Software or Banking"
    many = tuple("abcdefg")
    assert rule_text("X", "category", "set", values=many) == "X is a, b, c, d or 3 others"
    assert rule_text("X", "category", "set", values=many[:5]) == "X is a, b, c, d or 1 other"
    assert rule_text("X", "category", "set", values=many[:3]) == "X is a, b or c"
    assert rule_text("pricing_page_7d", "category", "set", values=("x",)) == "Pricing page 7d is x"
    assert rule_text("Do Not Email", "boolean", "set", values=("true",)) == "Do Not Email is yes"
    assert rule_text("Do Not Email", "boolean", "set", values=("false", "true")) == "Do Not Email is no or yes"
    assert rule_text("Lead Source", "category", "other") == "Lead Source is anything else"


@given(
    texts,
    st.sampled_from(["number", "category", "boolean"]),
    st.sampled_from(["range", "set", "missing", "other"]),
    st.lists(texts, max_size=8),
)
def test_every_rule_is_one_harmless_line(name: str, kind: str, rule: str, values: list[str]) -> None:
    text = rule_text(name, kind, rule, None, "3", tuple(values) or ("x",))  # type: ignore[arg-type]
    assert text.isprintable()
    assert len(text.splitlines()) == 1
    assert len(text) < 700


def test_long_names_are_shortened() -> None:
    text = rule_text("n" * 500, "category", "set", values=("v" * 500,))
    assert len(text) == 60 + 4 + 60


def test_a_rule_s_own_text_is_used() -> None:
    own, other = (
        Rule("c:0", "set", 3, values=("a",), text="C is a friend"),
        Rule("c:1", "other", 0, neutral=True),
    )
    rules = (own, other, Rule("c:2", "missing", 0))
    feature = Feature("c", "fit", "category", rules)
    assert [text_of(feature, rule) for rule in rules] == [
        "C is a friend",
        "C is anything else",
        "C is missing",
    ]
    assert [row_text(feature, rule) for rule in rules] == ["a friend", "anything else", "missing"]


def test_signs() -> None:
    assert [signed(points) for points in (3, 0, -12)] == ["+3", "0", "-12"]


def test_the_nasty_texts_are_nasty() -> None:
    assert sum(not text.isprintable() for text in NASTY) >= 8
