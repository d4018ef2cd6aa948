"""What rows rest on: weak ones are told, weights agree with what is shown, and nothing old changes its bytes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.export import export
from leadml.points.grading.bands import default_actions, grades_by_quarter, top_cut
from leadml.points.rules import Feature, Interaction, Rule
from leadml.points.table import PointTable
from leadml.points.views.display import table_html, table_text
from leadml.points.views.layout import WEAK

from .test_document import small


def judged(points: int, low: int | None, high: int | None) -> bool:
    return Rule("x:0", "range", points, points_low=low, points_high=high).weak


@pytest.mark.parametrize(
    ("points", "low", "high", "weak"),
    [
        (4, 1, 7, False),
        (4, 0, 8, True),
        (-4, -8, 0, True),
        (-4, -9, -1, False),
        (2, -3, 7, True),
        (0, 0, 0, False),
        (0, -3, 4, False),
        (5, None, None, False),
    ],
)
def test_a_row_is_weak_when_its_interval_spans_0(points: int, low: int | None, high: int | None, weak: bool) -> None:
    assert judged(points, low, high) is weak
    together = Interaction("i", ("a:0", "b:0"), "fit", points, points_low=low, points_high=high)
    assert together.weak is weak


@pytest.mark.parametrize(
    "fields",
    [
        {"weight": 1.0},
        {"weight_won": 1.0},
        {"weight": 1.0, "weight_won": 1.5},
        {"weight": -1.0, "weight_won": -1.0},
        {"weight": float("inf"), "weight_won": 1.0},
        {"weight": "1", "weight_won": "1"},
    ],
)
def test_weights_come_in_twos_and_in_order(fields: dict[str, object]) -> None:
    with pytest.raises(DataError, match="weight"):
        Rule("x:0", "range", 0, **fields)  # type: ignore[arg-type]


def weighted() -> PointTable:
    """The small table with weights: 9 leads that weigh 3 together, 5 that weigh 7; one weak row of each kind."""
    table = small()
    size, *others = table.features
    first, second, gone = size.rules
    rules = (
        replace(first, weight=3.0, weight_won=1.5),
        replace(second, weight=7.0, weight_won=0.7, points_low=-1),
        gone,
    )
    together = replace(table.interactions[0], points_low=-2, points_high=5)
    features = (replace(size, rules=rules), *others)
    return replace(table, features=features, interactions=(together,)).with_verification()


def test_shares_and_rates_go_by_weight_and_leads_are_counted() -> None:
    frame = weighted().to_frame()
    size = frame[frame["feature"] == "size"]
    assert size["leads"].tolist() == [9, 5, 0]
    assert size["share"].tolist() == [0.3, 0.7, 0.0]
    assert size["conversion_rate"].tolist()[:2] == pytest.approx([0.5, 0.1])
    assert frame["weak"].tolist() == [False, True, False, *[False] * 6, True]
    text = table_text(weighted())
    assert [rate for rate in ("50.0", "10.0") if f"{rate} %" in text] == ["50.0", "10.0"]
    assert ("weighted" in text, "weighted" in table_text(small())) == (True, False)


def test_weights_are_written_only_where_there_are_any() -> None:
    plain = small().to_dict()["features"][0]["rules"][1]
    assert not {"weight", "weight_won"} & set(plain)
    told = weighted().to_dict()["features"][0]["rules"]
    assert (told[1]["weight"], told[1]["weight_won"]) == (7.0, 0.7)
    assert "weight" not in told[2]
    assert PointTable.from_dict(weighted().to_dict()) == weighted()
    broken = weighted().to_dict()
    del broken["sha256"]
    broken["features"][0]["rules"][1]["weight"] = None
    with pytest.raises(DataError, match="it is a number"):
        PointTable.from_dict(broken)


def test_weak_rows_are_marked_quietly_wherever_a_table_is_shown() -> None:
    for marked, table in ((True, weighted()), (False, small())):
        text, html = table_text(table), table_html(table)
        assert (text.count("░") > 1, 'class="weak"' in html, "weak: -1 to +11" in html) == (marked,) * 3
        assert (WEAK.replace("Weak", "Weak (░)") in " ".join(text.split()), WEAK in html) == (marked, marked)
        assert ("weak" in str(export(table, "markdown")).lower()) is marked


def test_the_csv_says_what_is_weak_and_need_not_be_told() -> None:
    table = weighted()
    header, *rows = csv.reader(io.StringIO(str(export(table, "csv")), newline=""))
    said = [row[header.index("id")] for row in rows if row[header.index("weak")]]
    assert said == ["size:1", "both"]
    assert PointTable.from_csv(str(export(table, "csv"))) == table
    kept = [k for k, name in enumerate(header) if name not in ("weak", "weight", "weight_won")]
    out = io.StringIO()
    csv.writer(out).writerows([[row[k] for k in kept] for row in (header, *rows)])
    again = PointTable.from_csv(out.getvalue())
    assert again.to_frame()["weak"].tolist() == table.to_frame()["weak"].tolist()
    assert again.features[0].rules[1].weight is None


def test_the_csv_knows_no_other_columns() -> None:
    text = str(export(small(), "csv"))
    for wrong in (text.replace("item,", "item,item,", 1), text.replace(",weak", ",weaker", 1)):
        with pytest.raises(DataError, match="They must be"):
            PointTable.from_csv(wrong)


leads = st.lists(st.tuples(st.integers(-8, 8), st.integers(1, 5)), min_size=1, max_size=40)


@given(leads)
def test_a_lead_of_weight_3_is_3_leads(told: list[tuple[int, int]]) -> None:
    scores, weights = np.array([s for s, _ in told]), np.array([float(w) for _, w in told])
    each = np.repeat(scores, weights.astype(int))
    assert top_cut(scores, weights) == top_cut(each)
    assert default_actions(scores, weights) == default_actions(each)
    assert grades_by_quarter(scores, "letter", weights) == grades_by_quarter(each)


@given(leads)
def test_the_top_fifth_by_weight_is_a_fifth_and_no_higher_score_would_do(told: list[tuple[int, int]]) -> None:
    scores, weights = np.array([s for s, _ in told]), np.array([w / 4 for _, w in told])
    cut = top_cut(scores, weights)
    assert weights[scores >= cut].sum() * 5 >= weights.sum()
    assert weights[scores > cut].sum() * 5 < weights.sum()


def test_a_neutral_rule_is_never_weak() -> None:
    rules = (Rule("x:0", "range", 0, neutral=True, points_low=-5, points_high=5), Rule("x:1", "missing", 0))
    assert not Feature("x", "fit", "number", rules).neutral.weak
