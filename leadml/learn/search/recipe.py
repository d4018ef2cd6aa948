"""A recipe: where paths begin, how strongly they are pulled to the shapes, and whether conjunctions join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.learn.search.conjunctions import crossed
from leadml.learn.search.path import descend, walk

if TYPE_CHECKING:
    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.segments import Partition
    from leadml.learn.search.terms import Terms

MIDDLE = 10.0
STRENGTHS = (MIDDLE, 1000.0, 10_000.0)
FINE = (0.002, 0.007, 0.02, 0.05)
WIDE = (0.05,)
RELINK_RULES = 30
WIDE_RULES = 15  # conditions of conjunctions may be as wide as the rules of a table of so many


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


def additive(ground: Ground, recipe: Recipe, begin: Partition, terms: Terms, most_rules: int) -> Iterator[Stage]:
    """Walk a path without conjunctions as the recipe says, from where these may join."""
    return walk(ground, begin, strength=recipe.strength, terms=terms, most_rules=max(most_rules, RELINK_RULES))


def first_stages(path: Iterator[Stage]) -> list[Stage]:
    """Take stages of an additive path: the first is the one that conjunctions join, the last has wide rules."""
    stages = [next(path)]
    for stage in path:
        stages.append(stage)
        if stage.rules <= WIDE_RULES:
            break
    return stages


def joined(
    ground: Ground, recipe: Recipe, stages: Sequence[Stage], terms: Terms, most_rules: int
) -> Iterator[tuple[Ground, Stage, Terms]]:
    """Let conjunctions join the first of some stages, with conditions as wide as those of the last; walk on there."""
    wide_rules = stages[-1].partition
    ground, begin, terms = crossed(ground, stages[0], wide_rules, strength=recipe.strength, terms=terms)
    path = walk(ground, begin, strength=recipe.strength, terms=terms, most_rules=most_rules)
    return ((ground, stage, terms) for stage in path)


def path_of(
    ground: Ground, recipe: Recipe, begin: Partition, terms: Terms, most_rules: int, *, interactions: bool
) -> Iterator[tuple[Ground, Stage, Terms]]:
    """Walk a path as the recipe says; with interactions it begins again where conjunctions have joined."""
    path = additive(ground, recipe, begin, terms, most_rules)
    if interactions:
        return joined(ground, recipe, first_stages(path), terms, most_rules)
    return ((ground, stage, terms) for stage in path if stage.rules <= most_rules)
