"""How the points of an event fall as days pass, read from a point table: what a single event is worth, and how long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from leadml.points.look import escaped, html_rows, pad, page, plain, width_of
from leadml.points.rules import Feature, Rule
from leadml.points.words.numbers_in_words import readable
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.table import PointTable

_COUNT = re.compile(r"(?!active_days_|amount_)(?P<event>.+)_(?P<days>[0-9]+)d")
_SINCE = re.compile(r"days_since_(?P<event>.+)")
HEAD = ("event", "days ago", "points")


@dataclass(frozen=True)
class Step:
    """What one event is worth while it is so many days old.

    Parameters
    ----------
    event : str
        The event, as it stands in the names of its features.
    from_days, to_days : float
        Its age at the scoring moment: ``from_days < age <= to_days``; infinity where it never ends.
    points : int
        Points of a lead with this one event against those of a lead that never had one.
    """

    event: str
    from_days: float
    to_days: float
    points: int


@dataclass(frozen=True)
class Cooling:
    """How points fall as days pass, for every event that has points.

    Parameters
    ----------
    steps : tuple of Step
        By event, the newest age first.

    Examples
    --------
    >>> rules = (Rule("visit_7d:0", "range", 0, neutral=True, hi="0.5"), Rule("visit_7d:1", "range", 9, lo="0.5"),
    ...          Rule("visit_7d:2", "missing", 0))
    >>> found = cooling_of((Feature("visit_7d", "engagement", "number", rules),))
    >>> print(Cooling(found).text)
    event  days ago     points
    visit  up to 7          +9
    visit  more than 7       0
    """

    steps: tuple[Step, ...]

    def frame(self) -> pd.DataFrame:
        """Return one row per event and span of ages."""
        import pandas as pd

        columns = ["event", "from_days", "to_days", "points"]
        return pd.DataFrame([[getattr(s, c) for c in columns] for s in self.steps], columns=columns)

    @property
    def text(self) -> str:
        """The same as a plain table."""
        rows = [HEAD, *self._rows()]
        widths = [max(width_of(row[k]) for row in rows) for k in range(len(HEAD))]
        a, b, c = widths
        return "\n".join(f"{pad(r[0], a)}  {pad(r[1], b)}  {pad(r[2], c, right=True)}" for r in rows)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        rows = [[escaped(cell) for cell in row] for row in self._rows()]
        return page(html_rows(HEAD, rows))

    def plot(self) -> Picture:
        """Draw the points of each event over its age."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.cooling").cooling(self)
        return picture

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(plain(s.event.replace("_", " ")), _span(s), signed(s.points)) for s in self.steps]


def cooling_of(features: tuple[Feature, ...]) -> tuple[Step, ...]:
    """Find what a single event is worth at every age, from the features that are made of its type.

    Counted are ``EVENT_Nd`` and ``days_since_EVENT``; what an event also does to surge, active days and sums of amounts
    depends on the lead's other events, and is left out. Interactions are left out for the same reason.

    Parameters
    ----------
    features : tuple of Feature

    Returns
    -------
    tuple of Step
        Events without points at any age are left out; ages with the same points stand together.
    """
    events: dict[str, list[tuple[Feature, int | None]]] = {}
    for feature in features:
        if feature.type != "number":
            continue
        if found := _SINCE.fullmatch(feature.name):
            events.setdefault(found["event"], []).append((feature, None))
        elif found := _COUNT.fullmatch(feature.name):
            events.setdefault(found["event"], []).append((feature, int(found["days"])))
    steps = (step for event in sorted(events) for step in _steps(event, events[event]))
    return tuple(steps)


def _steps(event: str, features: list[tuple[Feature, int | None]]) -> Iterator[Step]:
    ages = {0.0}
    for feature, window in features:
        ages |= {float(window)} if window is not None else {cut for cut in feature.cuts if cut > 0}
    starts = sorted(ages)
    spans = list(zip(starts, [*starts[1:], float("inf")], strict=True))
    points = [sum(_worth(feature, window, low, high) for feature, window in features) for low, high in spans]
    if not any(points):
        return
    first = 0
    for k in range(1, len(spans) + 1):
        if k == len(spans) or points[k] != points[first]:
            yield Step(event, spans[first][0], spans[k - 1][1], points[first])
            first = k


def _worth(feature: Feature, window: int | None, low: float, high: float) -> int:
    """Return the points that an event of an age between low and high brings in one feature."""
    if window is None:
        inside = low + (high - low) / 2 if high < float("inf") else low + 1.0
        return _at(feature, inside).points - feature.of_kind("missing")[0].points
    return _at(feature, 1.0 if high <= window else 0.0).points - _at(feature, 0.0).points


def _at(feature: Feature, value: float) -> Rule:
    ranges = feature.of_kind("range")
    return ranges[sum(cut <= value for cut in feature.cuts)]


def _span(step: Step) -> str:
    first, last = readable(f"{step.from_days:.12g}", None if step.to_days == float("inf") else f"{step.to_days:.12g}")
    if last is None:
        return f"more than {first}" if step.from_days else "ever"
    return f"up to {last}" if not step.from_days else f"{first} to {last}"


def cooling(table: PointTable) -> Cooling:
    """Return how the points of events fall as days pass; see `PointTable.cooling`."""
    return Cooling(cooling_of(table.features))
