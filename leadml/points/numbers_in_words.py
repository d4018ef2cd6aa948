"""Ranges of numbers in words."""

from __future__ import annotations

import math
from decimal import Decimal


def number_range(lo: str | None, hi: str | None) -> str:
    """Name the bounds of a range ``lo <= x < hi``.

    Examples
    --------
    >>> number_range("0.5", "1000"), number_range(None, "3")
    ('0.5 to under 1,000', 'under 3')
    """
    if lo is None and hi is None:
        return "any number"
    if lo is None:
        return f"under {grouped(hi)}"
    return f"{grouped(lo)} or more" if hi is None else f"{grouped(lo)} to under {grouped(hi)}"


def integers(lo: str | None, hi: str | None) -> str:
    """Name the first and the last whole number of a range.

    Examples
    --------
    >>> integers("49.5", "199.5"), integers("2.5", None)
    ('50 to 199', '3 or more')
    """
    first, last = whole_bounds(lo, hi)
    if first is None and last is None:
        return "any number"
    if first is None:
        return f"{last:,} or less"
    if last is None:
        return f"{first:,} or more"
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def whole_bounds(lo: str | None, hi: str | None) -> tuple[int | None, int | None]:
    """Return the first and the last whole number of a range; None where it has no bound.

    Examples
    --------
    >>> whole_bounds("0.5", "3")
    (1, 2)
    """
    first = None if lo is None else math.ceil(Decimal(lo))
    return first, None if hi is None else math.ceil(Decimal(hi)) - 1


def grouped(number: str | None) -> str:
    """Write a decimal with its thousands set apart.

    Examples
    --------
    >>> grouped("-1000.50")
    '-1,000.50'
    """
    return f"{Decimal(number or 0):,f}"
