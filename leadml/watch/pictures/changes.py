"""The picture of one lead's change: from the score it had, reason by reason, to the one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points import look
from leadml.points.languages import language_of
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import AMBER, GREY, INK, SKY
from leadml.watch.pictures.plots import drawable, new_figure
from leadml.watch.pictures.rule_rows import NAME_WIDTH

if TYPE_CHECKING:
    from leadml.points.change import Change
    from leadml.watch.pictures.plots import Axes, Figure

TEXT_WIDTH = NAME_WIDTH + 12


def ledger(found: Change, most: int = 12) -> Figure:
    """Draw how a lead's score came from what it was to what it is.

    Parameters
    ----------
    found : Change
        See `PointTable.change`.
    most : int
        Reasons drawn one by one, in their order; the others are summed in one bar.

    Returns
    -------
    matplotlib.figure.Figure
    """
    said = language_of(found.language)
    rows = [(row.text, row.points) for row in found.rows[:most]]
    if rest := [row.points for row in found.rows[most:]]:
        rows.append((said.more_reasons(len(rest)), sum(rest)))
    figure, axes = new_figure(8.6, 1.7 + 0.32 * (len(rows) + 2))
    kinds = [(said.kind_of_change(kind), points) for kind, points in found.totals.items() if points]
    under = ", ".join(f"{head} {drawing.points_text(points)}" for head, points in kinds) or said.unchanged()
    title = drawable(look.shortened(found.headline, 84))
    drawing.headline_over_rows(figure, axes, title, drawable(look.shortened(under, 100)))
    reached = [found.before.score]
    for at, (text, points) in enumerate(rows, 1):
        _bar(axes, at, text, reached[-1], points)
        reached.append(reached[-1] + points)
    ends = (0, said.score_before(), found.before.score), (len(rows) + 1, said.score(), found.after.score)
    for at, name, points in ends:
        drawing.beside(axes, at, name, -8, fontweight="bold")
        axes.plot([points], [at], "D", color=INK, markersize=7, zorder=4)
        drawing.say(axes, (points, at), str(points), (8, 0), va="center", fontweight="bold")
    for at, points in enumerate(reached):
        axes.plot([points, points], [at, at + 1], color=GREY, linewidth=0.8, zorder=1)
    _frame(axes, reached, said.score())
    return figure


def _bar(axes: Axes, at: int, text: str, start: int, points: int) -> None:
    drawing.beside(axes, at, drawable(look.shortened(look.plain(text), TEXT_WIDTH)), -8)
    axes.barh(at, points, left=start, height=0.66, color=SKY if points > 0 else AMBER, zorder=2)
    side: tuple[int, str] = (5, "left") if points >= 0 else (-5, "right")
    drawing.say(axes, (start + points, at), drawing.points_text(points), (side[0], 0), ha=side[1], va="center")


def _frame(axes: Axes, reached: list[int], name: str) -> None:
    room = 0.09 * max(max(reached) - min(reached), 24)
    axes.set_xlim(min(reached) - room, max(reached) + room)
    axes.set_ylim(len(reached) + 0.7, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel(name)
