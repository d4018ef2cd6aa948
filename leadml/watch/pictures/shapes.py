"""The picture of one feature's shape: points over its values, and the model's contributions behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, GREY, INK, ORANGE, PALE, SKY
from leadml.watch.pictures.plots import drawable, new_figure, quiet
from leadml.watch.pictures.rule_rows import rows_of_rules, short

if TYPE_CHECKING:
    from leadml.points.rules import Rule
    from leadml.points.views.shape import Contribution, Shape
    from leadml.watch.pictures.plots import Axes, Figure

ROOT, LOG = "root", "log"
SAID = {"": "", ROOT: " (square-root scale)", LOG: " (log scale)"}
CLEARLY = 0.3  # on average a step is by a third wider
LONE = 8.0  # where a cut is the only one, values may be expected to go on to so many times that cut
ROOM_FOR_A_LETTER = 0.012  # of the width of the axes
MODEL = "what LightGBM contributes, by SHAP"


def shape(found: Shape) -> Figure:
    """Draw the points of a feature over its values.

    Parameters
    ----------
    found : Shape
        See `PointTable.shape` and `LeadScorer.shape`.

    Returns
    -------
    matplotlib.figure.Figure
        Of a number: the steps of the points with their intervals, below them how many leads each step holds for, and
        missing values at the side. Of a category: one row per rule. Where the model is known, its contribution to
        each value lies over the points, on their scale: what is between the two was left out by distilling.
    """
    return _number(found) if found.feature.type == "number" else _category(found)


def _number(found: Shape) -> Figure:
    figure, axes = new_figure(8.2, 5.0)
    figure.delaxes(axes)
    absent = found.feature.of_kind("missing")[0]
    beside = bool(absent.leads or absent.points)
    ratios = (12, 1) if beside else (1,)
    grid = figure.subplots(
        2, len(ratios), sharex="col", sharey="row", squeeze=False, width_ratios=ratios, height_ratios=(3, 1)
    )
    quiet(*grid.flat)
    (above, *side), (below, *side_below) = grid
    name = drawable(short(found.feature.name))
    drawing.headline(above, name, "points against the neutral rule; shaded: 95 % interval")
    ranges = found.feature.of_kind("range")
    foreseen = _foreseen(found.feature.cuts)
    scale = _scale(foreseen)
    edges = foreseen if scale and not found.contributions else _edges(found)
    _rescale(above, scale, edges)
    above.set_xlim(edges[0], edges[-1])
    _steps(above, found, ranges, edges)
    _support(below, ranges, edges)
    below.set_xlabel(f"{name}{SAID[scale]}")
    if beside:
        _missing(side[0], side_below[0], found, absent)
    _written(above, below, ranges, _shares(edges, scale))
    handles, names = above.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower left", ncols=3, frameon=False, fontsize=9, labelcolor=INK)
    return figure


def _edges(found: Shape) -> list[float]:
    """Return where the steps begin and end; the outer ones, which have no end, where the leads do."""
    cuts = found.feature.cuts
    told = [row.centre for row in found.contributions if row.kind == "range" and row.leads]
    span = (cuts[-1] - cuts[0] or abs(cuts[0]) or 1.0) if cuts else 1.0
    first, last = (cuts[0], cuts[-1]) if cuts else (0.0, 0.0)
    low, high = min(told, default=first - 0.3 * span), max(told, default=last + 0.3 * span)
    # A step that holds for a single value has no width of its own; what is never negative begins at 0.
    low, high = min(low, first - 0.04 * span), max(high, last + 0.04 * span)
    if first > 0 and min(told, default=0.0) >= 0:
        low = max(low, 0.0)
    return [low, *cuts, high]


def _shares(edges: Sequence[float], scale: str) -> list[float]:
    """Return where the edges lie on the axis, from 0 to 1."""
    width = _linear_width(edges)
    places = [_root(edge) if scale == ROOT else math.asinh(edge / width) if scale == LOG else edge for edge in edges]
    return [(place - places[0]) / (places[-1] - places[0]) for place in places]


def _foreseen(cuts: Sequence[float]) -> list[float]:
    """Return where the steps may be expected to begin and end, by the cuts alone.

    The scale is chosen by these, so that a feature is drawn on one scale with the model and without.
    """
    if not cuts:
        return [0.0, 1.0]
    first, last = cuts[0], cuts[-1]
    if first > 0:  # what is never negative begins at 0, and mostly goes on as its cuts grow
        growth = (last / first) ** (1 / (len(cuts) - 1)) if len(cuts) > 1 else LONE
        return [0.0, *cuts, last * growth]
    span = last - first or abs(first) or 1.0
    return [first - 0.3 * span, *cuts, last + 0.3 * span]


def _scale(edges: Sequence[float]) -> str:
    """Choose the scale on which the steps have most room: another than the plain one where it clearly has more."""
    room = {
        name: sum(math.log(max(high - low, 1e-6)) for low, high in pairwise(_shares(edges, name)))
        for name in ("", ROOT, LOG)
    }
    best = max(room, key=room.__getitem__)
    return best if room[best] - room[""] > CLEARLY * (len(edges) - 1) else ""


def _rescale(axes: Axes, scale: str, edges: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter

    if scale == ROOT:
        import numpy as np

        axes.set_xscale(
            "function", functions=(lambda x: np.sign(x) * np.sqrt(np.abs(x)), lambda x: np.sign(x) * np.square(x))
        )
    if scale == LOG:
        width = _linear_width(edges)
        axes.set_xscale("asinh", linear_width=width)
        powers = [10.0**k for k in range(math.ceil(math.log10(width)), math.ceil(math.log10(max(map(abs, edges)))) + 1)]
        axes.set_xticks([*(-power for power in powers), 0, *powers], minor=False)
        axes.minorticks_off()
    axes.xaxis.set_major_formatter(FuncFormatter(drawing.axis_number))


def _linear_width(edges: Sequence[float]) -> float:
    """Return below which size a log scale goes on evenly: the cut next to 0."""
    return min((abs(cut) for cut in edges[1:-1] if cut), default=1.0)


def _root(x: float) -> float:
    return math.copysign(math.sqrt(abs(x)), x)


def _steps(axes: Axes, found: Shape, ranges: Sequence[Rule], edges: Sequence[float]) -> None:
    lows = [math.nan if rule.points_low is None else rule.points_low for rule in ranges]
    highs = [math.nan if rule.points_high is None else rule.points_high for rule in ranges]
    axes.fill_between(edges, [*lows, lows[-1]], [*highs, highs[-1]], step="post", color=SKY, alpha=0.3, linewidth=0)
    axes.stairs(
        [rule.points for rule in ranges], edges, baseline=None, color=BLUE, linewidth=2.4, label="points", zorder=3
    )
    told = [row for row in found.contributions if row.kind == "range"]
    if told:
        ends = [max(told[0].lo, edges[0]), *(row.lo for row in told[1:]), min(told[-1].hi, edges[-1])]
        values = [row.points for row in told]
        axes.stairs(values, ends, baseline=None, color=ORANGE, linewidth=1.1, label=MODEL, zorder=4)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    for cut in edges[1:-1]:
        axes.axvline(cut, color=PALE, linewidth=0.8, zorder=0)
    axes.set_ylabel("points")
    axes.locator_params(axis="y", integer=True)
    axes.margins(y=0.12)


def _support(axes: Axes, ranges: Sequence[Rule], edges: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter

    widths = [high - low for low, high in pairwise(edges)]
    axes.bar(edges[:-1], [rule.leads for rule in ranges], widths, align="edge", color=PALE, edgecolor="white")
    axes.set_ylabel("leads")
    axes.yaxis.set_major_formatter(FuncFormatter(drawing.axis_number))
    axes.margins(y=0.35)


def _written(above: Axes, below: Axes, ranges: Sequence[Rule], shares: Sequence[float]) -> None:
    """Write points, and the share of won leads, where a step is wide enough for it."""
    for rule, (start, end) in zip(ranges, pairwise(shares), strict=True):
        points = drawing.points_text(rule.points)
        won = "" if rule.conversion_rate is None else f"{drawing.percent(100 * rule.conversion_rate)} won"
        bold = {"color": BLUE, "fontweight": "bold"}
        for axes, text, height, look in ((above, points, rule.points, bold), (below, won, rule.leads, {"color": GREY})):
            if text and end - start > ROOM_FOR_A_LETTER * len(text):
                place = ((start + end) / 2, height)
                across = axes.get_yaxis_transform()
                drawing.say(axes, place, text, (0, 3), xycoords=across, ha="center", va="bottom", **look)


def _missing(above: Axes, below: Axes, found: Shape, rule: Rule) -> None:
    """Draw what has no value beside what has one."""
    above.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    if rule.points_low is not None and rule.points_high is not None:
        drawing.whiskers(above, [0], [rule.points], [(rule.points_low, rule.points_high)], colour=BLUE)
    above.plot([0], [rule.points], "s", color=BLUE, markersize=6, zorder=4)
    drawing.say(above, (0, rule.points), drawing.points_text(rule.points), (6, 4), color=BLUE, fontweight="bold")
    told = [row.points for row in found.contributions if row.kind == "missing" and row.leads]
    above.plot([0] * len(told), told, "_", color=ORANGE, markersize=12, zorder=5)
    below.bar([0], [rule.leads], 0.7, color=PALE)
    if rule.conversion_rate is not None:
        won = drawing.percent(100 * rule.conversion_rate)
        drawing.say(below, (0, rule.leads), won, (0, 2), ha="center", color=GREY, fontsize=8)
    below.set_xticks([0], ["missing"])
    below.set_xlim(-0.8, 0.8)
    for axes in (above, below):
        axes.spines["left"].set_visible(False)
        axes.tick_params(left=False, labelleft=False)


def _category(found: Shape) -> Figure:
    rows = rows_of_rules(found.feature, drawable)
    dots = _dots(found, {rule.id: at for at, (rule, _) in enumerate(rows, 1)})
    drawn = [row for _, row in rows]
    tall = 0.38 if any("\n" in row.name for row in drawn) else 0.3
    figure, axes = new_figure(9.2, 1.9 + tall * len(rows))
    under = drawing.how_to_read(drawn) + ("; dots: LightGBM, value by value" if found.contributions else "")
    drawing.headline_over_rows(figure, axes, drawable(short(found.feature.name)), under)
    for at, row in enumerate(drawn, 1):
        drawing.rule_row(axes, at, row, [told.points for told, place in dots if place == at])
    drawing.frame_of_rules(axes, len(rows), drawn, [told.points for told, _ in dots])
    most = max((told.leads for told, _ in dots), default=1.0)
    across, areas = [told.points for told, _ in dots], [8 + 60 * told.leads / most for told, _ in dots]
    places = [place for _, place in dots]
    axes.scatter(across, places, s=areas, facecolor=ORANGE, edgecolor="white", linewidth=0.5, zorder=5, clip_on=False)
    return figure


def _dots(found: Shape, places: Mapping[str, int]) -> list[tuple[Contribution, int]]:
    """Return what the model contributes to each category that has leads, with the row of its rule."""
    told = [(row, places.get(found.rule(row.kind, row.value).id)) for row in found.contributions if row.leads]
    return [(row, at) for row, at in told if at is not None]
