"""From conditions that overlap and add up to rules that are disjoint: each piece gets the sum of what holds for it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from leadml.points.checks import cut_text
from leadml.points.look import plain
from leadml.points.rules import TRUTHS, Feature, FeatureType, Rule
from leadml.points.sheets.handmade import wording
from leadml.points.sheets.handmade.lines import RuleLine
from leadml.points.sheets.handmade.numbers import above, closed
from leadml.points.sheets.handmade.words import EVERY, Condition, Span, Words

YES, NO = ("true", "yes", "ja", "wahr"), ("false", "no", "nein", "falsch")
SCORED = ("true", "yes", "false", "no")  # what scoring takes as yes and no; other words are categories


@dataclass(frozen=True)
class Said:
    """A line that was understood.

    Parameters
    ----------
    line : RuleLine
        As it was written.
    condition : Condition
        What it holds for.
    points : int
        What it adds.
    """

    line: RuleLine
    condition: Condition
    points: int

    @classmethod
    def of(cls, line: RuleLine) -> Said:
        """Understand a line."""
        return cls(line, Words(line.condition, line.number, line.english).condition(), line.worth())


@dataclass(frozen=True)
class Piece:
    """Values for which the same lines hold.

    Parameters
    ----------
    condition : mapping
        The part of a rule that says when it holds.
    holds : tuple of int
        The positions of the lines.
    """

    condition: dict[str, Any]
    holds: tuple[int, ...]


def type_of(said: Sequence[Said], whole: bool) -> FeatureType:
    """Tell what a feature holds: as its lines say, else numbers where they are compared, else yes and no, else texts.

    A column whose words for yes and no are of another language, such as ja and nein, holds texts.

    Parameters
    ----------
    said : sequence of Said
        The lines of one feature.
    whole : bool
        Whether the name alone says that it holds numbers.
    """
    for one in said:
        if one.line.type:
            return "number" if one.line.type == "whole" else one.line.type  # type: ignore[return-value]
    kinds = {one.condition.kind for one in said}
    if "numbers" in kinds or (whole and not any(one.condition.quoted for one in said)):
        return "number"
    for one in said:
        if one.condition.kind == "span":
            raise wording.span_or_category(one.line.number, one.line.condition)
    values = [value for one in said for value in one.condition.values if not one.condition.quoted]
    truths = values and len(values) == sum(len(one.condition.values) for one in said)
    return "boolean" if truths and all(value.lower() in SCORED for value in values) else "category"


def number_pieces(said: Sequence[Said], whole: bool) -> list[Piece]:
    """Cut numbers wherever a line begins or ends to hold.

    Parameters
    ----------
    said : sequence of Said
        The lines of one feature.
    whole : bool
        Whether there are whole numbers only, so that more than 3 is 4 or more.

    Returns
    -------
    list of Piece
        Ranges in ascending order, then missing.
    """
    spans = [_spans(one, whole) for one in said]
    _check_touching(said)
    bounds = sorted({bound for own in spans for span in own for bound in span if math.isfinite(bound)})
    edges = [-math.inf, *bounds, math.inf]
    inside = [
        tuple(k for k, own in enumerate(spans) if any(lo <= low and high <= hi for lo, hi in own))
        for low, high in pairwise(edges)
    ]
    texts = [None if math.isinf(edge) else cut_text(edge) for edge in edges]
    found = [
        Piece({"kind": "range", "lo": lo, "hi": hi}, holds)
        for lo, hi, holds in zip(texts, texts[1:], inside, strict=False)
    ]
    gone = tuple(k for k, one in enumerate(said) if one.condition.kind == "missing")
    return _with_else(said, [*found, Piece({"kind": "missing"}, gone)])


def text_pieces(said: Sequence[Said], type: FeatureType) -> list[Piece]:
    """Put categories together for which the same lines hold.

    Parameters
    ----------
    said : sequence of Said
        The lines of one feature.
    type : {"category", "boolean"}

    Returns
    -------
    list of Piece
        Sets in the order in which they are named first, other (of categories), missing.
    """
    values = [_values(one, type) for one in said]
    named = list(dict.fromkeys([*(v for own in values for v in own), *(TRUTHS if type == "boolean" else ())]))
    groups: dict[tuple[int, ...], list[str]] = {}
    for value in named:
        groups.setdefault(tuple(k for k in range(len(said)) if _holds(said[k], values[k], value)), []).append(value)
    found = [Piece({"kind": "set", "values": tuple(own)}, holds) for holds, own in groups.items()]
    if type == "category":
        found.append(Piece({"kind": "other"}, tuple(k for k in range(len(said)) if _holds(said[k], values[k], None))))
    gone = tuple(k for k, one in enumerate(said) if one.condition.kind == "missing")
    return _with_else(said, [*found, Piece({"kind": "missing"}, gone)])


def feature_of(
    name: str, dimension: str, type: FeatureType, said: Sequence[Said], pieces: list[Piece]
) -> tuple[Feature, int]:
    """Make a feature of its pieces.

    Parameters
    ----------
    name, dimension, type
        Of the feature.
    said : sequence of Said
        Its lines.
    pieces : list of Piece
        Disjoint, and together everything.

    Returns
    -------
    Feature, int
        The feature, and what goes to the base points because some rule must be the neutral one with 0 points: what no
        line holds for where there is such a thing, else a rule whose points sum to 0, else the first one, whose points
        all others then are measured against.
    """
    worth = [sum(said[k].points for k in piece.holds) for piece in pieces]
    kinds = [_KINDS[piece.condition["kind"]] for piece in pieces]
    order = sorted(range(len(pieces)), key=lambda i: (kinds[i], i))
    idle = [i for i in order if not pieces[i].holds] or [i for i in order if not worth[i]]
    neutral = (idle or order)[0]
    rules = tuple(
        Rule(
            id=f"{name}:{i}",
            points=worth[i] - worth[neutral],
            neutral=i == neutral,
            text=_text(name, piece, [said[k].line.text for k in piece.holds]),
            **piece.condition,
        )
        for i, piece in enumerate(pieces)
    )
    return Feature(name, dimension, type, rules), worth[neutral]


_KINDS = {"other": 0, "range": 1, "set": 1, "missing": 2}


def own_text(name: str, condition: dict[str, Any]) -> str:
    """Say when a rule holds whose bounds stand for "more than" or "at most"; empty for all others.

    Examples
    --------
    >>> own_text("days_open", {"kind": "range", "lo": "30.000000000000004", "hi": None})
    'Days open is more than 30'
    """
    lo, hi = condition.get("lo"), condition.get("hi")
    if not any(bound is not None and closed(bound) for bound in (lo, hi)):
        return ""
    head = plain(name.replace("_", " ").strip() or name)
    parts = [] if lo is None else [f"more than {_grouped(closed(lo))}" if closed(lo) else f"{_grouped(lo)} or more"]
    parts += [] if hi is None else [f"at most {_grouped(closed(hi))}" if closed(hi) else f"under {_grouped(hi)}"]
    exact = closed(hi) if hi is not None else None
    if lo is not None and exact == lo:
        parts = [_grouped(lo)]
    return f"{head[:1].upper()}{head[1:]} is {' and '.join(parts)}"


def _grouped(number: str | None) -> str:
    return f"{Decimal(number or 0):,f}"


def _text(name: str, piece: Piece, texts: Sequence[str]) -> str:
    said = "; ".join(dict.fromkeys(text for text in texts if text))
    return said or own_text(name, piece.condition)


def _spans(one: Said, whole: bool) -> tuple[Span, ...]:
    """Return the numbers that a line holds for; a bare number is that number."""
    line, condition = one.line, one.condition
    if condition.kind in ("missing", "else"):
        return ()
    spans: tuple[Span, ...] = (EVERY,)
    if condition.kind in ("numbers", "span"):
        spans = condition.spans
    elif condition.kind == "values":
        if condition.quoted:
            raise wording.wrong_type(line.number, line.condition, "number")
        words = Words(line.condition, line.number, line.english)
        spans = tuple((number, above(number)) for number in sorted(map(words.number, condition.values)))
        spans = _but(spans) if condition.negated else spans
    if whole:
        spans = tuple((_up(lo), _up(hi)) for lo, hi in spans)
    if any(lo >= hi for lo, hi in spans):
        raise wording.no_value(line.number, line.condition)
    ends = ({lo for lo, _ in spans} - {-math.inf}) | ({hi for _, hi in spans} - {math.inf})
    if -sys.float_info.max in ends or not all(map(math.isfinite, ends)):
        raise wording.out_of_reach(line.number, line.condition)
    return spans


def _up(bound: float) -> float:
    return float(math.ceil(bound)) if math.isfinite(bound) else bound


def _but(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    edges = [-math.inf, *(bound for span in spans for bound in span), math.inf]
    return tuple((lo, hi) for lo, hi in zip(edges[::2], edges[1::2], strict=True) if lo < hi)


def _check_touching(said: Sequence[Said]) -> None:
    """Refuse 10 to 50 beside 50 to 100: for 50 both would count."""
    first: dict[float, tuple[Said, bool]] = {}
    for one in said:
        if len(one.condition.ends) != 2 or one.condition.ends[0] == one.condition.ends[1]:
            continue
        for upper, end in enumerate(one.condition.ends):
            known = first.setdefault(end, (one, bool(upper)))
            if known[0] is not one and known[1] != bool(upper):
                raise wording.touching(one.line.number, known[0].line.number, one.line.condition, cut_text(end))


def _values(one: Said, type: FeatureType) -> tuple[str, ...]:
    condition, line = one.condition, one.line
    if condition.kind == "numbers":
        raise wording.wrong_type(line.number, line.condition, type)
    if type == "category":
        return condition.values
    if any(value.lower() not in (*YES, *NO) for value in condition.values):
        raise wording.wrong_type(line.number, line.condition, type)
    return tuple(TRUTHS[value.lower() in NO] for value in condition.values)


def _holds(one: Said, values: tuple[str, ...], value: str | None) -> bool:
    """Tell whether a line holds for a category; None is any that no line names."""
    if one.condition.kind in ("values", "span"):
        return (value in values) != one.condition.negated
    return one.condition.kind == "known"


def _with_else(said: Sequence[Said], pieces: list[Piece]) -> list[Piece]:
    """Let "anything else" hold for known values that no other line holds for."""
    rest = tuple(k for k, one in enumerate(said) if one.condition.kind == "else")
    for k in rest:
        if not any(not piece.holds and piece.condition["kind"] != "missing" for piece in pieces):
            raise wording.no_value(said[k].line.number, said[k].line.condition)
    return [
        Piece(piece.condition, rest) if not piece.holds and piece.condition["kind"] != "missing" else piece
        for piece in pieces
    ]
