"""Board: every recipe is judged on leads left out, by models that have not seen them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.learn.search.beside import beside
from leadml.learn.search.conjunction import with_conjunctions
from leadml.learn.search.curve import Curve
from leadml.learn.search.ground import survey
from leadml.learn.search.newton import logistic
from leadml.learn.search.paying import Said
from leadml.learn.search.ranking import placements
from leadml.learn.search.recipe import FINE, WIDE, additive, beginning, first_stages, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.recipe import Recipe
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

    _Judged = tuple[
        NDArray[np.float64], NDArray[np.float32], NDArray[np.float64], NDArray[np.float64], tuple[Said, ...]
    ]


FAINT = 1e-3  # keeps a slope finite where the leads left out are told without exception


@dataclass(frozen=True, eq=False)
class Board:
    """Leads and the models that have not seen some of them; it tells what a recipe gives on these."""

    leads: Leads
    features: Sequence[FeatureCodes]
    told: Sequence[Sequence[NDArray[np.float64]]]
    folds: Sequence[NDArray[np.bool_]]
    terms: Terms
    most_rules: int
    start: Sequence[NDArray[np.float64]] | None = None
    together: NDArray[np.int64] | None = None
    seen: NDArray[np.float64] | None = None
    pinned: NDArray[np.bool_] | None = None

    @cached_property
    def ground(self) -> list[tuple[Ground, Leads]]:
        """For each fold the ground inside, with shapes that have not seen it, and the leads left out."""
        return [
            (survey(self.leads.pick(~out), self.features, told, FINE, self.start), self.leads.pick(out))
            for told, out in zip(self.told, self.folds, strict=True)
        ]

    @cached_property
    def begins(self) -> dict[tuple[float, ...], list[Partition]]:
        """Where the path begins in each fold, by the least shares of a recipe."""
        return {
            shares: [beginning(ground, shares, self.terms, self.most_rules) for ground, _ in self.ground]
            for shares in (FINE, WIDE)
        }

    @cached_property
    def groups(self) -> list[NDArray[np.int64] | None]:
        """For each fold the group of each lead left out, numbered afresh."""
        if self.together is None:
            return [None for _ in self.folds]
        return [np.unique(self.together[out], return_inverse=True)[1] for out in self.folds]

    def walked(self, recipe: Recipe, *, interactions: bool = False) -> tuple[Curve, Curve | None]:
        """Walk the path of a recipe in each fold, and judge every number of rules on the leads left out.

        With interactions also the path with conjunctions, which leaves the other one where they join.
        """
        plain, joint = [], []
        for fold, ((ground, _), begin) in enumerate(zip(self.ground, self.begins[recipe.least_shares], strict=True)):
            path = additive(ground, recipe, begin, self.terms, self.most_rules)
            stages = first_stages(path)
            plain.append(self._judged(fold, ((ground, stage) for stage in chain(stages, path))))
            if interactions:
                crossed = joined(ground, recipe, stages, self.terms, self.most_rules)
                joint.append(self._judged(fold, ((wide, stage) for wide, stage, _ in crossed)))
        return self._curve(plain), self._curve(joint) if interactions else None

    def _curve(self, found: Sequence[_Judged]) -> Curve:
        losses, told, places, won, said = zip(*found, strict=True)
        return Curve(np.sum(losses, axis=0) / float(self._as_seen.sum()), places, won, said, told)

    def _judged(self, fold: int, path: Iterable[tuple[Ground, Stage]]) -> _Judged:
        """Judge a path in one fold: by number of rules the log-loss, the log-odds of each lead, its part in the AUC.

        Without conjunctions also what its stages say.
        """
        outside, upto = self.ground[fold][1], self.most_rules + 1
        losses, told = np.empty(upto), np.empty((upto, len(outside.won)), dtype=np.float32)
        places, said = np.empty((upto, len(outside.won))), []
        for wide, stage in path:
            if stage.rules > self.most_rules:
                continue
            score = stage.fit.log_odds(stage.partition, with_conjunctions(outside.codes, wide.conjunctions))
            shifted = score - self._shift
            losses[stage.rules : upto] = self._losses(fold, shifted).sum()
            told[stage.rules : upto] = shifted
            places[stage.rules : upto] = placements(outside, score)
            upto = stage.rules
            if not wide.conjunctions:
                said.append(Said.by(stage))
        won = outside.weight * outside.won
        return losses, told, places, won / won.sum(), tuple(said)

    def _losses(self, fold: int, told: NDArray[Any]) -> NDArray[np.float64]:
        """Give the weighted log-loss of each lead that a fold leaves out."""
        out = self.folds[fold]
        return np.asarray(self._as_seen[out] * (np.logaddexp(0, told) - self.leads.won[out] * told), dtype=np.float64)

    @property
    def _as_seen(self) -> NDArray[np.float64]:
        return self.leads.weight if self.seen is None else self.seen

    @cached_property
    def _shift(self) -> float:
        """Tell what the weights of the search add to all log-odds."""
        won = self.leads.won
        odds = [float(weight @ won) / float(weight @ (1 - won)) for weight in (self.leads.weight, self._as_seen)]
        return float(np.log(odds[0] / odds[1]))

    def told_of(self, curve: Curve, share: float) -> tuple[tuple[int, float, float], ...]:
        """Give number of rules, log-loss, and the standard error of what the AUC is below the highest."""
        return tuple(
            (k, float(loss), share * self.error(curve.best, curve.places_at(k))) for k, loss in enumerate(curve.losses)
        )

    def surely_closer(self, one: Curve, other: Curve, errors: float) -> bool:
        """Tell whether the best table of one curve has a smaller log-loss than that of another one, and not by chance.

        Parameters
        ----------
        one, other : Curve
            Each of a single path.
        errors : float
            By how many standard errors of the difference on the same leads.
        """
        gains = []
        for fold, (a, b) in enumerate(zip(one.told_at(one.closest), other.told_at(other.closest), strict=True)):
            alone, group = self._losses(fold, b) - self._losses(fold, a), self.groups[fold]
            gains.append(alone if group is None else np.bincount(group, alone))
        gain = np.concatenate(gains)
        return bool(gain.sum() > errors * np.sqrt(len(gain) * gain.var()))

    def calibration_slope(self, curve: Curve, rules: int) -> float:
        """Give the calibration slope of a table on leads left out (Cox 1958): 1 is right, less is too sure.

        Leads with a pinned value are not asked, as long as there are others.

        Parameters
        ----------
        curve : Curve
            Of a single path.
        rules : int
            The number of rules.

        Returns
        -------
        float
            Not negative.
        """
        told = np.empty(len(self.leads.won))
        for out, of_fold in zip(self.folds, curve.told_at(rules), strict=True):
            told[out] = of_fold
        asked = beside(self.leads.won, self.pinned)
        told, won, weight = told[asked], self.leads.won[asked], self._as_seen[asked]
        middle = float(np.average(told, weights=weight))
        design, centre = np.stack([np.ones(len(told)), told - middle]), np.array([middle, 1.0])
        terms, _ = logistic(design, won, weight, centre=centre, pull=np.array([0.0, FAINT]))
        return max(float(terms[1]), 0.0)

    def area(self, places: Sequence[NDArray[np.float64]]) -> float:
        """Give the AUC, the mean over the folds, from the parts that leads have in it."""
        won = [outside.weight * outside.won for _, outside in self.ground]
        return float(np.mean([place @ weight / weight.sum() for place, weight in zip(places, won, strict=True)]))

    def error(self, one: Sequence[NDArray[np.float64]], other: Sequence[NDArray[np.float64]]) -> float:
        """Give the standard error of the difference of two AUC, from the parts that leads have in them.

        Leads of a group count as one (Obuchowski 1997). A fold may hold a single won lead, which says nothing of how
        won leads scatter: so the folds share their means.
        """
        parts = [a - b for a, b in zip(one, other, strict=True)]
        for won in (True, False):
            sides = [(self.leads.won[out] > 0) == won for out in self.folds]
            shares = [self.leads.weight[out] * side for out, side in zip(self.folds, sides, strict=True)]
            shares = [share / share.sum() for share in shares]
            mean = float(np.mean([share @ part for share, part in zip(shares, parts, strict=True)]))
            alone = float(np.sum([share @ share for share in shares])) / len(self.folds) ** 2
            for part, share, side in zip(parts, shares, sides, strict=True):
                part[side] = (share * (part - mean))[side] / np.sqrt(max(1 - alone, alone))
        sums = [
            part if group is None else np.bincount(group, part) for part, group in zip(parts, self.groups, strict=True)
        ]
        return float(np.sqrt(sum(float(each @ each) for each in sums))) / len(self.folds)
