"""Text in spreadsheet cells: what a spreadsheet would run or rewrite gets an apostrophe, and loses it again.

Spreadsheets take a cell as a formula when it begins with one of a few characters, and turn texts that look
like numbers or dates into such. Programs see the apostrophe too, so reading takes it away.
"""

from __future__ import annotations

TRIGGERS = frozenset("=+-@\t\r\n\0|%＝＋－＠'")  # noqa: RUF001  full-width forms run as well
_SKIPPED = "\ufeff"


def guarded(text: str) -> str:
    """Return a text that a spreadsheet keeps as a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same, or the same after an apostrophe.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Software"), guarded("2024"), guarded("'quoted'")
    ("'=1+1", 'Software', "'2024", "''quoted'")
    """
    first = text.lstrip(_SKIPPED).lstrip()[:1]
    risky = first in TRIGGERS or first.isnumeric() or text != text.strip()
    return f"'{text}" if risky or text.lower() in ("true", "false") else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("Software")
    ('=1+1', 'Software')
    """
    return text.removeprefix("'")
