"""What people type into a form to get past it: it fills a field without answering."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.history.profile.folding import fold

# Answers that are none. "None", "no" and "0" are answers; "NA" is Namibia.
NO_ANSWERS = """
test | tests | testing | tester | teste | test test | testtest | dummy | sample | example | foo | foobar | lorem |
lorem ipsum | abc | abcd | abcde | abcdef | abc abc | xyz | xy | xx | yy | zz | bla | blah | bla bla | blabla |
blah blah | asd | asdf | qwe | qwer | yxc | zxc | wtf | lol | hi | hello | hallo | whatever | unknown | not known |
i don't know | i dont know | don't know | dont know | no idea | idk | unsure | not sure | not specified |
not provided | not applicable | not available | no answer | undefined | null | nan | n/a | #n/a | n.a. | n/v | tbd |
tba | to be defined | to be determined | select | please select | select one | choose | please choose | (blank) |
blank | unbekannt | weiss nicht | weiss ich nicht | keine ahnung | keine angabe | keine angaben | ohne angabe | k.a. |
k. a. | k.a | bitte wahlen | bitte auswahlen | egal | inconnu | inconnue | je ne sais pas | ne sais pas |
non renseigne | non precise | choisir | veuillez choisir | desconocido | desconocida | no se | no lo se |
sin especificar | seleccionar | seleccione | onbekend | weet niet | weet ik niet | geen idee | n.v.t. | nvt |
maak een keuze | nieznany | nieznane | nie wiem | brak danych | nie dotyczy | wybierz | sconosciuto | non so |
desconhecido | nao sei
"""
KEYBOARD_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
)  # fmt: skip
DIGITS = "01234567890123456789"
SHORTEST_RUN = 4
NO_SIGN = r"[\W_]*"
LONGEST = 60  # characters
ONE_LETTER = "|".join(f"{letter}{{3,}}" for letter in "abcdefghijklmnopqrstuvwxyz")
ONE_DIGIT = "|".join(f"{digit}{{6,}}" for digit in "0123456789")
MASHED = "[sdfghjkl]{5,}"  # the middle row of a keyboard without its vowel


def is_nonsense(texts: pd.Series) -> NDArray[np.bool_]:
    """Tell which texts answer nothing. What counts is the whole text: ``Test AG`` is a company.

    A text of at most 60 characters is nonsense if, without case and accents, it

    - has no letter and no digit (``-``, ``???``), or stands in `NO_ANSWERS` (``test``, ``n/a``, ``unknown``);
    - is one letter three times or more, or one digit six times or more, spaces left out (``xxx``, ``000000``);
    - is a run of four keys or more that stand side by side, either way (``asdf``, ``poiuz``), also several times
      (``asdfasdf``), or of six digits or more that follow one another (``123456``);
    - is one of these or one of `NO_ANSWERS`, followed by one to four digits (``test123``, ``asdf1``);
    - is a piece of two to four letters three times or more (``lalala``), or three keys side by side twice or more
      (``asdasd``);
    - is five letters or more of ``sdfghjkl`` and no others (``sdfgsdg``).

    Parameters
    ----------
    texts : Series of str
        No value missing.

    Returns
    -------
    bool array

    Examples
    --------
    >>> texts = ["asdf", "XXX", ".", "Test", "lalala", "123456", "none", "0", "12345", "Test AG", "Kafka", "NA"]
    >>> [text for text, bad in zip(texts, is_nonsense(pd.Series(texts, dtype="str"))) if not bad]
    ['none', '0', '12345', 'Test AG', 'Kafka', 'NA']
    """
    short = texts.str.len() <= LONGEST
    found = np.zeros(len(texts), dtype=bool)
    found[short.to_numpy(dtype=bool)] = _short_nonsense(fold(texts[short]))
    return found


def _short_nonsense(folded: pd.Series) -> NDArray[np.bool_]:
    signless = folded.str.replace(" ", "", regex=False)
    stem = signless.str.replace("^([a-z]{2,})[0-9]{1,4}$", r"\1", regex=True)
    listed = frozenset(text.strip() for text in NO_ANSWERS.split("|"))
    found = (
        folded.isin(listed)
        | stem.isin(listed)
        | _without_sign(folded)
        | signless.str.fullmatch(f"{ONE_LETTER}|{ONE_DIGIT}|{MASHED}")
        | _once(stem).isin(runs(SHORTEST_RUN))
        | signless.isin(digit_runs())
        | _repeated(signless)
    )
    return np.asarray(found, dtype=bool)


def _without_sign(texts: pd.Series) -> pd.Series:
    """Tell which texts have no letter and no digit of any script."""
    perhaps = ~texts.str.contains("[a-z0-9]", regex=True)
    return perhaps.mask(perhaps, texts[perhaps].str.fullmatch(NO_SIGN))


def runs(shortest: int) -> frozenset[str]:
    """Return keys that stand side by side on a keyboard, either way.

    Examples
    --------
    >>> sorted(run for run in runs(9) if run.startswith("az"))
    ['azertyuio', 'azertyuiop']
    """
    rows = [*KEYBOARD_ROWS, *(row[::-1] for row in KEYBOARD_ROWS)]
    return frozenset(
        row[start:end] for row in rows for start in range(len(row)) for end in range(start + shortest, len(row) + 1)
    )


def digit_runs() -> frozenset[str]:
    """Return six digits or more that follow one another, either way."""
    lengths = range(6, len(DIGITS) + 1)
    up = {DIGITS[start : start + n] for n in lengths for start in range(len(DIGITS) - n + 1)}
    return frozenset(up | {run[::-1] for run in up})


def _once(texts: pd.Series) -> pd.Series:
    """Return what a text repeats, as often as it likes; texts that repeat nothing as they are."""
    return texts.map(lambda text: text[: (text + text).find(text, 1)] if text else text)


def _repeated(texts: pd.Series) -> pd.Series:
    once = _once(texts)
    times = texts.str.len() // once.str.len().where(once.str.len() > 0, 1)
    pieces = once.str.fullmatch("[a-z]{2,4}") & (times >= 3)
    return pieces | (once.isin(runs(3)) & (once.str.len() == 3) & (times >= 2))
