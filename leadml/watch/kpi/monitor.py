"""The KPI over cohorts, from scores and outcomes: a pure function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from leadml.watch.kpi import kpi_wording as wording
from leadml.watch.kpi.cohorts import Cohorts, Stratum, counted, in_horizon, month_name
from leadml.watch.kpi.kpi_history import KpiHistory
from leadml.watch.kpi.looks import looks
from leadml.watch.kpi.period import Period, check_bands, period
from leadml.watch.kpi.scorings import Scorings, instant, scorings
from leadml.watch.kpi.topgroup import with_groups

if TYPE_CHECKING:
    import pandas as pd

    from leadml.stats.arrays import BoolArray

    When: TypeAlias = str | date | np.datetime64 | pd.Timestamp

POOLED = 3


def kpi(
    scored: pd.DataFrame,
    outcomes: pd.DataFrame,
    *,
    as_of: When,
    promises: Mapping[str, float] | None = None,
    horizon_days: int | None = None,
    bands: Sequence[float] | None = None,
    strict: bool = False,
    acknowledged: When | Iterable[When] | None = None,
    kept: Iterable[Stratum] = (),
) -> KpiHistory:
    """Say whether top-scored leads still convert better.

    Parameters
    ----------
    scored : DataFrame
        What was scored: ``lead_id, scored_at, table_sha256, score, top``, and where there is a holdout ``arm``; with
        ``probability`` calibration is measured too. A lead counts once, by its first scoring.
    outcomes : DataFrame
        ``lead_id, won_at``, null where not won; a lead that is absent is not won.
    as_of : date, datetime or str
        What was known then counts; without a zone it is UTC, a date is its first instant.
    promises : mapping of str to float, optional
        For the sha256 of a table the odds ratio of top group and rest on its out-of-time window. A table that is
        absent is held to what its first closed cohorts with 30 wins showed.
    horizon_days : int, optional
        Days within which a win counts; estimated unless given.
    bands : sequence of float, optional
        Scores at which a new band begins, for the trend over bands; fifths of each table's leads unless given.
    strict : bool
        RED from 480 in place of 50.
    acknowledged : date, datetime or str, or several, optional
        When an alarm was acknowledged, by a person or by a rollback. What was scored until the end of that month is
        no longer held against the score.
    kept : iterable of Stratum, optional
        Closed cohorts as they were counted before, of which leads are missing now: they stand in the place of what is
        left. Figures of the last cohorts are those of the leads that are left.

    Returns
    -------
    KpiHistory
        The same for the same content, in whatever order the rows come. Only closed cohorts count, so that a run that
        finds none newly closed says what the last one said.

    Raises
    ------
    UsageError
        If a column is missing, or an argument outside its range.
    DataError
        If an entry of the scores or outcomes cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> lead = np.arange(1200)
    >>> scored = pd.DataFrame({"lead_id": lead, "table_sha256": "ab", "score": lead % 100, "top": lead % 100 >= 80})
    >>> scored["scored_at"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(lead % 90, unit="D")
    >>> won = scored[lead % 100 >= 90]
    >>> outcomes = pd.DataFrame({"lead_id": won["lead_id"], "won_at": won["scored_at"] + pd.Timedelta(days=9)})
    >>> found = kpi(scored, outcomes, as_of="2026-06-01", promises={"ab": 4.0}, horizon_days=30)
    >>> found
    <KpiHistory PROVEN: 3 closed cohorts, evidence 0>
    """
    now = instant(as_of)
    cuts = check_bands(bands)
    promised = _checked(promises or {})
    leads = with_groups(scorings(scored, outcomes, now))
    table = counted(leads, now, horizon_days).with_kept(kept)
    ends = _months(acknowledged, now)
    given = _Given(leads, in_horizon(leads, table.horizon.days), table, promised, cuts, strict, ends)
    normal = _history(given, "normal")
    return replace(normal, holdout=_history(given, "holdout")) if leads.holdout.any() else normal


@dataclass(frozen=True, eq=False)
class _Given:
    """What both arms are computed from."""

    leads: Scorings
    won: BoolArray
    table: Cohorts
    promised: Mapping[str, float]
    cuts: tuple[float, ...] | None
    strict: bool
    ends: tuple[str, ...]


def _history(given: _Given, arm: Literal["normal", "holdout"]) -> KpiHistory:
    closed = given.table.closed(arm)
    mine = given.leads.month[given.leads.holdout == (arm == "holdout")]
    here = {month_name(month) for month in np.unique(mine).tolist()}
    months = sorted({s.month for s in closed} & here)
    tables = {s.table_sha256 for s in closed}
    return KpiHistory(
        cohorts=given.table,
        looks=looks(closed, given.promised, given.ends),
        last=_period(given, arm, months[-1:]),
        pooled=_period(given, arm, months[-POOLED:]),
        arm=arm,
        strict=given.strict,
        acknowledged=given.ends,
        unpromised=len(tables - set(given.promised)),
    )


def _period(given: _Given, arm: str, months: Sequence[str]) -> Period | None:
    """Measure the leads of closed cohorts; None where there is none."""
    if not months:
        return None
    leads = given.leads
    inside = np.isin(leads.month, np.array(months, dtype="datetime64[M]").astype(np.int64))
    return period(leads, given.won, inside & (leads.holdout == (arm == "holdout")), months, given.cuts)


def _checked(promises: Mapping[str, float]) -> dict[str, float]:
    """Return promises that are odds ratios."""
    for table, odds in promises.items():
        number = isinstance(odds, int | float | np.number) and not isinstance(odds, bool)
        if not number or not (math.isfinite(odds) and odds > 0):
            raise wording.broken_promise(str(table), odds)
    return {str(table): float(odds) for table, odds in promises.items()}


def _months(acknowledged: str | date | np.datetime64 | Iterable[When] | None, now: int) -> tuple[str, ...]:
    """Return the months in which alarms were acknowledged by now, oldest first."""
    if acknowledged is None:
        return ()
    several = [acknowledged] if isinstance(acknowledged, str | date | np.datetime64) else list(acknowledged)
    moments = [instant(when) for when in several]
    months = np.array([at for at in moments if at <= now], dtype="datetime64[us]").astype("datetime64[M]")
    return tuple(month_name(month) for month in np.unique(months.astype(np.int64)).tolist())
