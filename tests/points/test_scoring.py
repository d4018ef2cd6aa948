"""The scores of tables are those of the reference scorer, whatever the table, the values and their types."""

from __future__ import annotations

import math
import shlex
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.scoring import points_frame, rule_codes
from leadml.points.table import PointTable, Probability
from leadml.points.words.reasons import interaction_text, signed, text_of

from . import reference
from .strategies import NASTY, leads, odd_booleans, odd_categories, odd_numbers, tables


def frame_of(table: PointTable, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = [pd.Series([row[f.name] for row in rows], dtype=object) for f in table.features]
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(len(rows)))
    return frame.set_axis(pd.Index([f.name for f in table.features], dtype=object), axis=1)


def reason_texts(table: PointTable) -> dict[str, str]:
    rules = {r.id: f"{text_of(f, r)}: {signed(r.points)}" for f in table.features for r in f.rules}
    return rules | {row.id: f"{interaction_text(table, row)}: {signed(row.points)}" for row in table.interactions}


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_every_lead_gets_what_the_reference_gives(data: st.DataObject) -> None:
    table = data.draw(tables())
    rows = data.draw(leads(table))
    scored = table.score(frame_of(table, rows))
    document, texts = table.to_dict(), reason_texts(table)
    assert list(scored.columns[: len(table.dimensions)]) == [d.name for d in table.dimensions]
    for row, (_, found) in zip(rows, scored.iterrows(), strict=True):
        wanted = reference.score(document, row)
        for name in [*(d.name for d in table.dimensions), "score"]:
            assert found[name] == wanted[name]
        assert found["probability"] == pytest.approx(wanted["probability"], abs=1e-12)
        for column in ("grade", "action"):
            assert (found[column] if isinstance(found[column], str) else None) == wanted[column]
        reasons = [found[f"reason_{i}"] for i in (1, 2, 3)]
        shown = [texts[rule] for rule in wanted["reasons"][:3]]
        assert [reason for reason in reasons if isinstance(reason, str)] == shown


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_rule_that_holds_is_the_reference_rule_and_points_sum_to_the_score(data: st.DataObject) -> None:
    table = data.draw(tables())
    rows = data.draw(leads(table))
    frame = frame_of(table, rows)
    codes, points, scored = rule_codes(table, frame), points_frame(table, frame), table.score(frame)
    document = table.to_dict()
    for i, row in enumerate(rows):
        held = [feature.rules[codes[feature.name][i]].id for feature in table.features]
        assert held == reference.score(document, row)["held"]
        assert points.iloc[i].sum() + table.base_points == scored["score"].iloc[i]
        assert table.lowest <= scored["score"].iloc[i] <= table.highest


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_order_chunks_and_other_columns_change_nothing(data: st.DataObject) -> None:
    table = data.draw(tables())
    assume(table.features)
    rows = data.draw(leads(table, most=12))
    assume(len(rows) > 1)
    frame = frame_of(table, rows)
    whole = table.score(frame)
    order = data.draw(st.permutations(range(len(rows))))
    columns = data.draw(st.permutations(list(frame.columns)))
    shuffled = table.score(frame.iloc[order][columns].assign(**{"not a feature, surely": 1}))
    pd.testing.assert_frame_equal(shuffled, whole.iloc[order])
    cut = data.draw(st.integers(0, len(rows)))
    parts = pd.concat([table.score(frame.iloc[:cut]), table.score(frame.iloc[cut:])])
    pd.testing.assert_frame_equal(parts, whole)
    twice = table.score(pd.concat([frame, frame]))
    pd.testing.assert_frame_equal(twice.iloc[: len(rows)], whole)


@pytest.mark.parametrize("placeholders", [[], ["999", "1e3", "Select", "0", "n/a"]])
@pytest.mark.parametrize("kind", ["number", "category", "boolean"])
def test_every_odd_value_gets_what_the_reference_gives(kind: str, placeholders: list[object]) -> None:
    if kind == "number":
        table, odd = number_table("-0.1", "0.1", "49.5", "1000", missing=placeholders), odd_numbers
    else:
        values = [("true",), ("false",)] if kind == "boolean" else [(v,) for v in ("1", "2.5", "true", *NASTY[:9])]
        rules = [Rule(f"x:{i}", "set", i + 1, values=value) for i, value in enumerate(values)]
        other = [Rule(f"x:{len(rules)}", "other", -2)] if kind == "category" else []
        rules += [*other, Rule(f"x:{len(rules) + len(other)}", "missing", 0, neutral=True)]
        table = one_feature(Feature("x", "fit", kind, tuple(rules)), placeholders)  # type: ignore[arg-type]
        odd = odd_categories if kind == "category" else odd_booleans
    values = odd(table.features[0])
    document = table.to_dict()
    wanted = [reference.score(document, {"x": value})["score"] - 10 for value in values]
    assert points_of(table, pd.Series(values, dtype=object)) == wanted
    assert points_of(table, pd.Series(values[::-1], dtype=object)) == wanted[::-1]
    assert [points_of(table, pd.Series([value], dtype=object))[0] for value in values] == wanted
    spelled = [i for i, value in enumerate(values) if isinstance(value, str)]
    column = pd.Series([values[i] for i in spelled], dtype="str")
    for dtype in ("str", "object", "category"):
        assert points_of(table, column.astype(dtype)) == [wanted[i] for i in spelled]
    assert len(set(wanted)) == len(table.features[0].rules)


