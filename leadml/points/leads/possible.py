"""What can still change about a lead: events that may happen, and fields that are missing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.points.columns import numbers
from leadml.points.scoring import rule_codes
from leadml.points.words.eventnames import EventFeature, event_features, sent_types, stored_events
from leadml.points.words.made import event_words
from leadml.points.words.reasons import text_of
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from leadml.points.held import Held
    from leadml.points.rules import Feature
    from leadml.points.table import PointTable

MOST_EVENTS = 5  # of one type: more is no next step


@dataclass(frozen=True)
class Possible:
    """Something that can happen to a lead.

    Parameters
    ----------
    unit : str
        What it is about; of one unit only one thing happens.
    text : str
        In words.
    cost : int
        How many changes it is: an event counts as often as it happens.
    codes : mapping of str to int
        For each feature that it touches the position of the rule that holds then.
    answer : bool
        Whether it is only found out, by asking; else the lead does it.
    """

    unit: str
    text: str
    cost: int
    codes: dict[str, int]
    answer: bool = False


def possible(table: PointTable, lead: pd.DataFrame, held: Held) -> list[Possible]:
    """List what can happen to a lead.

    Parameters
    ----------
    table : PointTable
        The table.
    lead : DataFrame of one row
        The lead.
    held : Held
        The table on it.

    Returns
    -------
    list of Possible
        Events of each type: up to five now, as few as bring the lead to another rule; they add to every window of the
        type, and it is no day since the last one. What events do to active days, surge and sums of amounts depends on
        more than the features tell, so these stay as they are. Columns of engagement that are not made of events, and
        fields that are missing: every other value. What the lead would have to do less often is not listed.
    """
    return [*_events(table, lead), *_answers(table, held)]


def _answers(table: PointTable, held: Held) -> Iterator[Possible]:
    made = event_features(table)
    for feature in table.features:
        now = int(held.codes[feature.name][0])
        active = feature.dimension == "engagement"
        if feature.name in made or not (active or feature.rules[now].kind == "missing"):
            continue
        for k, rule in enumerate(feature.rules):
            if k != now and rule.kind != "missing" and not (active and rule.kind == "other"):
                yield Possible(feature.name, text_of(feature, rule), 1, {feature.name: k}, answer=not active)


def _events(table: PointTable, lead: pd.DataFrame) -> Iterator[Possible]:
    """Count events of every type into the lead's features, and look which rules hold then."""
    made = event_features(table)
    features = {feature.name: feature for feature in table.features}
    own = {name: event for name, event in made.items() if name in features}
    reacting = _reactions(table)
    said, sent = spoken(table), sent_types(table)
    plans, rows = [], []
    for event in dict.fromkeys((e.type, e.event) for e in own.values() if e.part in ("count", "topic", "since")):
        touched = {name: e for name, e in own.items() if _touches(event, e, reacting)}
        if event[0] in sent or not touched:
            continue
        values = {name: _value(table, lead, name) for name in touched}
        for count in _counts(features, touched, values):
            plans.append((event, count, tuple(touched)))
            rows.append({name: _after(e.part, values[name], count) for name, e in touched.items()})
    if not plans:
        return
    frame = pd.concat([lead] * len(rows), ignore_index=True)
    columns = {name: [row.get(name, lead[name].iloc[0]) for row in rows] for name in {n for row in rows for n in row}}
    frame = frame.assign(**{name: pd.Series(values, dtype=object) for name, values in columns.items()})
    codes = rule_codes(table, frame)
    for i, (event, count, names) in enumerate(plans):
        text = said.more_events(event_words(event[1]), count)
        yield Possible(f"event {event[0]}", text, count, {name: int(codes[name][i]) for name in names})


def _touches(event: tuple[str, str], feature: EventFeature, reacting: frozenset[str] | None) -> bool:
    """Tell whether an event, given by its type and its own name, counts in a feature."""
    if feature.part == "unanswered":
        return reacting is not None and event[0] in reacting
    if feature.part in ("count", "since"):
        return feature.event == event[0]
    return feature.part == "topic" and feature.event == event[1]


def _reactions(table: PointTable) -> frozenset[str] | None:
    """Return the plain names of the types by which leads react; None where that is not known."""
    events = stored_events(table)
    named = set(events.get("reactions", ()))
    return frozenset(plain for raw, plain in events["types"] if raw in named) if named else None


def _value(table: PointTable, lead: pd.DataFrame, name: str) -> float:
    return float(numbers(lead[name], table.missing_texts(name))[0])


def _counts(features: dict[str, Feature], touched: dict[str, EventFeature], values: dict[str, float]) -> list[int]:
    """Return how many events bring the lead to another rule, as few as possible for each rule."""
    found = {1}
    for name, event in touched.items():
        if event.part in ("count", "topic"):
            now = 0.0 if np.isnan(values[name]) else values[name]
            found |= {math.ceil(cut - now) for cut in features[name].cuts if now < cut <= now + MOST_EVENTS}
    return sorted(count for count in found if 1 <= count <= MOST_EVENTS)


def _after(part: str, value: float, count: int) -> Any:
    if part in ("since", "unanswered"):
        return 0.0
    return (0.0 if np.isnan(value) else value) + count
