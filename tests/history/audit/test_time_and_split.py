"""Dates from later, leads on both sides of the split, and what changed from older to newer leads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from leadml.history.audit.audit import Audited, held, look
from leadml.history.audit.chances import chi2_quantile, least_auc
from leadml.history.history import LeadHistory
from leadml.learn.boosting.areas import random_and_newest
from leadml.stats import auc_interval

N = 3000
DAY_US = 86_400_000_000
START = pd.Timestamp("2024-01-01", tz="UTC")


def made(seed: int = 0, **columns: Any) -> LeadHistory:
    """3,000 leads, one every three hours; visits say something, noise nothing."""
    rng = np.random.default_rng(seed)
    visits = rng.poisson(3, N).astype(float)
    won = rng.random(N) < 1 / (1 + np.exp(2.2 - 0.4 * visits))
    frame = pd.DataFrame({
        "lead": [f"L{k}" for k in range(N)], "created": START + pd.to_timedelta(np.arange(N) * 3, unit="h"),
        "visits": visits, "noise": rng.normal(size=N), "kind": rng.choice(list("abc"), N), **columns,
        "status": np.where(won, "won", "lost"),
    })  # fmt: skip
    return LeadHistory.from_frame(frame, outcome="status", id="lead", created="created")


def scored(history: LeadHistory, hours: Any, after: Any = 30 * 24.0) -> LeadHistory:
    """Score each lead a day after it came; a date of the row is so many hours after that moment."""
    as_of = (START + pd.to_timedelta(np.arange(N) * 3 + 24, unit="h")).astype("datetime64[us, UTC]")
    late = pd.Series(as_of) + pd.to_timedelta(np.broadcast_to(hours, N), unit="h")
    return replace(
        history,
        as_of=as_of.astype("int64").to_numpy(),
        decided_at=as_of.astype("int64").to_numpy() + np.int64(after * DAY_US / 24),
        dates=pd.DataFrame({"touched": late.astype("datetime64[us, UTC]")}),
    )


def codes(seen: Audited, *severities: str) -> set[str]:
    return {f.key for f in seen.findings if f.severity in severities}


def hours_of(late: int, hours: float = 5.0) -> np.ndarray:
    return np.where(np.arange(N) % (N // late if late else N + 1) == 0 if late else np.zeros(N, bool), hours, -5.0)


@pytest.mark.parametrize(("late", "found"), [(0, False), (3, False), (4, True), (100, True)])
def test_dates_after_the_scoring_moment_stop_a_training_from_one_in_a_thousand_rows(late: int, found: bool) -> None:
    seen = look(scored(made(), hours_of(late)))
    assert ("LD020:touched" in codes(seen, "error")) == found
    if found:
        finding = next(f for f in seen.findings if f.code == "LD020")
        assert finding.evidence == {"rows": N, "late": late}
        assert held(seen.findings) == (finding,)


def test_a_date_after_the_outcome_is_the_graver_one() -> None:
    assert codes(look(scored(made(), hours_of(30, 31 * 24.0))), "error") == {"LD021:touched"}


def test_the_closed_column_says_when_leads_were_decided() -> None:
    """Without scoring moments too: won leads have a kick-off after their deal, and another date before it."""
    history = made()
    created = START + pd.to_timedelta(np.arange(N) * 3, unit="h")
    frame = history.frame.assign(
        closed=pd.Series(created + pd.Timedelta(days=9)).mask(np.arange(N) % 50 == 0),
        asked=created + pd.Timedelta(days=8),
        kickoff=pd.Series(created + pd.Timedelta(days=11)).where(history.won),
        status=np.where(history.won, "won", "lost"),
    )
    read = LeadHistory.from_frame(frame, outcome="status", closed="closed")
    assert codes(look(read), "error") == {"LD021:kickoff"}
    finding = next(f for f in look(read).findings if f.code == "LD021")
    assert finding.evidence["rows"] == finding.evidence["late"] == int((history.won & (np.arange(N) % 50 > 0)).sum())


def test_a_date_at_the_very_moment_is_not_later() -> None:
    assert codes(look(scored(made(), 0.0)), "error") == set()


def test_moments_without_time_of_day_stand_for_their_whole_day() -> None:
    history = made()
    midnight = (START + pd.to_timedelta(np.arange(N), unit="D")).astype("datetime64[us, UTC]")
    for hours, found in ((23.9, False), (24.0, True)):
        dates = pd.DataFrame({"touched": pd.Series(midnight) + pd.Timedelta(hours=hours)})
        at_night = replace(history, decided_at=midnight.astype("int64").to_numpy(), dates=dates)
        assert ("LD021:touched" in codes(look(at_night), "error")) == found


def test_missing_dates_and_unknown_decisions_are_left_out() -> None:
    history = scored(made(), 100 * 24.0)
    assert history.decided_at is not None
    assert history.dates is not None
    unknown = np.full(N, np.iinfo(np.int64).min)
    seen = look(replace(history, as_of=None, decided_at=unknown))
    assert codes(seen, "error") == set()
    gone = history.dates.mask(np.arange(N)[:, None] >= 0)
    assert codes(look(replace(history, dates=gone)), "error") == set()


def test_what_cannot_be_checked_is_said_with_the_reason() -> None:
    reasons = {check.code: check.reason for check in look(made()).not_checked}
    assert set(reasons) == {"LD002", "LD004", "LD020", "LD021", "LD023", "LD024", "LD025", "LD027"}
    assert "no column of dates" in reasons["LD020"]
    dates = pd.DataFrame({"touched": [START] * N})
    reasons = {check.code: check.reason for check in look(replace(made(), dates=dates)).not_checked}
    assert "when leads are scored" in reasons["LD020"]
    assert "when leads were decided" in reasons["LD021"]


# Both sides of the split


def copied(share: float, *, fine: bool, ids: bool) -> Audited:
    """Import the oldest leads again among the newest, under new ids or without any."""
    rng = np.random.default_rng(1)
    budget = rng.lognormal(8, 1, N) if fine else rng.integers(0, 4, N).astype(float)
    history = made(budget=budget)
    status = np.where(history.won, "won", "lost")
    frame = history.frame.assign(lead=history.lead_id, created=history.order, status=status)
    again = frame.iloc[: int(share * N)].assign(lead=lambda f: f["lead"] + " again", created=frame["created"].max() + 1)
    whole = pd.concat([frame, again], ignore_index=True).drop(columns=[] if ids else "lead")
    options = {"id": "lead"} if ids else {}
    return look(LeadHistory.from_frame(whole, outcome="status", order="created", **options))


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize(("share", "found"), [(0.001, False), (0.01, True)])
def test_copies_of_old_leads_among_the_newest(share: float, found: bool, ids: bool) -> None:
    seen = copied(share, fine=True, ids=ids)
    assert ("LD022" in codes(seen, "error")) == found


def test_leads_that_are_only_alike_are_no_copies() -> None:
    history = made()
    coarse = replace(history, frame=history.frame.drop(columns="noise"))
    assert "LD022" not in codes(look(coarse), "error")
    without_ids = look(replace(coarse, lead_id=None))
    assert "LD022" in {check.code for check in without_ids.not_checked}


def test_one_id_on_both_sides_is_kept_on_one_by_the_split() -> None:
    history = made()
    ids = np.array([f"L{k % 1500}" for k in range(N)], dtype=object)
    assert "LD022" not in codes(look(replace(history, lead_id=ids)), "error")


# Drift


def test_a_feature_that_changed_is_warned_of_and_others_are_not() -> None:
    late = np.arange(N) >= 0.8 * N
    rng = np.random.default_rng(2)
    seen = look(made(form=np.where(late, rng.choice(["new", "old"], N), "old"), size=rng.normal(size=N) + 0.9 * late))
    assert codes(seen, "warn") == {"LD030:form", "LD030:size"}


def test_rare_values_and_few_leads_do_not_make_a_change() -> None:
    warned = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        history = made(seed, town=rng.choice([f"t{k}" for k in range(400)], N), wide=rng.standard_t(3, N))
        few = history.take(rng.random(N) < 0.15)
        warned += [f.key for f in look(few).findings if f.code in ("LD030", "LD031")]
    assert warned == []


@pytest.mark.parametrize(("factor", "warned"), [(1.0, False), (1.1, False), (2.0, True), (0.4, True)])
def test_a_conversion_rate_that_changed(factor: float, warned: bool) -> None:
    history = made()
    late = np.arange(N) >= 0.8 * N
    won = np.random.default_rng(3).random(N) < np.where(late, 0.3 * factor, 0.3)
    seen = look(replace(history, won=won))
    assert ("LD031" in codes(seen, "warn")) == warned


def test_without_an_order_there_are_no_older_leads() -> None:
    history = replace(made(), order=None)
    assert {"LD022", "LD023", "LD030", "LD031"} <= {check.code for check in look(history).not_checked}


@pytest.mark.parametrize("freedom", [1, 2, 3, 9, 20, 100])
def test_the_quantile_is_nearly_that_of_scipy(freedom: int) -> None:
    """Where it errs, it errs so that fewer things are remarkable: wider above, and wider below."""
    for level in (0.999, 1 - 1e-5):
        exact = float(chi2.ppf(level, freedom))
        assert exact - 0.02 < chi2_quantile(freedom, level) < 1.08 * exact
    if freedom > 5:
        exact = float(chi2.ppf(1e-4, freedom))
        assert 0.8 * exact < chi2_quantile(freedom, 1e-4) < exact


def test_the_lower_limit_of_an_auc_is_below_that_of_delong() -> None:
    rng = np.random.default_rng(4)
    for yes in (60, 300):
        won = np.arange(1000) < yes
        area, low, _ = auc_interval(won, won * 1.2 + rng.normal(size=1000))
        assert least_auc(area, yes, 1000 - yes) < low


# A random split that flatters


def test_a_random_split_flatters_where_the_period_tells_the_outcome() -> None:
    """Each month has its own rate, and a column that names the month: useless for months to come."""
    month = np.arange(N) // 60
    rates = np.random.default_rng(5).choice([0.05, 0.6], 50)
    won = np.random.default_rng(6).random(N) < rates[month]
    history = replace(made(price=month.astype(float)), won=won)
    seen = look(history, areas=random_and_newest)
    flatters = next(f for f in seen.findings if f.code == "LD023")
    assert flatters.severity == "warn"
    assert flatters.evidence["auc_random"] > flatters.evidence["auc_newest"] + 0.05
    assert flatters.evidence["gap_low"] > 0


@pytest.mark.parametrize(
    ("areas", "found"),
    [
        ((0.80, 0.010, 0.70, 0.02), True),
        ((0.80, 0.010, 0.70, 0.04), False),
        ((0.80, 0.001, 0.76, 0.001), False),
        ((0.70, 0.010, 0.80, 0.01), False),
    ],
)
def test_it_takes_a_large_difference_that_is_no_chance(areas: tuple[float, float, float, float], found: bool) -> None:
    seen = look(made(), areas=lambda frame, won, newest: areas)
    assert ("LD023" in codes(seen, "warn")) == found
    assert "LD023" not in {check.code for check in seen.not_checked}


def test_too_few_wins_for_the_comparison_are_said() -> None:
    nan = float("nan")
    seen = look(made(), areas=lambda frame, won, newest: (nan, nan, nan, nan))
    assert "too few" in next(check.reason for check in seen.not_checked if check.code == "LD023")
