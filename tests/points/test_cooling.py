"""How points fall as days pass: the scorer itself is the oracle."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability
from leadml.points.views.cooling import Cooling

NAMES = ("visit_7d", "visit_30d", "visit_90d", "days_since_visit")


def number(name: str, cuts: list[str], points: list[int], missing: int) -> Feature:
    bounds = list(zip([None, *cuts], [*cuts, None], strict=True))
    rules = [
        Rule(f"{name}:{k}", "range", p if k else 0, neutral=k == 0, lo=lo, hi=hi)
        for k, ((lo, hi), p) in enumerate(zip(bounds, points, strict=True))
    ]
    return Feature(name, "engagement", "number", (*rules, Rule(f"{name}:{len(rules)}", "missing", missing)))


@st.composite
def tables(draw: st.DrawFn) -> PointTable:
    features = [Feature("City", "fit", "category", (
        Rule("City:0", "set", 4, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
        Rule("City:2", "missing", -3),
    ))]  # fmt: skip
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4)):
        grid = ["0.5", "1.5", "3.5"] if name.endswith("d") else ["0.5", "2", "6.5", "20", "45.25"]
        cuts = sorted(draw(st.lists(st.sampled_from(grid), unique=True, max_size=3)), key=float)
        points = draw(st.lists(st.integers(-20, 20), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
        features.append(number(name, cuts, points, draw(st.integers(-9, 9))))
    dimensions = (Dimension("fit", 20), Dimension("engagement", 10))
    return PointTable(
        name="t", dimensions=dimensions, features=tuple(features), probability=Probability(-2.0, 0.05), top_cut=30
    )


def lead(age: float | None) -> dict[str, object]:
    since = np.nan if age is None else age
    counts = {f"visit_{n}d": float(age is not None and 0 < age <= n) for n in (7, 30, 90)}
    return {"City": "Graz", **counts, "days_since_visit": since}


@settings(max_examples=60, deadline=None)
@given(tables(), st.lists(st.floats(0.001, 400), min_size=1, max_size=30))
def test_an_event_is_worth_what_it_adds_to_the_score(table: PointTable, ages: list[float]) -> None:
    found = table.cooling()
    rows = pd.DataFrame([lead(None), *(lead(age) for age in [*ages, 7.0, 30.0, 90.0, 7.001])])
    score = table.score(rows, reasons=0)["score"]
    for age, added in zip([*ages, 7.0, 30.0, 90.0, 7.001], score[1:] - score[0], strict=True):
        if age in table_cuts(table):
            continue  # a cut itself belongs to the older span: one instant of no duration
        told = [s.points for s in found.steps if s.from_days < age <= s.to_days]
        assert (told or [0]) == [added], (age, found.text)


def table_cuts(table: PointTable) -> set[float]:
    return {cut for f in table.features if f.name == "days_since_visit" for cut in f.cuts}


def test_spans_follow_each_other_and_print(table: PointTable) -> None:
    assert table.cooling() == Cooling(())
    features = (number("days_since_a_b", ["6.5", "30"], [0, -5, -9], -12),)
    made = PointTable(
        name="t", dimensions=(Dimension("engagement", 20),), features=features,
        probability=Probability(-2.0, 0.05), top_cut=10,
    )  # fmt: skip
    found = made.cooling()
    assert [(s.from_days, s.to_days, s.points) for s in found.steps] == [
        (0.0, 6.5, 12), (6.5, 30.0, 7), (30.0, float("inf"), 3),
    ]  # fmt: skip
    assert found.frame()["points"].tolist() == [12, 7, 3]
    assert "a b    6.5 to 30         +7" in found.text
    assert "<script" not in found._repr_html_()
    assert len(found.plot().axes[0].lines) == 2
