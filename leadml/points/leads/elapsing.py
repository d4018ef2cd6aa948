"""Which moves of features are due to time alone: known, or read from the direction in which they moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from leadml.points.words.eventnames import EventFeature, event_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.held import Held
    from leadml.points.rules import Feature, Interaction


class Elapsing(Protocol):
    """Tells time from deeds, lead by lead."""

    def of(self, feature: str) -> NDArray[np.bool_]:
        """Tell for which leads a feature moved because time passed; shape (n,)."""
        ...

    def of_together(self, row: Interaction) -> NDArray[np.bool_]:
        """Tell for which leads a conjunction holds, or holds no longer, because time passed; shape (n,)."""
        ...


@dataclass(frozen=True)
class Known(Elapsing):
    """All of it is due to time, or nothing of it."""

    elapsed: bool
    leads: int

    def of(self, feature: str) -> NDArray[np.bool_]:
        """See `Elapsing`."""
        return np.full(self.leads, self.elapsed)

    def of_together(self, row: Interaction) -> NDArray[np.bool_]:
        """See `Elapsing`."""
        return np.full(self.leads, self.elapsed)


class Reading(Elapsing):
    """Reads it from the direction: when nothing happens, counts in a window fall and days since an event rise.

    A conjunction moves because of time if every condition of it that moved did.
    """

    def __init__(self, then: Held, now: Held) -> None:
        self._then, self._now = then, now
        made = event_features(then.table)
        self._cooled = {feature.name: _cooled(feature, made.get(feature.name)) for feature in then.table.features}

    def of(self, feature: str) -> NDArray[np.bool_]:
        """See `Elapsing`."""
        return self._cooled[feature][self._then.codes[feature], self._now.codes[feature]]

    def of_together(self, row: Interaction) -> NDArray[np.bool_]:
        """See `Elapsing`."""
        names = [self._then.table.rule(condition)[0].name for condition in row.conditions]
        moved = [self._then.codes[name] != self._now.codes[name] for name in names]
        deeds = [was & ~self.of(name) for name, was in zip(names, moved, strict=True)]
        return np.asarray(~np.logical_or.reduce(deeds))


def _cooled(feature: Feature, made: EventFeature | None) -> NDArray[np.bool_]:
    """Say for each pair of rules whether passing time alone leads from the first to the second."""
    count = len(feature.rules)
    found = np.zeros((count, count), dtype=bool)
    if made is None or made.part == "unanswered":
        return found
    for a, before in enumerate(feature.rules):
        for b, after in enumerate(feature.rules):
            if before.kind == after.kind == "range":
                found[a, b] = b > a if made.part == "since" else b < a
            elif before.kind == "range" and after.kind == "missing":
                found[a, b] = made.part == "surge"  # missing is: nothing happened in the longest window
    return found
