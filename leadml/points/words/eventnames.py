"""Which features of a table are made of events, and of which: by what the table knows of its origin, else by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from leadml.points.table import PointTable

Part = Literal["count", "topic", "since", "amount", "active", "surge", "unanswered"]
_DAYS_SINCE = re.compile(r"days_since_(?P<event>\w+)")
_ACTIVE = re.compile(r"active_days_(?P<days>[0-9]+)d")
_AMOUNT = re.compile(r"amount_(?P<event>\w+)_(?P<days>[0-9]+)d")
_COUNT = re.compile(r"(?P<event>\w+)_(?P<days>[0-9]+)d")
_FORMS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("since", _DAYS_SINCE),
    ("active", _ACTIVE),
    ("amount", _AMOUNT),
    ("count", _COUNT),
)


@dataclass(frozen=True)
class EventFeature:
    """A feature made of events.

    Parameters
    ----------
    name : str
        The column.
    part : {"count", "topic", "since", "amount", "active", "surge", "unanswered"}
        What is counted; a topic is a count of events of a type about something.
    event : str
        The plain name of what is counted; empty for events of any type.
    days : int or None
        The window.
    type : str
        The plain name of the type of event; that of a topic differs from its `event`.
    """

    name: str
    part: Part
    event: str = ""
    days: int | None = None
    type: str = ""


def event_features(table: PointTable, names: Iterable[str] = ()) -> dict[str, EventFeature]:
    """Find the features that are made of events.

    Parameters
    ----------
    table : PointTable
        Its features are looked at, all of them numbers.
    names : iterable of str
        Further columns to look at.

    Returns
    -------
    dict of str to EventFeature
        By column, in the order of the table and of `names`.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> table = PointTable(name="a", dimensions=(Dimension("fit", 1),), features=(), top_cut=1,
    ...                    probability=Probability(0, 1))
    >>> [(e.part, e.event, e.days) for e in event_features(table, ["visit_7d", "days_since_webinar", "City"]).values()]
    [('count', 'visit', 7), ('since', 'webinar', None)]
    """
    known = _known(stored_events(table))
    found = {}
    others = {feature.name for feature in table.features if feature.type != "number"}
    for name in [*(feature.name for feature in table.features), *names]:
        event = known.get(name) or event_by_name(name)
        if event is not None and name not in others:
            found[name] = event
    return found


def event_by_name(name: str) -> EventFeature | None:
    """Tell by its name alone whether a feature is made of events, and of which; None where it is not.

    Examples
    --------
    >>> found = event_by_name("days_since_webinar")
    >>> (found.part, found.event, event_by_name("City"))
    ('since', 'webinar', None)
    """
    if name in ("surge", "unanswered"):
        return EventFeature(name, "surge" if name == "surge" else "unanswered")
    if not isinstance(name, str) or name != name.lower():
        return None
    for part, form in _FORMS:
        if found := form.fullmatch(name):
            groups: dict[str, str] = found.groupdict(default="")
            event, days = groups.get("event", ""), groups.get("days")
            return EventFeature(name, part, event, None if days is None else int(days), event)
    return None


def stored_events(table: PointTable) -> Mapping[str, Any]:
    """Return what the table knows of the events that its features were made of; empty where it knows nothing."""
    origin = table.provenance.get("features", {})
    events = origin.get("events", {}) if isinstance(origin, Mapping) else {}
    return events if isinstance(events, Mapping) and "features" in events else {}


def sent_types(table: PointTable) -> frozenset[str]:
    """Return the plain names of types of events that are sent to leads, which are nothing that a lead does."""
    events = stored_events(table)
    sent = set(events.get("sent", ()))
    return frozenset(plain for raw, plain in events.get("types", ()) if raw in sent)


def _known(events: Mapping[str, Any]) -> dict[str, EventFeature]:
    plain: dict[str, str] = dict(events.get("types", ()))
    about = {(raw, topic): name for raw, topic, name in events.get("topics", ())}
    found = {}
    for entry in events.get("features", ()):
        kind = plain.get(entry["type"], "")
        event = about.get((entry["type"], entry["topic"]), kind) if entry["part"] == "topic" else kind
        found[entry["name"]] = EventFeature(entry["name"], entry["part"], event, entry["days"], kind)
    return found
