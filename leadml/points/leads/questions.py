"""The next question to ask: the missing field whose answer would move a lead's score most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.points.held import Held
from leadml.points.look import plain, shortened
from leadml.points.words.eventnames import event_features
from leadml.points.words.reasons import named, signed
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.points.rules import Feature
    from leadml.points.table import PointTable
    from leadml.points.words.phrases import Language

LONGEST = 60


@dataclass(frozen=True)
class Question:
    """A missing field, and what its answer would bring.

    Parameters
    ----------
    field : str
        The column.
    dimension : str
        The sub-score that the answer moves.
    text : str
        What to ask for, in words.
    expected : float
        Points that the answer brings on average: the answers of past leads, weighted by how many gave them.
    moves : float
        By how many points it moves the score on average, up or down.
    low, high : int
        The least and the most that an answer brings.
    """

    field: str
    dimension: str
    text: str
    expected: float
    moves: float
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Answers:
    """What the answer to one field would bring every lead.

    Parameters
    ----------
    feature : Feature
        The field.
    asked : ndarray of bool, shape (n,)
        Whether it is missing.
    expected, moves : ndarray of float, shape (n,)
        As for a `Question`.
    low, high : ndarray of int, shape (n,)
        As for a `Question`.
    """

    feature: Feature
    asked: NDArray[np.bool_]
    expected: NDArray[np.float64]
    moves: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]


def questions(held: Held) -> Iterator[Answers]:
    """Say for every field that can be asked for what its answer would bring, conjunctions included.

    Asked for are features of any dimension but engagement that are not made of events: what a lead did is nothing that
    it can tell. Answers weigh as many leads as gave them when the table was learned; all alike where it knows of none.

    Parameters
    ----------
    held : Held
        A table on leads.

    Yields
    ------
    Answers
        For every field that is missing for some lead, and some answer of which raises some lead's score: nobody is
        asked what can only lower it.
    """
    made = event_features(held.table)
    for feature in held.table.features:
        if feature.name in made or feature.dimension == "engagement":
            continue
        gone = next(k for k, rule in enumerate(feature.rules) if rule.kind == "missing")
        asked = held.codes[feature.name] == gone
        if asked.any():
            found = _answers(held, feature, gone, asked)
            if (found.high[asked] > 0).any():
                yield found


def next_question(table: PointTable, leads: pd.DataFrame) -> pd.Series[Any]:
    """Name for every lead the field to ask for next, with what its answer would bring.

    Parameters
    ----------
    table : PointTable
        The table.
    leads : DataFrame of n leads
        With a column for every feature.

    Returns
    -------
    Series of n texts
        Missing where no field is missing whose answer could raise the score.
    """
    best = np.zeros(len(leads))
    texts = np.full(len(leads), None, dtype=object)
    said = spoken(table)
    for found in questions(Held.of(table, leads)):
        better = np.flatnonzero(found.asked & (found.high > 0) & (found.moves > best))
        best[better] = found.moves[better]
        spans, which = np.unique(np.stack([found.low[better], found.high[better]]), axis=1, return_inverse=True)
        words = [asked(said, found.feature, low, high) for low, high in spans.T.tolist()]
        texts[better] = np.array(words, dtype=object)[which] if words else None
    return pd.Series(pd.array(texts, dtype="str"), index=leads.index, name="next_question")


def asked(said: Language, feature: Feature, low: int, high: int) -> str:
    """Ask for a field in words."""
    own = said.questions.get(feature.name)
    field = own if own is not None else shortened(plain(named(feature.name)), LONGEST)
    return said.ask(field, signed(low), signed(high))


def _answers(held: Held, feature: Feature, gone: int, asked: NDArray[np.bool_]) -> Answers:
    answers = [k for k in range(len(feature.rules)) if k != gone]
    weights = np.array([feature.rules[k].counted for k in answers], dtype=np.float64)
    weights = weights / weights.sum() if weights.sum() else np.full(len(answers), 1 / len(answers))
    bring = _bring(held, feature, gone, answers)
    likely = weights > 0
    return Answers(
        feature,
        asked,
        np.tensordot(weights, bring, axes=1),
        np.tensordot(weights, np.abs(bring), axes=1),
        bring[likely].min(axis=0),
        bring[likely].max(axis=0),
    )


def _bring(held: Held, feature: Feature, gone: int, answers: list[int]) -> NDArray[np.int64]:
    """Return for each answer and lead the points that it brings against missing."""
    points = np.array([rule.points for rule in feature.rules], dtype=np.int64)
    bring = np.repeat((points[answers] - points[gone])[:, None], held.leads, axis=1)
    place = {rule.id: k for k, rule in enumerate(feature.rules)}
    for row, _ in held.conjunctions:
        own = [place[condition] for condition in row.conditions if condition in place]
        if not own:
            continue
        others = held.without(row, feature)
        if own[0] == gone:
            bring -= row.points * others
        elif own[0] in answers:
            bring[answers.index(own[0])] += row.points * others
    return bring
