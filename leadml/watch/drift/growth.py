"""What grows that no rule knows: categories, types of events and topics that were rare or not there before.

Measured (benchmarks/drift.py, 125 looks each at 30 levels that go up and down by a fifth from month to month): one is
named though it has not grown in none, 4 and none of 100 looks at 60, 300 and 2,000 leads a month. One that 5 % of the
leads have since three months is always named from 300 leads a month on, and with 60 not before 20 leads have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.stats import mover_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECENT = 3  # periods that are held against those before
LEVEL = 0.01  # chance of naming anything, if nothing grew
LEAST_GROWTH = 2.0
LEAST_LEADS = 20  # fewer are neither named nor told
LEAST_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class Level:
    """One level, counted period by period.

    Parameters
    ----------
    what : str
        What it is a level of: ``type of event``, ``industry`` …
    name : str
        Its name as the data have it.
    leads : ndarray, shape (periods,)
        Leads that have it, oldest period first.
    of : ndarray, shape (periods,)
        All leads that could have it.
    """

    what: str
    name: str
    leads: NDArray[np.int64]
    of: NDArray[np.int64]


@dataclass(frozen=True)
class Newcomer:
    """A level that grows, and that no rule knows.

    Parameters
    ----------
    what, name : str
        What it is a level of, and its name.
    leads, of : int
        Leads that have it in the recent periods, of all that could; a lead counts once in each period.
    leads_before, of_before : int
        The same in the periods before.
    growth, low, high : float or None
        Its share over that before, with the 95 % interval; None: without bound, because it was not there.
    chance : float
        How likely so many are if its share is what it was.
    per_period : tuple of int
        Leads that have it, period by period, oldest first.
    """

    what: str
    name: str
    leads: int
    of: int
    leads_before: int
    of_before: int
    growth: float | None
    low: float | None
    high: float | None
    chance: float
    per_period: tuple[int, ...]

    @property
    def share(self) -> float:
        """Share of the leads that have it now."""
        return self.leads / self.of

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"share": self.share, "per_period": list(self.per_period)}


def growing(levels: Iterable[Level], recent: int = RECENT, level: float = LEVEL) -> tuple[Newcomer, ...]:
    """Find levels that have become more frequent.

    Parameters
    ----------
    levels : iterable of Level
        Those that no rule knows; all of the same number of periods.
    recent : int
        So many of the newest periods are held against all before them.
    level : float
        Chance of naming any of them if none grew.

    Returns
    -------
    tuple of Newcomer
        At least twice as frequent as before, with 20 leads or more and 1 % of all that could have it; those with most
        leads first. How many were looked at counts: each has to be so unlikely that all together are not likely.

    Notes
    -----
    Given all leads that ever had it, the number of recent ones is binomial with the recent periods' share of all leads
    as its chance, if its frequency has not changed (Przyborowski and Wilenski 1940, Biometrika 31, 313-323).

    Examples
    --------
    >>> of = np.full(6, 1000)
    >>> tool = Level("type of event", "roi_calculator", np.array([0, 0, 0, 10, 40, 70]), of)
    >>> fair = Level("type of event", "fair_visit", np.array([40, 38, 41, 40, 37, 43]), of)
    >>> [(n.name, n.leads, n.growth) for n in growing([tool, fair])]
    [('roi_calculator', 120, None)]
    """
    known = [entry for entry in levels if entry.leads.sum()]
    found = [_newcomer(entry, recent) for entry in known]
    sure = [n for n in found if n.chance < level / len(known) and _counts(n)]
    return tuple(sorted(sure, key=lambda n: (-n.leads, n.what, n.name)))


def _counts(found: Newcomer) -> bool:
    often = found.growth is None or found.growth >= LEAST_GROWTH
    return often and found.leads >= LEAST_LEADS and found.share >= LEAST_SHARE


def _newcomer(entry: Level, recent: int) -> Newcomer:
    from scipy.special import bdtrc

    now, before = slice(-recent, None), slice(None, -recent)
    x, n = int(entry.leads[now].sum()), int(entry.of[now].sum())
    y, m = int(entry.leads[before].sum()), int(entry.of[before].sum())
    ratio = mover_ratio(x, n, y, m) if n and m else (float("inf"), 0.0, float("inf"))
    growth, low, high = (value if np.isfinite(value) else None for value in ratio)
    chance = float(bdtrc(x - 1, x + y, n / (n + m))) if x and n and m else 1.0
    per_period = tuple(map(int, entry.leads))
    return Newcomer(entry.what, entry.name, x, n, y, m, growth, low, high, chance, per_period)
