"""Job titles read: how senior somebody is, and in which function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from leadml.history.profile.lexicon import dutch, english, french, german, polish, spanish
from leadml.history.profile.lexicon.lexicon import OF, Found, Lexicon, find, lexicon_of
from leadml.history.profile.words import BREAK, JOIN, phrases_of, words_of_titles

LEVELS = ("Junior", "Specialist", "Manager", "Director", "C-level")  # the most senior last
FUNCTIONS = (
    "Management", "Sales", "Marketing", "Purchasing", "Finance", "HR", "IT", "Operations", "Engineering", "Product",
    "Customer service", "Legal", "Administration",
)  # fmt: skip
SUPPORT, SILENT, GONE, ALONE = "support", "silent", "gone", "alone"
# "IT Procurement Manager" buys, "Sales Operations" sells: these give way to any other function beside them
GIVES_WAY = frozenset({"IT", "Operations", "Engineering", "Product", "Administration", "Management"})
JOINS = frozenset((JOIN, "and", "und", "et", "y", "e", "en", "i", "oraz", "sowie", "or", "oder", "ou", "o"))
BREAKS = frozenset((BREAK, "at", "bei", "chez"))  # the employer stands after the latter
LANGUAGES = (english, german, french, spanish, dutch, polish)


@dataclass(frozen=True)
class Part:
    """One part of a title, between commas.

    Parameters
    ----------
    start, end : int
        Its words.
    level : str or None
        Its seniority.
    boss : int
        From this word on it is about somebody's boss.
    supports : bool
        Whether it is about somebody who works for somebody.
    """

    start: int
    end: int
    level: str | None
    boss: int
    supports: bool


@dataclass(frozen=True)
class Reader:
    """Lexicons for reading titles; `titles_reader` makes one."""

    seniority: Lexicon
    function: Lexicon
    alone: frozenset[tuple[str, ...]]

    def read(self, titles: pd.Series) -> pd.DataFrame:
        """Read titles.

        Parameters
        ----------
        titles : Series of str
            Different titles, none missing.

        Returns
        -------
        DataFrame
            `seniority` and `job_function`, missing where a title says none; the index of `titles`.

        Examples
        --------
        >>> titles = pd.Series(["Vertriebsleiterin", "Assistant to the CEO"], dtype="str")
        >>> titles_reader().read(titles).to_numpy().tolist()
        [['Director', 'Sales'], ['Junior', 'Administration']]
        """
        codes, different = pd.factorize(words_of_titles(titles))
        split = [text.split(" ") for text in different]
        vocabulary = {word for words in split for word in words}
        levels = {word: self.seniority.know(word) for word in vocabulary}
        functions = {word: self.function.know(word) for word in vocabulary}
        read = [
            ("C-level", "Management")
            if tuple(words) in self.alone
            else _read(
                words, find([levels[word] for word in words], words), find([functions[word] for word in words], words)
            )
            for words in split
        ]
        columns = {
            name: pd.Series(np.array([row[k] for row in read], dtype=object)[codes], index=titles.index, dtype="str")
            for k, name in enumerate(("seniority", "job_function"))
        }
        return pd.DataFrame(columns, index=titles.index)


def titles_reader() -> Reader:
    """Return a reader for titles in six languages."""
    return Reader(
        lexicon_of([{m: p for m, p in language.SENIORITY.items() if m != ALONE} for language in LANGUAGES]),
        lexicon_of([language.FUNCTION for language in LANGUAGES]),
        frozenset(
            phrase
            for phrases in phrases_of(language.SENIORITY.get(ALONE, "") for language in LANGUAGES)
            for phrase in phrases
        ),
    )


def _read(words: Sequence[str], levels: Sequence[Found], functions: Sequence[Found]) -> tuple[str | None, str | None]:
    parts = _parts(words, levels)
    if not parts:
        return None, None
    assists = parts[0].supports
    best = parts[0] if assists else max(parts, key=lambda part: _rank(part.level))
    function = _function(words, best, parts, functions, levels)
    if function is None and best.supports:
        function = "Administration"
    if function is None and best.level == "C-level":
        function = "Management"
    return best.level, function


def _rank(level: str | None) -> int:
    return -1 if level is None else LEVELS.index(level)


def _parts(words: Sequence[str], levels: Sequence[Found]) -> list[Part]:
    """Return the parts of a title that are about a job somebody has."""
    bounds = [-1, *(k for k, word in enumerate(words) if word in BREAKS), len(words)]
    parts = []
    for before, end in pairwise(bounds):
        inside = [found for found in levels if before < found.start < end]
        if before + 1 < end and all(found.meaning != GONE for found in inside):
            parts.append(_part(words, before + 1, end, [f for f in inside if f.meaning != SILENT]))
    return parts


def _part(words: Sequence[str], start: int, end: int, levels: Sequence[Found]) -> Part:
    own = [found for k, found in enumerate(levels) if k == 0 or not _depends(words, found)]
    named = {found.meaning for found in own}
    support = next((found for found in own if found.meaning == SUPPORT), None)
    boss = end
    if support is not None:
        above = (f.start for f in levels if f.start > support.start and f.meaning in LEVELS[2:])
        boss = min(above, default=end)
    if support is not None or "Junior" in named:
        return Part(start, end, "Junior", boss, support is not None)
    return Part(start, end, max(named, key=_rank, default=None), boss, False)


def _depends(words: Sequence[str], found: Found) -> bool:
    """Tell whether a word such as "of" or "to the" stands before a phrase."""
    return found.start > 0 and words[found.start - 1] in OF


def _function(
    words: Sequence[str],
    best: Part,
    parts: Sequence[Part],
    functions: Sequence[Found],
    levels: Sequence[Found],
) -> str | None:
    """Return the function of the best part; where it has none, of the first other part without a level."""
    for part in (best, *(p for p in parts if p is not best and p.level is None)):
        inside = [f for f in functions if part.start <= f.start < part.boss and f.meaning != SILENT]
        for group in _groups(words, part, inside, levels):
            return _strongest(group, levels)
    return None


def _groups(words: Sequence[str], part: Part, functions: Sequence[Found], levels: Sequence[Found]) -> list[list[Found]]:
    """Return functions by what stands between two "and", leaving out groups without any.

    An owner or chief executive who is head of sales as well is management.
    """
    bounds = [part.start - 1, *(k for k in range(part.start, part.end) if words[k] in JOINS), part.end]
    groups = []
    for before, end in pairwise(bounds):
        ranks = {f.meaning for f in levels if before < f.start < end}
        if part.level == "C-level" and ranks and "C-level" not in ranks:
            continue
        groups.append([f for f in functions if before < f.start < end])
    return [group for group in groups if group]


def _strongest(functions: Sequence[Found], levels: Sequence[Found]) -> str:
    """Return the function that counts: a profession first, "IT" and its like last, else the first."""

    def weakness(found: Found) -> tuple[bool, bool, int]:
        gives_way = found.meaning in GIVES_WAY
        profession = any(found.start < level.end and level.start < found.end for level in levels)
        return gives_way, not gives_way and not profession, found.start

    return min(functions, key=weakness).meaning
