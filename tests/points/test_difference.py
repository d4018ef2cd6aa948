"""The difference of two tables, against brute force: every value is looked up in both."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.points.differences.difference import Difference
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.scoring import points_frame, rule_codes
from leadml.points.table import PointTable, Probability
from tests.points.strategies import tables


def number(name: str, cuts: list[float], points: list[int], missing: int = 0, leads: int = 10) -> Feature:
    """Make a number feature; the first range without points is the neutral one."""
    bounds = [None, *(f"{cut:g}" for cut in cuts), None]
    neutral = points.index(0)
    rules = [
        Rule(f"{name}:{k}", "range", p, neutral=k == neutral, lo=bounds[k], hi=bounds[k + 1], leads=leads + k)
        for k, p in enumerate(points)
    ]
    return Feature(name, "fit", "number", (*rules, Rule(f"{name}:{len(points)}", "missing", missing, leads=3)))


def table(*features: Feature, base: int = 40, **rest: object) -> PointTable:
    given = {"name": "acme", "probability": Probability(-3.0, 0.05), "top_cut": 45} | rest
    return PointTable(dimensions=(Dimension("fit", base, (("A", 50), ("D", None))),), features=features, **given)  # type: ignore[arg-type]


def told(found: Difference) -> list[tuple[str, str, int | None, int | None, int]]:
    return [(row.change, row.rule, row.before, row.after, row.leads) for row in found.rows]


def test_equal_tables_do_not_differ() -> None:
    one = table(number("v", [2], [0, 5]))
    found = one.difference(one)
    assert not found
    assert found.text.endswith("\nno difference")
    assert found.to_frame().empty
    counted = replace(one, features=(number("v", [2], [0, 5], leads=99),))
    assert counted.sha256 != one.sha256
    assert counted.difference(one).text.endswith("no difference, but in what was counted and where they come from")
    assert not counted.difference(one)


def test_what_gives_a_lead_another_score_grade_or_action_moves_and_a_probability_alone_does_not() -> None:
    one = table(number("v", [2], [0, 5]))
    other = one.difference(replace(one, probability=Probability(-2.0, 0.08)))
    assert other
    assert not other.moves
    moved = [replace(one, top_cut=46), replace(one, actions=(("call", 44), ("wait", None)))]
    moved += [table(one.features[0], base=41)]
    moved += [table(number("v", [2], [0, 6])), table(number("v", [3], [0, 5]))]
    assert all(one.difference(new).moves for new in moved)


def test_a_rule_split_in_two_is_said_so_whatever_its_id() -> None:
    old = table(number("v", [2], [0, 5]))
    new = table(number("v", [2, 9], [0, 5, 8]))
    assert told(new.difference(old)) == [
        ("split", "V is 2 to under 9", 5, 5, 11),
        ("split", "V is 9 or more", 5, 8, 12),
    ]
    assert told(old.difference(new)) == [
        ("joined", "V is 2 to under 9", 5, 5, 11),
        ("joined", "V is 9 or more", 8, 5, 12),
    ]


def test_a_cut_that_went_elsewhere_is_recut_and_an_unmoved_rule_before_it_is_silent() -> None:
    old = table(number("v", [1, 5], [3, 0, 7]))
    new = table(number("v", [1, 6], [3, 0, 7]))
    found = told(new.difference(old))
    assert [row[:4] for row in found] == [
        ("split", "V is 6 or more", 7, 7),
        ("joined", "V is 1 to under 5", 0, 0),
        ("recut", "V is 5 to under 6", 7, 0),
    ]


def test_the_rows_are_told_in_the_language_of_the_new_table() -> None:
    def actions(points: int, cuts: list[float]) -> PointTable:
        city = (
            Rule("City:0", "set", points, values=("Wien", "Graz"), leads=9),
            Rule("City:1", "other", 0, neutral=True),
            Rule("City:2", "missing", 0),
        )
        features = (number("v", cuts, [0, 5]), number("w", [3], [0, points]), Feature("City", "fit", "category", city))
        row = Interaction("v:1 & w:1", ("v:1", "w:1"), "fit", points)
        return table(*features, interactions=(row,), actions=(("call", 45), ("wait", None)))

    old, new = actions(6, [2]), replace(actions(4, [9]), features=actions(4, [9]).features[::2], interactions=())
    english, german = new.difference(old), new.in_language("de").difference(old.in_language("de"))
    assert "V is 2 to under 9" in [row.rule for row in english.rows]
    rules = [row.rule for row in german.rows]
    assert {"V ist 2 bis unter 9", "W ist 3 oder mehr"} <= set(rules)
    assert not [rule for rule in rules if " is " in rule]
    mixed = new.in_language("de").difference(old)
    assert [row.rule for row in mixed.rows] == rules
    assert (mixed.settings, mixed.same) == (german.settings, False)


def test_features_come_and_go_and_a_change_of_type_is_both() -> None:
    old = table(number("v", [2], [0, 5]), number("w", [1], [0, -3]))
    texts = (
        Rule("w:0", "set", 4, values=("x",), leads=7),
        Rule("w:1", "other", 0, neutral=True),
        Rule("w:2", "missing", -1, leads=2),
    )
    new = table(number("u", [2], [0, 6]), Feature("w", "fit", "category", texts))
    assert told(new.difference(old)) == [
        ("added", "U is 2 or more", None, 6, 11),
        ("added", "W is x", None, 4, 7),
        ("added", "W is missing", None, -1, 2),
        ("dropped", "V is 2 or more", 5, None, 11),
        ("dropped", "W is 1 or more", -3, None, 11),
    ]


def test_conjunctions_are_known_by_what_they_hold_for() -> None:
    def joined(cuts: list[float], points: list[int], condition: str, worth: int) -> PointTable:
        row = Interaction(f"{condition} & w:1", (condition, "w:1"), "fit", worth, leads=5)
        return table(number("v", cuts, points), number("w", [1], [0, -3]), interactions=(row,))

    old = joined([2], [0, 5], "v:1", 9)
    moved = joined([1, 2], [0, 1, 5], "v:2", 4)
    rows = [row for row in moved.difference(old).rows if row.feature is None]
    assert [(row.change, row.before, row.after, row.leads) for row in rows] == [("moved", 9, 4, 5)]
    other = joined([2, 7], [0, 5, 6], "v:2", 9)
    rows = [row for row in other.difference(old).rows if row.feature is None]
    assert [(row.change, row.before, row.after) for row in rows] == [("added", None, 9), ("dropped", 9, None)]


def test_what_stands_beside_the_rows_is_compared() -> None:
    old = table(number("v", [2], [0, 5]), actions=(("call", 45), ("wait", None)))
    new = replace(
        old,
        top_cut=47,
        actions=(("call", 50), ("wait", None)),
        probability=Probability(-2.0, 0.1),
        dimensions=(Dimension("fit", 41, (("A", 52), ("D", None))),),
    )
    found = new.difference(old)
    assert [(s.what, s.before, s.after) for s in found.settings] == [
        ("base points of fit", "40", "41"),
        ("grades of fit", "A from 50, D", "A from 52, D"),
        ("actions", "call from 45, wait", "call from 50, wait"),
        ("top cut", "45", "47"),
        ("chance of being won at neutral", "26.9 %", "89.1 %"),
        ("points that double the odds", "13.9", "6.9"),
    ]
    assert "top cut" in found.text
    assert json.loads(json.dumps(found.to_dict()))["settings"][3] == {"what": "top cut", "before": "45", "after": "47"}


def test_leads_are_scored_by_both() -> None:
    old, new = table(number("v", [2], [0, 5])), table(number("v", [2, 9], [0, 5, 8]))
    found = new.difference(old, pd.DataFrame({"v": [0, 2, 9, 9, None]})).affected
    assert found is not None
    assert (found.leads, found.score, found.grade, found.action, found.top, found.greatest) == (5, 2, 0, 0, 0, 3)
    assert found.mean == pytest.approx(6 / 5)
    with pytest.raises(UsageError, match="'v'"):
        new.difference(old, pd.DataFrame({"w": [0]}))


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    name = "<script>alert(1)</script>\x1b[31m"
    found = table(number(name, [2], [0, 6])).difference(table(number(name, [2], [0, 5])))
    html = found._repr_html_()
    assert "<script>alert" not in html
    assert "\x1b" not in html + found.text


CATEGORIES = ("a", "b", "c", "d")


@st.composite
def twice_cut(draw: st.DrawFn) -> tuple[PointTable, PointTable]:
    """Make two tables over one number and one category feature."""

    def one() -> PointTable:
        cuts = sorted(draw(st.sets(st.integers(1, 6), max_size=4)))
        points = draw(st.lists(st.integers(-2, 2), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
        points[draw(st.integers(0, len(cuts)))] = 0
        of = draw(st.lists(st.integers(0, 3), min_size=len(CATEGORIES), max_size=len(CATEGORIES)))
        sets = [tuple(c for c, k in zip(CATEGORIES, of, strict=True) if k == group) for group in (1, 2, 3)]
        rules = [
            Rule(f"c:{k}", "set", draw(st.integers(-2, 2)), values=values)
            for k, values in enumerate(values for values in sets if values)
        ]
        n = len(rules)
        rest = (Rule(f"c:{n}", "other", 0, neutral=True), Rule(f"c:{n + 1}", "missing", draw(st.integers(-2, 2))))
        feature = Feature("c", "fit", "category", (*rules, *rest))
        return table(number("v", [float(c) for c in cuts], points, missing=draw(st.integers(-2, 2))), feature)

    return one(), one()


@settings(max_examples=60, deadline=None)
@given(twice_cut())
def test_rows_with_other_points_are_those_of_the_values_that_score_otherwise(
    both: tuple[PointTable, PointTable],
) -> None:
    old, new = both
    rows = new.difference(old).to_frame()
    values = {"v": [*range(8), None], "c": [*CATEGORIES, "unheard of", None]}
    for name, tried in values.items():
        frame = pd.DataFrame({"v": [1] * len(tried), "c": ["a"] * len(tried)} | {name: tried}, dtype=object)
        before, after = (points_frame(t, frame)[name].tolist() for t in both)
        moved = {(a, b) for a, b in zip(before, after, strict=True) if a != b}
        listed = rows[(rows["feature"] == name) & (rows["before"] != rows["after"])]
        assert set(zip(listed["before"].tolist(), listed["after"].tolist(), strict=True)) == moved


@settings(max_examples=60, deadline=None)
@given(twice_cut())
def test_there_is_a_row_exactly_where_rules_hold_for_other_values_or_have_other_points(
    both: tuple[PointTable, PointTable],
) -> None:
    def rows(of: PointTable, feature: int, frame: pd.DataFrame) -> set[tuple[frozenset[int], int]]:
        f = of.features[feature]
        held = rule_codes(of, frame)[f.name]
        found = {k: frozenset(np.flatnonzero(held == k).tolist()) for k in range(len(f.rules))}
        return {(leads, f.rules[k].points) for k, leads in found.items() if leads}

    old, new = both
    found = new.difference(old).to_frame()
    for k, tried in enumerate(([*range(8), None], [*CATEGORIES, "unheard of", None])):
        name = "vc"[k]
        frame = pd.DataFrame({"v": [1] * len(tried), "c": ["a"] * len(tried)} | {name: tried}, dtype=object)
        assert (rows(old, k, frame) == rows(new, k, frame)) == (not (found["feature"] == name).any())
    back = old.difference(new).to_frame()
    swapped = found["change"].replace({"split": "joined", "joined": "split"})
    assert sorted(back["change"]) == sorted(swapped)


@settings(max_examples=10, deadline=None)
@given(tables())
def test_no_table_differs_from_itself_however_hostile(one: PointTable) -> None:
    found = one.difference(PointTable.from_dict(one.to_dict()))
    assert not found
    assert found.same
    smaller = one.without([one.features[0].name]) if one.features else one
    rows = smaller.difference(one).rows
    gone = sum(rule.points != 0 for rule in one.features[0].rules) if one.features else 0
    assert sum(row.change == "dropped" and row.feature is not None for row in rows) == gone
