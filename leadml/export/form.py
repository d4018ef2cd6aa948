"""The neutral form: a point table laid out as engines run it, which every printer reads and none changes.

A printer walks over inputs and their cases, missing first, and adds what holds. What a table means stands in
`points.scoring`; the form only settles, once for all targets, the order of tests, plain keys for engines that take no
column names, which placeholders are numbers, and the words of the reasons.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.points.checks import cut_text
from leadml.points.grading.grades import graded_dimensions
from leadml.points.words.reasons import interaction_text, signed, text_of

if TYPE_CHECKING:
    from leadml.points.rules import Dimension, Feature, FeatureType, Kind
    from leadml.points.table import PointTable

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ORDER: dict[Kind, int] = {"missing": 0, "range": 1, "set": 1, "other": 2}


@dataclass(frozen=True)
class Case:
    """One rule of an input.

    Parameters
    ----------
    id : str
        The rule's id in the table.
    number : int
        Its place among all rules and conjunctions of the table, from 0: of two reasons with equally many points the
        lower number comes first.
    kind : {"missing", "range", "set", "other"}
        Missing is tested before everything else; *other* is what remains.
    lo, hi : str or None
        ``lo <= x < hi`` in decimal digits without an exponent; None is unbounded.
    values : tuple of str
        Categories, or "true" and "false".
    points : int
        What it adds.
    reason : str
        What the reason columns say of it, such as ``"Industry is Software: +8"``.
    """

    id: str
    number: int
    kind: Kind
    lo: str | None
    hi: str | None
    values: tuple[str, ...]
    points: int
    reason: str


@dataclass(frozen=True)
class Input:
    """A feature, with its cases in the order of testing: missing, then ranges upwards or sets, then other.

    Parameters
    ----------
    key : str
        A plain name, unique whatever the case: ``f1``, ``f2`` …
    name : str
        The column, as hostile as people make it.
    dimension : str
        Where its points go.
    type : {"number", "category", "boolean"}
    missing : tuple of str
        Texts that mean missing, beside the empty one.
    missing_numbers : tuple of str
        For numbers: those of them that are numbers, as decimals like cuts.
    cases : tuple of Case
    """

    key: str
    name: str
    dimension: str
    type: FeatureType
    missing: tuple[str, ...]
    missing_numbers: tuple[str, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Conjunction:
    """Points for several cases holding together; `conditions` are pairs: position in `inputs`, position in `cases`."""

    key: str
    id: str
    number: int
    dimension: str
    conditions: tuple[tuple[int, int], ...]
    points: int
    reason: str


@dataclass(frozen=True)
class Form:
    """A point table as engines run it.

    Parameters
    ----------
    table : PointTable
        What it was made from: name, hash, probability, actions, verification.
    inputs : tuple of Input
    conjunctions : tuple of Conjunction
    graded : tuple of Dimension
        Those with grades, in the order in which a grade such as A4 names them.
    """

    table: PointTable
    inputs: tuple[Input, ...]
    conjunctions: tuple[Conjunction, ...]
    graded: tuple[Dimension, ...]

    def keys(self) -> dict[str, str]:
        """Return a plain name, unique whatever the case, for every dimension: ``d1``, ``d2``, and so on."""
        return {dimension.name: f"d{i + 1}" for i, dimension in enumerate(self.table.dimensions)}


def form_of(table: PointTable) -> Form:
    """Lay out a point table.

    Parameters
    ----------
    table : PointTable
        The table; it has checked itself.

    Returns
    -------
    Form

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("City:0", "set", 7, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
    ...          Rule("City:2", "missing", -4))
    >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),),
    ...                    features=(Feature("City", "fit", "category", rules),),
    ...                    probability=Probability(-3.0, 0.05), top_cut=45)
    >>> [(case.kind, case.points, case.reason) for case in form_of(table).inputs[0].cases]
    [('missing', -4, 'City is missing: -4'), ('set', 7, 'City is Wien: +7'), ('other', 0, 'City is anything else: 0')]
    """
    inputs: list[Input] = []
    numbered = 0
    for feature in table.features:
        inputs.append(_input(feature, table, f"f{len(inputs) + 1}", numbered))
        numbered += len(feature.rules)
    places = {case.id: (i, j) for i, part in enumerate(inputs) for j, case in enumerate(part.cases)}
    conjunctions = tuple(
        Conjunction(
            key=f"c{i + 1}",
            id=row.id,
            number=numbered + i,
            dimension=row.dimension,
            conditions=tuple(places[condition] for condition in row.conditions),
            points=row.points,
            reason=f"{interaction_text(table, row)}: {signed(row.points)}",
        )
        for i, row in enumerate(table.interactions)
    )
    return Form(table, tuple(inputs), conjunctions, tuple(graded_dimensions(table.dimensions)))


def _input(feature: Feature, table: PointTable, key: str, numbered: int) -> Input:
    missing = table.missing_texts(feature.name)
    cases = [
        Case(
            id=rule.id,
            number=numbered + i,
            kind=rule.kind,
            lo=rule.lo,
            hi=rule.hi,
            values=rule.values,
            points=rule.points,
            reason=f"{text_of(feature, rule)}: {signed(rule.points)}",
        )
        for i, rule in enumerate(feature.rules)
    ]
    return Input(
        key=key,
        name=feature.name,
        dimension=feature.dimension,
        type=feature.type,
        missing=missing,
        missing_numbers=_numbers(missing) if feature.type == "number" else (),
        cases=tuple(sorted(cases, key=lambda case: _ORDER[case.kind])),
    )


def _numbers(texts: tuple[str, ...]) -> tuple[str, ...]:
    found = {float(text) for text in texts if _DECIMAL.fullmatch(text.strip())}
    return tuple(cut_text(number) for number in sorted(found) if math.isfinite(number))
