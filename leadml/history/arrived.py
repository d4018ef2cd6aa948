"""All leads as they came, decided or not: with the features of their scoring moment, to count and to score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history import build
from leadml.history.making import Tell, make
from leadml.history.outcome import UNDECIDED
from leadml.history.roles import BY_ROW
from leadml.history.sources.server import Servers
from leadml.history.values.columns import typed
from leadml.history.values.placeholders import texts_for
from leadml.points.dates import NONE, microseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.build import Sources
    from leadml.history.rows import Rows
    from leadml.history.settings.sections import Settings


@dataclass(frozen=True, eq=False)
class Arrived:
    """Leads at their scoring moments.

    Parameters
    ----------
    frame : DataFrame of n rows
        The columns of the leads but for those with a role, and the made features.
    lead : ndarray of int64, shape (n,)
        Place of each row's lead in the leads table; a lead with several scoring moments has several rows.
    times : ndarray of int64, shape (n,), or None
        The scoring moment, else when the lead came, in microseconds since 1970 (UTC); None where nothing tells.
    won : ndarray of float, shape (n,)
        1 won, 0 lost; nan where it is undecided, or its outcome window is not over.
    value : ndarray of float, shape (n,), or None
        Deal values, 0 where there is none; None without a column for them.
    all_decided : bool
        Whether every lead is won or lost by the outcome column.
    """

    frame: pd.DataFrame
    lead: NDArray[np.int64]
    times: NDArray[np.int64] | None
    won: NDArray[np.float64]
    value: NDArray[np.float64] | None
    all_decided: bool = False


def arrived(settings: Settings, said: Mapping[str, Any] | None = None, tell: Tell = build.silent) -> Arrived:
    """Read what a configuration describes, undecided leads included.

    Parameters
    ----------
    settings : Settings
    said, tell
        See `build`.

    Returns
    -------
    Arrived
    """
    with Servers() as servers:
        sources = build.read_sources(settings, said or {}, tell, servers)
        rows = build.rows_of(sources, tell)
        made = make(sources.leads, rows.lead, rows.as_of, sources.settings, sources.missing, tell, servers)
    kept = [c for c in sources.leads.columns if c not in sources.roles.columns and c not in sources.drop]
    leads = sources.leads.frame[kept].iloc[rows.lead].reset_index(drop=True)
    frame = leads if made is None else pd.concat([leads, made.frame.reset_index(drop=True)], axis=1)
    open_ = build.open_by_column(sources)
    decided = open_ is not None and not open_.any()
    return Arrived(frame, rows.lead, _times(sources, rows), _won(rows), _values(sources, rows), decided)


def first_best(lead: NDArray[np.int64], score: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return one row of each lead: that of its highest score, the earliest where it has it more than once.

    Examples
    --------
    >>> first_best(np.array([7, 7, 7, 9]), np.array([40, 60, 60, 10]), np.array([1, 3, 2, 5])).tolist()
    [False, False, True, True]
    """
    order = np.lexsort((times, -score, lead))
    kept = np.zeros(len(lead), dtype=bool)
    kept[order[np.append(True, lead[order][1:] != lead[order][:-1])[: len(order)]]] = True
    return kept


def _won(rows: Rows) -> NDArray[np.float64]:
    """Return outcomes; of young leads those are known first that were decided quickly, so they do not count."""
    known = rows.decided if rows.window_over is None else rows.decided & rows.window_over
    return np.where(known & (rows.state != UNDECIDED), rows.state, np.nan).astype(np.float64)


def _times(sources: Sources, rows: Rows) -> NDArray[np.int64] | None:
    if rows.as_of is not None:
        return rows.as_of
    column = sources.roles.time
    if column is None or column == BY_ROW:
        return None
    values, report = _typed(sources, column)
    if report != "date":
        return None
    found = microseconds(values)[rows.lead]
    return np.where(values.notna().to_numpy(dtype=bool)[rows.lead], found, NONE)


def _values(sources: Sources, rows: Rows) -> NDArray[np.float64] | None:
    if sources.roles.value is None:
        return None
    values, report = _typed(sources, sources.roles.value)
    return values.fillna(0.0).to_numpy(np.float64)[rows.lead] if report == "number" else None


def _typed(sources: Sources, column: str) -> tuple[pd.Series, str]:
    blank = texts_for(column, sources.missing)
    values, report = typed(column, sources.leads.frame[column], sources.leads.untyped(column), blank)
    return values, report.type
