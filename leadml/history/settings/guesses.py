"""A first look at a table of leads: which column may play which part. Guesses, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit.leak_checks import HARMLESS, sounds_late
from leadml.history.outcome import LOST, UNDERSTOOD, WON
from leadml.history.setaside import SetAside, set_aside
from leadml.history.settings.guessed_value import guessed_value
from leadml.history.sources.readers import Table
from leadml.history.values.columns import ColumnReport, typed
from leadml.history.values.money import look_like_amounts
from leadml.history.values.placeholders import sounds_missing
from leadml.history.values.words import has_phrase, listed, phrases, words_of
from leadml.points.dates import microseconds
from leadml.points.personal import HIDDEN
from leadml.stats.outcomes import meaning

if TYPE_CHECKING:
    from numpy.typing import NDArray

# the likeliest first
OUTCOME_WORDS = ("converted", "conversion", "outcome", "won", "win", "sold", "y", "target", "label", "status",
                 "result", "stage", "ergebnis", "gewonnen")  # fmt: skip
DENIED = frozenset({"not", "no", "nicht", "kein", "keine", "non", "nie"})
ROLE_PHRASES = {
    "created": phrases(
        "created, creation, received, registered, first contact, inquiry, submitted, entered, erstellt, angelegt"
    ),
    "closed": phrases("closed, close, decided, won date, won at, signed, abschlussdatum, geschlossen, entschieden"),
    "company": phrases("company id, account id, organisation id, organization id, company, account, domain"),
}
ENGAGED = listed(
    "visit | visits | totalvisits | view | views | session | sessions | click | clicks | clicked | open | "
    "opens | opened | download | downloads | webinar | webinars | page | website | 7d | 30d | 90d | since"
)
PERHAPS_MISSING = frozenset({"na", "none", "nil"})
SENTINELS = (-1.0, 99.0, 999.0, 9999.0, 99999.0)
SENTINEL_SHARE = 0.2
MOST_OUTCOMES = 30
LEAD_WORDS = listed("lead | leads | mql | prospect | case | contact | customer | kunde | visitor | person | ticket")
EVENT_WORDS = listed("event | activity | action | touch | visit | click | mail | message | log | row | ereignis")
MANY_LEADS, ROWS_PER_LEAD = 30, 2.0  # from which on a table without a key of its own looks like events


@dataclass(frozen=True)
class Look:
    """What a first look suggests.

    Parameters
    ----------
    roles : dict of str
        Role (outcome, id, created, closed, value, company, order) to column.
    outcomes : dict of str to int
        The outcome's values with their leads, commonest first.
    won, lost : tuple of str
        Which of them sound won and lost; empty where leadml understands them anyhow.
    missing, perhaps_missing : tuple of str
        Placeholders, as ``TEXT`` or ``COLUMN=TEXT``.
    suspects : tuple of str
        Columns whose name sounds like something written down after the deal.
    engagement : tuple of str
        Columns that sound like something a lead did.
    aside : tuple of SetAside
        Columns that will not become features anyhow.
    perhaps_value : str
        A column that may say what deals were worth, where that is not clear; else empty.
    repeated : tuple of (str, int), or None
        Where the table looks like events: the column that seems to name the lead, and how many different values it has.
    """

    roles: dict[str, str]
    outcomes: dict[str, int]
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    perhaps_missing: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    engagement: tuple[str, ...] = ()
    aside: tuple[SetAside, ...] = field(default=())
    perhaps_value: str = ""
    repeated: tuple[str, int] | None = None


def look_at(table: Table, outcome: str | None = None) -> Look:
    """Look at a table of leads.

    Parameters
    ----------
    table : Table
    outcome : str, optional
        The outcome, where it is known.

    Raises
    ------
    UsageError
        If there is no such column.
    """
    table.require([outcome] if outcome else [])
    columns = {name: typed(name, table.frame[name], table.untyped(name), frozenset()) for name in table.columns}
    time = next((microseconds(v) for v, r in columns.values() if r.type == "date"), None)
    aside = {name: reason for name, (v, r) in columns.items() if (reason := set_aside(v, r, time))}
    values = {name: levels(table.frame[name]) for name in table.columns}
    chosen = outcome or _outcome(values)
    won, lost = _mapping(values[chosen]) if chosen else ((), ())
    roles = _roles(columns, aside, chosen)
    taken = set(roles.values())
    amounts = [n for n, (v, r) in columns.items() if n not in taken and _is_amount(v, r.type)]
    value, clear = guessed_value(amounts, table.frame, _won_rows(table.frame, chosen, won))
    if clear:
        roles["value"] = value
    free = [name for name in columns if name not in roles.values() and name not in aside]
    suspects = tuple(name for name in free if sounds_late(name))
    sure, unsure = _placeholders(columns, [*free, *(n for n, a in aside.items() if a.kind != "dropped")])
    return Look(
        roles=roles,
        outcomes=values[chosen] if chosen else {},
        won=won,
        lost=lost,
        missing=sure,
        perhaps_missing=unsure,
        suspects=suspects,
        engagement=tuple(n for n in free if n not in suspects and _is_engagement(words_of(n))),
        aside=tuple(a for name, a in aside.items() if name not in roles.values()),
        perhaps_value="" if clear else value,
        repeated=None if outcome else _repeated(columns, roles),
    )


def levels(values: pd.Series, most: int = MOST_OUTCOMES) -> dict[str, int]:
    """Return the different values as text with their counts, commonest first; none if too many."""
    counts = values.dropna().astype("str").value_counts()
    if len(counts) > most:
        return {}
    return {str(k): int(n) for k, n in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))) if str(k)}


def _repeated(columns: dict[str, tuple[pd.Series, ColumnReport]], roles: dict[str, str]) -> tuple[str, int] | None:
    """Find the column that names the lead in what looks like events: many leads, several rows of most, and times."""
    own = set(words_of(roles["id"])) if "id" in roles else EVENT_WORDS
    if own.isdisjoint(EVENT_WORDS) or not any(report.type == "date" for _, report in columns.values()):
        return None
    for name, (values, report) in columns.items():
        words = words_of(name)
        if name == roles.get("id") or report.type == "date" or (LEAD_WORDS.isdisjoint(words) and words != ("id",)):
            continue
        counts = values.value_counts()
        often = len(counts) >= MANY_LEADS and counts.sum() >= ROWS_PER_LEAD * len(counts)
        if often and float(np.median(counts)) >= ROWS_PER_LEAD:
            return name, len(counts)
    return None


def _is_engagement(words: tuple[str, ...]) -> bool:
    return "id" not in words and not ENGAGED.isdisjoint(words)


def _outcome(values: dict[str, dict[str, int]]) -> str | None:
    """Return the likeliest outcome: its name says so, best if its values sound won and lost as well."""
    found: list[tuple[bool, int, int, str]] = []
    for place, (name, counts) in enumerate(values.items()):
        ranks = [OUTCOME_WORDS.index(word) for word in words_of(name) if word in OUTCOME_WORDS]
        if ranks and len(counts) >= 2 and not has_phrase(name, HARMLESS):
            found.append((not sounds_won(counts), min(ranks), place, name))
    return min(found)[3] if found else None


def _mapping(counts: dict[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    understood = {UNDERSTOOD.get(value.strip().casefold()) for value in counts}
    if understood == {WON, LOST}:
        return (), ()
    return sounds_won(counts), sounds_lost(counts)


def sounds_won(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that sound like won, and not like lost.

    Examples
    --------
    >>> sounds_won(["A_APPROVED", "not signed", "open"])
    ('A_APPROVED',)
    """
    return tuple(text for text in texts if _sounds(text) is True)


