"""Pictures of a certificate: every contender with its interval, and what was expected beside what came."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, PALE
from leadml.watch.pictures.labels import Box, Mark, fitted
from leadml.watch.pictures.plots import drawable, new_figure, quiet
from leadml.watch.pictures.rule_rows import short

if TYPE_CHECKING:
    from leadml.points.certificate import Certificate, Contender
    from leadml.points.figures import Figure as Measured
    from leadml.watch.pictures.plots import Axes, Figure

RANDOM = "random"
SIDE = 300.0  # of the axes of bands, in printer's points
Corner: TypeAlias = Literal["upper left", "lower right"]
LEGENDS: MappingProxyType[Corner, Box] = MappingProxyType(
    {"upper left": Box(0, SIDE - 40, 185, SIDE), "lower right": Box(SIDE - 185, 0, SIDE, 40)}
)
PANELS = (("auc", "AUC", 3), ("lift10", "lift of the top tenth", 2))


def contenders(found: Certificate) -> Figure:
    """Draw AUC and lift of the point table and of what it is compared with, each with its 95 % interval.

    Parameters
    ----------
    found : Certificate
        Random order is not drawn: it has an AUC of 0.5 and a lift of 1, and would press the others together.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = [row for row in found.contenders if row.name != RANDOM]
    figure, axes = new_figure(8.6, 1.6 + 0.42 * max(len(shown), 2))
    title = "The point table, and what it is compared with"
    under = f"{found.leads:,} {found.split} leads, {found.won:,} won; lines: 95 % interval; random order: 0.5 and 1"
    if not shown:
        drawing.headline_over_rows(figure, axes, title, under)
        return drawing.nothing(figure, axes, "no contender was measured: nothing to draw")
    figure.delaxes(axes)
    left, right = figure.subplots(1, 2, sharey=True)
    quiet(left, right)
    drawing.headline_over_rows(figure, left, title, under)
    for panel, (part, name, digits) in zip((left, right), PANELS, strict=True):
        _panel(panel, shown, part, digits)
        panel.set_xlabel(name)
    for at, row in enumerate(shown):
        drawing.beside(left, at, drawable(short(row.name)), -8, fontweight="normal" if at else "bold")
    return figure


def _panel(axes: Axes, shown: list[Contender], part: str, digits: int) -> None:
    for at, row in enumerate(shown):
        figure: Measured = getattr(row, part)
        if figure.value is None:
            continue
        colour = GREY if at else BLUE
        if figure.low is not None and figure.high is not None:
            axes.plot([figure.low, figure.high], [at, at], color=colour, linewidth=1.6, marker="|", markersize=7)
        axes.plot([figure.value], [at], "o", color=colour, markersize=7, zorder=4)
        drawing.say(axes, (figure.value, at), f"{figure.value:.{digits}f}", (0, 6), ha="center", color=colour)
    own: Measured = getattr(shown[0], part)
    if own.value is not None:
        axes.axvline(own.value, color=BLUE, linewidth=0.8, alpha=0.4, zorder=1)
    axes.set_ylim(len(shown) - 0.4, -0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.margins(x=0.1)


def reliability(found: Certificate) -> Figure:
    """Draw for each band of scores the share that was expected to be won, and the share that was.

    Parameters
    ----------
    found : Certificate
        Certificates of older versions have no bands.

    Returns
    -------
    matplotlib.figure.Figure
        The larger a dot, the more leads; `plots.calibration` draws the same from probabilities and outcomes.
    """
    figure, axes = new_figure(5.7, 5.2)
    slope = found.calibration_slope
    under = f"{found.leads:,} {found.split} leads in {len(found.bands)} bands of scores"
    under += "" if slope.value is None else f"; slope {slope.value:.2f}"
    drawing.headline(axes, "Foretold probability and what came true", under)
    bands = [band for band in found.bands if band.rate.value is not None]
    if not bands:
        return drawing.nothing(figure, axes, "the certificate holds no bands of scores: nothing to draw")
    expected = [100 * band.foretold for band in bands]
    came = [100 * (band.rate.value or 0.0) for band in bands]
    limits = [(100 * (b.rate.low or 0.0), 100 * (b.rate.high if b.rate.high is not None else 1.0)) for b in bands]
    end = 1.05 * max(*expected, *(high for _, high in limits))
    axes.plot([0, end], [0, end], label="came true as foretold", **DASHED)
    drawing.whiskers(axes, expected, came, limits, colour=BLUE)
    most = max(band.leads for band in bands)
    sizes = [20 + 100 * band.leads / most for band in bands]
    axes.scatter(expected, came, s=sizes, color=BLUE, zorder=4, label="band of scores, 95 % interval")
    scale = SIDE / end
    marks = [
        Mark(x * scale, y * scale, low * scale, high * scale, drawable(band.cells[0]))
        for band, x, y, (low, high) in zip(bands, expected, came, limits, strict=True)
    ]
    covered = any(box.meets(LEGENDS["upper left"]) for mark in marks for box in mark.covers())
    corner: Corner = "lower right" if covered else "upper left"
    _named(axes, marks, end, LEGENDS[corner])
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)
    axes.set_aspect("equal")
    axes.set_xlabel("foretold probability of winning, %")
    axes.set_ylabel("conversion rate, %")
    axes.legend(loc=corner, frameon=False, fontsize=9, labelcolor=INK)
    return figure


def _named(axes: Axes, marks: list[Mark], end: float, legend: Box) -> None:
    """Write the scores of a band beside its dot, where there is room."""
    for mark, place in zip(marks, fitted(marks, SIDE, [legend]), strict=True):
        if place is not None:
            at, away = (mark.x * end / SIDE, mark.y * end / SIDE), (place.left - mark.x, place.low - mark.y + 1)
            drawing.say(axes, at, mark.text, away, color=GREY, fontsize=8)
