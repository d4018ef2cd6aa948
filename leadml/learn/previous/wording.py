"""What changed against the previous table, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.errors import UsageError
from leadml.learn.previous.written import condition
from leadml.points.look import plain
from leadml.points.words.reasons import interaction_text, rule_text, signed, text_of

if TYPE_CHECKING:
    from leadml.learn.previous.columns import Column
    from leadml.learn.previous.draft import Draft
    from leadml.learn.previous.fitting import Seen
    from leadml.learn.previous.moves import Points
    from leadml.points.table import PointTable


def no_table(seen: str) -> UsageError:
    """Refuse to start from anything but a point table."""
    return UsageError(
        f"previous is a {seen}; it must be a PointTable, such as PointTable.load('point_table.json') gives, or None."
    )


def columns_gone(columns: Sequence[str], there: Sequence[str]) -> UsageError:
    """Refuse to lose rules because a column is not in the leads."""
    several, it = len(columns) > 1, "them" if len(columns) > 1 else "it"
    return UsageError(
        f"The previous table has rules on {', '.join(map(repr, columns))}, but the leads have no such "
        f"column{'s' * several}; they have {', '.join(map(repr, sorted(there)))}. Give the column{'s' * several}, or "
        f"take the rules out on purpose: previous=table.without({list(columns)!r}) in Python; on the command line, add "
        f"{it} to the leads as empty column{'s' * several} and --drop {it}, or leave --previous away."
    )


def dimension_differs(column: str, before: str, now: str) -> UsageError:
    """Refuse to move a feature to another dimension while its points are to stay."""
    return UsageError(
        f"{column!r} belongs to the dimension {before!r} in the previous table and to {now!r} now, so that grades "
        f"would change their meaning. Keep it in {before!r}, or learn without previous."
    )


def nothing_to_start_from() -> str:
    """Say that a table without points cannot be started from."""
    return "The previous table has no points to start from: learned afresh."


def not_held(what: str) -> str:
    """Say that the previous table cannot keep to what is declared now."""
    return f"Learned afresh: with the rows of the previous table, {what} does not hold."


def afresh(gain: float, error: float, leads: int) -> str:
    """Say that so much has changed that a fresh table does clearly better."""
    return (
        f"Learned afresh: on {leads:,} leads, each left out in turn, a table of their own has a log-loss less by "
        f"{gain:.5f} (standard error {error:.5f}) than the previous one with every change that it asks for."
    )


@dataclass(frozen=True, eq=False)
class Sentences:
    """What the sentences are made of.

    Parameters
    ----------
    table : PointTable
        The previous table.
    columns : sequence of Column
        Its features, and further ones.
    draft : Draft
        What was free to move.
    points : Points
        Where it moved.
    told : mapping
        The evidence for each step, as a standard normal deviate.
    seen : Seen
        The leads.
    """

    table: PointTable
    columns: Sequence[Column]
    draft: Draft
    points: Points
    told: Mapping[tuple[tuple[int, int], ...], float]
    seen: Seen

    def all(self) -> Iterator[str]:
        """Give one sentence for each row that is new, gone, or has other points."""
        evidence = {group: z for step in self.draft.free for group in step if (z := self.told.get(step)) is not None}
        if self.points.shrunk != 1.0:
            yield (
                f"The scale has changed: scores would have spanned far too much, so a point is worth "
                f"{self.points.shrunk:.1f} times as much as before, and base points, grades and actions are new."
            )
        for p, part in enumerate(self.draft.parts):
            leads = np.bincount(part.group_of[self.seen.codes[p]], minlength=part.groups)
            for g, now in enumerate(self.points.of[p].tolist()):
                before = self._before(p, g)
                if now == (self._parent(p, g) if before is None else before):
                    continue
                was = self._parent(p, g) if before is None else before
                moved = f"{'new, ' if before is None else ''}{signed(was)} → {signed(now)}"
                why = "the scale" if self.points.shrunk != 1.0 else "to hold what is declared"
                why = f"evidence z = {evidence[p, g]:.1f}" if (p, g) in evidence else why
                if (p, g) in self.points.beyond:
                    why = "it earns least, and there may be no more rules"
                yield f"{self._named(p, g)}: {moved}, {leads[g]:,} leads, {why}."

    def _before(self, p: int, g: int) -> int | None:
        """Give the previous points of a group; None where there was no such row."""
        if p >= len(self.columns):
            return self.table.interactions[p - len(self.columns)].points if g else 0
        known = self.columns[p].known
        if known is None:
            return 0 if g == 0 else None
        return known.rules[g].points if g < len(known.rules) else None

    def _parent(self, p: int, g: int) -> int:
        """Give the points that the leads of a new row had before."""
        known = self.columns[p].known
        if known is None:
            return 0
        code = int(np.flatnonzero(self.draft.parts[p].group_of == g)[0])
        return known.rules[int(self.columns[p].rule_of[code])].points

    def _named(self, p: int, g: int) -> str:
        if p >= len(self.columns):
            return plain(interaction_text(self.table, self.table.interactions[p - len(self.columns)]))
        column = self.columns[p]
        if column.known is not None and g < len(column.known.rules):
            return text_of(column.known, column.known.rules[g])
        codes = np.flatnonzero(self.draft.parts[p].group_of == g)
        kind, lo, hi, values = condition(column.feature, codes)
        return rule_text(
            column.feature.name, column.feature.type, kind, lo, hi, values, integral=column.feature.integral
        )
