"""Phrases and what they mean, found in the words of a title; the longest phrase wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadml.history.profile.words import BREAK, phrases_of

GAP = "..."
WIDEST_GAP = 4
LONGEST_WORD = 40
# after these comes whom somebody works for, or what for
OF = frozenset(
    ("to", "of", "for", "from", "the", "our", "my", "der", "des", "den", "dem", "die", "das", "von", "vom",
     "zur", "zum", "fur", "du", "de", "la", "le", "les", "l", "d", "pour", "del", "los", "las", "el", "para",
     "van", "het", "voor", "dla")
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A phrase found in a title.

    Parameters
    ----------
    start, end : int
        Its words: from `start` up to, and without, `end`.
    meaning : str
        What it means.
    """

    start: int
    end: int
    meaning: str


@dataclass(frozen=True)
class Phrase:
    """A phrase and what it means.

    Parameters
    ----------
    words : tuple of str
        Words with ``*`` for any letters, or `GAP`.
    letters : int
        How many letters it spells out.
    meaning : str
    """

    words: tuple[str, ...]
    letters: int
    meaning: str

    @property
    def rank(self) -> tuple[int, int, str]:
        """What the longest phrase has most of: words, then letters."""
        return sum(word != GAP for word in self.words), self.letters, self.meaning


@dataclass(frozen=True)
class Known:
    """What a lexicon has on one word of a title.

    Parameters
    ----------
    fits : frozenset of str
        Words of phrases that it fits.
    begins : tuple of Phrase
        Phrases that it may begin, the longest first.
    """

    fits: frozenset[str]
    begins: tuple[Phrase, ...]


@dataclass(frozen=True)
class Lexicon:
    """Phrases by their first word.

    Parameters
    ----------
    phrases : mapping of str to tuple of Phrase
        First word to the phrases that begin with it.
    words : frozenset of str
        Every word of every phrase, with its ``*``.
    infixes : tuple of int
        Lengths of the words with ``*`` at both ends, without these.
    """

    phrases: Mapping[str, tuple[Phrase, ...]]
    words: frozenset[str]
    infixes: tuple[int, ...]

    def know(self, word: str) -> Known:
        """Look up a word of a title.

        Examples
        --------
        >>> known = lexicon_of([{"Director": "*leiter, leiter*"}]).know("leiterin")
        >>> sorted(known.fits), [phrase.meaning for phrase in known.begins]
        (['leiter*'], ['Director'])
        """
        short = word[:LONGEST_WORD]
        ends = range(1, len(short) + 1)
        like = {short, *(short[:k] + "*" for k in ends), *("*" + short[k - 1 :] for k in ends)}
        for size in self.infixes:
            like.update(f"*{short[k : k + size]}*" for k in range(len(short) - size + 1))
        fits = self.words & like
        begins = [phrase for first in fits for phrase in self.phrases.get(first, ())]
        return Known(fits, tuple(sorted(begins, key=lambda phrase: (phrase.rank, phrase.words), reverse=True)))


def find(words: Sequence[Known], texts: Sequence[str]) -> list[Found]:
    """Find the phrases of a title from left to right, none inside another.

    Parameters
    ----------
    words : sequence of Known
        What the lexicon has on each word.
    texts : sequence of str
        The words themselves.
    """
    found, at = [], 0
    while at < len(words):
        reach = at + 1
        for phrase in words[at].begins:
            if end := _end(phrase.words, at, words, texts):
                found.append(Found(at, end, phrase.meaning))
                reach = end
                break
        at = reach
    return found


def lexicon_of(languages: Iterable[Mapping[str, str]]) -> Lexicon:
    """Put the lexicons of several languages together.

    Parameters
    ----------
    languages : iterable of mappings
        Meaning to phrases, as the files of this folder have them.

    Returns
    -------
    Lexicon
    """
    phrases: dict[str, dict[tuple[str, ...], Phrase]] = {}
    for language in languages:
        for meaning, listed in language.items():
            for words in phrases_of(listed):
                letters = sum(len(word.replace("*", "")) for word in words if word != GAP)
                phrases.setdefault(words[0], {})[words] = Phrase(words, letters, meaning)
    every = frozenset(word for by_words in phrases.values() for words in by_words for word in words)
    infixes = {len(word) - 2 for word in every if word.startswith("*") and word.endswith("*")}
    return Lexicon(
        {first: tuple(by_words.values()) for first, by_words in phrases.items()}, every, tuple(sorted(infixes))
    )


def _end(phrase: tuple[str, ...], at: int, words: Sequence[Known], texts: Sequence[str]) -> int:
    """Return where a phrase ends that begins at a word; 0 if it does not stand there."""
    place = at + 1
    for k, part in enumerate(phrase[1:], start=1):
        if part == GAP:
            for skipped in range(WIDEST_GAP + 1):
                between = texts[place : place + skipped]
                if place + skipped >= len(words) or BREAK in between or not OF.isdisjoint(between):
                    return 0
                if phrase[k + 1] in words[place + skipped].fits:
                    place += skipped
                    break
            else:
                return 0
        elif place < len(words) and part in words[place].fits:
            place += 1
        else:
            return 0
    return place
