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
    "to of for from der des den dem die das the du de del la le les l d los las el van het von vom zur zum fur pour para "
    "dla our my".split()
)


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
class Lexicon:
    """Phrases by their first word.

    Parameters
    ----------
    phrases : mapping of str to tuple of (words, letters, meaning)
        First word to the phrases that begin with it; `letters` counts those that are spelled out.
    words : frozenset of str
        Every word of every phrase, with its ``*``.
    """

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], int, str], ...]]
    words: frozenset[str]

    def patterns(self, word: str) -> frozenset[str]:
        """Return the words of phrases that a word of a title fits.

        Examples
        --------
        >>> sorted(lexicon_of([{"Director": "*leiter, leiter*"}]).patterns("leiter"))
        ['*leiter', 'leiter*']
        """
        word = word[:LONGEST_WORD]
        ends = range(1, len(word) + 1)
        fits = {word}
        fits.update(word[:k] + "*" for k in ends)
        fits.update("*" + word[k - 1 :] for k in ends)
        fits.update(f"*{word[start:end]}*" for start in range(len(word)) for end in range(start + 1, len(word) + 1))
        return self.words & fits

    def find(self, words: Sequence[frozenset[str]], texts: Sequence[str]) -> list[Found]:
        """Find phrases from left to right, none inside another.

        Parameters
        ----------
        words : sequence of frozenset
            For each word of a title its `patterns`.
        texts : sequence of str
            The words themselves.
        """
        found, at = [], 0
        while at < len(words):
            best, reach = (0, 0, ""), at + 1
            for pattern in words[at] & self.phrases.keys():
                for phrase, letters, meaning in self.phrases[pattern]:
                    rank = (sum(part != GAP for part in phrase), letters, meaning)
                    if rank > best and (end := _end(phrase, at, words, texts)):
                        best, reach = rank, end
            if best[2]:
                found.append(Found(at, reach, best[2]))
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
    phrases: dict[str, dict[tuple[str, ...], tuple[tuple[str, ...], int, str]]] = {}
    for language in languages:
        for meaning, listed in language.items():
            for phrase in phrases_of(listed):
                letters = sum(len(word.replace("*", "")) for word in phrase if word != GAP)
                phrases.setdefault(phrase[0], {})[phrase] = (phrase, letters, meaning)
    words = frozenset(word for by_phrase in phrases.values() for phrase in by_phrase for word in phrase)
    return Lexicon({first: tuple(by_phrase.values()) for first, by_phrase in phrases.items()}, words)


def _end(phrase: tuple[str, ...], at: int, words: Sequence[frozenset[str]], texts: Sequence[str]) -> int:
    """Return where a phrase ends that begins at a word; 0 if it does not stand there."""
    place = at + 1
    for k, part in enumerate(phrase[1:], start=1):
        if part == GAP:
            for skipped in range(WIDEST_GAP + 1):
                between = texts[place : place + skipped]
                if place + skipped >= len(words) or BREAK in between or not OF.isdisjoint(between):
                    return 0
                if phrase[k + 1] in words[place + skipped]:
                    place += skipped
                    break
            else:
                return 0
        elif place < len(words) and part in words[place]:
            place += 1
        else:
            return 0
    return place
