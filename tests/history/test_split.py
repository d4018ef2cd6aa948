"""The newest leads apart: by time, or at random without tearing apart what belongs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.history import LeadHistory


def leads(n: int = 1000, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "id": [f"L{k}" for k in range(n)],
        "visits": rng.poisson(4, n).astype(float),
        "minutes": rng.lognormal(2, 1, n).round(2),
        "source": rng.choice(["web", "fair", "mail"], n),
        "day": rng.integers(0, 300, n),
        "won": rng.random(n) < 0.2,
    })  # fmt: skip


def ids(history: LeadHistory) -> set[str]:
    assert history.lead_id is not None
    return set(history.lead_id)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.05, 0.6), st.integers(2, 400))
def test_by_time_everything_newest_is_newer(seed: int, share: float, moments: int) -> None:
    frame = leads(400, seed)
    frame["day"] = np.random.default_rng(seed).integers(0, moments, len(frame))
    history = LeadHistory.from_frame(frame, outcome="won", id="id", order="day")
    parts = history.split(share)
    assert parts.kind == "out-of-time"
    assert parts.train.order is not None
    assert parts.newest.order is not None
    assert parts.train.order.max() < parts.newest.order.min()
    assert len(parts.train) + len(parts.newest) == 400
    # as near to the share as the ties allow: moving the cut by one moment brings it no nearer
    achieved = abs(len(parts.newest) / 400 - share)
    days = np.sort(frame["day"].unique())
    others = [abs((frame["day"] >= day).mean() - share) for day in days[1:]]
    assert achieved == pytest.approx(min(others))


@pytest.mark.parametrize("order", [None, "day", "when"])
@pytest.mark.parametrize("company", [None, "firm"])
def test_the_order_of_rows_and_columns_never_matters(order: str | None, company: str | None) -> None:
    frame = leads()
    frame["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D")
    frame["firm"] = [f"F{k // 3}" for k in range(len(frame))]
    options = {"outcome": "won", "id": "id", "order": order, "company": company}
    drop = [c for c in ("day", "when") if c != order]
    shuffled = frame.sample(frac=1, random_state=5)[frame.columns[::-1]]
    one = LeadHistory.from_frame(frame, **options, drop=drop)
    other = LeadHistory.from_frame(shuffled, **options, drop=drop)
    assert one.fingerprint == other.fingerprint
    a, b = one.split(), other.split()
    assert (a.kind, a.note) == (b.kind, b.note)
    assert ids(a.train) == ids(b.train)
    assert a.newest.fingerprint == b.newest.fingerprint


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 0.5))
def test_at_random_the_share_of_won_is_kept(seed: int, share: float) -> None:
    history = LeadHistory.from_frame(leads(800, seed), outcome="won", id="id")
    parts = history.split(share)
    assert parts.kind == "random"
    assert "an out-of-time split" in parts.note
    assert len(parts.newest) == pytest.approx(share * 800, abs=25)
    assert parts.newest.won.sum() == pytest.approx(share * history.won.sum(), abs=12)
    assert not ids(parts.train) & ids(parts.newest)


def test_at_random_is_random() -> None:
    """What a lead is like does not tell where it goes, and new leads do not push old ones about."""
    history = LeadHistory.from_frame(leads(20_000), outcome="won", id="id")
    parts = history.split()
    for column in ("visits", "minutes", "day"):
        gap = parts.newest.frame[column].mean() - parts.train.frame[column].mean()
        error = history.frame[column].std() / np.sqrt(len(parts.newest))
        assert abs(gap) < 4 * error, column
    assert parts.newest.frame["source"].value_counts(normalize=True).max() < 0.36


def test_companies_stay_whole_at_random() -> None:
    frame = leads(3000)
    frame["firm"] = [f"F{k % 700}" if k % 10 else None for k in range(len(frame))]
    parts = LeadHistory.from_frame(frame, outcome="won", id="id", company="firm").split()
    assert parts.train.company is not None
    assert parts.newest.company is not None
    assert not set(parts.train.company) & set(parts.newest.company) - {None}
    assert None in set(parts.train.company)
    assert None in set(parts.newest.company)
    assert len(parts.newest) == pytest.approx(600, abs=60)


def test_equal_leads_stay_together_at_random() -> None:
    frame = leads(600)
    twice = pd.concat([frame, frame.assign(id=frame["id"] + "b", won=~frame["won"])], ignore_index=True)
    parts = LeadHistory.from_frame(twice, outcome="won", id="id").split()
    assert {i.removesuffix("b") for i in ids(parts.train)}.isdisjoint(i.removesuffix("b") for i in ids(parts.newest))


def test_a_lead_that_stands_twice_stays_on_one_side() -> None:
    frame = leads(900)
    frame["id"] = [f"L{k // 3}" for k in range(900)]
    parts = LeadHistory.from_frame(frame, outcome="won", id="id").split()
    assert ids(parts.train).isdisjoint(ids(parts.newest))


def test_coarse_features_part_all_the_same() -> None:
    """Where many leads are equal by chance, holding them together would leave nothing to split."""
    frame = pd.DataFrame({"source": ["web", "fair"] * 500, "won": [0, 0, 1, 0, 0] * 200})
    parts = LeadHistory.from_frame(frame, outcome="won").split()
    assert len(parts.newest) == pytest.approx(200, abs=5)
    assert set(parts.newest.frame["source"]) == {"web", "fair"}
    again = LeadHistory.from_frame(frame.sample(frac=1, random_state=1), outcome="won").split()
    assert again.newest.fingerprint == parts.newest.fingerprint


def test_row_order_counts_only_where_it_is_asked_for() -> None:
    frame = leads().drop(columns="day")
    history = LeadHistory.from_frame(frame, outcome="won", id="id", order="@row")
    assert ids(history.split(0.25).newest) == {f"L{k}" for k in range(750, 1000)}
    turned = LeadHistory.from_frame(frame[::-1], outcome="won", id="id", order="@row")
    assert ids(turned.split(0.25).newest) == {f"L{k}" for k in range(250)}
    assert turned.fingerprint != history.fingerprint


def test_created_sorts_where_no_order_is_given() -> None:
    frame = leads()
    frame["created_at"] = (pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(frame["day"], unit="D")).astype(str)
    history = LeadHistory.from_frame(frame, outcome="won", id="id", created="created_at", drop="day")
    assert history.split().kind == "out-of-time"
    by_day = LeadHistory.from_frame(frame, outcome="won", id="id", order="day", drop="created_at")
    assert ids(history.split().newest) == ids(by_day.split().newest)


def test_times_with_offsets_are_compared_as_moments() -> None:
    frame = leads(100).drop(columns="day").assign(won=[True, False] * 50)
    frame["at"] = [f"2024-01-01T{12 + k // 60:02d}:{k % 60:02d}:00+05:00" if k % 2 else
                   f"2024-01-01T{7 + k // 60:02d}:{k % 60:02d}:00Z" for k in range(100)]  # fmt: skip
    history = LeadHistory.from_frame(frame, outcome="won", id="id", order="at")
    assert ids(history.split(0.3).newest) == {f"L{k}" for k in range(70, 100)}


@pytest.mark.parametrize(
    ("values", "match"),
    [
        (
            ["March 2024", "April 2024"],
            r"cannot sort leads by time; it is category: 'March 2024'.*2024-03-31",
        ),
        (["03/04/2024", "05/06/2024"], r"cannot sort leads by time; it is category"),
        (
            ["2024-01-01T10:00+02:00", "2024-01-01T10:00"],
            r"partly name the offset from UTC, .*Name the zone of the others",
        ),
        (["2024-01-01", "2024-02-30"], r"50 of 100 leads have no readable value"),
        (
            ["2024-01-01"] * 49 + ["2024-02-30"],
            r"2 of 100 leads have no readable .*: '2024-02-30' \(lead 50\)",
        ),
        ([1.0, None], r"50 of 100 leads have no readable value in column 'at'"),
        ([None, None], r"cannot sort leads by time; it is empty"),
        (["2024-01-01"], r"All leads have the same value in 'at'"),
    ],
)
def test_an_order_that_is_none(values: list[object], match: str) -> None:
    frame = leads(100).assign(won=[True, False] * 50, at=(values * 100)[:100])
    with pytest.raises(DataError, match=match) as caught:
        LeadHistory.from_frame(frame, outcome="won", order="at").split()
    assert caught.value.exit_code == 3


def test_few_leads_without_a_time_count_among_the_oldest() -> None:
    frame = leads(1000)
    frame["day"] = frame["day"].astype(float).where(frame.index >= 9)
    history = LeadHistory.from_frame(frame, outcome="won", id="id", order="day")
    assert {f"L{k}" for k in range(9)} <= ids(history.split().train)


def test_a_part_without_wins_is_refused() -> None:
    frame = leads(500).assign(won=lambda f: f["day"] < 100)
    with pytest.raises(DataError, match=r"of the \d+ newest leads none is won\..*undecided"):
        LeadHistory.from_frame(frame, outcome="won", order="day").split()


@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5, float("nan")])
def test_the_share_lies_between_nothing_and_everything(share: float) -> None:
    with pytest.raises(UsageError, match="newest must be"):
        LeadHistory.from_frame(leads(), outcome="won").split(share)


def test_out_of_time_on_x_education(test_data) -> None:
    history = LeadHistory.read(
        test_data("x_education/Leads.csv.gz"), outcome="Converted", missing="Select", order="Lead Number"
    )
    parts = history.split()
    # the publisher's numbers fall along the file: the newest fifth stands at its head, 37.0 % of it won
    assert len(parts.newest) == 1_848
    assert parts.newest.won.mean() == pytest.approx(0.370, abs=0.0005)
    by_row = LeadHistory.read(
        test_data("x_education/Leads.csv.gz"),
        outcome="Converted",
        missing="Select",
        order="@row",
        drop="Lead Number",
    ).split(0.8)
    assert replace(by_row.train, order=None).fingerprint == replace(parts.newest, order=None).fingerprint
