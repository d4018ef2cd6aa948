"""Grades as values: which dimensions carry them, in which order, and what they mean in words; `bands` cuts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from leadml.points.look import plain
from leadml.points.words.languages import DEFAULT, language_of

if TYPE_CHECKING:
    from leadml.points.rules import Dimension

GradeKind = Literal["letter", "digit"]
Steps = tuple[tuple[str, int | None], ...]

LABELS: dict[GradeKind, tuple[str, ...]] = {"letter": ("A", "B", "C", "D"), "digit": ("4", "3", "2", "1")}
ACTIONS = ("hand to sales", "nurture", "disqualify")


def grade_kind(dimension: str) -> GradeKind | None:
    """Say how a dimension is graded: fit by letters, engagement by digits, others not at all."""
    kinds: dict[str, GradeKind] = {"fit": "letter", "engagement": "digit"}
    return kinds.get(dimension)


def graded_dimensions(dimensions: Iterable[Dimension]) -> list[Dimension]:
    """Return the dimensions that carry grades, in the order in which a grade names them.

    Parameters
    ----------
    dimensions : iterable of Dimension
        Those of a table.

    Returns
    -------
    list of Dimension
        fit, engagement, then the others in their order.
    """
    first = {"fit": 0, "engagement": 1}
    graded = [dimension for dimension in dimensions if dimension.grades]
    return sorted(graded, key=lambda dimension: first.get(dimension.name, 2))


def legend(dimensions: Iterable[Dimension], language: str = DEFAULT) -> str:
    """Say what the grades of a table mean, from its own labels; empty where it has none.

    Parameters
    ----------
    dimensions : iterable of Dimension
        Those of a table.
    language : str
        The code of the language to say it in.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> from leadml.points.rules import Dimension
    >>> fit = Dimension("fit", 0, (("A", 60), ("B", 40), ("C", 20), ("D", None)))
    >>> legend([Dimension("engagement", 0, (("4", 9), ("3", 5), ("1", None))), fit])
    'A is the best fit, D the worst; 4 is the most active, 1 the least: A4 is best, D1 worst.'
    >>> legend([Dimension("topic", 0, (("hot", 9), ("cold", None)))])
    'hot is the best topic, cold the worst.'
    """
    graded = graded_dimensions(dimensions)
    if not graded:
        return ""
    said = language_of(language)
    ends = [(plain(dimension.grades[0][0]), plain(dimension.grades[-1][0])) for dimension in graded]
    told = [said.scale(plain(d.name), best, worst) for d, (best, worst) in zip(graded, ends, strict=True)]
    best, worst = ("".join(end) for end in zip(*ends, strict=True))
    return said.legend(told, best, worst)


def earned_label(steps: Steps, total: int) -> str | None:
    """Return the first label whose bound a number reaches, None where there are no steps."""
    return next((label for label, bound in steps if bound is None or total >= bound), None)