def sounds_lost(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that sound like lost.

    Examples
    --------
    >>> sounds_lost(["Opportunity lost", "Kein Kunde", "customer", "open"])
    ('Opportunity lost', 'Kein Kunde')
    """
    return tuple(text for text in texts if _sounds(text) is False)


def _sounds(text: str) -> bool | None:
    """Tell won (true) from lost (false) by the whole text, or else by its words; None where it says nothing."""
    whole = meaning(text)
    if whole is not None:
        return whole
    words = words_of(text)
    said = {meaning(word) for word in words}
    return False if False in said or not DENIED.isdisjoint(words) else True if True in said else None


def _roles(
    columns: dict[str, tuple[pd.Series, ColumnReport]], aside: dict[str, SetAside], outcome: str | None
) -> dict[str, str]:
    roles = {"outcome": outcome} if outcome else {}
    free = {name: report.type for name, (_, report) in columns.items() if name != outcome}
    ids = [name for name in free if name in aside and aside[name].kind == "id"]
    named = [name for name in ids if "id" in words_of(name)]
    if ids:
        roles["id"] = (named or ids)[0]
    for role, sought in ROLE_PHRASES.items():
        fitting = [
            name for name, kind in free.items() if _fits(role, kind, aside.get(name)) and name not in roles.values()
        ]
        best = [name for phrase in sought for name in fitting if has_phrase(name, (phrase,))]
        if best:
            roles[role] = best[0]
    dates = [name for name, kind in free.items() if kind == "date" and name not in roles.values()]
    if dates and "created" not in roles:
        roles["created"] = dates[0]
    running = [name for name in ids if free[name] == "number" and name != roles.get("id")]
    order = roles.get("created") or (running[0] if running else None)
    return roles | ({"order": order} if order else {})


def _won_rows(frame: pd.DataFrame, outcome: str | None, won: tuple[str, ...]) -> NDArray[np.bool_] | None:
    """Tell which leads sound won, by the texts that do; None where no column says so."""
    if outcome is None:
        return None
    texts = frame[outcome].astype("str")
    found = texts.isin(won) if won else texts.str.strip().str.casefold().map(UNDERSTOOD) == WON
    return found.to_numpy(dtype=bool, na_value=False)


def _is_amount(values: pd.Series, kind: str) -> bool:
    return kind == "number" or (
        kind == "category" and look_like_amounts(pd.Series(values.dropna().unique(), dtype="str"))
    )


def _fits(role: str, kind: str, aside: SetAside | None) -> bool:
    if role in ("created", "closed"):
        return kind == "date"
    return kind in ("category", "number") and aside is None


def _placeholders(
    columns: dict[str, tuple[pd.Series, ColumnReport]], names: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sure: set[str] = set()
    unsure: set[str] = set()
    for name in names:
        values, report = columns[name]
        if report.type == "category":
            texts = [str(level) for level in values.dropna().unique()]
            sure |= {text for text in texts if sounds_missing(text)}
            unsure |= {f"{name}={text}" for text in texts if text.strip().casefold() in PERHAPS_MISSING}
            if report.hint == "number":
                odd = [text for _, text in report.odd if text not in sure | {HIDDEN}]
                digits = [text for text in odd if any(sign.isdigit() for sign in text)]  # 10+ says something
                sure |= {f"{name}={text}" for text in odd if text not in digits}
                unsure |= {f"{name}={text}" for text in digits}
        elif report.type == "number":
            unsure |= {f"{name}={value:g}" for value in _sentinels(values.to_numpy(np.float64))}
    return tuple(sorted(sure)), tuple(sorted(unsure))


def _sentinels(numbers: np.ndarray) -> list[float]:
    """Return numbers such as 999 that are common and lie far above (or, -1, below) all others."""
    found = []
    for value in SENTINELS:
        others = numbers[(numbers != value) & ~np.isnan(numbers)]
        beyond = len(others) and (others.min() >= 0 if value < 0 else others.max() < value / 2)
        if beyond and np.mean(numbers == value) >= SENTINEL_SHARE:
            found.append(value)
    return found
