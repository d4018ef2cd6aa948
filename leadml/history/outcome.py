"""Won, lost or undecided: how the values of the outcome column are understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.values.columns import is_number
from leadml.history.values.texts import as_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

WON, LOST, UNDECIDED = 1, 0, -1
UNDERSTOOD = {
    "1": WON, "true": WON, "yes": WON, "won": WON,
    "0": LOST, "false": LOST, "no": LOST, "lost": LOST,
}  # fmt: skip
LEAST = 40


@dataclass(frozen=True)
class OutcomeCounts:
    """How many leads were won and lost, and how many are undecided and so left out."""

    won: int
    lost: int
    undecided: int


def read_outcomes(
    column: str, values: pd.Series, won: Any = (), lost: Any = (), missing: Iterable[str] = ()
) -> NDArray[np.int8]:
    """Understand the values of an outcome column.

    Parameters
    ----------
    column : str
        Its name.
    values : Series
        One value per lead.
    won, lost : value or sequence of values
        Values that mean won and lost. Only `won`: all others are lost. Both: the rest is undecided. Neither:
        0/1, true/false, yes/no and won/lost are understood in any case.
    missing : iterable of str
        Placeholders; like blanks they are always undecided.

    Returns
    -------
    ndarray of int8, shape (n_leads,)
        1 won, 0 lost, -1 undecided.

    Raises
    ------
    DataError
        Listing the values that are not understood.
    UsageError
        If a value given as won or lost does not occur, or is given as both.

    Examples
    --------
    >>> read_outcomes("status", pd.Series(["Won", "LOST", ""])).tolist()
    [1, 0, -1]
    >>> read_outcomes("status", pd.Series(["signed", "open", "declined"]), "signed", ["declined"]).tolist()
    [1, -1, 0]
    """
    place, levels = pd.factorize(values)
    blank = {_key(text) for text in missing} | {""}
    texts = ["" if (text := as_text(level)) is None else text for level in levels]
    keys = ["" if (key := _key(text)) in blank else key for text in texts]
    if _several(won) or _several(lost):
        codes = _mapped(column, keys, texts, _several(won), _several(lost))
    else:
        codes = [UNDECIDED if not key else UNDERSTOOD.get(key.strip().casefold()) for key in keys]
        if None in codes:
            counts = np.bincount(place[place >= 0], minlength=len(levels))
            unknown = {texts[k]: int(counts[k]) for k, code in enumerate(codes) if code is None}
            raise wording.outcomes_not_understood(column, unknown)
    # a missing value has place -1, so it takes the last code
    return np.asarray([*codes, UNDECIDED], dtype=np.int8)[place]


def check_enough(column: str, counts: OutcomeCounts) -> None:
    """Raise a DataError unless there are at least 40 won and 40 lost leads."""
    if min(counts.won, counts.lost) < LEAST:
        raise wording.too_few_decided(column, counts.won, counts.lost, counts.undecided, LEAST)


def _mapped(column: str, keys: list[str], texts: list[str], won: list[str], lost: list[str]) -> list[int | None]:
    if not won:
        raise wording.lost_without_won()
    if both := sorted(set(won) & set(lost)):
        raise wording.won_and_lost(both[0])
    for value in (*won, *lost):
        if value not in keys:
            raise wording.unknown_outcome(value, column, sorted(set(texts) - {""}))
    rest = UNDECIDED if lost else LOST
    return [UNDECIDED if not k else WON if k in won else LOST if k in lost else rest for k in keys]


def _several(given: Any) -> list[str]:
    values = [given] if given is None or isinstance(given, str) or np.isscalar(given) else list(given)
    return [_key(text) for value in values if value is not None and (text := as_text(value)) is not None]


def _key(text: str) -> str:
    """Return what is compared: text by its code points, numbers by value (1, 1.0 and 1.00 are the same)."""
    stripped = text.strip()
    if is_number(stripped):
        return as_text(float(stripped)) or ""
    return text if stripped else ""
