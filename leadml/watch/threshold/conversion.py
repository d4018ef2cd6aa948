"""How leads from a score on convert: measured where outcomes are known, else by the table's probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.stats import wilson
from leadml.stats.arrays import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.watch.threshold.counts import ScoreCounts

Rates = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class ConversionRow:
    """Leads with at least a score, and what came of them.

    Parameters
    ----------
    score : int
    leads : int
    won : float
        Won leads; expected ones where nothing was measured.
    worth : float
        What they brought in; 0 where nobody says what a win is worth.
    marginal : float
        Conversion rate of the leads just at this score. Measured rates of neighbouring scores are put together until
        they rise with the score (isotonic regression, weighted by leads).
    marginal_worth : float
        The same for what a lead brings in.
    """

    score: int
    leads: int
    won: float
    worth: float = 0.0
    marginal: float = 0.0
    marginal_worth: float = 0.0


@dataclass(frozen=True)
class Conversion:
    """Conversion by score.

    Parameters
    ----------
    rows : tuple of ConversionRow
        By score, the highest first.
    measured : bool
        Whether wins were counted; else they are expected by the table's probability.
    """

    rows: tuple[ConversionRow, ...]
    measured: bool = True

    @property
    def leads(self) -> int:
        """All leads that tell of it."""
        return self.rows[-1].leads if self.rows else 0

    @property
    def won(self) -> float:
        """All wins among them."""
        return self.rows[-1].won if self.rows else 0.0

    def rate(self, row: ConversionRow) -> Rates:
        """Return the conversion rate of a row with Wilson's interval; without one where it is not measured."""
        if not row.leads:
            return None, None, None
        return (row.won / row.leads, *(wilson(row.won, row.leads) if self.measured else (None, None)))

    def spread(self, row: ConversionRow) -> float:
        """Return the variance of a measured rate, by the width of Wilson's interval."""
        _, low, high = self.rate(row)
        return 0.0 if low is None or high is None else ((high - low) / (2 * normal_quantile(0.95))) ** 2

    def along(self, scores: NDArray[np.int64], above: NDArray[np.float64]) -> tuple[ConversionRow, ...]:
        """Return a row for each of other scores.

        Parameters
        ----------
        scores : ndarray of int64, shape (cuts,)
            The highest first.
        above : ndarray of float, shape (cuts,)
            How many leads there are with at least each of them.

        Returns
        -------
        tuple of ConversionRow
            Exact where a row begins at the score. Between two rows, which hold several scores each, leads and wins are
            shared out as the leads of `above` are.
        """
        mine, reach = self._reach(scores, above)
        place = np.minimum(np.searchsorted(-mine, -scores, side="left"), len(mine) - 1)
        shared = {
            name: np.interp(above, np.append(0.0, reach), [0.0, *(float(getattr(row, name)) for row in self.rows)])
            for name in ("leads", "won", "worth")
        }
        return tuple(
            ConversionRow(
                int(score),
                round(float(shared["leads"][k])),
                min(float(shared["won"][k]), round(float(shared["leads"][k]))),
                float(shared["worth"][k]),
                self.rows[place[k]].marginal,
                self.rows[place[k]].marginal_worth,
            )
            for k, score in enumerate(scores.tolist())
        )

    def expected(
        self, scores: NDArray[np.int64], above: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the wins of other leads, and what they bring: each lead converts as the leads of its own score did.

        Parameters
        ----------
        scores : ndarray of int64, shape (cuts,)
            The highest first.
        above : ndarray of float, shape (cuts,)
            How many of the other leads have at least each of them.

        Returns
        -------
        won, worth : ndarray of float, shape (cuts,)
            Of the other leads with at least each score. They never fall from one cut to the next lower one; of the
            same leads they are what was counted. Leads below every row convert as those of the lowest row.
        """
        _, reach = self._reach(scores, above)
        ends = np.concatenate([[0.0], reach, above[-1:]])
        mine = np.diff([0.0, *(row.leads for row in self.rows)])
        found = []
        for values in ([row.won for row in self.rows], [row.worth for row in self.rows]):
            rates = np.diff([0.0, *values]) / mine
            sums = np.cumsum(np.diff(ends) * np.append(rates, rates[-1]))
            found.append(np.interp(above, ends, np.append(0.0, sums)))
        return found[0], found[1]

    def _reach(
        self, scores: NDArray[np.int64], above: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the scores of the rows, and how many of the other leads have at least each of them."""
        mine = np.array([row.score for row in self.rows])
        return mine, np.append(0.0, above)[np.searchsorted(-scores, -mine, side="right")]


def conversion_of_counts(counts: ScoreCounts, value: float | None = None) -> Conversion:
    """Take conversion from counted leads and wins; `value` is what a win is worth."""
    score = np.array([row.score for row in counts.rows], dtype=np.int64)
    leads = np.array([row.leads for row in counts.rows], dtype=np.float64)
    won = np.array([row.won for row in counts.rows], dtype=np.float64)
    return _conversion(score, leads, won, won * (value or 0.0), measured=True)


def conversion_of_leads(
    score: NDArray[np.int64],
    won: NDArray[np.float64],
    worth: NDArray[np.float64] | None,
    *,
    measured: bool,
    floor: int | None = None,
) -> Conversion:
    """Count from single leads.

    Parameters
    ----------
    score : ndarray of int64, shape (leads,)
    won : ndarray of float, shape (leads,)
        1 or 0; the probability of being won where it is not known.
    worth : ndarray of float, shape (leads,), or None
        What each lead brought in, 0 for a lost one, or is expected to.
    measured : bool
    floor : int, optional
        The score of leads that are never handed over: how they convert says nothing of the leads just at a cut.
    """
    values, place, leads = np.unique(score, return_inverse=True, return_counts=True)
    wins = np.bincount(place, won, minlength=len(values))
    brought = np.zeros(len(values)) if worth is None else np.bincount(place, worth, minlength=len(values))
    columns = (column[::-1].astype(np.float64) for column in (leads, wins, brought))
    return _conversion(values[::-1], *columns, measured=measured, floor=floor)


def _conversion(
    score: NDArray[np.int64],
    leads: NDArray[np.float64],
    won: NDArray[np.float64],
    worth: NDArray[np.float64],
    *,
    measured: bool,
    floor: int | None = None,
) -> Conversion:
    marginal, marginal_worth = (_falling(part / leads, leads, score != floor) for part in (won, worth))
    columns = (np.cumsum(leads), np.cumsum(won), np.cumsum(worth), marginal, marginal_worth)
    rows = zip(score.tolist(), *(column.tolist() for column in columns), strict=True)
    return Conversion(tuple(ConversionRow(s, round(n), w, v, r, m) for s, n, w, v, r, m in rows), measured)


def _falling(rates: NDArray[np.float64], weights: NDArray[np.float64], which: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Put neighbours together until rates fall from the highest score down (pool adjacent violators)."""
    from scipy.optimize import isotonic_regression

    found = rates.copy()
    if which.any():
        found[which] = isotonic_regression(rates[which], weights=weights[which], increasing=False).x
    return found
