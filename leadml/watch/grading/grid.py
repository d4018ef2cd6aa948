"""The grid of grades: how many leads stand in each cell of letter and digit, and how they converted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Any

from leadml.points.grading.grades import graded_dimensions, legend
from leadml.points.look import aligned, escaped, page, plain
from leadml.stats import wilson
from leadml.watch.grading import grid_wording as words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.table import PointTable
    from leadml.watch.threshold.counts import ScoreCounts

FEW = 20  # with fewer leads a cell says too little to be shown as a rate
COLUMNS = ("grade", "row", "column", "leads", "won", "rate", "low", "high", "enough")


@dataclass(frozen=True)
class Cell:
    """Leads of one letter and one digit.

    Parameters
    ----------
    row, column : str
        The letter and the digit; the column is empty where only one dimension is graded.
    leads, won : int or None
        None where the cell has so few leads that they were counted with those of other cells.
    """

    row: str
    column: str
    leads: int | None
    won: int | None

    @property
    def grade(self) -> str:
        """Letter and digit."""
        return f"{self.row}{self.column}"

    @property
    def enough(self) -> bool:
        """Whether there are leads enough to speak of a rate."""
        return self.leads is not None and self.leads >= FEW

    @property
    def rate(self) -> float | None:
        """The conversion rate, None where there is too little to say."""
        return self.won / self.leads if self.enough and self.leads and self.won is not None else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval by Wilson, None where there is too little to say."""
        return wilson(self.won, self.leads) if self.rate is not None and self.won is not None and self.leads else None


@dataclass(frozen=True)
class Grid:
    """The cells of all letters and digits.

    Parameters
    ----------
    rows, columns : tuple of str
        The grades of the first and of the second graded dimension, the best first; of further dimensions leads are
        counted together.
    names : tuple of (str, str)
        What these dimensions are called; the second is empty where there is one only.
    cells : tuple of Cell
        Row by row.
    leads, won : int
        All of them, those in cells with too few included.
    split : {"out-of-time", "random", "given"}
        Whether they are newer than those the table was learned from, or were set apart from these at random; of leads
        that somebody gave, nothing tells.
    legend : str
        What the grades mean.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    names: tuple[str, str]
    cells: tuple[Cell, ...]
    leads: int
    won: int
    split: str
    legend: str

    def cell(self, row: str, column: str = "") -> Cell:
        """Return one cell; KeyError where there is none."""
        return {(cell.row, cell.column): cell for cell in self.cells}[row, column]

    def by_row(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of each row, the best row first."""
        width = len(self.columns)
        for first in range(0, len(self.cells), width):
            yield self.cells[first : first + width]

    @property
    def sentence(self) -> str:
        """What the corners of the grid say, in a sentence."""
        return words.corners(self)

    @property
    def text(self) -> str:
        """The grid as plain text: leads, conversion rate and interval by cell."""
        head = ["", *(words.heading(self.names[1], column) for column in self.columns)]
        body = [[words.heading(self.names[0], r[0].row), *(words.cell_text(c) for c in r)] for r in self.by_row()]
        return "\n".join([self.sentence, "", *aligned([head, *body]), "", *self._notes()])

    def __str__(self) -> str:
        return self.text

    def frame(self) -> pd.DataFrame:
        """Return one row per cell: ``grade, row, column, leads, won, rate, low, high, enough``.

        Numbers are missing where a cell has so few leads that they were counted with others, rates where there is too
        little to say.
        """
        import pandas as pd

        frame = pd.DataFrame([self._fields(cell) for cell in self.cells], columns=list(COLUMNS))
        kinds = dict.fromkeys(("leads", "won"), "Int64") | dict.fromkeys(("rate", "low", "high"), "float64")
        return frame.astype(kinds | dict.fromkeys(("grade", "row", "column"), "str"))

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        told = {name: getattr(self, name) for name in ("leads", "won", "split", "legend")}
        names = {"dimensions": [name for name in self.names if name], "rows": list(self.rows)}
        cells = [self._fields(cell) for cell in self.cells]
        return {**names, "columns": list(self.columns), **told, "cells": cells}

    def plot(self) -> Picture:
        """Draw the grid as a map of heat."""
        picture: Picture = import_module("leadml.watch.pictures.grid").heat(self)
        return picture

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escaped(words.heading(self.names[1], c))}</th>' for c in self.columns)
        most = max((cell.rate for cell in self.cells if cell.rate is not None), default=0.0)
        body = "".join(
            f'<tr><th scope="row">{escaped(words.heading(self.names[0], row[0].row))}</th>'
            + "".join(_cell_html(cell, most) for cell in row)
            + "</tr>"
            for row in self.by_row()
        )
        notes = "".join(f'<p class="dim">{escaped(note)}</p>' for note in self._notes())
        table = f'<table class="grid"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'
        return page(f"<style>{_STYLE}</style><p>{escaped(self.sentence)}</p>{table}{notes}")

    def _fields(self, cell: Cell) -> dict[str, Any]:
        low, high = cell.interval or (None, None)
        found = {"grade": cell.grade, "row": cell.row, "column": cell.column, "leads": cell.leads, "won": cell.won}
        return {**found, "rate": cell.rate, "low": low, "high": high, "enough": cell.enough}

    def _notes(self) -> list[str]:
        return [words.measured_on(self.leads, self.won, self.split), plain(self.legend)]


