"""Pictures of the KPI and of the point table.

Each function returns a matplotlib figure and shows nothing. The figures are made without pyplot, so that
nothing global is touched and any program may draw them; notebooks show them like any other figure.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Protocol

from leadml.points.same_order import check_order
from leadml.watch.kpi.wording import times
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, ORANGE, PALE, SKY, percent
from leadml.watch.pictures.rule_rows import feature_rows, rule_texts

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure
    from numpy.typing import ArrayLike

    from leadml.watch.kpi.report import KpiReport


class HasFrame(Protocol):
    """What lists its rules as a frame: a PointTable."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per rule."""
        ...


def lift_by_tenth(report: KpiReport) -> Figure:
    """Draw how each tenth of the leads converted, best score first, with intervals.

    Parameters
    ----------
    report : KpiReport
        The figures.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(7.4, 4.3)
    if not report.tenths:
        drawing.headline(axes, "Conversion by tenth of the leads", _leads(report))
        return drawing.nothing(figure, axes)
    title = "Not enough evidence that top-scored leads convert better"
    if report.verdict in ("PROVEN", "INVERTED"):
        best = times(report.tenths[0].lift)
        title = f"The best-scored tenth converted {best} times as often as all leads"
    drawing.headline(axes, title, f"{_leads(report)}; whiskers: 95 % interval")
    base = 100 * report.won / report.leads
    places, rates = [row.part for row in report.tenths], [100 * row.rate for row in report.tenths]
    axes.bar(places, rates, width=0.74, color=[SKY if r >= base else PALE for r in rates], zorder=2)
    drawing.whiskers(axes, places, rates, [(100 * row.low, 100 * row.high) for row in report.tenths])
    axes.axhline(base, color=ORANGE, linewidth=1.4, linestyle=(0, (5, 3)), zorder=2.5)
    drawing.say(axes, (10.6, base), f"all leads\n{percent(base)}", (5, 0), color=ORANGE, va="center")
    for row in report.tenths:
        lift = f"{times(row.lift)}\N{MULTIPLICATION SIGN}"
        drawing.say(axes, (row.part, 100 * row.high), lift, (0, 3), ha="center", va="bottom")
    scores = [f"{row.part}\n{row.score_high:g} to {row.score_low:g}" for row in report.tenths]
    axes.set_xticks(places, scores, fontsize=8.5)
    axes.set_xlim(0.4, 10.6)
    axes.set_ylim(0, 1.1 * max(100 * row.high for row in report.tenths))
    axes.set_xlabel("tenth of the leads and its scores; above each bar: its lift over all leads")
    axes.set_ylabel("conversion rate, %")
    return figure


def gain_curve(report: KpiReport) -> Figure:
    """Draw which share of the wins is reached by working the best-scored leads first.

    Parameters
    ----------
    report : KpiReport
        The figures; the curve is straight within a tenth.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(5.7, 5.2)
    if not report.tenths:
        drawing.headline(axes, "Wins reached by score", _leads(report))
        return drawing.nothing(figure, axes)
    share, caught = 100 * report.top_leads / report.leads, 100 * report.top_won / report.won
    title = f"The top {percent(share)} of the leads hold {percent(caught)} of the wins"
    drawing.headline(axes, title, _leads(report))
    worked = [0.0] + [10.0 * row.part for row in report.tenths]
    reached = [0.0] + [100 * row.gain for row in report.tenths]
    base = 100 * report.won / report.leads
    axes.fill_between(worked, worked, reached, color=BLUE, alpha=0.10, linewidth=0)
    axes.plot([0, base, 100], [0, 100, 100], color=GREY, linewidth=1.3, linestyle=":", label="perfect order")
    axes.plot(worked, reached, color=BLUE, linewidth=2.2, marker="o", markersize=4, label="by score", clip_on=False)
    axes.plot([0, 100], [0, 100], label="random order", **DASHED)
    top = f"top group (score {report.top_cut} or more)"
    axes.plot([share], [caught], "D", color=ORANGE, markersize=8, zorder=4, clip_on=False, label=top)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 101.5)
    axes.set_aspect("equal")
    axes.set_xlabel("leads worked, % of all")
    axes.set_ylabel("wins reached, % of all")
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)
    return figure


