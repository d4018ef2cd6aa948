"""A learned table, graded as a person has set it: its cuts, and the actions that ask for grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.errors import DataError, UsageError
from leadml.learn.grading.contract import Before, Contract, Cut
from leadml.learn.grading.promise import KEY, promises_of
from leadml.learn.search.refit import Leads
from leadml.learn.writing.counted import weighted
from leadml.learn.writing.line import line_beside
from leadml.learn.writing.steepness import shrinkage_told
from leadml.points.grading.cutting import Crowd
from leadml.points.grading.grading import Grades, Grading, read_grades
from leadml.points.grading.wanted import Wanted, actions_of, check_wanted, read_wanted
from leadml.points.reading import accept, each, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

ACTIONS = "actions"


@dataclass(frozen=True)
class Wish:
    """What a person has set about grades and actions.

    Parameters
    ----------
    grades : Grades or None
    words : mapping of str to str
        Actions as they were written.
    wanted : tuple of Wanted
        The same, understood.
    """

    grades: Grades | None
    words: Mapping[str, str]
    wanted: tuple[Wanted, ...]

    @classmethod
    def of(cls, grades: Mapping[str, Any] | None, actions: Mapping[str, str] | None) -> Wish:
        """Understand settings; UsageError where they are none."""
        wanted = read_wanted(actions) if actions else ()
        return cls(read_grades(grades) if grades else None, dict(actions or {}), wanted)

    def check(self, dimensions: Sequence[str]) -> None:
        """Refuse settings for dimensions, or grades, that there are not."""
        gradings = (self.grades or Grades({}, {})).of(dimensions)
        check_wanted(self.wanted, {name: grading.labels for name, grading in gradings.items()}, dimensions)

    def after(self, previous: PointTable | None, dimensions: Sequence[str]) -> Settled:
        """Say how to grade some dimensions; what is not set is as the previous table was set."""
        promises = {} if previous is None else promises_of(previous)
        gradings = {name: promise.grading for name, promise in promises.items() if name in dimensions}
        if self.grades is not None:
            gradings = self.grades.of(dimensions)
        words, wanted = (self.words, self.wanted) if self.wanted or previous is None else _words(previous)
        return Settled(gradings, words, wanted)


@dataclass(frozen=True)
class Settled:
    """How each dimension is graded, and what the actions ask for."""

    gradings: Mapping[str, Grading]
    words: Mapping[str, str]
    wanted: tuple[Wanted, ...]


def graded(
    table: PointTable,
    frame: pd.DataFrame,
    order: NDArray[np.int64],
    leads: Leads,
    settled: Settled,
    previous: PointTable | None,
) -> tuple[PointTable, tuple[str, ...]]:
    """Grade a table.

    Parameters
    ----------
    table : PointTable
        As it was learned: graded by quarters, or as the previous one was.
    frame : DataFrame of n leads
        The leads that it was learned from.
    order : ndarray of shape (n,)
        An order of them that depends on their content only.
    leads : Leads
        Their outcomes and weights, in that order.
    settled : Settled
        What is set.
    previous : PointTable, optional
        The table in use, whose grades are to keep what was promised of them.

    Returns
    -------
    table : PointTable
        The very same where nothing is set.
    said : tuple of str
        What was moved to keep what, one sentence each.
    """
    if not settled.gradings and not settled.wanted:
        return table, ()
    cuts = {}
    if settled.gradings:
        scored = table.score(frame, reasons=0)
        sums = {d.name: scored[d.name].to_numpy(dtype=np.int64)[order] for d in table.dimensions}
        cuts = dict(_cuts(table, sums, leads, settled.gradings, previous))
    dimensions = tuple(replace(d, grades=cuts[d.name].steps) if d.name in cuts else d for d in table.dimensions)
    told = {name: cut.promise.to_dict() for name, cut in cuts.items() if cut.promise is not None}
    origin = {key: what for key, what in table.provenance.items() if key not in (KEY, ACTIONS)}
    origin |= ({KEY: told} if told else {}) | (
        {ACTIONS: [list(pair) for pair in settled.words.items()]} if settled.words else {}
    )
    actions = table.actions
    if settled.wanted:
        actions = actions_of(settled.wanted, dimensions, _labels(table, settled.gradings))
    said = tuple(said for cut in cuts.values() for said in cut.said)
    if previous is not None and said and "previous" in origin:
        before = origin["previous"]
        origin["previous"] = {**before, "changes": [*before["changes"], *said]}
    made = replace(table, dimensions=dimensions, actions=actions, provenance=origin, verification=())
    return made.with_verification(), said


def _cuts(
    table: PointTable,
    sums: Mapping[str, NDArray[np.int64]],
    leads: Leads,
    gradings: Mapping[str, Grading],
    previous: PointTable | None,
) -> Iterator[tuple[str, Cut]]:
    promises = {} if previous is None else promises_of(previous)
    before = {} if previous is None else {d.name: d for d in previous.dimensions if d.grades}
    for dimension in table.dimensions:
        name, known = dimension.name, before.get(dimension.name)
        if name not in gradings:
            continue
        contract = Contract(
            name, gradings[name], _crowd(sums[name], leads), _line(sums[name], leads, shrinkage_told(table.provenance))
        )
        if known is None:
            yield name, contract.begun()
            continue
        same = known.grades == dimension.grades and known.base_points == dimension.base_points
        yield name, contract.continued(Before(known.grades, promises.get(name), same))


def _crowd(sums: NDArray[np.int64], leads: Leads) -> Crowd:
    return Crowd.of(sums, leads.won, leads.weight if weighted(leads) else None)


def _line(sums: NDArray[np.int64], leads: Leads, factor: float) -> tuple[float, float]:
    """Give level and slope of a sub-score, as far apart as the probabilities of the table are."""
    line = line_beside(sums, leads, np.zeros(len(sums), dtype=bool), factor)
    return line.intercept, line.slope


def _labels(table: PointTable, gradings: Mapping[str, Grading]) -> dict[str, tuple[str, ...]]:
    """Return the grades that dimensions could have, the best first, whether a lead earns them or not."""
    usual = Grades({}, {}).of([dimension.name for dimension in table.dimensions])
    return {name: grading.labels for name, grading in {**usual, **gradings}.items()}


def _words(previous: PointTable) -> tuple[Mapping[str, str], tuple[Wanted, ...]]:
    """Return the words behind the actions of a table; none where its actions are others by now."""
    where = f"provenance.{ACTIONS}"
    pairs = each(each(text))(previous.provenance.get(ACTIONS, []), where)
    accept(all(len(pair) == 2 for pair in pairs), where, f"is {pairs!r}, not pairs of texts")
    told = dict(pairs)
    if not told:
        return {}, ()
    gradings = {name: promise.grading for name, promise in promises_of(previous).items()}
    try:
        wanted = read_wanted(told, where)
        same = actions_of(wanted, previous.dimensions, _labels(previous, gradings)) == previous.actions
    except (DataError, UsageError):  # a person has given grades other labels since
        return {}, ()
    return (told, wanted) if same else ({}, ())
