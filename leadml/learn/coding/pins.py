"""Pins and signs as a person writes them, understood column by column before anything is learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.learn import clashes
from leadml.learn.coding.conditions import Condition, as_mapping, condition, listed
from leadml.learn.coding.prepare import type_of
from leadml.points.columns import texts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

Kind = Literal["number", "category", "boolean"]
PINS_ACCEPTED = "a mapping of columns to {condition: points}, such as {'kind': {'competitor': -100}}"
SIGNS_ACCEPTED = "a mapping of columns to 1 or -1, or to {condition: 1 or -1}"


@dataclass(frozen=True)
class Pin:
    """A row fixed by hand.

    Parameters
    ----------
    said : tuple
        Its conditions as they were written.
    conditions : tuple of Condition
        The values that it holds for.
    points : int
        Their points against the neutral rule.
    """

    said: tuple[Any, ...]
    conditions: tuple[Condition, ...]
    points: int


Pins = Mapping[str, tuple[Pin, ...]]


@dataclass(frozen=True)
class Sign:
    """A lock on the sign of points: of the rule that holds a value, or (without a condition) of all of a column's."""

    condition: Condition | None
    sign: int


def read_pins(pins: Any, kind_of: Callable[[str], Kind]) -> dict[str, tuple[Pin, ...]]:
    """Understand pins.

    Parameters
    ----------
    pins : mapping of str to mapping of condition to int, or None
        As `LeadScorer` takes them.
    kind_of : callable
        Tells what a column holds, and refuses columns that are not there.

    Returns
    -------
    dict of str to tuple of Pin
        By column; conditions of one column never meet.

    Raises
    ------
    UsageError
        If a condition does not suit its column, points are not whole, or two pins hold for the same value.
    """
    found = {}
    for column, rows in as_mapping("pins", {} if pins is None else pins, PINS_ACCEPTED).items():
        kind, own = kind_of(column), []
        for said, points in as_mapping(f"pins[{column!r}]", rows, "a mapping of conditions to points").items():
            if isinstance(points, bool) or not isinstance(points, Real) or not float(points).is_integer():
                raise clashes.not_points(column, said, points)
            read = tuple(condition("pins", column, one, kind) for one in listed(said))
            own.append(Pin(listed(said), read, int(float(points))))
        every = [(said, read) for pin in own for said, read in zip(pin.said, pin.conditions, strict=True)]
        for (first, one), (second, other) in combinations(every, 2):
            if one.meets(other):
                raise clashes.pinned_twice(column, first, second)
        if own:
            found[column] = tuple(own)
    return found


def read_signs(signs: Any, kind_of: Callable[[str], Kind]) -> dict[str, tuple[Sign, ...]]:
    """Understand sign locks, as `read_pins` understands pins."""
    found: dict[str, tuple[Sign, ...]] = {}
    for column, said in as_mapping("signs", {} if signs is None else signs, SIGNS_ACCEPTED).items():
        kind = kind_of(column)
        if not isinstance(said, Mapping):
            found[column] = (Sign(None, _sign(f"signs[{column!r}]", said)),)
            continue
        found[column] = tuple(
            Sign(condition("signs", column, one, kind), _sign(f"signs[{column!r}][{key!r}]", sign))
            for key, sign in said.items()
            for one in listed(key)
        )
    return found


def unseen(pins: Pins, frame: pd.DataFrame) -> Iterator[str]:
    """Say of each pinned category that none of the leads has it: a row that is meant for others, or mistyped."""
    for column, rows in pins.items():
        named = [c.value for pin in rows for c in pin.conditions if c.kind == "value"]
        if named and type_of(frame[column]) == "category":
            known = texts(frame[column])
            yield from (clashes.pinned_unseen(column, value, known) for value in named if value not in known)


def asked_of(pins: Pins) -> dict[str, tuple[str, ...]]:
    """List by column the cuts and the categories that pins need to have codes of their own."""
    return {
        column: tuple(
            sorted(
                {
                    text
                    for pin in rows
                    for c in pin.conditions
                    for text in ((c.value,) if c.kind == "value" else (c.lo, c.hi))
                    if text
                }
            )
        )
        for column, rows in pins.items()
    }


