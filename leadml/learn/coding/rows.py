"""From groups of fine codes to the rules of a feature: ranges, sets, missing, other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


@dataclass(frozen=True)
class Row:
    """A rule to be: which codes it holds for, and what they share.

    Parameters
    ----------
    kind : {"range", "set", "missing", "other"}
        The kind of its condition.
    codes : tuple of int
        The fine codes that it holds for, ascending.
    mark : int
        Rows with the same mark get the same points.
    leads : float
        How many training leads it holds for.
    """

    kind: Literal["range", "set", "missing", "other"]
    codes: tuple[int, ...]
    mark: int
    leads: float


def rows_of(feature: FeatureCodes, marks: NDArray[np.int64], leads: NDArray[np.float64]) -> tuple[Row, ...]:
    """Write marked codes as rules: runs of codes for numbers, sets for categories.

    Parameters
    ----------
    feature : FeatureCodes
        The feature.
    marks : ndarray of shape (n_codes,)
        Codes with the same mark go together.
    leads : ndarray of shape (n_codes,)
        The number of leads of each code.

    Returns
    -------
    tuple of Row
        Disjoint and exhaustive, in the order in which a table lists them.

    Examples
    --------
    >>> import numpy as np
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> age = FeatureCodes("age", "number", cuts=("10", "20", "30"))
    >>> [(r.kind, r.codes, r.mark) for r in rows_of(age, np.array([0, 1, 1, 0, 0]), np.ones(5))]
    [('range', (0,), 0), ('range', (1, 2), 1), ('range', (3,), 0), ('missing', (4,), 0)]
    """
    missing = Row("missing", (feature.missing,), int(marks[-1]), float(leads[-1]))
    if feature.type == "number":
        bounds = [0, *(np.flatnonzero(np.diff(marks[:-1])) + 1).tolist(), feature.missing]
        runs = [tuple(range(a, b)) for a, b in itertools.pairwise(bounds)]
        return (
            *(Row("range", run, int(marks[run[0]]), float(leads[list(run)].sum())) for run in runs),
            missing,
        )
    if feature.type == "boolean":
        return (*(Row("set", (k,), int(marks[k]), float(leads[k])) for k in range(2)), missing)
    return (*_sets(feature, marks, leads), missing)


def neutral_row(rows: Sequence[Row]) -> int:
    """Find the commonest rule; the first of them where several are as common.

    Examples
    --------
    >>> neutral_row([Row("range", (0,), 0, 5.0), Row("range", (1,), 1, 9.0), Row("missing", (2,), 2, 9.0)])
    1
    """
    return max(range(len(rows)), key=lambda k: (rows[k].leads, -k))


def _sets(feature: FeatureCodes, marks: NDArray[np.int64], leads: NDArray[np.float64]) -> list[Row]:
    """Put categories with the same mark in one set; those that go with *other* need not be listed."""
    other = feature.size - 2
    members = {int(m): [c for c in range(other) if marks[c] == m] for m in np.unique(marks[:-1])}
    with_other = members.pop(int(marks[other]))
    sets = [Row("set", tuple(codes), mark, float(leads[codes].sum())) for mark, codes in members.items()]
    rest = Row("other", (*with_other, other), int(marks[other]), float(leads[[*with_other, other]].sum()))
    in_order = any(code < feature.ranks for code in with_other)
    if with_other and (in_order or rest.leads >= max(float(leads[-1]), *(row.leads for row in sets), 0.0)):
        # The commonest rule is the neutral one: its categories are worth naming, and cost no row. Those that stand in
        # an order are named always: nobody would look for them under *other*.
        named = Row("set", tuple(with_other), rest.mark, float(leads[with_other].sum()))
        sets.append(named)
        rest = replace(rest, codes=(other,), leads=float(leads[other]))
    return [*sorted(sets, key=lambda row: row.codes), rest]
