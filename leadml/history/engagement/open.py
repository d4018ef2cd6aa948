"""Opens the engine that a configuration asks for: the server that has the events, else DuckDB in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.history.sources.server import variable_of

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.engagement.engine import Engine
    from leadml.history.settings.sections import Settings
    from leadml.history.sources.server import Servers


def open_engine(settings: Settings, frame: pd.DataFrame | None = None, servers: Servers | None = None) -> Engine:
    """Open the engine in which the events of a configuration are counted; close it after use.

    Parameters
    ----------
    settings : Settings
        With ``[events]``, ``[times]`` and ``[engine]``.
    frame : DataFrame, optional
        Events to take instead of those that ``[events]`` names.
    servers : Servers, optional
        Connections to share, so that leads and events come from one snapshot.

    Returns
    -------
    Engine
        On the server, where ``[events] source`` is ``env:NAME`` and NAME holds the address of one.

    Examples
    --------
    >>> from leadml.history.settings.sections import EventsSettings, LeadsSettings, Settings
    >>> engine = open_engine(Settings(LeadsSettings("leads.csv"), events=EventsSettings("events.csv")))
    >>> engine.dialect
    'duckdb'
    >>> engine.close()
    """
    variable = variable_of(settings.events.source) if settings.events is not None and frame is None else None
    if variable is not None:
        from leadml.history.engagement.postgres import PostgresEngine

        return PostgresEngine(variable, settings.times, servers)
    from leadml.history.engagement.duck import DuckEngine

    return DuckEngine(settings.times, settings.engine, settings.source_path, frame)
