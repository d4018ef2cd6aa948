"""Two public histories: the counts are those of their descriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.history.moments.at import moments_at
from leadml.history.moments.moments import Moments, find_moments
from leadml.history.settings.sections import (
    DealsSettings,
    LeadsSettings,
    ScoringSettings,
    Settings,
    StagesSettings,
)
from leadml.history.sources.readers import Table, read_table
from leadml.points.dates import DAY_US, NONE

CASE = "case:concept:name"
LOANS = Settings(
    LeadsSettings("cases.csv.gz", id=CASE, created="case:REG_DATE"),
    stages=StagesSettings("events.csv.gz", CASE, "concept:name", "time:timestamp", lost=("A_DECLINED", "A_CANCELLED")),
    scoring=ScoringSettings(("created + 24 hours",), 365, "stage: A_APPROVED"),
)
MERCHANTS = Settings(
    LeadsSettings("leads.csv.gz", id="mql_id", created="first_contact_date"),
    deals=DealsSettings("deals.csv.gz", lead="mql_id", at="won_date"),
    scoring=ScoringSettings(("created",), 90, "deal"),
)


@pytest.fixture(scope="module")
def loans(test_data: Callable[[str], Path]) -> tuple[Table, Table]:
    folder = "bpic2012_loan_events/"
    return read_table(test_data(folder + "cases.csv.gz")), read_table(test_data(folder + "events.csv.gz"))


@pytest.fixture(scope="module")
def merchants(test_data: Callable[[str], Path]) -> tuple[Table, Table]:
    folder, end = "olist_marketing_funnel/olist_", "_dataset.csv.gz"
    leads, deals = (test_data(f"{folder}{part}{end}") for part in ("marketing_qualified_leads", "closed_deals"))
    return read_table(leads), read_table(deals)


def states(moments: Moments) -> dict[int, int]:
    return {state: int((moments.state == state).sum()) for state in (1, 0, -1)}


@pytest.mark.parametrize(
    ("delay", "won", "rows"),
    [
        ("1 minute", 2_246, 9_742),
        ("1 hour", 2_228, 8_251),
        ("24 hours", 2_218, 6_300),
        ("72 hours", 2_207, 5_756),
        ("7 days", 2_120, 5_396),
    ],
)
def test_loans_scored_after_a_while(loans: tuple[Table, Table], delay: str, won: int, rows: int) -> None:
    """Won, and cases still open or undecided after a while, as the data's description counts them."""
    settings = replace(LOANS, scoring=replace(LOANS.scoring, as_of=(f"created + {delay}",)))
    moments = find_moments(loans[0], settings, loans[1], None, ())
    assert len(moments) == rows
    assert states(moments) == {1: won, 0: rows - 399 - won, -1: 399}
    assert moments.funnel.leads == 13_087
    assert moments.funnel.rows_left == rows - 399


def test_loans_of_one_day_are_those_that_pandas_finds(loans: tuple[Table, Table]) -> None:
    """The window cuts off late approvals; who is open and young stays undecided."""
    settings = replace(LOANS, scoring=replace(LOANS.scoring, window_days=14))
    moments = find_moments(loans[0], settings, loans[1], None, ())
    cases, events = (table.frame.copy() for table in loans)
    events["at"] = pd.to_datetime(events["time:timestamp"], format="ISO8601", utc=True)
    first = events.groupby([CASE, "concept:name"])["at"].min().unstack()
    day = pd.to_datetime(cases.set_index(CASE)["case:REG_DATE"], format="ISO8601", utc=True) + pd.Timedelta("24h")
    won, lost = first["A_APPROVED"], first[["A_DECLINED", "A_CANCELLED"]].min(axis=1)
    table = pd.DataFrame({"t": day, "won": won.reindex(day.index), "lost": lost.reindex(day.index)})
    table = table[~(table[["won", "lost"]].min(axis=1) <= table["t"])]
    end = table["t"] + pd.Timedelta("14D")
    is_won = table["won"] <= end
    open_ = table["won"].isna() & table["lost"].isna() & (end > events["at"].max())
    assert states(moments) == {1: is_won.sum(), 0: (~is_won & ~open_).sum(), -1: open_.sum()}
    ids = cases[CASE].iloc[moments.lead].reset_index(drop=True)
    assert set(ids[moments.state == 1]) == set(table.index[is_won])
    assert set(ids[moments.state == -1]) == set(table.index[open_])
    decided = table[["won", "lost"]].min(axis=1).where(~is_won, table["won"]).reindex(ids)
    wanted = decided.dt.tz_convert(None).astype("datetime64[us]").to_numpy().astype(np.int64)
    np.testing.assert_array_equal(moments.decided_at, wanted)


