"""The cells of a decision table: tests of one input, which Zen calls ``$``.

Nothing is compared with null: Zen would end the whole decision. So a test for null comes first everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.export.jdm.literals import holds_number, number_literal, text_literal

if TYPE_CHECKING:
    from leadml.export.form import Case, Input


def cell_of(part: Input, case: Case) -> str:
    """Return the test for a case of an input.

    Parameters
    ----------
    part : Input
        The input.
    case : Case
        One of its cases.

    Returns
    -------
    str
        A unary expression of Zen; it is true for this case only.

    Raises
    ------
    UsageError
        If a bound is beyond Zen's decimals.

    Examples
    --------
    >>> from leadml.export.form import Case, Input
    >>> case = Case("size:1", 1, "range", "50", "199.5", (), 8, "")
    >>> cell_of(Input("f1", "size", "fit", "number", ("999",), ("999",), (case,)), case)
    '$ != null and $ != 999 and $ >= 50 and $ < 199.5'
    """
    if case.kind == "missing":
        return " or ".join(["$ == null", *(f"$ == {literal}" for literal in _gone(part))])
    if case.kind == "set" and part.type == "boolean":
        return " or ".join(f"$ == {value}" for value in case.values)
    if case.kind == "set":
        return f"$ in [{_listed(case.values)}]"
    if case.kind == "other":
        texts = [text_literal(value) for known in part.cases for value in known.values]
        return f"$ != null and $ not in [{', '.join([*_gone(part), *texts])}]"
    tests = ["$ != null", *(f"$ != {literal}" for literal in _gone(part))]
    tests += [] if case.lo is None else [f"$ >= {number_literal(case.lo, f'rule {case.id!r}')}"]
    tests += [] if case.hi is None else [f"$ < {number_literal(case.hi, f'rule {case.id!r}')}"]
    return " and ".join(tests)


def _gone(part: Input) -> list[str]:
    """Return what means missing beside null, as literals of the input's type."""
    if part.type == "number":
        # A placeholder that no decimal of Zen can be is one that no lead can have.
        return [text for text in part.missing_numbers if holds_number(text)]
    return [] if part.type == "boolean" else [text_literal(text) for text in ("", *part.missing)]


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(text_literal(value) for value in values)
