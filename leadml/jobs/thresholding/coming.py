"""Leads of past weeks, from a file or a configuration: to be scored, counted by week, and held against outcomes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.jobs import wording
from leadml.jobs.result import Progress
from leadml.jobs.tables import plain_name

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.arrived import Arrived
    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table
    from leadml.points.table import PointTable
    from leadml.watch.threshold.handing import Leads


def of_config(
    table: PointTable, source: Any, reading: dict[str, Any], until: int | None, *, valued: bool, progress: Progress
) -> Leads:
    """Read what a configuration describes; each lead counts once, at its highest score.

    Parameters
    ----------
    table : PointTable
        Of a segment, only the leads of that segment count.
    source : path
        A ``leadml.toml``.
    reading : dict
        What counts more than the configuration.
    until : int or None
        The moment until which the table was learned, in microseconds since 1970.
    valued : bool
        Whether to read what deals were worth.
    progress : callable
        Is told in words what happens next.

    Returns
    -------
    Leads
    """
    import numpy as np

    from leadml.history.arrived import arrived, first_best
    from leadml.history.settings.config import read_settings
    from leadml.points.dates import NONE
    from leadml.watch.threshold import threshold_wording
    from leadml.watch.threshold.handing import Leads

    settings = read_settings(source)
    came = arrived(settings, reading, progress)
    times = np.full(len(came.lead), NONE) if came.times is None else came.times
    kept, notes = _of_segment(table, settings, came)
    if len(np.unique(came.lead)) < len(came.lead):
        score = table.score(came.frame, reasons=0)["score"].to_numpy(np.int64)
        rows = int(kept.sum())
        kept &= first_best(came.lead, score, times)
        notes = (*notes, threshold_wording.once_each(rows, int(kept.sum())))
    return Leads(
        came.frame[kept].reset_index(drop=True),
        None if came.times is None else times[kept],
        None if np.isnan(came.won).all() else came.won[kept],
        _newer(times[kept], until),
        came.value[kept] if valued and came.value is not None else None,
        notes,
        came.all_decided,
    )


def _of_segment(table: PointTable, settings: Settings, came: Arrived) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which leads a table is for: of a segment's table, those of the segment."""
    import numpy as np

    from leadml.watch.threshold import threshold_wording

    everyone, by = np.ones(len(came.lead), dtype=bool), settings.model.by
    if by is None or by not in came.frame.columns or not isinstance(settings.leads.source, str):
        return everyone, ()
    stem = settings.name or plain_name(Path(settings.leads.source).stem)
    segment = came.frame[by].astype("str").to_numpy(dtype=object)
    mine = [value for value in sorted(set(segment)) if plain_name(f"{stem}-{value}") == table.name]
    if table.name == stem or not mine:
        return everyone, ()
    return np.asarray(segment == mine[0]), (threshold_wording.only_segment(by, mine[0]),)


def of_file(source: Any, reading: dict[str, Any], value_column: str | None, until: int | None) -> Leads:
    """Read a file of leads.

    Parameters
    ----------
    source : path or DataFrame
    reading : dict
        ``outcome``, ``won``, ``lost``, ``missing``, ``created``, ``sep``, as far as they are given.
    value_column : str or None
        The column that says what deals were worth.
    until : int or None
        The moment until which the table was learned, in microseconds since 1970.

    Returns
    -------
    Leads
    """
    import numpy as np

    from leadml.history.sources.readers import read_table
    from leadml.watch.threshold.handing import Leads

    given = read_table(source, reading.pop("sep", None))
    named = [reading.get("outcome"), reading.get("created"), value_column]
    given.require([name for name in named if name is not None])
    times, won, value = _columns(given, reading, value_column)
    decided = won is not None and not np.isnan(won).any()
    return Leads(given.frame, times, won, None if times is None else _newer(times, until), value, all_decided=decided)


def _columns(
    given: Table, reading: dict[str, Any], value_column: str | None
) -> tuple[NDArray[np.int64] | None, NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return times, outcomes and values of a file, each where a column for it is named."""
    import numpy as np

    from leadml.history.outcome import UNDECIDED, read_outcomes
    from leadml.history.values.columns import typed
    from leadml.history.values.placeholders import parse_missing, texts_for

    placeholders = parse_missing(reading.get("missing", ()), given.columns)
    times = won = value = None
    if (column := reading.get("created")) is not None:
        times = _times(given.frame[column], column, texts_for(column, placeholders))
    if (column := reading.get("outcome")) is not None:
        said = (reading.get("won", ()), reading.get("lost", ()), texts_for(column, placeholders))
        states = read_outcomes(column, given.frame[column], *said)
        won = np.where(states == UNDECIDED, np.nan, states).astype(np.float64)
    if value_column is not None:
        values, report = typed(value_column, given.frame[value_column], given.untyped(value_column), frozenset())
        if report.type != "number":
            raise wording.no_numbers(value_column, report.type)
        value = values.fillna(0.0).to_numpy(np.float64)
    return times, won, value


def _times(values: pd.Series, column: str, placeholders: Collection[str]) -> NDArray[np.int64]:
    """Read when leads came; a column that holds something else is refused."""
    from leadml.history.moments.times import MOST_UNREADABLE
    from leadml.points.dates import NONE, date_texts, moments_of
    from leadml.points.personal import without_personal

    values = values.mask(values.isin(placeholders))
    found = moments_of(values)
    if found is None:
        raise wording.no_dates(column, f"it holds numbers of type {values.dtype}")
    read, filled = found
    if not filled.any():
        raise wording.no_dates(column, "it is empty")
    odd = filled & (read == NONE)
    if odd.sum() > MOST_UNREADABLE * filled.sum():
        raise wording.no_dates(column, f"it holds {without_personal(date_texts(values[odd].head(1)))[0]!r}")
    return read


def _newer(times: NDArray[np.int64], until: int | None) -> NDArray[np.bool_] | None:
    return None if until is None else times > until
