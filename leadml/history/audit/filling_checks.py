"""Columns that are filled in the course of the deal: empty in young leads, full in decided ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding, unknown
from leadml.points.findings import Finding, NotApplicable
from leadml.stats import mover_ratio

if TYPE_CHECKING:
    from leadml.history.audit.case import Case


def filling_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report columns that are filled in far fewer young undecided leads than in decided ones."""
    history = case.history
    if history.undecided is None or history.undecided_age_days is None:
        yield unknown(
            "LD024", "there are no undecided leads whose age is known: name created under [leads] in a leadml.toml"
        )
        return
    young = history.undecided[np.asarray(history.undecided_age_days) < at.YOUNG_DAYS]
    if len(young) < at.LEAST_YOUNG:
        yield unknown(
            "LD024",
            f"{len(young):,} undecided leads are younger than {at.YOUNG_DAYS:.0f} days; it takes {at.LEAST_YOUNG}",
        )
        return
    for column in sorted(set(young.columns) & set(history.frame.columns)):
        now, then = int(young[column].notna().sum()), int(history.frame[column].notna().sum())
        if then <= at.FILLED_AT_ALL * len(history):
            continue
        _, _, high = mover_ratio(now, len(young), then, len(history))
        if high < at.FILLED_RATIO:
            yield finding(
                "LD024",
                column,
                f"it is filled in {100 * now / len(young):.0f} % of {len(young):,} undecided leads younger than "
                f"{at.YOUNG_DAYS:.0f} days, and in {100 * then / len(history):.0f} % of the decided leads",
                f"It is filled later than a young lead is scored: drop it (--drop {column!r}), or score leads at the "
                f"moment when it is filled.",
                young=len(young),
                filled_young=round(now / len(young), 4),
                filled_decided=round(then / len(history), 4),
            )
