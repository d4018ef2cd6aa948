"""The picture of what differs between two point tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points import look
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, GREY, ORANGE, PALE
from leadml.watch.pictures.plots import drawable, new_figure

if TYPE_CHECKING:
    from leadml.points.differences.difference import Difference, Row
    from leadml.watch.pictures.plots import Axes, Figure

TEXT_WIDTH = 60


def difference(found: Difference, most: int = 40) -> Figure:
    """Draw the points of each changed row before and after, those that moved most first.

    Parameters
    ----------
    found : Difference
        See `PointTable.difference`.
    most : int
        Draw at most this many rows.

    Returns
    -------
    matplotlib.figure.Figure
        A hollow dot is before, a full one after; a row that only one of the tables has starts or ends at 0.
    """
    rows = sorted(found.rows, key=lambda row: -abs((row.after or 0) - (row.before or 0)))
    shown, left = rows[:most], len(rows[most:])
    figure, axes = new_figure(8.6, 1.6 + 0.28 * max(len(shown), 2))
    under = "points before (hollow) and after (full)"
    under += f"; not drawn: {left:,} rows that moved less" if left else ""
    title = drawable(look.shortened(look.plain(f"{found.old} → {found.new}"), 80))
    drawing.headline_over_rows(figure, axes, title, under)
    if not shown:
        return drawing.nothing(figure, axes, "no row has changed: nothing to draw")
    for at, row in enumerate(shown):
        _row(axes, at, row)
    axes.axvline(0, color=GREY, linewidth=0.9, zorder=1)
    axes.set_ylim(len(shown) - 0.4, -1.1)
    axes.margins(x=0.12)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel("points")
    drawing.beside(axes, -0.75, "leads", drawing.LEADS_AWAY, color=GREY)
    return figure


def _row(axes: Axes, at: int, row: Row) -> None:
    before, after = row.before or 0, row.after or 0
    colour = BLUE if after >= before else ORANGE
    text = look.shortened(look.plain(row.rule), TEXT_WIDTH)
    drawing.beside(axes, at, drawable(f"{text} ({row.change})" if row.change != "moved" else text), -8)
    drawing.beside(axes, at, f"{row.leads:,}", drawing.LEADS_AWAY, color=GREY)
    axes.plot([before, after], [at, at], color=colour, linewidth=2, zorder=2)
    if row.before is not None:
        axes.plot([before], [at], "o", markersize=6, zorder=4, markerfacecolor="white", markeredgecolor=colour)
    if row.after is not None:
        axes.plot([after], [at], "o", markersize=6, zorder=5, color=colour)
    moved = drawing.points_text(after - before)
    side = (8, "left") if after >= before else (-8, "right")
    drawing.say(axes, (after, at), moved, (side[0], 0), ha=side[1], va="center", color=colour)