def number_table(*cuts: str, missing: list[object] | None = None) -> PointTable:
    edges = [None, *cuts, None]
    rules = [Rule(f"x:{i}", "range", i, neutral=i == 0, lo=edges[i], hi=edges[i + 1]) for i in range(len(cuts) + 1)]
    rules.append(Rule(f"x:{len(rules)}", "missing", -7))
    return one_feature(Feature("x", "fit", "number", tuple(rules)), missing)


def one_feature(feature: Feature, missing: list[object] | None = None) -> PointTable:
    return PointTable(
        name="t",
        dimensions=(Dimension("fit", 10),),
        features=(feature,),
        probability=Probability(-3.0, 0.1),
        top_cut=12,
        provenance={"missing": missing or []},
    )


def points_of(table: PointTable, values: object) -> list[int]:
    return (table.score(pd.DataFrame({"x": values}))["score"] - table.base_points).tolist()


@pytest.mark.parametrize("cut", [0.1, 49.5, 1e22, 5e-324, 1.7976931348623157e308, -0.1, 2.0**53])
def test_a_cut_belongs_to_the_range_above_it(cut: float) -> None:
    from leadml.points.checks import cut_text

    table = number_table(cut_text(cut))
    assert points_of(table, [cut, -cut, math.nextafter(cut, -math.inf)]) == [1, int(cut < 0), 0]
    above = math.nextafter(cut, math.inf)
    assert points_of(table, [above]) == ([1] if math.isfinite(above) else [-7])


def test_numbers_of_every_dtype_fall_alike() -> None:
    table = number_table("0", "2", "3.5")
    values = [-1, 0, 1, 2, 3, 4]
    wanted = [0, 1, 1, 2, 2, 3]
    for dtype in (
        "int8",
        "int64",
        "float32",
        "float64",
        "Int64",
        "Float64",
        "object",
        "int64[pyarrow]",
        "category",
    ):
        assert points_of(table, pd.Series(values, dtype=dtype)) == wanted, dtype
    assert points_of(table, pd.Series(map(str, values), dtype="str")) == wanted
    assert points_of(table, pd.Series(map(str, values), dtype="category")) == wanted
    assert points_of(table, np.array([0, 2, 3], dtype="uint8")) == [1, 2, 2]
    assert points_of(table, pd.Series([1, None, 4], dtype="Int64")) == [1, -7, 3]
    assert points_of(table, pd.Series([True, None, False], dtype="boolean")) == [1, -7, 1]


def test_minus_zero_is_zero_and_infinity_is_missing() -> None:
    table = number_table("0")
    assert points_of(table, [0.0, -0.0, math.inf, -math.inf, math.nan]) == [1, 1, -7, -7, -7]
    assert points_of(table, pd.Series(["-0", "inf", "", "1e999"], dtype="str")) == [1, -7, -7, -7]


def test_a_placeholder_that_is_a_number_is_that_number() -> None:
    table = number_table("100", missing=["Select", {"feature": "x", "text": "999"}, {"feature": "y", "text": "5"}])
    assert points_of(table, [999.0, 998.0, 5.0]) == [-7, 1, 0]
    assert points_of(table, pd.Series(["999", "999.0", " 999", "Select", "5"], dtype="str")) == [
        -7,
        -7,
        -7,
        -7,
        0,
    ]


