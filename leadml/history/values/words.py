"""The words in a column's name."""

from __future__ import annotations

import re


def words_of(name: str) -> tuple[str, ...]:
    """Split a name into words: at what is no letter or digit, and where small letters meet a capital.

    Examples
    --------
    >>> words_of("Last Notable_Activity"), words_of("wonDate"), words_of("MQLScore"), words_of("estate")
    (('last', 'notable', 'activity'), ('won', 'date'), ('mql', 'score'), ('estate',))
    """
    spaced = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-zäöüß])", " ", name)
    return tuple(word.lower() for word in re.split(r"[\W_]+", spaced) if word)


def phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    """Return phrases as tuples of words.

    Examples
    --------
    >>> phrases("first name, surname")
    (('first', 'name'), ('surname',))
    """
    return tuple(tuple(phrase.split()) for phrase in listed.split(","))


def has_phrase(name: str, sought: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether one of the phrases stands in a name, word by word.

    Examples
    --------
    >>> [has_phrase(name, (("first", "name"),)) for name in ("contact_first_name", "first company name")]
    [True, False]
    """
    words = words_of(name)
    return any(words[k : k + len(phrase)] == phrase for phrase in sought for k in range(len(words)))


def listed(texts: str) -> frozenset[str]:
    """Return the texts between the bars.

    Examples
    --------
    >>> sorted(listed("n/a | not known"))
    ['n/a', 'not known']
    """
    return frozenset(text.strip() for text in texts.split("|"))
