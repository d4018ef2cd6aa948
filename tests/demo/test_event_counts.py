"""`event_counts` against plain Python on small random histories."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.demo.counts import event_counts
from leadml.errors import UsageError

START = datetime(2024, 3, 30, 23, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TYPES = ("download", "pricing_page", "webinar")

# Ages at which something changes, in days before the scoring moment, and a moment on either side of each.
edges = st.sampled_from([0, 1, 7, 30, 90, -1, 14]).flatmap(
    lambda days: st.sampled_from([-1, 0, 1]).map(lambda us: timedelta(days=days, microseconds=us))
)
ages = st.one_of(edges, st.integers(-5 * 86_400, 120 * 86_400).map(lambda s: timedelta(seconds=s)))
logs = st.lists(st.tuples(st.sampled_from("abcx"), st.sampled_from(TYPES), ages), max_size=30)


def plain(log: list[tuple[str, str, datetime]], lead: str, as_of: datetime) -> dict[str, int | None]:
    out: dict[str, int | None] = {}
    mine = [(kind, moment) for who, kind, moment in log if who == lead and moment < as_of]
    for kind in TYPES:
        moments = [moment for k, moment in mine if k == kind]
        for days in (7, 30, 90):
            out[f"{kind}_{days}d"] = sum(as_of - days * DAY <= moment < as_of for moment in moments)
        out[f"days_since_{kind}"] = math.floor((as_of - max(moments)) / DAY) if moments else None
    out["active_days_30d"] = len({moment.date() for _, moment in mine if moment >= as_of - 30 * DAY})
    return out


@settings(max_examples=150, deadline=None)
@given(logs, st.sampled_from([("created + 14 days", 14 * DAY), ("created + 24 hours", DAY)]))
def test_counts_agree_with_plain_python(log: list[tuple[str, str, timedelta]], moment: tuple[str, timedelta]) -> None:
    leads = pd.DataFrame({"lead_id": list("cab"), "created_at": [START, START + 40 * DAY, START + 5 * DAY]})
    as_of = {lead: created + moment[1] for lead, created in zip("cab", leads["created_at"], strict=True)}
    placed = [(lead, kind, as_of.get(lead, START) - age) for lead, kind, age in log]
    events = pd.DataFrame(placed, columns=["lead_id", "type", "occurred_at"])
    events["occurred_at"] = pd.to_datetime(events["occurred_at"], utc=True)
    counted = event_counts(leads, events, moment[0], TYPES)
    for k, lead in enumerate("cab"):
        row = {name: None if pd.isna(value) else int(value) for name, value in counted.iloc[k].items()}
        assert row == plain(placed, lead, as_of[lead])


def test_text_times_and_another_index_do() -> None:
    leads = pd.DataFrame({"lead_id": ["a"], "created_at": ["2024-01-01T00:00:00Z"]}, index=[7])
    events = pd.DataFrame({"lead_id": ["a"], "occurred_at": ["2024-01-10T02:00:00+02:00"], "type": ["visit"]})
    counted = event_counts(leads, events)
    assert counted.index.tolist() == [7]
    assert counted.loc[7].tolist() == [1, 1, 1, 5, 1]


@pytest.mark.parametrize("moment", ["created", "created + two days", "closed + 3 days", "created - 3 days"])
def test_other_moments_are_refused(moment: str) -> None:
    frame = pd.DataFrame({"lead_id": ["a"], "created_at": ["2024-01-01T00:00:00Z"]})
    events = pd.DataFrame({"lead_id": ["a"], "occurred_at": ["2024-01-01T00:00:00Z"], "type": ["visit"]})
    with pytest.raises(UsageError, match=r"created \+ N days"):
        event_counts(frame, events, moment)
