"""Board: every recipe is judged on leads left out, by models that have not seen them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.conjunction import with_conjunctions
from leadml.learn.search.curve import Curve
from leadml.learn.search.ground import survey
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

    _Judged = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], tuple[Said, ...]]


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
        losses, places, won, said = zip(*found, strict=True)
        return Curve(np.sum(losses, axis=0) / float(self._as_seen.sum()), places, won, said)

    def _judged(self, fold: int, path: Iterable[tuple[Ground, Stage]]) -> _Judged:
        """Judge a path in one fold: by number of rules the sum of the log-loss, and the parts in the AUC.

        Without conjunctions also what its stages say.
        """
        outside, weight = self.ground[fold][1], self._as_seen[self.folds[fold]]
        losses, upto = np.empty(self.most_rules + 1), self.most_rules + 1
        places, said = np.empty((self.most_rules + 1, len(outside.won))), []
        for wide, stage in path:
            if stage.rules > self.most_rules:
                continue
            told = stage.fit.log_odds(stage.partition, with_conjunctions(outside.codes, wide.conjunctions))
            shifted = told - self._shift
            losses[stage.rules : upto] = float(weight @ (np.logaddexp(0, shifted) - outside.won * shifted))
            places[stage.rules : upto] = placements(outside, told)
            upto = stage.rules
            if not wide.conjunctions:
                said.append(Said.by(stage))
        won = outside.weight * outside.won
        return losses, places, won / won.sum(), tuple(said)

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

    def area(self, places: Sequence[NDArray[np.float64]]) -> float:
        """Give the AUC, the mean over the folds, from the parts that leads have in it."""
        won = [outside.weight * outside.won for _, outside in self.ground]
        return float(np.mean([place @ weight / weight.sum() for place, weight in zip(places, won, strict=True)]))

    def error(self, one: Sequence[NDArray[np.float64]], other: Sequence[NDArray[np.float64]]) -> float:
        """Give the standard error of the difference of two AUC, from the parts that leads have in them.

        Leads of a group count as one (Obuchowski 1997).
        """
        variance = 0.0
        for a, b, out, group in zip(one, other, self.folds, self.groups, strict=True):
            weight, won, parts = self.leads.weight[out], self.leads.won[out] > 0, a - b
            for side in (won, ~won):
                share = weight[side] / weight[side].sum()
                parts[side] = share * (parts[side] - share @ parts[side])
            sums = parts if group is None else np.bincount(group, parts)
            variance += float(sums @ sums)
        return float(np.sqrt(variance)) / len(self.folds)