def pinned_codes(feature: FeatureCodes, rows: tuple[Pin, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell by code which row of the table is fixed by hand, and its points.

    Parameters
    ----------
    feature : FeatureCodes
        The feature; bounds and categories of the pins have cuts and codes of their own.
    rows : tuple of Pin
        Its pins.

    Returns
    -------
    row : ndarray of shape (n_codes,)
        0 where nothing is pinned; codes with the same number are one row. Ranges stay apart, categories with the same
        points go together.
    points : ndarray of shape (n_codes,)
        0 where nothing is pinned.
    """
    row, points = np.zeros(feature.size, dtype=np.int64), np.zeros(feature.size, dtype=np.int64)
    taken: dict[tuple[Any, ...], int] = {}
    for pin in rows:
        for one in pin.conditions:
            together = one if one.kind != "value" or feature.type == "boolean" else pin.points
            holds = one.codes(feature)
            row[holds] = taken.setdefault((together,), len(taken) + 1)
            points[holds] = pin.points
    if (row > 0).all():
        raise clashes.nothing_neutral(feature.name)
    return row, points


def sign_codes(feature: FeatureCodes, locks: tuple[Sign, ...], column: pd.Series[Any]) -> NDArray[np.int8]:
    """Write sign locks by code.

    Parameters
    ----------
    feature : FeatureCodes
        The feature.
    locks : tuple of Sign
        Its locks; of two for one code the later holds.
    column : Series of n leads
        The training leads, which must have a value that is named.

    Returns
    -------
    ndarray of shape (n_codes,)
        1 (points may not be negative), -1 (not positive) or 0. A category without a code of its own locks *other*.

    Raises
    ------
    UsageError
        If no lead has a category that is named.
    """
    signs = np.zeros(feature.size, dtype=np.int8)
    for lock in locks:
        if lock.condition is None:
            signs[:] = lock.sign
            continue
        value = lock.condition.value
        if feature.type == "category" and value and value not in feature.levels and value not in texts(column):
            raise clashes.unseen_value(feature.name, value, texts(column))
        signs[lock.condition.codes(feature)] = lock.sign
    return signs


def check_pins(
    feature: FeatureCodes,
    direction: int,
    row: NDArray[np.int64],
    points: NDArray[np.int64],
    signs: NDArray[np.int8],
) -> None:
    """Refuse pins of a feature that go against its monotone direction or its signs."""
    wrong = np.flatnonzero((row > 0) & (points * signs < 0))
    if len(wrong):
        at = int(wrong[0])
        raise clashes.pin_against_sign(feature.name, _said(feature, at), int(points[at]), int(signs[at]))
    if direction:
        check_direction(feature, direction, row, points)


def check_direction(feature: FeatureCodes, direction: int, row: NDArray[np.int64], points: NDArray[np.int64]) -> None:
    """Refuse pins that go against a monotone direction: among themselves, or against every possible neutral rule."""
    places = np.flatnonzero(row[: feature.ascending])
    for a, b in pairwise(places):
        if direction * (points[b] - points[a]) < 0:
            what = f"{points[a]:+d} is pinned below {points[b]:+d}"
            raise clashes.pins_against_direction(feature.name, direction, what)
    if len(places) and not (may_be_neutral(feature, direction, row, points) & (row == 0)).any():
        raise clashes.pins_against_direction(feature.name, direction, "no value is left where 0 points would fit")


def may_be_neutral(
    feature: FeatureCodes, direction: int, row: NDArray[np.int64], points: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which codes may have 0 points beside pins in a declared direction; *missing* always may.

    Examples
    --------
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> age = FeatureCodes("age", "number", cuts=("10", "20"))
    >>> may_be_neutral(age, 1, np.array([0, 1, 0, 0]), np.array([0, 5, 0, 0])).tolist()
    [True, True, False, True]
    """
    low, high = between_pins(feature, direction, row, points)
    fits: NDArray[np.bool_] = (low <= 0) & (high >= 0)
    fits[-1] = True
    return fits


def between_pins(
    feature: FeatureCodes, direction: int, row: NDArray[np.int64], points: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the least and the most points of each code that pins in a declared direction leave; wide without any."""
    wide = 10**9
    low, high = np.full(len(row), -wide), np.full(len(row), wide)
    if direction:
        codes = np.arange(feature.ascending)
        for at in np.flatnonzero(row[codes]):
            after, before = codes[codes > at], codes[codes < at]
            after, before = (after, before) if direction > 0 else (before, after)
            low[after] = np.maximum(low[after], points[at])
            high[before] = np.minimum(high[before], points[at])
    return low, high


def _said(feature: FeatureCodes, code: int) -> str:
    """Name the values of a code as a person would."""
    if code == feature.missing or code == feature.other:
        return "missing" if code == feature.missing else "other"
    if feature.type != "number":
        return feature.levels[code]
    low, high = feature.cuts[code - 1 : code], feature.cuts[code : code + 1]
    return f"{low[0]} to {high[0]}" if low and high else f">= {low[0]}" if low else f"< {high[0]}"


def _sign(setting: str, seen: Any) -> int:
    if isinstance(seen, bool) or seen not in (1, -1):
        raise clashes.not_a_sign(setting, seen)
    return int(seen)
