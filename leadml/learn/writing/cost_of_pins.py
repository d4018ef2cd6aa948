"""What constraints have done to a table, and what its pins cost, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.writing.line import fitted_line, line_beside
from leadml.stats import auc

if TYPE_CHECKING:
    from leadml.learn.search.conjunction import Joined
    from leadml.learn.search.refit import Leads
    from leadml.learn.writing.form import Form
    from leadml.learn.writing.rounding import Rounded


def constraints_said(rounding: Rounded, joined: Joined, form: Form, leads: Leads) -> dict[str, Any]:
    """Say for the provenance of a table what constraints have done; nothing where none were asked for.

    Parameters
    ----------
    rounding : Rounded
        The points.
    joined : Joined
        Groups with their effects; those of pinned rows are free.
    form : Form
        What was asked for.
    leads : Leads
        The training leads.

    Returns
    -------
    dict
        Under ``constraints_said`` a list of sentences.
    """
    if form.asked is None:
        return {}
    cost = _cost_of_pins(rounding, joined, form, leads) if form.asked.pinned and rounding.scale > 0 else ()
    return {"constraints_said": [*rounding.said, *cost]}


def _cost_of_pins(rounding: Rounded, joined: Joined, form: Form, leads: Leads) -> tuple[str, ...]:
    """Compare the table with one in which pinned rows have the points that their leads speak for."""
    own = [k for k, row in enumerate(form.pinned_rows(())) if row.any()]
    features, starts = list(rounding.features), joined.partition.starts
    for beside, k in enumerate(own, start=len(form.directions)):
        row, group = form.pinned_rows(())[k], joined.partition.groups[k]
        free = joined.fit.effects[starts[beside] + row] - joined.fit.effects[starts[beside]]
        told = joined.fit.effects[starts[k] + group] + free - joined.fit.effects[rounding.neutral[k]]
        points = np.where(row > 0, np.rint(rounding.scale * told).astype(np.int64), features[k].points)
        features[k] = replace(features[k], points=points)
    pinned = rounding.pinned(leads)
    if not pinned.any():
        return ("No training lead has a pinned value: what the pins cost cannot be told.",)
    score, other = rounding.score(leads), replace(rounding, features=tuple(features)).score(leads)
    loss = line_beside(score, leads, pinned).loss(score, leads), fitted_line(other, leads).log_loss
    ranks = auc(leads.won, score, leads.weight), auc(leads.won, other, leads.weight)
    return (
        f"With the pins the log-loss of the training leads is {loss[0]:.4f} and their AUC {ranks[0]:.4f}; with the "
        f"points that the leads of pinned rows speak for, {loss[1]:.4f} and {ranks[1]:.4f}. Probabilities are fitted "
        "to leads without a pinned value.",
    )
