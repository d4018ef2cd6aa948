"""How leads became rows: how many were left out on the way, and why; the counts sum to the total exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.history.moments import wording
from leadml.points.look import aligned, escaped, html_rows, page

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

HEAD = ("", "leads left out", "rows left out", "leads", "rows")


@dataclass(frozen=True)
class Step:
    """One reason for leaving rows out.

    Parameters
    ----------
    said : str
        The reason.
    leads : int
        Leads that lost their last row by it.
    rows : int
        Rows left out: scoring moments of leads.
    """

    said: str
    leads: int
    rows: int


@dataclass(frozen=True)
class Funnel:
    """How leads became rows.

    Parameters
    ----------
    leads, rows : int
        Leads in the source, and rows that they could make: one for each scoring moment.
    steps : tuple of Step
        What was left out, in this order.
    said : str
        What the remaining rows are.
    won, lost : int or None
        The remaining rows by outcome; None where leads are to be scored.
    notes : tuple of str
        What else was odd in the data.

    Raises
    ------
    DataError
        If the counts do not add up.

    Examples
    --------
    >>> funnel = Funnel(5, 5, (Step("decided before their scoring moment", 2, 2),), "rows to learn from", 1, 2)
    >>> funnel.leads_left, funnel.rows_left
    (3, 3)
    >>> print(funnel.text)
    How 5 leads became 3 rows to learn from (1 won, 2 lost)
                                         leads left out  rows left out  leads  rows
    in the source                                                           5     5
    decided before their scoring moment              -2             -2      3     3
    """

    leads: int
    rows: int
    steps: tuple[Step, ...]
    said: str
    won: int | None = None
    lost: int | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.leads_left < 0 or any(min(step.leads, step.rows) < 0 for step in self.steps):
            raise wording.does_not_sum("leads", 0, self.leads_left)
        if self.won is not None and self.lost is not None and self.won + self.lost != self.rows_left:
            raise wording.does_not_sum("rows", self.won + self.lost, self.rows_left)

    @property
    def leads_left(self) -> int:
        """Leads that have a row."""
        return self.leads - sum(step.leads for step in self.steps)

    @property
    def rows_left(self) -> int:
        """Rows that remain."""
        return self.rows - sum(step.rows for step in self.steps)

    @property
    def title(self) -> str:
        """The whole in one line."""
        by = "" if self.won is None else f" ({self.won:,} won, {self.lost:,} lost)"
        return f"How {_many(self.leads, 'lead')} became {self.rows_left:,} {self.said}{by}"

    def without(self, said: str, leads: int, rows: int, outcomes: tuple[int, int]) -> Funnel:
        """Return it with one more reason for leaving rows out; given are those won and lost that remain.

        Examples
        --------
        >>> funnel = Funnel(5, 5, (), "rows to learn from", 2, 3).without("too young", 1, 2, (1, 2))
        >>> funnel.leads_left, funnel.rows_left
        (4, 3)
        """
        won, lost = outcomes
        return replace(self, steps=(*self.steps, Step(said, leads, rows)), won=won, lost=lost)

    def frame(self) -> pd.DataFrame:
        """Return it as a table: the source, then one line per step.

        Returns
        -------
        DataFrame with columns said, leads_left_out, rows_left_out, leads, rows
        """
        import pandas as pd

        columns = ["said", "leads_left_out", "rows_left_out", "leads", "rows"]
        return pd.DataFrame(self._lines(), columns=columns)

    @property
    def text(self) -> str:
        """The table in words, for a terminal."""
        rows = [HEAD, *_shown(self._lines())]
        notes = [f"Note: {note}." for note in self.notes]
        return "\n".join([self.title, *aligned(rows), *notes])

    def _repr_html_(self) -> str:
        table = html_rows(HEAD, _shown(self._lines()))
        notes = "".join(f'<p class="dim">{escaped(note)}.</p>' for note in self.notes)
        return page(f"<p><b>{escaped(self.title)}</b></p>{table}{notes}")

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "leads": self.leads,
            "rows": self.rows,
            "steps": [{"said": step.said, "leads": step.leads, "rows": step.rows} for step in self.steps],
            "said": self.said,
            "won": self.won,
            "lost": self.lost,
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Funnel:
        """Take back what `to_dict` returned; a DataError says if it is none, or does not add up."""
        try:
            steps = tuple(Step(step["said"], step["leads"], step["rows"]) for step in given["steps"])
            rest = (given["won"], given["lost"], tuple(given["notes"]))
            return cls(given["leads"], given["rows"], steps, given["said"], *rest)
        except (KeyError, TypeError) as fault:
            raise wording.no_funnel(fault) from fault

    def _lines(self) -> list[tuple[str, int, int, int, int]]:
        lines = [("in the source", 0, 0, self.leads, self.rows)]
        for step in self.steps:
            *_, leads, rows = lines[-1]
            lines.append((step.said, step.leads, step.rows, leads - step.leads, rows - step.rows))
        return lines


class Sieve:
    """Counts what is left out, step by step.

    Parameters
    ----------
    leads : int
        Leads in the source.
    moments : int
        Rows that each of them could make.

    Examples
    --------
    >>> sieve = Sieve(leads=2, moments=2)
    >>> sieve.leave_out("never entered MQL", np.array([0, 1, 1]))
    >>> sieve.steps
    [Step(said='never entered MQL', leads=1, rows=3)]
    """

    def __init__(self, leads: int, moments: int) -> None:
        self.steps: list[Step] = []
        self._total = leads * moments
        self._left: NDArray[np.int64] = np.full(leads, moments, dtype=np.int64)

    def leave_out(self, said: str, lead: NDArray[np.int64]) -> None:
        """Count rows that are left out, given the lead of each."""
        left = self._left - np.bincount(lead, minlength=len(self._left))
        self.steps.append(Step(said, int(((left == 0) & (self._left > 0)).sum()), len(lead)))
        self._left = left

    def funnel(self, said: str, outcomes: tuple[int, int] | None = None, notes: tuple[str, ...] = ()) -> Funnel:
        """Return the counts; see `Funnel`."""
        won, lost = (None, None) if outcomes is None else outcomes
        return Funnel(len(self._left), self._total, tuple(self.steps), said, won, lost, notes)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _shown(lines: list[tuple[str, int, int, int, int]]) -> list[tuple[str, ...]]:
    texts: list[tuple[str, ...]] = [
        (said, *(f"{-n:,}" for n in counts[:2]), *(f"{n:,}" for n in counts[2:])) for said, *counts in lines
    ]
    said, *_, leads, rows = texts[0]
    return [(said, "", "", leads, rows), *texts[1:]]
