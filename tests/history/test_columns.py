"""Typing: what is a number, a truth, a date, a category; and what must not become one."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.history.values.columns import ColumnReport, is_number, typed
from leadml.history.values.placeholders import parse_missing, texts_for
from leadml.points.dates import microseconds, moments_of_text


def from_text(values: list[str | None], *missing: str) -> tuple[pd.Series, ColumnReport]:
    return typed("x", pd.Series(values, dtype="str"), True, frozenset(missing))


def from_frame(values: object, *missing: str) -> tuple[pd.Series, ColumnReport]:
    return typed("x", pd.Series(values), False, frozenset(missing))


EDGES = [0.0, -0.0, 5e-324, 1.797e308, -1.797e308, 0.1, 2.0**53 + 2, 1e15, 123456.789, 1e-7, 1e16, 1e22]


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(EDGES), min_size=1))
def test_numbers_survive_the_way_through_text_to_the_last_bit(numbers: list[float]) -> None:
    values, report = from_text([repr(number) for number in numbers])
    assert report.type == "number"
    # one zero of the two, so that equal numbers stay equal wherever they are hashed
    assert values.to_numpy().tobytes() == np.array([number + 0.0 for number in numbers]).tobytes()


@settings(deadline=None)
@given(st.text(alphabet="0123456789.-+eE_ ,xnaif\t\N{ARABIC-INDIC DIGIT ONE}", max_size=7))
@example("0E+0")
@example("-1.5e+3")
def test_a_number_is_what_python_takes_for_one_and_is_plainly_written(text: str) -> None:
    values, report = from_text([text])
    if report.type != "number":
        assert report.type in ("category", "empty")
        return
    assert values[0] == float(text)
    assert not set(text.strip()) & set("_nai")
    assert not text.strip().startswith("+")  # a telephone's; before an exponent it says nothing
    whole = text.strip(" \t-").split(".")[0].split("e")[0].split("E")[0]
    assert whole in ("", "0") or not whole.startswith("0")


@pytest.mark.parametrize(
    "text",
    ["01067", "-007", "12345678901234567890", "1_000", "0x1F", "+43", "1,5", "NA", "na n", "1e", "--1",
     "\u0661", "1 000"],
)  # fmt: skip
def test_identifiers_and_words_are_no_numbers(text: str) -> None:
    assert not is_number(text)
    values, report = from_text(["1", text, "2"])
    assert report.type == "category"
    assert values.tolist() == ["1", text, "2"]


def test_numbers_may_have_gaps_as_float_columns_print_them() -> None:
    values, report = from_text(["1.5", "nan", "-inf", "  ", "Infinity", "NaN", "2"])
    assert (report.type, report.missing) == ("number", 5)
    assert values.dropna().tolist() == [1.5, 2.0]
    assert from_text(["nan", "inf"])[1].type == "category"


def test_na_the_country_stays_text_and_empty_is_missing() -> None:
    values, report = from_text(["NA", "AT", "", None, "nan", "NULL"])
    assert values.isna().tolist() == [False, False, True, True, False, False]
    assert report == ColumnReport("x", "category", 2)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["true", "FALSE", "True"], "boolean"),
        (["true", " false"], "category"),
        (["true", "false", "no"], "category"),
        (["yes", "no"], "category"),
        (["1", "0"], "number"),
        (["2024-02-29", "2023-12-31"], "date"),
        (["2024-02-29T10:00", "2024-02-29 10:00:00.123456789+02:00", "2024-02-29T10:00Z"], "date"),
        (["29.02.2024", "31.12.2023"], "date"),
        (["29.02.2024 10:00", "31.12.2023, 10:00:59", "2023-12-31"], "date"),
        (["29.02.24", "31.12.23"], "category"),
        (["29.2.2024", "31.12.2023T10:00"], "category"),
        (["02/29/2024"], "category"),
        (["20240229"], "number"),
        ([None, ""], "empty"),
    ],
)
def test_types_of_text(values: list[str | None], kind: str) -> None:
    assert from_text(values)[1].type == kind


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2, None], "number", [1.0, 2.0, math.nan]),
        (pd.array([1, None], dtype="Int64"), "number", [1.0, math.nan]),
        ([Decimal("1.5"), None], "number", [1.5, math.nan]),
        ([math.inf, -math.inf, 1.0], "number", [math.nan, math.nan, 1.0]),
        ([True, None, False], "boolean", [True, pd.NA, False]),
        (["12", "13"], "category", ["12", "13"]),
        (["a", 1, 2.0, 2.5, True, None, math.inf], "category",
         ["a", "1", "2", "2.5", "true", math.nan, math.nan]),
        (pd.Categorical(["a", None]), "category", ["a", math.nan]),
        (pd.Categorical([3, 4.5, math.inf, None]), "category", ["3", "4.5", math.nan, math.nan]),
        ([None, None], "empty", [math.nan, math.nan]),
        ([[1], [2]], "other", [[1], [2]]),
        ([b"x"], "other", [b"x"]),
        ([1j], "other", [1j]),
    ],
)  # fmt: skip
def test_frames_keep_their_types(values: object, kind: str, expected: list[object]) -> None:
    column, report = from_frame(values)
    assert report.type == kind
    assert repr(column.tolist()) == repr(expected)


@pytest.mark.parametrize(
    "values",
    [
        [dt.date(2024, 3, 1), None],
        [dt.datetime(2024, 3, 1), None],
        pd.to_datetime(["2024-03-01", None]),
        pd.to_datetime(["2024-03-01T02:00+02:00", None]),
        ["2024-03-01", None],
    ],
    ids=["dates", "datetimes", "naive", "aware", "text"],
)
def test_dates_of_frames_become_moments_in_utc(values: object) -> None:
    column, report = from_frame(values)
    assert report.type == "date"
    assert column[0] == pd.Timestamp("2024-03-01", tz="UTC")
    assert column.isna().tolist() == [False, True]


MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@settings(deadline=None)
@given(MOMENTS, OFFSETS, st.sampled_from(["T", " "]))
def test_moments_are_read_as_python_reads_them(moment: dt.datetime, zone: dt.timezone, sep: str) -> None:
    aware = moment.replace(tzinfo=zone)
    read = moments_of_text(pd.Series([aware.isoformat(sep)], dtype="str"))
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    assert microseconds(read)[0] == (aware - epoch) // dt.timedelta(microseconds=1)


@pytest.mark.parametrize("text", ["2024-02-30", "1900-01-00", "2023-02-29", "0000-00-00", "2024-13-01"])
def test_days_that_never_were_are_counted_by_name(text: str) -> None:
    values, report = from_text(["2024-01-01"] * 50 + [text])
    assert report == ColumnReport("x", "date", 0, odd=((51, text),), odd_count=1, hint="date")
    assert pd.isna(values[50])


def test_dates_from_the_first_to_the_last() -> None:
    values, report = from_text(["0001-01-01", "9999-12-31T23:59:59.999999"])
    assert (report.type, report.odd_count) == ("date", 0)
    assert [value.year for value in values] == [1, 9999]


def test_texts_between_numbers_are_named_with_their_leads() -> None:
    values, report = from_text([str(k) for k in range(98)] + ["k.A.", "n/a"])
    assert report.type == "category"
    assert (report.hint, report.odd_count, report.odd) == ("number", 2, ((99, "k.A."), (100, "n/a")))
    assert values[98] == "k.A."
    assert from_text([*(str(k) for k in range(98)), "k.A.", "nan"])[1].odd == ((99, "k.A."),)
    fixed, report = from_text([str(k) for k in range(98)] + ["k.A.", "n/a"], "k.A.", "n/a")
    assert (report.type, report.hint, report.missing) == ("number", "", 2)
    assert fixed.sum() == sum(range(98))


@pytest.mark.parametrize(
    "values",
    [
        ["1", "2", "3", "4+"] * 30,
        [f"{k:05d}" for k in range(9_900, 10_100)],
        [str(k) for k in range(50)] + ["x"] * 50,
        ["0", "1"] * 50 + ["n/a"] * 5,
        [str(k % 10) for k in range(100)] + ["10+"] * 5,
        [f"web {k}" for k in range(99)] + ["5"],
    ],
    ids=["levels", "post codes", "half and half", "yes and no", "many levels", "one number"],
)
def test_categories_that_look_like_numbers_are_left_alone(values: list[str]) -> None:
    assert from_text(values)[1] == ColumnReport("x", "category", 0)


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ([str(k) for k in range(90)] + ["n/a", "ten"] * 5, {"n/a", "ten"}),
        ([str(k % 9) for k in range(90)] + ["about ten"] * 5, {"about ten"}),
        ([str(k) for k in range(90)] + ["10+"] * 9, {"10+"}),
        ([str(k) for k in range(30)] + ["-"] * 60 + [" N/A "] * 60, {"-", " N/A "}),
    ],
    ids=["a tenth", "few numbers", "with digits", "mostly missing"],
)
def test_a_column_of_numbers_is_not_passed_over_for_its_texts(values: list[str], odd: set[str]) -> None:
    _, report = from_text(values)
    assert (report.type, report.hint) == ("category", "number")
    assert {text for _, text in report.odd} == odd
    assert len(report.odd) == len(odd)
    assert report.odd_count == sum(text in odd for text in values)
    assert all(values[lead - 1] == text for lead, text in report.odd)
    assert from_text(values, *odd)[1].type == "number"


def test_decimal_commas_are_noticed() -> None:
    _, report = from_text(["1,5", "2", "1.234,56", "-3,25"] * 10)
    assert (report.type, report.hint, report.odd_count) == ("category", "decimal comma", 30)


def test_what_looks_personal_is_not_repeated() -> None:
    _, report = from_text([str(k) for k in range(98)] + ["ada@example.org", "+43 660 1234567"])
    assert [text for _, text in report.odd] == ["(personal data)", "(personal data)"]


@pytest.mark.parametrize("is_text", [True, False])
def test_a_placeholder_that_is_a_number_matches_the_number(is_text: bool) -> None:
    texts = pd.Series(["999", "999.0", "3"], dtype="str")
    column = texts if is_text else texts.astype("float64")
    values, report = typed("pdays", column, is_text, frozenset({"999"}))
    assert (report.type, values.isna().tolist()) == ("number", [True, True, False])


def test_placeholders_in_every_form() -> None:
    columns = ["city", "pdays", "a=b", "a"]
    expected = ("Select", {"feature": "pdays", "text": "999"})
    for given_ in (
        ["pdays=999", "Select", "Select"],
        ["Select", {"feature": "pdays", "text": "999"}],
        ["Select", {"pdays": 999}],
        ("Select", {"pdays": ["999"]}),
    ):
        assert parse_missing(given_, columns) == expected
    assert parse_missing(expected, columns) == expected
    assert parse_missing("a=b=c", columns) == ({"feature": "a=b", "text": "c"},)
    assert parse_missing("a=x=y", columns) == ({"feature": "a", "text": "x=y"},)
    assert parse_missing("=1+1", columns) == ("=1+1",)
    assert parse_missing((), columns) == parse_missing(None, columns) == ()
    assert texts_for("city", expected) == {"Select"}
    assert texts_for("pdays", expected) == {"Select", "999"}
    with pytest.raises(UsageError, match=r"no column 'pday'\. Did you mean 'pdays'"):
        parse_missing(["pday=999"], columns)
