"""The letters of columns, as spreadsheets name them."""

from __future__ import annotations


def letter(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> letter(0), letter(26), letter(702)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return letters
