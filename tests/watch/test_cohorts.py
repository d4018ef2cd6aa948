"""Cohorts: counted against plain Python, the same whatever the order, and unreadable input refused."""

from __future__ import annotations

import calendar
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.watch.kpi.cohorts import Cohorts, changes, cohorts
from leadml.watch.kpi.topgroup import best_fifth
from tests.watch.worlds import TABLE, counted, world

START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: START + timedelta(hours=hours))
SCORINGS = st.tuples(
    st.integers(0, 25), MOMENTS, st.sampled_from(["t1", "t2"]), st.booleans(), st.sampled_from(["normal", "holdout"])
)
WINS = st.tuples(st.integers(0, 30), st.none() | MOMENTS)


def by_hand(scorings, wins, as_of, horizon):
    """Count leads one by one, as the rule is written."""
    first = {}
    for lead, at, table, top, arm in sorted(scorings, key=lambda s: (s[1], s[2], s[4] == "holdout", s[3])):
        if at <= as_of:
            first.setdefault(lead, (at, table, top, arm))
    won = {}
    for lead, at in wins:
        if at is not None and at <= as_of:
            won[lead] = min(at, won.get(lead, at))
    cells = Counter()
    for lead, (at, table, top, arm) in first.items():
        if lead in won and won[lead] <= at:
            continue
        is_won = lead in won and won[lead] <= at + timedelta(days=horizon)
        key = (f"{at.year}-{at.month:02d}", table, arm)
        cells[(*key, "top" if top else "rest")] += 1
        cells[(*key, "top won" if top else "rest won")] += is_won
    keys = sorted({key[:3] for key in cells})
    groups = ("top", "top won", "rest", "rest won")
    return [(*key, *(cells[(*key, group)] for group in groups), over(key[0], as_of, horizon)) for key in keys]


def over(month, as_of, horizon):
    year, number = map(int, month.split("-"))
    end = datetime(year, number, calendar.monthrange(year, number)[1], tzinfo=UTC) + timedelta(days=1)
    return end + timedelta(days=horizon) <= as_of


def frames(scorings, wins):
    scored = pd.DataFrame(scorings, columns=["lead_id", "scored_at", "table_sha256", "top", "arm"]).assign(score=1)
    scored = scored.astype({"scored_at": "datetime64[us, UTC]", "top": bool})
    return scored, pd.DataFrame(wins, columns=["lead_id", "won_at"]).astype({"won_at": "datetime64[us, UTC]"})


def rows(table):
    names = ("month", "table_sha256", "arm", "top_leads", "top_won", "rest_leads", "rest_won", "closed")
    return [tuple(s.to_dict()[name] for name in names) for s in table.strata]


@settings(max_examples=80, deadline=None)
@given(st.lists(SCORINGS, max_size=60), st.lists(WINS, max_size=40), MOMENTS, st.integers(1, 120))
def test_cohorts_are_those_counted_lead_by_lead(scorings, wins, as_of, horizon):
    table = cohorts(*frames(scorings, wins), as_of, horizon)
    assert rows(table) == by_hand(scorings, wins, as_of, horizon)
    assert Cohorts.from_dict(json.loads(json.dumps(table.to_dict(), allow_nan=False))) == table


