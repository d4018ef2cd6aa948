"""From a configuration to a history: leads, scoring moments, outcomes, made features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.assemble import Parts, assemble, checked, rows_of_outcomes
from leadml.history.making import Tell, make
from leadml.history.moments.at import moments_at
from leadml.history.moments.moments import find_moments
from leadml.history.moments.standing import COLUMN, OVER, STATES
from leadml.history.outcome import UNDECIDED, read_outcomes
from leadml.history.roles import Roles
from leadml.history.rows import Rows
from leadml.history.sampling import most_rows, sampled
from leadml.history.sources.readers import Table, read_table
from leadml.history.sources.server import Servers
from leadml.history.values.ids import id_texts
from leadml.history.values.placeholders import texts_for
from leadml.points.dates import microseconds, moments_of_text

if TYPE_CHECKING:
    from leadml.history.engagement.report import EventReport
    from leadml.history.history import LeadHistory
    from leadml.history.moments.funnel import Funnel
    from leadml.history.settings.sections import DealsSettings, Settings, StagesSettings
    from leadml.history.values.placeholders import Placeholder

SEVERAL = ("won", "lost", "drop", "category")
ROLES = ("outcome", "id", "created", "closed", "value", "company", "order")


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables of a configuration, read."""

    settings: Settings
    leads: Table
    stages: Table | None
    deals: Table | None
    roles: Roles
    drop: tuple[str, ...]
    missing: tuple[Placeholder, ...]


@dataclass(frozen=True, eq=False)
class Live:
    """Leads that are open at an instant, ready to be scored.

    Parameters
    ----------
    frame : DataFrame
        One row per lead: ``lead_id`` and ``as_of``; ``outcome_window`` (to come, open or over), where leads have a
        scoring moment of their own; the columns of the leads as they were read but for those with a role, and the
        made features.
    funnel : Funnel
        How leads became these rows.
    events : EventReport or None
        What became of the events; None without events.
    """

    frame: pd.DataFrame
    funnel: Funnel
    events: EventReport | None = None


def silent(step: str) -> None:
    """Take note of nothing."""


def build(settings: Settings, said: Mapping[str, Any] | None = None, tell: Tell = silent) -> LeadHistory:
    """Build the history that a configuration describes.

    Parameters
    ----------
    settings : Settings
        The configuration.
    said : mapping, optional
        Options of `LeadHistory.read` that count more than the configuration.
    tell : callable
        Is told in words what happens next.

    Returns
    -------
    LeadHistory
        One row per decided scoring moment; with its funnel, outcome window and definitions.

    Raises
    ------
    UsageError
        If a column, a file or a value that is named does not exist.
    DataError
        If the data cannot be used.
    """
    with Servers() as servers:
        return _built(settings, said or {}, tell, servers)


def _built(settings: Settings, said: Mapping[str, Any], tell: Tell, servers: Servers) -> LeadHistory:
    sources = read_sources(settings, said, tell, servers)
    rows = rows_of(sources, tell)
    width = sources.leads.frame.shape[1] + _made_columns(settings)
    rows = sampled(rows, _unit(sources), most_rows(settings.engine, width))
    decided = rows.take(rows.decided)
    made = make(sources.leads, decided.lead, decided.as_of, sources.settings, sources.missing, tell, servers)
    accept = said.get("accept") or dict(settings.audit.accept)
    name, by = sources.leads.stem, settings.model.by
    parts = (sources.leads, sources.roles, rows, made, sources.drop, sources.missing, accept, name)
    times = settings.times if settings.zoned else None
    return assemble(Parts(*parts, undecided=open_by_column(sources), by=by, times=times))


def live(
    settings: Settings,
    when: str,
    said: Mapping[str, Any] | None = None,
    tell: Tell = silent,
    *,
    fresh: bool = False,
    every: bool = False,
) -> Live:
    """Return one row per lead that is open at an instant, ready to be scored.

    Parameters
    ----------
    settings : Settings
        The configuration.
    when : str
        The scoring moment, an ISO date or time.
    said, tell
        See `build`.
    fresh : bool
        Whether columns with a role that only past leads need, the outcome first of all, may be missing.
    every : bool
        Whether leads are kept whose outcome window is over: training counts them as lost.

    Returns
    -------
    Live
    """
    with Servers() as servers:
        return _live(when, read_sources(settings, said or {}, tell, servers, fresh), tell, servers, every)


def _live(when: str, sources: Sources, tell: Tell, servers: Servers, every: bool) -> Live:
    settings = sources.settings
    moment = moments_of_text(pd.Series([when]), settings.times.zone, settings.times.twice)
    if moment.isna().any():
        raise wording.no_moment(when)
    at = int(microseconds(moment)[0])
    parts = (sources.leads, settings, sources.stages, sources.deals, sources.missing)
    moments = moments_at(*parts, at, every=every)
    made = make(sources.leads, moments.lead, moments.as_of, sources.settings, sources.missing, tell, servers)
    kept = [c for c in sources.leads.columns if c not in sources.roles.columns and c not in sources.drop]
    leads = sources.leads.frame[kept].iloc[moments.lead].reset_index(drop=True)
    frames = [named_rows(sources, moments.lead, moments.as_of), leads]
    if moments.standing is not None:
        if COLUMN in leads.columns:
            raise wording.marked_twice(COLUMN)
        frames.insert(1, pd.DataFrame({COLUMN: np.asarray(STATES, dtype=object)[moments.standing]}, dtype="str"))
    frame = pd.concat([*frames, *([] if made is None else [made.frame])], axis=1)
    if moments.standing is not None and not every:  # only now: which types have features depends on all that are open
        frame = frame[moments.standing != STATES.index(OVER)].reset_index(drop=True)
    return Live(frame, moments.funnel, None if made is None else made.events)


