"""A picture of two tables on the same leads: how their fifths convert, and what remains of the differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain, shortened
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import AMBER, GREY, INK, PALE, SKY

if TYPE_CHECKING:
    from leadml.points.figures import Figure as Measured
    from leadml.watch.comparison.compared import Comparison
    from leadml.watch.pictures.plots import Axes, Figure

LONGEST = 28
BAR = 0.38


def compared(found: Comparison) -> Figure:
    """Draw the conversion rate of each fifth by both tables, and below it each difference with its interval.

    Parameters
    ----------
    found : Comparison
        See `leadml.watch.comparison.comparison.compare`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from leadml.watch.pictures.plots import new_figure

    figure, axes = new_figure(7.6, 6.2)
    names = [shortened(plain(name), LONGEST) for name in found.names]
    under = f"Conversion by fifth of the same {found.leads:,} leads, best score first; whiskers: 95 % interval"
    drawing.headline(axes, f"{names[0]} and {names[1]}", under)
    if not found.won:
        return drawing.nothing(figure, axes)
    axes.set_position((0.1, 0.47, 0.86, 0.4))
    for k, (side, colour) in enumerate(zip(found.sides, (SKY, AMBER), strict=True)):
        at = [row.part + (k - 0.5) * (BAR + 0.02) for row in side.bands]
        rates = [100 * row.rate for row in side.bands]
        axes.bar(at, rates, width=BAR, color=colour, label=names[k], zorder=2)
        drawing.whiskers(axes, at, rates, [(100 * row.low, 100 * row.high) for row in side.bands])
    axes.set_ylabel("won, %")
    axes.set_xticks([row.part for row in found.sides[0].bands])
    axes.set_xlabel("fifth of the leads by each table's score")
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=9, loc="upper right")
    for k, gap in enumerate(found.gaps):
        _difference(figure.add_axes((0.1 + 0.3 * k, 0.12, 0.25, 0.16)), gap)
    return figure


def _difference(axes: Axes, gap: Measured) -> None:
    """Draw a difference with its interval, and the line where there is none."""
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.set_title(gap.name, fontsize=9.5, color=INK, loc="left")
    axes.axvline(0, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)))
    if gap.value is None or gap.low is None or gap.high is None:
        axes.set_xlabel("not known", fontsize=8.5)
        return
    axes.plot([gap.low, gap.high], [0, 0], color=INK, linewidth=1.4, marker="|", markersize=9)
    axes.plot([gap.value], [0], "o", color=INK, markersize=5.5)
    widest = 1.25 * max(abs(gap.low), abs(gap.high), 1e-9)
    axes.set_xlim(-widest, widest)
    axes.set_ylim(-1, 1)
    axes.locator_params(axis="x", nbins=4)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel("first table minus second", fontsize=8.5)
