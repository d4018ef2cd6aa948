"""The KPI of scores and outcomes wherever they are kept: files, databases, frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

from leadml.jobs.monitoring import wording
from leadml.jobs.monitoring.monitored import Monitored
from leadml.jobs.monitoring.silence import silence

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from leadml.history.settings.sections import Settings
    from leadml.jobs.monitoring.alarms import Ending
    from leadml.jobs.monitoring.silence import Silence
    from leadml.watch.kpi.kpi_history import KpiHistory

    Place: TypeAlias = str | os.PathLike[str] | pd.DataFrame
    When: TypeAlias = str | date | np.datetime64 | pd.Timestamp

STALE_DAYS = 45


def kpi(
    scores: Place,
    outcomes: Place,
    *,
    as_of: When | None = None,
    promises: Mapping[str, float] | None = None,
    horizon_days: int | None = None,
    bands: Sequence[float] | None = None,
    strict: bool = False,
    acknowledged: When | Iterable[When] | None = None,
) -> KpiHistory:
    """Say whether top-scored leads still convert better, from files or frames of scores and outcomes.

    Parameters
    ----------
    scores : path or DataFrame
        A score log (a folder, a database file, ``env:NAME``), a CSV or Parquet file, or a frame, with ``lead_id,
        scored_at, table_sha256, score, top`` and, where there is a holdout, ``arm``.
    outcomes : path or DataFrame
        ``lead_id, won_at``, empty where not won; a lead that is absent is not won.
    as_of : date, datetime or str, optional
        What was known then counts; now unless given.
    promises, horizon_days, bands, strict, acknowledged
        See `leadml.watch.kpi.monitor.kpi`.

    Returns
    -------
    KpiHistory
        Verdict, figures and how they came about; `text` says it all, `plot()` draws it.

    Raises
    ------
    UsageError
        If there is no such file or column, or an argument is outside its range.
    DataError
        If an entry of the scores or outcomes cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"lead_id": ["a", "b"], "scored_at": "2026-01-10", "score": [60, 20]})
    >>> scores["top"] = scores["score"] >= 50
    >>> outcomes = pd.DataFrame({"lead_id": ["a"], "won_at": ["2026-01-30"]})
    >>> kpi(scores, outcomes, as_of="2026-06-01").verdict
    'INSUFFICIENT'
    """
    from leadml.jobs.scorelog import outcomes_of, read_log, scores_of
    from leadml.watch.kpi.monitor import kpi as judged

    scored, moment = scores_of(read_log(scores)), moment_of(as_of, None)
    found = judged(
        scored,
        outcomes_of(read_log(outcomes)),
        as_of=moment,
        promises=promises,
        horizon_days=horizon_days,
        bands=bands,
        strict=strict,
        acknowledged=acknowledged,
    )
    return qualified(found, silence(scored, moment))


def monitor_files(
    scores: Place, outcomes: Place, *, as_of: str | None = None, horizon_days: int | None = None
) -> Monitored:
    """Look at files of scores and outcomes: the KPI, and drift of the score; nothing is written.

    Parameters
    ----------
    scores, outcomes, as_of, horizon_days
        See `kpi`.

    Returns
    -------
    Monitored
    """
    from leadml.jobs.monitoring.drifting import drift
    from leadml.jobs.scorelog import outcomes_of, read_log, scores_of
    from leadml.watch.kpi.monitor import kpi as judged

    scored, won = scores_of(read_log(scores)), outcomes_of(read_log(outcomes))
    moment = moment_of(as_of, None)
    found = judged(scored, won, as_of=moment, horizon_days=horizon_days)
    moved = drift(scored, won, {}, moment, found.horizon_days)
    still = silence(scored, moment)
    quiet = stale(won, moment)
    return Monitored("", qualified(found, still), moved, notes=quiet, silence=still, stale=quiet)


def qualified(found: KpiHistory, still: Silence | None) -> KpiHistory:
    """Let a verdict not stand alone where nothing was scored for long: it is about leads of long ago."""
    return found if still is None else replace(found, beside=wording.but(still.sentence))


def moment_of(as_of: When | None, settings: Settings | None) -> pd.Timestamp:
    """Return the moment whose knowledge counts."""
    import pandas as pd

    from leadml.history.moments.times import instant
    from leadml.history.settings.sections import TimesSettings

    times = TimesSettings() if settings is None else settings.times
    until = None if settings is None else settings.scoring.observed_until
    said, what = (as_of, "--as-of") if as_of is not None else (until, "observed_until")
    if said is None:
        return pd.Timestamp(datetime.now(UTC)).as_unit("us")
    return pd.Timestamp(instant(str(said), what, times), unit="us", tz="UTC")


def stale(won: pd.DataFrame, as_of: pd.Timestamp) -> tuple[str, ...]:
    """Say that no win has been heard of for long: cohorts would close without theirs."""
    import pandas as pd

    last = won.loc[won["won_at"] <= as_of, "won_at"].max()
    if pd.isna(last) or (days := (as_of - last).days) <= STALE_DAYS:
        return ()
    return (wording.stale(days, f"{last:%Y-%m-%d}"),)


def anew(ended: Sequence[Ending], as_of: pd.Timestamp) -> tuple[str, ...]:
    """Say why the evidence starts anew, where an alarm has ended by now."""
    import pandas as pd

    from leadml.watch.kpi.scorings import instant

    by_now = [(at, ending.why) for ending in ended if (at := instant(ending.at)) <= instant(as_of)]
    if not by_now:
        return ()
    at, why = max(by_now)
    return (wording.anew(f"{pd.Timestamp(at, unit='us'):%Y-%m-%d}", why),)
