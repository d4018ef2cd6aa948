"""Counts by score: the same as counting by hand, and published without groups that tell of single leads."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.canonical import readable_bytes, strict_loads
from leadml.points.table import PointTable
from leadml.watch.threshold.arrivals import DAY_US, by_week, dispersion, weeks_of
from leadml.watch.threshold.counts import GradeCount, ScoreCount, ScoreCounts
from leadml.watch.threshold.score_counts import counted, score_counts

LEADS = st.lists(st.tuples(st.integers(-5, 25), st.booleans(), st.sampled_from("ABCD")), min_size=1, max_size=200)


def of(leads: list[tuple[int, bool, str]]) -> ScoreCounts:
    score, won, grade = zip(*leads, strict=True)
    return counted(np.array(score), np.array(won), np.array(grade, dtype=object), weeks=3.5)


@given(LEADS)
def test_counts_are_those_of_counting_by_hand(leads: list[tuple[int, bool, str]]) -> None:
    counts = of(leads)
    assert [row.score for row in counts.rows] == sorted({score for score, _, _ in leads}, reverse=True)
    for row in counts.rows:
        mine = [(won, grade) for score, won, grade in leads if score == row.score]
        assert (row.leads, row.won) == (len(mine), sum(won for won, _ in mine))
        grades = {grade for _, grade in mine}
        assert row.grade == (grades.pop() if len(grades) == 1 else None)
    assert {(g.grade, g.leads) for g in counts.grades} == set(Counter(grade for _, _, grade in leads).items())
    assert ScoreCounts.from_dict(strict_loads(readable_bytes(counts.to_dict()))) == counts


@settings(max_examples=60)
@given(LEADS, st.integers(1, 30), st.integers(-6, 26) | st.none())
def test_what_is_published_names_no_small_group_and_stays_exact(
    leads: list[tuple[int, bool, str]], least: int, cut: int | None
) -> None:
    counts = of(leads)
    found = counts.coarsened(least, cut)
    assert (found.leads, found.won, found.weeks) == (counts.leads, counts.won, counts.weeks)
    assert all(row.leads >= min(least, len(leads)) for row in (*found.rows, *found.grades))
    for row in found.rows:  # at every bound that is published, the exact number of leads above it
        above = [won for score, won, _ in leads if score >= row.score]
        assert found.from_score(row.score) == (len(above), sum(above))
    if cut is not None:  # the difference to counts published by the cut tells of no few leads either
        above, below = sum(score >= cut for score, _, _ in leads), sum(score < cut for score, _, _ in leads)
        if min(above, below) >= least:
            assert any(found.from_score(row.score)[0] == above for row in found.rows)
    assert found.coarsened(least, cut) == found


def test_published_rows_hold_twenty_leads_or_a_fiftieth_of_few() -> None:
    score = np.arange(5000) // 10
    assert {r.leads for r in counted(score, score % 2 == 0).published().rows} == {20}
    assert {r.leads for r in counted(score[:400], score[:400] % 2 == 0).published().rows} == {10}
    few = counted(np.arange(40), np.arange(40) > 30).published()
    assert few.least == 5
    assert {r.leads for r in few.rows} == {5}


def test_grades_too_small_to_name_stand_together() -> None:
    grades = (GradeCount("A4", 30, 9), GradeCount("B4", 3, 1), GradeCount("C4", 8, 2), GradeCount("D4", 9, 0))
    counts = ScoreCounts((ScoreCount(1, None, 50, 12),), grades=grades)
    assert counts.coarsened(8).grades == (GradeCount("A4", 30, 9), GradeCount("D4", 9, 0), GradeCount(None, 11, 3))
    assert counts.coarsened(4).grades[-1] == GradeCount(None, 11, 3)  # the three of B4 alone would be known
    assert counts.coarsened(40).grades == (GradeCount(None, 50, 12),)


def test_a_table_counts_its_leads(table: PointTable) -> None:
    rng = np.random.default_rng(2)
    leads = pd.DataFrame(
        {
            "City": rng.choice(["Wien", "Graz"], 300),
            "visits 7d": rng.poisson(2, 300).astype(float),
            "customer": rng.random(300) < 0.4,
        }
    )
    won, times = rng.random(300) < 0.3, np.arange(300) * (DAY_US // 5) + 7
    counts = score_counts(table, leads, won, times=times)
    score = table.score(leads)["score"]
    assert [(r.score, r.leads) for r in counts.rows] == sorted(score.value_counts().items(), reverse=True)
    assert counts.weeks == pytest.approx(300 / 5 / 7, rel=1e-6)
    week, weeks = by_week(times)
    at = counts.rows[3]
    weekly = np.bincount(week[(score >= at.score).to_numpy() & (week >= 0)], minlength=weeks)
    assert at.dispersion == pytest.approx(weekly.var(ddof=1) / weekly.mean(), abs=1e-3)
    assert score_counts(table, leads, won, split="random", times=times).weeks is None  # a part of each week's leads
    handed = table.score(leads)["action"].value_counts()
    assert {row.action: row.leads for row in counts.actions if row.leads} == dict(handed)
    assert [row.action for row in counts.actions] == [action[0] for action in table.actions]
    assert ScoreCounts.from_dict(json.loads(json.dumps(counts.published().to_dict()))).actions == counts.actions
    with pytest.raises(UsageError, match="300"):
        score_counts(table, leads, won[:7])


def test_weeks_are_counted_back_from_the_newest_lead() -> None:
    rng = np.random.default_rng(5)
    times = np.sort(rng.integers(0, 100 * DAY_US, 4000))
    assert weeks_of(times) == pytest.approx(100 / 7, rel=0.002)
    week, weeks = by_week(times)
    assert weeks == 14
    assert set(week) == set(range(-1, 14))
    age = (times[-1] - times) // (7 * DAY_US)
    assert (week == np.maximum(13 - age, -1)).all()
    assert dispersion(np.bincount(week[week >= 0])) == pytest.approx(1, abs=0.9)


@pytest.mark.parametrize(
    "change", [{"rows": [{"score": 1, "grade": None, "leads": 2, "won": 3}]}, {"weeks": 0}, {"split": "both"}, {"x": 1}]
)
def test_broken_counts_are_refused(change: dict[str, object]) -> None:
    content = ScoreCounts((ScoreCount(4, "A", 9, 2),), 2.0).to_dict() | change
    with pytest.raises(DataError, match="the counts"):
        ScoreCounts.from_dict(json.loads(json.dumps(content)))
