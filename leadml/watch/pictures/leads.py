"""The picture of one lead: from the typical lead's points, rule by rule, to its score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadml.points import look
from leadml.points.words.languages import language_of
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import AMBER, GREY, INK, SKY
from leadml.watch.pictures.plots import drawable, new_figure
from leadml.watch.pictures.rule_rows import NAME_WIDTH

if TYPE_CHECKING:
    from leadml.points.leads.explanation import Explanation
    from leadml.watch.pictures.plots import Axes, Figure

TEXT_WIDTH = NAME_WIDTH + 12


def waterfall(found: Explanation, most: int = 12) -> Figure:
    """Draw how a lead comes to its score.

    Parameters
    ----------
    found : Explanation
        See `PointTable.explain`.
    most : int
        Rules drawn one by one, those that moved the score most; the others are summed in one bar.

    Returns
    -------
    matplotlib.figure.Figure
    """
    said = language_of(found.language)
    rows = [(row.text, row.points) for row in found.rows[:most]]
    rest = [row.points for row in found.rows[most:]]
    if len(rest) == 1:  # one rule takes no more room than saying that there is one more
        rows.append((found.rows[most].text, rest[0]))
    elif rest:
        rows.append((said.more_rules(len(rest)), sum(rest)))
    ends = (said.typical_lead(), found.base_points), (said.score(), found.score)
    return way(_title(found), _under(found), rows, *ends)


def way(
    title: str, under: str, rows: Sequence[tuple[str, int]], start: tuple[str, int], end: tuple[str, int]
) -> Figure:
    """Draw the way from one score to another, step by step.

    Parameters
    ----------
    title, under : str
        What stands above.
    rows : sequence of (str, int)
        What each step is, and its points.
    start, end : (str, int)
        What both scores are called, and how high they are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(8.6, 1.7 + 0.32 * (len(rows) + 2))
    shown = drawable(look.shortened(title, 84)), drawable(look.shortened(under, 100))
    drawing.headline_over_rows(figure, axes, *shown)
    reached = [start[1]]
    for at, (text, points) in enumerate(rows, 1):
        _bar(axes, at, text, reached[-1], points)
        reached.append(reached[-1] + points)
    last = len(rows) + 1
    for at, (name, points) in ((0, start), (last, end)):
        drawing.beside(axes, at, name, -8, fontweight="bold")
        axes.plot([points], [at], "D", color=INK, markersize=7, zorder=4)
        drawing.say(axes, (points, at), str(points), (8, 0), va="center", fontweight="bold")
    for at, points in enumerate(reached):
        axes.plot([points, points], [at, at + 1], color=GREY, linewidth=0.8, zorder=1)
    room = 0.09 * max(max(reached) - min(reached), 24)
    axes.set_xlim(min(reached) - room, max(reached) + room)
    axes.set_ylim(last + 0.7, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel(end[0])
    return figure


def _bar(axes: Axes, at: int, text: str, start: int, points: int) -> None:
    drawing.beside(axes, at, drawable(look.shortened(look.plain(text), TEXT_WIDTH)), -8)
    axes.barh(at, points, left=start, height=0.66, color=SKY if points > 0 else AMBER, zorder=2)
    side: tuple[int, str] = (5, "left") if points >= 0 else (-5, "right")
    drawing.say(axes, (start + points, at), drawing.points_text(points), (side[0], 0), ha=side[1], va="center")


def _title(found: Explanation) -> str:
    said = language_of(found.language)
    parts = [f"{said.score()} {found.score}", said.graded(found.grade) if found.grade else "", found.action or ""]
    title = ", ".join(look.plain(part) for part in parts if part)
    return title[:1].upper() + title[1:]


def _under(found: Explanation) -> str:
    said = language_of(found.language)
    chance = said.chance(said.number(f"{100 * found.probability:.1f}"))
    parts = ", ".join(f"{look.plain(name)} {points}" for name, points in found.sub_scores)
    return f"{chance}; {parts}"
