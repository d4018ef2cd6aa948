"""Where values fall: a feature's values as small whole numbers, its places, each of which belongs to one rule.

A number's place is one more than the count of thresholds that are not above it, and 0 where it is not finite. A
placeholder needs no test of its own: it lies between two thresholds. So placing is a few comparisons of whole columns,
whatever stands in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points import columns
from leadml.points.rules import TRUTHS, Feature, Kind

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_FEW = 100  # up to so many thresholds, comparing with each of them is faster than searching


@dataclass(frozen=True, eq=False)
class Places:
    """The places of one feature's values on given leads.

    Parameters
    ----------
    owners : ndarray of int
        For each place the position of its rule in ``feature.rules``.
    values : ndarray of shape (n,)
        Numbers to compare with the thresholds; where there are none, the places themselves.
    thresholds : ndarray of float or None
        Ascending.
    """

    owners: NDArray[np.int32]
    values: NDArray[Any]
    thresholds: NDArray[np.float64] | None = None

    def of(self, rows: slice) -> NDArray[Any]:
        """Return the places of some leads."""
        if self.thresholds is None:
            places: NDArray[Any] = self.values[rows]
            return places
        # Without a copy where they are doubles one beside the other already.
        numbers = np.ascontiguousarray(self.values[rows], dtype=np.float64)
        finite = np.isfinite(numbers)
        if len(self.thresholds) > _FEW:
            return np.where(finite, np.searchsorted(self.thresholds, numbers, side="right") + 1, 0)
        places = np.ones(len(numbers), dtype=np.uint8)
        above = np.empty(len(numbers), dtype=bool)
        for threshold in self.thresholds:
            np.greater_equal(numbers, threshold, out=above)
            np.add(places, above.view(np.uint8), out=places)
        np.multiply(places, finite.view(np.uint8), out=places)
        return places


def places_of(feature: Feature, column: pd.Series[Any], missing: tuple[str, ...]) -> Places:
    """Place the values of a column.

    Parameters
    ----------
    feature : Feature
        Whose rules hold for them.
    column : Series of n leads
        Its values as they come.
    missing : tuple of str
        Its placeholders.

    Returns
    -------
    Places
        Of n leads.

    Raises
    ------
    DataError
        If the column holds something that is not of the feature's type.
    """
    if feature.type == "number":
        thresholds, owners = _thresholds(feature, missing)
        return Places(owners, columns.raw_numbers(column, missing), thresholds)
    gone = position(feature, "missing")
    owner = {value: i for i, rule in enumerate(feature.rules) for value in rule.values}
    if feature.type == "boolean":
        known, found = [*(owner[truth] for truth in TRUTHS), gone], columns.truths(column, missing)
    else:
        known = [*owner.values(), position(feature, "other"), gone]
        found = columns.levels(column, list(owner), missing)
    small = np.uint8 if len(feature.rules) <= 256 else np.int32
    # Missing is -1 and so the last one.
    return Places(np.arange(len(feature.rules), dtype=np.int32), np.array(known, dtype=small).take(found, mode="wrap"))


def position(feature: Feature, kind: Kind) -> int:
    """Return the position of the one rule of a kind."""
    return next(i for i, rule in enumerate(feature.rules) if rule.kind == kind)


def _thresholds(feature: Feature, missing: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return where the rule changes, ascending, and the rules of all places: missing, below, between and above."""
    gone = position(feature, "missing")
    ranges = [i for i, rule in enumerate(feature.rules) if rule.kind == "range"]
    lost = columns.placeholder_numbers(missing)
    bounds = {-math.inf, *feature.cuts, *lost, *(math.nextafter(number, math.inf) for number in lost)}
    ascending = sorted(bounds - {math.inf})
    inside = np.searchsorted(np.array(feature.cuts), np.array(ascending), side="right")
    owners = [gone if bound in lost else ranges[i] for bound, i in zip(ascending, inside, strict=True)]
    changes = [i + 1 for i, (below, above) in enumerate(pairwise(owners)) if below != above]
    return np.array(ascending)[changes], np.array([gone, owners[0], *(owners[i] for i in changes)], dtype=np.int32)
