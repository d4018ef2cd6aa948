"""The strokes that the pictures share: headline, notes, whiskers, and the rows of the picture of points.

Colours are those of Okabe and Ito, which colour-blind people can tell apart; no picture needs its colours to
be understood.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadml.watch.pictures.plots import Axes, Figure
    from leadml.watch.pictures.rule_rows import RuleRow

BLUE, ORANGE = "#0072B2", "#D55E00"  # lines and marks
SKY, AMBER = "#56B4E9", "#E69F00"  # bars, on which dark whiskers stay visible
GREY, INK, PALE = "#6E6E6E", "#222222", "#D9D9D9"
DASHED: dict[str, Any] = {"color": GREY, "linewidth": 1.2, "linestyle": (0, (5, 3))}


def headline(axes: Axes, title: str, under: str) -> None:
    """Write a bold title and a line of explanation below it."""
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", color=INK, pad=22)
    say(axes, (0, 1), under, (0, 8), xycoords="axes fraction", fontsize=9, color=GREY)


def headline_over_rows(figure: Figure, axes: Axes, title: str, under: str) -> None:
    """Write the same at the left edge of the figure: names of rows stand left of the axes, and take their room."""
    head = figure.suptitle(f"{title}\n", x=0.01, ha="left", fontsize=12, fontweight="bold", color=INK)
    head.set_parse_math(False)
    note = axes.annotate(
        under, (0, 0), (0, 3), xycoords=head, textcoords="offset points", fontsize=9, color=GREY, annotation_clip=False
    )
    note.set_parse_math(False)
    note.set_in_layout(False)


def nothing(figure: Figure, axes: Axes, why: str = "no lead was won: nothing to draw") -> Figure:
    """Say that there is nothing to draw."""
    axes.set_axis_off()
    say(axes, (0.5, 0.5), why, xycoords="axes fraction", ha="center", va="center", fontsize=10, color=GREY)
    return figure


def say(axes: Axes, at: tuple[float, float], text: str, away: tuple[float, float] = (0, 0), **style: Any) -> None:
    """Write at a point, so many printer's points away; ``$`` is a dollar, not the start of mathematics."""
    look: dict[str, Any] = {"fontsize": 8.5, "color": INK, "annotation_clip": False} | style
    note = axes.annotate(text, at, away, textcoords="offset points", **look)
    note.set_parse_math(False)


def whiskers(
    axes: Axes,
    x: Sequence[float],
    y: Sequence[float],
    limits: Sequence[tuple[float, float]],
    colour: str = INK,
) -> None:
    """Draw the interval of each point upright."""
    below = [max(v - low, 0) for v, (low, _) in zip(y, limits, strict=True)]
    above = [max(high - v, 0) for v, (_, high) in zip(y, limits, strict=True)]
    axes.errorbar(x, y, yerr=[below, above], fmt="none", ecolor=colour, elinewidth=1.2, capsize=3, zorder=3)


def beside(axes: Axes, row: float, text: str, away: float, **style: Any) -> None:
    """Write in a row, to the left of the axes (`away` negative) or to their right, flush right."""
    edge = 0 if away < 0 else 1
    look = {"ha": "right", "va": "center"} | style
    say(axes, (edge, row), text, (away, 0), xycoords=axes.get_yaxis_transform(), **look)


def rule_row(axes: Axes, row: float, rule: RuleRow, dots: Sequence[float] = ()) -> None:
    """Draw one rule: its name, its bar with whiskers and points, how many leads and how they converted.

    The points stand beyond the dots that are to be drawn over the row.
    """
    beside(axes, row, rule.name, -8, color=INK if rule.points else GREY)
    beside(axes, row, f"{rule.leads:,}", LEADS_AWAY, color=GREY)
    if math.isfinite(rule.rate):
        beside(axes, row, percent(100 * rule.rate), WON_AWAY, color=GREY)
    if rule.neutral:
        axes.plot([0], [row], "o", markerfacecolor="white", markeredgecolor=GREY, markersize=5, zorder=4, clip_on=False)
        return
    colour = SKY if rule.points > 0 else AMBER
    fill = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.4} if rule.weak else {"color": colour}
    axes.barh(row, rule.points, height=0.72, zorder=2, **fill)
    ends = [end for end in (0, rule.points, rule.low, rule.high, *dots) if math.isfinite(end)]
    if math.isfinite(rule.low) and math.isfinite(rule.high):
        span = [rule.low, rule.high]
        axes.plot(span, [row, row], color=INK, linewidth=1.1, marker="|", markersize=5, zorder=3)
    text = points_text(rule.points)
    end = min(ends) if rule.points < 0 else max(ends)
    away = 5 + DOT * (end in dots)
    if rule.points < 0:
        say(axes, (end, row), text, (-away, 0), ha="right", va="center")
    else:
        say(axes, (end, row), text, (away, 0), va="center")


LEADS_AWAY, WON_AWAY = 52, 96
LEFT, RIGHT = 0.16, 0.09  # of the width: names of rows stand close to the left end, figures far from the right one
DOT = 4  # printer's points from the middle of the largest dot to its rim


def how_to_read(rules: Sequence[RuleRow]) -> str:
    """Say what the strokes of rows of rules mean."""
    weak = "; outline: weak, the interval spans 0" if any(rule.weak for rule in rules) else ""
    return f"whiskers: 95 % interval; ring: the neutral rule, 0 points{weak}"


def frame_of_rules(axes: Axes, last: float, rules: Sequence[RuleRow], dots: Sequence[float] = ()) -> None:
    """Fit the axes around the rows of rules and dots, with room for the numbers beside the bars."""
    ends = [end for rule in rules for end in (rule.points, rule.low, rule.high) if math.isfinite(end)] + [*dots]
    least, most = min(0.0, *ends), max(0.0, *ends)
    room = most - least
    axes.set_xlim(least - LEFT * room * (least < 0), most + RIGHT * room * (most > 0))
    axes.set_ylim(last + 0.8, -0.8)
    axes.axvline(0, color=GREY, linewidth=0.9, zorder=1)
    axes.set_yticks([])
    axes.locator_params(axis="x", integer=True)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel("points against the neutral rule")
    beside(axes, -0.3, "leads", LEADS_AWAY, color=GREY)
    beside(axes, -0.3, "won", WON_AWAY, color=GREY)


def points_text(points: int) -> str:
    """Write points with their sign.

    Examples
    --------
    >>> points_text(7), points_text(0), points_text(-3) == "\N{MINUS SIGN}3"
    ('+7', '0', True)
    """
    return f"{points:+d}".replace("-", "\N{MINUS SIGN}") if points else "0"


def axis_number(value: float, _: int = 0) -> str:
    """Write a number on an axis, thousands apart.

    Examples
    --------
    >>> axis_number(12500.0), axis_number(0.25)
    ('12,500', '0.25')
    """
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def percent(value: float) -> str:
    """Write a percentage with a digit after the point where it is small."""
    return f"{value:.0f} %" if value >= 9.5 or value == 0 else f"{value:.1f} %"
