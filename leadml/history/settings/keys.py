"""What a setting may be: for each kind, how it is taken from TOML, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadml.history.values.texts import as_text

MOMENT = re.compile(r"created(?: ?\+ ?[0-9]+ (?:minute|hour|day|week)s?)?|entered \S.*")
GOAL = re.compile(r"won|stage: ?(\S.*)|(?:repeat )?deal(?:: ?(\S.*))?")
DOTTED = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")
TWICE = ("refuse", "earlier", "later")
EVENTS = ("RED", "AMBER", "PROVEN", "UNDECIDED", "INSUFFICIENT", "promote", "keep", "hold", "failed", "drift", "stale")


class Read(NamedTuple):
    """One kind of setting.

    Parameters
    ----------
    take : callable
        Returns the value as it is kept; raises TypeError or ValueError for any other.
    accepted : str
        What is accepted, in words.
    """

    take: Callable[[Any], Any]
    accepted: str


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not value.strip():
        raise ValueError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(entry) for entry in (value if isinstance(value, list) else [value]))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _amount(value: Any) -> int:
    if _whole(value) < 1:
        raise ValueError
    return int(value)


def _wholes(value: Any) -> tuple[int, ...]:
    found = tuple(sorted({_amount(entry) for entry in _list(value)}))
    if not found:
        raise ValueError
    return found


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _sign(value: Any) -> int:
    if _whole(value) not in (-1, 1):
        raise ValueError
    return int(value)


def _direction(value: Any) -> int | tuple[str, ...]:
    return tuple(_texts(value)) if isinstance(value, list) else _sign(value)


def _signs(value: Any) -> int | dict[str, int]:
    return {key: _sign(entry) for key, entry in value.items()} if isinstance(value, dict) else _sign(value)


def _cap(value: Any) -> int:
    if _whole(value) < 0:
        raise ValueError
    return int(value)


def _span(value: Any) -> tuple[int, int]:
    low, high = (_whole(entry) for entry in _list(value))
    if low >= high:
        raise ValueError
    return low, high


def _outcomes(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, (str, int, float)) for entry in entries):
        raise TypeError
    return tuple(as_text(entry) or "" for entry in entries)


def _placeholders(value: Any) -> tuple[Any, ...]:
    if isinstance(value, dict):
        value = [f"{column}={text}" for column, texts in value.items() for text in _texts(texts)]
    return _texts(value)


def _as_of(value: Any) -> tuple[str, ...]:
    """Take moments as text: a list of dates, or of what is said of each lead."""
    entries = value if isinstance(value, list) else [value]
    return tuple(e.isoformat() if isinstance(e, (date, datetime)) else _moment(_text(e)) for e in entries)


def _moment(said: str) -> str:
    """Refuse what begins like a rule but is none; anything else is the name of a column."""
    if re.match(r"created\s*[+-]|entered\b", said) and not MOMENT.fullmatch(said):
        raise ValueError
    return said


def _goal(value: Any) -> str:
    """Take a goal in one spelling: one space after the colon."""
    said = _text(value).strip()
    if not GOAL.fullmatch(said):
        raise ValueError
    kind, colon, what = said.partition(":")
    return f"{kind}: {what.strip()}" if colon else kind


def _instant(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    said = _text(value)
    for form in DOTTED:
        with suppress(ValueError):
            return datetime.strptime(said, form).isoformat()
    return datetime.fromisoformat(said).isoformat()


def _language(value: Any) -> str:
    from leadml.points.words.languages import languages

    if _text(value) not in languages():
        raise ValueError
    return str(value)


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (ZoneInfoNotFoundError, OSError) as fault:
        raise ValueError from fault


def _twice(value: Any) -> str:
    if _text(value) not in TWICE:
        raise ValueError
    return str(value)


def _memory(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not 0.1 <= value < float("inf"):
        raise ValueError
    return float(value)


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not 0 <= value <= 0.5:
        raise ValueError
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _variable(value: Any) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", _text(value)):
        raise ValueError
    return str(value)


def _command(value: Any) -> tuple[str, ...]:
    words = tuple(entry for entry in _list(value) if isinstance(entry, str))
    if len(words) != len(value) or not words or not words[0].strip() or any("\0" in word for word in words):
        raise ValueError
    return words


def _events(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    if not set(found) <= set(EVENTS):
        raise ValueError
    return found


def _policy(value: Any) -> str:
    if _text(value) not in ("auto", "manual"):
        raise ValueError
    return str(value)


def mapping_of(read: Read) -> Read:
    """Return the kind of a table whose values are all of one kind."""

    def take(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise TypeError
        return {key: read.take(entry) for key, entry in value.items()}

    return Read(take, f"a table: {{ column = … }}, each {read.accepted}")


text = Read(_text, "a text in quotation marks")
texts = Read(_texts, 'a list of texts: ["a", "b"]')
outcome_values = Read(_outcomes, 'a list of values: ["won"] or [1]')
placeholders = Read(_placeholders, 'a list of texts, "TEXT" or "COLUMN=TEXT"')
whole = Read(_whole, "a whole number")
amount = Read(_amount, "a whole number above 0")
wholes = Read(_wholes, "a list of whole numbers above 0: [7, 30, 90]")
direction = Read(
    _direction, '1 (points rise with the value), -1 (they fall), or a list along which they rise: ["a", "b"]'
)
signs = Read(_signs, "1 (never below neutral), -1 (never above), or a table of these: { VALUE = 1 }")
cap = Read(_cap, "a whole number from 0")
points = Read(mapping_of(whole).take, 'points by condition: { competitor = -100 } or { "< 10" = -20, missing = 0 }')
span = Read(_span, "two whole numbers, the lower first: [0, 100]")
as_of = Read(_as_of, '"created + 14 days", "entered STAGE", a column, or a list of these or of dates')
goal = Read(_goal, '"won", "stage: NAME", "deal", "deal: PRODUCT", "repeat deal" or "repeat deal: PRODUCT"')
instant = Read(_instant, "a date or a time as in 2024-03-31, 31.03.2024 or 2024-03-31T08:00:00+02:00")
zone = Read(_zone, 'the name of a time zone: "Europe/Vienna"')
twice = Read(_twice, '"refuse", "earlier" or "later"')
share_of_memory = Read(_memory, "gigabytes, at least 0.1")
share = Read(_share, "a share from 0 to 0.5, such as 0.05")
language = Read(_language, 'the code of a language, such as "en" or "de"')
policy = Read(_policy, '"auto" (it takes its place) or "manual" (it waits for a person)')
flag = Read(_flag, "true or false")
variable = Read(_variable, 'the name of an environment variable that holds the address: "env:NAME"')
command = Read(_command, 'a list of words, the program first: ["program", "argument"]')
events = Read(_events, "a list of these: " + ", ".join(f'"{name}"' for name in EVENTS))
