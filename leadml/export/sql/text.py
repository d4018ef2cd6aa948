"""The text of a query: a head that says what it is, then the query, pretty printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadml.export.stamp import line
from leadml.points.look import plain, shortened

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect
    from leadml.export.stamp import Stamp

LONGEST = 100


def text_of(query: exp.Expression, dialect: Dialect, head: Sequence[str], seal: Stamp | None = None) -> str:
    """Write a query with a head of comments, without a semicolon at its end.

    Parameters
    ----------
    query : Expression
    dialect : Dialect
    head : sequence of str
        Sentences; what would break out of a comment is shown instead of obeyed.
    seal : Stamp, optional
        Stands in the head's last line.
    """
    # Every line ends with a full stop or a brace: a backslash at its end would make the next one a comment in Spark.
    comments = [f"-- {plain(sentence)}" for sentence in head]
    if seal is not None:
        comments.append(f"-- {line(seal)}")
    return "\n".join([*comments, query.sql(dialect=dialect.name, pretty=True, comments=False)]) + "\n"


def named(text: str) -> str:
    """Return a name as it can stand in a sentence of the head."""
    return shortened(plain(text), LONGEST)
