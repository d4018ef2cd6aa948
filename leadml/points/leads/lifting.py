"""The smallest set of changes that lifts a lead: one grade, or to a better action. Found by trying all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.points.scoring import earned

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.held import Held
    from leadml.points.leads.possible import Possible

MOST_CHANGES = 3  # at once: more is no advice that anybody can follow
MOST_SETS = 300_000
Goal = Literal["grade", "action"]


@dataclass(frozen=True)
class LiftStep:
    """One change, and the points it brings when it comes after those before it."""

    text: str
    points: int


@dataclass(frozen=True)
class Lift:
    """A smallest set of changes that lifts a lead.

    Parameters
    ----------
    goal : {"grade", "action"}
        What is lifted.
    steps : tuple of LiftStep
        The changes.
    before, after : str
        The grade or the action, now and then.
    score : int
        The score then.
    """

    goal: Goal
    steps: tuple[LiftStep, ...]
    before: str
    after: str
    score: int


def lifts(held: Held, steps: Sequence[Possible]) -> tuple[Lift, ...]:
    """Find what lifts a lead's grade, and what leads to a better action.

    Tried are all sets of up to three changes of different units. A set lifts if no sub-score falls and the grade, or
    the action, is another one: then it is a better one. The smallest set has the fewest changes, an event counting as
    often as it happens; then the fewest that are mere answers, because what a lead does can be brought about; then the
    fewest different ones; then it leads to the highest score.

    Parameters
    ----------
    held : Held
        A table on one lead.
    steps : sequence of Possible
        What can change.

    Returns
    -------
    tuple of Lift
        At most one for each goal.
    """
    table = held.table
    search = _Search(held, [step for step in steps if _may_help(held, step)])
    now = earned(table, search.sums(np.empty((1, 0), dtype=np.int64)))
    best: dict[Goal, tuple[tuple[int, ...], NDArray[np.int64]]] = {}
    for sets in search.sets():
        sums = search.sums(sets)
        then = earned(table, sums)
        kept = np.logical_and.reduce([sums[name] >= search.start[name] for name in sums])
        for goal in ("grade", "action"):
            lifted = np.flatnonzero(kept & _differs(then[goal], now[goal].iloc[0]))
            if len(lifted):
                keys = search.keys(sets[lifted], then["score"].to_numpy()[lifted])
                first = np.lexsort(keys[::-1])[0]
                key = tuple(int(part[first]) for part in keys)
                if goal not in best or key < best[goal][0]:
                    best[goal] = key, sets[lifted[first]]
    return tuple(_lift(search, goal, now, best[goal][1]) for goal in ("grade", "action") if goal in best)


def _lift(search: _Search, goal: Goal, now: pd.DataFrame, chosen: NDArray[np.int64]) -> Lift:
    """Write a set down, with what each change brings after those before it."""
    ways = [earned(search.table, search.sums(chosen[None, :k])).iloc[0] for k in range(len(chosen) + 1)]
    scores = [int(way["score"]) for way in ways]
    told = [LiftStep(search.steps[step].text, scores[k + 1] - scores[k]) for k, step in enumerate(chosen.tolist())]
    before, after = (str(way[goal]) for way in (now.iloc[0], ways[-1]))
    return Lift(goal, tuple(told), before, after, scores[-1])


def _differs(then: pd.Series[Any], now: Any) -> NDArray[np.bool_]:
    if not isinstance(now, str):
        return np.zeros(len(then), dtype=bool)
    return np.asarray(then != now, dtype=bool)


def _may_help(held: Held, step: Possible) -> bool:
    """Tell whether a change can be of any use: it brings points itself, or changes what conjunctions ask about."""
    asked = {condition for row in held.table.interactions for condition in row.conditions}
    for feature in held.table.features:
        if feature.name in step.codes:
            now, then = feature.rules[held.codes[feature.name][0]], feature.rules[step.codes[feature.name]]
            if then.points > now.points or (now.id != then.id and {now.id, then.id} & asked):
                return True
    return False


class _Search:
    """Sets of changes and the sub-scores that they lead to."""

    def __init__(self, held: Held, steps: list[Possible]) -> None:
        self.table, self.steps = held.table, steps
        self._now = {name: int(codes[0]) for name, codes in held.codes.items()}
        self._codes = {
            f.name: np.array([step.codes.get(f.name, -1) for step in steps], dtype=np.int64)
            for f in self.table.features
        }
        self._cost = np.array([step.cost for step in steps], dtype=np.int64)
        self._answer = np.array([step.answer for step in steps], dtype=np.int64)
        units = {unit: k for k, unit in enumerate(dict.fromkeys(step.unit for step in steps))}
        self._unit = np.array([units[step.unit] for step in steps], dtype=np.int64)
        self.start = {name: int(own[0]) for name, own in self.sums(np.empty((1, 0), dtype=np.int64)).items()}

    def sets(self) -> Iterator[NDArray[np.int64]]:
        """Yield the sets of one change, of two, of three; larger ones only while there are not too many."""
        for size in range(1, MOST_CHANGES + 1):
            count = np.prod(range(len(self.steps) - size + 1, len(self.steps) + 1), dtype=float)
            if count > MOST_SETS * 6 or len(self.steps) < size:
                return
            found = np.array(list(combinations(range(len(self.steps)), size)), dtype=np.int64).reshape(-1, size)
            units = np.sort(self._unit[found], axis=1)
            apart = (np.diff(units, axis=1) != 0).all(axis=1)
            if apart.any():
                yield found[apart]

    def sums(self, sets: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """Add up the sub-scores that sets of changes lead to."""
        sums = {d.name: np.full(len(sets), d.base_points, dtype=np.int64) for d in self.table.dimensions}
        codes = {}
        for feature in self.table.features:
            code = np.full(len(sets), self._now[feature.name], dtype=np.int64)
            for column in sets.T:
                changed = self._codes[feature.name][column]
                code = np.where(changed >= 0, changed, code)
            codes[feature.name] = code
            sums[feature.dimension] += np.array([rule.points for rule in feature.rules], dtype=np.int64)[code]
        for row in self.table.interactions:
            holds = np.ones(len(sets), dtype=bool)
            for feature, rule in map(self.table.rule, row.conditions):
                holds &= codes[feature.name] == feature.rules.index(rule)
            sums[row.dimension] += row.points * holds
        return sums

    def keys(self, sets: NDArray[np.int64], score: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return what sets are compared by, the first first: changes, answers, different ones, score, place."""
        answers = self._answer[sets].sum(axis=1)
        return [self._cost[sets].sum(axis=1), answers, np.full(len(sets), sets.shape[1]), -score, np.arange(len(sets))]
