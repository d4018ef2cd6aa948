"""Audit findings that a person has looked at and accepted, written ``LD002:sessions``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadml.errors import UsageError
from leadml.history import wording
from leadml.history.audit.codes import CODES, SENSITIVE


@dataclass(frozen=True)
class Acceptance:
    """One accepted finding.

    Parameters
    ----------
    key : str
        Code and column, as in ``LD002:sessions``; the code alone where the finding is about no column.
    reason : str
        Why, where it was given.
    """

    key: str
    reason: str = ""


def parse_accept(given: Any, columns: Iterable[str]) -> tuple[Acceptance, ...]:
    """Read acceptances as a person writes them.

    Parameters
    ----------
    given : str, sequence of str, mapping of str to str, or sequence of Acceptance
        ``CODE:COLUMN`` entries; in a mapping with the reason.
    columns : iterable of str
        The columns there are.

    Raises
    ------
    UsageError
        If there is no such code or column.

    Examples
    --------
    >>> parse_accept({"LD002:sessions": "counted before the form is sent"}, ["sessions"])
    (Acceptance(key='LD002:sessions', reason='counted before the form is sent'),)
    """
    known = list(columns)
    found = sorted(set(_entries(given)), key=lambda a: (a.key, a.reason))
    for acceptance in found:
        code, colon, column = acceptance.key.partition(":")
        if code not in CODES:
            raise wording.unknown_code(code, CODES)
        if colon and column not in known:
            raise UsageError.unknown_column(column, known, f"accept: {acceptance.key!r} names a column, and the data")
    return tuple(found)


def opted_in(given: Any) -> frozenset[str]:
    """Return the sensitive columns that a person wants to be used, from acceptances as `parse_accept` takes them.

    Examples
    --------
    >>> sorted(opted_in({"LD026:age": "insurance tariffs depend on it", "LD002:sessions": "known in time"}))
    ['age']
    """
    keys = (acceptance.key.partition(":") for acceptance in _entries(given))
    return frozenset(column for code, _, column in keys if code == SENSITIVE and column)


def _entries(given: Any) -> Iterable[Acceptance]:
    if isinstance(given, str):
        return [Acceptance(given)]
    if isinstance(given, Mapping):
        return [Acceptance(str(key), str(reason)) for key, reason in given.items()]
    return [entry if isinstance(entry, Acceptance) else Acceptance(str(entry)) for entry in given or ()]
