"""Grades, top group and actions follow from the scores of the training leads."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.points.checks import settle_steps
from leadml.points.grading.bands import default_actions, grades_by_quarter, top_cut
from leadml.points.grading.grades import grade_kind, graded_dimensions
from leadml.points.rules import Dimension

scores = st.lists(st.integers(-8, 8) | st.integers(-1000, 1000), min_size=1, max_size=60)


@given(scores, st.sampled_from(["letter", "digit"]))
def test_grades_are_the_most_even_of_all_cuts(values: list[int], kind: str) -> None:
    grades = grades_by_quarter(values, kind)  # type: ignore[arg-type]
    distinct = sorted(set(values))
    if len(distinct) < 2:
        assert grades == ()
        return
    assert settle_steps(grades, "the grades") == grades
    groups = min(4, len(distinct))
    assert len(grades) == groups
    assert grades[0][0] + grades[-1][0] == ("AD" if kind == "letter" else "41")

    def unevenness(bounds: tuple[int, ...]) -> int:
        place = np.searchsorted(np.array(sorted(bounds)), values, side="right")
        return int((np.bincount(place, minlength=groups) ** 2).sum())

    least = min(unevenness(bounds) for bounds in combinations(distinct[1:], groups - 1))
    found = tuple(bound for _, bound in grades if bound is not None)
    assert set(found) <= set(distinct)
    assert unevenness(found) == least


@given(scores)
def test_the_top_group_is_the_least_that_holds_a_fifth(values: list[int]) -> None:
    cut = top_cut(values)
    assert cut in values
    top = [value for value in values if value >= cut]
    assert 5 * len(top) >= len(values)
    assert 5 * sum(value > cut for value in values) < len(values)


@given(scores)
def test_actions_disqualify_at_most_a_fifth(values: list[int]) -> None:
    actions = default_actions(values)
    assert settle_steps(actions, "the actions") == actions
    assert actions[0] == ("hand to sales", top_cut(values))
    assert actions[1][0] == "nurture"
    if len(actions) == 3:
        assert actions[2] == ("disqualify", None)
        assert 5 * sum(value < (actions[1][1] or 0) for value in values) <= len(values)
        assert any(value < (actions[1][1] or 0) for value in values)


@given(scores, st.randoms())
def test_order_plays_no_part(values: list[int], chance: object) -> None:
    shuffled = values[::-1]
    assert grades_by_quarter(shuffled) == grades_by_quarter(values)
    assert (top_cut(shuffled), default_actions(shuffled)) == (top_cut(values), default_actions(values))


def test_spread_scores_give_quarters() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(50, 12, 4000).astype(int)
    bounds = [bound for _, bound in grades_by_quarter(values) if bound is not None]
    shares = [float((values >= bound).mean()) for bound in bounds]
    assert shares == pytest.approx([0.25, 0.5, 0.75], abs=0.03)


def test_fit_comes_first_then_engagement_then_the_others() -> None:
    steps = (("x", 1), ("y", None))
    names = ["topic", "engagement", "bare", "fit", "area"]
    dimensions = [Dimension(name, 0, () if name == "bare" else steps) for name in names]
    assert [d.name for d in graded_dimensions(dimensions)] == ["fit", "engagement", "topic", "area"]
    assert [grade_kind(name) for name in names] == [None, "digit", None, "letter", None]
