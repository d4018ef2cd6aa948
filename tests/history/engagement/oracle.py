"""Event features one moment at a time, in plain Python with dates and fractions, from the definitions as written down.

It shares nothing with leadml: no integer microseconds, no bits, no plan. Slow, and easy to check by eye.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
NAN = math.nan


@dataclass(frozen=True)
class Event:
    lead: str | None
    at: datetime | None
    type: str | None
    topic: str | None = None
    amount: float | None = None


@dataclass(frozen=True)
class Asked:
    """Which features: types and topics by their plain names, as a reader of the definitions would list them."""

    types: dict[str, str]
    topics: dict[tuple[str, str], str]
    windows: Sequence[int]
    amount: bool = False
    ignore: Sequence[str] = ()
    sent: Sequence[str] = ()
    reactions: Sequence[str] = ()


def features(events: Sequence[Event], lead: str, as_of: datetime, asked: Asked) -> dict[str, float]:
    """Return all features of one lead at one moment."""
    past = [e for e in events if e.lead == lead and e.at is not None and e.at < as_of and e.type not in asked.ignore]
    out: dict[str, float] = {}
    for raw, name in asked.types.items():
        mine = [e for e in past if e.type == raw]
        for days in asked.windows:
            out[f"{name}_{days}d"] = len(within(mine, as_of, days))
        out[f"days_since_{name}"] = since(mine, as_of)
        if asked.amount:
            for days in asked.windows:
                out[f"amount_{name}_{days}d"] = float(sum(map(millionths, within(mine, as_of, days)))) / 10**6
    for (raw, topic), name in asked.topics.items():
        mine = [e for e in past if e.type == raw and e.topic == topic]
        for days in asked.windows:
            out[f"{name}_{days}d"] = len(within(mine, as_of, days))
    for days in asked.windows:
        out[f"active_days_{days}d"] = len({moment(e).date() for e in within(past, as_of, days)})
    if len(asked.windows) > 1:
        short, long = min(asked.windows), max(asked.windows)
        n_short, n_long = len(within(past, as_of, short)), len(within(past, as_of, long))
        out["surge"] = float(Fraction(n_short * long, n_long * short)) if n_long else NAN
    if asked.sent:
        reacted = [moment(e) for e in past if e.type in asked.reactions]
        mailed = [moment(e) for e in past if e.type in asked.sent]
        out["unanswered"] = sum(not reacted or at > max(reacted) for at in mailed)
    return out


def within(events: Sequence[Event], as_of: datetime, days: int) -> list[Event]:
    return [e for e in events if as_of - days * DAY <= moment(e) < as_of]


def since(events: Sequence[Event], as_of: datetime) -> float:
    if not events:
        return NAN
    age = as_of - max(moment(e) for e in events)
    return (age // timedelta(microseconds=1)) / 86_400_000_000


def millionths(event: Event) -> int:
    """Round to the nearest millionth of a product in double precision, halves to even."""
    if event.amount is None or not abs(event.amount) < 10**12:
        return 0
    return int(Decimal(event.amount * 1e6).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def moment(event: Event) -> datetime:
    if event.at is None:
        raise ValueError("an event without a time")
    return event.at


def leads_with(events: Sequence[Event], moments: Sequence[tuple[str, datetime]], type_: str, topic: str | None) -> int:
    """Count the leads that have such an event before one of their moments."""
    return len(
        {
            lead
            for lead, as_of in moments
            for e in events
            if e.lead == lead and e.type == type_ and e.at is not None and e.at < as_of and topic in (None, e.topic)
        }
    )


def understood(text: str, zone: str, twice: str) -> datetime | None:
    """Read an ISO 8601 text: with its own offset, or as what the clock of a zone shows."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    local = [found.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    there = sorted({at.astimezone(UTC) for at in local if same_clock(at, zone)})
    if len(there) == 2 and twice == "refuse":
        return None
    return (there[-1] if twice == "later" else there[0]) if there else None


def same_clock(at: datetime, zone: str) -> bool:
    """Tell whether a zone's clock ever shows this: there and back again gives the same."""
    return at.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == at.replace(tzinfo=None, fold=0)
