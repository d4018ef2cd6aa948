"""Events that are not those of the leads: a log that is empty, has other ids or no times, or ends too early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.history.audit.codes import finding
from leadml.history.engagement import telling
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from leadml.history.audit.case import Case
    from leadml.history.engagement.belonging import Belonging
    from leadml.history.engagement.report import EventReport


def event_findings(case: Case) -> Iterator[Finding]:
    """Report events that belong to no lead, to hardly any, stop before the leads do, or have no time."""
    report = case.history.events
    if report is None:
        return
    if report.belonging is not None:
        yield from _of_belonging(report, report.belonging)
    if report.many_untimed:
        counts = {"events": report.events, "unreadable": report.times.count, "no_time": report.no_time}
        yield finding("LD041", None, telling.untimed(report), telling.timed(), **counts)


def _of_belonging(report: EventReport, found: Belonging) -> Iterator[Finding]:
    counts = {"events": found.events, "of_leads": found.of_leads, "leads": found.leads, "active": found.active}
    if found.foreign:
        yield finding(
            "LD037",
            None,
            telling.nothing_counted(report, found),
            "Correct the events or the column that names their lead (lead under [events]). To learn without them, take "
            "[events] out, or accept this (--accept LD037).",
            **counts,
        )
    elif found.hardly:
        yield finding(
            "LD038",
            None,
            telling.said(found),
            "See that the ids of the events are those of the leads, and that the export reaches back far enough.",
            **counts,
        )
    if found.stops:
        yield finding(
            "LD039",
            None,
            telling.stops(found),
            "Export events and leads at the same time, or learn from leads up to then (observed_until).",
            newest=found.newest,
            rows=found.rows,
            cut=found.cut,
        )