def test_categories_are_compared_by_exact_code_points() -> None:
    sets = tuple(
        Rule(f"x:{i}", "set", i + 1, values=(v,)) for i, v in enumerate(["Wien", "wien", "\u00e9", "true", "1"])
    )
    rules = (*sets, Rule("x:5", "other", 0, neutral=True), Rule("x:6", "missing", -1))
    table = one_feature(Feature("x", "fit", "category", rules))
    values = ["Wien", "wien", "WIEN", "Wien ", "\u00e9", "e\u0301", True, "True", 1, 1.0, "1.0", None, ""]
    assert points_of(table, pd.Series(values, dtype=object)) == [1, 2, 0, 0, 3, 0, 4, 0, 5, 5, 0, -1, -1]
    assert points_of(table, pd.Series([True, False])) == [4, 0]
    assert points_of(table, pd.Series([1, 2, None], dtype="Int64")) == [5, 0, -1]
    assert points_of(table, pd.Series(["Wien", None, "x"], dtype="category")) == [1, -1, 0]


def test_one_and_true_are_different_categories_in_any_order() -> None:
    sets = (Rule("x:0", "set", 1, values=("true",)), Rule("x:1", "set", 2, values=("1",)))
    rules = (*sets, Rule("x:2", "other", 0, neutral=True), Rule("x:3", "missing", -1))
    table = one_feature(Feature("x", "fit", "category", rules))
    for values in ([True, 1, 1.0, "1"], [1, True, "1", 1.0]):
        wanted = [1 if value is True else 2 for value in values]
        assert points_of(table, pd.Series(values, dtype=object)) == wanted


def test_unseen_categories_are_counted() -> None:
    rules = (
        Rule("x:0", "set", 4, values=("a",)),
        Rule("x:1", "other", 0, neutral=True),
        Rule("x:2", "missing", 0),
    )
    table = one_feature(Feature("x", "fit", "category", rules))
    scored = table.score(pd.DataFrame({"x": ["a", "b", "c", None]}))
    assert scored.attrs["unseen"] == {"x": 2}
    assert table.score(pd.DataFrame({"x": ["a", None]})).attrs["unseen"] == {}


def test_gaps_are_counted_where_no_lead_had_any() -> None:
    def table(gone: int, points: int = 0) -> PointTable:
        sets = (Rule("x:0", "set", 4, values=("a",), leads=30), Rule("x:1", "other", 0, neutral=True, leads=70))
        return one_feature(Feature("x", "fit", "category", (*sets, Rule("x:2", "missing", points, leads=gone))))

    frame = pd.DataFrame({"x": ["a", None, "", "b"]})
    assert table(0).score(frame).attrs["gaps"] == {"x": 2}
    assert table(0).score(frame[:1]).attrs["gaps"] == {}
    assert [t.score(frame).attrs["gaps"] for t in (table(3), table(0, points=-9))] == [{}] * 2
    halves = (Rule("x:0", "range", 0, hi="5", neutral=True, leads=7), Rule("x:1", "range", 3, lo="5", leads=3))
    number = one_feature(Feature("x", "fit", "number", (*halves, Rule("x:2", "missing", 0))))
    assert number.score(pd.DataFrame({"x": [1.0, np.nan, np.inf, 9.0]})).attrs["gaps"] == {"x": 2}


def test_a_missing_column_is_named_with_its_nearest() -> None:
    table = number_table("0")
    frame = pd.DataFrame({"X": [1], "y": [2]})
    with pytest.raises(UsageError, match=r"no column 'x'.*There are: 'X', 'y'"):
        table.score(frame)
    with pytest.raises(UsageError, match="pandas DataFrame"):
        table.score([1, 2])  # type: ignore[arg-type]
    double = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(UsageError, match="'x' stands twice"):
        table.score(double)


@pytest.mark.parametrize(
    "values",
    [
        ["1", "abc", "2", "x"],
        ["1_000"],
        ["٣"],
        ["0x10"],
        ["1,5"],
        [[1]],
        [pd.Timestamp("2024-01-01")],
        [b"1"],
        [{}],
    ],
)
def test_what_is_no_number_is_named_with_its_place(values: list[object]) -> None:
    table = number_table("0")
    with pytest.raises(DataError, match=r"column 'x' must hold .* \(lead \d\)"):
        table.score(pd.DataFrame({"x": pd.Series(values, dtype=object)}))


def test_the_message_counts_and_shows_the_first_offenders() -> None:
    frame = pd.DataFrame({"x": pd.Series(["1", "abc", "2", "x", "y", "z"], dtype="str")})
    with pytest.raises(
        DataError, match=r"4 leads have something else: 'abc' \(lead 2\), 'x' \(lead 4\), 'y' \(lead 5\)\."
    ):
        number_table("0").score(frame)
    with pytest.raises(DataError, match="must hold numbers"):
        number_table("0").score(pd.DataFrame({"x": pd.to_datetime(["2024-01-01"])}))


