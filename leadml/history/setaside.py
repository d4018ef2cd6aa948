"""Columns that cannot be features, and why: identifiers, personal data, constants, dates, free text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from leadml.history.values.columns import MOSTLY, ColumnReport
from leadml.history.values.personal import DATE_LIKE, PERSON_NAMES, PHONES, fitting, personal
from leadml.history.values.words import has_phrase, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["role", "dropped", "empty", "constant", "date", "personal", "id", "text", "other"]

UNIQUE = 0.95
MONOTONE = 0.95
PERSONAL_SHARE = 0.05
MOST_LEVELS = 10_000
LONGEST_LEVEL = 10_000
LEADS_PER_UUID = 20
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
ID_WORDS = {"id", "number", "no", "nr", "num", "nummer", "key", "uuid", "guid"}


@dataclass(frozen=True)
class SetAside:
    """A column that is not a feature.

    Parameters
    ----------
    column : str
    reason : str
        Why, in words.
    kind : str
        The same as a word to sort by: role, dropped, empty, constant, date, personal, id, text, other.
    """

    column: str
    reason: str
    kind: Kind = "other"


def set_aside(values: pd.Series, report: ColumnReport, order: NDArray[np.generic] | None) -> SetAside | None:
    """Decide whether a typed column can be a feature.

    Parameters
    ----------
    values : Series
        The typed column, decided leads only.
    report : ColumnReport
        What typing found.
    order : ndarray or None
        The key that sorts the leads by time.

    Returns
    -------
    SetAside or None
        None where it can.

    Examples
    --------
    >>> numbers = pd.Series(range(100, 200), dtype="float64")
    >>> set_aside(numbers, ColumnReport("lead no", "number", 0), None).reason
    'a number of its own for every lead'
    >>> set_aside(numbers ** 2, ColumnReport("revenue", "number", 0), None) is None
    True
    """
    found = _why(values, report, order)
    return None if found is None else SetAside(report.name, found[1], found[0])


def _why(
    values: pd.Series, report: ColumnReport, order: NDArray[np.generic] | None
) -> tuple[Kind, str] | None:
    filled = values.dropna()
    if report.type == "other":
        return "other", "its values are neither text nor numbers nor dates"
    if filled.empty:
        return "empty", "it is empty for every lead"
    if report.type == "date":
        return "date", "a date says when, not what; name it as order or created to split by time"
    different = filled.nunique()
    if different == 1 and len(filled) == len(values):
        return "constant", "it is the same for every lead"
    if reason := _personal(report.name, filled, different):
        return "personal", f"personal data: {reason}"
    if report.type == "number":
        numbers = values.to_numpy(np.float64)
        running = is_id_number(report.name, numbers, different, order)
        return ("id", "a number of its own for every lead") if running else None
    return _unusable_text(filled, different) if report.type == "category" else None


def is_id_number(
    name: str, values: NDArray[np.float64], different: int, order: NDArray[np.generic] | None
) -> bool:
    """Tell a running number from a measure that happens to differ from lead to lead.

    A measure (revenue in cents, say) may be whole and unique. A running number also says so in its name, or
    fills its range without gaps, or grows with time.
    """
    there = ~np.isnan(values)
    filled = values[there]
    if different <= UNIQUE * len(filled) or np.any(filled != np.floor(filled)):
        return False
    words = words_of(name)
    if words and (words[-1] in ID_WORDS or "id" in words):
        return True
    if np.ptp(filled) < len(filled) / UNIQUE:
        return True
    return order is not None and bool(abs(_rank_correlation(filled, order[there])) > MONOTONE)


def _personal(name: str, filled: pd.Series, different: int) -> str | None:
    """Say why a column of texts or numbers is personal data, if it is."""
    if has_phrase(name, PERSON_NAMES):
        return "its name says that it holds names of people"
    if has_phrase(name, PHONES) and different > len(filled) / 2:
        return "its name says that it holds phone numbers"
    if not pd.api.types.is_string_dtype(filled.dtype):
        return None
    texts, leads = _levels(filled)
    for what, fits in personal(texts).items():
        share = leads[fits].sum() / len(filled)
        if share > PERSONAL_SHARE:
            return f"{100 * share:.0f} % of its values look like {what}"
    return None


def _unusable_text(filled: pd.Series, different: int) -> tuple[Kind, str] | None:
    texts, leads = _levels(filled)
    if leads[fitting(texts, DATE_LIKE)].sum() >= MOSTLY * len(filled):
        return "date", "dates that are not written like 2024-03-31, so that they cannot be read"
    uuids = leads[fitting(texts, UUID)]
    if uuids.sum() > PERSONAL_SHARE * len(filled) and uuids.sum() < LEADS_PER_UUID * len(uuids):
        return "id", "its values are identifiers (UUID)"
    if different > UNIQUE * len(filled):
        return "id", f"{different:,} different texts in {len(filled):,} leads: it names leads one by one"
    if different > MOST_LEVELS:
        return "text", f"{different:,} different texts, more than {MOST_LEVELS:,}"
    longest = int(texts.str.len().max())
    if longest > LONGEST_LEVEL:
        return "text", f"texts of up to {longest:,} characters, more than {LONGEST_LEVEL:,}"
    return None


def _levels(filled: pd.Series) -> tuple[pd.Series, NDArray[np.int64]]:
    """Return the different texts and the number of leads of each."""
    counts = filled.value_counts(sort=False)
    return pd.Series(counts.index, dtype="str"), np.asarray(counts, dtype=np.int64)


def _rank_correlation(a: NDArray[np.float64], b: NDArray[np.generic]) -> float:
    ranks = [pd.Series(values).rank().to_numpy() for values in (a, b)]
    if min(np.ptp(rank) for rank in ranks) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
