"""Features of what had happened by a moment, as of a later one: those of a log that ends there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.features import Engagement, engagement
from leadml.history.engagement.survey import Limits
from leadml.history.settings.sections import EventsSettings

DAY = 86_400_000_000
SINCE, UNTIL = (pd.Timestamp(day, tz="UTC").value // 1000 for day in ("2024-05-01", "2024-06-01"))
SETTINGS = EventsSettings(
    "the frame", topic="topic", amount="minutes", windows_days=(7, 30, 90), sent=("mail",), reactions=("visit",)
)


def log(rng: np.random.Generator, leads: int, events: int) -> pd.DataFrame:
    at = rng.integers(UNTIL - 150 * DAY, UNTIL + 10 * DAY, events)
    at[:20] = SINCE  # at the moment itself: no longer before it
    at[20:40] = SINCE - 1
    return pd.DataFrame(
        {
            "lead_id": [f"L{number}" for number in rng.integers(0, leads, events)],
            "occurred_at": pd.to_datetime(at, unit="us", utc=True),
            "type": rng.choice(["visit", "mail", "webinar"], events, p=[0.5, 0.4, 0.1]),
            "topic": rng.choice(["crm", "erp", None], events),
            "minutes": rng.integers(1, 60, events).astype(float),
        }
    )


def made(events: pd.DataFrame, leads: int, like: Engagement | None = None, before_us: int | None = None) -> Engagement:
    ids = np.array([f"L{number}" for number in range(leads)], dtype=object)
    spec = None if like is None else like.spec
    with DuckEngine(frame=events) as engine:
        return engagement(engine, SETTINGS, ids, np.full(leads, UNTIL), spec, Limits(leads=1), before_us)


def test_events_from_a_moment_on_are_left_out_of_every_feature() -> None:
    events = log(np.random.default_rng(2), 200, 6000)
    now = made(events, 200)
    aged = made(events, 200, now, SINCE).frame
    at = pd.to_datetime(SINCE, unit="us", utc=True)
    shorter = made(events[events["occurred_at"] < at], 200, now).frame
    pd.testing.assert_frame_equal(aged, shorter)
    assert len(aged.columns) > 30
    assert (aged["visit_7d"] == 0).all()  # the week has gone by
    assert (aged["visit_90d"] <= now.frame["visit_90d"]).all()
    assert (aged["visit_90d"] > 0).any()
    assert not aged.equals(now.frame)