@settings(max_examples=25, deadline=None)
@given(st.lists(SCORINGS, max_size=30), st.lists(WINS, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(scorings, wins, random):
    as_of = START + timedelta(days=300)
    first = cohorts(*frames(scorings, wins), as_of)
    again = cohorts(*frames(random.sample(scorings, len(scorings)), random.sample(wins, len(wins))), as_of)
    assert again == first


def test_every_row_that_does_not_count_is_counted():
    at = [START + timedelta(days=day) for day in (0, 1, 2, 3, 200)]
    scorings = [(1, at[0], "t", True, "normal"), (1, at[1], "u", False, "normal"), (2, at[2], "t", False, "normal"),
                (3, at[3], "t", True, "normal"), (4, at[4], "t", True, "normal")]  # fmt: skip
    wins = [(2, at[2]), (9, at[3]), (None, at[3]), (3, at[3] + timedelta(days=1))]
    table = cohorts(*frames(scorings, wins), START + timedelta(days=100), 30)
    assert table.left_out == {
        "scorings after the moment of this report": 1,
        "later scorings of leads that were scored before": 1,
        "outcomes without a lead": 1,
        "wins of leads that were never scored": 1,
        "leads won at or before their first scoring": 1,
    }
    assert [(s.top_leads, s.top_won, s.rest_leads) for s in table.strata] == [(2, 1, 0)]


@pytest.mark.parametrize(
    "write",
    [
        lambda column: column.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        lambda column: column.dt.tz_convert("Asia/Kathmandu"),
        lambda column: column.dt.tz_convert("America/St_Johns").astype(str),
        lambda column: column.dt.tz_localize(None),
        lambda column: column.dt.tz_localize(None).astype("datetime64[s]"),
    ],
)
def test_times_mean_the_same_in_every_form(write):
    scored, outcomes = world(3, months=4, leads=40)
    expected = cohorts(scored, outcomes, "2025-12-01", 60)
    written = cohorts(scored.assign(scored_at=write(scored["scored_at"])), outcomes, "2025-12-01T00:00:00Z", 60)
    assert written == expected


def test_ids_flags_and_blanks_mean_the_same_in_every_form():
    scored, outcomes = counted([(10, 5, 40, 6)] * 2)
    names = {name: k for k, name in enumerate(scored["lead_id"])}
    whole = scored.assign(lead_id=scored["lead_id"].map(names)), outcomes.assign(lead_id=outcomes["lead_id"].map(names))
    expected = cohorts(*whole, "2025-06-01", 30)
    flags = np.where(whole[0]["top"], "True", "false")
    texts = whole[0].assign(lead_id=whole[0]["lead_id"].astype(str), top=flags, arm="")
    missing = pd.concat([whole[1], pd.DataFrame({"lead_id": [np.nan], "won_at": [pd.NaT]})])
    assert missing["lead_id"].dtype == np.float64
    again = cohorts(texts, missing, "2025-06-01", 30)
    assert again.strata == expected.strata
    assert sum(s.won for s in again.strata) == 22


@pytest.mark.parametrize(
    ("column", "value", "error", "message"),
    [
        ("lead_id", None, DataError, "lead_id of the scores: 1 row"),
        ("scored_at", pd.NaT, DataError, "scored_at: 1 row has nothing that can be used, the first is row 3"),
        ("score", np.inf, DataError, "score: 1 row"),
        ("arm", "control", DataError, "'control'; accepted are 'normal' or 'holdout'"),
    ],
)
def test_entries_that_cannot_be_used_are_refused(column, value, error, message):
    scored, outcomes = counted([(3, 1, 5, 1)])
    scored["arm"] = "normal"
    scored["score"] = scored["score"].astype(float)
    scored.loc[2, column] = value
    with pytest.raises(error, match=message):
        cohorts(scored, outcomes, "2025-06-01")


def test_unreadable_times_flags_moments_and_absent_columns_are_refused():
    scored, outcomes = counted([(3, 1, 5, 1)])
    with pytest.raises(DataError, match="scored_at holds something that is no time"):
        cohorts(scored.assign(scored_at="15.1.2025"), outcomes, "2025-06-01")
    with pytest.raises(DataError, match="top: 8 rows"):
        cohorts(scored.assign(top="maybe"), outcomes, "2025-06-01")
    with pytest.raises(UsageError, match="scores has no column 'top'"):
        cohorts(scored.drop(columns="top"), outcomes, "2025-06-01")
    with pytest.raises(UsageError, match="outcomes has no column 'won_at'"):
        cohorts(scored, outcomes.rename(columns={"won_at": "wonat"}), "2025-06-01")
    for when in ("soon", None, pd.NaT):
        with pytest.raises(UsageError, match="is no moment"):
            cohorts(scored, outcomes, when)
    for days in (0, -30, 40_000, 30.5):
        with pytest.raises(UsageError, match="horizon_days"):
            cohorts(scored, outcomes, "2025-06-01", days)


def test_broken_files_of_the_cohort_table_are_refused():
    table = cohorts(*counted([(3, 1, 5, 1)]), "2025-06-01", 30).to_dict()
    more_won = {**table, "strata": [{**table["strata"][0], "top_won": 4}]}
    for broken in ({}, [], {**table, "strata": [{}]}, {**table, "horizon": None}, more_won):
        with pytest.raises(DataError):
            Cohorts.from_dict(broken)


def test_late_outcomes_reopened_and_filled_in_cohorts_are_changes():
    scored, outcomes = counted([(10, 4, 40, 5), (10, 5, 40, 4), (10, 3, 40, 4)])
    late = outcomes.iloc[[*range(3), *range(4, len(outcomes))]]
    before = cohorts(scored, late, "2025-03-20", 30)
    after = cohorts(scored, outcomes, "2025-04-02", 30)
    assert [s.closed for s in before.strata] == [True, False, False]
    found = changes(before, after)
    assert [(c.month, c.before.top_won, c.after.top_won) for c in found] == [("2025-01", 3, 4)]
    assert found[0].text == (
        "Cohort 2025-01, table aaaaaaaaaaaa, normal: 3 of 10 won in the top group and 5 of 40 in the rest before, "
        "4 of 10 won in the top group and 5 of 40 in the rest now."
    )
    assert json.loads(json.dumps(found[0].to_dict()))["after"]["top_won"] == 4
    assert changes(after, after) == []
    longer = changes(after, cohorts(scored, outcomes, "2025-04-02", 90))
    assert [c.after.closed for c in longer] == [False] * 2
    assert all(c.text.endswith(", and it is open again.") for c in longer)
    more = scored.assign(lead_id="x" + scored["lead_id"], table_sha256="b")
    filled = changes(after, cohorts(pd.concat([scored, more]), outcomes, "2025-04-02", 30))
    assert {c.table_sha256 for c in filled} == {"b"}
    gone = changes(after, cohorts(scored[scored["scored_at"] > "2025-02-01"], outcomes, "2025-04-02", 30))
    assert [(c.month, c.after) for c in gone] == [("2025-01", None)]
    assert gone[0].text.endswith("before, no longer there.")


def by_ranking(score, draw):
    order = sorted(range(len(score)), key=lambda k: (-score[k], draw[k]))
    chosen = set(order[: max(1, round(len(score) / 5))])
    return [k in chosen for k in range(len(score))]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2**63)), min_size=1, max_size=60, unique_by=lambda r: r[1]))
