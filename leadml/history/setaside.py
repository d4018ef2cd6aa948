"""Columns that cannot be features, and why: identifiers, personal and sensitive data, constants, dates, free text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from leadml.history.values.columns import MOSTLY, ColumnReport
from leadml.history.values.money import look_like_amounts
from leadml.history.values.personal import PERSON_NAMES, PHONES
from leadml.history.values.sensitive import sensitive
from leadml.history.values.words import has_phrase, words_of
from leadml.points.personal import DATE_LIKE, fitting, personal
from leadml.points.plain_numbers import are_plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["role", "dropped", "empty", "constant", "date", "personal", "sensitive", "id", "text", "other"]

UNIQUE = 0.95
MONOTONE = 0.95
PERSONAL_SHARE = 0.05
MOST_LEVELS = 10_000
LONGEST_LEVEL = 10_000
LEADS_PER_UUID = 20
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
PLAIN_COMMA = r"-?[0-9]+,[0-9]+"
AMOUNTS = (
    "it looks like amounts with a currency or thousands separators, such as 12.500,00 €, which are texts: export them "
    "as plain numbers (12500.00), or name the column as value if it says what deals were worth"
)
PLAIN = (
    "its values are texts, though nearly all are plain numbers, such as {seen}: give them as numbers (of a frame, with "
    "pd.to_numeric), and name those among them that mean missing"
)
COMMA = (
    "its numbers have a decimal comma, such as {seen}, which makes them texts: export them with a decimal point "
    "({point}), or name the column as value if it says what deals were worth"
)
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
        The same as a word to sort by: role, dropped, empty, constant, date, personal, sensitive, id, text, other.
    """

    column: str
    reason: str
    kind: Kind = "other"


def set_aside(
    values: pd.Series, report: ColumnReport, order: NDArray[np.generic] | None, opted_in: Collection[str] = ()
) -> SetAside | None:
    """Decide whether a typed column can be a feature.

    Parameters
    ----------
    values : Series
        The typed column, decided leads only.
    report : ColumnReport
        What typing found.
    order : ndarray or None
        The key that sorts the leads by time.
    opted_in : collection of str
        Sensitive columns that a person wants to be used all the same; see `opted_in`.

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
    found = _why(values, report, order, opted_in)
    return None if found is None else SetAside(report.name, found[1], found[0])


def _why(
    values: pd.Series, report: ColumnReport, order: NDArray[np.generic] | None, opted_in: Collection[str]
) -> tuple[Kind, str] | None:
    filled = values.dropna()
    if report.type == "other":
        return "other", "its values are neither text nor numbers nor dates"
    if filled.empty:
        return "empty", "it is empty for every lead"
    if report.name not in opted_in and (told := sensitive(report.name)):
        return "sensitive", f"its name tells of {told}: left out unless somebody accepts it with a reason"
    if report.type == "date":
        split = "" if order is not None else "; name it as order or created to split by time"
        return "date", f"dates are no features: a date says when, not what{split}"
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


def is_id_number(name: str, values: NDArray[np.float64], different: int, order: NDArray[np.generic] | None) -> bool:
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


def for_audit(values: pd.Series, report: ColumnReport, reason: SetAside) -> pd.Series | None:
    """Return what an audit looks at of a column that was set aside; None for most.

    Parameters
    ----------
    values : Series
        The typed column.
    report : ColumnReport
        What typing found.
    reason : SetAside
        Why it was set aside.

    Returns
    -------
    Series or None
        Sensitive columns as they are; identifiers as the number in them.

    Examples
    --------
    >>> ids = pd.Series(["L-0007", "L-0012", None], dtype="str")
    >>> for_audit(ids, ColumnReport("lead", "category", 1), SetAside("lead", "…", "id")).tolist()
    [7.0, 12.0, nan]
    """
    if reason.kind == "sensitive":
        return values
    if reason.kind != "id":
        return None
    return values if report.type == "number" else running_number(values)


def running_number(ids: pd.Series) -> pd.Series:
    """Return the number at the end of each id, missing where there is none; of long ones the last 15 digits.

    Examples
    --------
    >>> running_number(pd.Series(["L-0007", "12", "b3e1c"], dtype="str")).tolist()
    [7.0, 12.0, nan]
    """
    digits = ids.astype("str").str.extract(r"([0-9]{1,15})$", expand=False)
    return pd.to_numeric(digits).astype("float64")


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
        return "date", "dates that are written neither like 2024-03-31 nor like 31.03.2024, so that they cannot be read"
    uuids = leads[fitting(texts, UUID)]
    if uuids.sum() > PERSONAL_SHARE * len(filled) and uuids.sum() < LEADS_PER_UUID * len(uuids):
        return "id", "its values are identifiers (UUID)"
    if different > min(UNIQUE * len(filled), MOST_LEVELS) and look_like_amounts(texts):
        if (numbers := are_plain(texts)).sum() >= MOSTLY * len(texts):
            return "text", PLAIN.format(seen=texts[numbers].iloc[0].strip())
        plain = sorted(texts[fitting(texts, PLAIN_COMMA)])
        if len(plain) < MOSTLY * len(texts):
            return "text", AMOUNTS
        return "text", COMMA.format(seen=plain[0].strip(), point=plain[0].strip().replace(",", "."))
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
