"""Actions in words, as a person writes them: ``fit at least B and engagement at least 3``, ``score at least 40``, else.

Grades stand for the sub-scores that earn them, so the words stay true where a retraining cuts grades anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.points import wording
from leadml.points.grading.actions import SCORE, Action, settle_actions

if TYPE_CHECKING:
    from leadml.points.grading.grades import Steps
    from leadml.points.rules import Dimension

ELSE = "else"
_TERM = re.compile(r"(?P<name>\S.*?)\s+at\s+least\s+(?P<least>\S.*)")
_AND = re.compile(r"\s+and\s+(?=\S.*?\s+at\s+least\s)")
_POINTS = re.compile(r"(?P<points>[+-]?[0-9]{1,7})(?:\s+points?)?")


@dataclass(frozen=True)
class Wanted:
    """An action and what it asks for: pairs of score or a dimension, and a grade or points; none for all the rest."""

    label: str
    terms: tuple[tuple[str, str], ...]


def read_wanted(settings: Mapping[str, Any], where: str = "actions") -> tuple[Wanted, ...]:
    """Understand actions in words.

    Parameters
    ----------
    settings : mapping of str to str
        By action, the best first, what it asks for; the last one is ``"else"``.
    where : str
        What to call it in messages.

    Returns
    -------
    tuple of Wanted

    Raises
    ------
    UsageError
        If the words are others, or the last one is not ``else``.

    Examples
    --------
    >>> read_wanted({"hand to sales": "fit at least B and score at least 50", "nurture": "else"})[0].terms
    (('fit', 'B'), ('score', '50'))
    """
    if not isinstance(settings, Mapping) or not settings:
        raise wording.bad_actions(where, settings)
    found = [Wanted(str(label), _terms(said, f"{where}: {label}")) for label, said in settings.items()]
    for wanted in found[:-1]:
        if not wanted.terms:
            raise wording.else_is_last(where, wanted.label)
    if found[-1].terms:
        raise wording.else_is_missing(where, found[-1].label)
    return tuple(found)


def check_wanted(wanted: Sequence[Wanted], labels: Mapping[str, Sequence[str]], dimensions: Sequence[str]) -> None:
    """Refuse actions that ask for dimensions or grades that there are not.

    Parameters
    ----------
    wanted : sequence of Wanted
    labels : mapping of str to sequence of str
        The grades of each graded dimension, the best first.
    dimensions : sequence of str
        The names of all dimensions.

    Raises
    ------
    UsageError
        With the nearest one that there is.
    """
    for one in wanted:
        for name, least in one.terms:
            if name not in (SCORE, *dimensions):
                raise wording.unknown_in_action(one.label, name, [SCORE, *dimensions])
            if least not in labels.get(name, ()) and not _POINTS.fullmatch(least):
                raise wording.unknown_grade(one.label, name, least, labels.get(name, ()))


def actions_of(
    wanted: Sequence[Wanted], dimensions: Sequence[Dimension], labels: Mapping[str, Sequence[str]]
) -> tuple[Action, ...]:
    """Turn words into bounds.

    Parameters
    ----------
    wanted : sequence of Wanted
    dimensions : sequence of Dimension
        Those of the table, with their cuts.
    labels : mapping of str to sequence of str
        The grades that could be, the best first: a table leaves out those that no lead earns.

    Returns
    -------
    tuple of Action

    Raises
    ------
    UsageError
        If an action asks for a grade or dimension that there is not.
    DataError
        If an action can never be reached, because one before it asks for no more.
    """
    check_wanted(wanted, labels, [dimension.name for dimension in dimensions])
    steps = {dimension.name: dimension.grades for dimension in dimensions}
    made = []
    for one in wanted:
        bounds: dict[str, int] = {}
        for name, least in one.terms:
            bound = _bound(one.label, name, least, steps.get(name, ()), labels.get(name, ()))
            if bound is not None:
                bounds[name] = max(bound, bounds.get(name, bound))
        if one.terms and not bounds:
            raise wording.asks_for_nothing(one.label)
        made.append((one.label, bounds.pop(SCORE, None), bounds))
    return settle_actions(made)


def _terms(said: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(said, str):
        raise wording.bad_terms(where, said)
    if said.strip() == ELSE:
        return ()
    terms = []
    for part in _AND.split(said.strip()):
        found = _TERM.fullmatch(part)
        if not found:
            raise wording.bad_terms(where, said)
        terms.append((found["name"], found["least"]))
    return tuple(terms)


def _bound(label: str, name: str, least: str, steps: Steps, labels: Sequence[str]) -> int | None:
    """Return the least sub-score, None where every lead has it."""
    if least in labels:
        good = labels[: labels.index(least) + 1]
        earned = [bound for grade, bound in steps if grade in good]
        if not earned:
            raise wording.nobody_earns(label, name, least)
        return earned[-1]
    found = _POINTS.fullmatch(least)
    if not found:
        raise wording.unknown_grade(label, name, least, labels)
    return int(found["points"])
