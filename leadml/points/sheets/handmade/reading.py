"""A hand-made table of rules becomes a point table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from leadml.points.rules import Dimension
from leadml.points.sheets.handmade import wording
from leadml.points.sheets.handmade.lines import RuleLine, lines_of
from leadml.points.sheets.handmade.names import is_counted, is_of_events
from leadml.points.sheets.handmade.pieces import Said, feature_of, number_pieces, text_pieces, type_of
from leadml.points.sheets.handmade.words import Words
from leadml.points.table import PointTable, Probability

if TYPE_CHECKING:
    import pandas as pd

BASE, ACTION, TOP, PLACEHOLDER = "(base points)", "(action)", "(top group)", "(missing text)"
RESERVED = (BASE, ACTION, TOP, PLACEHOLDER)
TYPES = ("number", "whole", "category", "boolean")
UNKNOWN = Probability(0.0, 0.0)
FIRST = ("fit", "engagement")
_BASES = (BASE, "base points", "base", "basispunkte", "grundpunkte")


def from_rules(
    source: str | bytes | pd.DataFrame | Sequence[Sequence[str]],
    name: str = "hand-made",
    columns: Iterable[str] | None = None,
) -> PointTable:
    """Make a point table of the rules that a team has today.

    Parameters
    ----------
    source : str, bytes, DataFrame or rows of cells
        A line per rule: feature, condition, points; if you like dimension, text, type. As CSV (commas, semicolons or
        tabs; with headings or without) or as a frame with these columns. See `words` for the conditions. A line with
        the feature ``base points`` and no condition holds for every lead; ``(action)`` with a condition such as ``>=
        60`` and the action as text says what to do.
    name : str
        What the table is called.
    columns : iterable of str, optional
        The columns of the leads: a feature that is not among them is refused with its line.

    Returns
    -------
    PointTable
        Its score is, for every lead, the base points plus the points of every line that holds: lines of one feature may
        overlap and add up. How likely a score is to be won nobody has measured: the probability is the same for every
        score (its slope is 0), and ``provenance["handmade"]["measured"]`` is false. `measuring.measured` measures it.

    Raises
    ------
    DataError
        If a cell cannot be understood, naming line and column.

    Notes
    -----
    A feature's dimension is engagement where its name is one that leadml gives to counts of events, such as
    ``email_clicked_30d``, else fit. Missing values meet only lines that name the missing.

    Nothing is rounded: *more than 30* begins at the least double above 30, which spreadsheets and some CRMs cannot
    hold. Where the column has whole numbers only, write *at least 31*, or ``whole`` as its type.

    Examples
    --------
    >>> table = from_rules('''email_opened_30d, at least 1, 5
    ... email_opened_30d, >= 10, 10
    ... industry, Software or Banking, 8
    ... country, not in DE AT CH, -20
    ... budget, missing, -5''')
    >>> import pandas as pd
    >>> leads = pd.DataFrame({"email_opened_30d": [12, 1, 0], "industry": ["Banking", "Media", None],
    ...                       "country": ["AT", "FR", None], "budget": ["none yet", None, "10k"]})
    >>> table.score(leads)["score"].tolist()
    [23, -20, 0]
    """
    lines = lines_of(source)
    rules = [line for line in lines if line.feature.lower() not in _BASES and line.feature not in RESERVED]
    if not rules:
        raise wording.no_rules()
    by_feature = _by_feature(rules, None if columns is None else list(columns))
    bases: dict[str, int] = {}
    features = []
    for feature, said in by_feature.items():
        dimension, counted = _dimension(feature, said), is_counted(feature)
        type = type_of(said, counted)
        whole = counted or any(one.line.type == "whole" for one in said)
        pieces = number_pieces(said, whole) if type == "number" else text_pieces(said, type)
        made, shift = feature_of(feature, dimension, type, said, pieces)
        features.append(made)
        bases[dimension] = bases.get(dimension, 0) + shift
    table = PointTable(
        name=name,
        dimensions=_dimensions([line for line in lines if line.feature.lower() in _BASES], bases),
        features=tuple(features),
        probability=UNKNOWN,
        top_cut=0,
        actions=tuple((line.text, _bound(line)) for line in lines if line.feature == ACTION),
        provenance={"handmade": {"lines": len(rules), "measured": False}, "missing": _placeholders(lines)},
    )
    return _with_top(table, lines).with_verification()


def _by_feature(rules: Sequence[RuleLine], columns: Sequence[str] | None) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    first: dict[object, int] = {}
    for line in rules:
        if not line.feature:
            raise wording.no_feature(line.number)
        if columns is not None and line.feature not in columns:
            raise wording.unknown_feature(line.number, line.feature, columns)
        if line.type not in ("", *TYPES):
            raise wording.unknown_type(line.number, line.type, TYPES)
        said = Said.of(line)
        known = first.setdefault((line.feature, said.condition), line.number)
        if known != line.number:
            raise wording.said_twice(line.number, known, line.condition)
        found.setdefault(line.feature, []).append(said)
    return found


def _dimensions(lines: Sequence[RuleLine], bases: dict[str, int]) -> tuple[Dimension, ...]:
    """Add the lines of base points; dimensions that these name come first, in their order."""
    for line in lines:
        if line.condition and line.condition.lower() not in ("always", "immer"):
            raise wording.cell(line.number, "condition", line.condition, "base points hold for every lead")
        dimension = line.dimension or ("fit" if "fit" in bases or not bases else next(iter(bases)))
        bases[dimension] = bases.get(dimension, 0) + line.worth()
    named = list(dict.fromkeys(line.dimension for line in lines if line.dimension))
    order = dict.fromkeys([*named, *(d for d in FIRST if d in bases), *bases])
    return tuple(Dimension(dimension, bases[dimension]) for dimension in order)


def _placeholders(lines: Sequence[RuleLine]) -> list[Any]:
    own = [line for line in lines if line.feature == PLACEHOLDER]
    return [{"feature": line.text, "text": line.condition} if line.text else line.condition for line in own]


def _with_top(table: PointTable, lines: Sequence[RuleLine]) -> PointTable:
    """Give the table its top group: as a line says, else the first action's, else the best that a lead can have."""
    told = [bound for line in lines if line.feature == TOP and (bound := _bound(line)) is not None]
    first = [action[1] for action in table.actions[:1] if action[1] is not None]
    made = {**table.provenance["handmade"], "top_group": bool(told or first)}
    return replace(
        table,
        top_cut=(told or first or [table.highest])[0],
        provenance={**table.provenance, "handmade": made},
    )


def _bound(line: RuleLine) -> int | None:
    found = Words(line.condition, line.number, line.english).condition()
    if found.kind == "else":
        return None
    (low, high), *more = found.spans or ((0.5, 0.0),)
    if more or high != float("inf") or not low.is_integer():
        raise wording.cell(line.number, "condition", line.condition, "accepted are '>= 60' and 'anything else'")
    return int(low)


def _dimension(feature: str, said: Sequence[Said]) -> str:
    named = [one.line for one in said if one.line.dimension]
    for line in named:
        if line.dimension != named[0].dimension:
            raise wording.two_dimensions(line.number, feature, named[0].dimension, line.dimension)
    return named[0].dimension if named else "engagement" if is_of_events(feature) else "fit"
