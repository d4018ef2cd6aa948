"""Checks that the values of a point table share; each refuses with place, what was seen, what is accepted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from operator import index
from typing import Any

from leadml.errors import DataError

MOST_POINTS = 1_000_000  # sums over thousands of rules stay within 32-bit integers, which rule engines use


def cut_text(value: float) -> str:
    """Write a cut as the shortest decimal that reads back as the same number.

    Parameters
    ----------
    value : float
        A finite number.

    Returns
    -------
    str
        Digits without exponent and without trailing zeros; minus zero is written as zero.

    Raises
    ------
    DataError
        If the number is not finite.

    Examples
    --------
    >>> cut_text(49.5), cut_text(50.0), cut_text(1e22), cut_text(-0.0)
    ('49.5', '50', '10000000000000000000000', '0')
    """
    number = float(value) + 0.0  # minus zero becomes zero
    if not math.isfinite(number):
        raise DataError.broken_table("a cut", f"is {number}", "cuts are finite numbers")
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def require(holds: bool, where: str, seen: str, accepted: str) -> None:
    """Raise the error of a broken point table unless `holds`."""
    if not holds:
        raise DataError.broken_table(where, seen, accepted)


def whole(value: Any, what: str, where: str) -> int:
    """Return a plain integer of at most `MOST_POINTS` in size, from Python's or numpy's integers."""
    try:
        number = index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or abs(number) > MOST_POINTS:
        raise DataError.broken_table(where, f"has {what} {value!r}", f"whole numbers up to {MOST_POINTS} are accepted")
    return number


def count(value: Any, what: str, where: str) -> int:
    """Return a plain integer of 0 or more."""
    try:
        number = index(value)
    except TypeError:
        number = -1
    require(number >= 0 and not isinstance(value, bool), where, f"has {what} {value!r}", "it counts from 0")
    return number


def real(value: Any, what: str, where: str) -> float:
    """Return a plain finite float; minus zero becomes zero."""
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    require(math.isfinite(number), where, f"has {what} {value!r}", "it is a finite number")
    return number + 0.0


def check_text(value: Any, what: str, *, empty: bool = False) -> None:
    """Refuse what is no text, is empty, or cannot be written as UTF-8."""
    require(isinstance(value, str), what, f"is {value!r}", "it is a text")
    require(bool(value) or empty, what, "is empty", "it must not be")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise DataError.broken_table(what, f"is {value!r}", "half of a surrogate pair is no text") from None


def settle_steps(steps: Iterable[tuple[str, int | None]], where: str) -> tuple[tuple[str, int | None], ...]:
    """Check grades or actions: distinct labels, bounds that fall strictly, the last one unbounded.

    Parameters
    ----------
    steps : iterable of (str, int or None)
        Labels with the least score that earns them, the best first.
    where : str
        What they are, for the message.

    Returns
    -------
    tuple of (str, int or None)
        The same, with plain integers.

    Raises
    ------
    DataError
        If labels repeat, bounds do not fall, or any but the last is unbounded.
    """
    settled = []
    for step in steps:
        require(len(tuple(step)) == 2, where, f"hold {step!r}", "each is a label with a bound")
        label, bound = step
        check_text(label, f"a label of {where}")
        settled.append((label, None if bound is None else whole(bound, "a bound", where)))
    if not settled:
        return ()
    labels, bounds = [label for label, _ in settled], [bound for _, bound in settled]
    require(len(set(labels)) == len(labels), where, f"are {labels}", "labels are distinct")
    inner = [bound for bound in bounds[:-1] if bound is not None]
    falling = all(upper > lower for upper, lower in pairwise(inner))
    complete = bounds[-1] is None and len(inner) == len(bounds) - 1
    require(
        falling and complete,
        where,
        f"have bounds {bounds}",
        "bounds fall strictly and only the last one is null",
    )
    return tuple(settled)


def listed(names: Iterable[str]) -> str:
    """Join names for a message."""
    return ", ".join(repr(name) for name in names)


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that stand there more than once, sorted."""
    return sorted(name for name, count in Counter(names).items() if count > 1)
