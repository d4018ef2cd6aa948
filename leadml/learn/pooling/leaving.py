"""Whether a segment leaves the pooled points: only where other points do better on leads left out, by clear evidence.

Candidates are compared by log-loss on the same leads left out (cross-validation, several times over where leads are
few). A step away from the pooled points is taken where the paired gain exceeds two standard errors. The pooled table
may have been learned from these very leads as well; then it looks better here than it is, so that a segment stays with
it a little too often and never leaves it too easily.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import splitmix
from leadml.learn.learner import make_folds
from leadml.learn.pooling.anchored import anchored
from leadml.learn.pooling.evidence import FIRM, by_evidence
from leadml.learn.pooling.level import Line, pooled_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.pooling.anchored import Anchors
    from leadml.learn.search.refit import Leads, Refit

KEPT, FREED, OWN = "pooled points", "pooled rules, freed by feature", "rules of its own"
PULLS = (256.0, 64.0, 16.0, 4.0)
REPEATS = 3
MANY_WON = 500  # with more of them one round of cross-validation tells enough
ERRORS = 2.0  # simulated: benchmarks/segments.txt

Told = Callable[["NDArray[np.bool_]"], "NDArray[np.float64]"]


@dataclass(frozen=True)
class Candidate:
    """Points that a segment could have, and what they cost on leads left out.

    Parameters
    ----------
    name : str
        What they are.
    log_loss : float
        Mean log-loss of leads left out.
    gain, error : float
        By how much that is less than with the pooled points, and the standard error of this paired difference.
    """

    name: str
    log_loss: float
    gain: float
    error: float

    @property
    def clear(self) -> bool:
        """Tell whether the gain exceeds two standard errors."""
        return self.gain > ERRORS * self.error


@dataclass(frozen=True, eq=False)
class Leaving:
    """What cross-validation says.

    Parameters
    ----------
    taken : Candidate
        The points to take.
    tried : tuple of Candidate
        All of them, the pooled points first; these alone where there were too few leads to leave any out.
    """

    taken: Candidate
    tried: tuple[Candidate, ...]


def pulled(strength: float) -> str:
    """Name the candidate with one strength for all rules."""
    return f"pooled rules, pull {strength:g}"


def strengths_of(name: str, leads: Leads, anchors: Anchors) -> NDArray[np.float64]:
    """Find the strength of each feature's pull for a candidate.

    Parameters
    ----------
    name : str
        One that `pulled` gives, or `FREED`.
    leads : Leads
        The leads to fit on.
    anchors : Anchors
        The pooled table.

    Returns
    -------
    ndarray of shape (n_parts,)
        Strengths.
    """
    if name == FREED:
        return by_evidence(leads, anchors)
    return np.full(len(anchors.neutral), {pulled(s): s for s in PULLS}[name])


def compare(
    leads: Leads,
    anchors: Anchors,
    line: Line,
    company: NDArray[np.int64] | None,
    own: Told | None,
    seed: int,
) -> Leaving | None:
    """Compare the pooled points with others on leads left out.

    Parameters
    ----------
    leads : Leads
        The segment's leads; their codes are the pooled rules that hold.
    anchors : Anchors
        The pooled table.
    line : Line
        The log-odds that the pooled table gives a lead, from its score.
    company : ndarray of shape (n_leads,), optional
        Leads with the same number stay together.
    own : callable, optional
        Learns a table from the leads that a mask tells, and gives the log-odds of the others.
    seed : int
        Which of the possible divisions.

    Returns
    -------
    Leaving or None
        None where leads cannot be left out so that both sides have won and lost ones.
    """
    rounds = REPEATS if leads.won.sum() < MANY_WON else 1
    divisions = [_folds(leads.won, company, seed + k, k) for k in range(rounds)]
    if not all(divisions):
        return None
    told: list[dict[str, NDArray[np.float64]]] = []
    for folds in divisions:
        losses: dict[str, NDArray[np.float64]] = {}
        for out in folds:
            for name, log_odds in _told(leads, anchors, line, out):
                losses.setdefault(name, np.zeros(len(leads.won)))[out] = _loss(leads, log_odds, out)
        told.append(losses)
    mean = {name: np.asarray(np.mean([losses[name] for losses in told], axis=0)) for name in told[0]}
    board = _Board(leads.weight, company)
    tried = [board.candidate(name, loss, mean[KEPT]) for name, loss in mean.items()]
    taken = _best(tried)
    if own is not None:
        loss = np.zeros(len(leads.won))
        for out in divisions[0]:
            loss[out] = _loss(leads, own(~out), out)
        # It has to pay beyond the best that the pooled rules can do, on the same leads left out.
        found = board.candidate(OWN, loss, told[0][KEPT])
        tried.append(found)
        if board.candidate(OWN, loss, told[0][taken.name]).clear and found.clear:
            taken = found
    return Leaving(taken, tuple(tried))


def _best(tried: list[Candidate]) -> Candidate:
    """Take the least log-loss among the points that clearly pay; the pooled ones where none do."""
    return min((c for c in tried if c.clear), key=lambda c: c.log_loss, default=tried[0])


def _told(
    leads: Leads, anchors: Anchors, line: Line, out: NDArray[np.bool_]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Give, for each candidate, the log-odds of leads left out."""
    inside, outside = leads.pick(~out), leads.codes[:, out]
    yield KEPT, pooled_line(anchors.score(inside.codes), inside, line).log_odds(anchors.score(outside))
    fit: Refit | None = None
    for strength in PULLS:
        fit = anchored(inside, anchors, strengths_of(pulled(strength), inside, anchors), fit)
        yield pulled(strength), fit.log_odds(anchors.partition, outside)
    strengths = by_evidence(inside, anchors)
    if (strengths < FIRM).any():
        yield FREED, anchored(inside, anchors, strengths, fit).log_odds(anchors.partition, outside)
    else:
        yield FREED, pooled_line(anchors.score(inside.codes), inside, line).log_odds(anchors.score(outside))


def _loss(leads: Leads, log_odds: NDArray[np.float64], out: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(np.logaddexp(0, log_odds) - leads.won[out] * log_odds, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Board:
    """What the leads weigh, and which belong together; it tells what a difference is worth."""

    weight: NDArray[np.float64]
    company: NDArray[np.int64] | None

    def candidate(self, name: str, loss: NDArray[np.float64], pooled: NDArray[np.float64]) -> Candidate:
        """Sum up losses, beside those of the pooled points on the same leads."""
        total = float(self.weight.sum())
        gains = self.weight * (pooled - loss)
        if self.company is not None:
            gains = np.bincount(np.unique(self.company, return_inverse=True)[1], gains).astype(np.float64)
        error = float(gains.std(ddof=1)) * float(np.sqrt(len(gains))) / total if len(gains) > 1 else 0.0
        return Candidate(name, float(self.weight @ loss) / total, float(gains.sum()) / total, error)


def _folds(
    won: NDArray[np.float64], company: NDArray[np.int64] | None, seed: int, again: int
) -> tuple[NDArray[np.bool_], ...]:
    """Divide leads otherwise each time; their order depends on their content only, and so does each division."""
    if company is not None:
        return make_folds(won, company, seed)
    place = np.arange(len(won), dtype=np.uint64) + np.uint64(again << 40)
    order = np.argsort(splitmix(place), kind="stable") if again else np.arange(len(won))
    folds = []
    for fold in make_folds(won[order], None, seed):
        out = np.zeros(len(won), dtype=bool)
        out[order] = fold
        folds.append(out)
    return tuple(folds)
