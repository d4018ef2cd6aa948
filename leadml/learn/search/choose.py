"""What the data decide by themselves: how strong the pull to the shape is, how small a rule may be, how many rules.

Every choice is tried on leads left out (cross-validation), by the AUC, which is what a score is for, and by differences
on the same leads (DeLong, DeLong and Clarke-Pearson 1988). Of the tables that are hardly worse than the best one, by a
part of a standard error of the paired difference, the one with the fewest rules is taken (after the
one-standard-error rule; Breiman et al. 1984). A table without rules is kept unless another one is better by three
standard errors, so that noise gets no rules; conjunctions come in only where they pay by a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.conjunction import with_conjunctions
from leadml.learn.search.conjunctions import crossed
from leadml.learn.search.ground import survey
from leadml.learn.search.path import descend, walk
from leadml.learn.search.ranking import placements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

MIDDLE = 10.0
STRENGTHS = (MIDDLE, 1000.0, 10_000.0)
FINE = (0.002, 0.007, 0.02, 0.05)
WIDE = (0.05,)
RELINK_RULES = 30
TOLERANCE = 0.3
BESIDE = 8  # one path jumps up and down, the more the more rules it has: an eighth to either side is averaged
NOTHING = 3.0  # standard errors; the best of many numbers of rules passes 2 in a fifth of sets without any signal


@dataclass(frozen=True)
class Recipe:
    """How a table is made from shapes.

    Parameters
    ----------
    strength : float
        Weight of the pull of each effect towards the LightGBM shape.
    least_shares : tuple of float
        The least share of leads in a rule, for each beginning of the path.
    """

    strength: float
    least_shares: tuple[float, ...]


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
    """

    recipe: Recipe
    rules: int
    interactions: bool
    curve: tuple[tuple[int, float, float], ...]
    areas: tuple[float, ...] = ()


def beginning(ground: Ground, shares: tuple[float, ...], terms: Terms, most_rules: int) -> Partition:
    """Say where the path that counts begins.

    A path never undoes a merge, so where it begins decides where it can end. Paths from coarser and coarser
    beginnings are walked down to `most_rules`; what tells any of their ends apart is where the path that counts
    begins (path relinking; Glover 1997).
    """
    begins = [ground.begins[share] for share in shares]
    if len(begins) == 1:
        return begins[0]
    rules = max(most_rules, RELINK_RULES)
    first, *more = (descend(ground, begin, strength=MIDDLE, terms=terms, rules=rules) for begin in begins)
    return first.refined_by(more)


def path_of(
    ground: Ground, recipe: Recipe, begin: Partition, terms: Terms, most_rules: int, *, interactions: bool
) -> Iterator[tuple[Ground, Stage, Terms]]:
    """Walk a path as the recipe says; with interactions it begins again where conjunctions have joined."""
    path = walk(ground, begin, strength=recipe.strength, terms=terms, most_rules=max(most_rules, RELINK_RULES))
    if interactions:
        ground, begin, terms = crossed(ground, next(path), strength=recipe.strength, terms=terms)
        path = walk(ground, begin, strength=recipe.strength, terms=terms, most_rules=most_rules)
    yield from ((ground, stage, terms) for stage in path if stage.rules <= most_rules)


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

    Returns
    -------
    Choice
        What was chosen, and the curve that says why.
    """
    board = _Board(leads, features, told, folds, terms, most_rules, start, together, seen)
    recipes = [*(Recipe(strength, FINE) for strength in STRENGTHS), Recipe(MIDDLE, WIDE)]
    if share < 1:  # so many leads that a sample is enough: any pull gives way to them
        recipes = [Recipe(MIDDLE, FINE)]
    tried = {recipe: board.walked(recipe) for recipe in recipes}
    each = {recipe: Curve.over([walked]) for recipe, walked in tried.items()}
    if interactions:
        joining = Recipe(MIDDLE, FINE)  # a stronger pull would hold effects that only show together at their flat shape
        joint, alone = (
            Curve.over([board.walked(joining, interactions=True)]),
            max(each.values(), key=attrgetter("highest")),
        )
        if joint.highest - alone.highest > board.error(joint.best, alone.best):
            return Choice(joining, _fewest(board, joint, share), True, board.told_of(joint, share), joint.areas)
    every = Curve.over(tried.values())
    rules = _fewest(board, every, share)
    recipe = max(recipes, key=lambda recipe: each[recipe].areas[rules])
    return Choice(recipe, rules, False, board.told_of(every, share), every.areas)


def _fewest(board: _Board, curve: Curve, share: float) -> int:
    """Find the fewest rules that are hardly worse than the best number of them."""
    if curve.highest - curve.areas[0] <= NOTHING * board.error(curve.best, curve.places_at(0)):
        return 0
    some = range(1, len(curve.areas))
    return next(
        k
        for k in some
        if curve.highest - curve.areas[k] <= TOLERANCE * share * board.error(curve.best, curve.places_at(k))
    )


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
    """

    losses: NDArray[np.float64]
    places: tuple[NDArray[np.float64], ...]
    won: tuple[NDArray[np.float64], ...]

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


@dataclass(frozen=True, eq=False)
class _Board:
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

    def walked(self, recipe: Recipe, *, interactions: bool = False) -> Curve:
        """Walk the path of a recipe in each fold, and judge every number of rules on the leads left out."""
        found = [
            self._walked(ground, outside, begin, out, recipe, interactions=interactions)
            for (ground, outside), begin, out in zip(
                self.ground, self.begins[recipe.least_shares], self.folds, strict=True
            )
        ]
        losses, places, won = zip(*found, strict=True)
        return Curve(np.sum(losses, axis=0) / float(self._as_seen.sum()), places, won)

    def _walked(
        self,
        ground: Ground,
        outside: Leads,
        begin: Partition,
        out: NDArray[np.bool_],
        recipe: Recipe,
        *,
        interactions: bool,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Walk the path in one fold: by number of rules the sum of the log-loss, and the parts in the AUC."""
        losses, weight = np.empty(self.most_rules + 1), self._as_seen[out]
        places, upto = np.empty((self.most_rules + 1, len(outside.won))), self.most_rules + 1
        for wide, stage, _ in path_of(ground, recipe, begin, self.terms, self.most_rules, interactions=interactions):
            told = stage.fit.log_odds(stage.partition, with_conjunctions(outside.codes, wide.conjunctions))
            shifted = told - self._shift
            losses[stage.rules : upto] = float(weight @ (np.logaddexp(0, shifted) - outside.won * shifted))
            places[stage.rules : upto] = placements(outside, told)
            upto = stage.rules
        won = outside.weight * outside.won
        return losses, places, won / won.sum()

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
