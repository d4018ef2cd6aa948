"""The whole curve by cut: what each threshold would hand over, win and miss."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.watch.threshold.flow import QUARTER, Coming, all_foretold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.watch.threshold.conversion import Conversion, ConversionRow
    from leadml.watch.threshold.flow import Flow


@dataclass(frozen=True)
class Cut:
    """What a threshold at one score would do.

    Parameters
    ----------
    score : int
        Leads with this score or more are handed over.
    week, quarter : Coming
        Hand-overs in a coming week, and in a coming quarter of 13 weeks.
    share : float
        Of all leads, those included that are never handed over.
    leads : int
        Leads with this score or more whose outcome is known.
    won : float
        Won ones among them; expected ones where nothing was measured.
    rate, rate_low, rate_high : float or None
        Conversion rate of those handed over, with Wilson's interval where it was measured. Where other leads tell of
        conversion than those counted by week, each lead counts with the rate of its score.
    week_wins, quarter_wins : Coming
        Wins of those handed over.
    captured : float or None
        Share of all wins that is handed over; None where there are none.
    missed_per_week : float
        Wins per week among the leads that are not handed over; with `week_wins` they are all wins of a week.
    marginal : float
        Conversion rate of leads just at this score.
    net_per_week : float or None
        What the wins are worth less what hand-overs cost, where both are known.
    """

    score: int
    week: Coming
    quarter: Coming
    share: float
    leads: int
    won: float
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    week_wins: Coming
    quarter_wins: Coming
    captured: float | None
    missed_per_week: float
    marginal: float
    marginal_worth: float
    net_per_week: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "score": self.score,
            "per_week": self.week.expected,
            "week": [self.week.low, self.week.high],
            "quarter": [self.quarter.low, self.quarter.high],
            "share": self.share,
            "leads": self.leads,
            "won": self.won,
            "conversion_rate": self.rate,
            "conversion_low": self.rate_low,
            "conversion_high": self.rate_high,
            "wins_per_week": self.week_wins.expected,
            "wins_week": [self.week_wins.low, self.week_wins.high],
            "wins_quarter": [self.quarter_wins.low, self.quarter_wins.high],
            "share_of_wins": self.captured,
            "missed_wins_per_week": self.missed_per_week,
            "marginal_rate": self.marginal,
            "net_per_week": self.net_per_week,
        }


def cuts_of(flow: Flow, conversion: Conversion, cost: float | None = None) -> tuple[Cut, ...]:
    """Work out every cut.

    Parameters
    ----------
    flow : Flow
        Leads per week by score.
    conversion : Conversion
        Wins by score, of the same leads or of others.
    cost : float, optional
        Of one hand-over.

    Returns
    -------
    tuple of Cut
        By score, the highest first; one for each score of `flow`.
    """
    scores = np.array([row.score for row in flow.rows], dtype=np.int64)
    above = np.array([row.per_week for row in flow.rows], dtype=np.float64)
    rows = conversion.along(scores, above)
    won, brought = _of_those(conversion, rows, scores, above)
    weighed = [_weighed(row, won[k], above[k]) for k, row in enumerate(rows)]
    rates = [conversion.rate(row) for row in weighed]
    spread = np.array([conversion.spread(row) for row in weighed], dtype=np.float64)
    known = np.array([rate or 0.0 for rate, _, _ in rates], dtype=np.float64)
    periods = [_coming(flow, above, known, spread, weeks) for weeks in (1, QUARTER)]
    cuts = []
    for k, told in enumerate(rows):
        (week, week_wins), (quarter, quarter_wins) = ((leads[k], wins[k]) for leads, wins in periods)
        cuts.append(
            Cut(
                score=told.score,
                week=week,
                quarter=quarter,
                share=week.expected / float(above[-1]),
                leads=told.leads,
                won=told.won,
                rate=rates[k][0],
                rate_low=rates[k][1],
                rate_high=rates[k][2],
                week_wins=week_wins,
                quarter_wins=quarter_wins,
                captured=float(won[k] / won[-1]) if won[-1] else None,
                missed_per_week=float(won[-1] - won[k]),
                marginal=told.marginal,
                marginal_worth=told.marginal_worth,
                net_per_week=None if cost is None else float(brought[k]) - week.expected * cost,
            )
        )
    return tuple(cuts)


def _of_those(
    conversion: Conversion, rows: tuple[ConversionRow, ...], scores: NDArray[np.int64], above: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return wins, and what they bring, of the leads that come in a week; none where no lead tells of conversion."""
    told = np.array([row.leads > 0 for row in rows])
    won, worth = (np.where(told, part, 0.0) for part in conversion.expected(scores, above))
    return won, worth


def _weighed(row: ConversionRow, won: float, leads: float) -> ConversionRow:
    """Return as many leads as tell of conversion, won as often as those that come in a week."""
    mine = min(float(won / leads), 1.0) * row.leads if leads else row.won
    return row if math.isclose(mine, row.won) else replace(row, won=mine)  # of the same leads exactly what was counted


def _coming(
    flow: Flow, above: NDArray[np.float64], rate: NDArray[np.float64], spread: NDArray[np.float64], weeks: int
) -> tuple[tuple[Coming, ...], tuple[Coming, ...]]:
    """Foretell hand-overs and wins of a period, for every cut.

    Wins vary for three reasons: each lead is won by chance, their number varies, and the rate is known only so well.
    """
    mean = above * weeks
    variance = np.array([flow.variance(row, weeks) for row in flow.rows], dtype=np.float64)
    wins = mean * rate * (1 - rate) + rate**2 * variance + mean**2 * spread
    return all_foretold(mean, variance, weeks), all_foretold(mean * rate, wins, weeks)
