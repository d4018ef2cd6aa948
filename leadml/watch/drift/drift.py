"""Whether leads still look like those that were learned from: PSI of the score and of every feature's rules.

Measured (benchmarks/drift.py: a table of 12 features, 24 monthly looks, each at the newest months that hold 200 leads,
while nothing changes): a false alarm in none of 75 series with 60 to 300 leads a month, where "PSI above .1" has one in
56 to 100 of 100 series and "above .25" in up to 24. When half of the leads lose a field, the next look says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml import stats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BANDS = 10
LEAST_PSI = 0.25  # below it a shift is small, however sure
CHANCE = 0.001  # of an alarm by chance, for one distribution in one look
ALL_CHANCES = 0.01  # and for all that are looked at together
LEAST_LEADS = 30
MOVED = 3


@dataclass(frozen=True)
class Move:
    """A level of a distribution: what it is called, and its share of the leads then and now."""

    level: str
    then: float
    now: float


@dataclass(frozen=True)
class Shift:
    """How a distribution differs from what it was.

    Parameters
    ----------
    what : str
        ``score``, or the feature.
    psi : float
        Population stability index; 0 where the shares are the same. Not a number where one side has no lead.
    limit : float
        What it must exceed to be an alarm: .25, or what chance alone makes of so few leads where that is more.
    leads_then, leads_now : int
        The leads of both sides.
    moves : tuple of Move
        The levels that moved most, at most three.
    """

    what: str
    psi: float
    limit: float
    leads_then: int
    leads_now: int
    moves: tuple[Move, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether it differs by more than is small, and than chance explains."""
        return min(self.leads_then, self.leads_now) >= LEAST_LEADS and self.psi > self.limit

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        psi = self.psi if np.isfinite(self.psi) else None
        return asdict(self) | {"psi": psi, "alarm": self.alarm, "moves": [asdict(move) for move in self.moves]}


def shift(
    what: str, then: Mapping[Any, float], now: Mapping[Any, float], tests: int = 1, names: Callable[[Any], str] = str
) -> Shift:
    """Compare two distributions over levels.

    Parameters
    ----------
    what : str
        What is distributed.
    then, now : mapping of level to leads
        Leads per level. A level that one side lacks counts there as half a lead, so that a new one shows.
    tests : int
        How many distributions are looked at together; the limit rises with them.
    names : callable
        Gives a level its name.

    Returns
    -------
    Shift

    Notes
    -----
    Where nothing has changed, the index is about chi-square with one degree of freedom less than there are levels,
    times 1/n + 1/m (Yurdakul and Naranjo 2020, Journal of Risk Model Validation 14(4), 89-100). An alarm needs the
    index to be above the .999 quantile of that (a higher one from 10 tests on: all together raise a false alarm in at
    most 1 of 100 looks) and above .25.

    Examples
    --------
    >>> found = shift("source", {"web": 600, "fair": 400}, {"web": 60, "fair": 40, "app": 100})
    >>> round(found.psi, 2), found.alarm, found.moves[0]
    (3.8, True, Move(level='app', then=0.0, now=0.5))
    >>> shift("source", {"web": 600, "fair": 400}, {"web": 10, "fair": 20}).alarm  # 30 leads may do so by chance
    False
    """
    levels = [level for level in {**then, **now} if then.get(level, 0) or now.get(level, 0)]
    n, m = sum(then.values()), sum(now.values())
    shares = [(then.get(level, 0) / max(n, 1), now.get(level, 0) / max(m, 1)) for level in levels]
    order = sorted(range(len(levels)), key=lambda k: (-abs(shares[k][1] - shares[k][0]), k))
    moves = tuple(Move(names(levels[k]), *shares[k]) for k in order[:MOVED] if shares[k][0] != shares[k][1])
    return Shift(what, stats.psi(then, now), limit(len(levels), n, m, tests), round(n), round(m), moves)


def limit(levels: int, n: float, m: float, tests: int = 1) -> float:
    """Return the index above which a shift is an alarm; see `shift`.

    Examples
    --------
    >>> round(limit(10, 1000, 100), 2), round(limit(10, 1000, 5000), 2)
    (0.31, 0.25)
    """
    from scipy.special import chdtri

    if levels < 2 or not n or not m:
        return LEAST_PSI
    quantile = float(chdtri(levels - 1, min(CHANCE, ALL_CHANCES / max(tests, 1))))
    return max(LEAST_PSI, quantile * (1 / n + 1 / m))


def score_shift(then: ArrayLike, now: ArrayLike, tests: int = 1) -> Shift:
    """Compare two sets of scores, by tenths of the first.

    Parameters
    ----------
    then, now : array_like of numbers
        Scores.
    tests : int
        How many distributions are looked at together.

    Returns
    -------
    Shift
        Its levels are bands of scores, such as ``40 to 52``.

    Examples
    --------
    >>> found = score_shift(range(1000), range(300, 1000))
    >>> found.alarm, found.moves[0].level, found.moves[0].now
    (True, 'below 100', 0.0)
    """
    old, new = (np.asarray(scores, dtype=np.float64) for scores in (then, now))
    if not len(old) or not len(new):
        return Shift("score", float("nan"), LEAST_PSI, len(old), len(new))
    cuts = np.unique(np.quantile(old, np.arange(1, BANDS) / BANDS, method="higher"))
    counts = [np.bincount(np.searchsorted(cuts, s, side="right"), minlength=len(cuts) + 1) for s in (old, new)]
    sides = [dict(enumerate(side.tolist())) for side in counts]
    return shift("score", sides[0], sides[1], tests, lambda k: _band(cuts, k))


def rule_shifts(
    features: Sequence[tuple[str, Sequence[str], Sequence[float]]], codes: NDArray[np.int32], tests: int = 1
) -> tuple[Shift, ...]:
    """Compare which rules held at training and hold now, feature by feature.

    Parameters
    ----------
    features : sequence of (name, names of its rules, leads per rule at training)
        In the order of the columns of `codes`.
    codes : ndarray of int, shape (leads, features)
        The position of the rule that held; -1 where it is not known.
    tests : int
        How many distributions are looked at together.

    Returns
    -------
    tuple of Shift
        One per feature.
    """
    found = []
    for place, (name, rules, then) in enumerate(features):
        held = codes[:, place]
        now = np.bincount(held[held >= 0], minlength=len(rules)).tolist()
        found.append(shift(name, dict(enumerate(then)), dict(enumerate(now)), tests, rules.__getitem__))
    return tuple(found)


def _band(cuts: NDArray[np.float64], place: int) -> str:
    if not len(cuts):
        return "any score"
    if place == 0:
        return f"below {cuts[0]:g}"
    return f"{cuts[-1]:g} or more" if place == len(cuts) else f"{cuts[place - 1]:g} to under {cuts[place]:g}"
