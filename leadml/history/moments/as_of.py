"""When leads are scored: the entries of ``as_of``, understood and applied to every lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from leadml.history.moments import wording
from leadml.history.moments.times import NEVER, SECOND_US, instant, read_times
from leadml.history.values.placeholders import texts_for
from leadml.points.dates import DATE, DAY_US, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from leadml.history.moments.facts import Facts, Sources

UNITS_US = {"minute": 60 * SECOND_US, "hour": 3600 * SECOND_US, "day": DAY_US, "week": 7 * DAY_US}
CREATED = re.compile(r"created(?: *\+ *(?P<count>[0-9]+) *(?P<unit>minute|hour|day|week)s?)?")
ENTERED = re.compile(r"entered +(?P<stage>\S.*)")
MOST_YEARS = 100
# why a lead has no scoring moment
NO_CREATED = "no readable time of creation"
NOT_YET = "not created before the given date"


@dataclass(frozen=True)
class AsOf:
    """One entry of ``as_of``.

    Parameters
    ----------
    said : str
        As it stands in the settings.
    kind : {"created", "entered", "column", "date"}
    name : str
        The stage or the column.
    us : int
        The delay after creation, or the date, in microseconds.
    """

    said: str
    kind: Literal["created", "entered", "column", "date"]
    name: str = ""
    us: int = 0


def parse_as_of(sources: Sources) -> tuple[AsOf, ...]:
    """Understand the entries of ``as_of``, in their order.

    Parameters
    ----------
    sources : Sources

    Returns
    -------
    tuple of AsOf

    Raises
    ------
    UsageError
        If there is none, or one is neither a rule, nor a date, nor a column of the leads table.
    """
    entries = sources.settings.scoring.as_of
    if not entries:
        raise wording.no_as_of()
    return tuple(_parsed(entry, sources) for entry in entries)


def _parsed(said: str, sources: Sources) -> AsOf:
    columns, created = sources.leads.columns, sources.settings.leads.created
    if (rule := CREATED.fullmatch(said)) and (created is not None or said not in columns):
        if created is None:
            raise wording.no_created(said)
        delay = int(rule["count"] or 0) * UNITS_US[rule["unit"] or "day"]
        if delay > MOST_YEARS * 366 * DAY_US:
            raise wording.too_long(said, MOST_YEARS)
        return AsOf(said, "created", us=delay)
    if (rule := ENTERED.fullmatch(said)) and said not in columns:
        if sources.stages is None or sources.settings.stages is None:
            raise wording.no_section("as_of", said, "stages")
        return AsOf(said, "entered", name=rule["stage"])
    if re.fullmatch(DATE, said):
        if created is None:
            raise wording.no_created(said)
        return AsOf(said, "date", us=instant(said, "as_of", sources.settings.times))
    if said not in columns:
        raise wording.unknown_moment(said, columns, sources.leads.where)
    return AsOf(said, "column", name=said)


@dataclass(frozen=True, eq=False)
class Reached:
    """When each lead reached a scoring moment, and how many did not.

    Parameters
    ----------
    at : ndarray of int64, shape (n_leads,)
        Microseconds since 1970 in UTC; the least integer for a lead that has no such moment.
    without : sequence of (str, ndarray of int64)
        Why leads have none, and the places of these leads.
    notes : tuple of str
        Times that could not be read.
    """

    at: NDArray[np.int64]
    without: Sequence[tuple[str, NDArray[np.int64]]]
    notes: tuple[str, ...] = ()


def reached(entry: AsOf, facts: Facts, sources: Sources) -> Reached:
    """Find when each lead reached the moment of one entry.

    Raises
    ------
    UsageError
        If nobody ever entered the stage, unless leads are to be scored; the nearest one is named.
    DataError
        If a column holds no times, or more than 1 % of them cannot be read.
    """
    if entry.kind == "entered":
        return _entered(entry, facts, sources)
    if entry.kind == "column":
        missing = texts_for(entry.name, sources.missing)
        at, notes = read_times(facts.table, entry.name, sources.settings.times, missing)
        return Reached(at, [(f"no readable time in {entry.name!r}", np.flatnonzero(at == NONE))], notes)
    created = facts.created if facts.created is not None else np.full(len(facts), NONE)
    unknown = created == NONE
    without = [(NO_CREATED, np.flatnonzero(unknown))]
    if entry.kind == "created":
        return Reached(np.where(unknown, NONE, created + np.where(unknown, 0, entry.us)), without)
    late = ~unknown & (created >= entry.us)
    return Reached(np.where(unknown | late, NONE, entry.us), [*without, (NOT_YET, np.flatnonzero(late))])


def _entered(entry: AsOf, facts: Facts, sources: Sources) -> Reached:
    stages, settings = facts.stages, sources.settings.stages
    if stages is None or settings is None or sources.stages is None:
        raise wording.no_section("as_of", entry.said, "stages")
    if entry.name not in stages.names and not sources.live:
        raise wording.unknown_name("stage", entry.name, settings.stage, stages.names, sources.stages.where)
    at = stages.first(len(facts), [entry.name])
    at = np.where(at == NEVER, NONE, at)
    return Reached(at, [(f"never {entry.said}", np.flatnonzero(at == NONE))])
