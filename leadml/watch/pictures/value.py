"""A picture of two rankings: the share of the won value that each reaches by share of leads worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.watch.pictures import drawing
from leadml.watch.pictures.drawing import BLUE, DASHED, GREY, INK, ORANGE, PALE

if TYPE_CHECKING:
    from leadml.watch.pictures.plots import Figure
    from leadml.watch.value.value import ExpectedValue

TITLES = {
    "BETTER": "Ranking by expected value reaches more of the won value",
    "UNDECIDED": "Not enough evidence that ranking by expected value is better",
    "NO BETTER": "Ranking by expected value is no better than by probability",
    "WORSE": "Ranking by expected value reaches less of the won value",
    "INSUFFICIENT": "Not enough evidence that ranking by expected value is better",
}


def captured_value(found: ExpectedValue) -> Figure:
    """Draw the share of the won value reached against the share of leads worked, by each ranking.

    Parameters
    ----------
    found : ExpectedValue
        The comparison; curves are straight between twentieths.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from leadml.watch.pictures.plots import new_figure
    from leadml.watch.value.value import TOP

    figure, axes = new_figure(6.4, 5.2)
    under = f"{found.leads:,} {'newer ' if found.split == 'out-of-time' else ''}leads, {found.won:,} won deals"
    drawing.headline(axes, TITLES[found.verdict], under)
    if not found.curve:
        return drawing.nothing(figure, axes, "no won deal has a value: nothing to draw")
    worked = [100 * step.worked for step in found.curve]
    ways = (
        ("expected value", [step.value_by_value for step in found.curve], BLUE, "-", "o"),
        ("probability", [step.value_by_probability for step in found.curve], ORANGE, "--", "s"),
    )
    axes.axvline(100 * TOP, color=PALE, linewidth=1.2, zorder=1)
    drawing.say(axes, (100 * TOP, 0), "top fifth", (4, 4), va="bottom", fontsize=8, color=GREY)
    axes.plot([0, 100], [0, 100], label="random order", **DASHED)
    for label, reached, colour, dash, mark in ways:
        at = reached[round(TOP * (len(reached) - 1))]
        told = f"by {label}: {drawing.percent(100 * at)} in the top fifth"
        axes.plot(worked, [100 * part for part in reached], dash, color=colour, linewidth=2.0, marker=mark,
                  markersize=3.5, label=told, clip_on=False)  # fmt: skip
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 101.5)
    axes.set_xlabel("leads worked, % of all, best first")
    axes.set_ylabel("won value reached, % of all")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend([*handles[1:], handles[0]], [*labels[1:], labels[0]], loc="lower right", frameon=False, fontsize=9,
                labelcolor=INK)  # fmt: skip
    return figure