def calibration(p: ArrayLike, y: ArrayLike, groups: int = 10) -> Figure:
    """Draw the foretold probability against what came true, by groups of leads.

    Parameters
    ----------
    p : array_like, shape (leads,)
        Foretold probability of winning.
    y : array_like of bool or 0/1, shape (leads,)
        Won or lost.
    groups : int
        At most this many groups of about equal size; leads of the same probability stay together.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import numpy as np

    from leadml.stats import calibration_groups, calibration_line

    check_order(p, outcomes=y)

    figure, axes = new_figure(5.7, 5.2)
    made, line = calibration_groups(y, p, groups), calibration_line(y, p)
    under = f"{sum(group.leads for group in made):,} leads in {len(made)} groups"
    under += f"; slope {line.slope:.2f}, intercept {line.intercept:.2f}" if math.isfinite(line.slope) else ""
    drawing.headline(axes, "Foretold probability and what came true", under)
    if not made:
        return drawing.nothing(figure, axes, "no lead: nothing to draw")
    foretold, rates = [100 * group.foretold for group in made], [100 * group.rate for group in made]
    limits = [(100 * group.low, 100 * group.high) for group in made]
    chances = 100 * np.asarray(p, dtype=np.float64)
    end = 1.03 * max(float(chances.max()), *(high for _, high in limits))
    many, edges = np.histogram(chances, bins=np.linspace(0, end, 51))
    heights = 0.12 * end * many / many.max()
    axes.bar(edges[:-1], heights, edges[1], align="edge", color=PALE, zorder=1, label="how many leads")
    axes.plot([0, end], [0, end], label="came true as foretold", **DASHED)
    drawing.whiskers(axes, foretold, rates, limits, colour=BLUE)
    axes.plot(foretold, rates, "o", color=BLUE, markersize=6, zorder=4, label="group of leads, 95 % interval")
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)
    axes.set_aspect("equal")
    axes.set_xlabel("foretold probability of winning, %")
    axes.set_ylabel("conversion rate, %")
    axes.legend(loc="upper left", frameon=False, fontsize=9, labelcolor=INK)
    return figure


def points_per_feature(table: HasFrame | pd.DataFrame, most: int = 60) -> Figure:
    """Draw the points of every rule with their intervals, features that move the score most first.

    Parameters
    ----------
    table : PointTable or DataFrame
        A point table, or what its `to_frame` returns; a frame's rules are named by their bounds, not in words.
    most : int
        Draw at most this many rules, whole features only (but always one). Features without points are left
        out.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import pandas as pd

    from leadml.points.table import PointTable

    frame = table if isinstance(table, pd.DataFrame) else table.to_frame()
    shown, left = feature_rows(frame, most, drawable, rule_texts(table) if isinstance(table, PointTable) else {})
    if not shown:
        return drawing.nothing(*new_figure(7, 2), why="no rule has points: nothing to draw")
    last = sum(len(feature.rules) + 1.5 for feature in shown) - 1.5
    figure, axes = new_figure(9.2, 1.6 + 0.24 * last)
    rules = [rule for feature in shown for rule in feature.rules]
    under = drawing.how_to_read(rules)
    under += f"; not drawn: {left} more feature{'s' if left > 1 else ''}" if left else ""
    drawing.headline_over_rows(figure, axes, "What adds to the score, and what takes away", under)
    row = 0.0
    for feature in shown:
        drawing.beside(axes, row, feature.name, -8, fontweight="bold")
        for rule in feature.rules:
            row += 1
            drawing.rule_row(axes, row, rule)
        row += 1.5
    drawing.frame_of_rules(axes, last, rules)
    return figure


def png(figure: Figure, dpi: int = 144) -> bytes:
    """Return a figure as a PNG image, the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    dpi : int
        Dots per inch.
    """
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=dpi, metadata={"Software": None})
    return image.getvalue()


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty figure, which notebooks can show although pyplot does not know it, and its axes."""
    from matplotlib.figure import Figure

    class Shown(Figure):
        def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
            size = self.get_size_inches() * self.dpi
            return png(self), {"width": int(size[0]), "height": int(size[1])}

    figure = Shown(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    axes = figure.add_subplot(facecolor="white")
    quiet(axes)
    return figure, axes


def stacked(figure: Figure, axes: Axes, heights: tuple[float, float]) -> tuple[Axes, Axes]:
    """Put two axes of one width, one above the other, in the place of the one that there is."""
    figure.delaxes(axes)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=heights)
    quiet(above, below)
    return above, below


def quiet(*many: Axes) -> None:
    """Take from axes what draws the eye away from what they show."""
    for axes in many:
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(GREY)
        axes.tick_params(colors=INK, labelsize=9, length=3)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set(color=INK, fontsize=9.5)


def _leads(report: KpiReport) -> str:
    kind = "newer leads" if report.split == "out-of-time" else "leads set apart at random"
    return f"{report.leads:,} {kind}, {report.won:,} won"


def drawable(text: str) -> str:
    """Replace what the fonts in use cannot draw by a box: matplotlib would warn each time it draws."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    fonts = [get_font(findfont(FontProperties(weight=weight))) for weight in ("normal", "bold")]
    known = [font.get_charmap() for font in fonts]
    return "".join(c if all(ord(c) in glyphs for glyphs in known) else "\N{WHITE SQUARE}" for c in text)
