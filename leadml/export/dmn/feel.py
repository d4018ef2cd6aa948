"""Literals and unary tests of S-FEEL: only forms that every engine reads the same way.

Each cell tests its own input without naming it, without functions; ranges are closed below and open above.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.export.form import Case, Input
    from leadml.points.rules import FeatureType

TYPE_OF: MappingProxyType[FeatureType, str] = MappingProxyType(
    {"number": "number", "category": "string", "boolean": "boolean"}
)
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text_literal(text: str) -> str:
    r"""Write a text.

    Examples
    --------
    >>> print(text_literal('a "b"\n'))
    "a \"b\"\n"
    """
    return f'"{text.translate(_ESCAPED)}"'


def number_literal(value: float) -> str:
    """Write a number without an exponent, which not every engine reads.

    Examples
    --------
    >>> number_literal(-2.5), number_literal(1e-7)
    ('-2.5', '0.0000001')
    """
    return format(Decimal(repr(value)), "f")


def cell_of(part: Input, case: Case) -> str:
    """Return the unary tests of a case.

    Parameters
    ----------
    part : Input
        The input.
    case : Case
        One of its cases.

    Returns
    -------
    str
        True for this case and for no other. Placeholders that are numbers are cut out of ranges.

    Examples
    --------
    >>> from leadml.export.form import Case, Input
    >>> case = Case("size:1", 1, "range", "50", "1000", (), 8, "")
    >>> cell_of(Input("f1", "size", "fit", "number", ("999",), ("999",), (case,)), case)
    '[50..999),(999..1000)'
    """
    gone = _gone(part)
    if case.kind == "missing":
        return ",".join(gone)
    if case.kind == "set":
        return ",".join(case.values if part.type == "boolean" else map(text_literal, case.values))
    if case.kind == "other":
        texts = [text_literal(value) for known in part.cases for value in known.values]
        return f"not({','.join([*gone, *texts])})"
    holes = [text for text in part.missing_numbers if _within(text, case)]
    return ",".join(_pieces(case, holes))


def _gone(part: Input) -> list[str]:
    if part.type == "number":
        return ["null", *part.missing_numbers]
    return ["null"] if part.type == "boolean" else ["null", *map(text_literal, ("", *part.missing))]


def _within(text: str, case: Case) -> bool:
    value = float(text)
    return (case.lo is None or float(case.lo) <= value) and (case.hi is None or value < float(case.hi))


def _pieces(case: Case, holes: Sequence[str]) -> list[str]:
    """Return the parts of a range between the numbers that mean missing."""
    if case.lo is None and case.hi is None and not holes:
        return ["not(null)"]
    bounds = [(case.lo, "["), *((hole, "(") for hole in holes)]
    ends = [*holes, case.hi]
    found = []
    for (lo, opening), hi in zip(bounds, ends, strict=True):
        if lo is None:
            found.append(f"< {hi}")
        elif hi is None:
            found.append(f">{'=' if opening == '[' else ''} {lo}")
        elif lo != hi:
            # A hole at the lower bound leaves nothing between the two.
            found.append(f"{opening}{lo}..{hi})")
    return found
