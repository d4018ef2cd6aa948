"""What moved each lead's score, in integers that sum: rule by rule, step by step, for many leads at once.

The steps stand in a fixed order, so that nothing is left over between them: first the windows that elapsed, then what
is new about the lead, both by the old table; then the table, on the lead as it is now. Each step is the difference of
two sums over rules, and so are the rows that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.points.differences.difference import values_of
from leadml.points.leads.elapsing import Elapsing, Known, Reading
from leadml.points.look import plain
from leadml.points.words.reasons import interaction_text, signed, text_of
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.held import Held
    from leadml.points.rules import Feature, Interaction

Kind = Literal["elapsed", "input", "table"]
KINDS: tuple[Kind, ...] = ("elapsed", "input", "table")


@dataclass(frozen=True)
class Reason:
    """Why a score moved.

    Parameters
    ----------
    kind : {"elapsed", "input", "table"}
        Time has passed, something about the lead is new, the table gives other points.
    dimension : str
        The dimension whose sub-score moved.
    rule : str
        The rule or conjunction that holds now; the one that held where none does; empty for base points.
    text : str
        In words.
    was : str
        The rule that held before, in words; empty where the text says it.
    """

    kind: Kind
    dimension: str
    rule: str
    text: str
    was: str = ""


@dataclass(frozen=True, eq=False)
class Move:
    """One reason, and how far it moved which leads.

    Parameters
    ----------
    reason : Reason
    leads : ndarray of int
        Positions of the leads.
    points : ndarray of int
        For each of them, not 0.
    """

    reason: Reason
    leads: NDArray[np.intp]
    points: NDArray[np.int64]


def moves(then: Held, aged: Held | None, now: Held, new: Held) -> Iterator[Move]:
    """Yield what moved the scores of leads, in the fixed order of the steps.

    Parameters
    ----------
    then, now : Held
        The old table on the leads as they were, and as they are.
    aged : Held or None
        The old table on the leads as they would be now if nothing had happened but time passing; None: what is due to
        time is told by the direction in which features of events moved.
    new : Held
        The new table on the leads as they are.

    Yields
    ------
    Move
        The points of all of them sum, for every lead and dimension, to the new sub-score less the old one.
    """
    if aged is None:
        yield from _steps(then, now, Reading(then, now))
    else:
        yield from _steps(then, aged, Known(elapsed=True, leads=then.leads))
        yield from _steps(aged, now, Known(elapsed=False, leads=now.leads))
    if new.table is not now.table:
        yield from _bases(now, new)
        yield from _features(now, new)
        yield from _conjunctions(now, new)


def _steps(then: Held, now: Held, time: Elapsing) -> Iterator[Move]:
    """Compare two states of leads by one table."""
    for feature in then.table.features:
        before, after = then.codes[feature.name], now.codes[feature.name]
        points = _worth(feature)
        moved = np.flatnonzero(points[after] != points[before])
        late = time.of(feature.name)[moved]
        for (a, b, elapsed), leads in _alike(moved, before[moved], after[moved], late):
            texts = [text_of(feature, feature.rules[k]) for k in (b, a)]
            reason = Reason(_kind(elapsed), feature.dimension, feature.rules[b].id, *texts)
            yield _move(reason, leads, points[b] - points[a])
    said = spoken(then.table)
    for row, held, holding in zip(then.table.interactions, then.together, now.together, strict=True):
        moved = np.flatnonzero((held != holding) & (row.points != 0))
        late = time.of_together(row)[moved]
        for (holds, elapsed), leads in _alike(moved, holding[moved], late):
            text = interaction_text(then.table, row)
            reason = Reason(_kind(elapsed), row.dimension, row.id, text if holds else said.no_longer(text))
            yield _move(reason, leads, row.points if holds else -row.points)


def _bases(now: Held, new: Held) -> Iterator[Move]:
    was, said = {d.name: d.base_points for d in now.table.dimensions}, spoken(new.table)
    are = {d.name: d.base_points for d in new.table.dimensions}
    for name in [*are, *(name for name in was if name not in are)]:
        if moved := are.get(name, 0) - was.get(name, 0):
            points = [str(base[name]) if name in base else None for base in (was, are)]
            reason = Reason("table", name, "", said.worth(said.base_points(plain(name)), *points))
            yield _move(reason, np.arange(new.leads), moved)


def _features(now: Held, new: Held) -> Iterator[Move]:
    """Compare the features of two tables by name; one in another dimension or of another type is another feature."""
    was = {(f.name, f.dimension, f.type): f for f in now.table.features}
    are = {(f.name, f.dimension, f.type): f for f in new.table.features}
    said, nowhere = spoken(new.table), np.zeros(new.leads, dtype=np.int32)
    for key in [*are, *(key for key in was if key not in are)]:
        sides = was.get(key), are.get(key)
        codes = [nowhere if f is None else held.codes[f.name] for f, held in zip(sides, (now, new), strict=True)]
        worth = [_worth(feature) for feature in sides]
        moved = np.flatnonzero(worth[0][codes[0]] != worth[1][codes[1]])
        for (i, j), leads in _alike(moved, *(code[moved] for code in codes)):
            rules = [None if f is None else f.rules[k] for f, k in zip(sides, (i, j), strict=True)]
            feature, rule = next((f, r) for f, r in ((sides[1], rules[1]), (sides[0], rules[0])) if f and r)
            points = [None if rule is None else signed(rule.points) for rule in rules]
            reason = Reason("table", key[1], rule.id, said.worth(text_of(feature, rule), *points))
            yield _move(reason, leads, worth[1][j] - worth[0][i])


def _conjunctions(now: Held, new: Held) -> Iterator[Move]:
    """Compare conjunctions by the values that their conditions hold for."""
    was, are = (_by_values(held) for held in (now, new))
    said, never = spoken(new.table), np.zeros(new.leads, dtype=bool)
    for key in [*are, *(key for key in was if key not in are)]:
        (old, held), (row, holds) = (side.get(key, (None, never)) for side in (was, are))
        points = [0 if r is None else r.points for r in (old, row)]
        change = points[1] * holds.astype(np.int64) - points[0] * held
        moved = np.flatnonzero(change)
        shown = row if row is not None else old
        if shown is None:
            continue
        text = interaction_text(new.table if shown is row else now.table, shown)
        for (i, j), leads in _alike(moved, held[moved], holds[moved]):
            told = [signed(p) if there else None for p, there in zip(points, (i, j), strict=True)]
            reason = Reason("table", shown.dimension, shown.id, said.worth(text, *told))
            yield _move(reason, leads, points[1] * j - points[0] * i)


def _by_values(held: Held) -> dict[tuple[Any, ...], tuple[Interaction, NDArray[np.bool_]]]:
    """Name conjunctions by dimension and values; of several that ask for the same, the first comes first."""
    found: dict[tuple[Any, ...], tuple[Interaction, NDArray[np.bool_]]] = {}
    for row, holds in held.conjunctions:
        same, number = values_of(held.table, row), 0
        while (row.dimension, same, number) in found:
            number += 1
        found[row.dimension, same, number] = row, holds
    return found


def _worth(feature: Feature | None) -> NDArray[np.int64]:
    return np.array([0] if feature is None else [rule.points for rule in feature.rules], dtype=np.int64)


def _alike(leads: NDArray[np.intp], *codes: NDArray[Any]) -> Iterator[tuple[tuple[int, ...], NDArray[np.intp]]]:
    """Put leads together that have the same codes."""
    if not len(leads):
        return
    kinds, which = np.unique(np.stack([code.astype(np.int64) for code in codes]), axis=1, return_inverse=True)
    order = np.argsort(which, kind="stable")
    parts = np.split(leads[order], np.cumsum(np.bincount(which, minlength=kinds.shape[1]))[:-1])
    yield from zip(map(tuple, kinds.T.tolist()), parts, strict=True)


def _move(reason: Reason, leads: NDArray[np.intp], points: int) -> Move:
    return Move(reason, leads, np.full(len(leads), points, dtype=np.int64))


def _kind(elapsed: int) -> Kind:
    return "elapsed" if elapsed else "input"
