"""Leads are scored in blocks, by few or many thresholds, from any memory: the scores stay those of the definition."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from leadml.points.adding import _BLOCK
from leadml.points.checks import cut_text
from leadml.points.columns import levels, truths
from leadml.points.placing import _FEW, places_of
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.scoring import probability_of
from leadml.points.table import PointTable, Probability

from . import reference


def table_of(cuts: int, categories: int = 3, missing: tuple[str, ...] = (), worth: int = 7) -> PointTable:
    edges = [None, *(cut_text(k / 4) for k in range(cuts)), None]
    ranges = [
        Rule(f"x:{i}", "range", (i * worth) % 101 - 50 if i else 0, i == 0, edges[i], edges[i + 1])
        for i in range(cuts + 1)
    ]
    number = Feature("x", "fit", "number", (*ranges, Rule(f"x:{cuts + 1}", "missing", -9)))
    sets = [Rule(f"c:{i}", "set", i % 13 - 6, values=(f"v{i}",)) for i in range(categories)]
    rest = (Rule(f"c:{categories}", "other", 0, neutral=True), Rule(f"c:{categories + 1}", "missing", 3))
    category = Feature("c", "engagement", "category", (*sets, *rest))
    together = Interaction("both", (f"x:{cuts + 1}", "c:1"), "engagement", 11)
    return PointTable(
        name="blocks",
        dimensions=(Dimension("fit", 5), Dimension("engagement", -5)),
        features=(number, category),
        interactions=(together,),
        probability=Probability(-1.0, 0.03),
        top_cut=0,
        provenance={"missing": list(missing)},
    )


def expected(table: PointTable, frame: pd.DataFrame) -> list[int]:
    document = table.to_dict()
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    return [reference.score(document, row)["score"] for row in rows]


def leads_of(count: int, seed: int = 0, categories: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = np.round(rng.uniform(-10, 60, count) * 8) / 8
    x[rng.random(count) < 0.2] = np.nan
    x[rng.random(count) < 0.05] = np.inf
    x[rng.random(count) < 0.05] = -np.inf
    c = rng.choice(np.array([*(f"v{i}" for i in range(categories + 2)), "", None], dtype=object), count)
    return pd.DataFrame({"x": x, "c": pd.Series(c, dtype="str")})


@pytest.mark.parametrize("missing", [(), ("10", "999", "v2", "-0.125")])
@pytest.mark.parametrize(("cuts", "categories"), [(0, 0), (1, 2), (_FEW - 5, 5), (_FEW + 50, 3), (600, 400)])
def test_few_and_many_rules_mean_the_same(cuts: int, categories: int, missing: tuple[str, ...]) -> None:
    if categories < 2:
        missing = tuple(text for text in missing if not text.startswith("v"))
    table = table_of(cuts, max(categories, 2), tuple(text for text in missing if text != "v2"))
    frame = leads_of(1500 if categories < 100 else 40, cuts, max(categories, 2))  # the definition is slow
    assert table.score(frame)["score"].tolist() == expected(table, frame)


def test_more_leads_than_a_block_are_all_scored() -> None:
    table, frame = table_of(6), leads_of(2 * _BLOCK + 17)
    scored = table.score(frame)
    rows = [0, 1, _BLOCK - 1, _BLOCK, _BLOCK + 1, 2 * _BLOCK - 1, 2 * _BLOCK, len(frame) - 1]
    assert scored["score"].iloc[rows].tolist() == expected(table, frame.iloc[rows])
    parts = pd.concat([table.score(frame.iloc[:100_000]), table.score(frame.iloc[100_000:])])
    pd.testing.assert_frame_equal(scored, parts)
    assert scored.attrs["unseen"] == {"c": int(frame["c"].isin(["v3", "v4"]).sum())}


def test_numbers_side_by_side_in_rows_or_of_other_types_score_alike() -> None:
    table = table_of(9)
    frame = leads_of(500)
    wanted = table.score(frame)["score"].tolist()
    wide = np.asfortranarray(np.column_stack([frame["x"], frame["x"] * 2]))
    for memory in (wide, np.ascontiguousarray(wide), wide[::-1][::-1]):
        strided = pd.DataFrame(memory, columns=["x", "y"], copy=False).assign(c=frame["c"])
        assert table.score(strided)["score"].tolist() == wanted
    assert table.score(frame.assign(x=frame["x"].astype("float32")))["score"].tolist() == wanted
    assert table.score(frame.assign(x=frame["x"].astype("Float64")))["score"].tolist() == wanted
    assert table.score(frame.assign(x=frame["x"].astype(object)))["score"].tolist() == wanted
    assert table.score(frame.assign(c=frame["c"].astype(object)))["score"].tolist() == wanted
    assert table.score(frame.assign(c=frame["c"].astype("category")))["score"].tolist() == wanted


def test_sums_beyond_narrow_integers_do_not_wrap() -> None:
    for worth in (1, 126, 127, 128, 32_767, 32_768, 1_000_000):
        rules = (
            Rule("x:0", "range", 0, neutral=True, hi="0"),
            Rule("x:1", "range", worth, lo="0"),
            Rule("x:2", "missing", -worth),
        )
        features = tuple(
            Feature(
                f"f{k}",
                "fit",
                "number",
                tuple(Rule(f"f{k}:{i}", r.kind, r.points, r.neutral, r.lo, r.hi) for i, r in enumerate(rules)),
            )
            for k in range(40)
        )
        table = PointTable(
            name="wide", dimensions=(Dimension("fit", 1),), features=features, probability=Probability(0, 0), top_cut=0
        )
        frame = pd.DataFrame({f"f{k}": [1.0, -1.0, None] for k in range(40)})
        assert table.score(frame)["score"].tolist() == [1 + 40 * worth, 1, 1 - 40 * worth]


def test_probabilities_looked_up_are_those_computed() -> None:
    table, frame = table_of(12), leads_of(4000)
    scored = table.score(frame)
    assert scored["probability"].tolist() == probability_of(table, scored["score"].to_numpy()).tolist()


def test_a_number_without_points_is_not_touched_but_its_column_is_still_asked_for() -> None:
    idle = table_of(3, worth=0)
    rules = tuple(Rule(r.id, r.kind, 0, r.neutral, r.lo, r.hi) for r in idle.features[0].rules)
    table = PointTable(
        name="idle",
        dimensions=(Dimension("fit", 5),),
        features=(Feature("x", "fit", "number", rules),),
        probability=Probability(0, 0),
        top_cut=0,
    )
    assert table.score(leads_of(10))["score"].tolist() == [5] * 10
    with pytest.raises(ValueError, match="no column 'x'"):
        table.score(pd.DataFrame({"y": [1]}))
    with pytest.raises(ValueError, match="must hold numbers"):
        table.score(pd.DataFrame({"x": ["abc"]}))


def test_a_placeholder_next_to_a_cut_does_not_move_it() -> None:
    cut = 2.5
    table = table_of(20, missing=(cut_text(cut),))
    near = [cut, math.nextafter(cut, 9), math.nextafter(cut, 0), -0.0, 0.0]
    frame = pd.DataFrame({"x": near, "c": pd.Series(["v0"] * 5, dtype="str")})
    assert table.score(frame)["score"].tolist() == expected(table, frame)
    places = places_of(table.features[0], frame["x"], table.missing_texts("x"))
    rules = [table.features[0].rules[i].kind for i in places.owners[places.of(slice(0, 5))]]
    assert rules == ["missing", "range", "range", "range", "range"]


def test_texts_in_chunks_and_placeholders_are_looked_up() -> None:
    column = pd.concat([pd.Series(["a", None, "b"], dtype="str"), pd.Series(["", "n/a", "A"], dtype="str")])
    assert levels(column, known=["a", "b"], missing=["n/a"]).tolist() == [0, -1, 1, -1, -1, 2]
    assert levels(column.astype("string"), known=["a", "b"], missing=["n/a"]).tolist() == [0, -1, 1, -1, -1, 2]
    assert levels(column[:0], known=[]).tolist() == []


def test_booleans_of_every_type_are_read_alike() -> None:
    for dtype in ("bool", "boolean", "object", "bool[pyarrow]"):
        assert truths(pd.Series([True, False, True], dtype=dtype)).tolist() == [0, 1, 0], dtype
    for dtype in ("boolean", "object", "bool[pyarrow]"):
        assert truths(pd.Series([True, None, False], dtype=dtype)).tolist() == [0, -1, 1], dtype
    assert truths(pd.Series([True, False]), missing=["false"]).tolist() == [0, -1]
