"""Rates (of a company, an owner, a campaign) that were counted on the very outcomes that are to be foretold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.chances import chi2_quantile
from leadml.history.audit.codes import finding
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case


def rate_findings(case: Case) -> Iterator[Finding]:
    """Report columns that are the conversion rate of a group of leads, each lead itself included.

    A column that honestly foretells a probability v is won about v times, give or take chance: sqrt(v (1 - v) / n).
    Rates that were counted on these leads are met exactly, or nearly so where some of the leads counted are missing
    here. So it is suspicious to be too close.
    """
    for column in sorted(case.history.frame.columns):
        values = case.history.frame[column]
        if pd.api.types.is_float_dtype(values.dtype):
            found = _too_close(values.to_numpy(np.float64), case.history.won)
            if found is not None:
                yield _counted(str(column), *found)


def _counted(column: str, values: int, distance: float, chance: float) -> Finding:
    return finding(
        "LD033",
        column,
        f"{values:,} of its values are, nearly to the lead, the conversion rates of the leads that have them: a "
        f"squared distance of {distance:.2f} where chance would leave {chance:.2f} even to a perfect forecast",
        f"It was counted on these outcomes, the lead's own included. Count it on leads that were decided before the "
        f"scoring moment, or drop it (--drop {column!r}).",
        values=values,
        chi_squared=round(distance, 4),
        least_by_chance=round(chance, 4),
    )


def _too_close(values: NDArray[np.float64], won: NDArray[np.bool_]) -> tuple[int, float, float] | None:
    there = ~np.isnan(values)
    if not there.any() or values[there].min() < 0 or values[there].max() > 100:
        return None
    levels, place = np.unique(values[there], return_inverse=True)
    share = levels / (1 if levels[-1] <= 1 else 100)
    leads = np.bincount(place)
    rate = np.bincount(place, won[there]) / leads
    use = (leads >= at.RATE_LEADS) & (share > 0) & (share < 1)
    if use.sum() < at.RATE_VALUES:
        return None
    share, leads, rate = share[use], leads[use], rate[use]
    distance = float((leads * (rate - share) ** 2 / (share * (1 - share))).sum())
    chance = chi2_quantile(len(share), at.TOO_CLOSE)
    return (len(share), distance, chance) if distance < chance else None
