"""The KPI's history as it is kept: a file, lines on what late outcomes changed, metrics of each version's run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.files import write_whole
from leadml.jobs.monitoring.alarms import FILE
from leadml.jobs.running.events import events, note
from leadml.jobs.running.steps import step
from leadml.points.canonical import readable_bytes, strict_loads
from leadml.registry.items import Metric

if TYPE_CHECKING:
    from leadml.jobs.monitoring.scorers import Scorer
    from leadml.registry import Store
    from leadml.watch.drift.drift_report import DriftReport
    from leadml.watch.kpi.cohorts import Change, Cohorts, Stratum
    from leadml.watch.kpi.kpi_history import KpiHistory

LATE = "late outcomes"


def keep(home: Path, kpi: KpiHistory, drift: DriftReport) -> tuple[tuple[Change, ...], bool]:
    """Write the history, where it says something new, and note closed cohorts that have changed.

    Parameters
    ----------
    home : Path
        The folder of the point table, DIR/NAME.
    kpi : KpiHistory
    drift : DriftReport

    Returns
    -------
    tuple of Change, bool
        What late outcomes have changed since the last run, and whether the file was written. The lines are noted before
        the file is replaced, each with a key: a run that follows one that died in between does not note them twice.

    Raises
    ------
    OSError
        Something could not be written.
    """
    from leadml.watch.kpi.cohorts import Cohorts, changes

    path = home / FILE
    before = path.read_bytes() if path.is_file() else b""
    told = {"kpi": kpi.to_dict(), "cohort_table": kpi.cohorts.to_dict(), "drift": drift.to_dict()}
    stored = _stored(before)
    if stored is not None and _timeless(stored) == _timeless(strict_loads(readable_bytes(told))):
        return (), False
    found: tuple[Change, ...] = ()
    if stored is not None:
        found = tuple(changes(Cohorts.from_dict(stored["cohort_table"]), kpi.cohorts))
        _note(home, found, before)
    step("monitor.noted")
    write_whole(path, readable_bytes(told))
    return found, True


def earlier(home: Path) -> Cohorts | None:
    """Return the cohorts that the last run has kept; None where there are none that can be read."""
    from leadml.watch.kpi.cohorts import Cohorts

    path = home / FILE
    stored = _stored(path.read_bytes() if path.is_file() else b"")
    return None if stored is None else Cohorts.from_dict(stored["cohort_table"])


def log_to_runs(store: Store, kpi: KpiHistory, scorers: Mapping[str, Scorer]) -> int:
    """Log each version's closed cohorts to its run, over time; return how many figures were new.

    Raises
    ------
    BusyError
        The store did not answer.
    """
    from leadml.registry.history import log_over_time

    logged = 0
    for sha, scorer in scorers.items():
        points = list(figures(kpi, sha))
        if points:
            logged += log_over_time(store, scorer.run_id, points)
        step("monitor.logged")
    return logged


def figures(kpi: KpiHistory, sha256: str) -> Iterator[Metric]:
    """Yield what a version's cohorts show, as metrics.

    Parameters
    ----------
    kpi : KpiHistory
    sha256 : str
        The version's table.

    Yields
    ------
    Metric
        ``kpi_rate_ratio``, ``kpi_low``, ``kpi_high``, ``kpi_detector`` and counts; the step is the number of months
        since the first closed cohort of any version, the time is the end of the cohort.
    """
    from leadml.stats import mover_ratio

    closed = kpi.cohorts.closed()
    first = min((stratum.month for stratum in closed), default="")
    against = {entry.month: entry.against for entry in kpi.looks}
    for stratum in closed:
        if stratum.table_sha256 == sha256:
            counts = (stratum.top_won, stratum.top_leads, stratum.rest_won, stratum.rest_leads)
            ratio = mover_ratio(*counts) if stratum.top_leads and stratum.rest_leads else (float("nan"),) * 3
            named = dict(zip(("rate_ratio", "low", "high"), ratio, strict=True))
            named |= {"detector": against.get(stratum.month, float("nan"))}
            named |= {"cohort_leads": float(stratum.leads), "cohort_won": float(stratum.won)}
            yield from _at(stratum, first, named)


def _at(stratum: Stratum, first: str, named: Mapping[str, float]) -> Iterator[Metric]:
    import numpy as np

    month, start = np.datetime64(stratum.month, "M"), np.datetime64(first, "M")
    end = (month + 1).astype("datetime64[ms]").astype(np.int64)
    for name, value in named.items():
        yield Metric(f"kpi_{name}", float(value), int((month - start).astype(np.int64)), int(end))


def _note(home: Path, found: tuple[Change, ...], before: bytes) -> None:
    known = {event.get("key") for event in events(home)}
    for change in found:
        told = change.to_dict()
        key = hashlib.sha256(before + readable_bytes(told)).hexdigest()[:16]
        if key not in known:
            note(home, LATE, {"key": key, **told})


def _stored(before: bytes) -> dict[str, Any] | None:
    """Read the last run's file; None where there is none that can be understood: it is written anew."""
    try:
        told = strict_loads(before) if before else None
    except DataError:
        return None
    return told if isinstance(told, dict) and "cohort_table" in told else None


def _timeless(told: Any) -> Any:
    """Leave out when a history was made: another moment alone is nothing new."""
    if isinstance(told, Mapping):
        return {key: _timeless(value) for key, value in told.items() if key != "as_of"}
    return [_timeless(value) for value in told] if isinstance(told, list) else told
