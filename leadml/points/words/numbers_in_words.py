"""Ranges of numbers in words."""

from __future__ import annotations

import math
from decimal import Decimal

from leadml.points.words.phrases import Language


def number_range(language: Language, lo: str | None, hi: str | None) -> str:
    """Name the bounds of a range ``lo <= x < hi``.

    Examples
    --------
    >>> from leadml.points.words.languages import language_of
    >>> number_range(language_of("en"), "0.5", "1000"), number_range(language_of("de"), "0.5", "1000")
    ('0.5 to under 1,000', '0,5 bis unter 1.000')
    """
    if lo is None and hi is None:
        return language.any_number()
    if lo is None:
        return language.under(language.number(hi))
    if hi is None:
        return language.at_least(language.number(lo))
    return language.between(language.number(lo), language.number(hi))


def integers(language: Language, lo: str | None, hi: str | None) -> str:
    """Name the first and the last whole number of a range.

    Examples
    --------
    >>> from leadml.points.words.languages import language_of
    >>> integers(language_of("en"), "49.5", "199.5"), integers(language_of("en"), "2.5", None)
    ('50 to 199', '3 or more')
    """
    first, last = whole_bounds(lo, hi)
    if first is None:
        return language.any_number() if last is None else language.no_more_than(language.whole(last))
    if last is None:
        return language.at_least(language.whole(first))
    if first == last:
        return language.whole(first)
    return language.from_to(language.whole(first), language.whole(last))


def whole_bounds(lo: str | None, hi: str | None) -> tuple[int | None, int | None]:
    """Return the first and the last whole number of a range; None where it has no bound.

    Examples
    --------
    >>> whole_bounds("0.5", "3")
    (1, 2)
    """
    first = None if lo is None else math.ceil(Decimal(lo))
    return first, None if hi is None else math.ceil(Decimal(hi)) - 1


def readable(lo: str | None, hi: str | None, digits: int = 1) -> tuple[str | None, str | None]:
    """Round bounds with more than two digits after the point, which nobody has typed, where both stay apart.

    Examples
    --------
    >>> readable("7.004", None), readable("6.98", "30.0071"), readable("7.004", "7.013")
    (('7', None), ('6.98', '30'), ('7.004', '7.013'))
    >>> readable("0.0501", "0.06")  # a lower bound is not rounded past the upper one, which is short as it is
    ('0.0501', '0.06')
    """
    low, high = (None if bound is None else _rounded(bound, digits) for bound in (lo, hi))
    meet = low is not None and high is not None and Decimal(low) >= Decimal(high)
    return (lo, hi) if meet else (low, high)


def _rounded(bound: str, digits: int) -> str:
    exact = Decimal(bound)
    if -int(exact.as_tuple().exponent) <= digits + 1:
        return bound
    text = f"{exact:.{digits}f}".rstrip("0").rstrip(".")
    return text if Decimal(text) else bound
