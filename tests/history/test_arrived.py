"""All leads as they came: the undecided and the young among them, each with the features of its moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.history.arrived import arrived, first_best
from leadml.history.build import build
from leadml.history.history import LeadHistory
from leadml.history.periods import came_with, times_of
from leadml.history.settings.config import read_settings
from leadml.points.dates import DAY_US

LEADS = 400
CONFIG = """
[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
outcome = "status"
won = ["won"]
lost = ["lost"]
{more}
"""
MOMENTS = """
closed = "closed"
value = "value"

[events]
source = "events.csv"
windows_days = [7]

[scoring]
as_of = "created + 7 days"
window_days = 90
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lead every twelve hours; half are decided after 3 to 60 days, the others are open."""
    rng = np.random.default_rng(1)
    created = pd.date_range("2025-01-01", periods=LEADS, freq="12h", tz="UTC")
    closed = created + pd.to_timedelta(rng.uniform(3, 60, LEADS), unit="D")
    status = np.where(rng.random(LEADS) < 0.3, "won", "lost")
    status[rng.random(LEADS) < 0.4] = ""
    leads = pd.DataFrame({"lead_id": [f"L{k}" for k in range(LEADS)], "created": created, "status": status})
    leads["closed"] = closed.where(status != "")
    leads["value"] = rng.integers(1, 9, LEADS) * 10
    leads["visits"] = rng.poisson(2, LEADS)
    leads["company"] = [f"C{k}" for k in rng.integers(0, 150, LEADS)]
    leads.to_csv(tmp_path / "leads.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    at = created + pd.Timedelta(days=2)
    events = pd.DataFrame({"lead_id": leads["lead_id"], "occurred_at": at, "type": "Visit"})
    events.to_csv(tmp_path / "events.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    return tmp_path


def test_without_scoring_moments_every_lead_came_when_it_was_created(folder: Path) -> None:
    (folder / "leadml.toml").write_text(CONFIG.format(more='value = "value"'), encoding="utf-8")
    came = arrived(read_settings(folder / "leadml.toml"))
    leads = pd.read_csv(folder / "leads.csv", keep_default_na=False)
    assert (came.frame["visits"].astype(int) == leads["visits"]).all()
    assert "status" not in came.frame
    assert came.times is not None and came.value is not None  # noqa: PT018
    created = pd.to_datetime(leads["created"]).dt.tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)
    assert (came.times == created).all()
    assert (came.value == leads["value"]).all()
    expected = leads["status"].map({"won": 1.0, "lost": 0.0, "": np.nan})
    np.testing.assert_array_equal(came.won, expected)


def test_at_scoring_moments_the_open_stand_beside_those_that_are_learned_from(folder: Path) -> None:
    (folder / "leadml.toml").write_text(CONFIG.format(more=MOMENTS), encoding="utf-8")
    settings = read_settings(folder / "leadml.toml")
    came, history = arrived(settings), build(settings)
    leads = pd.read_csv(folder / "leads.csv", parse_dates=["created", "closed"])
    moment = leads["created"] + pd.Timedelta(days=7)
    until = max(leads["closed"].max(), (leads["created"] + pd.Timedelta(days=2)).max())
    open_then = (moment <= until) & ~(leads["closed"] <= moment)
    assert sorted(came.lead) == np.flatnonzero(open_then).tolist()
    assert (came.frame["visit_7d"] == 1).all()
    assert history.window_over is not None
    told = ~np.isnan(came.won)
    assert told.sum() == history.window_over.sum()  # decided, and not too young to tell
    assert came.won[told].sum() == history.won[history.window_over].sum()
    assert 0 < told.sum() < len(told)
    assert came.times is not None
    assert (np.diff(np.sort(came.times)) >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_each_lead_keeps_its_earliest_best_moment(rows: list[tuple[int, int, int]]) -> None:
    lead, score, times = (np.array([row[k] for row in rows], dtype=np.int64) for k in range(3))
    kept = first_best(lead, score, times)
    best = {one: max((s, -t) for who, s, t in rows if who == one) for one, _, _ in rows}
    assert sorted(lead[kept].tolist()) == sorted(best)
    assert {(int(a), (int(b), -int(c))) for a, b, c in zip(lead[kept], score[kept], times[kept], strict=True)} == set(
        best.items()
    )


def test_leads_that_are_not_judged_on_are_counted_all_the_same(folder: Path) -> None:
    roles = {"id": "lead_id", "created": "created", "company": "company", "drop": ["closed", "value"]}
    history = LeadHistory.read(folder / "leads.csv", outcome="status", **roles)
    newest = history.split().newest
    times = times_of(newest)
    assert times is not None
    leads = pd.read_csv(folder / "leads.csv", parse_dates=["created"])
    created = leads["created"].dt.tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)
    here = (created >= times.min()) & (created <= times.max())
    assert came_with(history, newest) == here.sum() > len(newest) + 20
    assert int(times.max() - times.min()) < 90 * DAY_US


def test_without_times_nothing_is_counted(folder: Path) -> None:
    leads = pd.read_csv(folder / "leads.csv")[["visits", "status"]]
    history = LeadHistory.from_frame(leads, outcome="status", won="won", lost="lost", order="@row")
    assert came_with(history, history.split().newest) is None
