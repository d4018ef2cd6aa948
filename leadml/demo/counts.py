"""Simple counts of events as of the scoring moment, for the truth's own arithmetic; nothing at or after it is seen.

What learns from the demo counts on its own, in another room; that both agree is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.errors import UsageError

WINDOWS_DAYS = (7, 30, 90)
_DAY_US = 86_400_000_000


def event_counts(
    leads: pd.DataFrame,
    events: pd.DataFrame,
    moment: str = "created + 14 days",
    types: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Count each lead's events in windows that end just before its scoring moment.

    Parameters
    ----------
    leads : DataFrame
        With `lead_id` and `created_at` (UTC).
    events : DataFrame
        With `lead_id`, `occurred_at` (UTC) and `type`; rows of unknown leads are ignored.
    moment : str
        ``created + N days`` or ``created + N hours``.
    types : iterable of str, optional
        Event types to count; by default those that occur.

    Returns
    -------
    DataFrame
        Same index as `leads`; integer ``TYPE_Nd`` (events in ``[moment - N days, moment)``),
        ``days_since_TYPE`` (days as a fraction, missing where there was none) and ``active_days_30d`` (different UTC
        dates with an event in the 30 days before the moment).

    Raises
    ------
    UsageError
        If `moment` has another form.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["a", "b"], "created_at": pd.to_datetime(["2024-01-01T00Z"] * 2)})
    >>> at = pd.to_datetime(["2024-01-02T00Z", "2024-01-14T00Z", "2024-01-15T00Z"])
    >>> events = pd.DataFrame({"lead_id": "a", "type": "visit", "occurred_at": at})
    >>> event_counts(leads, events)[["visit_7d", "visit_30d", "days_since_visit"]].values.tolist()
    [[1.0, 2.0, 1.0], [0.0, 0.0, nan]]
    """
    as_of = _microseconds(leads["created_at"]) + _offset(moment)
    lead = pd.Index(leads["lead_id"]).get_indexer(pd.Index(events["lead_id"]))
    names = sorted(set(events["type"])) if types is None else sorted(set(types))
    kind = pd.Index(names, dtype=object).get_indexer(pd.Index(events["type"], dtype=object))
    at = _microseconds(events["occurred_at"])
    age = np.where(lead >= 0, as_of[lead] - at, -1)
    seen = (age > 0) & (kind >= 0)
    lead, kind, at, age = lead[seen], kind[seen], at[seen], age[seen]
    columns: dict[str, Any] = {}
    for days in WINDOWS_DAYS:
        inside = age <= days * _DAY_US
        table = _tally(lead[inside], kind[inside], len(leads), len(names))
        columns |= {f"{name}_{days}d": table[:, k] for k, name in enumerate(names)}
    since = np.full((len(leads), len(names)), np.iinfo(np.int64).max)
    np.minimum.at(since, (lead, kind), age)
    for k, name in enumerate(names):
        never = since[:, k] == np.iinfo(np.int64).max
        columns[f"days_since_{name}"] = np.where(never, np.nan, since[:, k] / _DAY_US)
    columns["active_days_30d"] = _active_days(lead, at, age, len(leads))
    return pd.DataFrame({name: columns[name] for name in _ordered(names)}, index=leads.index)


def _ordered(names: list[str]) -> list[str]:
    per_type = [[f"{name}_{days}d" for days in WINDOWS_DAYS] + [f"days_since_{name}"] for name in names]
    return [*(column for columns in per_type for column in columns), "active_days_30d"]


def _offset(moment: str) -> int:
    match = re.fullmatch(r"created\s*\+\s*(\d+)\s+(day|hour)s?", moment.strip())
    if match is None:
        raise UsageError.scoring_moment(moment)
    return int(match[1]) * (_DAY_US if match[2] == "day" else _DAY_US // 24)


def _microseconds(times: pd.Series) -> NDArray[np.int64]:
    utc = pd.to_datetime(times, utc=True).dt.tz_localize(None)
    return np.asarray(utc.to_numpy("datetime64[us]").astype(np.int64))


def _tally(lead: NDArray[Any], kind: NDArray[Any], leads: int, kinds: int) -> NDArray[np.int64]:
    return np.bincount(lead * kinds + kind, minlength=leads * kinds).reshape(leads, kinds)


def _active_days(lead: NDArray[Any], at: NDArray[Any], age: NDArray[Any], leads: int) -> NDArray[np.int64]:
    inside = age <= 30 * _DAY_US
    date = at[inside] // _DAY_US
    span = int(date.max()) + 1 if len(date) else 1
    return np.bincount(np.unique(lead[inside] * span + date) // span, minlength=leads)
