"""Cuts by share, by conversion rate and by chance, held against all cuts there are."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.points.checks import settle_steps
from leadml.points.grading.cutting import Crowd, cut_at_chances, cut_by_rates, cut_by_shares

leads = st.lists(st.tuples(st.integers(-6, 6) | st.integers(-500, 500), st.booleans()), min_size=1, max_size=40)
LABELS = ("A", "B", "C")


def crowd_of(rows: list[tuple[int, bool]]) -> Crowd:
    return Crowd.of([score for score, _ in rows], [won for _, won in rows])


def counted(rows: list[tuple[int, bool]], bounds: tuple[int, ...]) -> list[tuple[int, int]]:
    """Leads and won leads of each group, the best first; the bounds fall."""
    groups: list[list[bool]] = [[] for _ in range(len(bounds) + 1)]
    for score, won in rows:
        groups[next((k for k, bound in enumerate(bounds) if score >= bound), len(bounds))].append(won)
    return [(len(group), sum(group)) for group in groups]


def every_cut(rows: list[tuple[int, bool]], groups: int) -> list[tuple[int, ...]]:
    distinct = sorted({score for score, _ in rows})
    return [bounds[::-1] for bounds in combinations(distinct[1:], groups - 1)]


@given(leads, st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_no_other_cut_comes_nearer_to_the_shares(rows: list[tuple[int, bool]], parts: list[int]) -> None:
    fractions = [part / sum(parts) for part in parts]
    steps = cut_by_shares(crowd_of(rows), LABELS, fractions)
    distinct = len({score for score, _ in rows})
    if distinct < 2:
        assert steps == ()
        return
    assert settle_steps(steps, "the grades") == steps
    assert [label for label, _ in steps] == (["A", "B", "C"] if distinct > 2 else ["A", "C"])
    # Where B is left out, C has its share.
    asked = [part * len(rows) for part in (fractions if distinct > 2 else [fractions[0], fractions[1] + fractions[2]])]

    def away(bounds: tuple[int, ...]) -> float:
        return sum((n - wanted) ** 2 / wanted for (n, _), wanted in zip(counted(rows, bounds), asked, strict=True))

    found = tuple(bound for _, bound in steps if bound is not None)
    assert away(found) == pytest.approx(min(map(away, every_cut(rows, len(steps)))))


@given(leads, st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True))
def test_no_other_cut_comes_nearer_to_the_rates(rows: list[tuple[int, bool]], percents: list[int]) -> None:
    rates = [percent / 100 for percent in sorted(percents, reverse=True)]
    steps = cut_by_rates(crowd_of(rows), LABELS, rates)
    if len({score for score, _ in rows}) < 3:
        assert steps == ()
        return
    edge = 0.5 / len(rows)
    said = [min(max(rate, edge), 1 - edge) for rate in rates]

    def away(bounds: tuple[int, ...]) -> float:
        told = zip(counted(rows, bounds), said, strict=True)
        return sum((won - r * n) ** 2 / n / (r * (1 - r)) for (n, won), r in told)

    found = tuple(bound for _, bound in steps if bound is not None)
    assert away(found) == pytest.approx(min(map(away, every_cut(rows, 3))))


def test_a_grade_that_keeps_a_rate_is_no_handful_of_leads() -> None:
    scores = np.repeat([0, 50, 90], [500, 499, 1])  # the one lead of the highest score was won
    won = np.concatenate([np.arange(500) < 25, np.arange(499) < 150, [True]])
    steps = cut_by_rates(Crowd.of(scores, won), ("A", "B"), [0.99, 0.1])
    assert steps == (("A", 50), ("B", None))


@given(
    leads,
    st.floats(-5, 5),
    st.floats(0.001, 0.8),
    st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True),
)
def test_a_lead_earns_the_grade_that_its_chance_reaches(
    rows: list[tuple[int, bool]], intercept: float, slope: float, percents: list[int]
) -> None:
    floors = [percent / 100 for percent in sorted(percents, reverse=True)]
    labels = tuple("ABCDE"[: len(floors) + 1])
    odds = [math.log(floor / (1 - floor)) for floor in floors]
    if any(abs(intercept + slope * score - odd) < 1e-6 for score, _ in rows for odd in odds):
        return  # just at a rate: rounding decides
    steps = cut_at_chances(crowd_of(rows), labels, floors, (intercept, slope))

    def earned(score: int) -> str:
        reached = (label for label, odd in zip(labels, odds, strict=False) if intercept + slope * score >= odd)
        return next(reached, labels[-1])

    wanted = {earned(score) for score, _ in rows}
    if len(wanted) < 2:
        assert steps == ()
        return
    assert settle_steps(steps, "the grades") == steps
    assert {label for label, _ in steps} == wanted
    for score, _ in rows:
        assert next(label for label, bound in steps if bound is None or score >= bound) == earned(score)


def test_a_sub_score_that_tells_nothing_is_not_cut_by_chance() -> None:
    assert cut_at_chances(Crowd.of(range(20), np.ones(20)), LABELS, [0.3, 0.1], (-1.0, 0.0)) == ()


@given(leads)
def test_neither_order_nor_copies_play_a_part(rows: list[tuple[int, bool]]) -> None:
    once = crowd_of(rows)
    twice = Crowd.of([s for s, _ in rows[::-1]], [w for _, w in rows[::-1]], np.full(len(rows), 2.0))
    assert cut_by_shares(once, LABELS, [0.2, 0.3, 0.5]) == cut_by_shares(twice, LABELS, [0.2, 0.3, 0.5])
    assert twice.by_grade((("A", 0), ("B", None))) == [
        (label, 2 * n, 2 * won) for label, n, won in once.by_grade((("A", 0), ("B", None)))
    ]
