"""Where labels of marks fit beside each other: none over a mark or another label, those without room left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEIGHT, LETTER = 10.0, 5.3  # printer's points of a line and of a letter, at a size of 8
BESIDE = 45.0  # printer's points that a label may stand out to the right of the axes, where they are square
DOT, GAP = 6.0, 5.0  # printer's points from the middle of a dot to its rim, and from a whisker to its label


@dataclass(frozen=True)
class Box:
    """A part of the axes, in printer's points from their lower left corner."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a place in common."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high

    def crosses_diagonal(self) -> bool:
        """Whether the line from the corner, as far up as across, goes through it."""
        return self.left < self.high and self.low < self.right


@dataclass(frozen=True)
class Mark:
    """A dot with its whisker, in printer's points, and what is to be written beside it."""

    x: float
    y: float
    low: float
    high: float
    text: str

    def covers(self) -> tuple[Box, Box]:
        """Return the places of the dot and of the whisker."""
        dot = Box(self.x - DOT, self.y - DOT, self.x + DOT, self.y + DOT)
        return dot, Box(self.x - 3, self.low, self.x + 3, self.high)

    def places(self) -> Iterable[Box]:
        """Yield where its label may stand, the best place first."""
        wide = LETTER * len(self.text)
        right, left = self.x + GAP, self.x - GAP - wide
        lows = (self.low, self.high - HEIGHT, self.y - HEIGHT / 2)
        for low in lows:
            beyond = (DOT - GAP + 2) * (abs(low + HEIGHT / 2 - self.y) < DOT + HEIGHT / 2)  # past the dot's rim
            yield Box(right + beyond, low, right + beyond + wide, low + HEIGHT)
            yield Box(left - beyond, low, left - beyond + wide, low + HEIGHT)


def fitted(marks: Sequence[Mark], side: float, taken: Sequence[Box] = ()) -> list[Box | None]:
    """Find a place for the label of each mark, within a square of axes whose diagonal is drawn.

    Parameters
    ----------
    marks : sequence of Mark
        From left to right.
    side : float
        Of the axes, in printer's points.
    taken : sequence of Box
        What else stands there, such as a legend.

    Returns
    -------
    list of Box or None
        None where no place is free. Where not all fit, the first and the last have the first choice, then the one
        between, and so on: what is left out is spread over all.

    Examples
    --------
    >>> marks = [Mark(x, x, x - 20, x + 20, "49 to 53") for x in (100.0, 104.0, 108.0, 240.0)]
    >>> [place is not None for place in fitted(marks, 300)]
    [True, False, True, True]
    """
    filled = [*taken, *(box for mark in marks for box in mark.covers())]
    found: list[Box | None] = [None] * len(marks)
    for at in _halving(len(marks)):
        free = (place for place in marks[at].places() if _is_free(place, side, filled))
        found[at] = next(free, None)
        filled += [box for box in [found[at]] if box is not None]
    return found


def _is_free(place: Box, side: float, filled: Sequence[Box]) -> bool:
    inside = place.left >= 0 and place.low >= 0 and place.right <= side + BESIDE and place.high <= side
    return inside and not place.crosses_diagonal() and not any(place.meets(other) for other in filled)


def _halving(count: int) -> list[int]:
    """Return places from 0 on: both ends, then the middle, then the middles of what is left between."""
    order = [*dict.fromkeys((0, count - 1))] if count else []
    gaps = [(0, count - 1)]
    for low, high in gaps:  # grows while it is read
        if high - low > 1:
            middle = (low + high) // 2
            order.append(middle)
            gaps += [(low, middle), (middle, high)]
    return order
