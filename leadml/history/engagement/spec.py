"""Which event features there are: types, topics and windows, and the names and definitions that follow from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from leadml.history.definitions import Definition
from leadml.history.engagement import wording

DIMENSION = "engagement"
LONGEST_WINDOW = 36_500
Part = Literal["count", "topic", "since", "amount", "active", "surge", "unanswered"]


@dataclass(frozen=True)
class Feature:
    """One column to make.

    Parameters
    ----------
    name : str
        Its name.
    part : {"count", "topic", "since", "amount", "active", "surge", "unanswered"}
        What kind of feature it is.
    says : str
        Its exact definition.
    which : int
        Place of its type (count, since, amount) or topic in the spec; -1 for events of any type.
    window : int
        Place of its window in the spec; -1 where it has none.
    source : str
        What it is made of, for messages.
    """

    name: str
    part: Part
    says: str
    which: int = -1
    window: int = -1
    source: str = "events of any type"


@dataclass(frozen=True)
class EventSpec:
    """All that is needed to make the same event features again.

    Parameters
    ----------
    types : tuple of (str, str)
        Types as they stand in the events, each with its plain name; features are made per type.
    topics : tuple of (str, str, str)
        Type and topic as they stand in the events, and the plain name of both together.
    windows_days : tuple of int
        Windows in days, ascending.
    amount : bool
        Whether amounts are summed.
    ignore, sent, reactions : tuple of str
        Types that count nowhere; types that are sent to leads; types by which leads react (any, if none is named).

    Raises
    ------
    UsageError
        If two features would have the same name, or a window is no whole number of days.

    Examples
    --------
    >>> spec = EventSpec((("Page View", "page_view"),), (), (7, 30), amount=False)
    >>> [feature.name for feature in spec.features()]
    ['page_view_7d', 'page_view_30d', 'days_since_page_view', 'active_days_7d', 'active_days_30d', 'surge']
    >>> EventSpec.from_dict(spec.to_dict()) == spec
    True
    """

    types: tuple[tuple[str, str], ...]
    topics: tuple[tuple[str, str, str], ...]
    windows_days: tuple[int, ...]
    amount: bool
    ignore: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        days = self.windows_days
        if not days or days != tuple(sorted(set(days))) or not 1 <= days[0] <= days[-1] <= LONGEST_WINDOW:
            raise wording.bad_windows(days)
        for setting in ("sent", "reactions"):
            for name in getattr(self, setting):
                if name in self.ignore:
                    raise wording.type_in_two_settings(name, setting, "ignore")
        seen: dict[str, Feature] = {}
        for feature in self.features():
            if feature.name in seen:
                raise wording.features_clash(feature.name, seen[feature.name].source, feature.source)
            seen[feature.name] = feature

    def features(self) -> tuple[Feature, ...]:
        """Return the features in the order of their columns."""
        per_type = (feature for k in range(len(self.types)) for feature in self._of_type(k))
        return (*per_type, *self._of_any())

    def definitions(self) -> tuple[Definition, ...]:
        """Return what each feature is, exactly."""
        return tuple(Definition(feature.name, DIMENSION, feature.says) for feature in self.features())

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as plain values for JSON."""
        return {name: _plain_value(value) for name, value in asdict(self).items()}

    def stored(self, **columns: str | None) -> dict[str, Any]:
        """Return what a point table keeps of it: the spec, and for each feature what it counts, so that SQL can too.

        Parameters
        ----------
        **columns
            Which columns play which part: ``id`` of the leads; ``lead``, ``at``, ``type``, ``topic``, ``amount``.

        Examples
        --------
        >>> spec = EventSpec((("Page View", "page_view"),), (), (7,), amount=False)
        >>> spec.stored(id="lead_id", topic=None)["features"][0]
        {'name': 'page_view_7d', 'part': 'count', 'type': 'Page View', 'topic': None, 'days': 7}
        """
        return {
            **self.to_dict(),
            "columns": {part: name for part, name in columns.items() if name is not None},
            "features": [self._counted(feature) for feature in self.features()],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EventSpec:
        """Read what `to_dict` wrote.

        Raises
        ------
        DataError
            If something is missing or of another kind.
        """
        try:
            return cls(
                tuple((str(raw), str(name)) for raw, name in values["types"]),
                tuple((str(raw), str(topic), str(name)) for raw, topic, name in values["topics"]),
                tuple(int(days) for days in values["windows_days"]),
                bool(values["amount"]),
                *(tuple(map(str, values[key])) for key in ("ignore", "sent", "reactions")),
            )
        except (KeyError, TypeError, AttributeError) as fault:
            raise wording.not_a_spec(str(fault)) from fault

    def _counted(self, feature: Feature) -> dict[str, Any]:
        """Return a feature as plain values: which events, in how many days."""
        kind = topic = None
        if feature.part == "topic":
            kind, topic, _ = self.topics[feature.which]
        elif feature.which >= 0:
            kind, _ = self.types[feature.which]
        days = self.windows_days[feature.window] if feature.window >= 0 else None
        return {"name": feature.name, "part": feature.part, "type": kind, "topic": topic, "days": days}

    def _of_type(self, k: int) -> Iterator[Feature]:
        raw, name = self.types[k]
        of = f"events of type {raw!r}"
        for w, days in enumerate(self.windows_days):
            yield Feature(f"{name}_{days}d", "count", f"Number of {of} {_within(days)}.", k, w, of)
        for j, (type_, topic, both) in enumerate(self.topics):
            about = f"{of} about {topic!r}"
            for w, days in enumerate(self.windows_days if type_ == raw else ()):
                yield Feature(f"{both}_{days}d", "topic", f"Number of {about} {_within(days)}.", j, w, about)
        says = f"Days (with fraction) from the last of the {of} before the scoring moment to it; missing without any."
        yield Feature(f"days_since_{name}", "since", says, k, -1, of)
        for w, days in enumerate(self.windows_days if self.amount else ()):
            says = f"Sum of the amounts of {of} {_within(days)}, each rounded to millionths; 0 without any."
            yield Feature(f"amount_{name}_{days}d", "amount", says, k, w, f"amounts of {of}")

    def _of_any(self) -> Iterator[Feature]:
        but = f", except {', '.join(map(repr, self.ignore))}" if self.ignore else ""
        for w, days in enumerate(self.windows_days):
            says = f"Number of different dates (UTC) with an event of any type{but} {_within(days)}."
            yield Feature(f"active_days_{days}d", "active", says, -1, w)
        if len(self.windows_days) > 1:
            short, long = self.windows_days[0], self.windows_days[-1]
            says = (
                f"Events of any type{but} per day in the {short} days before the scoring moment, over events per day "
                f"in the {long} days before it; missing without any in {long} days."
            )
            yield Feature("surge", "surge", says)
        if self.sent:
            last = "the last event of type " + " or ".join(map(repr, self.reactions))
            says = (
                f"Number of events of type {' or '.join(map(repr, self.sent))} before the scoring moment that are "
                f"later than {last if self.reactions else 'any reaction (none is configured, so all)'}."
            )
            yield Feature("unanswered", "unanswered", says)


def plain(text: str, what: str) -> str:
    """Make a name for columns out of any text: lower case, letters and digits, one ``_`` for all else.

    Parameters
    ----------
    text : str
        A type or topic as it stands in the events.
    what : str
        How a message calls it.

    Raises
    ------
    UsageError
        If there is neither letter nor digit in it.

    Examples
    --------
    >>> plain(" Pricing-Page (EU) ", "type"), plain("Größe; DROP TABLE leads", "type")
    ('pricing_page_eu', 'größe_drop_table_leads')
    """
    lower = unicodedata.normalize("NFC", text).lower()
    name = re.sub(r"[\W_]+", "_", lower).strip("_")
    if not name:
        raise wording.no_plain_name(what)
    return name


def _within(days: int) -> str:
    return f"in the {days} days before the scoring moment (after or at that moment less {days} days, before it)"


def _plain_value(value: Any) -> Any:
    return [_plain_value(item) for item in value] if isinstance(value, tuple) else value
