"""One lead's score then and now, and every row that makes up the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadml.points import look
from leadml.points.leads.moves import KINDS, Kind
from leadml.points.words.languages import DEFAULT, language_of
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.words.phrases import Language

COLUMNS = ("kind", "dimension", "rule", "text", "was", "points")
LONGEST = 76


@dataclass(frozen=True)
class State:
    """A lead's score, grade and action at one time."""

    score: int
    grade: str | None = None
    action: str | None = None


@dataclass(frozen=True)
class ChangeRow:
    """One reason why the score moved.

    Parameters
    ----------
    kind : {"elapsed", "input", "table"}
        Time has passed, something about the lead is new, or the table gives other points.
    dimension, rule : str
        The sub-score that moved, and the id of the rule or conjunction; empty for base points.
    text, was : str
        What holds now, and what held before, in words.
    points : int
        By how much; not 0.
    """

    kind: Kind
    dimension: str
    rule: str
    text: str
    was: str
    points: int


@dataclass(frozen=True)
class Change:
    """Why a lead's score is not what it was.

    Parameters
    ----------
    rows : tuple of ChangeRow
        By kind, those that moved it most first; their points sum to ``after.score - before.score``.
    before, after : State
        Then and now.
    exact : bool
        Whether it is known what time alone did. Else what cooled is told by the direction in which values moved.
    language : str
        The code of the language in which it is told.
    """

    rows: tuple[ChangeRow, ...]
    before: State
    after: State
    exact: bool
    language: str = DEFAULT

    @property
    def points(self) -> int:
        """The difference of the scores."""
        return self.after.score - self.before.score

    @property
    def totals(self) -> dict[Kind, int]:
        """The points of each kind of reason."""
        return {kind: sum(row.points for row in self.rows if row.kind == kind) for kind in KINDS}

    @property
    def text(self) -> str:
        """The same as plain text."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def frame(self) -> pd.DataFrame:
        """Return one row per reason: kind, dimension, rule, text, was, points."""
        import pandas as pd

        frame = pd.DataFrame([[getattr(row, c) for c in COLUMNS] for row in self.rows], columns=list(COLUMNS))
        return frame.astype({**dict.fromkeys(COLUMNS[:-1], "str"), "points": "int64"})

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"points": self.points, "totals": dict(self.totals)}

    def plot(self, most: int = 12) -> Picture:
        """Draw the way from the score that was to the one that is, the reasons after the first `most` summed."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.changes").ledger(self, most)
        return picture

    def _repr_html_(self) -> str:
        cell = look.escaped
        rows = []
        for kind, own in self._kinds():
            head = cell(self._said.kind_of_change(kind))
            total = sum(row.points for row in own)
            rows.append(f'<tr class="part"><th>{head}</th><th>{signed(total)}</th></tr>')
            for row in own:
                was = f'<br><span class="dim">{cell(self._said.before(row.was))}</span>' if row.was else ""
                way = "up" if row.points > 0 else "down"
                points = f'<td class="{way}">{signed(row.points)}</td>'
                rows.append(f'<tr class="rule"><td>{cell(row.text)}{was}</td>{points}</tr>')
        body = f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else f"<p>{cell(self._said.unchanged())}</p>"
        title = f'<p class="big"><b>{self.after.score}</b> <span class="dim">{cell(self.headline)}</span></p>'
        note = "" if self._sure else f'<p class="dim">{cell(self._said.a_reading())}</p>'
        return look.page(title + body + note)

    @property
    def _said(self) -> Language:
        return language_of(self.language)

    @property
    def _sure(self) -> bool:
        return self.exact or not any(row.kind == "elapsed" for row in self.rows)

    @property
    def headline(self) -> str:
        """Score, grade and action, then and now."""
        parts = [f"{self._said.score()} {self.before.score} → {self.after.score} ({signed(self.points)})"]
        if self.before.grade or self.after.grade:
            parts.append(self._said.graded(_arrow(self.before.grade, self.after.grade)))
        if self.before.action or self.after.action:
            parts.append(_arrow(self.before.action, self.after.action))
        return " | ".join(look.plain(part) for part in parts)

    def _kinds(self) -> Iterator[tuple[Kind, list[ChangeRow]]]:
        for kind in KINDS:
            if own := [row for row in self.rows if row.kind == kind]:
                yield kind, own

    def _lines(self) -> Iterator[str]:
        yield self.headline
        cells: list[tuple[str, str]] = []
        for kind, own in self._kinds():
            cells += [("", ""), (self._said.kind_of_change(kind), signed(sum(row.points for row in own)))]
            for row in own:
                cells.append((f"  {look.shortened(row.text, LONGEST)}", signed(row.points)))
                if row.was:
                    cells.append((f"    {look.shortened(self._said.before(row.was), LONGEST - 2)}", ""))
        yield from look.aligned(cells) if cells else ["", self._said.unchanged()]
        if not self._sure:
            yield from ["", self._said.a_reading()]


def _arrow(before: str | None, after: str | None) -> str:
    return (after or "-") if before == after else f"{before or '-'} → {after or '-'}"
