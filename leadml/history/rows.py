"""The rows of a history before features are put to them: which lead, as of when, with which outcome."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.outcome import UNDECIDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.definitions import Definition
    from leadml.history.engagement.report import EventReport
    from leadml.history.moments.funnel import Funnel
    from leadml.history.moments.moments import Moments
    from leadml.history.moments.window import Window


@dataclass(frozen=True, eq=False)
class Rows:
    """One row per scoring moment, or per lead where nothing says when leads are scored.

    Parameters
    ----------
    lead : ndarray of int64, shape (n_rows,)
        Place of the row's lead in the leads table.
    state : ndarray of int8, shape (n_rows,)
        1 won, 0 lost, -1 undecided.
    as_of, decided_at : ndarray of int64, shape (n_rows,), or None
        Scoring moment, and moment of the decision, in microseconds since 1970 (UTC).
    window_over : ndarray of bool, shape (n_rows,), or None
        Whether the row's outcome window was over while outcomes were observed.
    funnel : Funnel or None
        How leads became rows.
    window : Window or None
        The outcome window.
    notes : tuple of str
        What else a reader should know.
    """

    lead: NDArray[np.int64]
    state: NDArray[np.int8]
    as_of: NDArray[np.int64] | None = None
    decided_at: NDArray[np.int64] | None = None
    window_over: NDArray[np.bool_] | None = None
    funnel: Funnel | None = None
    window: Window | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, moments: Moments) -> Rows:
        """Take the rows that scoring moments give."""
        return cls(
            moments.lead,
            moments.state,
            moments.as_of,
            moments.decided_at,
            moments.window_over,
            moments.funnel,
            moments.window,
        )

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Which rows are won or lost."""
        return np.asarray(self.state != UNDECIDED)

    def take(self, which: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        arrays: dict[str, Any] = {
            field.name: value[which]
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }
        return replace(self, **arrays)


@dataclass(frozen=True, eq=False)
class Made:
    """Features that are not in the leads table but made from it, or from events.

    Parameters
    ----------
    frame : DataFrame
        One row per decided row, plainly indexed.
    definitions : tuple of Definition
        What each of them is.
    used : dict of str to str
        Columns of the leads table that were turned into features, each with the reason why it is none itself.
    origin : dict
        What the features can be computed from again, for the table's provenance.
    events : EventReport or None
        What became of the events; None without events.
    """

    frame: pd.DataFrame
    definitions: tuple[Definition, ...]
    used: dict[str, str]
    origin: dict[str, Any]
    events: EventReport | None = None
