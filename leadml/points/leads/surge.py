"""Leads that were quiet and are active now, or far more active than usual: a call is due today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.points.columns import numbers
from leadml.points.words.eventnames import event_features, sent_types
from leadml.points.words.made import event_words
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.table import PointTable
    from leadml.points.words.phrases import Language


@dataclass(frozen=True)
class Strength:
    """How strong a surge must be.

    Parameters
    ----------
    events : int
        So many events in the shortest window at least.
    times : float
        The feature ``surge`` at least: activity of the shortest window over the average of the longest.
    least_score : int or None
        Only leads of this score or more; None: all.
    """

    events: int = 2
    times: float = 4.0
    least_score: int | None = None


def alerts(table: PointTable, leads: pd.DataFrame, strength: Strength | None = None) -> pd.Series[Any]:
    """Say for every lead whether it should be called today, and why.

    A lead that did nothing in the longest window until the shortest one began, and then enough, was quiet and is back;
    where none of its events is known to be older than the longest window, it may as well be new, and is said to be
    active for the first time in so many days. A lead whose ``surge`` is high, with enough events in the shortest
    window, is far more active than on average. Only events that bring points in the table count as enough (where it
    gives points to none, all that take none away); what is sent to leads is no activity at all.

    Parameters
    ----------
    table : PointTable
        Knows which columns are made of events; for those that it does not know their names tell: ``TYPE_7d``,
        ``TYPE_90d``, ``active_days_90d``, ``surge``.
    leads : DataFrame of n leads
        Further columns than the table's own are looked at.
    strength : Strength, optional
        How strong a surge must be.

    Returns
    -------
    Series of n texts
        Missing where there is none.

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("demo_7d:0", "range", 0, neutral=True, hi="0.5"), Rule("demo_7d:1", "range", 9, lo="0.5"),
    ...          Rule("demo_7d:2", "missing", 0))
    >>> table = PointTable(name="acme", dimensions=(Dimension("engagement", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("demo_7d", "engagement", "number", rules),), top_cut=45)
    >>> alerts(table, pd.DataFrame({"demo_7d": [2, 2], "demo_90d": [2, 9]})).tolist()
    ['First activity in 90 days, 2 demo events in the last 7 days: call today', nan]
    >>> alerts(table, pd.DataFrame({"demo_7d": [2], "demo_90d": [2], "days_since_webinar": [200.0]})).tolist()
    ['Quiet for 83 days, then 2 demo events in the last 7 days: call today']
    """
    wanted = strength or Strength()
    seen = _Seen(table, leads)
    found = pd.Series(pd.array([None] * len(leads), dtype="str"), index=leads.index, name="alert")
    if not seen.types:
        return found
    recent = seen.recent.sum(axis=0)
    enough = recent >= wanted.events
    if wanted.least_score is not None:
        enough &= table.score(leads, reasons=0)["score"].to_numpy() >= wanted.least_score
    quiet = enough & seen.quiet
    times = seen.surge
    rising = enough & ~quiet & (times >= wanted.times)
    texts = np.full(len(leads), None, dtype=object)
    for rows, high in ((np.flatnonzero(quiet), False), (np.flatnonzero(rising), True)):
        texts[rows] = seen.told(rows, recent[rows], high)
    return pd.Series(pd.array(texts, dtype="str"), index=leads.index, name="alert")


class _Seen:
    """What leads did in the shortest window, and before it in the longest."""

    def __init__(self, table: PointTable, leads: pd.DataFrame) -> None:
        self._said: Language = spoken(table)
        self._leads, self._table = leads, table
        made = event_features(table, map(str, leads.columns))
        there = {name: event for name, event in made.items() if name in leads.columns}
        sent = sent_types(table)
        counts = {(e.event, e.days): e.name for e in there.values() if e.part == "count" and e.event not in sent}
        windows = sorted({days for _, days in counts if days is not None})
        self.short, self.long = (windows[0], windows[-1]) if len(windows) > 1 else (0, 0)
        own = [event for event, days in counts if days == self.short and (event, self.long) in counts]
        self.types = _signs(table, own)
        self.recent = self._counts([counts[event, self.short] for event in self.types])
        self._since = self._counts([counts[event, self.short] for event in own])
        self._whole = self._counts([counts[event, self.long] for event in own])
        self._active = {e.days: e.name for e in there.values() if e.part == "active"}
        self._ages = [e.name for e in there.values() if e.part == "since"]
        self._surge = next((e.name for e in there.values() if e.part == "surge"), None)

    @property
    def quiet(self) -> NDArray[np.bool_]:
        """Whether nothing at all happened in the longest window until the shortest one began."""
        still = np.asarray((self._whole - self._since).sum(axis=0) == 0)
        if {self.short, self.long} <= self._active.keys():
            days = self._counts([self._active[self.short], self._active[self.long]])
            still &= days[0] == days[1]
        return still

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether some event is known to be older than the longest window."""
        old = [self._values(name) >= self.long for name in self._ages]
        return np.asarray(np.logical_or.reduce(old)) if old else np.zeros(len(self._leads), dtype=bool)

    @property
    def surge(self) -> NDArray[np.float64]:
        """The feature where it is there, else the same from the counts of the types that count."""
        if self._surge is not None:
            return np.nan_to_num(self._values(self._surge))
        whole = self._whole.sum(axis=0)
        return np.asarray(self._since.sum(axis=0) * self.long / (self.short * np.maximum(whole, 1)))

    def told(self, rows: NDArray[np.intp], recent: NDArray[np.int64], high: bool) -> NDArray[Any]:
        """Write the texts of some leads: each different one once."""
        own = self.recent[:, rows]
        top = (own > 0).argmax(axis=0)
        times = np.round(self.surge[rows] * 10).astype(np.int64) if high else np.zeros(len(rows), dtype=np.int64)
        keys = np.stack([top, own[top, np.arange(len(rows))], recent, times, self.known[rows]])
        kinds, which = np.unique(keys, axis=1, return_inverse=True)
        texts = [self._text(kind, high) for kind in kinds.T.tolist()]
        return np.asarray(pd.array(texts, dtype="str").take(which)) if texts else np.empty(0, dtype=np.object_)

    def _text(self, kind: list[int], high: bool) -> str:
        top, count, recent, tenths, known = kind
        said, when = self._said, self._said.within(str(self.short), self.short == 1)
        events = said.events(event_words(self.types[top]), said.whole(count), count == 1, when)
        if recent > count:
            events = said.and_more_events(events, recent - count)
        if high:
            return said.surging(said.number(f"{tenths / 10:.1f}"), said.whole(self.long), events)
        if not known:
            return said.first_activity(said.whole(self.long), events)
        return said.quiet_then(said.whole(self.long - self.short), events)

    def _counts(self, names: list[str]) -> NDArray[np.int64]:
        columns = [np.nan_to_num(self._values(name)).astype(np.int64) for name in names]
        return np.stack(columns) if columns else np.zeros((0, len(self._leads)), dtype=np.int64)

    def _values(self, name: str) -> NDArray[np.float64]:
        return numbers(self._leads[name], self._table.missing_texts(name))


def _signs(table: PointTable, events: list[str]) -> list[str]:
    """Return the events that are good signs, the best first: those that bring points, else those that take none."""
    worth = _worth(table)
    good = [event for event in events if max(worth.get(event, [0])) > 0]
    return sorted(good, key=lambda event: -max(worth[event])) or [e for e in events if min(worth.get(e, [0])) >= 0]


def _worth(table: PointTable) -> dict[str, list[int]]:
    """Return what events bring in the table: points of every rule against those of a lead without any."""
    made = event_features(table)
    found: dict[str, list[int]] = {}
    for feature in table.features:
        event = made.get(feature.name)
        if event is not None and event.part in ("count", "since"):
            ranges = [rule.points for rule in feature.of_kind("range")]
            none = feature.of_kind("missing")[0].points if event.part == "since" else ranges[0]
            found.setdefault(event.event, []).extend(points - none for points in ranges)
    return found
