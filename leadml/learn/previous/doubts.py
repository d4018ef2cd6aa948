"""Which rows the leads speak against: score tests of every row and of every feature, with a threshold for all of them.

Were nothing to move, the log-odds of a lead would be level plus factor times the previous score. Each test asks what a
row (or all rows of a feature together) would gain by moving away from that. The previous points were learned from
leads as well, so the difference of two estimates is judged, not one estimate against a truth: by the counts that the
previous table holds, but never by more than as many leads as there are now, so that a table learned from few leads
does not resist many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfc, gammaincc

from leadml.learn.previous.draft import LEAST_TOLD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.previous.draft import Part
    from leadml.learn.previous.fitting import Fit, Seen

LEVEL = 0.05  # the chance that anything moves where nothing has changed
ROUNDING = 0.5  # of a point: what integers may be off by themselves


@dataclass(frozen=True)
class Doubt:
    """What the leads say against a row, or against all rows of a feature.

    Parameters
    ----------
    groups : tuple of (int, int)
        Parts and groups that would move.
    p : float
        The chance of such evidence where nothing has changed.
    z : float
        The evidence as a standard normal deviate: the difference of old and new over its standard error; for several
        rows the deviate with the same p.
    """

    groups: tuple[tuple[int, int], ...]
    p: float
    z: float


def doubts(fit: Fit, seen: Seen, point: float) -> list[Doubt]:
    """Test every row that does not move yet, and all rows of each feature together.

    Parameters
    ----------
    fit : Fit
        A draft fitted on the leads.
    seen : Seen
        The leads.
    point : float
        The log-odds that one point is worth.

    Returns
    -------
    list of Doubt
        One per test, in the order of the table.
    """
    chance = fit.chance
    residual = seen.weight * (seen.won - chance)
    bend = seen.weight * chance * (1 - chance)
    inverse = np.linalg.inv(fit.curvature)
    moving = fit.draft.fixed.union(fit.draft.moving)
    found = []
    for p, part in enumerate(fit.draft.parts):
        group = part.group_of[seen.codes[p]]
        tested = np.array([g for g in _shown(part, group, seen, bend) if (p, g) not in moving], dtype=np.int64)
        if not len(tested):
            continue
        slope = np.asarray(np.bincount(group, residual, minlength=part.groups)[tested], dtype=np.float64)
        own = np.bincount(group, bend, minlength=part.groups)[tested]
        cross = np.stack([np.bincount(group, bend * row, minlength=part.groups)[tested] for row in fit.design])
        spread = np.diag(own) - cross.T @ inverse @ cross
        told = np.minimum(own / np.maximum(part.seen[tested], 1e-12), 1.0)
        found += _of_part(p, tested, slope, spread, told, point)
    return found


def _of_part(
    part: int,
    tested: NDArray[np.int64],
    slope: NDArray[np.float64],
    spread: NDArray[np.float64],
    old: NDArray[np.float64],
    point: float,
) -> list[Doubt]:
    """Test the rows of one part, one by one and together."""
    found = []
    for k, group in enumerate(tested.tolist()):
        variance = (1 + old[k]) / spread[k, k] + (ROUNDING * point) ** 2
        z = slope[k] / spread[k, k] / np.sqrt(variance)
        found.append(Doubt(((part, group),), float(erfc(abs(z) / np.sqrt(2))), float(z)))
    if len(tested) > 1:
        now = np.linalg.inv(spread + 1e-9 * np.diag(np.diag(spread)))
        step = now @ slope
        before = np.sqrt(old)[:, None] * now * np.sqrt(old)[None, :]
        square = float(step @ np.linalg.solve(now + before + np.eye(len(step)) * (ROUNDING * point) ** 2, step))
        p = float(gammaincc(len(tested) / 2, square / 2))
        found.append(Doubt(tuple((part, group) for group in tested.tolist()), p, _deviate(p)))
    return found


def gravest(found: list[Doubt]) -> Doubt | None:
    """Take the gravest doubt, if it is grave for so many tests (Holm 1979); None where the leads agree."""
    worst = min(found, key=lambda doubt: (doubt.p, len(doubt.groups), doubt.groups), default=None)
    return worst if worst is not None and worst.p * len(found) <= LEVEL else None


def shown(fit: Fit, seen: Seen) -> list[tuple[int, int]]:
    """List the rows, neutral ones apart, that enough leads have shown for a test of them to be trusted."""
    chance = fit.chance
    bend = seen.weight * chance * (1 - chance)
    return [
        (p, g) for p, part in enumerate(fit.draft.parts) for g in _shown(part, part.group_of[seen.codes[p]], seen, bend)
    ]


def _shown(part: Part, group: NDArray[np.int64], seen: Seen, bend: NDArray[np.float64]) -> list[int]:
    weight, won, expected = (
        np.asarray(np.bincount(group, values, minlength=part.groups), dtype=np.float64)
        for values in (seen.weight, seen.weight * seen.won, bend)
    )
    enough = (told_now(expected, weight, won) >= LEAST_TOLD) & (expected > 1e-9)
    return [int(g) for g in np.flatnonzero(enough) if g not in (part.neutral, part.unheard_other)]


def told_now(
    expected: NDArray[np.float64], weight: NDArray[np.float64], won: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Say how much leads tell of a row, the sum of p (1 - p): by the chances they were given, or by their outcomes.

    Where nearly none was to be won and many were, the chances alone would call the clearest evidence none.

    Examples
    --------
    >>> import numpy as np
    >>> told_now(np.array([3.0, 3.0]), np.array([100.0, 100.0]), np.array([2.0, 20.0])).tolist()
    [3.0, 16.0]
    """
    return np.maximum(expected, won * (1 - won / np.maximum(weight, 1e-12)))


def _deviate(p: float) -> float:
    from statistics import NormalDist

    return -NormalDist().inv_cdf(min(max(p / 2, 1e-300), 0.5))
