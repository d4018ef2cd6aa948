"""Rows that the search counts are the rows that the table has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.coding.rows import neutral_row, rows_of
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.ground import Stage
from leadml.learn.search.listing import Listing
from leadml.learn.search.segments import Partition
from leadml.learn.search.swap import swapped
from leadml.learn.writing.distil import distil
from leadml.points.table import PointTable

from .conftest import planted_leads


@given(st.data())
def test_rows_are_those_that_are_written(data: st.DataObject) -> None:
    """Against the writer of rows: numbers in runs, *missing* apart, the commonest row of all."""
    codes = [FeatureCodes(f"n{k}", "number", cuts=("1", "2", "3", "4")) for k in range(2)]
    groups, counts = [], []
    for _ in codes:
        drawn = np.array(data.draw(st.lists(st.integers(0, 3), min_size=6, max_size=6)))
        groups.append(np.unique(drawn, return_inverse=True)[1])
        counts.append(np.array(data.draw(st.lists(st.integers(1, 9), min_size=6, max_size=6)), dtype=float))
    partition = Partition(tuple(groups))
    found = Listing.of(codes, counts).listed(partition)
    for feature, group, count, start in zip(codes, groups, counts, partition.starts, strict=True):
        rows = rows_of(feature, group, count)
        for g in range(int(group.max()) + 1):
            mine = [row for row in rows if group[row.codes[0]] == g]
            assert found.rows[start + g] == len(mine)
            assert found.commonest[start + g] == max(row.leads for row in mine)
        neutral = group[rows[neutral_row(rows)].codes[0]]
        assert found.commonest[start + neutral] == found.commonest[start : start + int(group.max()) + 1].max()


@pytest.mark.parametrize("seed", range(3))
def test_a_table_has_no_more_rules_than_its_stage(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the stage would be thrown away, and a coarser one taken that was not asked for."""
    frame, won, _ = planted_leads(3000, seed)
    stages: list[Stage] = []
    tables: list[PointTable] = []
    monkeypatch.setattr("leadml.learn.learner.swapped", kept_in(stages, swapped))
    monkeypatch.setattr("leadml.learn.learner.distil", kept_in(tables, distil))
    LeadScorer(max_rules=12).fit(frame, won)
    assert len(stages) == len(tables) == 1
    assert 0 < tables[0].n_rules <= stages[0].rules <= 12


def kept_in(kept: list[Any], function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        kept.append(function(*args, **named))
        return kept[-1]

    return call
