"""Why leads' scores are not what they were: two files of the same leads, one table or two."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.incoming import incoming
from leadml.jobs.result import Progress, silent
from leadml.jobs.scoring import ENDINGS, file_bytes

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.settings.sections import Settings
    from leadml.points.leads.changes import Changes
    from leadml.points.table import PointTable

AS_OF = "as_of"


def changes(
    table: PointTable,
    before: str | os.PathLike[str] | pd.DataFrame,
    after: str | os.PathLike[str] | pd.DataFrame,
    *,
    id: str,
    old: PointTable | None = None,
    config: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    sep: str | None = None,
    progress: Progress = silent,
    missing: Any = (),
) -> Changes:
    """Say why scores moved between two files of leads.

    Parameters
    ----------
    table : PointTable
        The table now.
    before, after : path or DataFrame
        The leads then and now.
    id : str
        The column that names the leads, in both.
    old : PointTable, optional
        The table then; the same unless given.
    config : path, optional
        A ``leadml.toml`` whose events tell exactly what time alone did: their features are made once more, as of the
        later moment but without what happened since the earlier one. Both files then have a column ``as_of`` with one
        moment, as ``leadml features --as-of`` writes it.
    out : path, optional
        A file to write: one row per lead and reason.
    sep : str, optional
        Separator of CSV files; found unless given.
    progress : callable, optional
        Is told in words what happens next.
    missing : str, sequence or mapping
        Texts that mean missing in these leads; see `leadml.jobs.score`.

    Returns
    -------
    Changes

    Raises
    ------
    UsageError
        A column is missing, a moment is not given, or the ending of `out` is unknown.
    DataError
        A file cannot be read.
    """
    from leadml.history.sources.readers import read_table
    from leadml.history.values.ids import id_texts

    target = None if out is None else Path(out)
    if target is not None and not target.name.lower().endswith(ENDINGS):
        raise wording.unknown_output(target.name, ENDINGS)
    progress("Reading the leads")
    frames = []
    for source in (before, after):
        read = incoming(read_table(source, sep), *(one for one in (table, old) if one is not None), missing=missing)
        read.require([id])
        frames.append(read.frame.assign(**{id: id_texts(read.frame[id])}))
    then, now = frames
    aged = None
    if config is not None:
        from leadml.history.settings.config import read_settings

        progress("Counting the events before the earlier moment, as of the later one")
        aged = _Aging(read_settings(config), old or table, id).aged(then, now)
    found = table.changes(then, now, old, aged, id)
    if target is not None:
        write_whole(target, file_bytes(found.frame(), target.name.lower()))
    return found


@dataclass(frozen=True)
class _Aging:
    """Makes features of events as of a later moment, of what had happened by an earlier one."""

    settings: Settings
    table: PointTable
    id: str

    def aged(self, then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
        """Return the event features of the leads that are there at both times, with their ids."""
        import numpy as np

        from leadml.history.engagement.features import engagement
        from leadml.history.engagement.open import open_engine
        from leadml.history.engagement.spec import EventSpec

        stored = self.table.provenance.get("features", {}).get("events")
        if self.settings.events is None or stored is None:
            raise wording.no_events_to_age(self.table.name, self.settings.events is None)
        since, until = self._moment(then, "the earlier leads"), self._moment(now, "the later leads")
        if until < since:
            raise wording.moments_backwards()
        leads = then[self.id][then[self.id].isin(now[self.id])]
        as_of = np.full(len(leads), until, dtype=np.int64)
        engine = open_engine(self.settings)
        try:
            spec = EventSpec.from_dict(stored)
            names = leads.to_numpy(dtype=object)
            made = engagement(engine, self.settings.events, names, as_of, spec, before_us=since)
        finally:
            engine.close()
        return made.frame.assign(**{self.id: leads.to_numpy(dtype=object)})

    def _moment(self, frame: pd.DataFrame, where: str) -> int:
        """Return the one moment at which the features of a file were made."""
        import pandas as pd

        from leadml.points.dates import microseconds, moments_of_text

        different = frame[AS_OF].drop_duplicates() if AS_OF in frame.columns else pd.Series([], dtype=object)
        if len(different) != 1:
            raise wording.not_one_moment(where, AS_OF, len(different))
        zone, twice = self.settings.times.zone, self.settings.times.twice
        if isinstance(different.dtype, pd.DatetimeTZDtype):
            moment = different.astype("datetime64[us, UTC]")
        else:
            moment = moments_of_text(different.astype("str"), zone, twice)
        if moment.isna().any():
            raise wording.not_one_moment(where, AS_OF, 0)
        return int(microseconds(moment)[0])
