"""Tables made by hand: conditions in words, overlapping lines, spreadsheets' ways of writing, and the way back."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.sheets.handmade import from_rules, to_rules
from leadml.points.table import PointTable, Probability
from tests.points.strategies import leads, tables

CHANCE = Probability(-1.0, 0.1)
BRIEF = """email_opened_30d, at least 1, 5
email_clicked_30d, >= 1, 10
days since any event, more than 30, -10
industry, Software or Banking, 8
country, not in DE AT CH, -20
budget, missing, -5
base points, , 20
"""


def scores(rules: str | bytes | pd.DataFrame, **columns: list[Any]) -> list[int]:
    return [int(s) for s in from_rules(rules).score(pd.DataFrame(columns), reasons=0)["score"]]


def test_the_rules_of_a_team_say_what_they_say() -> None:
    table = from_rules(BRIEF, name="today")
    leads = pd.DataFrame(
        {
            "email_opened_30d": [0, 1, 3, None],
            "email_clicked_30d": [0, 0, 1, None],
            "days since any event": [2.0, 30.0, 30.0001, None],
            "industry": ["Software", "Banking", "Media", None],
            "country": ["DE", "FR", "AT", None],
            "budget": ["1", "2", None, None],
        }
    )
    assert table.score(leads, reasons=0)["score"].tolist() == [28, 13, 20, 15]
    assert [d.name for d in table.dimensions] == ["fit", "engagement"]
    assert {f.name: f.dimension for f in table.features}["email_opened_30d"] == "engagement"


def test_a_hand_made_table_states_no_chance_that_nobody_measured() -> None:
    table = from_rules(BRIEF)
    assert (table.probability.intercept, table.probability.slope) == (0.0, 0.0)
    assert table.provenance["handmade"] == {"lines": 6, "measured": False, "top_group": False}


def some_of(said: list[tuple[str, Any]]) -> st.SearchStrategy[list[tuple[tuple[str, Any], int]]]:
    """Some of the conditions, each with points."""
    lines = st.tuples(st.sampled_from(said), st.integers(-9, 9))
    return st.lists(lines, min_size=1, max_size=6, unique_by=lambda line: line[0][0])


NUMBERS = [-math.inf, -5.0, 0.0, 2.0, 2.5, math.nextafter(3, 0), 3.0, math.nextafter(3, 9), 4.0, 7.0, 9.0, 50.0]
SAID: list[tuple[str, Any]] = [
    (">= 3", lambda x: x >= 3),
    ("at least 3", lambda x: x >= 3),
    ("3 or more", lambda x: x >= 3),
    ("mindestens 3", lambda x: x >= 3),
    ("ab 3", lambda x: x >= 3),
    ("> 3", lambda x: x > 3),
    ("more than 3 days", lambda x: x > 3),
    ("mehr als 3", lambda x: x > 3),
    ("≤ 3", lambda x: x <= 3),
    ("at most 3", lambda x: x <= 3),
    ("up to 3", lambda x: x <= 3),
    ("höchstens 3 Tage", lambda x: x <= 3),
    ("< 3", lambda x: x < 3),
    ("less than 3", lambda x: x < 3),
    ("unter 3", lambda x: x < 3),
    ("between 3 and 7", lambda x: 3 <= x <= 7),
    ("3 to 7", lambda x: 3 <= x <= 7),
    ("3 to under 7", lambda x: 3 <= x < 7),
    ("> 3 and <= 7", lambda x: 3 < x <= 7),
    ("zwischen 3 und 7", lambda x: 3 <= x <= 7),
    ("is 3 or 7", lambda x: x in (3, 7)),
    ("is not 3", lambda x: x != 3),
    ("-5 to 2.5", lambda x: -5 <= x <= 2.5),
    ("any number", lambda x: True),
]


@pytest.mark.parametrize(("words", "holds"), SAID, ids=[words for words, _ in SAID])
def test_numbers_in_words_mean_what_python_means(words: str, holds: Any) -> None:
    column = [*NUMBERS[1:], None]
    wanted = [7 * bool(holds(x)) for x in NUMBERS[1:]] + [0]
    assert scores(f"x,{words},7,,,number", x=column) == wanted


@given(
    st.lists(st.tuples(st.sampled_from(SAID), st.integers(-9, 9)), min_size=1, max_size=6, unique_by=lambda r: r[0][0])
)
@settings(max_examples=60, deadline=None)
def test_overlapping_lines_add_up_on_every_number(lines: list[tuple[tuple[str, Any], int]]) -> None:
    rules = "\n".join(f"x,{words},{points},,,number" for (words, _), points in lines)
    try:
        found = scores(rules, x=NUMBERS[1:])
    except DataError as error:
        assume("says the same" not in str(error) and "count here and in line" not in str(error))
        raise
    assert found == [sum(points * bool(holds(x)) for (_, holds), points in lines) for x in NUMBERS[1:]]


CATEGORIES = ["A", "B", "Big Co", "R or D", "", "Z"]
SETS: list[tuple[str, Any]] = [
    ("A", lambda v: v == "A"),
    ("is B", lambda v: v == "B"),
    ("A or Big Co", lambda v: v in ("A", "Big Co")),
    ("in (A, B)", lambda v: v in ("A", "B")),
    ("not in A, B", lambda v: v not in ("A", "B", "")),
    ("!= A", lambda v: v not in ("A", "")),
    ("is not one of A; Big Co", lambda v: v not in ("A", "Big Co", "")),
    ('"R or D"', lambda v: v == "R or D"),
    ("missing", lambda v: v == ""),
    ("not missing", lambda v: v != ""),
]


@given(
    st.lists(st.tuples(st.sampled_from(SETS), st.integers(-9, 9)), min_size=1, max_size=6, unique_by=lambda r: r[0][0])
)
@settings(max_examples=60, deadline=None)
def test_overlapping_lines_add_up_on_every_category(lines: list[tuple[tuple[str, Any], int]]) -> None:
    frame = pd.DataFrame(
        [("x", words, points, "category") for (words, _), points in lines],
        columns=["feature", "condition", "points", "type"],
    )
    wanted = [sum(points * bool(holds(v)) for (_, holds), points in lines) for v in CATEGORIES]
    assert scores(frame, x=CATEGORIES) == wanted


def test_anything_else_is_what_no_other_line_holds_for() -> None:
    assert scores("x,A or B,3\nx,anything else,-2", x=["A", "B", "C", None]) == [3, 3, -2, 0]
    assert scores("x,>= 10,3\nx,otherwise,-2", x=[10, 9, None]) == [3, -2, 0]


def test_yes_and_no_hold_however_they_are_written() -> None:
    assert scores("customer,yes,-9\ncustomer,no,2", customer=[True, "No", 1, None]) == [-9, 2, -9, 0]


@pytest.mark.parametrize(("yes", "no"), [("ja", "nein"), ("Ja", "Nein"), ("oui", "non"), ("wahr", "falsch")])
def test_words_for_yes_and_no_that_scoring_does_not_take_are_categories(yes: str, no: str) -> None:
    rules = f"customer,{yes},15\ncustomer,{no},-2"
    table = from_rules(rules)
    assert table.features[0].type == "category"
    assert scores(rules, customer=[yes, no, None, yes]) == [15, -2, 0, 15]
    assert scores(to_rules(table), customer=[yes, no, None]) == [15, -2, 0]


def test_a_type_of_its_own_lets_ja_mean_true_and_the_refusal_of_texts_says_what_to_do() -> None:
    rules = "feature,condition,points,type\ncustomer,ja,15,boolean"
    assert scores(rules, customer=[True, "no", 1, None]) == [15, 0, 15, 0]
    with pytest.raises(DataError, match="must hold true or false, and 1 lead has something else: 'nein'") as refused:
        scores(rules, customer=["yes", "nein"])
    assert "missing" not in str(refused.value)
    assert "'category' as its type" in str(refused.value)


def test_every_rule_neutral_or_not_keeps_its_cut() -> None:
    table = from_rules("x,>= 1,5\nx,>= 10,0")
    assert table.features[0].cuts == (1.0, 10.0)


def test_where_something_always_holds_its_points_go_to_the_base() -> None:
    table = from_rules("customer,yes,9\ncustomer,no,-3\ncustomer,missing,4")
    assert table.features[0].neutral.points == 0
    assert table.score(pd.DataFrame({"customer": ["yes", "no", None]}), reasons=0)["score"].tolist() == [9, -3, 4]


GERMAN = (
    "\ufeffMerkmal;Bedingung;Punkte;Dimension;Begründung;;\r\n"
    'Größe;"über 1,5";"+8";fit;groß;;\r\n'
    "Größe;ab 1.000,25;3;;;;\r\n"
    ";;;;;;\r\n"
    "Land;nicht in DE AT CH;\u221220;fit;;;\r\n"
    "Basispunkte;;5;;;;\r\n"
)


@pytest.mark.parametrize(
    "written",
    [
        GERMAN,
        GERMAN.encode(),
        GERMAN.replace(";", "\t").encode("utf-16"),
        "sep=;\r\n" + GERMAN.removeprefix("\ufeff"),
    ],
    ids=["text", "UTF-8 with mark", "Unicode text of Excel", "sep="],
)
def test_german_spreadsheets_are_read(written: str | bytes) -> None:
    leads = {"Größe": [1.5, 1.6, 1000.25, None], "Land": ["DE", "FR", "CH", None]}
    assert scores(written, **leads) == [5, -7, 16, 5]
    assert from_rules(written).features[0].rules[1].text == "groß"


WRONG = [
    ("x,at leest 3,5\nx,>= 1,2", "Line 1 of the hand-made table, column 'condition'.*'at leest 3'"),
    ("a,b,1\nx,>= five,5", "Line 2 of .*'five' is no number"),
    ("x,A,2.5", "Line 1 .*column 'points'.*multiply all of them by 2"),
    ("x,A,1\nx,B,five", "Line 2 of .*column 'points': there is 'five'"),
    (
        "lead_id,created,city,visits\n1,2024-01-01,Wien,3",
        "has the columns 'lead_id'.*lacks 'feature', 'condition', 'points'",
    ),
    ("feature,condition,point s\nx,A,5", "the column 'point s' means nothing.*Did you mean 'points'"),
    ("feature,condition\nx,A", "lacks 'points'"),
    ("country,not in DE, AT, CH,-20", "put a condition that has a separator in it in quotation marks"),
    ("x,10-49,5\nx,50-199,8", "a range of numbers or a category"),
    ("x,Not sure,5", "'is not Software'.*quotation marks"),
    ("x,Other,5", "'anything else'.*quotation marks"),
    ("x,contains CEO,5", "whole categories, not parts"),
    ("x,>= 5 and < 3,5", "no value can meet it"),
    ("x,>= 5,5\nx,at least 5,3", "Line 2 .*line 1 says the same"),
    ("x,10 to 50,5\nx,50 to 100,8", "Line 2 .*50 would count here and in line 1"),
    ("x,>= 5,5\nx,Software,3", "Line 2 .*'Software' is no number"),
    ("x;1.000;5;;;number", "'1.000' can be 1000 or 1.0000"),
    ("x,A,5,fit\nx,B,5,engagement", "Line 2 .*'x' into 'fit'"),
    (",A,5", "the name of a column of the leads is needed"),
    ("x,A,5,,,nummer", "Did you mean 'number'"),
    ("base points,,5", "it has no rule"),
    ("base points,>= 3,5\nx,A,1", "base points hold for every lead"),
]


@pytest.mark.parametrize(("rules", "told"), WRONG, ids=[rules for rules, _ in WRONG])
def test_what_cannot_be_understood_is_named_with_its_place(rules: str, told: str) -> None:
    with pytest.raises(DataError, match=f"(?s){told}"):
        from_rules(rules)


CELLS = st.one_of(st.sampled_from([words for words, _ in [*SAID, *SETS]]), st.text(max_size=6))


@given(st.lists(st.tuples(st.sampled_from(["x", "y", ""]), CELLS, st.sampled_from(["5", "-3", "half"])), max_size=4))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_becomes_a_table_or_is_refused(lines: list[tuple[str, str, str]]) -> None:
    frame = pd.DataFrame(lines, columns=["feature", "condition", "points"])
    try:
        table = from_rules(frame)
    except DataError:
        return
    assert to_rules(from_rules(to_rules(table))) == to_rules(table)


def test_a_file_that_is_not_utf8_is_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match="Save it as 'CSV UTF-8'"):
        from_rules("Größe,groß,5".encode("cp1252"))


def test_a_feature_that_the_leads_lack_is_named_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"Line 2 .*no column 'industri'\. Did you mean 'industry'"):
        from_rules("feature,condition,points\nindustri,Media,5", columns=["industry", "city"])


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_any_table_without_conjunctions_comes_back_with_the_same_scores(data: st.DataObject) -> None:
    drawn: PointTable = data.draw(tables())
    plain = tuple(action for action in drawn.actions if all(len(one) == 2 for one in drawn.actions))
    table = replace(drawn, interactions=(), actions=plain, verification=())
    assume(table.features)
    written = to_rules(table)
    back = from_rules(written, name=table.name)
    frame = pd.DataFrame(data.draw(leads(table)), columns=[f.name for f in table.features], dtype=object)
    names = [dimension.name for dimension in table.dimensions]
    wanted, found = (t.score(frame, reasons=0)[[*names, "score", "action"]] for t in (table, back))
    pd.testing.assert_frame_equal(wanted, found)
    assert to_rules(back) == written
    assert back.top_cut == table.top_cut


def test_conjunctions_are_refused_with_the_way_out(table: PointTable) -> None:
    joined = replace(table, interactions=(Interaction("both", ("City:0", "customer:1"), "fit", 4),))
    with pytest.raises(UsageError, match="leadml export --to csv"):
        to_rules(joined)


def test_a_list_of_rules_is_stable_and_readable(table: PointTable) -> None:
    written = to_rules(table)
    assert "visits 7d,>= 2.5,12,engagement,,number\r\n" in written
    assert 'City,"is Wien or ""=1+1"" or ""a \\""quoted\\"" one""",7,fit,,category\r\n' in written
    assert to_rules(from_rules(written)) == written


