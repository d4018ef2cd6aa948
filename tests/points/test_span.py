"""The lowest and highest attainable scores are those of the worst and the best combination of rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings

from leadml.points import span
from leadml.points.table import PointTable

from .strategies import tables
from .test_document import small


def every_score(table: PointTable) -> list[int]:
    scores = []
    for rules in product(*(feature.rules for feature in table.features)):
        held = {rule.id for rule in rules}
        joined = sum(row.points for row in table.interactions if set(row.conditions) <= held)
        scores.append(table.base_points + sum(rule.points for rule in rules) + joined)
    return scores


@given(tables(most_features=4))
@settings(max_examples=80, deadline=None)
def test_it_is_the_range_over_all_combinations(table: PointTable) -> None:
    scores = every_score(table)
    assert (table.lowest, table.highest) == (min(scores), max(scores))


def test_too_many_combinations_give_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = (small().lowest, small().highest)
    monkeypatch.setattr(span, "MOST_COMBINATIONS", 1)
    table = replace(small(), verification=())
    assert exact == (20 + 5 - 3 - 1 - 6, 20 + 5 + 8 + 4)
    assert (table.lowest, table.highest) == (exact[0], exact[1] + 3)
