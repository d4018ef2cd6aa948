"""The words of a job title, as typed into a form: spellings brought to one, separators kept."""

from __future__ import annotations

import pandas as pd

from leadml.history.profile.folding import fold

BREAK = ","  # between two parts of a title
JOIN = "&"  # between two things of one part

PLAIN = "[a-z0-9 ]*"
# Each in turn, for titles with more than letters, digits and spaces. What has been folded has no accents, no capitals.
SPELLINGS = (
    # both genders at once: (m/w/d), H/F, Leiter/in, Chargé(e), Geschäftsführer:in, directeur·rice, salarié.e
    (r"\([a-z*](?: ?[/|,] ?[a-z*]+)+\)|\ball genders\b|\b[mwfdhx](?: ?[/|] ?[mwfdhxa]){1,3}\b", " "),
    (r"\b([a-z])\. ?([a-z])\. ?([a-z])\b\.?", r"\1\2\3 "),
    (r"\b([a-z])\.([a-z])\b\.?", r"\1\2 "),
    (r"\((?:e|es|in|innen|ne|trice|rice|euse|se|a|ka)\)|/-?(?:in|innen|e|ne|rice|trice|euse|a|ka)\b", ""),
    ("([a-z])[:*_\u00b7\u2022](?:innen|in|e|es|ne|rice|trice|euse|a|ka)\\b", r"\1"),
    (r"([a-z]{3})\.(?:e|es|ne|rice|trice)\b", r"\1"),
    # research and development and the like, which are one word
    (r"\b(?:r ?[&+] ?d|i ?\+ ?d(?: ?\+ ?i)?|b ?\+ ?r|f ?[&+] ?e)\b", "rd"),
    (r"\bm ?[&+] ?a\b", "m a"),
    (r"\bp ?[&+] ?o\b", "p o"),
    ("[,;|()\\[\\]{}@]| [\u002d\u2010-\u2015]+ ", f" {BREAK} "),
    (r"[&+/]", f" {JOIN} "),
    (r"[^a-z0-9,&]+", " "),
)


def words_of_titles(titles: pd.Series) -> pd.Series:
    """Split titles into words.

    Parameters
    ----------
    titles : Series of str
        No value missing.

    Returns
    -------
    Series of str
        Words with one space between them; ``,`` and ``&`` are words of their own.

    Examples
    --------
    >>> words_of_titles(pd.Series(["C.E.O. & Co-Founder", "Leiter/in F&E (m/w/d), DACH"], dtype="str")).tolist()
    ['ceo & co founder', 'leiter rd , dach']
    """
    texts = fold(titles)
    more = ~texts.str.fullmatch(PLAIN)
    spelled = texts[more]
    for pattern, plain in SPELLINGS:
        spelled = spelled.str.replace(pattern, plain, regex=True)
    return _without_pairs(texts.mask(more, spelled.str.strip()))


def phrases_of(listed: str) -> list[tuple[str, ...]]:
    """Return the phrases of a lexicon entry, spelled as the words of titles are.

    Examples
    --------
    >>> phrases_of("*Führer, chief ... officer")
    [('*fuhrer',), ('chief', '...', 'officer')]
    """
    folded = _without_pairs(fold(pd.Series(listed.split(","), dtype="str")))
    return [tuple(phrase.split()) for phrase in folded if phrase]


def _without_pairs(texts: pd.Series) -> pd.Series:
    """Make ``ae``, ``oe`` and ``ue`` one letter: people write ä that way."""
    plain = texts
    for pair in ("ae", "oe", "ue"):
        plain = plain.str.replace(pair, pair[0], regex=False)
    return plain
