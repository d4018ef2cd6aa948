"""The picture of what each further rule buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, ORANGE, SKY

if TYPE_CHECKING:
    from leadml.points.views.budget import BudgetPath
    from leadml.watch.pictures.plots import Axes, Figure


def budget(path: BudgetPath) -> Figure:
    """Draw AUC, and below it log-loss, on leads left out against the number of rules.

    Parameters
    ----------
    path : BudgetPath
        See `LeadScorer.budget_path_`.

    Returns
    -------
    matplotlib.figure.Figure
        The whiskers are one standard error of what an AUC is below the highest one. A diamond marks the number of
        rules that was taken.
    """
    from leadml.watch.pictures.plots import new_figure, stacked

    figure, axes = new_figure(7.4, 5.4)
    if not path.rows:
        drawing.headline(axes, "What each further rule buys", "on leads left out, by number of rules with points")
        return drawing.nothing(figure, axes, "no number of rules was tried: nothing to draw")
    above, below = stacked(figure, axes, (1, 1))
    taken = next(row for row in path.rows if row.rules == path.chosen)
    reach = f"{taken.rules} rule{' reaches' if taken.rules == 1 else 's reach'} an AUC of {taken.auc:.3f}"
    drawing.headline(above, reach, "on leads left out, by number of rules with points")
    counts = [row.rules for row in path.rows]
    _areas(above, path, counts)
    below.plot(counts, [row.log_loss for row in path.rows], color=BLUE, linewidth=1.6, marker="o", markersize=4)
    below.set_ylabel("log-loss")
    below.set_xlabel("rules with points")
    for at, height in ((above, taken.auc), (below, taken.log_loss)):
        at.plot([taken.rules], [height], "D", color=ORANGE, markersize=9, zorder=5, label=f"taken: {taken.rules}")
        at.axvline(taken.rules, color=ORANGE, linewidth=0.8, alpha=0.5, zorder=1)
    _close_up(above, below, path)
    above.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)
    below.locator_params(axis="x", integer=True)
    below.set_xlim(-0.02 * max(counts) - 0.4, 1.02 * max(counts) + 0.4)
    return figure


def _areas(axes: Axes, path: BudgetPath, counts: list[int]) -> None:
    """Draw the AUC with their errors."""
    areas = [row.auc for row in path.rows]
    limits = [(row.auc - row.error, row.auc + row.error) for row in path.rows]
    drawing.whiskers(axes, counts, areas, limits, colour=SKY)
    axes.plot(counts, areas, color=BLUE, linewidth=1.6, marker="o", markersize=4, zorder=4)
    axes.axhline(path.highest, label="the highest", **DASHED)
    drawing.say(axes, (1, 1), "whiskers: one standard error against the highest", (0, 6), ha="right", color=GREY,
                xycoords="axes fraction")  # fmt: skip
    axes.set_ylabel("AUC")


def _close_up(above: Axes, below: Axes, path: BudgetPath) -> None:
    """Let the first rules, each of which buys more than all the later ones, run off the axes."""
    near = [row for row in path.rows if row.rules >= max(1, path.chosen // 4)] or list(path.rows)
    areas = [end for row in near for end in (row.auc - row.error, row.auc + row.error)]
    losses = [row.log_loss for row in near]
    for axes, values in ((above, areas), (below, losses)):
        room = 0.08 * (max(values) - min(values)) or 0.01
        axes.set_ylim(min(values) - room, max(values) + room)
