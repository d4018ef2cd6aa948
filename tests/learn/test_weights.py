"""Weights from end to end: a lead of weight 3 is three leads, and what is shown agrees with the points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from leadml.learn.coding.codes import category_codes, number_codes
from leadml.learn.coding.weights import evidence
from leadml.learn.pooling.pooled import learn_segment
from leadml.learn.scorer import LeadScorer
from leadml.points.table import PointTable

from .conftest import planted_leads

weighed = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 4)), min_size=2, max_size=400)


@given(weighed)
@settings(max_examples=60, deadline=None)
def test_codes_are_those_of_leads_that_stand_there_so_many_times(told: list[tuple[int, int]]) -> None:
    values = np.array([value / 4 for value, _ in told])
    times = np.array([weight for _, weight in told])
    codes, coded = number_codes("x", values, times.astype(np.float64))
    again, repeated = number_codes("x", np.repeat(values, times))
    assert codes.cuts == again.cuts
    assert codes.centres == pytest.approx(again.centres)
    assert np.repeat(coded, times).tolist() == repeated.tolist()
    where = np.array([value % 7 for value, _ in told])
    by_weight = category_codes("c", list("abcdefg"), where, 9, weight=times.astype(np.float64))
    by_count = category_codes("c", list("abcdefg"), np.repeat(where, times), 9)
    assert by_weight[0] == by_count[0]


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=50), st.floats(1e-3, 1e3))
@settings(max_examples=100, deadline=None)
def test_weights_that_are_no_counts_only_compare(told: list[float], times: float) -> None:
    weight = np.array([*told, told[0] + 0.5])
    found = evidence(weight)
    if (weight == np.rint(weight)).all():
        assert found.tolist() == weight.tolist()
        return
    scaled = weight * weight.sum() / (weight**2).sum()  # they sum to the effective number of leads
    assert np.abs(found - scaled).max() <= 2**-20
    assert found.min() > 0
    assert found[::-1].sum() == found.sum()  # exactly: no order of leads can change what is learned
    other = evidence(weight * times)
    if not (weight * times == np.rint(weight * times)).all():
        assert np.abs(other - found).max() <= 2**-19


def learned(frame: pd.DataFrame, won: NDArray[np.bool_], weight: NDArray[np.float64] | None) -> PointTable:
    scorer = LeadScorer(max_rules=10, interactions=False)
    return scorer.fit(frame, won, sample_weight=weight).point_table_


def test_a_half_life_of_leads_whatever_its_unit_and_whatever_their_order() -> None:
    frame, won, _ = planted_leads(2500, 21)
    weight = 0.5 ** (np.arange(2500) / 1000)
    table = learned(frame, won, weight)
    assert learned(frame, won, 8 * weight) == table
    order = np.random.default_rng(0).permutation(2500)
    assert learned(frame.iloc[order].reset_index(drop=True), won[order], weight[order]) == table
    told = table.provenance["weights"]
    assert told["sum"] == pytest.approx(weight.sum() ** 2 / (weight**2).sum(), rel=1e-4)
    assert told["effective_leads"] == pytest.approx(told["sum"], rel=1e-4)
    assert table.provenance["leads"] == 2500


def test_equal_weights_that_are_no_counts_are_none_at_all() -> None:
    frame, won, _ = planted_leads(1500, 22)
    plain = learned(frame, won, None)
    assert learned(frame, won, np.full(1500, 0.3)) == plain
    assert "weights" not in plain.provenance
    assert "weight" not in plain.to_dict()["features"][0]["rules"][0]


def test_won_leads_that_were_thinned_out_and_weigh_more_stand_for_all() -> None:
    """One lost lead in five was kept, and weighs five: rates are those of all leads, and points follow them."""
    frame, won, _ = planted_leads(12_000, 23)
    kept = won | (np.random.default_rng(1).random(12_000) < 0.2)
    some, result = frame[kept].reset_index(drop=True), won[kept]
    table = learned(some, result, np.where(result, 1.0, 5.0))
    told = table.to_frame()
    for feature, rows in told[told["leads"] > 0].groupby("feature"):
        column = frame[str(feature)]
        if feature == "member":
            all_rates = won[column].mean(), won[~column].mean()
            here = rows.set_index(rows["values"].str[0])["conversion_rate"]
            assert here["true"] == pytest.approx(all_rates[0], abs=0.03)
            assert here["false"] == pytest.approx(all_rates[1], abs=0.03)
        assert rows["share"].sum() == pytest.approx(1.0, abs=1e-4)
        assert rows["leads"].sum() == kept.sum()
    strong = told[told["points"].abs() > 3]
    against = strong["feature"].map(told[told["neutral"]].set_index("feature")["conversion_rate"])
    assert ((strong["conversion_rate"] > against) == (strong["points"] > 0)).all()
    chance = table.score(frame)["probability"].mean()
    assert chance == pytest.approx(won.mean(), abs=0.02)
    unweighted = learned(some, result, None)
    assert unweighted.score(frame)["probability"].mean() > won.mean() + 0.1  # what the weights are for


def test_inverse_propensities_give_shares_of_the_population() -> None:
    frame, won, _ = planted_leads(8000, 24)
    propensity = np.where(frame["member"], 0.9, 0.25)
    seen = np.random.default_rng(2).random(8000) < propensity
    table = learned(frame[seen].reset_index(drop=True), won[seen], 1 / propensity[seen])
    rows = table.to_frame().query("feature == 'member' and leads > 0")
    share = rows.set_index(rows["values"].str[0])["share"]
    assert share["true"] == pytest.approx(frame["member"].mean(), abs=0.02)
    assert frame["member"][seen].mean() > frame["member"].mean() + 0.2
    scores = table.score(frame)["score"]
    assert (scores >= table.top_cut).mean() == pytest.approx(0.2, abs=0.12)
    assert {rule.weight is None for feature in table.features for rule in feature.rules} == {False}


def test_counts_and_repeated_leads_give_tables_that_rank_alike() -> None:
    """Not the same ones: repeated leads fall on both sides of a fold unless `groups` keeps them together."""
    frame, won, _ = planted_leads(3000, 25)
    times = np.random.default_rng(3).integers(1, 4, 3000)
    name = np.arange(3000)
    scorer = LeadScorer(max_rules=10, interactions=False)
    counted = scorer.fit(frame, won, sample_weight=times, groups=name).point_table_
    many = np.repeat(name, times)
    repeated = scorer.fit(frame.iloc[many].reset_index(drop=True), won[many], groups=many).point_table_
    one, other = counted.score(frame)["score"], repeated.score(frame)["score"]
    assert np.corrcoef(one, other)[0, 1] > 0.965
    assert counted.score(frame)["probability"].mean() == pytest.approx(
        repeated.score(frame)["probability"].mean(), abs=0.01
    )


def test_a_segment_counts_its_own_leads_whatever_the_pooled_ones_weighed() -> None:
    frame, won, _ = planted_leads(2500, 26)
    scorer = LeadScorer(max_rules=10, interactions=False).fit(frame, won, sample_weight=0.5 ** (np.arange(2500) / 1000))
    here = np.arange(2500) % 4 == 0
    times = np.where(won[here], 1.0, 2.5)
    plain = learn_segment(scorer, frame[here], won[here], name="x").table
    heavy = learn_segment(scorer, frame[here], won[here], weight=times, name="x").table
    assert "weights" in scorer.point_table_.provenance
    assert "weights" not in plain.provenance
    assert heavy.provenance["weights"]["sum"] == pytest.approx(times.sum() ** 2 / (times**2).sum(), rel=1e-4)
    for table, weighted in ((plain, False), (heavy, True)):
        rules = [rule for feature in table.features for rule in feature.rules]
        assert {rule.weight is not None for rule in rules} == {weighted}
        assert sum(rule.leads for rule in table.features[0].rules) == here.sum()
