"""Values that break an invariant are refused when they are made, and the message says what is accepted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.points.checks import cut_text, settle_steps
from leadml.points.rules import Dimension, Feature, Interaction, Rule

LOWEST = cut_text(-1.7976931348623157e308)


def number(*ranges: tuple[str | None, str | None], missing: int = 1, neutral: int = 0) -> Feature:
    rules = [Rule(f"x:{i}", "range", 0, neutral=i == neutral, lo=lo, hi=hi) for i, (lo, hi) in enumerate(ranges)]
    rules += [Rule(f"x:{len(ranges) + i}", "missing", 0) for i in range(missing)]
    return Feature("x", "fit", "number", tuple(rules))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_cut_is_the_shortest_text_that_reads_back(value: float) -> None:
    text = cut_text(value)
    assert float(text) == value
    assert "e" not in text.lower()
    assert cut_text(float(text)) == text
    digits = text.lstrip("-").replace(".", "").strip("0")
    assert len(digits) == len(repr(value).lstrip("-").lower().split("e")[0].replace(".", "").strip("0"))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_cut_is_finite(wrong: float) -> None:
    with pytest.raises(DataError, match="finite"):
        cut_text(wrong)


@pytest.mark.parametrize(
    ("ranges", "match"),
    [
        ([("0", None)], "outer ends are null"),
        ([(None, "0")], "outer ends are null"),
        ([(None, "0"), ("1", None)], "each begins where the one before ends"),
        ([(None, "1"), ("0", None)], "each begins where the one before ends"),
        ([(None, "1"), ("1", "1"), ("1", None)], "ascend strictly"),
        ([(None, "1"), ("1", "0"), ("0", None)], "ascend strictly"),
        ([(None, None), (None, None)], "outer ends are null"),
        ([(None, LOWEST), (LOWEST, None)], "a number must be able to lie below it"),
        ([], "neutral rules"),
    ],
)
def test_ranges_cover_all_numbers_once(ranges: list[tuple[str | None, str | None]], match: str) -> None:
    with pytest.raises(DataError, match=match):
        number(*ranges)


@pytest.mark.parametrize("bound", ["0.50", "1e3", "nan", "inf", "x", "", "-0", "+1", " 1", "1_0", 1, 0.5])
def test_bounds_have_one_form(bound: object) -> None:
    with pytest.raises(DataError, match="bound"):
        Rule("x:0", "range", 0, lo=bound)  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", [0, 2])
def test_exactly_one_rule_for_missing(missing: int) -> None:
    with pytest.raises(DataError, match="rules for missing; it needs exactly one"):
        number((None, None), missing=missing)


def category(*sets: tuple[str, ...], other: int = 1, neutral: int = 0) -> Feature:
    rules = [Rule(f"c:{i}", "set", 0, neutral=i == neutral, values=values) for i, values in enumerate(sets)]
    rules += [Rule(f"c:{len(rules) + i}", "other", 0, neutral=len(rules) + i == neutral) for i in range(other)]
    return Feature("c", "fit", "category", (*rules, Rule(f"c:{len(rules)}", "missing", 0)))


@pytest.mark.parametrize("other", [0, 2])
def test_exactly_one_rule_for_anything_else(other: int) -> None:
    with pytest.raises(DataError, match="rules for anything else; it needs exactly one"):
        category(("a",), other=other)


def test_sets_are_disjoint_and_not_empty() -> None:
    with pytest.raises(DataError, match="'a' more than once"):
        category(("a", "b"), ("c", "a"))
    with pytest.raises(DataError, match="'a' more than once"):
        category(("a", "a"))
    with pytest.raises(DataError, match="only sets, have values"):
        Rule("c:0", "set", 0)
    with pytest.raises(DataError, match="only sets, have values"):
        Rule("c:0", "other", 0, values=("a",))
    with pytest.raises(DataError, match="is empty"):
        Rule("c:0", "set", 0, values=("",))


def test_exactly_one_neutral_rule_with_no_points() -> None:
    with pytest.raises(DataError, match="has 0 neutral rules"):
        category(("a",), neutral=9)
    two = (Rule("x:0", "range", 0, neutral=True), Rule("x:1", "missing", 0, neutral=True))
    with pytest.raises(DataError, match="has 2 neutral rules"):
        Feature("x", "fit", "number", two)
    with pytest.raises(DataError, match="neutral with 3 points"):
        Rule("x:0", "range", 3, neutral=True)


def test_types_have_their_kinds() -> None:
    other = (Rule("x:0", "range", 0, neutral=True), Rule("x:1", "missing", 0), Rule("x:2", "other", 0))
    with pytest.raises(DataError, match="number with a rule 'other'"):
        Feature("x", "fit", "number", other)
    ranged = (Rule("x:0", "range", 0, neutral=True), Rule("x:1", "missing", 0))
    with pytest.raises(DataError, match="category with a rule 'range'"):
        Feature("x", "fit", "category", ranged)
    one_truth = (Rule("x:0", "set", 0, neutral=True, values=("true",)), Rule("x:1", "missing", 0))
    with pytest.raises(DataError, match="it has 'true' and 'false'"):
        Feature("x", "fit", "boolean", one_truth)
    with pytest.raises(DataError, match="has type 'text'"):
        Feature("x", "fit", "text", ranged)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="has kind 'else'"):
        Rule("x:0", "else", 0)  # type: ignore[arg-type]


def test_rule_ids_are_feature_and_position() -> None:
    with pytest.raises(DataError, match="rule id 'x:7' at position 1; it is 'x:1'"):
        Feature("x", "fit", "number", (Rule("x:0", "range", 0, neutral=True), Rule("x:7", "missing", 0)))


@pytest.mark.parametrize("points", [1.5, "3", None, True, math.nan, 1_000_001, -1_000_001, np.float64(2.0)])
def test_points_are_whole_and_bounded(points: object) -> None:
    with pytest.raises(DataError, match="whole numbers up to 1000000"):
        Rule("x:0", "range", points)  # type: ignore[arg-type]


def test_numpy_numbers_become_plain_ones() -> None:
    rule = Rule("x:0", "range", np.int64(3), leads=np.int32(9), won=np.uint8(2), contribution=np.float32(0.5))  # type: ignore[arg-type]
    assert [type(value) for value in (rule.points, rule.leads, rule.won, rule.contribution)] == [
        int,
        int,
        int,
        float,
    ]
    assert math.copysign(1, Rule("x:0", "range", 0, contribution=-0.0).contribution) == 1


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"leads": 3, "won": 4}, "4 won of 3 leads"),
        ({"leads": -1}, "counts from 0"),
        ({"won": 0.5}, "counts from 0"),
        ({"points_low": 1}, "both bounds or none"),
        ({"points_low": 3, "points_high": 1}, "lower bound comes first"),
        ({"contribution": math.nan}, "finite"),
        ({"contribution": "1"}, "finite"),
        ({"contribution": 10**400}, "finite"),
        ({"neutral": 1}, "true or false"),
        ({"text": "\ud800"}, "surrogate"),
        ({"text": None}, "it is a text"),
        ({"lo": "1", "kind": "missing"}, "only ranges have them"),
    ],
)
def test_the_other_fields_of_a_rule(fields: dict[str, object], match: str) -> None:
    with pytest.raises(DataError, match=match):
        Rule(**{"id": "x:0", "kind": "range", "points": 0, **fields})  # type: ignore[arg-type]


def test_names_are_texts() -> None:
    with pytest.raises(DataError, match="feature name is empty"):
        Feature("", "fit", "number", ())
    with pytest.raises(DataError, match="surrogate"):
        Dimension("\udfff", 0)
    with pytest.raises(DataError, match="it is a text"):
        Feature(3, "fit", "number", ())  # type: ignore[arg-type]


def test_interactions_join_two_or_more_rules() -> None:
    with pytest.raises(DataError, match="two or more"):
        Interaction("i", ("a:0",), "fit", 1)
    with pytest.raises(DataError, match="two or more"):
        Interaction("i", ("a:0", "a:0"), "fit", 1)


@pytest.mark.parametrize(
    "steps",
    [
        [("A", None), ("B", 3)],
        [("A", 3), ("B", 3), ("C", None)],
        [("A", 3), ("B", 5), ("C", None)],
        [("A", 3), ("B", 1)],
        [("A", 3), ("A", None)],
        [("A", 3.5), ("B", None)],
        [("A",)],
        [("", None)],
        [("A", None), ("B", None)],
    ],
)
def test_steps_fall_to_an_open_end(steps: list[tuple[str, int | None]]) -> None:
    with pytest.raises(DataError, match="the grades"):
        settle_steps(steps, "the grades")
