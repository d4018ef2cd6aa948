"""Scored leads that the source of leads no longer has: what became of them is not known, and that is not lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.jobs.monitoring import wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.kpi.cohorts import Cohorts, Stratum


@dataclass(frozen=True)
class Gone:
    """What is missing, and what stands in for it.

    Parameters
    ----------
    leads : int
        Scored leads that are missing.
    kept : tuple of Stratum
        Closed cohorts that have lost leads, as an earlier run counted them.
    incomplete : tuple of str
        Months of closed cohorts that have lost leads, and that no earlier run has counted.
    horizon_days : int or None
        The horizon: as it is configured, else that of the kept cohorts; None: to be estimated.
    """

    leads: int = 0
    kept: tuple[Stratum, ...] = ()
    incomplete: tuple[str, ...] = ()
    horizon_days: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it."""
        if not self.leads:
            return ()
        return (wording.gone(self.leads, _months({_key(s) for s in self.kept}), self.incomplete, self.horizon_days),)


def gone(
    scored: pd.DataFrame,
    won: pd.DataFrame,
    as_of: pd.Timestamp,
    horizon_days: int | None,
    earlier: Cohorts | None,
) -> Gone:
    """Find out which closed cohorts have lost leads, and how an earlier run counted them.

    Parameters
    ----------
    scored : DataFrame
        The score log; `gone` marks leads that the source no longer has.
    won : DataFrame
        When leads were won.
    as_of : Timestamp
    horizon_days : int or None
    earlier : Cohorts or None
        The cohorts that the last run has kept.
    """
    from leadml.watch.kpi.cohorts import cohorts

    if not scored["gone"].any():
        return Gone(horizon_days=horizon_days)
    if horizon_days is None and earlier is not None:
        horizon_days = earlier.horizon.days  # those that are left are the young ones: of their wins the quick are known
    leads = scored.loc[scored["gone"] & (scored["scored_at"] <= as_of), "lead_id"].nunique()
    left = cohorts(scored[~scored["gone"]], won, as_of, horizon_days)
    every = cohorts(scored, won, as_of, left.horizon.days)
    there = {_key(s): s.leads for s in left.strata}
    lost = {_key(s) for s in every.strata if s.closed and s.leads > there.get(_key(s), 0)}
    # Which score of a missing lead counted cannot be told, as its scoring moment is missing, too: any may have.
    most = _by_stratum(scored[scored["gone"]])
    same = earlier is not None and earlier.horizon.days == left.horizon.days
    known = [s for s in earlier.strata if _closed(s, left.horizon.days, as_of)] if same and earlier is not None else []
    kept = tuple(s for s in known if 0 < s.leads - there.get(_key(s), 0) <= most.get(_key(s), 0))
    return Gone(leads, kept, _months(lost - {_key(s) for s in kept}), horizon_days)


def _by_stratum(scored: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Count the leads of each month, table and arm, in each month in which they were scored."""
    month = scored["scored_at"].dt.strftime("%Y-%m")
    counts = scored.assign(month=month).groupby(["month", "table_sha256", "arm"])["lead_id"].nunique().reset_index()
    return {(m, sha, arm): count for m, sha, arm, count in counts.itertuples(index=False, name=None)}


def _closed(stratum: Stratum, days: int, as_of: pd.Timestamp) -> bool:
    """Whether a cohort that was closed in an earlier run is closed as of this one, which may look further back."""
    import pandas as pd

    end = pd.Timestamp(stratum.month, tz="UTC") + pd.offsets.MonthBegin(1)
    return bool(stratum.closed and end + pd.Timedelta(days=days) <= as_of)


def _key(stratum: Stratum) -> tuple[str, str, str]:
    return stratum.month, stratum.table_sha256, stratum.arm


def _months(keys: set[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(sorted({month for month, *_ in keys}))
