"""The picture of what each further rule buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, ORANGE, SKY

if TYPE_CHECKING:
    from leadml.points.views.budget import Budgeted, BudgetPath
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
    near = _near(path)
    counts = [row.rules for row in near]
    _areas(above, path, near)
    below.plot(counts, [row.log_loss for row in near], color=BLUE, linewidth=1.6, marker="o", markersize=4)
    below.set_ylabel("log-loss")
    below.set_xlabel(f"rules with points{f', from {counts[0]} on' if counts[0] else ''}")
    for at, height in ((above, taken.auc), (below, taken.log_loss)):
        at.plot([taken.rules], [height], "D", color=ORANGE, markersize=9, zorder=5, label=f"taken: {taken.rules}")
        at.axvline(taken.rules, color=ORANGE, linewidth=0.8, alpha=0.5, zorder=1)
    for at in (above, below):
        at.margins(y=0.08)
    above.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)
    below.locator_params(axis="x", integer=True)
    room = 0.02 * (counts[-1] - counts[0]) + 0.4
    below.set_xlim(counts[0] - room, counts[-1] + room)
    return figure


def _areas(axes: Axes, path: BudgetPath, near: list[Budgeted]) -> None:
    """Draw the AUC with their errors."""
    counts, areas = [row.rules for row in near], [row.auc for row in near]
    limits = [(row.auc - row.error, row.auc + row.error) for row in near]
    drawing.whiskers(axes, counts, areas, limits, colour=SKY)
    axes.plot(counts, areas, color=BLUE, linewidth=1.6, marker="o", markersize=4, zorder=4)
    axes.axhline(path.highest, label="the highest", **DASHED)
    drawing.say(axes, (1, 1), "whiskers: one standard error against the highest", (0, 6), ha="right", color=GREY,
                xycoords="axes fraction")  # fmt: skip
    axes.set_ylabel("AUC")


def _near(path: BudgetPath) -> list[Budgeted]:
    """Leave out the first rules, each of which buys more than all the later ones: beside them these look alike."""
    return [row for row in path.rows if row.rules >= min(path.chosen, max(1, path.chosen // 4))]
