"""When leads were won, and what they have period by period: against counting by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.history.levels import Periods, category_levels, event_levels
from leadml.history.settings.config import settings_of
from leadml.history.wins import wins

HEAD = '[leads]\nsource = "leads.csv"\nid = "id"\ncreated = "created"\noutcome = "status"\nclosed = "closed"\n'
END = pd.Timestamp("2026-01-01", tz="UTC")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "created": ["2025-01-01", "2025-01-02", "2025-01-03", ""],
            "status": ["won", "lost", "won", "open"],
            "closed": ["2025-03-01T10:00:00Z", "2025-02-01", "", ""],
        }
    ).to_csv(tmp_path / "leads.csv", index=False)
    return tmp_path


def test_wins_are_those_of_the_goal(folder: Path) -> None:
    settings = settings_of(HEAD + 'won = ["won"]\nlost = ["lost"]\n', folder=folder)
    found = wins(settings)
    assert found.frame["lead_id"].tolist() == ["a", "b", "c", "d"]
    assert found.frame["won_at"].tolist()[0] == pd.Timestamp("2025-03-01T10:00:00Z")
    assert found.frame["won_at"].isna().tolist() == [False, True, True, True]
    assert found.notes == ("1 lead was won at a time that is not known, and count as not won",)
    assert found.frame["due_at"].isna().all()
    scored = settings_of(
        HEAD + 'won = ["won"]\nlost = ["lost"]\n[scoring]\nas_of = "created + 36 hours"\n', folder=folder
    )
    due = wins(scored).frame["due_at"]
    assert due.tolist()[1] == pd.Timestamp("2025-01-03T12:00:00Z")
    assert due.isna().tolist() == [False, False, False, True]


def test_the_next_deal_after_the_score_is_the_win_of_a_repeat_deal(folder: Path) -> None:
    pd.DataFrame(
        {"lead_id": ["a", "a", "a", "b"], "won_at": ["2025-01-01", "2025-05-01", "2025-09-01", "2025-02-01"]}
    ).to_csv(folder / "deals.csv", index=False)
    text = '[leads]\nsource = "leads.csv"\nid = "id"\n[deals]\nsource = "deals.csv"\n[scoring]\ngoal = "repeat deal"\n'
    scored = pd.DataFrame({"lead_id": ["a", "b"], "scored_at": pd.to_datetime(["2025-06-01", "2025-06-01"], utc=True)})
    found = wins(settings_of(text, folder=folder), scored).frame.set_index("lead_id")["won_at"]
    assert found["a"] == pd.Timestamp("2025-09-01", tz="UTC")
    assert pd.isna(found["b"])


def test_without_id_or_time_there_is_nothing_to_tell(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"\[leads\] needs closed"):
        wins(settings_of(HEAD.replace('closed = "closed"\n', 'won = ["won"]\n'), folder=folder))
    with pytest.raises(UsageError, match=r"\[leads\] needs id"):
        wins(settings_of(HEAD.replace('id = "id"\n', ""), folder=folder))


def periods() -> Periods:
    return Periods(1_767_225_600_000_000, days=10, count=6)


def test_categories_are_counted_by_the_lead_s_creation(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    created = END - pd.to_timedelta(rng.integers(-5 * 1440, 80 * 1440, 600), unit="min")
    source = rng.choice(["Web", "Fair", "Podcast", "Select", ""], 600)
    pd.DataFrame({"id": range(600), "created": created, "status": "x", "closed": "", "source": source}).to_csv(
        tmp_path / "leads.csv", index=False
    )
    settings = settings_of(HEAD + 'missing = ["Select"]\n', folder=tmp_path)
    found = {c.name: c for c in category_levels(settings, {"source": {"Web"}, "gone": {"x"}}, periods())}
    assert set(found) == {"Fair", "Podcast"}
    for k in range(6):
        first, last = END - pd.Timedelta(days=10 * (6 - k)), END - pd.Timedelta(days=10 * (5 - k))
        inside = (created >= first) & (created < last)
        assert found["Podcast"].of[k] == inside.sum()
        for name in found:
            assert found[name].leads[k] == (inside & (source == name)).sum()


def test_events_are_counted_by_leads_not_by_events(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    at = END - pd.to_timedelta(rng.integers(0, 70 * 1440, 3000), unit="min")
    events = pd.DataFrame(
        {
            "lead_id": rng.integers(0, 80, 3000),
            "occurred_at": at,
            "type": rng.choice(["visit", "download", "calculator", "mail"], 3000),
            "topic": rng.choice(["x", "y", ""], 3000),
        }
    )
    events.to_csv(tmp_path / "events.csv", index=False)
    pd.DataFrame({"id": range(80), "created": "2025-01-01", "status": "x", "closed": ""}).to_csv(
        tmp_path / "leads.csv", index=False
    )
    more = '[events]\nsource = "events.csv"\ntopic = "topic"\nsent = ["mail"]\n[scoring]\nas_of = "created"\n'
    settings = settings_of(HEAD + more, folder=tmp_path)
    found = {(c.what, c.name): c for c in event_levels(settings, {"visit"}, {("visit", "x")}, periods())}
    assert set(found) == {
        ("type of event", "download"), ("type of event", "calculator"), ("topic of visit", "y"),
        ("topic of download", "x"), ("topic of download", "y"),
        ("topic of calculator", "x"), ("topic of calculator", "y"),
    }  # fmt: skip
    age = (END - pd.Timedelta(microseconds=1) - events["occurred_at"]) // pd.Timedelta(days=10)
    for (what, name), counted in found.items():
        kind = (events["type"] == name) if what == "type of event" else (
            (events["type"] == what.removeprefix("topic of ")) & (events["topic"] == name)
        )  # fmt: skip
        for k in range(6):
            assert counted.leads[5 - k] == events.loc[kind & (age == k), "lead_id"].nunique()
            assert counted.of[5 - k] == events.loc[age == k, "lead_id"].nunique()


def test_personal_data_are_not_named(tmp_path: Path) -> None:
    source = ["ada@example.org"] * 30 + ["Web"] * 30
    pd.DataFrame({"id": range(60), "created": "2025-12-20", "status": "x", "closed": "", "source": source}).to_csv(
        tmp_path / "leads.csv", index=False
    )
    [found] = category_levels(settings_of(HEAD, folder=tmp_path), {"source": {"Web"}}, periods())
    assert "ada" not in found.name
    assert found.leads.sum() == 30
