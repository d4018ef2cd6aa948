"""Pinned values apart: what the search sees, and what comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.learn.coding.codes import FeatureCodes, number_codes
from leadml.learn.coding.conditions import condition
from leadml.learn.coding.forced import recut
from leadml.learn.coding.pins import pinned_codes, read_pins
from leadml.learn.pooling.pooled import learn_segment
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.apart import Apart
from leadml.learn.search.refit import Leads
from tests.learn.conftest import planted_leads
from tests.learn.constrained import faults, values_of

numbers = st.lists(st.integers(-30, 30).map(lambda k: k / 2), min_size=2, max_size=40)
bounds = st.lists(st.integers(-35, 35).map(lambda k: k / 4), min_size=1, max_size=4, unique=True)


@given(numbers, bounds)
@settings(max_examples=80)
def test_asked_for_cuts_are_there_as_written_and_no_lead_changes_sides(values: list[float], asked: list[float]) -> None:
    column = np.array([*values, np.nan])
    written = [f"{bound:.2f}".rstrip("0").rstrip(".") for bound in asked]
    codes, coded = recut(number_codes("n", column)[0], column, written)
    assert set(written) <= set(codes.cuts)
    cuts = np.array(codes.cuts, dtype=np.float64)
    assert (np.diff(cuts) > 0).all()
    assert coded[:-1].tolist() == [int((cuts <= value).sum()) for value in values]
    assert coded[-1] == codes.missing
    empty = np.bincount(coded, minlength=codes.size)[:-1] == 0
    ends = [{cuts[k - 1] if k else None, cuts[k] if k < len(cuts) else None} - {None} for k in np.flatnonzero(empty)]
    assert all(beside <= set(asked) for beside in ends)  # no code without leads but between cuts that were asked for


@pytest.mark.parametrize("said", ["< 10", ">= 10", "-3 to 10", "1e1 to 2.5e1", "missing"])
def test_a_condition_holds_for_the_codes_of_the_values_that_meet_it(said: str) -> None:
    codes = FeatureCodes("n", "number", cuts=("-3", "10", "25"))
    held = condition("pins", "n", said, "number").codes(codes)
    cuts = np.array(codes.cuts, dtype=np.float64)
    for value in values_of(said):
        code = codes.missing if value is None else int((cuts <= value).sum())
        assert held[code]
    assert held.sum() == {"< 10": 2, ">= 10": 2}.get(said, 1)


def test_the_search_sees_neither_pinned_codes_nor_gaps_and_what_it_finds_comes_back() -> None:
    size = FeatureCodes("size", "number", cuts=("10", "50", "60"), centres=(5.0, 20.0, 55.0, 80.0))
    pins = read_pins({"size": {"10 to 50": 7}}, lambda column: "number")
    row, points = pinned_codes(size, pins["size"])
    assert (row.tolist(), points.tolist()) == ([0, 1, 0, 0, 0], [0, 7, 0, 0, 0])
    counts = np.array([30.0, 9.0, 0.0, 40.0, 5.0])  # nobody between 50 and 60
    apart = Apart.between([size], [row], [counts])
    narrow, beside = apart.narrow
    assert (narrow.cuts, beside.size) == (("60",), 4)
    leads = Leads(np.array([[0, 1, 3, 4]], dtype=np.int16), np.zeros(4), np.ones(4))
    assert apart.leads(leads, narrow=True).codes.tolist() == [[0, 1, 1, 2], [0, 1, 0, 0]]
    assert apart.leads(leads, narrow=False).codes.tolist() == [[0, 1, 3, 4], [0, 1, 0, 0]]
    told = [np.array([0.1, 0.9, 0.0, 0.4, -0.2])]
    seen, of_pins = apart.shapes(told)
    assert seen.tolist() == [0.1, 0.4, -0.2]
    assert of_pins.tolist() == pytest.approx([0, 0.5, 0, 0])  # beyond the commonest value, which it counts as


@pytest.mark.filterwarnings("ignore:pins.*which none of these leads has:UserWarning")  # on purpose
def test_pins_and_limits_hold_in_the_table_of_a_segment() -> None:
    """The points of this segment are moved, but for the pinned ones."""
    frame, won, log_odds = planted_leads(2500, seed=3)
    mine = np.arange(2500) < 700
    turned = log_odds + np.where(mine & (frame["source"] == "partner"), -2.5, 0)
    won = np.where(mine, np.random.default_rng(0).random(2500) < 1 / (1 + np.exp(-turned)), won)
    asked: dict[str, Any] = {
        "max_rules": 20,
        "pins": {"source": {"list": -60, "competitor": -100}, "minutes": {"missing": -4}},
        "signs": {"member": {True: 1}},
        "monotone": {"visits": 1},
        "most_points": 16,
        "caps": {"engagement": 25},
        "dimensions": {"engagement": ["visits", "minutes"]},
        "score_range": (0, 100),
    }
    pooled = LeadScorer(**asked).fit(frame, won)
    segment = learn_segment(pooled, frame[mine], won[mine], name="fairs")
    assert not segment.kept
    moved = segment.table.to_frame()["points"].tolist() != pooled.point_table_.to_frame()["points"].tolist()
    assert moved
    told = [fault for fault in faults(segment.table, asked, frame) if "score" not in fault]
    assert told == []


def test_the_order_of_rows_and_columns_does_not_matter_to_pins() -> None:
    frame, won, _ = planted_leads(1200, seed=9)
    pins: dict[str, dict[Any, int]] = {
        "source": {("fair", "ref"): 9},
        "visits": {"3 to 5": -8, ">= 7": 3},
        "city": {"missing": 0},
    }
    table = LeadScorer(pins=pins, most_points=30).fit(frame, won).point_table_
    mixed = np.random.default_rng(1).permutation(1200)
    again = LeadScorer(pins=pins, most_points=30).fit(pd.DataFrame(frame.iloc[mixed, ::-1]), won[mixed]).point_table_
    assert again.sha256 == table.sha256
    assert type(table).from_dict(table.to_dict()) == table


def test_a_pin_for_a_value_that_no_lead_has_names_the_nearest() -> None:
    leads = planted_leads(600, 3)
    frame, won = leads[:2]
    level = frame["source"].dropna().iloc[0]
    with pytest.warns(UserWarning, match=rf"pins\['source'\] names '{level}x', which none .* Did you mean '{level}'\?"):
        LeadScorer(pins={"source": {f"{level}x": 5}}).fit(frame, won)
    LeadScorer(pins={"source": {level: 5, "other": 1, "missing": -1}}).fit(frame, won)