@pytest.mark.parametrize(
    "name", ["missing", "leer", "known", "in Wien", "not sure", "other", "a or b", '"', "or", "10-49", "yes"]
)
def test_categories_that_look_like_words_come_back_as_categories(name: str) -> None:
    rules = (
        Rule("x:0", "set", 5, values=(name,)), Rule("x:1", "other", 0, neutral=True), Rule("x:2", "missing", -3),
    )  # fmt: skip
    feature = Feature("x", "fit", "category", rules)
    table = PointTable(name="t", dimensions=(Dimension("fit", 0),), features=(feature,), probability=CHANCE, top_cut=0)
    back = from_rules(to_rules(table))
    assert back.score(pd.DataFrame({"x": [name, "another", None]}), reasons=0)["score"].tolist() == [5, 0, -3]
    assert to_rules(back) == to_rules(table)


def test_random_rules_over_many_leads_agree_with_a_sum_by_pandas() -> None:
    rng = np.random.default_rng(3)
    leads = pd.DataFrame({"visits": rng.poisson(3, 3000).astype(float), "size": rng.lognormal(4, 1, 3000)})
    leads.loc[rng.random(3000) < 0.1, "size"] = np.nan
    rules = "visits,>= 1,5\nvisits,>= 3,4\nvisits,> 7,-2\nsize,50 to 200,8\nsize,more than 120,3\nsize,missing,-6"
    v, s = leads["visits"], leads["size"]
    wanted = 5 * (v >= 1) + 4 * (v >= 3) - 2 * (v > 7) + 8 * s.between(50, 200) + 3 * (s > 120) - 6 * s.isna()
    assert (from_rules(rules).score(leads, reasons=0)["score"] == wanted).all()


def test_dimensions_are_in_the_order_of_grades() -> None:
    table = from_rules("x,A,1,product\nvisits_7d,>= 1,2\ny,B,3")
    assert [type(d) for d in table.dimensions] == [Dimension] * 3
    assert [d.name for d in table.dimensions] == ["fit", "engagement", "product"]
