"""Where a number feature is cut finely: at quantiles of its values, in numbers that people say.

A cut may stand a little beside its quantile where the number there is rounder: "7 days" for "7.004 days". It costs next
to nothing, because the leads between the two are few and a rule is made of many codes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CODES = 250
CUT_DIGITS = 12
ASIDE = 0.15  # of the leads of a code: how far a cut may stand from its quantile
_LARGE = 1e15  # beyond it decimal engines have no digit left behind the point


def cuts_of(distinct: NDArray[np.float64], counts: NDArray[Any]) -> list[tuple[int, str]]:
    """Find the cuts of a number feature.

    Parameters
    ----------
    distinct : ndarray of shape (n,)
        Its distinct values, ascending.
    counts : ndarray of shape (n,)
        How many leads have each of them.

    Returns
    -------
    list of (int, str)
        For each cut the position of the first value above it, and its decimal. No value stands on a cut.

    Examples
    --------
    >>> import numpy as np
    >>> cuts_of(np.array([1.0, 2.0, 4.0]), np.array([5, 5, 5]))
    [(1, '1.5'), (2, '3')]
    >>> fine = np.arange(100_000) / 9_973
    >>> [cut for _, cut in cuts_of(fine, np.ones(len(fine)))][:3]
    ['0.04', '0.08', '0.12']
    """
    if len(distinct) <= MOST_CODES:
        found = [(i, short_decimal(distinct[i - 1], distinct[i])) for i in range(1, len(distinct))]
        return [(i, cut) for i, cut in found if cut is not None]
    upto = np.cumsum(counts)
    place = (upto - counts / 2) * (MOST_CODES / upto[-1])
    starts = np.flatnonzero(np.diff(place.astype(np.int64))) + 1
    edges = place.astype(np.int64)[starts]
    # Between whole numbers the cut is said as the next one, and every one is as easy to say.
    aside = 0.0 if (distinct == np.rint(distinct)).all() else ASIDE
    first = np.maximum(np.searchsorted(place, edges - aside, side="left"), 1)
    last = np.searchsorted(place, edges + aside, side="right") - 1
    cuts: dict[int, str] = {}
    for start, low, high in zip(starts, np.minimum(first, starts), np.maximum(last, starts), strict=True):
        at, cut = _between(distinct, int(start), int(low), int(high))
        if cut is not None:
            cuts.setdefault(at, cut)
    return sorted(cuts.items())


def _between(distinct: NDArray[np.float64], start: int, low: int, high: int) -> tuple[int, str | None]:
    """Give the shortest decimal around a start, on which no value stands."""
    wide = short_decimal(distinct[low - 1], distinct[high])
    if wide is not None:
        at = int(np.searchsorted(distinct, float(wide)))
        if distinct[at] != float(wide):
            return at, wide
    return start, short_decimal(distinct[start - 1], distinct[start])


def short_decimal(low: float, high: float) -> str | None:
    """Find the shortest decimal strictly between two numbers, near their middle.

    Engines that compute in decimals or in single precision agree on such a cut, because no observed value stands on
    it.

    Parameters
    ----------
    low, high : float
        Neighbouring observed values, low < high.

    Returns
    -------
    str or None
        The decimal in positional notation, below 1e15 in size where the gap reaches there; None where 12 significant
        digits do not suffice.

    Examples
    --------
    >>> short_decimal(49, 50), short_decimal(49, 52), short_decimal(0.12, 0.13), short_decimal(-1, 1)
    ('49.5', '50', '0.125', '0')
    >>> short_decimal(1.0, 1.0000000000000002) is None
    True
    >>> short_decimal(2, 1e300), short_decimal(1.7e15, 1.8e15)
    ('500000000000000', '1750000000000000')
    """
    inside = max(low, -_LARGE), min(high, _LARGE)
    plain = _shortest(*inside) if inside[0] < inside[1] else None
    return _shortest(low, high) if plain is None else plain


def _shortest(low: float, high: float) -> str | None:
    below, above = Decimal(repr(float(low))), Decimal(repr(float(high)))
    middle = (below + above) / 2
    top = max(abs(below), abs(above)).adjusted() + 1
    bottom = max(top - CUT_DIGITS, -CUT_DIGITS - 6)
    first = min(top, (above - below).adjusted() + 1)
    for exponent in range(first, bottom - 1, -1):
        step = Decimal(1).scaleb(exponent)
        near = (middle / step).to_integral_value() * step
        if below < near < above and low < float(near) < high:
            return format(near + 0, "f").rstrip("0").rstrip(".") if exponent < 0 else format(near + 0, "f")
    return None
