"""How many leads a week reach each score, how sure that is, and how many to expect in a coming week or quarter.

The level is that of the last quarter, moved by half of the trend of the last year, as far as there is one: damped
trends are hard to beat (Gardner and McKenzie 1985, Management Science 31, 1237-1246). Measured in
benchmarks/threshold.py: on the demo history, which grows by a seventh a year, a cut from all weeks hands over a tenth
too many in the next quarter, one from the last quarter alone 2 % too many, this one hardly any, though it comes within
a tenth of the capacity no more often; on a real funnel that trebles it misses by less, and misses still.

Around the level a coming number varies for three reasons, and each is measured: leads come by chance and in clusters
(dispersion), the level is itself counted from few leads, and it moves (drift).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.watch.threshold.arrivals import LEAST_WEEKS, by_week, weeks_of
from leadml.watch.threshold.ripening import unripe_weeks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.watch.threshold.counts import ScoreCounts

QUARTER = 13  # weeks
TREND_WEEKS = (26, 52)  # from fewer no trend is read; of more only the newest tell
DAMPED, MOST_TREND = 0.5, 0.5  # how much of a trend is carried on, and the most by which it can move the level (logs)
LEVEL = 0.95


@dataclass(frozen=True)
class FlowRow:
    """Leads with at least a score.

    Parameters
    ----------
    score : int
    leads : int
        Those counted.
    per_week : float
        Expected per week.
    dispersion : float or None
        Variance over mean of the weekly number, slow movement aside; 1 where leads come independently.
    drift : float or None
        Variance that the relative level gains per week, as that of a random walk does. None where the weeks are too
        few to tell.
    """

    score: int
    leads: int
    per_week: float
    dispersion: float | None = None
    drift: float | None = None


@dataclass(frozen=True)
class Coming:
    """What to expect in a coming period.

    Parameters
    ----------
    weeks : int
        How long it is.
    expected : float
        Mean number.
    low, high : int
        With 95 % probability it lies between these, both included.
    """

    weeks: int
    expected: float
    low: int
    high: int


@dataclass(frozen=True)
class Flow:
    """Leads per week by score.

    Parameters
    ----------
    rows : tuple of FlowRow
        By score, the highest first.
    weeks : float
        How many weeks the level rests on.
    timed : bool
        False where nothing tells when leads came, and they are taken as one week's.
    growth : float
        What the level of these weeks was multiplied by, for half of the trend.
    unripe : int
        How many newer weeks do not count, because leads that came in them and are still open are not there.
    """

    rows: tuple[FlowRow, ...]
    weeks: float
    timed: bool = True
    growth: float = 1.0
    unripe: int = 0

    @property
    def varies(self) -> bool:
        """Whether it is known how much weeks vary."""
        return any(row.dispersion is not None for row in self.rows)

    def coming(self, row: FlowRow, weeks: int) -> Coming:
        """Foretell how many leads with at least a row's score come in a period.

        Parameters
        ----------
        row : FlowRow
        weeks : int
            How long the period is.

        Returns
        -------
        Coming
        """
        return foretold(row.per_week * weeks, self.variance(row, weeks), weeks)

    def variance(self, row: FlowRow, weeks: int) -> float:
        """Return the variance of the number of leads in a coming period around what is expected."""
        mean = row.per_week * weeks
        spread = max(row.dispersion or 1.0, 1.0)
        moved = (row.drift or 0.0) * (self.weeks + weeks) / 3  # of a random walk, between the means of two periods
        return spread * mean * (1 + weeks / self.weeks) + mean**2 * moved


def foretold(mean: float, variance: float, weeks: int) -> Coming:
    """Return the interval of a count with this mean and variance: negative binomial, Poisson at the least.

    Parameters
    ----------
    mean, variance : float
    weeks : int
        The period that is spoken of.

    Returns
    -------
    Coming

    Examples
    --------
    >>> foretold(40, 40, 1), foretold(40, 80, 1)
    (Coming(weeks=1, expected=40, low=28, high=53), Coming(weeks=1, expected=40, low=24, high=59))
    """
    return all_foretold(np.array([mean]), np.array([variance]), weeks)[0]


def all_foretold(mean: NDArray[np.float64], variance: NDArray[np.float64], weeks: int) -> tuple[Coming, ...]:
    """Return the intervals of several counts; see `foretold`."""
    from scipy import stats as laws

    tails = np.array([[(1 - LEVEL) / 2], [(1 + LEVEL) / 2]])
    least = np.maximum(mean, 1e-12)
    extra = np.maximum(variance - least, 0.0)
    wide = extra > 1e-9 * least
    size, chance = least**2 / np.where(wide, extra, 1.0), least / np.where(wide, least + extra, 2 * least)
    ends = np.where(wide, laws.nbinom.ppf(tails, size, chance), laws.poisson.ppf(tails, least)).astype(np.int64)
    return tuple(Coming(weeks, *row) for row in zip(mean.tolist(), *ends.tolist(), strict=True))


def flow_of(score: NDArray[np.int64], times: NDArray[np.int64], *, all_decided: bool = False) -> Flow | None:
    """Measure from leads with their times.

    Parameters
    ----------
    score : ndarray of int64, shape (leads,)
    times : ndarray of int64, shape (leads,)
        When each came, in microseconds since 1970.
    all_decided : bool
        Whether each of them is won or lost: then newest weeks that are thin for that reason do not count.

    Returns
    -------
    Flow or None
        None where the times tell of no rate; see `weeks_of`.
    """
    span = weeks_of(times)
    if span is None:
        return None
    week, weeks = by_week(times)
    if not weeks:  # less than a week: what there is tells of the rate all the same
        return untimed(score, span, timed=True)
    values, place = np.unique(score, return_inverse=True)
    known = week >= 0
    counts = np.bincount(week[known] * len(values) + place[known], minlength=weeks * len(values))
    above = np.cumsum(counts.reshape(weeks, -1)[:, ::-1], axis=1)  # the highest score first
    unripe = unripe_weeks(above[:, -1]) if all_decided else 0
    above = above[: weeks - unripe]
    recent = above[-QUARTER:]
    spread, drift, growth = _dispersion(above), _drift(above), growth_of(above[:, -1])
    rows = zip(values[::-1].tolist(), recent.sum(axis=0).tolist(), spread, drift, strict=True)
    found = tuple(FlowRow(s, n, growth * n / len(recent), d, q) for s, n, d, q in rows)
    return Flow(found, float(len(recent)), growth=growth, unripe=unripe)


def growth_of(weekly: NDArray[np.int64]) -> float:
    """Return what the level of the last quarter is multiplied by for the next one: half of the trend of the last year.

    Parameters
    ----------
    weekly : ndarray of int64, shape (weeks,)
        Leads per week, the oldest first.

    Returns
    -------
    float
        1 where fewer than 26 weeks tell.

    Examples
    --------
    >>> round(growth_of(np.array([100] * 60)), 6), growth_of(np.arange(25)), round(growth_of(100 + np.arange(52)), 2)
    (1.0, 1.0, 1.05)
    """
    least, most = TREND_WEEKS
    if len(weekly) < least:
        return 1.0
    newest = weekly[-most:]
    slope = np.polyfit(np.arange(len(newest)), np.log(np.maximum(newest, 0.5)), 1)[0]
    return float(np.exp(DAMPED * np.clip(slope * QUARTER, -MOST_TREND, MOST_TREND)))


def untimed(score: NDArray[np.int64], weeks: float, *, timed: bool = False) -> Flow:
    """Take leads as those of so many weeks; how much weeks vary is not known then."""
    values, leads = np.unique(score, return_counts=True)
    above = np.cumsum(leads[::-1])
    rows = zip(values[::-1].tolist(), above.tolist(), strict=True)
    return Flow(tuple(FlowRow(s, n, n / weeks) for s, n in rows), weeks, timed)


def flow_of_counts(counts: ScoreCounts, weeks: float, *, timed: bool = True) -> Flow:
    """Take what a version has kept of the leads that it was measured on."""
    above = np.cumsum([row.leads for row in counts.rows]).tolist()
    scale = counts.arrived / counts.leads if counts.arrived and counts.leads else 1.0
    rows = (FlowRow(r.score, n, scale * n / weeks, r.dispersion) for r, n in zip(counts.rows, above, strict=True))
    return Flow(tuple(rows), weeks, timed)


def _dispersion(above: NDArray[np.int64]) -> list[float | None]:
    """Return variance over mean of weekly numbers around the means of stretches of up to a quarter."""
    weeks = len(above)
    if weeks < LEAST_WEEKS:
        return [None] * above.shape[1]
    stretches = np.array_split(above.astype(np.float64), max(1, weeks // QUARTER))
    squares = np.sum([((part - part.mean(axis=0)) ** 2).sum(axis=0) for part in stretches], axis=0)
    mean = above.mean(axis=0)
    found = np.divide(squares / (weeks - len(stretches)), mean, out=np.ones(len(mean)), where=mean > 0)
    return [float(value) for value in found]


def _drift(above: NDArray[np.int64]) -> list[float | None]:
    """Return how fast the level moves: what neighbouring stretches differ by, less what chance makes of it.

    Of a random walk whose variance grows by q a week, the means of two neighbouring stretches of h weeks differ with
    variance 2 h q / 3 (plus terms of 1 / h). Each score has its own, and at least that of all leads together.
    """
    weeks = len(above)
    long = min(QUARTER, weeks // 3)
    if long < 2:
        return [None] * above.shape[1]
    sums = np.vstack([np.zeros((1, above.shape[1])), np.cumsum(above, axis=0)])
    mean = (sums[long:] - sums[:-long]) / long
    before, after = mean[:-long], mean[long:]
    level = above.mean(axis=0)
    gaps = np.divide(after - before, level, out=np.zeros_like(after), where=level > 0)
    spread = np.array(_dispersion(above), dtype=np.float64)
    chance = np.divide(2 * np.maximum(spread, 1.0), level * long, out=np.zeros(len(level)), where=level > 0)
    moved = np.maximum((gaps**2).mean(axis=0) - chance, 0.0) * 3 / (2 * long)
    return np.maximum(moved, moved[-1]).tolist()  # type: ignore[no-any-return]
