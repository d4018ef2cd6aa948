"""What the data decide by themselves: how strong the pull to the shape is, how small a rule may be, how many rules.

Every choice is tried on leads left out (cross-validation), by the AUC, which is what a score is for, and by differences
on the same leads (DeLong, DeLong and Clarke-Pearson 1988). A table without rules is kept unless another one is better
by three standard errors, so that noise gets no rules; conjunctions come in only where they pay by a whole one, or where
they rank no worse for sure and their log-loss is smaller by two: what only two conditions together bring stands on top
without a conjunction too, but then each of the two is paid for by itself.

Of the tables that are hardly worse than the best one, by a part of a standard error of the paired difference, the one
with the most rules is taken. The one-standard-error rule (Breiman et al. 1984) takes the one with the fewest, which is
as good as far as is known; but small effects are many, the leads to choose by are few, and the pull to the shape keeps
a rule too many small, while a rule too few is lost. On leads not seen the most are better by .003 than the fewest on a
hundred questions to sets of 400 to 1,500 rows, by .001 on 27 larger ones, at three or four rules more; of twenty
columns without meaning there are one and a half rules instead of one, before those go that do not pay (see `paying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.board import Board
from leadml.learn.search.curve import Curve
from leadml.learn.search.paying import idle_features
from leadml.learn.search.recipe import FINE, MIDDLE, STRENGTHS, WIDE, Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.terms import Terms

TOLERANCE = 0.3  # standard errors
ROUNDED = 1e-12  # where one rule says all, thirty of them seem better by the last bits of a sum
CLOSER = 2.0  # standard errors: of the log-loss at least, and of the AUC at the most the other way
NOTHING = 3.0  # standard errors; the best of many numbers of rules passes 2 in a fifth of sets without any signal


@dataclass(frozen=True, eq=False)
class Choice:
    """The recipe and the number of rules chosen, with what each number of rules costs on leads left out.

    Parameters
    ----------
    recipe : Recipe
        The best recipe for this number of rules.
    rules : int
        The number of rules, two for each conjunction.
    interactions : bool
        Whether conjunctions compete with the other rules.
    curve : tuple of (int, float, float)
        Number of rules, from 0, its mean log-loss on leads left out, and the standard error of what its AUC is below
        the highest.
    areas : tuple of float
        By number of rules, the AUC on leads left out: the mean over folds, recipes and the numbers of rules beside.
    idle : ndarray of bool, shape (n_features,)
        Features that do not pay: their rules, counted above, are not written.
    left_out : float
        The calibration slope of the log-odds on leads left out.
    """

    recipe: Recipe
    rules: int
    interactions: bool
    curve: tuple[tuple[int, float, float], ...]
    areas: tuple[float, ...]
    idle: NDArray[np.bool_]
    left_out: float


def choose(
    leads: Leads,
    features: Sequence[FeatureCodes],
    told: Sequence[Sequence[NDArray[np.float64]]],
    folds: Sequence[NDArray[np.bool_]],
    *,
    terms: Terms,
    most_rules: int,
    interactions: bool,
    share: float = 1.0,
    start: Sequence[NDArray[np.float64]] | None = None,
    together: NDArray[np.int64] | None = None,
    seen: NDArray[np.float64] | None = None,
    pinned: NDArray[np.bool_] | None = None,
) -> Choice:
    """Choose recipe and number of rules on the folds left out.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told : sequence of sequence of ndarray
        For each fold the contribution of each code of each feature, by the additive model that has not seen it.
    folds : sequence of ndarray of shape (n_leads,)
        For each fold, which leads are left out.
    terms : Terms
        What the rules have to keep to.
    most_rules : int
        The greatest number of rules.
    interactions : bool
        Whether conjunctions are tried.
    share : float
        What a standard error shrinks to with all leads, where these are a sample.
    start : sequence of ndarray, optional
        Contributions that learning started from.
    together : ndarray of shape (n_leads,), optional
        Leads with the same number count as one where errors are told: those of a company, or a deal that stands there
        twice, as a share won and a share lost, whose two losses move against each other.
    seen : ndarray of shape (n_leads,), optional
        What each lead weighs in the log-loss that is told, where that is not its weight in the search.
    pinned : ndarray of bool, shape (n_leads,), optional
        Leads with a pinned value: the slope of probabilities is that of the others.

    Returns
    -------
    Choice
        What was chosen, and the curve that says why.
    """
    board = Board(leads, features, told, folds, terms, most_rules, start, together, seen, pinned)
    joining = Recipe(MIDDLE, FINE)  # a stronger pull would hold effects that only show together at their flat shape
    others = [*(Recipe(strength, FINE) for strength in STRENGTHS if strength != MIDDLE), Recipe(MIDDLE, WIDE)]
    if share < 1:  # so many leads that a sample is enough: any pull gives way to them
        others = []
    none_idle = np.zeros(len(features), dtype=bool)
    first, crossed = board.walked(joining, interactions=interactions)
    tried = {joining: first, **{recipe: board.walked(recipe)[0] for recipe in others}}
    each = {recipe: Curve.over([walked]) for recipe, walked in tried.items()}
    if crossed is not None:
        joint, alone = Curve.over([crossed]), max(each.values(), key=attrgetter("highest"))
        gain, error = joint.highest - alone.highest, board.error(joint.best, alone.best)
        if gain > error or (gain > -CLOSER * error and board.surely_closer(crossed, first, CLOSER)):
            rules = _most(board, joint, share)  # a conjunction speaks for two features at once, so that none is idle
            left_out = board.calibration_slope(crossed, rules)
            return Choice(joining, rules, True, board.told_of(joint, share), joint.areas, none_idle, left_out)
    every = Curve.over(tried.values())
    rules = _most(board, every, share)
    recipe = max(tried, key=lambda recipe: each[recipe].areas[rules])
    idle = none_idle if share < 1 else idle_features(board, tried[recipe].said, rules)
    left_out = board.calibration_slope(tried[recipe], rules)
    return Choice(recipe, rules, False, board.told_of(every, share), every.areas, idle, left_out)


def _most(board: Board, curve: Curve, share: float) -> int:
    """Find the most rules that are hardly worse than the best number of them, but for those that change nothing."""
    if curve.highest - curve.areas[0] <= NOTHING * board.error(curve.best, curve.places_at(0)):
        return 0
    rules = next(
        k
        for k in range(len(curve.areas) - 1, 0, -1)
        if curve.highest - curve.areas[k] <= TOLERANCE * share * board.error(curve.best, curve.places_at(k))
    )
    while rules > 1 and abs(curve.areas[rules] - curve.areas[rules - 1]) <= ROUNDED:
        rules -= 1
    return rules
