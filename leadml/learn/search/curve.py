"""Curve: what paths give on leads left out, by number of rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.paying import Said

BESIDE = 8  # one path jumps up and down, the more the more rules it has: an eighth to either side is averaged


@dataclass(frozen=True, eq=False)
class Curve:
    """What paths give on leads left out, by number of rules.

    What one path gives jumps up and down from one number of rules to the next; the average of several, and of the
    numbers beside, says more.

    Parameters
    ----------
    losses : ndarray of shape (n_rules + 1,)
        Mean log-loss.
    places : tuple of ndarray of shape (n_rules + 1, n_leads of the fold)
        For each fold, by number of rules, the part that each lead left out has in the AUC.
    won : tuple of ndarray
        For each fold how much each lead weighs among the won ones, 0 for lost ones; sums to 1.
    said : tuple of tuple of Said
        For each fold what the stages of its path say, in falling number of rules; empty for an average.
    told : tuple of ndarray of shape (n_rules + 1, n_leads of the fold)
        For each fold, by number of rules, the log-odds of each lead left out; empty for an average.
    """

    losses: NDArray[np.float64]
    places: tuple[NDArray[np.float64], ...]
    won: tuple[NDArray[np.float64], ...]
    said: tuple[tuple[Said, ...], ...] = ()
    told: tuple[NDArray[np.float32], ...] = ()

    @classmethod
    def over(cls, paths: Iterable[Curve]) -> Curve:
        """Average over paths, and each number of rules with those beside it."""
        losses, places, won = zip(*((p.losses, p.places, p.won) for p in paths), strict=True)
        smooth = tuple(_with_neighbours(np.mean(fold, axis=0)) for fold in zip(*places, strict=True))
        return cls(np.mean(losses, axis=0), smooth, won[0])

    @cached_property
    def areas(self) -> tuple[float, ...]:
        """Give the AUC by number of rules: the mean of the folds."""
        every = [place @ weight for place, weight in zip(self.places, self.won, strict=True)]
        return tuple(np.mean(every, axis=0).tolist())

    @cached_property
    def highest(self) -> float:
        """Give the highest AUC."""
        return max(self.areas)

    @property
    def best(self) -> list[NDArray[np.float64]]:
        """Give the parts in the highest AUC, by fold."""
        return self.places_at(self.areas.index(self.highest))

    @property
    def closest(self) -> int:
        """The number of rules at which the log-loss is smallest."""
        return int(np.argmin(self.losses))

    def told_at(self, rules: int) -> list[NDArray[np.float32]]:
        """Give the log-odds of leads with so many rules, by fold."""
        return [told[rules] for told in self.told]

    def places_at(self, rules: int) -> list[NDArray[np.float64]]:
        """Give the parts in the AUC with so many rules, by fold."""
        return [place[rules] for place in self.places]


def _with_neighbours(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average each row with the rows beside it, an eighth of its number to either side: the first ones stand alone.

    Examples
    --------
    >>> _with_neighbours(np.array([5.0, 6, 7, 7, 7, 7, 7, 7, 8, 9])[:, None]).ravel().tolist()
    [5.0, 6.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0, 8.0, 8.5]
    """
    rows = range(len(values))
    return np.array([values[k - k // BESIDE : k + k // BESIDE + 1].mean(axis=0) for k in rows], dtype=np.float64)
