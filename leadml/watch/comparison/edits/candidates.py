"""The rows whose points could be changed: each as it stands, from a bound on, and rows that another table has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from leadml.points.scoring import points_frame, rule_codes
from leadml.points.sheets.handmade.writing import condition_words
from leadml.points.words.reasons import interaction_text, text_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

LEAST_LEADS = 20  # inside a row and outside: fewer settle nothing


@dataclass(frozen=True, eq=False)
class Candidate:
    """A set of leads to whom the table could give other points, by one change of one line.

    Parameters
    ----------
    kind : {"row", "from", "new"}
        *row*: the points of a row. *from*: the points of all rows of a number from a bound on. *new*: a row that the
        table does not have.
    feature, dimension : str or None, str
        Where it stands; a conjunction has no feature.
    rule : str
        In words.
    rows : tuple of str
        The ids of the table's rows that change; of a *new* one empty.
    condition : str
        As a line of a list of rules says it.
    before : int
        Its points now: of *from*, by how much the rows above the bound exceed that below it; of *new* 0.
    inside : ndarray of bool, shape (n_leads,)
        The leads for whom it holds.
    type : str
        The feature's type.
    """

    kind: Literal["row", "from", "new"]
    feature: str | None
    dimension: str
    rule: str
    rows: tuple[str, ...]
    condition: str
    before: int
    inside: NDArray[np.bool_]
    type: str = ""


def candidates(table: PointTable, leads: pd.DataFrame, other: PointTable | None = None) -> list[Candidate]:
    """List what could be changed in a table.

    Parameters
    ----------
    table : PointTable
        The table.
    leads : DataFrame of n leads
        With the columns of both tables.
    other : PointTable, optional
        Another table, whose rows could be added where the first one has no conjunctions.

    Returns
    -------
    list of Candidate
        Rows with points before neutral ones, those before bounds, these before new rows; of several that hold for the
        same leads (or for all the others) the first one. None holds for fewer than 20 leads, or for all but so few.
    """
    found: dict[bytes, Candidate] = {}
    for one in [*_rows(table, leads), *_bounds(table, leads), *([] if other is None else _new(table, other, leads))]:
        inside = int(one.inside.sum())
        if min(inside, len(leads) - inside) < LEAST_LEADS:
            continue
        same = np.packbits(one.inside if one.inside[0] else ~one.inside).tobytes()
        found.setdefault(same, one)
    return list(found.values())


def _rows(table: PointTable, leads: pd.DataFrame) -> Iterator[Candidate]:
    codes = rule_codes(table, leads)
    rows = [(feature, i, rule) for feature in table.features for i, rule in enumerate(feature.rules)]
    for feature, i, rule in sorted(rows, key=lambda row: row[2].neutral):
        words, held = condition_words(rule), codes[feature.name] == i
        text = text_of(feature, rule)
        where = (feature.name, feature.dimension, text, (rule.id,), words)
        yield Candidate("row", *where, rule.points, held, feature.type)
    if table.interactions:
        points = points_frame(table, leads)
        for row in table.interactions:
            if row.points:
                held, text = points[row.id].to_numpy() != 0, interaction_text(table, row)
                yield Candidate("row", None, row.dimension, text, (row.id,), "", row.points, held)


def _bounds(table: PointTable, leads: pd.DataFrame) -> Iterator[Candidate]:
    """Yield, for numbers with two bounds or more, the rows from each bound on."""
    codes = rule_codes(table, leads)
    for feature in table.features:
        places = [i for i, rule in enumerate(feature.rules) if rule.kind == "range"]
        for k in range(1, len(places) if len(places) > 2 else 0):
            first, below = feature.rules[places[k]], feature.rules[places[k - 1]]
            held = np.isin(codes[feature.name], places[k:])
            rows = tuple(feature.rules[i].id for i in places[k:])
            words = condition_words(first).partition(" and ")[0]
            text = f"{feature.name} {words}, every row from there on"
            step = first.points - below.points
            yield Candidate("from", feature.name, feature.dimension, text, rows, words, step, held, feature.type)


def _new(table: PointTable, other: PointTable, leads: pd.DataFrame) -> Iterator[Candidate]:
    """Yield the rows of another table that this one does not have."""
    if table.interactions:
        return
    codes, known = rule_codes(other, leads), {feature.name: feature for feature in table.features}
    dimensions = {dimension.name for dimension in table.dimensions}
    for feature in other.features:
        own = known.get(feature.name)
        if own is not None and own.type != feature.type:
            continue
        part = feature.dimension if feature.dimension in dimensions else table.dimensions[0].name
        part = part if own is None else own.dimension
        for i, rule in enumerate(feature.rules):
            if rule.points and rule.kind != "other":
                held, words = codes[feature.name] == i, condition_words(rule)
                yield Candidate("new", feature.name, part, text_of(feature, rule), (), words, 0, held, feature.type)
