"""Outcomes as people write them: true and false, 1 and 0, and the words for won and lost of several languages."""

from __future__ import annotations

import re
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadml.errors import UsageError


def _texts(listed: str) -> frozenset[str]:
    return frozenset(text.strip() for text in listed.split("|"))


# as `_folded` writes them: small letters, one blank between words
WON = _texts(
    "1 | true | yes | y | won | closed won | win | converted | customer | sold | signed | bought | purchased | "
    "approved | accepted | successful | "
    "wahr | ja | j | gewonnen | konvertiert | kunde | verkauft | unterschrieben | gekauft | erfolgreich | "
    "vrai | oui | gagné | gagnée | converti | vendu | signé | "
    "verdadero | sí | si | ganado | ganada | convertido | vendido | firmado | vero | sì | vinto | vinta | venduto | "
    "waar | klant | verkocht | getekend | prawda | tak | wygrana | wygrany | wygrane | sprzedane | "
    "verdadeiro | sim | ganho | ganha"
)
LOST = _texts(
    "0 | false | no | n | lost | closed lost | loss | not won | not converted | no customer | not sold | declined | "
    "rejected | disqualified | unqualified | cancelled | canceled | dead | junk | failed | unsuccessful | "
    "falsch | nein | verloren | nicht gewonnen | nicht konvertiert | kein kunde | nicht verkauft | abgelehnt | "
    "abgesagt | storniert | erfolglos | faux | non | perdu | perdue | refusé | "
    "falso | perdido | perdida | rechazado | perso | persa | rifiutato | onwaar | nee | afgewezen | "
    "fałsz | nie | przegrana | przegrany | przegrane | odrzucony | não | recusado"
)


def meaning(value: Any) -> bool | None:
    """Say whether a value means won (True) or lost (False); None where it says nothing.

    Examples
    --------
    >>> [meaning(value) for value in (True, 0, 1.0, "Gewonnen", "closed_lost", "open", None)]
    [True, False, True, True, False, None, None]
    """
    if isinstance(value, (Real, np.bool_)):
        return bool(value) if value in (0, 1) else None
    if not isinstance(value, str):
        return None
    text = _folded(value)
    return True if text in WON else False if text in LOST else None


def outcomes(y: ArrayLike) -> NDArray[np.bool_]:
    """Return won (true) and lost (false) as a boolean array.

    Parameters
    ----------
    y : array_like, shape (leads,)
        True and false, 1 and 0, or words for won and lost, such as won and lost, yes and no, gewonnen and verloren.

    Raises
    ------
    UsageError
        If `y` is not one-dimensional or holds anything else.

    Examples
    --------
    >>> outcomes(["won", "lost"]).tolist(), outcomes([1, 0]).tolist(), outcomes(["Nein", "Ja"]).tolist()
    ([True, False], [True, False], [False, True])
    """
    array = np.asarray(y)
    if array.ndim != 1:
        raise UsageError.not_one_dimensional(name="outcomes", shape=array.shape)
    if array.dtype == np.bool_:
        return array
    if array.dtype.kind not in "iuf":
        return _of_values(array.tolist())
    won = np.equal(array, 1)
    other = array[~(won | np.equal(array, 0))]
    if len(other):
        raise UsageError.not_outcomes(other[0].item(), len(other))
    return np.asarray(won, dtype=np.bool_)


def greater_is_won(lesser: Any, greater: Any) -> bool | None:
    """Tell whether the greater one of two classes means won; None of texts that say nothing.

    Examples
    --------
    >>> greater_is_won(1, 2), greater_is_won("lost", "won"), greater_is_won("gewonnen", "verloren")
    (True, True, False)
    >>> greater_is_won("converted", "open"), greater_is_won("a", "b")
    (False, None)
    """
    if not (isinstance(lesser, str) and isinstance(greater, str)):
        return True
    low, high = meaning(lesser), meaning(greater)
    if low is high:
        return None
    return high is True or low is False


def _of_values(values: list[Any]) -> NDArray[np.bool_]:
    """Read what is no plain array of numbers: objects, texts."""
    known: dict[Any, bool | None] = {}
    for value in values:
        if value not in known:
            known[value] = meaning(value)
    read = [known[value] for value in values]
    if None in read:
        other = [value for value, won in zip(values, read, strict=True) if won is None]
        raise UsageError.not_outcomes(other[0], len(other))
    return np.array(read, dtype=np.bool_)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