def test_the_window_of_loans_is_estimated(loans: tuple[Table, Table]) -> None:
    settings = replace(LOANS, scoring=replace(LOANS.scoring, window_days=None))
    window = find_moments(loans[0], settings, loans[1], None, ()).window
    assert (window.days, window.how) == (30, "estimated")
    assert window.ninety == pytest.approx(29.3, abs=0.1)
    assert "2,218 won leads, 6,300 rows" in window.said


def test_merchants_are_won_by_a_deal(merchants: tuple[Table, Table]) -> None:
    """One deal is dated two days before its first contact; 842 of 8,000 leads have one."""
    leads, deals = merchants
    moments = find_moments(leads, MERCHANTS, None, deals, ())
    assert {step.said: step.rows for step in moments.funnel.steps}["decided before the scoring moment"] == 1
    contact = pd.to_datetime(leads.frame.set_index("mql_id")["first_contact_date"], utc=True)
    lag = pd.to_datetime(deals.frame.set_index("mql_id")["won_date"], utc=True) - contact
    within = (lag > pd.Timedelta(0)) & (lag <= pd.Timedelta("90D"))
    assert states(moments) == {1: int(within.sum()), 0: 7_999 - int(within.sum()), -1: 0}
    assert set(leads.frame["mql_id"].iloc[moments.lead[moments.state == 1]]) == set(within.index[within])


def test_merchants_of_a_past_day_are_those_without_a_deal_then(merchants: tuple[Table, Table]) -> None:
    leads, deals = merchants
    when = pd.Timestamp("2018-03-01", tz="UTC")
    moments = moments_at(leads, MERCHANTS, None, deals, (), when.value // 1000)
    contact = pd.to_datetime(leads.frame.set_index("mql_id")["first_contact_date"], utc=True)
    won = pd.to_datetime(deals.frame.set_index("mql_id")["won_date"], utc=True).reindex(contact.index)
    there = (contact <= when) & ~(won <= when)
    assert set(leads.frame["mql_id"].iloc[moments.lead]) == set(there.index[there])
    assert set(moments.state.tolist()) == {-1}
    assert set(moments.decided_at.tolist()) == {NONE}


def test_merchants_scored_three_times_stay_sorted_and_whole(merchants: tuple[Table, Table]) -> None:
    leads, deals = merchants
    settings = replace(
        MERCHANTS, scoring=replace(MERCHANTS.scoring, as_of=("created", "created + 7 days", "created + 30 days"))
    )
    moments = find_moments(leads, settings, None, deals, ())
    assert moments.created is not None
    ids = leads.frame["mql_id"].iloc[moments.lead].tolist()
    keys = list(zip(moments.as_of.tolist(), ids, strict=True))
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    assert set((moments.as_of - moments.created).tolist()) == {0, 7 * DAY_US, 30 * DAY_US}
    shuffled = Table(leads.frame.sample(frac=1, random_state=3).reset_index(drop=True), "x", "x", is_text=True)
    again = find_moments(shuffled, settings, None, deals, ())
    assert shuffled.frame["mql_id"].iloc[again.lead].tolist() == ids
    assert again.state.tolist() == moments.state.tolist()
    assert again.funnel == moments.funnel
