"""Directions that a person declares: points may only rise with a value, only fall, or only rise along a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from leadml.errors import UsageError
from leadml.learn import clashes
from leadml.learn.coding.bands import out_of_order
from leadml.learn.coding.conditions import as_mapping
from leadml.learn.coding.prepare import declared_order, type_of
from leadml.points.columns import text_of, texts

if TYPE_CHECKING:
    import pandas as pd

    from leadml.learn.coding.codes import FeatureCodes

ACCEPTED = "a mapping of columns to 1, -1 or a list of categories, such as {'visits': 1}"


@dataclass(frozen=True)
class Direction:
    """Where the points of a column may go.

    Parameters
    ----------
    way : {1, -1}
        They may only rise, or only fall.
    order : tuple of str
        Categories in the order along which they do; empty where values tell it themselves.
    """

    way: Literal[1, -1]
    order: tuple[str, ...] = ()


def directions_of(monotone: Any) -> dict[str, Direction]:
    """Understand what `LeadScorer` takes as `monotone`.

    Parameters
    ----------
    monotone : mapping of str to {1, -1} or to sequence of str, or None
        Directions by column.

    Returns
    -------
    dict of str to Direction

    Raises
    ------
    UsageError
        If it is something else.

    Examples
    --------
    >>> directions_of({"visits": 1, "plan": ["free", "basic", "pro"]})["plan"]
    Direction(way=1, order=('free', 'basic', 'pro'))
    """
    return {
        column: _direction(str(column), said)
        for column, said in as_mapping("monotone", monotone or {}, ACCEPTED).items()
    }


def orders_of(directions: Mapping[str, Direction]) -> dict[str, tuple[str, ...]]:
    """Give the lists among directions, by column."""
    return {column: direction.order for column, direction in directions.items() if direction.order}


def check_direction_of(direction: Direction, feature: FeatureCodes | None, column: pd.Series[Any]) -> None:
    """Refuse a direction that the values of a column cannot have.

    Parameters
    ----------
    direction : Direction
        What is declared.
    feature : FeatureCodes or None
        The codes of the column; None where it does not vary.
    column : Series of n leads
        Its values.

    Raises
    ------
    UsageError
        If it is a category whose order nobody knows, or a list for what is none.
    """
    category = type_of(column) == "category"
    if direction.order and not category:
        raise clashes.order_of_no_category(str(column.name), direction.order)
    if category and feature is not None and not feature.ranks:
        raise UsageError.not_monotone(str(column.name), list(direction.order) or direction.way)


def unordered(directions: Mapping[str, Direction], frame: pd.DataFrame) -> Iterator[str]:
    """Say of each category in a list that none of the leads has it."""
    for column, direction in directions.items():
        if direction.order and column in frame.columns and type_of(frame[column]) == "category":
            known = texts(frame[column])
            yield from (clashes.ordered_unseen(column, text, known) for text in direction.order if text not in known)


def misplaced(directions: Mapping[str, Direction], frame: pd.DataFrame) -> Iterator[str]:
    """Say of each ordered Categorical that bands of numbers in it contradict its order; a list is always meant."""
    for name in map(str, frame.columns):
        pair = out_of_order(declared_order(frame[name]))
        if pair is not None and not (name in directions and directions[name].order):
            yield clashes.bands_out_of_order(name, *pair)


def _direction(column: str, said: Any) -> Direction:
    if isinstance(said, (list, tuple)):
        order = tuple(text_of(level) or "" for level in said)
        if len(order) < 2 or "" in order or len(set(order)) < len(order):
            raise UsageError.not_monotone(column, said)
        return Direction(1, order)
    if isinstance(said, Sequence) or said not in (1, -1):
        raise UsageError.not_monotone(column, said)
    return Direction(1 if said == 1 else -1)
