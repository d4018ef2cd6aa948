"""Names and definitions of event features, what is refused, and what the report says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.engine import Unread
from leadml.history.engagement.features import Engagement, engagement
from leadml.history.engagement.report import EventReport, TypesReport
from leadml.history.engagement.spec import EventSpec, plain
from leadml.history.engagement.survey import Limits
from leadml.history.settings.sections import EventsSettings

AS_OF = 1_711_929_600_000_000  # 2024-04-01
SPEC = EventSpec(
    (("Call", "call"),), (("Call", "A/B", "call_a_b"),), (7, 30), True, ("bot",), ("mail",), ("Call", "reply")
)


def made(log: dict[str, Any], leads: int = 1, limits: Limits | None = None, **settings: Any) -> Engagement:
    lead = np.array([str(k) for k in range(leads)], dtype=object)
    with DuckEngine(frame=pd.DataFrame(log)) as engine:
        return engagement(engine, EventsSettings("the frame", **settings), lead, np.full(leads, AS_OF), limits=limits)


def log(types: list[str | None], lead: str = "0", at: str = "2024-03-31") -> dict[str, Any]:
    return {"lead_id": [lead] * len(types), "occurred_at": [at] * len(types), "type": types}


@given(st.text(max_size=30))
def test_plain_names_are_plain_and_stay_so(text: str) -> None:
    try:
        name = plain(text, "The type")
    except UsageError:
        assert not any(c.isalnum() for c in text)
        return
    assert name
    assert all(c.isalnum() or c == "_" for c in name if not c.isascii() or c != "_")
    assert "__" not in name
    assert name == name.strip("_")
    assert plain(name, "The type") == name


def test_definitions_say_exactly_what_is_counted() -> None:
    says = {definition.feature: definition.says for definition in SPEC.definitions()}
    assert list(says) == [
        "call_7d",
        "call_30d",
        "call_a_b_7d",
        "call_a_b_30d",
        "days_since_call",
        "amount_call_7d",
        "amount_call_30d",
        "active_days_7d",
        "active_days_30d",
        "surge",
        "unanswered",
    ]
    assert {definition.dimension for definition in SPEC.definitions()} == {"engagement"}
    assert "'Call' about 'A/B' in the 7 days before the scoring moment" in says["call_a_b_7d"]
    assert "except 'bot'" in says["active_days_7d"]
    assert "'mail'" in says["unanswered"]
    assert "'Call' or 'reply'" in says["unanswered"]


def test_a_spec_survives_json() -> None:
    assert EventSpec.from_dict(json.loads(json.dumps(SPEC.to_dict()))) == SPEC


@pytest.mark.parametrize("damage", [{}, {"types": 3}, {"windows_days": None}, {"sent": None}])
def test_a_damaged_spec_is_refused(damage: dict[str, Any]) -> None:
    values = SPEC.to_dict() | damage if damage else {}
    with pytest.raises(DataError, match=r"damaged"):
        EventSpec.from_dict(values)


@pytest.mark.parametrize("days", [(), (0,), (7, 7), (30, 7), (40_000,)])
def test_windows_that_are_none_are_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"whole numbers of days"):
        EventSpec((), (), days, False)


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (["Page View", "page-view"], "both be called 'page_view_7d': events of type 'Page View', and .*'page-view'"),
        (["active days"], "both be called 'active_days_7d'"),
        (["x", "days since x 7d", "days_since_x"], "would both be called"),
        (["?!"], "'\\?!' has no letter and no digit"),
    ],
)
def test_names_that_clash_are_errors(types: list[str | None], said: str) -> None:
    if types[0] == "x":
        types = ["x", "amount x"]
        with pytest.raises(UsageError, match=r"both be called 'amount_x_7d'"):
            made(log(types) | {"amount": [1, 2]}, limits=Limits(1), amount="amount")
        return
    with pytest.raises(UsageError, match=said):
        made(log(types), limits=Limits(1))
    assert made(log(types), limits=Limits(1), ignore=tuple(types)).report.ignored == len(types)


@pytest.mark.parametrize("setting", ["types", "ignore", "sent", "reactions"])
def test_a_type_that_no_event_has_is_an_error_that_names_the_nearest(setting: str) -> None:
    settings: dict[str, Any] = {setting: ("vist",)}
    with pytest.raises(UsageError, match=rf"{setting} names 'vist', but no event .* Did you mean 'visit'"):
        made(log(["visit", "call"]), **settings)
    assert made(log([]), **settings).report.events == 0


@pytest.mark.parametrize("setting", ["types", "sent", "reactions"])
def test_a_type_cannot_be_wanted_and_ignored(setting: str) -> None:
    settings: dict[str, Any] = {"ignore": ("visit",), setting: ("visit",)}
    with pytest.raises(UsageError, match=rf"{setting} and ignore both name 'visit'"):
        made(log(["visit"]), **settings)


def test_types_need_twenty_leads_and_only_a_hundred_are_kept() -> None:
    """130 types, of which type k belongs to k leads."""
    pairs = [(f"type {k:03}", str(lead)) for k in range(1, 131) for lead in range(k)]
    events = {
        "lead_id": [lead for _, lead in pairs],
        "occurred_at": ["2024-03-31"] * len(pairs),
        "type": [type_ for type_, _ in pairs],
    }
    found = made(events, 130)
    assert [raw for raw, _ in found.spec.types] == [f"type {k:03}" for k in range(31, 131)]
    assert found.report.types == TypesReport(
        130, 100, rare=19, beyond=11, examples=tuple(f"type {k:03}" for k in range(30, 25, -1))
    )
    assert found.frame["active_days_7d"].eq(1).all()
    assert "130 types found, 100 with features of their own; left out: 19 that fewer than 20 leads" in found.report.text


def test_leads_that_no_moment_has_and_events_too_late_do_not_make_a_type() -> None:
    assert made(log(["visit"], lead="stranger"), limits=Limits(1)).spec.types == ()
    assert made(log(["visit"], at="2024-04-01"), limits=Limits(1)).spec.types == ()
    assert made(log(["visit"]), limits=Limits(1)).spec.types == (("visit", "visit"),)


def test_a_scoring_moment_far_away_is_refused() -> None:
    late = np.array([np.datetime64("9999-12-31", "us").astype(np.int64)])
    with DuckEngine(frame=pd.DataFrame(log(["visit"]))) as engine, pytest.raises(UsageError, match=r"9999-12-31"):
        engagement(engine, EventsSettings("the frame"), np.array(["0"], dtype=object), late)


def test_leads_and_moments_come_in_pairs() -> None:
    with DuckEngine(frame=pd.DataFrame(log(["visit"]))) as engine, pytest.raises(UsageError, match=r"1 leads for 2"):
        engagement(engine, EventsSettings("the frame"), np.array(["0"], dtype=object), np.array([AS_OF, AS_OF]))


def test_a_spec_of_a_training_makes_the_same_columns_of_other_events() -> None:
    with DuckEngine(frame=pd.DataFrame(log(["new"]))) as engine:
        spec = EventSpec((("visit", "visit"),), (), (7, 30), amount=False)
        lead = np.array(["0"], dtype=object)
        again = engagement(engine, EventsSettings("the frame"), lead, np.array([AS_OF]), spec=spec)
    assert again.frame.iloc[0].drop("days_since_visit").tolist() == [0, 0, 1, 1, 30 / 7]
    assert (again.report.types.found, again.report.types.used) == (1, 0)


def test_the_report_says_it_all() -> None:
    report = EventReport(
        10_000,
        unknown_leads=1_000,
        times=Unread(3, ("soon", "(personal data)")),
        amounts=Unread(2, ("1,5",)),
        no_time=4,
        after=5,
        ignored=6,
        counted=8_982,
        types=TypesReport(3, 1, rare=1, beyond=1, examples=("fax", "bot")),
        topics=TypesReport(1, 1),
    )
    assert report.text.splitlines() == [
        "10,000 events: 8,982 counted, 1,000 of leads without a row, 5 at or after the last scoring moment of their "
        "lead, 6 of ignored types, 3 with unreadable times ('soon', '(personal data)'), 4 without a time.",
        "2 amounts are unreadable ('1,5'): not summed.",
        "3 types found, 1 with features of their own; left out: 1 that fewer than 20 leads have and 1 with fewest "
        "events ('fax', 'bot').",
        "1 topic found, 1 with features of their own.",
    ]
    assert json.loads(json.dumps(report.to_dict()))["times"] == {"count": 3, "examples": ["soon", "(personal data)"]}


def test_a_column_of_free_text_is_no_reason_to_read_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of types without end the most frequent are looked at; a type that is named is believed to be among the rest."""
    monkeypatch.setattr("leadml.history.engagement.survey.MOST_FOUND", 3)
    types: list[str | None] = [*(f"note {k}" for k in range(50)), "visit", "visit", "call", "call", "call"]
    found = made(log(types), limits=Limits(1))
    assert [raw for raw, _ in found.spec.types] == ["call", "note 0", "visit"]
    assert found.frame["active_days_7d"].tolist() == [1]
    named = made(log(types), types=("note 7",))
    assert named.frame["note_7_7d"].tolist() == [1]