def said_of(*values: str) -> str:
    with pytest.raises(DataError) as caught:
        number_table("0").score(pd.DataFrame({"x": pd.Series(values, dtype="str")}))
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["3,0", "1.234,50", "1,234", "-0,5", "1'000", "1 000", "€ 500", "12 %", "500 EUR", "5€"]
)
def test_a_number_as_people_write_it_is_not_proposed_as_missing(text: str) -> None:
    said = said_of(text)
    assert f"{text!r} looks like a number" in said or f'"{text}" looks like a number' in said
    assert "decimal point" in said
    assert "missing" not in said


@pytest.mark.parametrize("text", ["51-200", "1.000+", "> 500", "11 \u2013 50", "10 to 50", "<10"])
def test_a_band_among_numbers_is_not_proposed_as_missing(text: str) -> None:
    said = said_of(text)
    assert f'a table made by hand names each in quotation marks, as "{text}"' in said
    assert "missing" not in said


@pytest.mark.parametrize("text", ["k.A.", "-", "n/a", "Q3 unknown", "N/A", "a lot"])
def test_a_text_that_says_nothing_is_proposed_as_missing(text: str) -> None:
    assert f"--missing {shlex.quote(f'x={text}')}." in said_of(text)
    mixed = said_of("3,0", text)
    assert "'3,0' looks like a number" in mixed
    assert f"--missing {shlex.quote(f'x={text}')}." in mixed


def test_what_is_no_truth_is_refused() -> None:
    yes, no = Rule("x:0", "set", 4, values=("true",)), Rule("x:1", "set", 0, neutral=True, values=("false",))
    rules = (yes, no, Rule("x:2", "missing", -1))
    table = one_feature(Feature("x", "fit", "boolean", rules))
    assert points_of(table, pd.Series([True, "YES", 1, "0", None, 0.0], dtype=object)) == [4, 4, 4, 0, -1, 0]
    for wrong in ("maybe", 2, 0.5, "2"):
        with pytest.raises(DataError, match="true or false"):
            table.score(pd.DataFrame({"x": pd.Series([wrong], dtype=object)}))


def test_no_leads_no_features_and_any_index() -> None:
    table = number_table("0")
    empty = table.score(pd.DataFrame({"x": pd.Series([], dtype="float64")}))
    assert len(empty) == 0
    assert empty["score"].dtype == "int64"
    assert empty["reason_3"].dtype == "str"
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("a", 1)])
    scored = table.score(pd.DataFrame({"x": [1.0, -1.0, 2.0]}, index=index))
    assert scored.index.equals(index)
    constant = PointTable(
        name="c", dimensions=(Dimension("fit", 3),), features=(), probability=Probability(0, 0), top_cut=0
    )
    assert constant.score(pd.DataFrame(index=range(2)))["score"].tolist() == [3, 3]


def test_columns_and_types_are_those_of_the_contract() -> None:
    scored = number_table("0").score(pd.DataFrame({"x": [1.0]}))
    reasons = ["reason_1", "reason_2", "reason_3"]
    assert list(scored.columns) == ["fit", "score", "probability", "grade", "action", *reasons]
    assert scored.dtypes.map(str).tolist() == ["int64", "int64", "float64", "str", "str", "str", "str", "str"]
    assert scored["reason_1"].tolist() == ["X is 0 or more: +1"]
    assert scored[["reason_2", "grade", "action"]].isna().all().all()


def test_a_made_column_is_said_to_be_made_and_a_like_one_is_not_offered() -> None:
    def made(name: str, **origin: object) -> PointTable:
        rules = (Rule(f"{name}:0", "range", 0, neutral=True), Rule(f"{name}:1", "missing", 3))
        table = one_feature(Feature(name, "fit", "number", rules))
        return replace(table, provenance=origin)

    leads = pd.DataFrame({"form_fill": [1.0], "visit_8d": [1.0]})
    with pytest.raises(
        UsageError, match=r"needs\. leadml makes 'form_filled' itself.*--source NEW-LEADS\.csv --out"
    ) as seen:
        made("form_filled").score(leads)
    assert "Did you mean" not in str(seen.value)
    assert "--as-of" not in str(seen.value)
    counted = {"name": "visit_7d", "part": "count", "type": "Visit", "topic": None, "days": 7}
    with pytest.raises(UsageError, match=r"leadml makes 'visit_7d' itself.*--as-of DATE --out ready\.csv"):
        made("visit_7d", features={"events": {"features": [counted], "types": [["Visit", "visit"]]}}).score(leads)
    with pytest.raises(UsageError, match="Did you mean 'visit_8d'") as seen:
        made("visit_7d").score(leads)  # a column of the export, by all that the table knows
    assert "itself" not in str(seen.value)
