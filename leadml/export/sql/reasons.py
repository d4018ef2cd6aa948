"""Reasons without sorting: rules are numbered by their weight once, here, so that engines only join marks in order.

For every lead the marks of the rules that hold are written one after the other, the weightiest first; all marks are
equally long, so the first three are the first three pieces of that text, and each stands for a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from leadml.export.sql import literals

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.form import Form
    from leadml.export.sql.dialects import Dialect


@dataclass(frozen=True)
class Weights:
    """The order of a table's rules as reasons.

    Parameters
    ----------
    order : tuple of int
        Numbers of the rules and conjunctions with points: more points first, of equally many the lower number.
    texts : tuple of str
        Their reasons.
    """

    order: tuple[int, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, form: Form) -> Weights:
        """Order the rules of a table."""
        rows = [(case.points, case.number, case.reason) for part in form.inputs for case in part.cases]
        rows += [(row.points, row.number, row.reason) for row in form.conjunctions]
        ranked = sorted((row for row in rows if row[0]), key=lambda row: (-abs(row[0]), row[1]))
        return cls(tuple(row[1] for row in ranked), tuple(row[2] for row in ranked))

    @property
    def width(self) -> int:
        """Characters of a mark; 0 where there is none."""
        return len(str(len(self.order))) if self.order else 0

    @cached_property
    def marks(self) -> dict[int, str]:
        """The mark of each rule, by its number.

        Examples
        --------
        >>> Weights((7, 3), ("more", "less")).marks
        {7: '1', 3: '2'}
        """
        return {number: str(place).zfill(self.width) for place, number in enumerate(self.order, start=1)}


def reason(place: int, held: exp.Expression, weights: Weights, dialect: Dialect) -> exp.Expression:
    """Look up the text of one of the marks.

    Parameters
    ----------
    place : int
        Which, from 0.
    held : Expression
        The marks of a lead.
    weights : Weights
    dialect : Dialect
    """
    from sqlglot import exp

    start, length = exp.Literal.number(place * weights.width + 1), exp.Literal.number(weights.width)
    mark = exp.Substring(this=held, start=start, length=length)
    texts = [literals.text(text, dialect) for text in weights.texts]
    if dialect.name == "duckdb":  # which would work the mark out again for each branch of a CASE
        number = exp.TryCast(this=mark, to=exp.DataType.build("int"))
        return exp.Anonymous(this="LIST_EXTRACT", expressions=[exp.Array(expressions=texts), number])
    marks = [exp.Literal.string(weights.marks[number]) for number in weights.order]
    return exp.Case(this=mark, ifs=[exp.If(this=key, true=text) for key, text in zip(marks, texts, strict=True)])
