"""Where to hand leads to sales: a table's scores of some leads, or of those it was measured on, and a goal."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.result import Progress, silent
from leadml.jobs.thresholding.coming import of_config, of_file
from leadml.jobs.thresholding.measured import counts_of, learned_until
from leadml.points.value import check_tells_wins

if TYPE_CHECKING:
    import pandas as pd

    from leadml.jobs.tables import FoundTable
    from leadml.points.table import PointTable
    from leadml.watch.threshold.counts import ScoreCounts
    from leadml.watch.threshold.handing import Leads
    from leadml.watch.threshold.threshold import Threshold

ENOUGH_WINS = 30  # fewer say little of conversion; then what the version was measured on says more


def threshold(
    found: FoundTable,
    source: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    outcome: str | None = None,
    won: Any = (),
    lost: Any = (),
    missing: Any = (),
    created: str | None = None,
    weeks: float | None = None,
    value_column: str | None = None,
    sep: str | None = None,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
    progress: Progress = silent,
    **goal: float | None,
) -> Threshold:
    """Choose from which score on leads are handed to sales.

    Parameters
    ----------
    found : FoundTable
        The table, as `find_table` gives it.
    source : path or DataFrame, optional
        Leads of some past weeks: a file of leads, or a ``leadml.toml``. Without it, the leads that the version was
        measured on count.
    outcome, won, lost, missing, sep
        How the source is to be read; see `train`.
    created : str, optional
        The column that says when leads came; a configuration names its own.
    weeks : float, optional
        How many weeks the leads span, where no column tells.
    value_column : str, optional
        The column that says what each deal was worth; a configuration names its own. It counts where `cost` is given
        without `value`.
    models, tracking_uri
        Where versions are kept; see `find_table`.
    progress : callable
        Is told in words what happens next.
    **goal
        `per_week`, `conversion_rate`, `marginal_rate`, or `cost` with `value`; see `PointTable.threshold`.

    Returns
    -------
    Threshold

    Raises
    ------
    UsageError
        Not exactly one goal, a column that is not there, no source for a table that keeps no counts, or whose first
        action asks for sub-scores as well.
    DataError
        The source cannot be read.

    Warns
    -----
    UserWarning
        Nothing tells when the leads came, so they are taken as one week's.
    """
    from leadml.watch.threshold.goals import goal_of
    from leadml.watch.threshold.handing import asked_beside, threshold_of

    check_tells_wins(found.table, "a threshold")
    valued = source is not None and goal.get("value") is None and (_is_config(source) or value_column is not None)
    goal_of(**goal, valued=valued)  # before anything is read
    counts, asks = counts_of(found, models, tracking_uri), asked_beside(found.table)
    if source is None and asks:
        raise wording.asks_for_more(found.table.actions[0][0], asks)
    if source is None:
        return _by_version(counts, found, weeks, goal)
    until = learned_until(found, models, tracking_uri)
    reading = {"outcome": outcome, "won": won, "lost": lost, "missing": missing, "sep": sep, "created": created}
    reading = {name: told for name, told in reading.items() if told not in (None, ())}
    if _is_config(source):
        leads = of_config(found.table, source, reading, until, valued=valued, progress=progress)
    else:
        progress("Reading the leads")
        leads = of_file(source, reading, value_column if valued else None, until)
    progress("Scoring")
    counts = None if asks else counts  # they count by score only
    leads = _unseen(leads, counts, until)
    return threshold_of(found.table, leads, counts=counts, weeks=weeks, **goal)


def apply_threshold(table: PointTable, found: Threshold, out: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write a table that hands leads over at a threshold; the table itself, and its versions, stay as they are.

    Parameters
    ----------
    table : PointTable
    found : Threshold
    out : path
        The JSON file to write.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        The name does not end in .json, or the file is there.
    """
    target = Path(out)
    if target.suffix.lower() != ".json":
        raise wording.unknown_output(target.name, (".json",))
    if target.name in ("point_table.json",) and (target.parent / "manifest.json").exists():
        raise wording.published(str(target))
    if target.exists() and not force:
        raise wording.file_exists(str(target))
    return write_whole(target, table.with_actions(found.cut).to_json())


def _by_version(counts: ScoreCounts | None, found: FoundTable, weeks: float | None, goal: dict[str, Any]) -> Threshold:
    """Choose by the leads that the version was measured on."""
    from leadml.watch.threshold import threshold_wording
    from leadml.watch.threshold.threshold import threshold as by_counts

    if counts is None:
        raise wording.no_counts(found.table.name)
    if weeks is None and counts.weeks is None:
        if goal.get("per_week") is not None:
            raise wording.no_weeks(found.table.name)
        warnings.warn(threshold_wording.NO_TIME, stacklevel=3)
    chosen = by_counts(counts, weeks=weeks, **goal)
    return replace(chosen, notes=(*chosen.notes, threshold_wording.OF_VERSION))


def _unseen(leads: Leads, counts: ScoreCounts | None, until: int | None) -> Leads:
    """Settle whose outcomes tell of conversion: newer leads than those learned from, where they are enough."""
    import numpy as np

    from leadml.watch.threshold import threshold_wording

    if leads.won is None:
        return leads
    if leads.unseen is not None and until is not None:
        wins = float(np.nansum(leads.won[leads.unseen]))
        if wins >= ENOUGH_WINS or (counts is not None and wins >= counts.won > 0):
            return replace(leads, notes=(*leads.notes, threshold_wording.LEARNED_FROM_OLDER))
        if counts is not None and leads.value is None:
            return replace(leads, won=None)
    return replace(leads, unseen=None, notes=(*leads.notes, threshold_wording.MAY_BE_LEARNED_FROM))


def _is_config(source: Any) -> bool:
    return isinstance(source, str | os.PathLike) and os.fspath(source).endswith(".toml")
