"""The measuring stick itself: what `planted_contrasts` says about tables whose worth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.demo import DemoHistory, planted_contrasts, recovery
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability


def feature(name: str, type_: Any, *rules: tuple[Any, int, Any]) -> Feature:
    """Write a feature shortly: (kind, points, bounds or values); the first rule with 0 points is neutral."""
    neutral = next(k for k, rule in enumerate(rules) if rule[1] == 0)
    made = []
    for k, (kind, points, what) in enumerate(rules):
        given = {} if what is None else {"values": what}
        if kind == "range":
            given = dict(zip(("lo", "hi"), what, strict=True))
        made.append(Rule(f"{name}:{k}", kind, points, neutral=k == neutral, **given))
    return Feature(name, "fit", type_, tuple(made))


def table(*features: Feature) -> PointTable:
    return PointTable(
        name="hand-made",
        dimensions=(Dimension("fit", 30),),
        features=features,
        probability=Probability(-4.0, 0.05),
        top_cut=50,
        actions=(("hand to sales", 50), ("nurture", None)),
        provenance={"missing": ["Select"]},
    )


def source(points: dict[str, int]) -> Feature:
    rules = [("set", 0, ("Website", "Paid search")), *(("set", p, (value,)) for value, p in points.items())]
    return feature("source", "category", *rules, ("other", -1, None), ("missing", -2, None))


TRUE_SOURCE = {"Referral": 10, "Partner": 6, "Trade fair": 4, "Social ad": -6, "Purchased list": -11}


def judged(history: DemoHistory, *features: Feature) -> pd.DataFrame:
    return planted_contrasts(history.truth, table(*features), history.features).set_index("rule")


def whole_truth(history: DemoHistory) -> list[Feature]:
    """Write all planted rules as features of a table."""
    made = []
    for name in sorted({rule.feature for rule in history.truth.points}):
        mine = [rule for rule in history.truth.points if rule.feature == name]
        missing = ("missing", sum(rule.points for rule in mine if rule.kind == "missing"), None)
        if mine[0].kind == "set" and mine[0].values[0] in ("true", "false"):
            value, points = mine[0].values[0], mine[0].points
            opposite = "false" if value == "true" else "true"
            made.append(feature(name, "boolean", ("set", 0, (opposite,)), ("set", points, (value,)), missing))
        elif mine[0].kind == "set":
            sets = [("set", rule.points, rule.values) for rule in mine]
            levels = set(history.features[name]) - {"", "Select"} - {rule.values[0] for rule in mine}
            made.append(feature(name, "category", *sets, ("other", 0 if levels else 1, None), missing))
        else:
            ranges = {(rule.lo, rule.hi): rule.points for rule in mine if rule.kind == "range"}
            cuts = sorted({cut for ends in ranges for cut in ends if cut is not None})
            ends = list(zip([None, *cuts], [*cuts, None], strict=True))
            text = [tuple(None if cut is None else str(cut) for cut in pair) for pair in ends]
            rules = [("range", ranges.get(pair, 0), t) for pair, t in zip(ends, text, strict=True)]
            made.append(feature(name, "number", *rules, missing))
    return made


def test_the_whole_truth_is_recovered_exactly(history: DemoHistory) -> None:
    rows = judged(history, *whole_truth(history))
    held = rows[rows["leads"] > 0]
    assert len(held) > 60
    assert held["planted"].to_numpy() == pytest.approx(held["learned"].to_numpy(), abs=1e-6)
    assert held["planted_here"].to_numpy() == pytest.approx(held["learned"].to_numpy(), abs=1e-9)
    found = recovery(rows.reset_index())
    assert found.rank_correlation == pytest.approx(1.0)
    assert found.reversed == ()
    assert found.judged == len(history.truth.points)
    empty = ~rows["neutral"] & (rows["leads"] == 0)
    assert empty.any()
    assert rows.loc[empty, "planted"].isna().all()


def test_part_of_the_truth_is_recovered_but_for_chance(history: DemoHistory) -> None:
    rows = judged(history, source(TRUE_SOURCE))
    held = rows[rows["leads"] > 0]
    assert held["planted_here"].tolist() == held["learned"].tolist()
    assert np.abs(held["planted"] - held["learned"]).max() < 1.5
    found = recovery(rows.reset_index())
    assert found.rank_correlation == pytest.approx(1.0)
    assert found.judged >= 4  # the weakest may fall below 3 by chance


def test_a_table_with_turned_signs_is_found_out(history: DemoHistory) -> None:
    rows = judged(history, source({value: -points for value, points in TRUE_SOURCE.items()})).reset_index()
    found = recovery(rows)
    assert found.rank_correlation == pytest.approx(-1.0)
    assert len(found.reversed) == found.judged >= 4


def test_the_same_fact_told_by_another_column_counts(history: DemoHistory) -> None:
    ranges = ("range", 0, (None, "1")), ("range", 9, ("1", None))
    other = feature("pricing_page_7d", "number", *ranges, ("missing", 1, None))
    row = judged(history, other).loc["pricing_page_7d:1"]
    assert row["planted_here"] == 0
    assert row["planted"] > 13


def test_a_column_beside_the_true_one_gets_nothing(history: DemoHistory) -> None:
    true = feature(
        "days_since_pricing_page", "number",
        ("range", 15, (None, "7")), ("range", 6, ("7", "30")), ("range", 1, ("30", None)),
        ("missing", 0, None),
    )  # fmt: skip
    ranges = ("range", 0, (None, "500")), ("range", 5, ("500", None))
    rows = judged(history, true, feature("random_number", "number", *ranges, ("missing", 1, None)))
    assert rows.loc["days_since_pricing_page:0", "planted_here"] == 15
    assert rows.loc["days_since_pricing_page:1", "planted_here"] == 6
    assert abs(rows.loc["random_number:1", "planted"]) < 0.8
    assert rows.loc["random_number:1", "planted_here"] == 0


def test_merged_rules_are_worth_the_average_of_their_leads(history: DemoHistory) -> None:
    merged = feature(
        "source", "category",
        ("set", 0, ("Website", "Paid search", "Trade fair", "Partner", "Social ad", "Purchased list")),
        ("set", 7, ("Referral",)), ("other", 1, None), ("missing", 2, None),
    )  # fmt: skip
    others = history.features["source"][history.features["source"] != "Referral"]
    rest = others.map(TRUE_SOURCE).fillna(0).mean()
    assert judged(history, merged).loc["source:1", "planted_here"] == pytest.approx(10 - rest)
