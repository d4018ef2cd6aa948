"""Numbers as people and spreadsheets write them: decimal comma, thousands, a real minus."""

from __future__ import annotations

import math
import re

from leadml.points.checks import cut_text
from leadml.points.sheets.handmade import wording

DIGITS = r"[+\-\u2212]?[0-9][0-9.,'\u2019\u00a0\u202f]*(?:[eE][+-]?[0-9]+)?"
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,'\u2019\u00a0\u202f][0-9]{3})+")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_MIXED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,'\u2019\u00a0\u202f])[0-9]{3})+)(?P<point>[.,])(?P<part>[0-9]+)"
)
_MARKS = re.compile(r"[.,'\u2019\u00a0\u202f]")


def read_number(text: str, line: int, column: str, cell: str, *, english: bool) -> float:
    """Read a number.

    Parameters
    ----------
    text : str
        Such as ``1,000``, ``1.000,5``, ``2.5``.
    line, column, cell : int, str, str
        Where it stands, for messages.
    english : bool
        Whether the file's commas stand between cells: then a point is a decimal point and a comma with three digits
        after it is one for thousands. Else ``1.000`` and ``1,000`` can be either, and are refused.

    Returns
    -------
    float

    Raises
    ------
    DataError
        If it is no finite number, or can be read in two ways.

    Examples
    --------
    >>> [read_number(text, 1, "condition", text, english=False) for text in ("2,5", "1.000,5", "\u22123", "1000")]
    [2.5, 1000.5, -3.0, 1000.0]
    """
    bare = text.replace("\N{MINUS SIGN}", "-")
    sign = -1.0 if bare.startswith("-") else 1.0
    found = _unsigned(bare.lstrip("+-"), line, column, cell, english)
    if found is None or not math.isfinite(found):
        raise wording.not_a_number(line, column, cell, text)
    return sign * found + 0.0


def _unsigned(text: str, line: int, column: str, cell: str, english: bool) -> float | None:
    mixed = _MIXED.fullmatch(text)
    if mixed is not None and mixed["mark"] != mixed["point"]:
        return float(f"{_MARKS.sub('', mixed['whole'])}.{mixed['part']}")
    marks = _MARKS.findall(text)
    if _GROUPED.fullmatch(text) and len(set(marks)) == 1:
        whole = float(_MARKS.sub("", text))
        if len(marks) > 1 or marks[0] not in ".,":
            return whole
        if text.startswith("0") or (english and marks[0] == "."):
            return float(text.replace(",", "."))
        if english:
            return whole
        part = float(text.replace(",", "."))
        raise wording.two_readings(line, column, cell, text, cut_text(whole), f"{part:.4f}")
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


def above(number: float) -> float:
    """Return the least double above a number: ``x > 30`` is ``x >= above(30)``, for every double."""
    return math.nextafter(number, math.inf)


def closed(cut: str) -> str | None:
    """Return the number just below a cut where that is the shorter one, so that the cut stands for "more than" it.

    Examples
    --------
    >>> closed("30.000000000000004"), closed("30"), closed("49.5")
    ('30', None, None)
    """
    below = cut_text(math.nextafter(float(cut), -math.inf))
    return below if len(below) + 3 < len(cut) else None
