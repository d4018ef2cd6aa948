"""Actions: what to do with a lead, by its score and, where a hand-over asks for several things at once, by sub-scores.

An action is ``(label, least score)``, or ``(label, least score, {dimension: least sub-score})``. The first action all
of whose bounds a lead reaches is the one it gets; the last one has no bound, so every lead gets one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from leadml.points.checks import check_text, require, whole
from leadml.points.grading.grades import Steps, earned_label, graded_dimensions
from leadml.points.look import plain

if TYPE_CHECKING:
    from leadml.points.rules import Dimension

SCORE = "score"  # no dimension is called so
_WHERE = "the actions"


@dataclass(frozen=True, eq=False, repr=False)
class Least(Mapping[str, int]):
    """Least sub-scores by dimension, by name: a mapping that can be hashed and does not change.

    Examples
    --------
    >>> Least.of({"fit": 25, "engagement": 30})
    {'engagement': 30, 'fit': 25}
    """

    pairs: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, bounds: Mapping[str, Any]) -> Least:
        """Read any mapping; bounds are whole numbers."""
        require(isinstance(bounds, Mapping), _WHERE, f"have the sub-scores {bounds!r}", "they are a mapping")
        for name in bounds:
            check_text(name, f"a dimension of {_WHERE}")
        return cls(tuple((name, whole(bounds[name], "a bound", _WHERE)) for name in sorted(bounds)))

    def __getitem__(self, name: str) -> int:
        return dict(self.pairs)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        return repr(dict(self.pairs))


Action: TypeAlias = tuple[str, int | None] | tuple[str, int | None, Mapping[str, int]]


def settle_actions(actions: Iterable[Sequence[Any]]) -> tuple[Action, ...]:
    """Check actions: distinct labels, each within reach of some lead, the last one for all leads.

    Parameters
    ----------
    actions : iterable of (str, int or None) or (str, int or None, mapping of str to int)
        The best first: label, least score, least sub-scores.

    Returns
    -------
    tuple of Action
        The same with plain integers; without sub-scores an action has two parts.

    Raises
    ------
    DataError
        If labels repeat, an action can never be reached because an earlier one asks for no more, or not just the
        last one has no bound.

    Examples
    --------
    >>> settle_actions([["hand to sales", None, {"fit": 25}], ("nurture", 40, {}), ("disqualify", None)])
    (('hand to sales', None, {'fit': 25}), ('nurture', 40), ('disqualify', None))
    """
    settled = [_settled(action) for action in actions]
    if not settled:
        return ()
    labels, wanted = [action[0] for action in settled], [bounds_of(action) for action in settled]
    require(len(set(labels)) == len(labels), _WHERE, f"are {labels}", "labels are distinct")
    complete = not wanted[-1] and all(wanted[:-1])
    reached = not any(_asks_no_more(first, then) for first, then in combinations(wanted, 2))
    if score_steps(settled) is not None:
        shown, accepted = [action[1] for action in settled], "bounds fall strictly and only the last one is null"
        require(complete and reached, _WHERE, f"have bounds {shown}", accepted)
    accepted = "each asks for something that none before it asks for, and only the last one has no bound"
    require(complete and reached, _WHERE, f"have bounds {[dict(bounds) for bounds in wanted]}", accepted)
    return tuple(settled)


def bounds_of(action: Action) -> tuple[tuple[str, int], ...]:
    """Return what an action asks for: pairs of ``"score"`` or a dimension and the least that it must be.

    Examples
    --------
    >>> bounds_of(("hand to sales", 60, {"fit": 25})), bounds_of(("nurture", None))
    ((('score', 60), ('fit', 25)), ())
    """
    score = () if action[1] is None else ((SCORE, action[1]),)
    return score if len(action) == 2 else (*score, *action[2].items())


def score_steps(actions: Sequence[Action]) -> Steps | None:
    """Return actions as steps of the score, None where one asks for sub-scores."""
    found = [(action[0], action[1]) for action in actions if len(action) == 2]
    return tuple(found) if len(found) == len(actions) else None


def written(actions: Sequence[Action]) -> list[list[Any]]:
    """Return actions as JSON holds them: the third part only where it is used."""
    return [list(action) if len(action) == 2 else [*action[:2], dict(action[2])] for action in actions]


def actions_text(actions: Sequence[Action], dimensions: Sequence[Dimension]) -> str:
    """Say in words what each action asks for; a bound that is a grade's names the grade.

    Parameters
    ----------
    actions : sequence of Action
        Of a table.
    dimensions : sequence of Dimension
        Of the same table.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> from leadml.points.rules import Dimension
    >>> parts = (Dimension("fit", 20, (("A", 40), ("B", 25), ("C", None))), Dimension("engagement", 5))
    >>> actions_text((("hand to sales", None, {"fit": 25, "engagement": 9}), ("nurture", 40), ("out", None)), parts)
    'hand to sales at fit from 25 (B) and engagement from 9, nurture at score from 40, out otherwise'
    """
    steps = score_steps(actions)
    if steps is not None:
        return ", ".join(f"{plain(label)} {'below' if bound is None else f'from {bound}'}" for label, bound in steps)
    return ", ".join(f"{plain(action[0])} {wish_text(action, dimensions)}" for action in actions)


def wish_text(action: Action, dimensions: Sequence[Dimension]) -> str:
    """Say in words what one action asks for; see `actions_text`."""
    order = [SCORE, *(dimension.name for dimension in (*graded_dimensions(dimensions), *dimensions))]
    bounds = sorted(bounds_of(action), key=lambda bound: order.index(bound[0]) if bound[0] in order else len(order))
    grades = {dimension.name: dimension.grades for dimension in dimensions}
    told = [f"{plain(name)} from {least}{_grade(grades.get(name, ()), least)}" for name, least in bounds]
    return f"at {' and '.join(told)}" if told else "otherwise"


def _grade(steps: Steps, least: int) -> str:
    label = earned_label(steps, least) if any(bound == least for _, bound in steps) else None
    return "" if label is None else f" ({plain(label)})"


def _settled(action: Sequence[Any]) -> Action:
    parts = tuple(action)
    require(len(parts) in (2, 3), _WHERE, f"hold {action!r}", "each is a label with a bound, and sub-scores if need be")
    check_text(parts[0], f"a label of {_WHERE}")
    label, least = parts[0], None if parts[1] is None else whole(parts[1], "a bound", _WHERE)
    more = Least.of(parts[2]) if len(parts) == 3 else None
    return (label, least, more) if more else (label, least)


def _asks_no_more(first: Sequence[tuple[str, int]], then: Sequence[tuple[str, int]]) -> bool:
    """Tell whether every lead that reaches the bounds of `then` reaches those of `first`."""
    asked = dict(then)
    return all(name in asked and asked[name] >= least for name, least in first)
