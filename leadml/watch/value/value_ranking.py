"""The figures of two rankings of the same leads, with intervals by drawing the leads again (Efron 1979)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml import stats
from leadml.errors import UsageError
from leadml.points.certificate import Figure, Split
from leadml.points.same_order import check_order
from leadml.stats.arrays import numbers, outcomes
from leadml.watch.value.value import TOP, ExpectedValue, Reached

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DRAWS = 999
FEWEST_DRAWS = 199
MOST_DRAWN = 40_000_000  # leads in all draws together
LEVEL = (2.5, 97.5)
STEPS = 20


def compare_rankings(
    won: ArrayLike,
    value: ArrayLike,
    probability: ArrayLike,
    deal_value: ArrayLike,
    split: Split = "out-of-time",
) -> ExpectedValue:
    """Compare ranking by expected value with ranking by probability.

    Parameters
    ----------
    won : array_like of bool or 0/1, shape (leads,)
        Outcomes of leads that neither table was made from; undecided ones left out.
    value : array_like, shape (leads,)
        What won deals were worth, NaN where it is not known; those of other leads play no part.
    probability : array_like, shape (leads,)
        Foretold probability of winning.
    deal_value : array_like, shape (leads,)
        What each deal was expected to be worth, were it won.
    split : {"out-of-time", "random"}
        Whether these leads are newer than those learned from, or were set apart at random.

    Returns
    -------
    ExpectedValue
        Intervals are percentiles of up to 999 bootstrap samples of leads, the same ones for both rankings.

    Raises
    ------
    UsageError
        If the arrays differ in length, or hold what cannot be.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> chance, size = rng.choice([0.1, 0.3], 4000), rng.choice([100.0, 900.0], 4000)
    >>> found = compare_rankings(rng.random(4000) < chance, size, chance, size)
    >>> found.verdict, found.foretold.value
    ('BETTER', 1.0)
    """
    check_order(won, values=value, probabilities=probability, amounts=deal_value)
    outcome = outcomes(won)
    chance, deal = (
        numbers(told, what, outcome) for told, what in ((probability, "probabilities"), (deal_value, "values"))
    )
    worth = np.where(outcome, np.asarray(value, dtype=np.float64), 0.0)
    if (worth < 0).any():
        raise UsageError.outside("value", float(worth.min()), "values of deals from 0")
    known = ~np.isnan(worth)
    leads = _Leads(outcome[known], worth[known], chance[known], chance[known] * deal[known], deal[known]).in_order()
    drawn = leads.drawn()
    figures = {
        name: Figure(told, value, *_ends(drawn[:, k]), unit)
        for k, ((name, told, unit), value) in enumerate(zip(NAMES, leads.measured(None), strict=True))
    }
    return ExpectedValue(
        split=split,
        leads=len(leads.won),
        won=int(leads.won.sum()),
        without_value=int((~known).sum()),
        value=float(leads.worth.sum()),
        expected=float(leads.deal[leads.won].sum()),
        rank_correlation=_spearman(leads.chance, leads.expected),
        overlap=float(np.nan_to_num(stats.top_overlap(leads.expected, leads.chance, TOP), nan=1.0)),
        curve=leads.curve(),
        **figures,
    )


NAMES = (
    ("value_by_probability", "share of the won value in the top fifth by probability", "%"),
    ("value_by_value", "share of the won value in the top fifth by expected value", "%"),
    ("wins_by_probability", "share of the wins in the top fifth by probability", "%"),
    ("wins_by_value", "share of the wins in the top fifth by expected value", "%"),
    ("value_gain", "more of the won value", "%"),
    ("wins_gain", "more of the wins", "%"),
    ("foretold", "expected over true value", ""),
    ("correlation", "rank correlation of expected and true deal values", ""),
)


@dataclass(frozen=True, eq=False)
class _Leads:
    """Leads with what is known of each."""

    won: NDArray[np.bool_]
    worth: NDArray[np.float64]
    chance: NDArray[np.float64]
    expected: NDArray[np.float64]
    deal: NDArray[np.float64]

    def in_order(self) -> _Leads:
        """Return the same leads in an order that depends on their content only."""
        order = np.lexsort((self.won, self.worth, self.chance, self.expected, self.deal))
        parts = (self.worth, self.chance, self.expected, self.deal)
        return _Leads(self.won[order], *(part[order] for part in parts))

    def drawn(self) -> NDArray[np.float64]:
        """Measure on leads drawn again with replacement, as many as there are: one row per draw."""
        many = len(self.won)
        if not self.won.any():
            return np.full((1, len(NAMES)), math.nan)
        rng = np.random.default_rng(0)
        draws = int(min(DRAWS, max(FEWEST_DRAWS, MOST_DRAWN // many)))
        counts = (np.bincount(rng.integers(0, many, many), minlength=many) for _ in range(draws))
        return np.array([self.measured(count) for count in counts])

    def measured(self, count: NDArray[np.int64] | None) -> tuple[float, ...]:
        """Give the figures of `NAMES`, each lead counted so often."""
        times = np.ones(len(self.won)) if count is None else count.astype(np.float64)
        wins, value = times * self.won, times * self.worth
        if not (wins.sum() and value.sum()):
            return (math.nan,) * len(NAMES)
        total = len(times)
        of_value, of_wins = (
            [_reached(part[place], times[place], ends, TOP * total) / part.sum() for place, ends in self._rankings]
            for part in (value, wins)
        )
        foretold = float(wins @ self.deal / value.sum())
        ranked = np.repeat(np.flatnonzero(self.won), times[self.won].astype(np.int64))
        correlation = _spearman(self.deal[ranked], self.worth[ranked])
        gains = of_value[1] - of_value[0], of_wins[1] - of_wins[0]
        return (*of_value, *of_wins, *gains, foretold, math.nan if correlation is None else correlation)

    @cached_property
    def _rankings(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        return [_ranking(self.chance), _ranking(self.expected)]

    def curve(self) -> tuple[Reached, ...]:
        """Give what is reached at each twentieth of the leads; nothing without won value."""
        if not self.worth.sum():
            return ()
        once, wins = np.ones(len(self.won)), self.won.astype(np.float64)
        steps = []
        for k in range(STEPS + 1):
            share = k / STEPS
            reached = [
                _reached(part[place], once, ends, share * len(once)) / part.sum()
                for part in (self.worth, wins)
                for place, ends in self._rankings
            ]
            steps.append(Reached(share, *(min(part, 1.0) for part in reached)))
        return tuple(steps)


def _ranking(by: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of leads, best first, and where each group of tied ones begins."""
    place = np.argsort(-by, kind="stable")
    return place, np.flatnonzero(np.diff(by[place], prepend=np.nan) != 0)


def _reached(part: NDArray[np.float64], times: NDArray[np.float64], starts: NDArray[np.intp], worked: float) -> float:
    """Sum what the first `worked` leads of a ranking bring, a tie at the cut in expectation."""
    crowd, brought = np.add.reduceat(times, starts), np.add.reduceat(part, starts)
    before = np.cumsum(crowd) - crowd
    taken = np.clip((worked - before) / np.maximum(crowd, 1e-300), 0.0, 1.0)
    return float(taken @ brought)


def _spearman(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Return Spearman's rank correlation; None where one of the two does not vary."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(stats.midranks(one), stats.midranks(other))[0, 1])


def _ends(drawn: NDArray[np.float64]) -> tuple[float, float]:
    known = drawn[~np.isnan(drawn)]
    if 2 * len(known) < len(drawn) or not len(known):
        return math.nan, math.nan
    low, high = np.percentile(known, LEVEL)
    return float(low), float(high)
