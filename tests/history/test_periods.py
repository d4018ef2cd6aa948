"""Histories by time: nothing later than a date is known, and nobody has seen the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.history.history import LeadHistory
from leadml.history.periods import enough_to_learn, known_at, times_of, unseen_window
from tests.conftest import small_history

DAY = np.timedelta64(1, "D")


def read(leads: pd.DataFrame, **options: str) -> LeadHistory:
    told = {"outcome": "status", "id": "lead_id", "created": "created", **options}
    return LeadHistory.from_frame(leads, **told)


def us(text: str) -> int:
    return int(np.datetime64(text, "us").astype(np.int64))


def test_only_columns_of_times_tell_when_leads_came() -> None:
    leads = small_history()
    times = times_of(read(leads))
    assert times is not None
    assert times[0] == us("2024-01-01")
    assert times_of(read(leads, order="@row")) is None
    assert times_of(read(leads.assign(day=range(len(leads))), order="day")) is None
    assert times_of(LeadHistory.from_frame(leads.drop(columns="created"), outcome="status")) is None


def test_what_came_or_was_decided_later_is_not_known() -> None:
    leads = small_history()
    created = pd.to_datetime(leads["created"])
    leads["closed"] = (created + pd.to_timedelta(np.arange(len(leads)) % 40, "D")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    moment = us("2024-03-01")
    known = known_at(read(leads, closed="closed"), moment)
    assert known is not None
    here = created < "2024-03-01T00:00:00Z"
    decided = here & (pd.to_datetime(leads["closed"]) <= "2024-03-01T00:00:00Z")
    assert (len(known), known.counts.undecided) == (decided.sum(), (here & ~decided).sum())
    assert list(known.lead_id) == list(leads["lead_id"][decided])  # type: ignore[arg-type]
    assert f"{(~here).sum()} later leads are left out" in known.notes[-1]
    assert known_at(read(leads, order="@row"), moment) is None


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 999),
    after=st.one_of(st.none(), st.integers(0, 110)),
    least=st.integers(1, 60),
    companies=st.one_of(st.none(), st.integers(5, 300)),
)
def test_no_lead_of_the_window_was_learned_from(
    seed: int, after: int | None, least: int, companies: int | None
) -> None:
    """By brute force over rows: later than the champion's leads, of no company that is learned from."""
    leads = small_history(300, seed)
    rng = np.random.default_rng(seed)
    if companies is not None:
        leads["company"] = [f"C{n}" for n in rng.integers(0, companies, len(leads))]
    history = read(leads, **({} if companies is None else {"company": "company"}))
    until = None if after is None else us("2024-01-01") + after * 86_400_000_000
    parted = unseen_window(history, until, least)
    assert parted is not None
    split, since = parted
    train, window = set(split.train.lead_id), set(split.newest.lead_id)  # type: ignore[arg-type]
    came = dict(zip(history.lead_id, times_of(history), strict=True))  # type: ignore[arg-type]
    assert train == {lead for lead in came if came[lead] < since}
    assert all(came[lead] >= since and (until is None or came[lead] > until) for lead in window)
    if companies is None:
        assert train | window == set(came)
    else:
        firm = dict(zip(leads["lead_id"], leads["company"], strict=True))
        assert window == {
            lead for lead in came if came[lead] >= since and firm[lead] not in {firm[t] for t in train}
        }  # fmt: skip
    assert until is not None or 0.2 <= len(came.keys() - train) / len(came) <= 0.51


def test_the_window_grows_while_it_holds_too_few_wins() -> None:
    leads = small_history(400)
    few, many = (unseen_window(read(leads), None, least) for least in (5, 45))
    assert few is not None
    assert many is not None
    assert len(few[0].newest) == pytest.approx(80, abs=2)
    assert len(many[0].newest) > len(few[0].newest)
    assert many[0].newest.counts.won >= 45


def test_the_order_of_rows_does_not_matter() -> None:
    leads = small_history(300)
    one, other = (unseen_window(read(f), None, 30) for f in (leads, leads.sample(frac=1, random_state=1)))
    assert one is not None
    assert other is not None
    assert (one[1], one[0].newest.fingerprint, one[0].note) == (other[1], other[0].newest.fingerprint, other[0].note)


def test_where_nothing_is_newer_the_window_is_empty() -> None:
    parted = unseen_window(read(small_history(300)), us("2030-01-01"), 50)
    assert parted is not None
    assert len(parted[0].newest) == 0
    assert len(parted[0].train) == 300


def test_a_table_needs_forty_won_and_forty_lost_leads() -> None:
    history = read(small_history(300))
    assert enough_to_learn(history)
    few = replace(history.counts, won=39)
    assert not enough_to_learn(replace(history, counts=few))
