"""Texts that stand for "not filled in", such as ``Select``: for every column, or for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leadml.errors import UsageError
from leadml.history.values.words import listed

# a text for every column, or {"feature": name, "text": text} for one, as a point table keeps it
Placeholder = str | Mapping[str, str]
SURELY_MISSING = listed(
    "select | please select | unknown | n/a | #n/a | null | nan | undefined | not specified | not provided | "
    "unbekannt | k.a. | keine angabe | bitte wählen | - | -- | ? | (blank) | tbd"
)


def sounds_missing(text: str) -> bool:
    """Tell whether a text hardly ever means anything but "not filled in", whatever the column.

    Examples
    --------
    >>> [sounds_missing(text) for text in ("Select", " N/A ", "k.A.", "none", "Unknown Ltd")]
    [True, True, True, False, False]
    """
    return text.strip().casefold() in SURELY_MISSING


def parse_missing(
    given: str | Iterable[Any] | Mapping[str, Any] | None, columns: Sequence[str]
) -> tuple[Placeholder, ...]:
    """Read placeholders as a person writes them.

    Parameters
    ----------
    given : str, iterable or mapping
        ``TEXT`` and ``COLUMN=TEXT`` entries; or entries of the form returned here; or a mapping of column to
        text or texts.
    columns : sequence of str
        The columns there are.

    Returns
    -------
    tuple
        First the texts that hold everywhere, then ``{"feature": …, "text": …}``; sorted, none twice.

    Raises
    ------
    UsageError
        If an entry names a column that does not exist.

    Examples
    --------
    >>> parse_missing(["Select", "pdays=999"], ["city", "pdays"])
    ('Select', {'feature': 'pdays', 'text': '999'})
    >>> parse_missing({"pdays": 999}, ["city", "pdays"])
    ({'feature': 'pdays', 'text': '999'},)
    """
    anywhere: set[str] = set()
    by_column: set[tuple[str, str]] = set()
    for column, text in _entries(given, columns):
        if column is None:
            anywhere.add(text)
        elif column in columns:
            by_column.add((column, text))
        else:
            raise UsageError.unknown_column(column, columns, "The data")
    one = [{"feature": column, "text": text} for column, text in sorted(by_column)]
    return (*sorted(anywhere - {""}), *one)


def texts_for(column: str, missing: Iterable[Placeholder]) -> frozenset[str]:
    """Return the texts that mean missing in one column.

    Examples
    --------
    >>> sorted(texts_for("pdays", ("Select", {"feature": "pdays", "text": "999"})))
    ['999', 'Select']
    """
    texts = (m if isinstance(m, str) else m["text"] for m in missing if isinstance(m, str) or m["feature"] == column)
    return frozenset(texts)


def _entries(given: Any, columns: Sequence[str]) -> Iterable[tuple[str | None, str]]:
    if given is None:
        return
    if isinstance(given, Mapping) and set(given) != {"feature", "text"}:
        for column, texts in given.items():
            yield from ((str(column), str(text)) for text in _several(texts))
        return
    for entry in _several(given):
        if isinstance(entry, Mapping):
            yield from _pair(entry, columns)
        else:
            yield _split(str(entry), columns)


def _several(given: Any) -> Iterable[Any]:
    return [given] if isinstance(given, (str, int, float, Mapping)) else given


def _pair(entry: Mapping[str, Any], columns: Sequence[str]) -> Iterable[tuple[str | None, str]]:
    if set(entry) == {"feature", "text"}:
        return [(str(entry["feature"]), str(entry["text"]))]
    return _entries(entry, columns)


def _split(entry: str, columns: Sequence[str]) -> tuple[str | None, str]:
    """Split ``COLUMN=TEXT`` at the sign that leaves the longest known column in front of it."""
    signs = [k for k, sign in enumerate(entry) if sign == "="]
    known = [k for k in signs if entry[:k] in columns]
    at = max(known) if known else (signs[0] if signs and signs[0] > 0 else -1)
    return (entry[:at], entry[at + 1 :]) if at > 0 else (None, entry)
