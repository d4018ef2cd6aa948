"""The picture of one lead's change: from the score it had, reason by reason, to the one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.words.languages import language_of
from leadml.watch.pictures.drawing import points_text
from leadml.watch.pictures.leads import way

if TYPE_CHECKING:
    from leadml.points.leads.change import Change
    from leadml.watch.pictures.plots import Figure


def ledger(found: Change, most: int = 12) -> Figure:
    """Draw how a lead's score came from what it was to what it is.

    Parameters
    ----------
    found : Change
        See `PointTable.change`.
    most : int
        Reasons drawn one by one, in their order; the others are summed in one bar.

    Returns
    -------
    matplotlib.figure.Figure
    """
    said = language_of(found.language)
    rows = [(row.text, row.points) for row in found.rows[:most]]
    if rest := [row.points for row in found.rows[most:]]:
        rows.append((said.more_reasons(len(rest)), sum(rest)))
    kinds = [(said.kind_of_change(kind), points) for kind, points in found.totals.items() if points]
    under = ", ".join(f"{head} {points_text(points)}" for head, points in kinds) or said.unchanged()
    ends = (said.score_before(), found.before.score), (said.score(), found.after.score)
    return way(found.headline, under, rows, *ends)
