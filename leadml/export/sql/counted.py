"""What a table says about the features that were made of events: which events each of them counts, in how many days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.export import wording

if TYPE_CHECKING:
    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Counted:
    """One feature made of events.

    Parameters
    ----------
    name : str
        Its column.
    part : str
        count, topic, since, amount, active, surge or unanswered.
    type, topic : str or None
        Of the events that count; None: of any.
    days : int or None
        Length of its window, where it has one.
    """

    name: str
    part: str
    type: str | None
    topic: str | None
    days: int | None


@dataclass(frozen=True)
class Events:
    """All that is needed to make a table's features of events again.

    Parameters
    ----------
    features : tuple of Counted
        Those that the table uses.
    columns : mapping
        Which column plays which part: ``id`` of the leads; ``lead``, ``at``, ``type``, ``topic``, ``amount``.
    windows_days : tuple of int
        All windows, ascending; the first and the last are those of surge.
    ignore, sent, reactions : tuple of str
        Types that count nowhere; that are sent to leads; by which leads react.
    zone : str
        In which moments without an offset were read at training.
    """

    features: tuple[Counted, ...]
    columns: Mapping[str, str]
    windows_days: tuple[int, ...]
    ignore: tuple[str, ...]
    sent: tuple[str, ...]
    reactions: tuple[str, ...]
    zone: str


def events_of(table: PointTable) -> Events:
    """Read what a table says about its features of events.

    Raises
    ------
    UsageError
        If it uses none, or was made before tables said so much about them.
    """
    stored = table.provenance.get("features", {}).get("events")
    used = {feature.name for feature in table.features}
    if not isinstance(stored, Mapping):
        raise wording.no_event_features(table.name)
    if "features" not in stored or "columns" not in stored:
        raise wording.features_not_told(table.name)
    features = tuple(_counted(entry) for entry in stored["features"] if entry["name"] in used)
    if not features:
        raise wording.no_event_features(table.name)
    columns = dict(stored["columns"])
    lists = {key: tuple(stored[key]) for key in ("windows_days", "ignore", "sent", "reactions")}
    return Events(features=features, zone=columns.pop("zone", "UTC"), columns=columns, **lists)


def _counted(entry: Mapping[str, Any]) -> Counted:
    return Counted(*(entry[key] for key in ("name", "part", "type", "topic", "days")))
