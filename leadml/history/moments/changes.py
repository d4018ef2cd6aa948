"""Rows of a second table: stages that leads entered, or deals that they made, each at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.moments import wording
from leadml.history.moments.times import NEVER, read_times
from leadml.history.values.ids import id_texts, places_of
from leadml.points.dates import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import TimesSettings
    from leadml.history.sources.readers import Table


@dataclass(frozen=True, eq=False)
class Changes:
    """What happened to leads, and when.

    Parameters
    ----------
    lead : ndarray of int64, shape (n_changes,)
        Place of the lead in the leads table.
    at : ndarray of int64, shape (n_changes,)
        Microseconds since 1970 in UTC.
    name : ndarray of int64, shape (n_changes,)
        Place of the stage or product in `names`; -1 for none.
    names : tuple of str
        The stages or products of the whole table, sorted.
    seen : ndarray of int64
        All times in the table, those of unknown leads too.
    notes : tuple of str
        Rows that could not be used.
    """

    lead: NDArray[np.int64]
    at: NDArray[np.int64]
    name: NDArray[np.int64]
    names: tuple[str, ...]
    seen: NDArray[np.int64]
    notes: tuple[str, ...]

    def named(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which changes are to one of the stages, or of one of the products."""
        return np.isin(self.name, [place for place, name in enumerate(self.names) if name in names])

    def first(self, leads: int, names: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Return when each lead had its first change, to one of some names if they are given.

        Parameters
        ----------
        leads : int
            How many leads there are.
        names : sequence of str, optional
            Stages or products that count.

        Returns
        -------
        ndarray of int64, shape (leads,)
            Microseconds since 1970 in UTC; the greatest integer where there was none.
        """
        which = slice(None) if names is None else self.named(names)
        found = np.full(leads, NEVER)
        np.minimum.at(found, self.lead[which], self.at[which])
        return found


@dataclass(frozen=True)
class ChangeColumns:
    """Which columns say whose change it is, when it was and to what; and what one row is called."""

    lead: str
    at: str
    name: str | None
    what: str


def read_changes(
    table: Table, columns: ChangeColumns, ids: pd.Series, times: TimesSettings, missing: frozenset[str]
) -> Changes:
    """Read the rows of a second table.

    Parameters
    ----------
    table : Table
    columns : ChangeColumns
    ids : Series of str
        The ids of the leads, in their order.
    times : TimesSettings
    missing : frozenset of str
        Placeholders.

    Returns
    -------
    Changes
        Rows of unknown leads, and those without a time, are counted in its notes.
    """
    table.require([name for name in (columns.lead, columns.at, columns.name) if name is not None])
    at, unread = read_times(table, columns.at, times, missing)
    lead = places_of(id_texts(table.frame[columns.lead], missing), ids)
    code, names = _names(table, columns.name, missing)
    known, timed = lead >= 0, at != NONE
    notes = [*unread]
    if strange := int((~known).sum()):
        notes.append(wording.note(f"in {table.where}, of no lead in the leads table", strange, columns.what))
    if timeless := int((known & ~timed).sum()):
        notes.append(wording.note(f"in {table.where}, without a time, which do not count", timeless, columns.what))
    use = known & timed
    return Changes(lead[use], at[use], code[use], names, at[timed], tuple(notes))


def _names(table: Table, column: str | None, missing: frozenset[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    if column is None:
        return np.full(len(table.frame), -1), ()
    codes, names = pd.factorize(id_texts(table.frame[column], missing), sort=True)
    return codes.astype(np.int64), tuple(str(name) for name in names)