def test_the_best_fifth_is_that_of_a_plain_ranking(rows_):
    score, draw = [float(s) for s, _ in rows_], [d for _, d in rows_]
    assert best_fifth(np.array(score), np.array(draw, dtype=np.uint64)).tolist() == by_ranking(score, draw)


@pytest.mark.parametrize("flag", [True, False])
def test_where_the_flag_is_the_same_for_all_the_best_fifth_is_the_top_group(flag):
    scored, outcomes = world(5, months=3, leads=200)
    scored["top"] = flag
    table = cohorts(scored, outcomes, "2025-12-01", 60)
    assert all(s.regrouped and s.top_leads == 40 for s in table.strata)
    best = (
        scored.sort_values("score").groupby(scored["scored_at"].dt.month)["score"].apply(lambda s: s.iloc[-40:].min())
    )
    won = set(outcomes.dropna()["lead_id"])
    surely = scored[scored["score"] > scored["scored_at"].dt.month.map(best)]
    least = surely["lead_id"].isin(won).groupby(surely["scored_at"].dt.month).sum()
    assert all(s.top_won >= least[k + 1] - 3 for k, s in enumerate(table.strata))


def test_a_small_top_group_is_taken_as_it_is():
    cells = [(2, 1, 98, 9), (1, 1, 99, 9), (98, 20, 2, 1)]
    found = cohorts(*counted(cells), "2025-12-01", 60).strata
    assert [s.regrouped for s in found] == [False, True, False]
    assert [(s.top_leads, s.top_won) for s in found][::2] == [(2, 1), (98, 20)]


def test_few_leads_and_equal_scores_are_not_regrouped():
    scored, outcomes = world(5, months=2, leads=39)
    scored["top"] = True
    assert not any(s.regrouped for s in cohorts(scored, outcomes, "2025-12-01", 60).strata)
    scored, outcomes = world(5, months=2, leads=100)
    table = cohorts(scored.assign(top=False, score=7), outcomes, "2025-12-01", 60)
    assert [(s.regrouped, s.top_leads, s.tells) for s in table.strata] == [(False, 0, False)] * 2


def test_the_frame_has_a_row_for_each_stratum():
    frame = cohorts(*counted([(10, 4, 40, 5), (10, 5, 40, 0)]), "2025-06-01", 30).frame()
    assert frame["rate_ratio"].tolist() == pytest.approx([0.4 / 0.125, np.inf])
    assert list(frame[["table_sha256", "closed"]].iloc[0]) == [TABLE, True]
