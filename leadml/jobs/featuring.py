"""Writing the feature table that a configuration describes: to look at it, to train elsewhere, to score open leads."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.result import Progress, silent
from leadml.jobs.scoring import ENDINGS, file_bytes

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.definitions import Definition
    from leadml.history.engagement.report import EventReport
    from leadml.history.history import LeadHistory
    from leadml.history.moments.funnel import Funnel
    from leadml.history.settings.sections import Settings


@dataclass(frozen=True)
class FeatureSummary:
    """What was written.

    Parameters
    ----------
    out : Path
        The file.
    rows, features : int
        Its rows, and its columns beside ``lead_id``, ``as_of`` and ``won``.
    funnel : Funnel or None
        How leads became rows.
    definitions : tuple of Definition
        What the made features are, exactly.
    warnings : tuple of str
        What there is to beware of, such as events that belong to none of the leads.
    events : EventReport or None
        What became of the events; None without events.
    notes : tuple of str
        What else there is to know, such as that a sample was drawn.
    """

    out: Path
    rows: int
    features: int
    funnel: Funnel | None
    definitions: tuple[Definition, ...]
    warnings: tuple[str, ...] = ()
    events: EventReport | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml features --json` prints."""
        return {
            "out": str(self.out),
            "rows": self.rows,
            "features": self.features,
            "funnel": None if self.funnel is None else self.funnel.to_dict(),
            "events": None if self.events is None else self.events.to_dict(),
            "definitions": {d.feature: d.says for d in self.definitions},
            "warnings": list(self.warnings),
            "notes": list(self.notes),
        }


def features(
    config: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    as_of: str | None = None,
    source: str | os.PathLike[str] | None = None,
    every: bool = False,
    progress: Progress = silent,
) -> FeatureSummary:
    """Write the feature table of a configuration.

    Parameters
    ----------
    config : path
        A ``leadml.toml``.
    out : path
        The file to write; CSV or Parquet by its ending. It appears whole or not at all.
    as_of : str, optional
        Instead of past scoring moments: the leads that are open at this date or time, to be scored. Those whose
        outcome window is over are left out and counted: training counts them as lost.
    source : path, optional
        Other leads than those that the configuration names, such as a new export, to be scored; needs no `as_of` where
        the configuration knows no scoring moments.
    every : bool
        With `as_of`: keep open leads whose outcome window is over.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    FeatureSummary
        ``lead_id, as_of, won`` and the features stand in the file, one row per scoring moment that a training learns
        from: decided, and its outcome window over. With `as_of` one row per open lead, with ``outcome_window`` (to
        come, open or over) in place of ``won``; with `source` alone one row per lead of it, with neither, and without
        ``as_of``.

    Raises
    ------
    UsageError
        A file, column or setting does not exist, or the ending of `out` is unknown.
    DataError
        The data cannot be used.
    """
    from leadml.history.build import build, has_moments, live, ready
    from leadml.history.engagement.telling import warnings
    from leadml.history.moments.standing import COLUMN
    from leadml.history.settings.config import read_settings

    target = Path(out)
    if not target.name.lower().endswith(ENDINGS):
        raise wording.unknown_output(target.name, ENDINGS)
    settings = read_settings(config)
    if every and as_of is None:
        raise wording.every_needs_a_moment()
    if source is not None:
        settings = _with_source(settings, source)
        if as_of is None:
            if has_moments(settings):
                raise wording.moment_needed(Path(config).name)
            frame = ready(settings, tell=progress)
            write_whole(target, file_bytes(frame, target.name.lower()))
            return FeatureSummary(target, len(frame), frame.shape[1] - 1, None, ())
    if as_of is not None:
        found = live(settings, as_of, tell=progress, fresh=source is not None, every=every)
        write_whole(target, file_bytes(found.frame, target.name.lower()))
        made = found.frame.shape[1] - len({"lead_id", "as_of", COLUMN} & set(found.frame.columns))
        return FeatureSummary(target, len(found.frame), made, found.funnel, (), warnings(found.events), found.events)
    history = build(settings, tell=progress).matured()  # the rows that a training learns from, and no others
    table = _table(history)
    write_whole(target, file_bytes(table, target.name.lower()))
    told = warnings(history.events)
    known = (history.funnel, history.definitions, told, history.events, history.notes)
    return FeatureSummary(target, len(table), table.shape[1] - 3, *known)


def _with_source(settings: Settings, source: str | os.PathLike[str]) -> Settings:
    """Put other leads in the place of those that the configuration names; a path is relative to here, not to it."""
    place = os.fspath(source)
    path = place if place.startswith("env:") or "://" in place else Path(place).absolute().as_posix()
    leads = replace(settings.leads, source=path)
    if path.lower().endswith(ENDINGS):
        leads = replace(leads, table=None, query=None)
    return replace(settings, leads=leads)


def _table(history: LeadHistory) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    parts = [history.frame, *([] if history.idle is None else [history.idle])]
    taken = [name for name in ("lead_id", "as_of", "won") if any(name in part.columns for part in parts)]
    if taken:
        raise wording.columns_taken(taken, history.name)
    rows = np.arange(1, len(history) + 1).astype(str)
    head = {
        "lead_id": rows if history.lead_id is None else history.lead_id,
        "as_of": _instants(history.as_of, len(history)),
        "won": history.won.astype(np.int64),
    }
    return pd.concat([pd.DataFrame(head), *parts], axis="columns")


def _instants(us: Any, rows: int) -> pd.Series:
    import pandas as pd

    if us is None:
        return pd.Series(pd.NaT, index=range(rows), dtype="datetime64[us, UTC]")
    return pd.Series(pd.to_datetime(us, unit="us", utc=True)).astype("datetime64[us, UTC]")
