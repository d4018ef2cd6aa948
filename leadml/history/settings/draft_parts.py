"""The sections of a drafted configuration that are about events, scoring moments and profiles."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from leadml.history.profile.emails import domains_of
from leadml.history.settings.guesses import LEAD_WORDS, Look, levels
from leadml.history.settings.sent_types import sounds_reaction, sounds_sent
from leadml.history.sources.readers import Table
from leadml.history.sources.wording import PLACEHOLDER
from leadml.history.values.columns import typed
from leadml.history.values.words import words_of
from leadml.points.dates import mixed_offsets
from leadml.points.plain_numbers import are_texts

if TYPE_CHECKING:
    import pandas as pd

DECIDE = "# DECIDE:"
LOOKED_AT, MOST = 1000, 0.5  # values that tell whether a column holds addresses, and the share that must be
TYPES_LOOKED_AT = 200
EVENT_TIMES = ("occurred", "time", "timestamp", "at", "zeit", "zeitpunkt", "zeitstempel", "datum", "date", "uhrzeit")
EVENT_TYPES = ("type", "event", "action", "activity", "typ", "ereignistyp", "ereignisart", "ereignis", "aktion",
               "aktivität", "art", "vorgang")  # fmt: skip
PROFILE = {
    "email": ("email", "mail", "domain"),
    "title": ("title", "jobtitel", "titel", "position", "role", "job"),
    "country": ("country", "land", "pays", "pais", "kraj"),
    "source": ("source", "quelle", "herkunft", "utm", "channel", "origin"),
    "budget": ("budget",),
    "timing": ("timeline", "timing", "timeframe"),
}


def quoted(text: str) -> str:
    r"""Write a text as TOML takes it, whatever is in it.

    Examples
    --------
    >>> print(quoted('5" "screen'), quoted("a\nb"))
    "5\" \"screen" "a\nb"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True)
class EventColumns:
    """Which columns of a table of events say whose event it is, when, and what; None where nothing tells."""

    lead: str | None
    at: str | None
    type: str | None


def event_columns(table: Table, lead: str | None) -> EventColumns:
    """Find the columns of events; `lead` is what the leads call their id."""
    types = {name: typed(name, table.frame[name], table.untyped(name), frozenset())[1].type for name in table.columns}

    def first(kind: str, words: Collection[str], taken: Collection[str | None]) -> str | None:
        fitting = [name for name in table.columns if types[name] == kind and name not in taken]
        named = [name for word in words for name in fitting if word in words_of(name)]
        return next(iter(named or fitting), None)

    at = first("date", EVENT_TIMES, ())
    alike = (name for name in table.columns if lead is not None and words_of(name) == words_of(lead))
    named = (name for name in table.columns if "id" in words_of(name))
    sounding = (name for name in table.columns if name != at and not LEAD_WORDS.isdisjoint(words_of(name)))
    whose = lead if lead in types else next(chain(alike, named, sounding), None)
    return EventColumns(whose, at, first("category", EVENT_TYPES, (whose, at)))


def events_part(table: Table, columns: EventColumns, path: str) -> str:
    """Draft ``[events]``: which columns say whose event it is, when, and what."""
    found = {"lead": columns.lead, "at": columns.at, "type": columns.type}
    lines = ["[events]", f"{DECIDE} are these the right columns?", f"source = {quoted(path)}"]
    lines += [f"{key} = {quoted(PLACEHOLDER if name is None else name)}" for key, name in found.items()]
    for key, words, gives in (
        ("topic", ("topic", "subject", "product"), "counts per topic as well"),
        ("amount", ("amount", "minutes", "seconds"), "sums of it as well"),
    ):
        if name := _named(table.columns, words, [n for n in found.values() if n is not None]):
            lines.append(f"# {key} = {quoted(name)}   # {gives}")
    kinds = [] if columns.type is None else list(levels(table.frame[columns.type], TYPES_LOOKED_AT))
    return "\n".join([*lines, "windows_days = [7, 30, 90]", *_sent(kinds)]) + "\n"


def _sent(types: Sequence[str]) -> list[str]:
    """Ask what to make of types that sound like something that the seller did; days with them count as active."""
    ours, answers = sounds_sent(types), sounds_reaction(types)
    if not ours:
        return []
    named = ", ".join(map(quoted, ours))
    lines = [
        f"{DECIDE} what you did, and not the lead? active_days and surge count it as well: {named}",
        f"# ignore = [{named}]   # counts nowhere; or, to count those without a reaction since then:",
        f"# sent = [{named}]",
    ]
    return [*lines, f"# reactions = [{', '.join(map(quoted, answers))}]"] if answers else lines


def scoring_part(look: Look, goal: Sequence[str] = ()) -> str:
    """Draft ``[scoring]``: when a lead's score is needed, within how many days it must be won, and what a win is."""
    lines = ["[scoring]", f"{DECIDE} when is a lead's score needed? Nothing at or after that moment is looked at"]
    if "created" in look.roles:
        lines.append('as_of = "created + 14 days"')
    else:
        lines.append('as_of = "…"   # a column with that moment, or name created under [leads]')
    lines += [
        f"{DECIDE} within how many days of that moment must a lead be won? Left out, it is estimated from past wins",
        "# window_days = 90",
        *goal,
    ]
    return "\n".join(lines) + "\n"


def times_part(table: Table, column: str | None) -> list[str]:
    """Draft ``[times]`` where some of the times when leads came name their offset from UTC, and others do not."""
    read = None if column is None else table.frame[column]
    if read is None or not are_texts(read) or (mixed := mixed_offsets(read)) is None:
        return []
    one, other = (quoted(text) for _, text in mixed)
    asked = f"{DECIDE} {quoted(str(column))} has times with an offset, {one}, and without, {other}: of which zone?"
    return [f'[times]\n{asked}\nzone = "{PLACEHOLDER}"   # such as "Europe/Vienna"\n']


def profile_part(table: Table, look: Look) -> list[str]:
    """Draft ``[profile]`` where columns sound like an e-mail address, a job title, a country …; else nothing.

    A column that sounds like an e-mail address must hold addresses or their domains, too.
    """
    taken = set(look.roles.values())
    no_mail = {name for name in table.columns if not _holds_domains(table.frame[name])}
    unfit = {"email": taken | no_mail}
    found = {k: name for k, words in PROFILE.items() if (name := _named(table.columns, words, unfit.get(k, taken)))}
    if not found:
        return []
    lines = ["[profile]", f"{DECIDE} are these the right columns? Features are made of them"]
    lines += [f"{key} = {quoted(name)}" for key, name in found.items()]
    if "email" in found:
        lines.append('# own = ["…"]            # your own mail domains; competitors = ["…"] theirs')
    if "country" in found:
        lines.append('# service_area = ["DE", "AT"]')
    return ["\n".join(lines) + "\n"]


def _holds_domains(values: pd.Series) -> bool:
    """Tell whether values are mostly e-mail addresses, or the domains of some: a name alone may say "mail kind"."""
    texts = values.dropna().astype("str")
    texts = texts[texts.str.strip() != ""].head(LOOKED_AT)
    return bool(len(texts)) and float(domains_of(texts).notna().mean()) >= MOST


def _named(columns: Collection[str], words: Collection[str], taken: Collection[str]) -> str | None:
    return next((n for word in words for n in columns if word in words_of(n) and n not in taken), None)
