"""What was promised of the grades of a dimension: how many leads earn each of them, and how these convert."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.points.grading.grading import Grading
from leadml.points.reading import accept, array, each, known_number, read, text
from leadml.stats import wilson

if TYPE_CHECKING:
    from leadml.points.grading.cutting import Crowd
    from leadml.points.grading.grades import Steps
    from leadml.points.table import PointTable

TOLERANCE = 0.2  # of what was promised: A's 25 % of the leads may become 20 % to 30 %
DIGITS = 6
KEY = "grades"


@dataclass(frozen=True)
class Grade:
    """A grade, its share of the leads and its conversion rate, as fractions by weight."""

    label: str
    share: float
    rate: float


@dataclass(frozen=True)
class Promise:
    """The grades of a dimension, and how they were set.

    Parameters
    ----------
    grading : Grading
        The settings.
    grades : tuple of Grade
        The best first.
    """

    grading: Grading
    grades: tuple[Grade, ...]

    @classmethod
    def of(cls, grading: Grading, steps: Steps, crowd: Crowd) -> Promise:
        """Promise the shares that were set, and what else grades are on the leads that they were cut from."""
        found = measured(steps, crowd)
        if grading.rates is not None:
            return cls(grading, found)
        asked = dict(zip(grading.labels, grading.fractions, strict=True))
        shares = [asked[grade.label] for grade in found[:-1]]  # the last one has the shares of those left out
        told = zip(found, [*shares, 1 - sum(shares)], strict=True)
        return cls(grading, tuple(Grade(grade.label, round(share, DIGITS), grade.rate) for grade, share in told))

    @property
    def labels(self) -> tuple[str, ...]:
        """The best first."""
        return tuple(grade.label for grade in self.grades)

    @property
    def best(self) -> Grade:
        """The best grade, of which the contract speaks."""
        return self.grades[0]

    def to_dict(self) -> dict[str, Any]:
        """Return it as provenance holds it."""
        told = self.grading
        settings: dict[str, Any] = {"labels": list(told.labels), "keep": told.keep}
        settings |= {} if told.shares is None else {"shares": list(told.shares)}
        settings |= {} if told.rates is None else {"rates": list(told.rates)}
        return settings | {"promised": [[grade.label, grade.share, grade.rate] for grade in self.grades]}


def measured(steps: Steps, crowd: Crowd) -> tuple[Grade, ...]:
    """Measure each grade's share of leads, and how it converts."""
    total = float(crowd.leads.sum())
    return tuple(
        Grade(label, round(leads / total, DIGITS), round(won / leads, DIGITS) if leads else 0.0)
        for label, leads, won in crowd.by_grade(steps)
    )


def share_kept(promise: Promise, steps: Steps, crowd: Crowd) -> bool:
    """Tell whether the best grade has its share of the leads, to within a fifth of it."""
    if not steps or steps[0][0] != promise.best.label:
        return False
    share = crowd.by_grade(steps)[0][1] / float(crowd.leads.sum())
    return abs(share - promise.best.share) <= TOLERANCE * promise.best.share


def rate_kept(promise: Promise, steps: Steps, crowd: Crowd) -> bool:
    """Tell whether the best grade converts as it did, to within a fifth or by its 95 % interval."""
    if not steps or steps[0][0] != promise.best.label:
        return False
    _, leads, won = crowd.by_grade(steps)[0]
    low, high = wilson(won, leads)
    said = promise.best.rate
    return low <= said <= high or abs(won - said * leads) <= TOLERANCE * said * leads


def floors_kept(promise: Promise, steps: Steps, line: tuple[float, float]) -> bool:
    """Tell whether the chance of a lead at each cut is the rate that was set for it, to within a fifth or a point."""
    floors = dict(zip(promise.grading.labels, promise.grading.floors, strict=False))
    if not steps or steps[0][0] != promise.best.label:
        return False
    for label, bound in steps[:-1]:
        below, at = (_chance(line, (bound or 0) - one) for one in (1, 0))
        if not below <= floors[label] <= at and abs(at - floors[label]) > TOLERANCE * floors[label]:
            return False
    return True


def _chance(line: tuple[float, float], score: int) -> float:
    return 1 / (1 + math.exp(-max(min(line[0] + line[1] * score, 700.0), -700.0)))


def promises_of(table: PointTable) -> dict[str, Promise]:
    """Return what a table promises of the grades of its dimensions; those without a promise are left out.

    Raises
    ------
    DataError
        If its provenance holds something else under that name.
    """
    told = table.provenance.get(KEY, {})
    accept(isinstance(told, dict), f"provenance.{KEY}", f"is {told!r}, not an object")
    return {name: _read(part, f"provenance.{KEY}.{name}") for name, part in told.items()}


def _read(part: Any, where: str) -> Promise:
    accept(isinstance(part, dict) and "promised" in part, where, f"is {part!r}, not an object with 'promised'")
    settings = {key: value for key, value in part.items() if key != "promised"}
    numbers = each(known_number)
    readers = {"labels": each(text), "shares": numbers, "rates": numbers, "keep": text}
    grading = read(Grading, settings, where, readers)
    return Promise(grading, each(_grade)(part["promised"], f"{where}.promised"))


def _grade(part: Any, where: str) -> Grade:
    cells = array(part, where)
    accept(len(cells) == 3, where, f"is {part!r}, not [label, share, rate]")
    return Grade(text(cells[0], where), known_number(cells[1], where), known_number(cells[2], where))
