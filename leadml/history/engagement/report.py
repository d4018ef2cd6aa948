"""What became of the events: how many were counted, and why others were not."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from leadml.history.engagement.belonging import Belonging
from leadml.history.engagement.engine import Unread
from leadml.points.dates import DOTTED

WITH_POINTS = r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}"
UNTIMED = 0.01  # of the events; of the leads' own times no more are accepted either
POINTS = "Times with points are read where day and month have two digits and the year has four: 31.03.2024 14:05."


@dataclass(frozen=True)
class TypesReport:
    """Which types of events, or which topics, got features of their own.

    Parameters
    ----------
    found, used : int
        How many different ones there are, and how many got features.
    rare : int
        Left out because too few leads have them.
    beyond : int
        Left out because there are more than are kept; those with fewest events.
    examples : tuple of str
        Some of those left out, those with most events first, personal data hidden.
    """

    found: int = 0
    used: int = 0
    rare: int = 0
    beyond: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventReport:
    """How many events were read, and what became of them.

    Parameters
    ----------
    events : int
        Rows of the events' source.
    unknown_leads : int
        Events with a readable time of leads that have no scoring moment, or of no lead.
    times, amounts : Unread
        Times and amounts that could not be read; an event without a readable time never counts.
    no_time : int
        Events whose time is missing.
    after : int
        Events at or after the last scoring moment of their lead: they never count.
    ignored : int
        Events before it of a type that the settings ignore.
    counted : int
        Events before the last scoring moment of their lead, of all other types.
    least_leads : int
        How many leads must have a type, or a topic, for features of its own.
    types, topics : TypesReport
        Types and topics found and left out.
    belonging : Belonging or None
        Whether the events belong to the leads, and reach up to their scoring moments.

    Examples
    --------
    >>> print(EventReport(1200, 180, after=20, counted=1000, types=TypesReport(3, 2, rare=1, examples=("fax",))).text)
    1,200 events: 1,000 counted, 180 of leads without a row, 20 at or after the last scoring moment of their lead.
    3 types found, 2 with features of their own; left out: 1 that fewer than 20 leads have ('fax').
    """

    events: int
    unknown_leads: int = 0
    times: Unread = field(default_factory=Unread)
    amounts: Unread = field(default_factory=Unread)
    no_time: int = 0
    after: int = 0
    ignored: int = 0
    counted: int = 0
    least_leads: int = 20
    types: TypesReport = field(default_factory=TypesReport)
    topics: TypesReport = field(default_factory=TypesReport)
    belonging: Belonging | None = None

    @property
    def untimed(self) -> int:
        """Events that count nowhere because they have no time, or none that can be read."""
        return self.times.count + self.no_time

    @property
    def many_untimed(self) -> bool:
        """Whether those are more than slips."""
        return self.untimed > UNTIMED * self.events

    @property
    def text(self) -> str:
        """The report as a few lines that a person reads."""
        parts = [
            (self.counted, "counted"),
            (self.unknown_leads, "of leads without a row"),
            (self.after, "at or after the last scoring moment of their lead"),
            (self.ignored, "of ignored types"),
            (self.times.count, f"with unreadable times{_shown(self.times.examples)}"),
            (self.no_time, "without a time"),
        ]
        said = ", ".join(f"{count:,} {what}" for count, what in parts if count or what == "counted")
        lines = [f"{self.events:,} events: {said}."]
        if any(re.match(WITH_POINTS, seen) and not re.fullmatch(DOTTED, seen) for seen in self.times.examples):
            lines.append(POINTS)
        if self.amounts.count:
            lines.append(f"{self.amounts.count:,} amounts are unreadable{_shown(self.amounts.examples)}: not summed.")
        lines += [_said(*named, self.least_leads) for named in (("types", self.types), ("topics", self.topics))]
        return "\n".join(line for line in lines if line)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return asdict(self)


def _said(what: str, report: TypesReport, least: int) -> str:
    if not report.found:
        return ""
    left = [
        *([f"{report.rare:,} that fewer than {least} leads have"] if report.rare else []),
        *([f"{report.beyond:,} with fewest events"] if report.beyond else []),
    ]
    out = f"; left out: {' and '.join(left)}{_shown(report.examples)}" if left else ""
    one = what[:-1] if report.found == 1 else what
    return f"{report.found:,} {one} found, {report.used:,} with features of their own{out}."


def _shown(examples: tuple[str, ...]) -> str:
    return f" ({', '.join(map(repr, examples))})" if examples else ""
