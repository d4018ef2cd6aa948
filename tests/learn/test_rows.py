"""From marked codes to rules: disjoint, exhaustive, one neutral, few."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.coding.rows import neutral_row, rows_of


def features() -> st.SearchStrategy[FeatureCodes]:
    sizes = st.integers(0, 6)
    return st.one_of(
        sizes.map(lambda n: FeatureCodes("x", "number", cuts=tuple(str(k) for k in range(n)))),
        sizes.map(lambda n: FeatureCodes("x", "category", levels=tuple("abcdef"[:n]))),
        st.just(FeatureCodes("x", "boolean", levels=("false", "true"))),
    )


@st.composite
def marked(draw: st.DrawFn) -> tuple[FeatureCodes, np.ndarray, np.ndarray]:
    feature = draw(features())
    marks = draw(st.lists(st.integers(0, 3), min_size=feature.size, max_size=feature.size))
    leads = draw(st.lists(st.integers(0, 50), min_size=feature.size, max_size=feature.size))
    return feature, np.array(marks), np.array(leads, dtype=float)


@given(marked())
def test_each_code_is_in_one_rule_with_its_mark(case: tuple[FeatureCodes, np.ndarray, np.ndarray]) -> None:
    feature, marks, leads = case
    rows = rows_of(feature, marks, leads)
    assert sorted(c for row in rows for c in row.codes) == list(range(feature.size))
    assert all(marks[c] == row.mark for row in rows for c in row.codes)
    assert sum(row.leads for row in rows) == leads.sum()
    assert all(row.leads == leads[list(row.codes)].sum() for row in rows)


@given(marked())
def test_kinds_are_those_of_the_type(case: tuple[FeatureCodes, np.ndarray, np.ndarray]) -> None:
    feature, marks, leads = case
    kinds = [row.kind for row in rows_of(feature, marks, leads)]
    assert kinds[-1] == "missing"
    assert kinds.count("missing") == 1
    assert kinds.count("other") == (feature.type == "category")
    assert kinds.count("range") == (len(kinds) - 1 if feature.type == "number" else 0)


@given(marked())
def test_ranges_are_as_few_as_can_be(case: tuple[FeatureCodes, np.ndarray, np.ndarray]) -> None:
    feature, marks, leads = case
    rows = rows_of(feature, marks, leads)
    if feature.type == "number":
        assert all(one.mark != next_.mark for one, next_ in pairwise(rows[:-1]))
        assert all(list(row.codes) == list(range(row.codes[0], row.codes[-1] + 1)) for row in rows)
    if feature.type == "category":
        sets = [row.mark for row in rows if row.kind == "set"]
        assert len(sets) == len(set(sets))


@given(marked())
def test_the_neutral_rule_is_the_commonest(case: tuple[FeatureCodes, np.ndarray, np.ndarray]) -> None:
    rows = rows_of(*case)
    assert rows[neutral_row(rows)].leads == max(row.leads for row in rows)
