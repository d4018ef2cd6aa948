"""A picture of what changes of a table gain or cost: a row each, AUC first, wins in the top fifth beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadml.points.look import plain, shortened
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, GREY, INK, ORANGE, PALE

if TYPE_CHECKING:
    from leadml.points.figures import Figure as Measured
    from leadml.watch.pictures.plots import Axes, Figure

LONGEST = 40
PANELS = ("AUC", "wins in the top fifth")


def effects(title: str, under: str, rows: Sequence[tuple[str, str, Measured, Measured]]) -> Figure:
    """Draw changes with their intervals.

    Parameters
    ----------
    title, under : str
        The headline, and the line below it.
    rows : sequence of (str, str, Figure, Figure)
        The row in words, the change of its points, AUC more, wins more in the top fifth.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from leadml.watch.pictures.plots import new_figure

    height = 1.9 + 0.36 * max(len(rows), 1)
    figure, axes = new_figure(9.4, height)
    if not rows:
        drawing.headline(axes, shortened(plain(title), 80), under)
        return drawing.nothing(figure, axes, "no edit pays")
    head: dict[str, Any] = {"transform": figure.transFigure, "clip_on": False, "parse_math": False}
    axes.text(0.03, 1 - 0.32 / height, shortened(plain(title), 80), fontsize=12, fontweight="bold", color=INK, **head)
    axes.text(0.03, 1 - 0.56 / height, under, fontsize=9, color=GREY, **head)
    bottom, size = 0.62 / height, 1 - 1.4 / height
    axes.set_position((0.4, bottom, 0.27, size))
    second = figure.add_axes((0.7, bottom, 0.27, size))
    _panel(axes, [auc for _, _, auc, _ in rows], PANELS[0])
    _panel(second, [wins for _, _, _, wins in rows], PANELS[1])
    for place, (rule, change, *_) in enumerate(rows):
        drawing.beside(axes, place, f"{shortened(plain(rule), LONGEST)}{change and ': '}{change}", -8)
    return figure


def _panel(axes: Axes, figures: Sequence[Measured], name: str) -> None:
    for place, figure in enumerate(figures):
        if figure.value is None or figure.low is None or figure.high is None:
            drawing.say(axes, (0, place), "not known", ha="center", va="center", color=GREY)
            continue
        colour = BLUE if figure.low > 0 else ORANGE if figure.high < 0 else GREY
        axes.plot([figure.low, figure.high], [place, place], color=colour, linewidth=1.5, marker="|", markersize=7)
        axes.plot([figure.value], [place], "o", color=colour, markersize=5)
    axes.axvline(0, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set_ylim(len(figures) - 0.4, -0.6)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(f"{name}: more", fontsize=9)
