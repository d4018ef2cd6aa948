"""Paying: does what a table says by a feature hold on leads left out? A feature that does not pay gets no rules.

The number of rules is chosen for all features together, so rules that say nothing come in beside rules that say much.
Here the rules of a feature are taken out of the scores of the leads left out, those of all others staying as they are;
it pays where the AUC falls by more than next to nothing. On 40 histories with planted effects .55 of three or four
columns without meaning have rules instead of .88, at the same AUC on unseen leads. Where only a sample of the leads is
looked at, nobody is asked: it misses small effects that all of them show. Nor are they where few leads were won, or
few lost: chance decides then which features seem idle. On 118 questions to public sets, with 30 to 150 of them in
training, that cost .0017 of AUC (standard error .0004); on 80 with more of them nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.ranking import placements
from leadml.learn.search.settle import thinned
from leadml.learn.search.splits import landscape_near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.board import Board
    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.terms import Terms

LEAST_EACH = 150  # won leads, and lost ones
HOLDS = 0.5  # standard errors
LITTLE = 0.0005  # of AUC: where leads are few, half a standard error is more than a rule can be worth


@dataclass(frozen=True, eq=False)
class Said:
    """What a stage of a path says, but for a constant.

    Parameters
    ----------
    rules : int
        Its number of rules.
    effects : mapping of int to ndarray
        For each feature with rules the effect of each of its codes.
    """

    rules: int
    effects: Mapping[int, NDArray[np.float64]]

    @classmethod
    def by(cls, stage: Stage) -> Said:
        """Read it from a stage without conjunctions."""
        starts, groups = stage.partition.starts, stage.partition.groups
        told = np.flatnonzero(stage.partition.sizes > 1).tolist()
        return cls(stage.rules, {k: stage.fit.effects[starts[k] + groups[k]] for k in told})

    def places(self, outside: Leads, gone: Collection[int]) -> NDArray[np.float64]:
        """Give the part that each lead has in the AUC without the rules of some features."""
        parts = [effect[outside.codes[k]] for k, effect in self.effects.items() if k not in gone]
        return placements(outside, np.sum(parts, axis=0) if parts else np.zeros(len(outside.won)))


def idle_features(board: Board, said: Sequence[Sequence[Said]], rules: int) -> NDArray[np.bool_]:
    """Tell which features do not pay.

    They are asked one after the other, first the one that seems to pay least, and each without those that are out
    already: of two that say the same one stays. Where there are as many rules as there may be, features have competed
    for them already, and all of them stay: with ten rules on bank contacts what is left out costs .001 of AUC.

    Parameters
    ----------
    board : Board
        Leads, folds, and what the rules have to keep to.
    said : sequence of sequence of Said
        For each fold what the stages of its path say, in falling number of rules.
    rules : int
        How many rules a table has.

    Returns
    -------
    ndarray of bool, shape (n_features,)
        None where not a single one pays, all the rules are used, or few leads were won or lost. Those whose rules are
        held always pay.
    """
    idle = np.zeros(len(board.features), dtype=bool)
    if rules in (0, board.most_rules) or _fewer(board.leads) < LEAST_EACH:
        return idle
    stages = [next(stage for stage in fold if stage.rules <= rules) for fold in said]

    def without(*gone: int) -> list[NDArray[np.float64]]:
        return [stage.places(outside, gone) for stage, (_, outside) in zip(stages, board.ground, strict=True)]

    def falls(one: list[NDArray[np.float64]], other: list[NDArray[np.float64]]) -> tuple[float, bool]:
        fall = board.area(one) - board.area(other)
        return fall, fall > min(HOLDS * board.error(one, other), LITTLE)

    used = {k for stage in stages for k in stage.effects if not board.terms.held[k]}
    idle[[k for k in range(len(idle)) if k not in used and not board.terms.held[k]]] = True
    now = every = without()
    alone = {k: falls(every, without(k)) for k in sorted(used)}
    for k in sorted((k for k, (_, pays) in alone.items() if not pays), key=lambda k: alone[k][0]):
        then = without(*np.flatnonzero(idle).tolist(), k)
        _, pays = falls(now, then)
        if not pays:
            idle[k], now = True, then
    return np.zeros_like(idle) if idle.all() else idle


def _fewer(leads: Leads) -> float:
    """Count the won leads or the lost ones, whichever are fewer."""
    won = float(leads.weight @ leads.won)
    return min(won, float(leads.weight.sum()) - won)


def spared(wide: Ground, stage: Stage, idle: NDArray[np.bool_], strength: float, terms: Terms) -> Stage:
    """Take the rules of idle features off a stage; the others take up what they said."""
    flat = stage.partition.flat(idle)
    if (flat.sizes == stage.partition.sizes).all():
        return stage
    near = landscape_near(wide, stage, stage.partition)
    return thinned(wide, near, flat, stage.rules, strength, terms)
