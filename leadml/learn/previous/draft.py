"""A draft: the rules of a table on their way to the next one, as groups of codes with the log-odds they are given.

Each rule of the previous table is a group, whatever its points; a part is a feature, or a conjunction with its two
groups (holds not, holds). A group is *free* once the evidence asks for other points; all others keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.previous.columns import Column
    from leadml.points.rules import Interaction, Rule
    from leadml.points.table import PointTable

LEAST_TOLD = 4.0  # the sum of p (1 - p) from which on leads tell enough of a row for tests to be trusted


@dataclass(frozen=True, eq=False)
class Part:
    """A feature or a conjunction.

    Parameters
    ----------
    feature : FeatureCodes or None
        The feature; None for a conjunction.
    group_of : ndarray of shape (n_codes,)
        The group of each code.
    centre : ndarray of shape (n_groups,)
        The log-odds that the previous table gives each group.
    seen : ndarray of shape (n_groups,)
        What the leads behind the previous table told of each group: the sum of p (1 - p) over them.
    neutral : int
        The group that has 0 points and stays so.
    whole : ndarray of shape (n_groups,)
        Which groups cannot be split: conditions of conjunctions, and whatever is no range and no set of categories.
    unheard : ndarray of shape (n_groups,)
        Which groups are categories that hardly a lead behind the previous table had: *other*, and what leaves it.
    """

    feature: FeatureCodes | None
    group_of: NDArray[np.int64]
    centre: NDArray[np.float64]
    seen: NDArray[np.float64]
    neutral: int
    whole: NDArray[np.bool_]
    unheard: NDArray[np.bool_]

    @property
    def groups(self) -> int:
        """Count the groups."""
        return len(self.centre)

    @property
    def unheard_other(self) -> int | None:
        """Give the group of *other* if it is unheard; what its leads are worth says nothing of categories to come."""
        if self.feature is None or self.feature.other is None:
            return None
        rest = int(self.group_of[self.feature.other])
        return rest if self.unheard[rest] else None

    def split(self, codes: NDArray[np.bool_]) -> Part:
        """Make codes of one group a group of their own, the last one, with the same log-odds."""
        old = int(self.group_of[codes][0])
        return replace(
            self,
            group_of=np.where(codes, self.groups, self.group_of),
            centre=np.append(self.centre, self.centre[old]),
            seen=np.append(self.seen, 0.0),
            whole=np.append(self.whole, self.feature is None or self.feature.type == "boolean"),
            unheard=np.append(self.unheard, self.unheard[old]),
        )


@dataclass(frozen=True, eq=False)
class Draft:
    """Parts with what is free in them.

    Parameters
    ----------
    parts : tuple of Part
        Features, then conjunctions.
    free : tuple of tuple of (int, int)
        What the evidence has freed, step by step: parts and groups in them.
    fixed : frozenset of (int, int)
        Groups whose points are pinned: they are never split, and free from the beginning, so that points that a person
        has chosen are not taken for log-odds.
    point : float
        The log-odds that one point of the previous table is worth.
    """

    parts: tuple[Part, ...]
    free: tuple[tuple[tuple[int, int], ...], ...] = ()
    fixed: frozenset[tuple[int, int]] = frozenset()
    point: float = 0.0

    @property
    def moving(self) -> list[tuple[int, int]]:
        """List the groups that are free, in the order in which they were freed."""
        return list(dict.fromkeys(group for step in self.free for group in step))

    def freeing(self, groups: Sequence[tuple[int, int]]) -> Draft:
        """Free further groups."""
        return replace(self, free=(*self.free, tuple(groups)))

    def parting(self, part: int, codes: NDArray[np.bool_]) -> Draft:
        """Split a group in two."""
        parts = list(self.parts)
        parts[part] = parts[part].split(codes)
        return replace(self, parts=tuple(parts))

    def splitting(self, part: int, codes: NDArray[np.bool_]) -> Draft:
        """Split a group in two and free the new one."""
        draft = self.parting(part, codes)
        return draft.freeing([(part, draft.parts[part].groups - 1)])

    def pinning(self, groups: frozenset[tuple[int, int]]) -> Draft:
        """Keep the points of groups as they are pinned."""
        return replace(self, fixed=groups).freeing(sorted(groups)) if groups else self

    def worth(self, factor: float) -> Draft:
        """Let a point be worth more or less log-odds."""
        parts = tuple(replace(part, centre=part.centre * factor) for part in self.parts)
        return replace(self, parts=parts, point=self.point * factor)

    def score(self, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Give the log-odds of leads by the previous points, but for a constant."""
        total = np.zeros(codes.shape[1])
        for row, part in zip(codes, self.parts, strict=True):
            if part.centre.any():
                total += part.centre[part.group_of][row]
        return total

    def design(self, codes: NDArray[np.int16], mean: float) -> NDArray[np.float64]:
        """Write what is fitted, one row each: the constant, the previous score, and an indicator per free group."""
        rows = [np.ones(codes.shape[1]), self.score(codes) - mean]
        rows += [(self.parts[p].group_of[codes[p]] == g).astype(np.float64) for p, g in self.moving]
        return np.stack(rows)


def begun(table: PointTable, columns: Sequence[Column]) -> Draft:
    """Start from a table as it is.

    Parameters
    ----------
    table : PointTable
        The previous table.
    columns : sequence of Column
        Its features, in its order, and further ones.

    Returns
    -------
    Draft
        Nothing in it is free.
    """
    point = table.probability.slope
    conditions = {condition for row in table.interactions for condition in row.conditions}
    parts = []
    for column in columns:
        known = column.known
        if known is None:
            alone, no = np.zeros(1), np.zeros(1, dtype=bool)
            parts.append(Part(column.feature, column.rule_of, alone, alone, 0, no, no))
            continue
        whole = [r.id in conditions or r.kind == "missing" or known.type == "boolean" for r in known.rules]
        centre = np.array([rule.points * point for rule in known.rules])
        neutral = known.rules.index(known.neutral)
        seen = np.array([told_by(rule) for rule in known.rules])
        unheard = [rule.kind == "other" and told < LEAST_TOLD for rule, told in zip(known.rules, seen, strict=True)]
        parts.append(Part(column.feature, column.rule_of, centre, seen, neutral, np.array(whole), np.array(unheard)))
    for row in table.interactions:
        centre, seen = np.array([0.0, row.points * point]), np.array([0.0, told_by(row)])
        parts.append(Part(None, np.arange(2), centre, seen, 0, np.ones(2, dtype=bool), np.zeros(2, dtype=bool)))
    return Draft(tuple(parts), point=point)


def told_by(row: Rule | Interaction) -> float:
    """Say how much the leads behind a row told of it: the sum of p (1 - p).

    Examples
    --------
    >>> from leadml.points.rules import Rule
    >>> round(told_by(Rule("a:0", "missing", 3, leads=99, won=49)), 2)
    24.75
    """
    rate = (row.won + 0.5) / (row.leads + 1)
    return row.leads * rate * (1 - rate)


def conjunction_codes(table: PointTable, columns: Sequence[Column]) -> list[NDArray[np.int16]]:
    """Tell for each conjunction of a table for which leads it holds."""
    holding = {}
    for column in columns:
        for k, rule in enumerate(column.known.rules if column.known is not None else ()):
            holding[rule.id] = (column, k)
    rows = []
    for row in table.interactions:
        sides = [holding[condition] for condition in row.conditions]
        rows.append(np.logical_and.reduce([c.rule_of[c.codes] == k for c, k in sides]).astype(np.int16))
    return rows
