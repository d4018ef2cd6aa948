"""A picture of the grid of grades: a map of heat in which every cell says its rate, interval and leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import shortened
from leadml.watch.grading import grid_wording as words
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import GREY, INK, PALE

if TYPE_CHECKING:
    from leadml.watch.grading.grid import Cell, Grid
    from leadml.watch.pictures.plots import Axes, Figure

_LIGHT, _DARK = (0.93, 0.96, 0.98), (0.0, 0.447, 0.698)
_GAP = 0.03
_MIDDLE = 0.18  # on colours of less light white reads better than black


def heat(grid: Grid) -> Figure:
    """Draw a grid: darker cells convert better; hatched ones have too few leads to say.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    matplotlib.figure.Figure
    """
    from leadml.watch.pictures.plots import new_figure

    figure, axes = new_figure(2.4 + 1.5 * max(len(grid.columns), 3), 1.7 + 0.95 * len(grid.rows))
    drawing.headline(axes, "How leads of each grade converted", words.picture_note(grid.leads, grid.won, grid.split))
    most = max((cell.rate for cell in grid.cells if cell.rate is not None), default=0.0)
    for y, row in enumerate(grid.by_row()):
        for x, cell in enumerate(row):
            _cell(axes, x, y, cell, (cell.rate or 0.0) / most if most else 0.0)
    columns = [shortened(words.heading(grid.names[1], column), 24) for column in grid.columns]
    rows = [shortened(words.heading(grid.names[0], row), 24) for row in grid.rows]
    axes.set_xticks(range(len(columns)), columns, fontsize=9.5)
    axes.set_yticks(range(len(rows)), rows, fontsize=9.5)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_parse_math(False)
    axes.tick_params(length=0)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel(shortened(grid.legend, 110), fontsize=8.5, color=GREY, loc="left", labelpad=8).set_parse_math(False)
    return figure


def _cell(axes: Axes, x: int, y: int, cell: Cell, strength: float) -> None:
    from matplotlib.patches import Rectangle

    side = 1 - 2 * _GAP
    if cell.rate is None or cell.interval is None:
        axes.add_patch(
            Rectangle((x - side / 2, y - side / 2), side, side, facecolor="white", edgecolor=PALE, hatch="///")
        )
        text = words.cell_text(cell).replace(": ", "\n")
        note = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        drawing.say(axes, (x, y), text, ha="center", va="center", fontsize=8, color=GREY, bbox=note)
        return
    colour = tuple(a + (b - a) * strength for a, b in zip(_LIGHT, _DARK, strict=True))
    axes.add_patch(Rectangle((x - side / 2, y - side / 2), side, side, facecolor=colour, edgecolor="none"))
    ink = "white" if _light(colour) < _MIDDLE else INK
    drawing.say(axes, (x, y), words.percent(cell.rate), (0, 7), ha="center", fontsize=12, fontweight="bold", color=ink)
    drawing.say(axes, (x, y), words.span(*cell.interval), (0, -7), ha="center", fontsize=8.5, color=ink)
    drawing.say(axes, (x, y), words.leads_of(cell.leads), (0, -20), ha="center", fontsize=8.5, color=ink)


def _light(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
