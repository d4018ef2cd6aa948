"""The figures of a period: one or several closed cohorts, all tables together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml import stats
from leadml.errors import UsageError
from leadml.points.certificate import Figure
from leadml.watch.kpi.groups import TwoGroups, finite

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.stats.arrays import BoolArray, FloatArray
    from leadml.watch.kpi.scorings import Scorings

FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "best fifth")
LIFT_SHARE, GAIN_SHARE = 0.1, 0.2


@dataclass(frozen=True)
class Band:
    """Leads of a range of scores.

    Parameters
    ----------
    name : str
        Which range: a fifth of each table's leads, or scores.
    leads, won : int
    """

    name: str
    leads: int
    won: int


@dataclass(frozen=True)
class Period(TwoGroups):
    """How the leads of some closed cohorts converted by their score.

    Scores of different tables cannot be compared, so each lead is ranked among the leads that the same table scored in
    the period; with one table that is the rank of its score.

    Parameters
    ----------
    months : tuple of str
        Calendar months of the scoring.
    leads, won, top_leads, top_won : int
        All leads and the top group.
    bands : tuple of Band
        Lowest scores first.
    auc : Figure
        Chance that a won lead outranks a lost one, with DeLong's interval.
    lift : float or None
        Conversion rate of the best-ranked tenth over that of all; None without a win.
    gain : float or None
        Share of the wins among the best-ranked fifth.
    slope, intercept : Figure or None
        Calibration of the foretold probabilities, with Wald's intervals: 1 and 0 where they came true; None where the
        scores carry none.
    """

    months: tuple[str, ...]
    leads: int
    won: int
    top_leads: int
    top_won: int
    bands: tuple[Band, ...]
    auc: Figure
    lift: float | None = None
    gain: float | None = None
    slope: Figure | None = None
    intercept: Figure | None = None

    @property
    def trend(self) -> tuple[float | None, float | None]:
        """Cochran-Armitage z over the bands (positive: conversion rises with the score), and its two-sided p."""
        z, p = stats.cochran_armitage([b.won for b in self.bands], [b.leads for b in self.bands])
        return finite(z), finite(p)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        z, p = self.trend
        ratio = self.ratio
        return {
            "months": list(self.months),
            **{name: getattr(self, name) for name in ("leads", "won", "top_leads", "top_won")},
            "rate_ratio": ratio.value,
            "low": ratio.low,
            "high": ratio.high,
            **{name: getattr(self, name).to_dict() for name in ("top", "rest", "captured", "auc")},
            "lift_10": self.lift,
            "gain_20": self.gain,
            "trend_z": z,
            "trend_p": p,
            "bands": [{"band": b.name, "leads": b.leads, "won": b.won} for b in self.bands],
            "calibration_slope": None if self.slope is None else self.slope.to_dict(),
            "calibration_intercept": None if self.intercept is None else self.intercept.to_dict(),
        }

    def figures(self) -> dict[str, float]:
        """Return the known figures under flat names, as a tracking server takes them; named as in a KpiReport."""
        flat: dict[str, float | None] = {
            f"kpi_{name}": getattr(self, name) for name in ("leads", "won", "top_leads", "top_won")
        }
        for name in ("top", "rest", "ratio", "captured", "auc"):
            figure: Figure = getattr(self, name)
            flat |= {f"kpi_{name}": figure.value, f"kpi_{name}_low": figure.low, f"kpi_{name}_high": figure.high}
        flat |= {"kpi_lift_10": self.lift, "kpi_trend_z": self.trend[0]}
        return {name: float(value) for name, value in flat.items() if value is not None}


def check_bands(cuts: Sequence[float] | None) -> tuple[float, ...] | None:
    """Return the cuts between bands of scores, rising; None for fifths.

    Raises
    ------
    UsageError
        If they are not finite or do not rise.
    """
    if cuts is None:
        return None
    found = tuple(float(cut) for cut in cuts)
    rising = all(a < b for a, b in pairwise(found))
    if not found or not rising or not all(map(math.isfinite, found)):
        raise UsageError.outside(name="bands", seen=list(cuts), accepted="scores in rising order, such as [20, 40, 60]")
    return found


def period(
    leads: Scorings, won: BoolArray, which: BoolArray, months: Sequence[str], cuts: tuple[float, ...] | None
) -> Period:
    """Measure the leads of a period.

    Parameters
    ----------
    leads : Scorings
    won : ndarray of bool, shape (leads,)
        Won within the horizon.
    which : ndarray of bool, shape (leads,)
        Those of the period.
    months : sequence of str
        Its months.
    cuts : tuple of float, or None
        See `check_bands`.

    Returns
    -------
    Period
    """
    outcome, top = won[which], leads.top[which]
    rank = ranks_by_table(leads.table[which], leads.score[which])
    both = bool(outcome.any() and not outcome.all())
    line: tuple[Figure | None, ...] = (None, None)
    if leads.probability is not None:
        line = _calibration(outcome, leads.probability[which])
    return Period(
        months=tuple(months),
        leads=len(outcome),
        won=int(np.count_nonzero(outcome)),
        top_leads=int(np.count_nonzero(top)),
        top_won=int(np.count_nonzero(outcome & top)),
        bands=_bands(outcome, rank, leads.score[which], cuts),
        auc=Figure("AUC", *(stats.auc_interval(outcome, rank) if both else (None,))),
        lift=stats.lift_at(outcome, rank, LIFT_SHARE) if outcome.any() else None,
        gain=stats.gain_at(outcome, rank, GAIN_SHARE) if outcome.any() else None,
        slope=line[0],
        intercept=line[1],
    )


def ranks_by_table(table: NDArray[np.int64], score: FloatArray) -> FloatArray:
    """Return which share of the leads of its table each lead outranks, ties in the middle.

    Examples
    --------
    >>> ranks_by_table(np.array([0, 0, 0, 1, 1]), np.array([9.0, 5.0, 5.0, 70.0, 60.0])).round(2).tolist()
    [0.83, 0.33, 0.33, 0.75, 0.25]
    """
    rank = np.zeros(len(score))
    for one in np.unique(table):
        mine = table == one
        rank[mine] = (stats.midranks(score[mine]) - 0.5) / np.count_nonzero(mine)
    return rank


def _bands(won: BoolArray, rank: FloatArray, score: FloatArray, cuts: tuple[float, ...] | None) -> tuple[Band, ...]:
    names: tuple[str, ...]
    if cuts is None:
        # midranks lie strictly within 0 and 1
        place, names = np.floor(rank * len(FIFTHS)).astype(np.int64), FIFTHS
    else:
        place, names = np.searchsorted(np.asarray(cuts), score, side="right"), _names(cuts)
    counts = np.bincount(place, minlength=len(names)), np.bincount(place, won, minlength=len(names))
    return tuple(Band(name, int(n), int(x)) for name, n, x in zip(names, *counts, strict=True))


def _names(cuts: tuple[float, ...]) -> tuple[str, ...]:
    between = [f"{low:g} to under {high:g}" for low, high in pairwise(cuts)]
    return f"under {cuts[0]:g}", *between, f"{cuts[-1]:g} or more"


def _calibration(won: BoolArray, foretold: FloatArray) -> tuple[Figure, Figure]:
    line = stats.calibration_line(won, foretold)
    half = stats.arrays.normal_quantile(0.95)
    return (
        Figure("calibration slope", line.slope, line.slope - half * line.slope_se, line.slope + half * line.slope_se),
        Figure(
            "calibration intercept",
            line.intercept,
            line.intercept - half * line.intercept_se,
            line.intercept + half * line.intercept_se,
        ),
    )