def ready(settings: Settings, said: Mapping[str, Any] | None = None, tell: Tell = silent) -> pd.DataFrame:
    """Return every lead of the leads table, ready to be scored, where no scoring moment counts.

    Parameters
    ----------
    settings : Settings
        The configuration, without scoring moments.
    said, tell
        See `build`.

    Returns
    -------
    DataFrame
        ``lead_id``, the columns of the leads as they were read but for those with a role, and the made features. A
        column with a role, the outcome first of all, may be missing.
    """
    with Servers() as servers:
        sources = read_sources(settings, said or {}, tell, servers, fresh=True)
        lead = np.arange(len(sources.leads.frame))
        made = make(sources.leads, lead, None, sources.settings, sources.missing, tell, servers)
    frame = sources.leads.frame
    column = sources.roles.id
    names = id_texts(frame[column]) if column else pd.Series(lead + 1, index=frame.index).astype("str")
    kept = frame[[c for c in frame.columns if c not in sources.roles.columns and c not in sources.drop]]
    frames = [names.rename("lead_id"), kept, *([] if made is None else [made.frame])]
    found = pd.concat([part.reset_index(drop=True) for part in frames], axis=1)
    for name in found.columns[found.columns.duplicated()]:
        raise wording.made_twice(str(name))
    return found


def named_rows(sources: Sources, lead: np.ndarray, as_of: np.ndarray) -> pd.DataFrame:
    """Return ``lead_id`` and ``as_of`` of rows."""
    column = sources.roles.id
    ids = id_texts(sources.leads.frame[column]).iloc[lead] if column else pd.Series(lead + 1).astype("str")
    when = pd.to_datetime(as_of, unit="us", utc=True).astype("datetime64[us, UTC]")
    return pd.DataFrame({"lead_id": ids.to_numpy(), "as_of": when})


def read_sources(
    settings: Settings, said: Mapping[str, Any], tell: Tell, servers: Servers, fresh: bool = False
) -> Sources:
    """Read every table but the events, all of one server from one snapshot, and check that columns named are there.

    Of `fresh` leads, which are only to be scored, columns with a role but the id, and columns to drop, may be missing.
    """
    tell("Reading the leads")
    given: dict[str, Any] = {key: value for key, value in said.items() if key != "accept"}
    given |= {key: (given[key],) for key in SEVERAL if isinstance(given.get(key), str)}
    leads = replace(settings.leads, **given)
    settings = replace(settings, leads=leads)
    table = read_table(settings.source_path(leads.source), leads.sep, leads.table, leads.query, servers=servers)
    roles = Roles(**{role: getattr(leads, role) for role in ROLES})
    drop, category = tuple(leads.drop), tuple(leads.category)
    if fresh:
        there = set(table.columns)
        roles = Roles(**{role: getattr(leads, role) for role in ROLES if role == "id" or getattr(leads, role) in there})
        drop, category = (tuple(column for column in named if column in there) for named in (drop, category))
    segment = (settings.model.by,) if settings.model.by else ()
    missing = checked(table, roles, (*drop, *segment), category, leads.missing)
    table = table.with_categories(category)
    stages, deals = (_beside(settings, part, servers) for part in (settings.stages, settings.deals))
    return Sources(settings, table, stages, deals, roles, drop, missing)


def needs_building(settings: Settings) -> bool:
    """Tell whether a configuration asks for more than a leads table as it stands."""
    parts = (settings.events, settings.stages, settings.deals, settings.profile)
    return settings.zoned or has_moments(settings) or any(part is not None for part in parts)


def has_moments(settings: Settings) -> bool:
    """Tell whether leads are scored as of a moment."""
    return bool(settings.scoring.as_of) or settings.scoring.goal != "won"


def rows_of(sources: Sources, tell: Tell) -> Rows:
    """Return every row, undecided ones included: by scoring moments, or as the outcome column stands."""
    settings = sources.settings
    if not has_moments(settings):
        leads = settings.leads
        return rows_of_outcomes(sources.leads, sources.roles, leads.won, leads.lost, sources.missing)
    tell("Finding scoring moments and outcomes")
    return Rows.of(find_moments(sources.leads, settings, sources.stages, sources.deals, sources.missing))


def open_by_column(sources: Sources) -> np.ndarray | None:
    """Tell which leads are open by the outcome column; None where there is none."""
    column, leads = sources.roles.outcome, sources.settings.leads
    if column is None:
        return None
    blank = texts_for(column, sources.missing)
    return np.asarray(read_outcomes(column, sources.leads.frame[column], leads.won, leads.lost, blank) == UNDECIDED)


def _beside(settings: Settings, part: StagesSettings | DealsSettings | None, servers: Servers) -> Table | None:
    if part is None:
        return None
    return read_table(settings.source_path(part.source), part.sep, part.table, part.query, servers=servers)


def _made_columns(settings: Settings) -> int:
    return 0 if settings.events is None else 20 * (len(settings.events.windows_days) + 1)


def _unit(sources: Sources) -> pd.Series:
    """Return what a sample keeps together, one text per lead."""
    frame, roles = sources.leads.frame, sources.roles
    index = pd.Series(np.arange(len(frame))).astype("str")
    for column in (roles.id, roles.company):
        if column is not None:
            named = id_texts(frame[column]).reset_index(drop=True)
            index = named.where(named.notna(), index)
    return index
