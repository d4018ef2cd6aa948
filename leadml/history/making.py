"""Features made from the profile of leads and from their events, one row per row of the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from leadml.history.rows import Made

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from leadml.history.definitions import Definition
    from leadml.history.engagement.features import Engagement
    from leadml.history.engagement.report import EventReport
    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table
    from leadml.history.sources.server import Servers
    from leadml.history.values.placeholders import Placeholder

Tell = Callable[[str], None]


def make(
    given: Table,
    lead: NDArray[np.int64],
    as_of: NDArray[np.int64] | None,
    settings: Settings,
    missing: tuple[Placeholder, ...],
    tell: Tell,
    servers: Servers | None = None,
) -> Made | None:
    """Make all features that a configuration asks for.

    Parameters
    ----------
    given : Table
        The leads table.
    lead : ndarray of int64, shape (n_rows,)
        Place of each row's lead in it.
    as_of : ndarray of int64, shape (n_rows,), or None
        Scoring moments in microseconds since 1970 (UTC); without them there are no features of events.
    settings : Settings
    missing : tuple
        Placeholders.
    tell : callable
        Is told in words what happens next.
    servers : Servers, optional
        Connections to share, so that events come from the snapshot that the leads came from.

    Returns
    -------
    Made or None
        None where nothing is asked for.
    """
    frames: list[pd.DataFrame] = []
    definitions: tuple[Definition, ...] = ()
    used: dict[str, str] = {}
    origin: dict[str, Any] = {}
    events: EventReport | None = None
    if settings.profile is not None:
        from leadml.history.profile.profile import profile_features

        tell("Reading profiles")
        profile = profile_features(given, settings.profile, missing)
        frames.append(profile.frame.iloc[lead].reset_index(drop=True))
        definitions += profile.definitions
        used |= dict(profile.used)
    if settings.events is not None and as_of is not None:
        tell("Counting events before each scoring moment")
        found = _engagement(given, lead, as_of, settings, servers)
        events = found.report
        frames.append(found.frame.reset_index(drop=True))
        definitions += found.definitions
        parts = {part: getattr(settings.events, part) for part in ("lead", "at", "type", "topic", "amount")}
        origin["events"] = found.spec.stored(id=settings.leads.id, zone=settings.times.zone, **parts)
    if not frames:
        return None
    return Made(pd.concat(frames, axis=1), definitions, used, origin, events)


def _engagement(
    given: Table, lead: NDArray[np.int64], as_of: NDArray[np.int64], settings: Settings, servers: Servers | None
) -> Engagement:
    from leadml.history.engagement.features import engagement
    from leadml.history.engagement.open import open_engine
    from leadml.history.values.ids import id_texts

    events = settings.events
    if events is None or settings.leads.id is None:  # settings are complete: see `settings_of`
        raise ValueError("no events or no id")
    names = id_texts(given.frame[settings.leads.id]).to_numpy(dtype=object)
    engine = open_engine(settings, servers=servers)
    try:
        return engagement(engine, events, names[lead], as_of)
    finally:
        engine.close()
