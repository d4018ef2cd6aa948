"""The picture of the KPI over cohorts: the ratio with its intervals, and below it the detector's line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from leadml.watch.kpi.detector import AMBER as AMBER_FROM
from leadml.watch.kpi.wording import times
from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import AMBER, BLUE, DASHED, GREY, INK, ORANGE
from leadml.watch.pictures.plots import new_figure, stacked

if TYPE_CHECKING:
    from leadml.watch.kpi.kpi_history import KpiHistory
    from leadml.watch.kpi.looks import Look
    from leadml.watch.pictures.plots import Axes, Figure

_COLOURS = {"PROVEN": BLUE, "UNDECIDED": GREY, "INSUFFICIENT": GREY, "AMBER": AMBER, "RED": ORANGE}
_TITLES = {
    "PROVEN": "Top-scored leads convert better",
    "UNDECIDED": "Not proven that top-scored leads convert better",
    "AMBER": "Top-scored leads convert less well than promised",
    "RED": "Top-scored leads no longer convert as promised",
    "INSUFFICIENT": "Too few wins in closed cohorts to tell",
}
_LEAST = 0.02  # of the detector's line, which starts at 0 and is drawn on a log scale
_TICKS = 13


def kpi_over_cohorts(history: KpiHistory) -> Figure:
    """Draw for each closed cohort how much more often its top group converted, and the evidence against the score.

    Parameters
    ----------
    history : KpiHistory

    Returns
    -------
    matplotlib.figure.Figure
        Above, the ratio of the two rates with its 95 % interval (an arrow where it has no upper limit), hollow where
        the cohort cannot tell; below, what the detector has added up, on a log scale, with the lines from which the
        verdict is AMBER and RED. A dotted line stands where an alarm was acknowledged.
    """
    figure, above = new_figure(8.2, 5.4)
    under = f"Leads by month of scoring, won within {history.horizon_days:,} days"
    under += "; the holdout, whose scores sales did not see" if history.arm == "holdout" else ""
    drawing.headline(above, f"{history.verdict}: {_TITLES[history.verdict]}", under)
    if not history.looks:
        return drawing.nothing(figure, above, "no cohort is closed: nothing to draw")
    above, below = stacked(figure, above, (3, 2))
    drawing.headline(above, f"{history.verdict}: {_TITLES[history.verdict]}", under)
    _ratios(above, history)
    _detector(below, history)
    months = [look.month for look in history.looks]
    step = math.ceil(len(months) / _TICKS)
    below.set_xticks(range(0, len(months), step), months[::step])
    below.set_xlim(-0.6, len(months) - 0.4)
    for axes in (above, below):
        for k, (one, other) in enumerate(zip(history.looks, history.looks[1:], strict=False)):
            if one.epoch != other.epoch:
                axes.axvline(k + 0.5, color=GREY, linewidth=1.0, linestyle=":")
    return figure


def _ratios(axes: Axes, history: KpiHistory) -> None:
    """Draw the ratio of each cohort with its interval."""
    shown = [
        (k, look, look.ratio) for k, look in enumerate(history.looks) if look.tells or look.ratio.value is not None
    ]
    # an interval without end, or with a far one, must not press all others flat
    ends = [v for _, _, r in shown for v in (r.value, r.high) if v is not None]
    middle = max((r.value for _, _, r in shown if r.value is not None), default=1.0)
    most = max(2.0, min(max(ends, default=2.0), 4 * middle), *(1.5 * (r.low or 0) for _, _, r in shown))
    for k, look, ratio in shown:
        high = most if ratio.high is None else min(ratio.high, most)
        low = ratio.low or 0.0
        at = min(low if ratio.value is None else ratio.value, most)
        drawing.whiskers(axes, [k], [at], [(low, high)], colour=BLUE)
        if ratio.value is not None:
            face = BLUE if look.tells else "white"
            axes.plot([k], [at], "o", markersize=6, zorder=4, markerfacecolor=face, markeredgecolor=BLUE, clip_on=False)
        if ratio.high is None or ratio.high > most:
            axes.plot([k], [most], "^", color=BLUE, markersize=5, zorder=4, clip_on=False)
    axes.axhline(1, **DASHED)
    drawing.say(axes, (-0.6, 1), "as often", (2, 2), color=GREY, va="bottom")
    _pooled(axes, history, most)
    axes.set_ylim(0, 1.06 * most)
    axes.set_ylabel("top group over rest")


def _pooled(axes: Axes, history: KpiHistory, most: float) -> None:
    """Draw the ratio of the last cohorts together."""
    if history.pooled is None or history.pooled.ratio.value is None:
        return
    many, value, end = len(history.pooled.months), history.pooled.ratio.value, len(history.looks)
    at = min(value, most)
    axes.plot((end - many - 0.3, end - 0.7), (at, at), color=ORANGE, linewidth=1.6, zorder=3)
    drawing.say(axes, (end - 0.4, at), f"last {many}:\n{times(value)}", (4, 0), color=ORANGE, va="center")


def _detector(axes: Axes, history: KpiHistory) -> None:
    """Draw what the detector has added up against the score."""
    sums = [max(look.against, _LEAST) for look in history.looks]
    axes.plot(range(len(sums)), sums, color=INK, linewidth=1.4, marker="o", markersize=4, zorder=3, label="detector")
    for from_, name, colour in ((AMBER_FROM, "AMBER", AMBER), (history.red_from, "RED", ORANGE)):
        axes.axhline(from_, color=colour, linewidth=1.4, linestyle=(0, (5, 3)), label=name)
        drawing.say(axes, (len(sums) - 0.4, from_), name, (4, 0), color=colour, va="center")
    alarms = [(k, look) for k, look in enumerate(history.looks) if look.against >= AMBER_FROM]
    for k, look in alarms:
        axes.plot([k], [look.against], "o", markersize=7, zorder=4, color=_colour(look, history))
    axes.set_yscale("log")
    axes.set_ylim(_LEAST / 1.5, max(2.5 * history.red_from, 1.5 * max(sums)))
    axes.set_ylabel("evidence against")
    axes.set_xlabel("cohort")


def _colour(look: Look, history: KpiHistory) -> str:
    return _COLOURS["RED"] if look.against >= history.red_from else _COLOURS["AMBER"]