def grid(counts: ScoreCounts, table: PointTable) -> Grid:
    """Lay the leads that a table was measured on out by letter and digit.

    Parameters
    ----------
    counts : ScoreCounts
        Leads, and won ones, by grade.
    table : PointTable
        The table that they were counted with.

    Returns
    -------
    Grid

    Raises
    ------
    UsageError
        If the table has no grades, or the counts are not by grade or by other grades.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> from leadml.watch.threshold.counts import GradeCount, ScoreCount, ScoreCounts
    >>> table = PointTable(name="acme", features=(), probability=Probability(-3.0, 0.05), top_cut=45,
    ...                    dimensions=(Dimension("fit", 40, (("A", 40), ("B", None))),
    ...                                Dimension("engagement", 9, (("2", 10), ("1", None)))))
    >>> counts = ScoreCounts((ScoreCount(9, None, 190, 31),), grades=(GradeCount("A2", 90, 27), GradeCount("B1", 85, 3),
    ...                      GradeCount("A1", 15, 1)))
    >>> found = grid(counts, table)
    >>> print(found.sentence)
    A2 converts at 30.0 % (21.5 to 40.1), B1 at 3.5 % (1.2 to 9.9).
    >>> found.cell("A", "1").leads, found.cell("A", "1").rate
    (15, None)
    """
    graded = graded_dimensions(table.dimensions)
    if not graded:
        raise words.no_grades(table.name)
    if counts.leads and not counts.grades:
        raise words.not_by_grade()
    labels = [[label for label, _ in dimension.grades] for dimension in graded]
    rows, columns = labels[0], labels[1] if len(labels) > 1 else [""]
    place = _places(labels)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in counts.grades:
        if row.grade is None:
            continue
        if row.grade not in place:
            raise words.other_grades(row.grade, table.name)
        leads, won = found.get(place[row.grade], (0, 0))
        found[place[row.grade]] = leads + row.leads, won + row.won
    nothing = (None, None) if any(row.grade is None for row in counts.grades) else (0, 0)
    cells = tuple(Cell(r, c, *found.get((r, c), nothing)) for r, c in product(rows, columns))
    names = (graded[0].name, graded[1].name if len(graded) > 1 else "")
    meaning = legend(table.dimensions)
    return Grid(tuple(rows), tuple(columns), names, cells, counts.leads, counts.won, counts.split, meaning)


def grid_of(table: PointTable, frame: pd.DataFrame, won: Any) -> Grid:
    """Lay leads out by letter and digit; see `grid`.

    Parameters
    ----------
    table : PointTable
        The table.
    frame : DataFrame of n leads
        Has a column for every feature.
    won : array_like of bool or 0/1, shape (n,)
        Their outcomes.
    """
    from leadml.points.value import check_tells_wins
    from leadml.watch.threshold.score_counts import score_counts

    check_tells_wins(table, "a grid of conversion rates")
    return replace(grid(score_counts(table, frame, won), table), split="given")


def _places(labels: list[list[str]]) -> Mapping[str, tuple[str, str]]:
    """Return the row and the column of every grade; refuse grades that read the same."""
    place: dict[str, tuple[str, str]] = {}
    for parts in product(*labels):
        cell = (parts[0], parts[1] if len(parts) > 1 else "")
        if place.setdefault("".join(parts), cell) != cell:
            raise words.grades_alike("".join(parts))
    return place


_STYLE = """.leadml .grid th,.leadml .grid td:first-child{min-width:0;white-space:nowrap;border:0;text-align:center}
.leadml .grid tbody th{vertical-align:middle;padding-left:0;text-align:left}
.leadml .grid tbody td{min-width:7.5em;height:4.2em;padding:.5em .7em;line-height:1.35;text-align:center;\
vertical-align:middle;border:2px solid transparent;background-clip:padding-box;border-radius:6px}
.leadml .grid b{display:block;font-size:17px}
.leadml .grid tbody tr:hover{background:none}
.leadml .grid td.few{background:repeating-linear-gradient(45deg,var(--soft) 0 5px,transparent 5px 10px);\
background-clip:padding-box}
.leadml .grid small{display:block;font-size:12px;opacity:.8}"""


def _cell_html(cell: Cell, most: float) -> str:
    if cell.rate is None or cell.interval is None:
        told = words.cell_text(cell).split(": ")
        return f'<td class="few">{"".join(f"<small>{escaped(line)}</small>" for line in told)}</td>'
    strength = 0.06 + 0.5 * (cell.rate / most if most else 0.0)
    shade = f"background-color:rgba(0,114,178,{strength:.2f})"
    low, high = cell.interval
    return (
        f'<td style="{shade}"><b>{words.percent(cell.rate)}</b>'
        f"<small>{words.span(low, high)}</small><small>{words.leads_of(cell.leads)}</small></td>"
    )
