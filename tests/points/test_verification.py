"""Verification leads reach every rule, and notice when a table is not what it was."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.points.checks import cut_text
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.scoring import rule_codes
from leadml.points.table import PointTable, Probability
from leadml.points.verification import lead_frame, verification_leads, verify

from . import reference
from .strategies import tables
from .test_scoring import one_feature


@given(tables())
@settings(max_examples=80, deadline=None)
def test_the_answers_are_those_of_the_reference(table: PointTable) -> None:
    made = table.with_verification()
    document = made.to_dict()
    for row in made.verification:
        wanted = reference.score(document, dict(row.lead))
        assert {**row.expected} == {key: wanted[key] for key in row.expected}
        assert {"score", "grade", "action"} <= set(row.expected)
    assert made.with_verification() == made
    verify(made)


@given(tables())
@settings(max_examples=80, deadline=None)
def test_every_rule_holds_for_some_lead(table: PointTable) -> None:
    rows = verification_leads(table)
    assert len(rows) >= (30 if table.features else 2)
    codes = rule_codes(table, lead_frame(rows, table))
    for feature in table.features:
        # Where a placeholder is the only number in a range, no value can reach it.
        reached = set(codes[feature.name].tolist())
        unreached = [rule for i, rule in enumerate(feature.rules) if i not in reached]
        assert all(rule.kind == "range" and table.missing_texts(feature.name) for rule in unreached), unreached
        neutral = feature.rules.index(feature.neutral)
        assert codes[feature.name][0] == neutral or neutral not in reached


@given(tables(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_rule_that_is_worth_something_else_is_noticed(table: PointTable, data: st.DataObject) -> None:
    table = table.with_verification()
    rules = [(f, i) for f in table.features for i, rule in enumerate(f.rules) if not rule.neutral]
    assume(rules)
    feature, position = data.draw(st.sampled_from(rules))
    assume(feature.type != "number" or not table.missing_texts(feature.name))
    changed = list(feature.rules)
    rule = changed[position]
    changed[position] = replace(rule, points=rule.points - 1 if rule.points > 0 else rule.points + 1)
    other = replace(feature, rules=tuple(changed))
    features = tuple(other if f.name == feature.name else f for f in table.features)
    with pytest.raises(DataError, match="fails its own check"):
        verify(replace(table, features=features))


@pytest.mark.parametrize("cut", [49.5, 50.0, 0.0, -0.1, 1e22, 5e-324, 2.0**53, 123456.789])
def test_a_cut_that_moved_is_noticed(cut: float) -> None:
    def table(at: float) -> PointTable:
        bound = cut_text(at)
        low, high = Rule("x:0", "range", 5, hi=bound), Rule("x:1", "range", 0, neutral=True, lo=bound)
        return one_feature(Feature("x", "fit", "number", (low, high, Rule("x:2", "missing", 0))))

    made = table(cut).with_verification()
    below = max(lead.lead["x"] for lead in made.verification if lead.lead["x"] is not None and lead.lead["x"] < cut)
    for moved in (math.nextafter(cut, math.inf), below, cut + abs(cut) + 1, cut - abs(cut) - 1):
        with pytest.raises(DataError, match="fails its own check"):
            verify(replace(made, features=table(moved).features))
    verify(replace(made, features=table(math.nextafter(below, math.inf)).features))


def test_leads_are_short_decimals_at_and_just_below_each_cut() -> None:
    rules = (
        Rule("x:0", "range", 1, hi="49.5"),
        Rule("x:1", "range", 2, lo="49.5", hi="1000"),
        Rule("x:2", "range", 0, neutral=True, lo="1000"),
        Rule("x:3", "missing", 4),
    )
    table = one_feature(Feature("x", "fit", "number", rules))
    seen = {row["x"] for row in verification_leads(table)}
    assert seen == {49.5, 49.49, 1000, 999.9, None}


def test_a_table_without_features_verifies() -> None:
    table = PointTable(
        name="t", dimensions=(Dimension("fit", 3),), features=(), probability=Probability(0, 0), top_cut=0
    )
    assert [dict(row.expected) for row in table.with_verification().verification] == [
        {"fit": 3, "score": 3, "grade": None, "action": None}
    ] * 2
