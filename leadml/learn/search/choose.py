"""What the data decide by themselves: how strong the pull to the shape is, how small a rule may be, how many rules.

Every choice is tried on leads left out (cross-validation), by differences on the same leads. Of the tables that are
hardly worse than the best one, by a part of a standard error of the paired difference, the one with the fewest rules is
taken (after the one-standard-error rule; Breiman et al. 1984). A table without rules is kept unless another one is
better by a whole standard error, so that noise gets no rules; conjunctions come in only where they pay as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import splitmix
from leadml.learn.search.conjunctions import crossed, with_conjunctions
from leadml.learn.search.path import descend, survey, walk
from leadml.learn.search.ranking import area

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.path import Ground, Stage
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

MIDDLE = 10.0
STRENGTHS = (MIDDLE, 1000.0, 10_000.0)
FINE = (0.002, 0.007, 0.02, 0.05)
WIDE = (0.05,)
RELINK_RULES = 30
BLOCKS = 10
TOLERANCE = 0.3


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
        Number of rules, mean log-loss on leads left out with the best recipe for it, standard error of its excess
        over the lowest.
    areas : tuple of float
        By number of rules, from 0, the mean AUC on leads left out.
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

    Returns
    -------
    Choice
        What was chosen, and the curve that says why.
    """
    board = _Board(leads, features, told, folds, terms, most_rules, start, together)
    recipes = [*(Recipe(strength, FINE) for strength in STRENGTHS), Recipe(MIDDLE, WIDE)]
    if share < 1:  # so many leads that a sample is enough: any pull gives way to them
        recipes = [Recipe(MIDDLE, FINE)]
    tried = {recipe: board.walked(recipe) for recipe in recipes}
    choice = _chosen(board, tried, share, interactions=False)
    if not interactions:
        return choice
    joining = Recipe(MIDDLE, FINE)  # a stronger pull would hold effects that only show together at their flat shape
    joint = board.walked(joining, interactions=True)
    gain = _lowest(tried[joining].losses) - _lowest(joint.losses)
    if gain.sum() <= board.weight * board.error(gain):
        return choice
    return _chosen(board, {joining: joint}, share, interactions=True)


def _lowest(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(losses[int(losses.sum(axis=1).argmin())], dtype=np.float64)


def _chosen(board: _Board, tried: dict[Recipe, _Walked], share: float, *, interactions: bool) -> Choice:
    """Choose the number of rules by what all recipes cost on average, then the recipe that costs least with as many.

    What one path costs jumps up and down from one number of rules to the next; the average of several says more.
    """
    every = np.stack([walked.losses for walked in tried.values()])
    losses = every.mean(axis=0)
    mean, lowest = losses.sum(axis=1) / board.weight, _lowest(losses)
    errors = [share * board.error(loss - lowest) for loss in losses]
    curve = tuple((k, float(m), error) for k, (m, error) in enumerate(zip(mean, errors, strict=True)))
    rules = min(k for k, loss, error in curve if loss <= mean.min() + (TOLERANCE if k else 1.0) * error)
    recipe = list(tried)[int(every[:, rules].sum(axis=1).argmin())]
    areas = np.mean([walked.areas for walked in tried.values()], axis=0)
    return Choice(recipe, rules, interactions, curve, tuple(areas.tolist()))


@dataclass(frozen=True, eq=False)
class _Walked:
    """What the paths of a recipe give on leads left out, by number of rules.

    Parameters
    ----------
    losses : ndarray of shape (n_rules + 1, n_blocks)
        Sum of the log-loss, by block of leads.
    areas : ndarray of shape (n_rules + 1,)
        AUC, the mean of the folds.
    """

    losses: NDArray[np.float64]
    areas: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Board:
    """Leads and the models that have not seen some of them; it tells what a recipe costs on these."""

    leads: Leads
    features: Sequence[FeatureCodes]
    told: Sequence[Sequence[NDArray[np.float64]]]
    folds: Sequence[NDArray[np.bool_]]
    terms: Terms
    most_rules: int
    start: Sequence[NDArray[np.float64]] | None = None
    together: NDArray[np.int64] | None = None

    @property
    def weight(self) -> float:
        return float(self.leads.weight.sum())

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
    def blocks(self) -> list[NDArray[np.int64]]:
        """For each fold the block of each lead left out; what counts as one is in one block."""
        if self.together is None:
            return [np.arange(int(out.sum())) % BLOCKS for out in self.folds]
        mixed = (splitmix(self.together.astype(np.uint64)) % np.uint64(BLOCKS)).astype(np.int64)
        return [mixed[out] for out in self.folds]

    def walked(self, recipe: Recipe, *, interactions: bool = False) -> _Walked:
        """Walk the path of a recipe in each fold, and judge every number of rules on the leads left out."""
        losses, areas = [], []
        every = zip(self.ground, self.begins[recipe.least_shares], self.blocks, strict=True)
        for (ground, outside), begin, block in every:
            loss, ranked = np.empty((self.most_rules + 1, BLOCKS)), np.empty(self.most_rules + 1)
            upto = self.most_rules + 1
            for wide, stage, _ in path_of(
                ground, recipe, begin, self.terms, self.most_rules, interactions=interactions
            ):
                told = stage.fit.log_odds(stage.partition, with_conjunctions(outside.codes, wide.conjunctions))
                loss[stage.rules : upto] = _by_block(outside, told, block)
                ranked[stage.rules : upto] = area(outside, told)
                upto = stage.rules
            losses.append(loss)
            areas.append(ranked)
        return _Walked(np.concatenate(losses, axis=1), np.mean(areas, axis=0))

    def error(self, difference: NDArray[np.float64]) -> float:
        """Give the standard error of a mean difference from its sums by block."""
        return float(difference.std(ddof=1) * np.sqrt(len(difference)) / self.weight)


def _by_block(leads: Leads, log_odds: NDArray[np.float64], block: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the log-loss of leads over a few blocks of them, so that its error can be told."""
    loss = leads.weight * (np.logaddexp(0, log_odds) - leads.won * log_odds)
    return np.asarray(np.bincount(block, loss, minlength=BLOCKS), dtype=np.float64)
