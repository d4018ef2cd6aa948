"""The words of the grid of grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.points.look import plain

if TYPE_CHECKING:
    from leadml.watch.grading.grid import Cell, Grid


def corners(grid: Grid) -> str:
    """Say how the best and the worst cell converted."""
    best, worst = grid.cells[0], grid.cells[-1]
    if best.rate is None and worst.rate is None:
        return f"{_name(best)} and {_name(worst)} have too few leads to say how they convert."
    if best.rate is None or worst.rate is None:
        return f"{_said(best)}; {_said(worst)}."
    return f"{_said(best)}, {_said(worst).replace(' converts', '', 1)}."


def _said(cell: Cell) -> str:
    if cell.rate is None or cell.interval is None:
        return f"{_name(cell)} has too few leads to say how they convert"
    return f"{_name(cell)} converts at {percent(cell.rate)} ({span(*cell.interval)})"


def _name(cell: Cell) -> str:
    return plain(cell.grade)


def heading(dimension: str, label: str) -> str:
    """Head a row or a column."""
    return plain(f"{dimension} {label}".strip())


def cell_text(cell: Cell) -> str:
    """Say what a cell holds."""
    if cell.rate is None or cell.interval is None:
        return "too few to say" if cell.leads is None else "no lead" if not cell.leads else _few(cell.leads)
    return f"{percent(cell.rate)} ({span(*cell.interval)}) of {cell.leads:,}"


def _few(leads: int) -> str:
    return f"too few to say: {leads_of(leads)}"


def percent(value: float) -> str:
    """Write a rate."""
    return f"{100 * value:.1f} %"


def span(low: float, high: float) -> str:
    """Write the ends of an interval, in percent."""
    return f"{100 * low:.1f} to {100 * high:.1f}"


def leads_of(leads: int | None) -> str:
    """Write how many leads."""
    return "" if leads is None else f"{leads:,} lead{'s' * (leads != 1)}"


def measured_on(leads: int, won: int, split: str) -> str:
    """Say which leads these are."""
    those = {"out-of-time": "newer leads than those learned from", "random": "leads set apart at random"}
    which = those.get(split, f"lead{'s' * (leads != 1)} given")
    return f"{leads:,} {which}, {won:,} won; in each cell the conversion rate, its 95 % interval, and the leads."


def picture_note(leads: int, won: int, split: str) -> str:
    """Say the same below the title of a picture."""
    newer = "newer " if split == "out-of-time" else ""
    return f"{leads:,} {newer}leads, {won:,} won; rate, 95 % interval, leads; hatched: too few to say"


def no_grades(table: str) -> UsageError:
    """Say that a table has no grades to lay leads out by."""
    return UsageError(f"The table {table!r} has no grades; a grid needs those of one dimension or more.")


def not_by_grade() -> UsageError:
    """Say that leads were not counted by grade."""
    return UsageError("These leads were counted by score, not by grade. Count them with table.grid(leads, won).")


def other_grades(grade: str, table: str) -> UsageError:
    """Say that counts are of another table."""
    return UsageError(f"The table {table!r} has no grade {grade!r}: the leads were counted with another table.")


def grades_alike(grade: str) -> UsageError:
    """Say that two cells have the same name."""
    return UsageError(f"Two cells of the grid are called {grade!r}. Give the grades labels that tell them apart.")
