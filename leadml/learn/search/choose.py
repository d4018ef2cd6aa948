"""What the data decide by themselves: how strong the pull to the shape is, how small a rule may be, how many rules.

Every choice is tried on leads left out (cross-validation), by differences on the same leads. Of the tables that are no
worse than the best one by more than one standard error of the paired difference, the one with the fewest rules is taken
(one-standard-error rule; Breiman et al. 1984), so that noise gets no rules. Conjunctions come in only where they pay by
more than a standard error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting.attribution import added, shapes
from leadml.learn.search.conjunctions import Joined, grow
from leadml.learn.search.path import descend, survey, walk

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.path import Ground, Stage
    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

STRENGTHS = (1.0, 10.0, 100.0)
FINE = (0.002, 0.007, 0.02, 0.05)
WIDE = (0.05,)
RELINK_STRENGTH = 10.0
MOST_CONJUNCTIONS = 5
CONJUNCTION_LEADS = 50
CONJUNCTION_SHARE = 0.01
BLOCKS = 10


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
        The number of rules of single features.
    conjunctions : int
        The number of conjunctions beside them; each costs two rules.
    curve : tuple of (int, float, float)
        Number of rules, mean log-loss on leads left out with the best recipe for it, standard error of its excess
        over the lowest.
    """

    recipe: Recipe
    rules: int
    conjunctions: int
    curve: tuple[tuple[int, float, float], ...]


def beginning(ground: Ground, shares: tuple[float, ...], terms: Terms, most_rules: int) -> Partition:
    """Say where the path that counts begins.

    A path never undoes a merge, so where it begins decides where it can end. Paths from coarser and coarser
    beginnings are walked down to `most_rules`; what tells any of their ends apart is where the path that counts
    begins (path relinking; Glover 1997).
    """
    begins = [ground.begins[share] for share in shares]
    if len(begins) == 1:
        return begins[0]
    first, *more = (descend(ground, begin, strength=RELINK_STRENGTH, terms=terms, rules=most_rules) for begin in begins)
    return first.refined_by(more)


def grown(ground: Ground, stage: Stage, recipe: Recipe, terms: Terms, most: int) -> Iterator[Joined]:
    """Add conjunctions to a stage, as the recipe says; features with terms of their own have none."""
    centre = stage.partition.average(ground.told, ground.counts)
    least = max(CONJUNCTION_LEADS, CONJUNCTION_SHARE * float(ground.leads.weight.sum()))
    return grow(
        ground.leads,
        ground.features,
        stage,
        centre,
        recipe.strength,
        open_to=terms.open_to_conjunctions,
        most=most,
        least_leads=least,
    )


def choose(
    leads: Leads,
    features: Sequence[FeatureCodes],
    boosters: Sequence[lightgbm.Booster],
    folds: Sequence[NDArray[np.bool_]],
    *,
    terms: Terms,
    most_rules: int,
    interactions: bool,
    start: Sequence[NDArray[np.float64]] | None = None,
) -> Choice:
    """Choose recipe and number of rules on the folds left out.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    boosters : sequence of lightgbm.Booster
        For each fold the additive model that has not seen it.
    folds : sequence of ndarray of shape (n_leads,)
        For each fold, which leads are left out.
    terms : Terms
        What the rules have to keep to.
    most_rules : int
        The greatest number of rules.
    interactions : bool
        Whether conjunctions are tried.
    start : sequence of ndarray, optional
        The contributions that the boosters started from.

    Returns
    -------
    Choice
        What was chosen, and the curve that says why.
    """
    board = _Board(leads, features, boosters, folds, terms, most_rules, start)
    recipes = [*(Recipe(strength, FINE) for strength in STRENGTHS), Recipe(STRENGTHS[1], WIDE)]
    tried = {recipe: board.losses(recipe) for recipe in recipes}
    every = np.stack(list(tried.values()))
    of_rules = every.sum(axis=2).argmin(axis=0)
    losses = every[of_rules, np.arange(most_rules + 1)]
    mean = losses.sum(axis=1) / board.weight
    best = losses[int(mean.argmin())]
    curve = tuple((k, float(m), board.error(loss - best)) for k, (m, loss) in enumerate(zip(mean, losses, strict=True)))
    rules = min(k for k, loss, error in curve if loss <= mean.min() + error)
    choice = Choice(list(tried)[of_rules[rules]], rules, 0, curve)
    return _with_conjunctions(board, choice, losses[rules]) if interactions else choice


