"""A picture of how points fall as days pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, GREY, INK, ORANGE, SKY

if TYPE_CHECKING:
    from leadml.points.views.cooling import Cooling
    from leadml.watch.pictures.plots import Figure

BEYOND = 1.15  # the axis goes on a little beyond the last change
DASHES: tuple[Literal["-", "--", ":", "-."], ...] = ("-", "--", ":", "-.")
COLOURS = (BLUE, ORANGE, SKY, GREY, INK)


def cooling(found: Cooling) -> Figure:
    """Draw for each event what one is worth, by its age in days.

    Parameters
    ----------
    found : Cooling
        See `PointTable.cooling`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from leadml.watch.pictures.plots import new_figure

    figure, axes = new_figure(7.4, 4.3)
    drawing.headline(axes, "How points fall as days pass", "Points of one event against never, by its age in days")
    if not found.steps:
        return drawing.nothing(figure, axes)
    ends = [step.to_days for step in found.steps if step.to_days < float("inf")]
    last = BEYOND * max(ends, default=1.0)
    for k, event in enumerate(dict.fromkeys(step.event for step in found.steps)):
        mine = [step for step in found.steps if step.event == event]
        ages = [mine[0].from_days, *(min(step.to_days, last) for step in mine)]
        points = [*(step.points for step in mine), mine[-1].points]
        drawn = axes.step(ages, points, where="post", label=event.replace("_", " "), linewidth=1.8)[0]
        drawn.set_color(COLOURS[k % len(COLOURS)])
        drawn.set_linestyle(DASHES[k // len(COLOURS) % len(DASHES)])
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    axes.set_xlabel("days since the event")
    axes.set_ylabel("points")
    axes.locator_params(axis="y", integer=True)
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
