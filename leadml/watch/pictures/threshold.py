"""The picture of a threshold: hand-overs a week by cut, and below it what they convert at and which wins they hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, ORANGE, percent
from leadml.watch.pictures.plots import new_figure, stacked
from leadml.watch.threshold.threshold_wording import number, per

if TYPE_CHECKING:
    from leadml.watch.pictures.plots import Axes, Figure
    from leadml.watch.threshold.threshold import Threshold


WIDE = 0.25  # between the curves, as a share
ROOM, ENOUGH = 0.35, 0.8  # of the width: for the longer label, and up to where the shorter one has room
BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}


def threshold_curve(found: Threshold) -> Figure:
    """Draw what every cut would hand over, how that converts, and the chosen cut.

    Parameters
    ----------
    found : Threshold

    Returns
    -------
    matplotlib.figure.Figure
        Above, leads a week by cut, with the interval of a coming week, and the capacity where one was asked for;
        below, the conversion rate of those handed over, with Wilson's interval where it was measured, and the share of
        all wins among them. A line marks the chosen cut.
    """
    figure, above = new_figure(7.8, 5.8)
    above, below = stacked(figure, above, (1, 1))
    cut = found.chosen
    title = f"From {cut.score} points: {number(cut.week.expected)} {per(found)}"
    title += f", {percent(100 * cut.rate)} of them won" if cut.rate is not None else ""
    drawing.headline(above, title, _under(found))
    _hand_overs(above, found)
    _conversion(below, found)
    for axes in (above, below):
        axes.axvline(cut.score, color=ORANGE, linewidth=1.6, zorder=2)
    drawing.say(above, (cut.score, 1), f"cut {cut.score}", (4, -10), color=ORANGE, xycoords=above.get_xaxis_transform())
    below.set_xlabel("cut: leads with at least so many points are handed over")
    below.set_xlim(found.cuts[-1].score - 0.5, found.cuts[0].score + 0.5)
    return figure


def _under(found: Threshold) -> str:
    """Say what the shades and the wins rest on."""
    shade = "shades: 95 % intervals, above of a coming week" if found.flow.timed else "taken as one week's leads"
    if not found.measured:
        return f"{shade}; wins by the table's probability, not measured"
    return f"{shade}; conversion on {found.judged:,} leads with a known outcome"


def _hand_overs(axes: Axes, found: Threshold) -> None:
    """Draw leads a week with the interval of a coming one."""
    rows = found.cuts[::-1]  # the lowest score first: up to a cut, its own number holds
    scores, expected = [row.score for row in rows], [row.week.expected for row in rows]
    if found.flow.timed:
        low, high = [row.week.low for row in rows], [row.week.high for row in rows]
        axes.fill_between(scores, low, high, step="pre", color=BLUE, alpha=0.15, linewidth=0)
    axes.step(scores, expected, where="pre", color=BLUE, linewidth=1.8, zorder=3)
    cut = found.chosen
    axes.plot([cut.score], [cut.week.expected], "o", color=ORANGE, markersize=7, zorder=4)
    asked = found.asked.get("per_week")
    if asked is not None:
        axes.axhline(asked, **DASHED)
        drawing.say(axes, (1, asked), f"capacity {number(asked)}", (-4, 3), color=GREY, ha="right",
                    xycoords=axes.get_yaxis_transform())  # fmt: skip
    axes.set_ylabel(f"leads {per(found, short=True)}")
    axes.set_ylim(0, 1.05 * max(rows[0].week.high if found.flow.timed else 0, expected[0], asked or 1))


def _conversion(axes: Axes, found: Threshold) -> None:
    """Draw the rate of those handed over, and which share of the wins they are."""
    rows = found.cuts[::-1]
    scores = [row.score for row in rows]
    if found.measured:
        low, high = (
            [_percent(end) for end in ends] for ends in zip(*((r.rate_low, r.rate_high) for r in rows), strict=True)
        )
        axes.fill_between(scores, low, high, step="pre", color=BLUE, alpha=0.15, linewidth=0)
    cut = found.chosen
    of_rate, of_captured = _beside(found)
    lines = (
        ([row.rate for row in rows], cut.rate, "won of those handed over", BLUE, "solid", of_rate),
        ([row.captured for row in rows], cut.captured, "of all wins", INK, (0, (4, 2)), of_captured),
    )
    for values, here, name, colour, style, away in lines:
        axes.step(scores, [_percent(v) for v in values], where="pre", color=colour, linewidth=1.7, linestyle=style)
        if here is not None:
            axes.plot([cut.score], [100 * here], "o", color=ORANGE, markersize=6, zorder=4)
            drawing.say(axes, (cut.score, 100 * here), f"{percent(100 * here)} {name}", away, color=colour,
                        ha="right" if away[0] < 0 else "left", bbox=BEHIND)  # fmt: skip
    axes.set_ylim(0, 109)
    axes.set_ylabel("%")


def _beside(found: Threshold) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how far from their dots the rate and the share of wins are written, so that no curve is below the words.

    To the right the rate rises and the share falls, so below the one and above the other nothing is drawn unless they
    cross; to the left it is the other way round.
    """
    cut = found.chosen
    if cut.rate is None or cut.captured is None:
        return (-7, 7), (7, 7)
    least, most = found.cuts[-1].score, found.cuts[0].score
    across, apart = (cut.score - least) / max(most - least, 1), cut.rate - cut.captured
    if across <= ROOM or (apart > WIDE and across < 1 - ROOM):
        return (7, -14), (7, 7)
    return (-7, 7), (-7, -14) if apart < -WIDE or across > ENOUGH else (7, 7)


def _percent(share: float | None) -> float:
    return math.nan if share is None else 100 * share
