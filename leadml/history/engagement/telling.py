"""How events and leads fit together, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadml.history.engagement.belonging import Belonging


def said(found: Belonging) -> str:
    """Say how many events are of the leads, and what ids look like where none is."""
    if not found.events:
        return "The events have no row: no lead has an event."
    counted = f"{found.of_leads:,} of {found.events:,} events belong to one of the {found.leads:,} leads"
    if found.of_leads:
        return f"{counted}; {found.active:,} leads have one in the {found.days} days before their scoring moment."
    return f"{counted}: events have ids such as {_some(found.strangers)}, leads such as {_some(found.ids)}."


def nothing_counted(found: Belonging) -> str:
    """Say what follows where no event is of a lead."""
    return "All that is made of events says that nothing happened. See that the export of the events is whole" + (
        ", and that its ids are those of the leads." if found.events else "."
    )


def none_active(found: Belonging) -> str:
    """Say that no lead has done anything of late."""
    return (
        f"None of the {found.leads:,} leads has an event in the {found.days} days before its scoring moment, so all of "
        "them look alike: see that the export of the events is whole and new."
    )


def stops(found: Belonging) -> str:
    """Say that the log ends before the scoring moments do."""
    which = f"{found.cut:,} of {found.rows:,} scoring moments come" if found.rows > 1 else "The scoring moment comes"
    return (
        f"The newest event is of {found.newest}. {which} more than {found.quiet_days} days later, the last on "
        f"{found.last}: events since then are missing, and leads look less active than they are. Export the "
        "events anew."
    )


def warnings(found: Belonging | None) -> tuple[str, ...]:
    """Say what there is to beware of where these leads are to be scored; empty where all is well."""
    if found is None:
        return ()
    if found.foreign and not found.stops:
        return (f"{said(found)} {nothing_counted(found)}",)
    idle = (none_active(found),) if found.rows and not found.active else ()
    return (*idle, stops(found)) if found.stops else idle


def _some(ids: Sequence[str]) -> str:
    return ", ".join(map(repr, ids)) or "none"
