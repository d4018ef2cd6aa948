"""Bands: texts that stand for ranges of numbers, such as "11-50" employees or "more than 1M", and their order.

Forms and enrichment services give the size of a company in bands. As mere names they would be told apart one by one; in
their order neighbours lend each other evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from leadml.points.alike import DASHES

LEAST_BANDS = 3
LONGEST = 60  # characters

Ends = tuple[float, float]

_SCALES = {"k": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9}
_SIGNS = re.compile(r"[€$£¥%]|\b(?:eur|usd|gbp|chf)\b")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,.'\u2019]\d{3})+(?!\d)")
_NUMBER = rf"(\d+(?:\.\d+)?)\s?({'|'.join(sorted(_SCALES, key=len, reverse=True))})?(?![^\W_])\.?"
_UNIT = r"(?:\s+[^\W\d_]+)?"
_BETWEEN = re.compile(
    rf"(?:(?:from|between|von)\s+)?{_NUMBER}{_UNIT}\s*(?:-|\bto\b|\band\b|\bbis\b)\s*{_NUMBER}{_UNIT}"
)
_BELOW = re.compile(rf"(?:<=?|≤|under|below|less than|fewer than|up to|bis|unter)\s*{_NUMBER}{_UNIT}")
_FROM = re.compile(
    rf"(?:>=?|≥|over|above|more than|at least|from|über|ab|mehr als)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:\+|\b(?:or|and|und|oder) (?:more|above|over|up|mehr)\b|\bplus\b){_UNIT}"
)
_WORD = re.compile(r"[^\W\d_]+")
_NO_UNITS = frozenset(
    {*_SCALES, "to", "and", "bis", "or", "more", "und", "oder", "mehr", "plus", "above", "over", "up", "from"}
    | {"between", "von", "eur", "usd", "gbp", "chf", "less", "fewer", "than", "under", "below", "at", "least"}
)
_ALONE = re.compile(rf"{_NUMBER}{_UNIT}")


def in_bands(texts: Sequence[str]) -> tuple[str, ...]:
    """Give texts that are bands of numbers in ascending order.

    Parameters
    ----------
    texts : sequence of str
        The levels of a category, each once.

    Returns
    -------
    tuple of str
        The bands, ascending by their middle. Empty where there are fewer than three, or no more than there are other
        texts; where more than half of the neighbours overlap; and where single numbers among them leave gaps: they are
        codes then.

    Examples
    --------
    >>> in_bands(["1,000+", "11-50", "2-10", "51-999", "1", "unknown"])
    ('1', '2-10', '11-50', '51-999', '1,000+')
    >>> in_bands(["less than $1M", "$1M - $10M", "$10M to $1B", "over $1B"])
    ('less than $1M', '$1M - $10M', '$10M to $1B', 'over $1B')

    A list has changed in between; codes of industries, which have no order:

    >>> in_bands(["1-10", "11-50", "11 to 50", "51-200", "201-1000", "201-500", "501-1000", "> 1000"])
    ('1-10', '11 to 50', '11-50', '51-200', '201-500', '201-1000', '501-1000', '> 1000')
    >>> in_bands(["11", "21", "31-33", "44-45", "48-49"])
    ()
    """
    found = {text: ends for text in texts if (ends := _ends(text)) is not None}
    order = sorted(found, key=lambda text: (_middle(found[text]), text))
    enough = len(found) >= LEAST_BANDS and 2 * len(found) > len(texts)
    if not enough or all(low == high for low, high in found.values()):
        return ()
    steps = [_step(a, b, found) for a, b in pairwise(order)]
    return tuple(order) if None not in steps and 2 * steps.count("overlap") <= len(steps) else ()


def out_of_order(order: Sequence[str]) -> tuple[str, str] | None:
    """Give the first two neighbours of a declared order that bands of numbers contradict; None where there are none.

    All descending is an order, too.

    Examples
    --------
    >>> out_of_order(["1,001-5,000", "1-10", "11-50"]), out_of_order(["unknown", "1-10", "11-50", "51+"])
    (('1,001-5,000', '1-10'), None)
    >>> out_of_order(["51+", "11-50", "1-10"]), out_of_order(["free", "basic", "pro"])
    (None, None)
    """
    ends = {text: found for text in in_bands(order) if (found := _ends(text)) is not None}
    pairs = list(pairwise(text for text in order if text in ends))
    falling = [pair for pair in pairs if ends[pair[0]] > ends[pair[1]]]
    return falling[0] if 0 < len(falling) < len(pairs) else None


def _ends(text: str) -> Ends | None:
    """Give the least and the greatest number of a band, infinite where it is open; None where it is no band.

    Examples
    --------
    >>> [_ends(text) for text in ("11 - 50", "1-10M", "500 or more", "< 1.000 EUR", "7", "retail", "9-3")]
    [(11.0, 50.0), (1000000.0, 10000000.0), (500.0, inf), (-inf, 1000.0), (7.0, 7.0), None, None]
    """
    if len(text) > LONGEST:
        return None
    plain = _SIGNS.sub(" ", re.sub(DASHES, "-", text.lower()))
    plain = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), " ".join(plain.split()))
    if found := _BETWEEN.fullmatch(plain):
        low, scale, high, scales = found.groups()
        scale = scale or (scales if float(low) < float(high) else None)  # "1-10M"
        ends = _number(low, scale), _number(high, scales)
        return ends if ends[0] <= ends[1] else None
    if found := _BELOW.fullmatch(plain):
        return -math.inf, _number(*found.groups())
    if found := _FROM.fullmatch(plain):
        digits, scale, *after = found.groups()  # "more than 10k", or "10k or more"
        return _number(*((digits, scale) if digits else after)), math.inf
    if found := _ALONE.fullmatch(plain):
        return _number(*found.groups()), _number(*found.groups())
    return None


def _number(digits: str, scale: str | None) -> float:
    return float(digits) * (_SCALES[scale] if scale else 1.0)


def _middle(ends: Ends) -> tuple[float, float]:
    """Give what bands are put in order by: the middle, then the end, where an open end is as far as the other one."""
    low, high = ends
    if math.isinf(low):
        return low, high
    return (low, high) if math.isinf(high) else ((low + high) / 2, high)


def _step(before: str, text: str, ends: Mapping[str, Ends]) -> Literal["apart", "same", "overlap"] | None:
    """Tell how a band stands to the one before it; None where the two cannot be of one order."""
    (start, end), (low, high) = ends[before], ends[text]
    if (start, end) == (low, high):
        units = [set(_WORD.findall(each.lower())) - _NO_UNITS for each in (before, text)]
        return None if all(units) and units[0] != units[1] else "same"
    if start == end or low == high:
        return "apart" if end <= low <= end + 1 else None
    return "apart" if low >= end else "overlap"
