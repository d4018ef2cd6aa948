"""Monitoring: whether top-scored leads still convert better, and what else has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.errors import BusyError
from leadml.jobs.monitoring import wording
from leadml.jobs.monitoring.alarms import ACKNOWLEDGED, endings
from leadml.jobs.monitoring.gone import gone
from leadml.jobs.monitoring.judging import anew, moment_of, qualified, stale
from leadml.jobs.monitoring.keeping import earlier, keep, log_to_runs
from leadml.jobs.monitoring.monitored import Monitored
from leadml.jobs.monitoring.silence import Silence, silence
from leadml.jobs.monitoring.telling import notices
from leadml.jobs.monitoring.whose import whose
from leadml.jobs.plan import plan
from leadml.jobs.promoting.pointer import pointer_of
from leadml.jobs.result import Progress, silent
from leadml.jobs.running.events import note
from leadml.jobs.running.lock import one_job
from leadml.jobs.running.steps import step

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.settings.sections import Settings
    from leadml.jobs.monitoring.scorers import Scorer
    from leadml.jobs.plan import Plan
    from leadml.points.table import PointTable
    from leadml.watch.drift.drift_report import DriftReport
    from leadml.watch.drift.growth import Newcomer
    from leadml.watch.kpi.cohorts import Change
    from leadml.watch.kpi.kpi_history import KpiHistory


def monitor(
    config: str | os.PathLike[str],
    *,
    as_of: str | None = None,
    acknowledge: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> Monitored:
    """Look at a configuration's score log and outcomes, and keep what they say.

    Parameters
    ----------
    config : path
        A ``leadml.toml`` with ``[monitor] scores``.
    as_of : str, optional
        What was known then counts; what ``observed_until`` says, or now, unless given. Without an offset it is in the
        zone of ``[times]``.
    acknowledge : str, optional
        Why an alarm is over: noted, and what was scored until then is no longer held against the score.
    out : path, optional
        The models folder, as the configuration says unless given.
    tracking_uri : str, optional
        The MLflow store; see `train`.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    Monitored
        It depends on scores and outcomes only: a run that finds nothing new writes and logs nothing.

    Raises
    ------
    UsageError
        A file, column or setting does not exist.
    DataError
        The scores, the outcomes or the leads cannot be used.
    BusyError
        Another job has the point table, or something could not be written.
    """
    from leadml.history.settings.config import read_settings
    from leadml.jobs.running.notices import failure_told

    if not os.fspath(config).endswith(".toml"):
        raise wording.not_a_config(Path(config).name)
    settings = read_settings(config)
    todo = plan(config, {"out": out, "tracking_uri": tracking_uri})
    todo = replace(todo, name=todo.name_for(Path(settings.leads.source).stem))
    if settings.monitor.scores is None:
        raise wording.no_scores(Path(config).name)
    with ExitStack() as held:
        held.enter_context(one_job(todo.out, str(todo.name)))
        home = todo.out / str(todo.name)
        told = (settings.notify, "monitor", str(todo.name), home)
        tell = held.enter_context(failure_told(*told, as_of=as_of or "", folder=settings.folder))
        found = _Case(settings, todo, home, moment_of(as_of, settings), acknowledge, progress).answer()
        for notice in notices(found, as_of or ""):
            tell(notice)
        return found


@dataclass(frozen=True)
class _Case:
    """One monitoring of a configuration."""

    settings: Settings
    todo: Plan
    home: Path
    as_of: pd.Timestamp
    acknowledge: str | None
    progress: Progress

    def answer(self) -> Monitored:
        """Read, judge, keep, log."""
        from leadml.jobs.monitoring.drifting import drift
        from leadml.watch.kpi.monitor import kpi as judged

        scored, won, notes, still = self._read()
        scorers, unknown = self._scorers(scored)
        if self.acknowledge is not None:
            self._note()
        tables = {sha: scorer.table for sha, scorer in scorers.items()}
        ended = endings(self.home)
        self.progress("Counting cohorts")
        lost = gone(scored, won, self.as_of, _horizon(self.settings), earlier(self.home))
        found = judged(
            _with_probability(scored[~scored["gone"]], tables),
            won,
            as_of=self.as_of,
            promises={sha: s.promise for sha, s in scorers.items() if s.promise is not None},
            horizon_days=lost.horizon_days,
            strict=self.settings.monitor.strict,
            acknowledged=tuple(ending.at for ending in ended),
            kept=lost.kept,
        )
        self.progress("Looking for drift")
        moved = drift(scored, won, tables, self.as_of, found.horizon_days)
        if moved.table_sha256 in tables:
            moved = replace(moved, newcomers=self._newcomers(tables[moved.table_sha256]))
        changes, written = self._keep(found, moved)
        logged, unlogged = self._log(found, scorers)
        step("monitor.done")
        name = str(self.todo.name)
        quiet = stale(won, self.as_of)
        served = whose(found, scorers, pointer_of(self.todo.out, name))
        more = (*served, *anew(ended, self.as_of), *lost.notes, *notes, *unknown, *quiet)
        told = qualified(found, still)  # after it is kept: how many days ago something was makes no news every day
        return Monitored(
            name, told, moved, changes, more, self.home, written, logged, unlogged, lost.leads, still, quiet
        )

    def _read(self) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...], Silence | None]:
        """Return scores, with leads marked that the source no longer has; wins; notes; whether scores still come."""
        from leadml.history.sources.readers import read_table
        from leadml.history.wins import wins
        from leadml.jobs.scorelog import outcomes_of, read_log, scores_of

        monitor = self.settings.monitor
        self.progress("Reading the score log")
        scored = scores_of(read_log(self.settings.source_path(monitor.scores or "")))
        still = silence(scored, self.as_of)
        self.progress("Reading the outcomes")
        if monitor.outcomes is None:
            found = wins(self.settings, scored, self.progress)
            won, notes = found.frame, found.notes
            scored, early = _due(scored, won)
            scored, notes = scored.assign(gone=~scored["lead_id"].isin(won["lead_id"])), (*notes, *early)
        else:
            place = self.settings.source_path(monitor.outcomes)
            given = read_table(place, table=monitor.table, query=monitor.query)
            won, notes = outcomes_of(given, self.settings.times), ()
            scored = scored.assign(gone=False)  # it may hold wins only: who is missing was not won
        step("monitor.read")
        return scored, won, notes, still

    def _scorers(self, scored: pd.DataFrame) -> tuple[dict[str, Scorer], tuple[str, ...]]:
        """Find the tables that scored: on disk, else in the registry; say how many are not to be found."""
        from leadml.jobs.monitoring.scorers import scorers_in_registry, scorers_on_disk

        wanted = {sha for sha in scored["table_sha256"].unique() if sha}
        found = scorers_on_disk(self.todo.out, wanted)
        left = wanted - set(found)
        if left and self._has_store():
            try:
                found |= scorers_in_registry(self.todo.registry(), str(self.todo.name), left)
            except BusyError as error:
                return found, (wording.tables_unknown(len(left), str(error)),)
        left = wanted - set(found)
        return found, (wording.tables_gone(len(left)),) if left else ()

    def _newcomers(self, table: PointTable) -> tuple[Newcomer, ...]:
        from leadml.jobs.monitoring.drifting import newcomers

        return newcomers(self.settings, table, self.as_of, self.progress)

    def _note(self) -> None:
        reason = str(self.acknowledge).strip()
        if not reason:
            raise wording.no_reason()
        try:
            note(self.home, ACKNOWLEDGED, {"as_of": self.as_of.isoformat(), "reason": reason})
        except OSError as error:
            raise BusyError.cannot_write(error.filename or self.home, error.strerror or str(error)) from error

    def _keep(self, found: KpiHistory, moved: DriftReport) -> tuple[tuple[Change, ...], bool]:
        try:
            kept = keep(self.home, found, moved)
        except OSError as error:
            raise BusyError.cannot_write(error.filename or self.home, error.strerror or str(error)) from error
        step("monitor.kept")
        return kept

    def _log(self, found: KpiHistory, scorers: Mapping[str, Scorer]) -> tuple[int, str]:
        """Tell MLflow; a store that does not answer is no reason to keep the verdict back."""
        if not scorers or not self._has_store() or not found.looks:
            return 0, ""
        self.progress("Logging to MLflow")
        try:
            return log_to_runs(self.todo.registry().store, found, scorers), ""
        except BusyError as error:
            return 0, str(error)

    def _has_store(self) -> bool:
        """Tell whether there is a store to ask: a look-up does not make one."""
        from leadml.registry import store_uri

        uri = store_uri(self.todo.out, self.todo.tracking_uri, self.todo.configured_uri)
        return not uri.startswith("sqlite:///") or Path(uri.removeprefix("sqlite:///")).is_file()


def _horizon(settings: Settings) -> int | None:
    """Return within how many days a win counts: as the table was learned, unless something else is configured."""
    asked = settings.monitor.horizon_days
    return settings.scoring.window_days if asked is None else asked


def _due(scored: pd.DataFrame, leads: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out what was said of leads before their scoring moment, or when their outcome window was over.

    The table was not made to score them by then: training has no row before the moment, and counts as lost what is
    still open past the window.
    """
    import numpy as np

    known = leads.set_index("lead_id")
    due, over, created = (scored["lead_id"].map(known[name]) for name in ("due_at", "over_at", "created_at"))
    scored = scored.assign(created_at=scored["created_at"].fillna(created))
    early, late = (np.asarray(which, dtype=bool) for which in (scored["scored_at"] < due, scored["scored_at"] >= over))
    kept: pd.DataFrame = scored[~(early | late)].reset_index(drop=True)
    counts = ((wording.early, int(early.sum())), (wording.late, int(late.sum())))
    return kept, tuple(said(count) for said, count in counts if count)


def _with_probability(scored: pd.DataFrame, tables: Mapping[str, PointTable]) -> pd.DataFrame:
    """Add what each table foretold, where all are at hand, so that calibration can be measured."""
    import numpy as np

    from leadml.points.scoring import probability_of

    shas = scored["table_sha256"]
    if not len(scored) or not set(shas.unique()) <= set(tables):
        return scored
    foretold = np.empty(len(scored))
    for sha in shas.unique():
        mine = (shas == sha).to_numpy(dtype=bool)
        foretold[mine] = probability_of(tables[sha], scored["score"].to_numpy()[mine])
    return scored.assign(probability=foretold)
