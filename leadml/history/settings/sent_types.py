"""Types of events that sound like something that the seller did, so that a draft asks what to make of them."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.history.values.words import listed, words_of

SENT = listed(
    "sent | delivered | bounced | dispatched | outbound | gesendet | versendet | versandt | verschickt | zugestellt"
)
THEIRS = listed("form | formular | request | anfrage | inquiry | enquiry")  # a form is sent by the lead
REACTIONS = listed(
    "open | opened | click | clicked | reply | replied | answer | answered | geöffnet | geklickt | angeklickt | "
    "antwort | geantwortet | beantwortet"
)


def sounds_sent(types: Iterable[str]) -> tuple[str, ...]:
    """Return the types that sound like something that the seller did.

    Examples
    --------
    >>> sounds_sent(["Mail gesendet", "Mail geöffnet", "Formular gesendet", "email sent"])
    ('Mail gesendet', 'email sent')
    """
    return tuple(name for name in types if _has(name, SENT) and not _has(name, THEIRS))


def sounds_reaction(types: Iterable[str]) -> tuple[str, ...]:
    """Return the types that sound like an answer to it.

    Examples
    --------
    >>> sounds_reaction(["Mail gesendet", "Mail geöffnet", "page visit"])
    ('Mail geöffnet',)
    """
    return tuple(name for name in types if _has(name, REACTIONS) and not _has(name, SENT))


def _has(name: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(words_of(name))
