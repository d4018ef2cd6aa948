"""How events and leads fit together, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadml.history.engagement.belonging import Belonging
    from leadml.history.engagement.report import EventReport


def said(found: Belonging) -> str:
    """Say how many events are of the leads, and what ids look like where none is."""
    if not found.events:
        return "The events have no row: no lead has an event."
    counted = f"{found.of_leads:,} of {found.events:,} events belong to one of the {found.leads:,} leads"
    if found.of_leads:
        return f"{counted}; {found.active:,} leads have one in the {found.days} days before their scoring moment."
    return f"{counted}: events have ids such as {_some(found.strangers)}, leads such as {_some(found.ids)}."


def nothing_counted(report: EventReport, found: Belonging) -> str:
    """Say why no event is of a lead, and what follows."""
    follows = "All that is made of events says that nothing happened."
    if report.events and report.untimed == report.events:
        return f"{untimed(report)} {follows}"
    ids = ", and that its ids are those of the leads" if found.events else ""
    return f"{said(found)} {follows} See that the export of the events is whole{ids}."


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


def untimed(report: EventReport) -> str:
    """Say that events count nowhere because nobody knows when they were, and what their times look like."""
    unread, blank = report.times, report.no_time
    parts = [f"{unread.count:,} have one that cannot be read, such as {_some(unread.examples)}"] if unread.count else []
    parts += [f"{blank:,} have none"] if blank else []
    said = f"{report.untimed:,} of {report.events:,} events count nowhere for want of a time: {', '.join(parts)}."
    return f"{said} Leads look less active than they are."


def timed() -> str:
    """Say how times are written so that they count."""
    return (
        "Export times as 2024-03-31T14:05:00+02:00 or, as local time of the zone under [times], 2024-03-31 14:05 or "
        "31.03.2024 14:05; see that at under [events] names the right column."
    )


def warnings(report: EventReport | None) -> tuple[str, ...]:
    """Say what there is to beware of where these leads are to be scored; empty where all is well."""
    if report is None:
        return ()
    timeless = (f"{untimed(report)} {timed()}",) if report.many_untimed else ()
    return timeless if report.untimed == report.events > 0 else (*timeless, *_of_belonging(report))


def _of_belonging(report: EventReport) -> tuple[str, ...]:
    found = report.belonging
    if found is None:
        return ()
    if found.foreign and not found.stops:
        return (nothing_counted(report, found),)
    idle = (none_active(found),) if found.rows and not found.active else ()
    return (*idle, stops(found)) if found.stops else idle


def _some(ids: Sequence[str]) -> str:
    return ", ".join(map(repr, ids)) or "none"