def _with_conjunctions(board: _Board, choice: Choice, additive: NDArray[np.float64]) -> Choice:
    """Trade rules for conjunctions where these pay on leads left out."""
    losses = board.joint_losses(choice.recipe)
    cost = np.arange(losses.shape[0])[:, None] + 2 * np.arange(losses.shape[1])[None, :]
    mean = np.where(cost <= board.most_rules, losses.sum(axis=2), np.inf) / board.weight
    mean[:, 0] = np.inf
    best = np.unravel_index(int(mean.argmin()), mean.shape)
    gain = additive - losses[best]
    if not np.isfinite(mean[best]) or gain.sum() / board.weight <= board.error(gain):
        return choice
    near = [
        (int(cost[at]), at[1], at)
        for at in zip(*np.nonzero(np.isfinite(mean)), strict=True)
        if mean[at] <= mean[best] + board.error(losses[at] - losses[best])
    ]
    _, _, (rules, conjunctions) = min(near)
    return Choice(choice.recipe, int(rules), int(conjunctions), choice.curve)


@dataclass(frozen=True, eq=False)
class _Board:
    """Leads and the models that have not seen some of them; it tells what a recipe costs on these."""

    leads: Leads
    features: Sequence[FeatureCodes]
    boosters: Sequence[lightgbm.Booster]
    folds: Sequence[NDArray[np.bool_]]
    terms: Terms
    most_rules: int
    start: Sequence[NDArray[np.float64]] | None

    @property
    def weight(self) -> float:
        return float(self.leads.weight.sum())

    @cached_property
    def ground(self) -> list[tuple[Ground, Leads]]:
        """For each fold the ground inside, with shapes that have not seen it, and the leads left out."""
        return [
            (survey(self.leads.pick(~out), self.features, self._told(booster), FINE), self.leads.pick(out))
            for booster, out in zip(self.boosters, self.folds, strict=True)
        ]

    @cached_property
    def begins(self) -> dict[tuple[float, ...], list[Partition]]:
        """Where the path begins in each fold, by the least shares of a recipe."""
        return {
            shares: [beginning(ground, shares, self.terms, self.most_rules) for ground, _ in self.ground]
            for shares in (FINE, WIDE)
        }

    def walked(self, recipe: Recipe) -> Iterator[tuple[Ground, Leads, Iterator[Stage]]]:
        """Give for each fold the ground, the leads left out, and the stages of the path."""
        for (ground, outside), begin in zip(self.ground, self.begins[recipe.least_shares], strict=True):
            path = walk(ground, begin, terms=self.terms, strength=recipe.strength, most_rules=self.most_rules)
            yield ground, outside, path

    def losses(self, recipe: Recipe) -> NDArray[np.float64]:
        """Sum the log-loss on leads left out, by number of rules and block of leads."""
        parts = []
        for _, outside, path in self.walked(recipe):
            losses = np.empty((self.most_rules + 1, BLOCKS))
            upto = self.most_rules + 1
            for stage in path:
                losses[stage.rules : upto] = _by_block(outside, stage.fit.log_odds(stage.partition, outside.codes))
                upto = stage.rules
            parts.append(losses)
        return np.concatenate(parts, axis=1)

    def joint_losses(self, recipe: Recipe) -> NDArray[np.float64]:
        """Sum the log-loss on leads left out, by number of rules, number of conjunctions, and block of leads."""
        parts = []
        for ground, outside, path in self.walked(recipe):
            losses = np.full((self.most_rules + 1, MOST_CONJUNCTIONS + 1, BLOCKS), np.inf)
            upto = self.most_rules + 1
            for stage in path:
                if 3 * stage.rules < self.most_rules:
                    break
                most = min(MOST_CONJUNCTIONS, (self.most_rules - stage.rules) // 2)
                for joined in grown(ground, stage, recipe, self.terms, most):
                    loss = _by_block(outside, joined.log_odds(outside.codes))
                    losses[stage.rules : upto, len(joined.conjunctions) :] = loss
                upto = stage.rules
            parts.append(losses)
        return np.concatenate(parts, axis=2)

    def _told(self, booster: lightgbm.Booster) -> list[NDArray[np.float64]]:
        return added(shapes(booster, self.features), self.start)

    def error(self, difference: NDArray[np.float64]) -> float:
        """Give the standard error of a mean difference from its sums by block."""
        return float(difference.std(ddof=1) * np.sqrt(len(difference)) / self.weight)


def _by_block(leads: Leads, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the log-loss of leads over a few blocks of them, so that its error can be told."""
    loss = leads.weight * (np.logaddexp(0, log_odds) - leads.won * log_odds)
    block = np.arange(len(loss)) % BLOCKS
    return np.asarray(np.bincount(block, loss, minlength=BLOCKS), dtype=np.float64)
