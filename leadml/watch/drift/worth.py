"""What rules are worth now: their points held against the outcomes of leads that were scored since.

The table foretells how often leads of a score are won. Among the leads for which a rule holds, fewer wins than that
(more, where the rule takes points away) mean that it is worth less than it says. Only one lead in many has a rule to
itself, so the rule that is most at odds is settled first and the others are looked at again beside it: one that goes
along with it in the leads is seldom blamed for it. Two rules that hold for nearly the same leads cannot be told apart.

Measured (benchmarks/drift.py, 24 monthly looks at the newest months that hold 300 wins, rules worth their points give
or take 2): a rule is called out though nothing has changed in 4 of 100 series with 300 leads a month of which 3 % are
won, and in 12 of 100 with 10 % (of 25 series each; some of these rules never were worth two thirds of their points). A
strong rule that dies is called out within 12 months in 28 and 72 of 100, not within 6: it takes that many wins.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points.words.reasons import interaction_text, text_of
from leadml.stats import wilson

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.table import PointTable

LEVEL = 0.05  # chance of calling out any rule of a look that has kept just so much of its worth
LEFT = 2 / 3  # the share of its points that a rule must keep; the KPI asks the same of the whole score
LEAST_WON = 100  # with fewer, a dead rule is hardly ever found, and a live one too often blamed
STEPS, NEAR = 30, 1e-9
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Worth:
    """One rule, then and now.

    Parameters
    ----------
    rule : str
        Its id.
    text : str
        When it holds, in words.
    points : int
        What the table gives it.
    leads_then, won_then : int
        Leads for which it held at training, and the won ones of them.
    leads, won : int
        The same among leads that were scored since and whose time to be won is over.
    foretold : float
        How many of them the table foretells to be won, its overall level fitted to these leads.
    worth, low, high : float
        The points that fit these leads, with the 95 % interval.
    chance : float
        How likely so few wins (so many, where it takes points away) are if it had kept two thirds of its points.
    stopped : bool
        Whether that is too unlikely, all rules considered: it no longer earns its points.
    """

    rule: str
    text: str
    points: int
    leads_then: int
    won_then: int
    leads: int
    won: int
    foretold: float
    worth: float
    low: float
    high: float
    chance: float
    stopped: bool

    @property
    def rate_then(self) -> float | None:
        """Conversion rate at training."""
        return self.won_then / self.leads_then if self.leads_then else None

    @property
    def rate(self) -> float | None:
        """Conversion rate now."""
        return self.won / self.leads if self.leads else None

    @property
    def rate_interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the rate now."""
        return wilson(self.won, self.leads) if self.leads else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        interval = self.rate_interval or (None, None)
        rates = {"rate_then": self.rate_then, "rate": self.rate, "rate_low": interval[0], "rate_high": interval[1]}
        return asdict(self) | rates


def worths(
    table: PointTable, codes: NDArray[np.int32], score: ArrayLike, won: ArrayLike, level: float = LEVEL
) -> tuple[Worth, ...]:
    """Hold every rule with points against outcomes.

    Parameters
    ----------
    table : PointTable
        The table that scored the leads.
    codes : ndarray of int, shape (leads, features)
        The position of the rule that held, feature by feature; -1 where it is not known.
    score : array_like of int, shape (leads,)
        The scores.
    won : array_like of bool, shape (leads,)
        Which were won within the outcome window, of leads whose window is over.
    level : float
        Chance of calling out any rule that has kept two thirds of its worth.

    Returns
    -------
    tuple of Worth
        One per rule and interaction with points, in the order of the table; none where fewer than 100 leads were won
        or lost, or the table's probability does not rise with the score.

    Notes
    -----
    The score test in logistic regression with the table's log-odds as offset, intercept fitted, at two thirds of the
    rule's points (Cox and Hinkley 1974, Theoretical Statistics, section 9.3); its tail is that of a binomial with the
    same mean and variance, so that few wins do no harm. Levels are shared by Bonferroni; forward selection.
    """
    outcome = np.asarray(won, dtype=np.float64)
    offset = table.probability.slope * np.asarray(score, dtype=np.float64)
    few = min(outcome.sum(), len(outcome) - outcome.sum()) < LEAST_WON if len(outcome) else True
    if few or table.probability.slope <= 0:
        return ()
    rows = [row for row in _rows(table, codes) if row.held.any()]
    base = _probabilities(offset + _intercept(offset, outcome))
    stopped, adjusted = _stopped(rows, offset, outcome, table.probability.slope, level)
    found = []
    for row in rows:
        chance, moved = stopped.get(row.rule, (None, 0.0))
        # what other rules were found to be worth stays in the offset, its own part does not
        found.append(_worth(row, adjusted - moved * row.held, base, outcome, table.probability.slope, chance))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Row:
    """A rule with the leads for which it holds."""

    rule: str
    text: str
    points: int
    leads: int
    won: int
    held: NDArray[np.bool_]


