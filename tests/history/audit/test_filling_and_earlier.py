"""Columns that are filled later, and columns that are overwritten: undecided leads and an earlier extract tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, UsageError
from leadml.history.audit.audit import Audited, look
from leadml.history.audit.earlier import Earlier, read_earlier
from leadml.history.history import LeadHistory
from leadml.jobs.training.auditing import audit

N = 1200


def frame(**columns: Any) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        "lead": [f"L{k}" for k in range(N)], "visits": rng.poisson(4, N), "plan": rng.choice(["a", "b"], N),
        "note": rng.choice(["x", "y"], N), **columns, "status": rng.choice(["won", "lost"], N, p=[0.3, 0.7]),
    })  # fmt: skip


def read(leads: pd.DataFrame, **options: Any) -> LeadHistory:
    return LeadHistory.from_frame(leads, outcome="status", id="lead", **options)


def warned(seen: Audited, code: str) -> dict[str | None, dict[str, Any]]:
    return {f.column: dict(f.evidence) for f in seen.findings if f.code == code}


# Filled later


def young(filled: int, count: int, age: float = 3.0, decided: float = 0.9) -> Audited:
    """Undecided leads of an age, some with a note; most decided leads have one."""
    rng = np.random.default_rng(1)
    history = read(frame(note=pd.Series(["x"] * N).where(rng.random(N) < decided)))
    notes = pd.Series(["x"] * filled + [None] * (count - filled), dtype="str")
    open_leads = pd.DataFrame({"visits": [1.0] * count, "plan": ["a"] * count, "note": notes})
    return look(replace(history, undecided=open_leads, undecided_age_days=np.full(count, age)))


@pytest.mark.parametrize(
    ("filled", "count", "found"), [(0, 50, True), (10, 60, True), (25, 60, False), (24, 200, True), (200, 200, False)]
)
def test_a_column_is_filled_later_if_its_share_is_surely_less_than_half(filled: int, count: int, found: bool) -> None:
    found_in = warned(young(filled, count), "LD024")
    assert set(found_in) == ({"note"} if found else set())
    if found:
        assert found_in["note"]["filled_young"] == pytest.approx(filled / count, abs=1e-4)


def test_a_dozen_young_leads_tell_nothing_and_old_ones_are_not_young() -> None:
    for seen in (young(0, 12), young(0, 400, age=7.0)):
        assert warned(seen, "LD024") == {}
        reason = next(check.reason for check in seen.not_checked if check.code == "LD024")
        assert "undecided leads are younger than 7 days; it takes 50" in reason


def test_without_ages_it_says_where_the_time_of_creation_is_named() -> None:
    seen = look(read(frame()))
    reason = next(check.reason for check in seen.not_checked if check.code == "LD024")
    assert reason.endswith("name created under [leads] in a leadml.toml")


def test_a_column_that_hardly_any_lead_has_is_not_judged() -> None:
    assert warned(young(0, 200, decided=0.04), "LD024") == {}


def test_undecided_leads_come_from_the_source() -> None:
    days = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(np.arange(N) * 0.05, unit="D")
    leads = frame(created=days)
    late = np.arange(N) >= N - 130
    leads["status"] = leads["status"].mask(late, "")
    leads["note"] = leads["note"].mask(late, None)
    assert set(warned(look(read(leads, created="created")), "LD024")) == {"note"}


# Overwritten


def compare(now: pd.DataFrame, then: pd.DataFrame, **options: Any) -> Earlier:
    return read_earlier(then, read(now), **options)


def test_values_that_changed_after_the_outcome_are_counted() -> None:
    then = frame()
    now = then.assign(note=then["note"].where(np.arange(N) % 10 > 0, "z"), visits=then["visits"] + (np.arange(N) < 30))
    earlier = compare(now, then)
    assert (earlier.decided, earlier.since) == (N, 0)
    assert earlier.changed == {"note": (N // 10, 0), "plan": (0, 0), "visits": (30, 0)}
    seen = look(read(now), earlier=earlier)
    assert set(warned(seen, "LD025")) == {"note"}
    assert "LD025" not in {check.code for check in seen.not_checked}


def test_leads_that_were_decided_since_are_counted_apart() -> None:
    now = frame()
    then = now.assign(status=now["status"].where(np.arange(N) >= 400, "open"), note="x")
    earlier = compare(now, then, won="won", lost="lost")
    assert (earlier.decided, earlier.since) == (800, 400)
    differ = (now["note"] != "x").to_numpy()
    assert earlier.changed["note"] == (int(differ[400:].sum()), int(differ[:400].sum()))
    assert "leads that were decided since" in next(
        f.seen for f in look(read(now), earlier=earlier).findings if f.code == "LD025"
    )


def test_values_are_compared_as_what_they_mean(tmp_path: Path) -> None:
    """CSV against frame, an empty column against values, floats against whole numbers, other rows and columns."""
    now = frame(size=np.arange(N) % 50, half=np.arange(N) / 3, yes=np.arange(N) % 2 == 0, late="filled")
    now.loc[0, "late"] = "other"
    then = now.assign(late=None, extra=1).drop(columns="plan").sample(frac=1, random_state=0)
    then.to_csv(tmp_path / "then.csv", index=False)
    stranger = then.iloc[:3].assign(lead=["S1", "S2", "S3"])
    for source in (tmp_path / "then.csv", pd.concat([then, stranger])):
        earlier = read_earlier(source, read(now))
        assert earlier.changed == {"half": (0, 0), "late": (N, 0), "note": (0, 0), "size": (0, 0), "visits": (0, 0),
                                   "yes": (0, 0)}  # fmt: skip
        assert earlier.absent == ("plan",)


def test_ids_match_although_a_gap_made_them_floats() -> None:
    now = frame().assign(lead=np.arange(N))
    then = now.assign(lead=np.arange(N, dtype=float))
    then.loc[5, "lead"] = np.nan
    assert compare(now, then).decided == N - 1
    assert compare(then, now).decided == N - 1


def test_an_id_that_stands_twice_is_not_compared() -> None:
    then = frame()
    assert compare(then, pd.concat([then, then.iloc[:7]])).decided == N - 7


def test_few_matched_leads_tell_nothing() -> None:
    then = frame()
    seen = look(read(then), earlier=compare(then, then.iloc[:20].assign(note="z")))
    assert warned(seen, "LD025") == {}
    assert "only 20 of today's leads" in next(c.reason for c in seen.not_checked if c.code == "LD025")


def test_what_cannot_be_compared_is_refused() -> None:
    then = frame()
    with pytest.raises(UsageError, match="leads have an id: name its column with --id"):
        read_earlier(then, LeadHistory.from_frame(then, outcome="status"))
    with pytest.raises(UsageError, match="no column 'lead'"):
        compare(then, then.drop(columns="lead"))
    with pytest.raises(UsageError, match="none of today's features"):
        compare(then, then[["lead", "status"]])
    with pytest.raises(DataError, match="No lead of the frame is among today's"):
        compare(then, then.assign(lead=then["lead"] + "x"))


def test_the_job_compares_as_it_reads_the_leads(tmp_path: Path) -> None:
    now = frame()
    now["status"] = now["status"].replace({"won": "signed"})
    then = now.assign(note="x", status="running")
    for leads, name in ((now, "now.csv"), (then, "then.csv")):
        leads.to_csv(tmp_path / name, index=False, sep=";")
    options: dict[str, Any] = {"id": "lead", "won": ["signed"], "lost": ["lost"], "sep": ";"}
    report = audit(tmp_path / "now.csv", "status", earlier=tmp_path / "then.csv", **options)
    changed = next(f for f in report.findings if f.code == "LD025")
    assert changed.column == "note"
    assert changed.evidence["changed_of_decided_since"] == [int((now["note"] != "x").sum()), N]
    assert "then.csv" in changed.seen