def _rows(table: PointTable, codes: NDArray[np.int32]) -> Iterator[_Row]:
    place = {rule.id: (f, r) for f, feature in enumerate(table.features) for r, rule in enumerate(feature.rules)}
    for f, feature in enumerate(table.features):
        for r, rule in enumerate(feature.rules):
            if rule.points:
                yield _Row(rule.id, text_of(feature, rule), rule.points, rule.leads, rule.won, codes[:, f] == r)
    for both in table.interactions:
        if both.points:
            held = np.logical_and.reduce([codes[:, place[c][0]] == place[c][1] for c in both.conditions])
            yield _Row(both.id, interaction_text(table, both), both.points, both.leads, both.won, held)


def _stopped(
    rows: list[_Row], offset: NDArray[np.float64], won: NDArray[np.float64], slope: float, level: float
) -> tuple[dict[str, tuple[float, float]], NDArray[np.float64]]:
    """Call rules out, the most at odds first; return chance and change of each, and the offset with the changes."""
    found: dict[str, tuple[float, float]] = {}
    left = list(rows)
    while left:
        chances = [_chance(row, offset, won, slope) for row in left]
        worst = int(np.argmin(chances))
        if chances[worst] >= level / len(rows):
            break
        row = left.pop(worst)
        moved = _missing(row, offset, won)[0]
        found[row.rule] = chances[worst], moved
        offset = offset + moved * row.held
    return found, offset


def _chance(row: _Row, offset: NDArray[np.float64], won: NDArray[np.float64], slope: float) -> float:
    """Return how likely wins so few (many, for negative points) are if the rule had kept two thirds of its points."""
    moved = offset - (1 - LEFT) * row.points * slope * row.held
    p = _probabilities(moved + _intercept(moved, won))
    weight = p * (1 - p)
    inside = float(weight[row.held].sum())
    variance = inside - inside**2 / float(weight.sum())
    mean, seen = float(p[row.held].sum()), float(won[row.held].sum())
    return _tail(seen, mean, variance, low=row.points > 0)


def _tail(seen: float, mean: float, variance: float, *, low: bool) -> float:
    """Return P(X <= seen), or P(X >= seen), of the binomial with this mean and variance (any number of trials)."""
    from scipy.special import betainc

    if variance <= 0 or mean <= variance:
        return 1.0
    chance = 1 - variance / mean
    trials = mean / chance
    most = seen if low else seen - 1
    below = 0.0 if most < 0 else 1.0 if most >= trials else float(betainc(trials - most, most + 1, 1 - chance))
    return below if low else 1 - below


def _missing(row: _Row, offset: NDArray[np.float64], won: NDArray[np.float64]) -> tuple[float, float]:
    """Return by how much the log-odds of the rule's leads differ from the offset, and its standard error.

    Half a win and half a loss are added to the rule's leads, so that the answer is finite.
    """
    held, centre = row.held, float(offset[row.held].mean())
    intercept, delta = _intercept(offset, won), 0.0
    for _ in range(STEPS):
        p = _probabilities(offset + intercept + delta * held)
        weight = p * (1 - p)
        extra = float(_probabilities(np.array([centre + intercept + delta]))[0])
        own = float((won - p)[held].sum()) + 0.5 - extra
        total = float((won - p).sum())
        inside, all_ = float(weight[held].sum()) + extra * (1 - extra), float(weight.sum())
        shared = float(weight[held].sum())
        determinant = max(inside * all_ - shared**2, 1e-12)
        step = (all_ * own - shared * total) / determinant
        intercept += max(min((inside * total - shared * own) / determinant, 2.0), -2.0)
        delta += max(min(step, 2.0), -2.0)
        if abs(step) < NEAR:
            break
    return delta, math.sqrt(all_ / determinant)


def _worth(
    row: _Row,
    offset: NDArray[np.float64],
    base: NDArray[np.float64],
    won: NDArray[np.float64],
    slope: float,
    chance: float | None,
) -> Worth:
    """Put a rule's figures together; `offset` has what other rules were found to be worth."""
    delta, error = _missing(row, offset, won)
    worth = row.points + delta / slope
    return Worth(
        rule=row.rule,
        text=row.text,
        points=row.points,
        leads_then=row.leads,
        won_then=row.won,
        leads=int(row.held.sum()),
        won=int(won[row.held].sum()),
        foretold=float(base[row.held].sum()),
        worth=worth,
        low=worth - Z95 * error / slope,
        high=worth + Z95 * error / slope,
        chance=_chance(row, offset, won, slope) if chance is None else chance,
        stopped=chance is not None,
    )


def _intercept(offset: NDArray[np.float64], won: NDArray[np.float64]) -> float:
    """Fit the intercept, so that as many wins are foretold as there are."""
    rate = float(won.mean())
    intercept = math.log(rate / (1 - rate)) - float(offset.mean())
    for _ in range(STEPS):
        p = _probabilities(offset + intercept)
        step = float((won - p).sum() / max(float((p * (1 - p)).sum()), 1e-12))
        intercept += max(min(step, 2.0), -2.0)
        if abs(step) < NEAR:
            break
    return intercept


def _probabilities(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-np.logaddexp(0.0, -log_odds)))
