"""Which scoring of a lead counts, and what became of the lead: scores and outcomes brought together.

A lead counts once: by the first score it got, by whichever version of the table. That score decided who called it and
when; whatever a later score foretells was made after that, and counting a lead's one outcome several times would make
the detector believe the same news twice (benchmarks/kpi.py measures how much). Daily rescoring and a retrained version
that scores all open leads anew therefore add nothing; a new version is judged on the leads that it scores first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.points.dates import NONE, moments_of
from leadml.watch.kpi import kpi_wording as wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DAY_US = 86_400_000_000
NEVER = int(np.iinfo(np.int64).max)
ARMS = ("normal", "holdout")
DAY_FIRST = re.compile(r"^([0-9]{2})\.([0-9]{2})\.([0-9]{4}),?(?![0-9])")
MONTH_FIRST = re.compile(r"[0-9]{1,2}[./-]")
_NEEDED = ("lead_id", "scored_at", "table_sha256", "score", "top")
_TRUE = {"true": True, "1": True, "1.0": True, "yes": True, "false": False, "0": False, "0.0": False, "no": False}


@dataclass(frozen=True, eq=False)
class Scorings:
    """One row per lead: its first scoring and its win, times as microseconds since 1970 in UTC.

    Parameters
    ----------
    tables : tuple of str
        The sha256 of every table among them, sorted.
    table : ndarray of int64, shape (leads,)
        Place of the row's table among them.
    scored_at, won_at : ndarray of int64, shape (leads,)
        `won_at` is the greatest integer where no win is known.
    score : ndarray of float64, shape (leads,)
    top, holdout : ndarray of bool, shape (leads,)
    probability : ndarray of float64, shape (leads,), or None
        What the table foretold, where the scores carry it.
    draw : ndarray of uint64, shape (leads,)
        A number that is drawn from the lead's id, always the same: chance to break ties by.
    left_out : mapping of str to int
        Rows that do not count, by reason.
    regrouped : ndarray of bool, shape (leads,), or None
        Whether `top` is no longer the flag of the scores; see `leadml.watch.kpi.topgroup`.
    """

    tables: tuple[str, ...]
    table: NDArray[np.int64]
    scored_at: NDArray[np.int64]
    won_at: NDArray[np.int64]
    score: NDArray[np.float64]
    top: NDArray[np.bool_]
    holdout: NDArray[np.bool_]
    probability: NDArray[np.float64] | None
    draw: NDArray[np.uint64]
    left_out: dict[str, int]
    regrouped: NDArray[np.bool_] | None = None

    @property
    def month(self) -> NDArray[np.int64]:
        """Calendar month of the scoring (UTC), counted from January 1970."""
        return self.scored_at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def instant(when: str | date | np.datetime64 | pd.Timestamp) -> int:
    """Return a moment as microseconds since 1970 in UTC; without a zone it is UTC, a date is its first instant.

    Examples
    --------
    >>> instant("1970-01-02"), instant("1970-01-02T01:00:00+01:00"), instant("02.01.1970")
    (86400000000, 86400000000, 86400000000)
    """
    if isinstance(when, str):
        when = DAY_FIRST.sub(r"\3-\2-\1", when)
        if MONTH_FIRST.match(when):  # pandas would guess
            raise wording.no_moment(when)
    if pd.api.types.is_number(when):  # pandas would take it for nanoseconds since 1970
        raise wording.no_moment(when)
    try:
        at = pd.Timestamp(when)
    except (ValueError, TypeError) as error:
        raise wording.no_moment(when) from error
    if pd.isna(at):
        raise wording.no_moment(when)
    at = at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")
    return int(at.as_unit("us").asm8.astype(np.int64))


def month_starts(month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first instant of calendar months counted from January 1970, in microseconds.

    Examples
    --------
    >>> month_starts(np.array([0, 1])).tolist()
    [0, 2678400000000]
    """
    return np.asarray(month, dtype="datetime64[M]").astype("datetime64[us]").astype(np.int64)


def scorings(scored: pd.DataFrame, outcomes: pd.DataFrame, as_of: int) -> Scorings:
    """Bring scores and outcomes together as they were known at a moment.

    Parameters
    ----------
    scored : DataFrame
        ``lead_id, scored_at, table_sha256, score, top`` and, if there is a holdout, ``arm`` ("normal" or "holdout");
        ``probability`` if calibration is wanted. A lead may stand there several times.
    outcomes : DataFrame
        ``lead_id, won_at``; null is not won. A lead that is absent is not won.
    as_of : int
        Microseconds since 1970; scores and wins after it are not known yet.

    Returns
    -------
    Scorings
        A lead that was won at or before its first scoring is left out and counted.

    Raises
    ------
    UsageError
        If a column is missing.
    DataError
        If an id, a time, a score or a flag is missing or cannot be read.
    """
    for frame, needed, where in ((scored, _NEEDED, "scores"), (outcomes, ("lead_id", "won_at"), "outcomes")):
        for column in needed:
            if column not in frame:
                raise UsageError.unknown_column(column, map(str, frame.columns), f"The table of {where}")
    first, left_out = _first_scorings(scored, as_of)
    left_out |= {"later scorings of leads that were scored before": len(scored) - sum(left_out.values()) - len(first)}
    wins, unknown = _first_wins(outcomes, as_of)
    place = wins.index.get_indexer(pd.Index(first["lead_id"]))
    # a lead without a win has place -1, so it takes the last entry
    won_at = np.append(wins.to_numpy(dtype=np.int64), NEVER)[place]
    left_out |= {"outcomes without a lead": unknown}
    left_out |= {"wins of leads that were never scored": len(wins) - int(np.count_nonzero(place >= 0))}
    early = won_at <= first["scored_at"].to_numpy()
    left_out |= {"leads won at or before their first scoring": int(early.sum())}
    return _columns(first[~early], won_at[~early], {reason: n for reason, n in left_out.items() if n})


def _first_scorings(scored: pd.DataFrame, as_of: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the first scoring of each lead, whatever the order of the rows."""
    rows = pd.DataFrame(
        {
            "lead_id": _ids(scored["lead_id"], "lead_id of the scores"),
            "scored_at": _moments(scored["scored_at"], "scored_at", missing=False),
            "table_sha256": _texts(scored["table_sha256"], "table_sha256"),
            "score": _numbers(scored["score"], "score"),
            "top": _flags(scored["top"]),
            "holdout": _arms(scored["arm"]) if "arm" in scored else np.zeros(len(scored), dtype=bool),
        },
    )
    if "probability" in scored:
        rows["probability"] = _numbers(scored["probability"], "probability")
    known = rows[rows["scored_at"] <= as_of]
    order = [c for c in ("scored_at", "table_sha256", "holdout", "top", "score", "probability") if c in rows]
    known = known.sort_values(order, kind="stable").drop_duplicates("lead_id")
    later = int((rows["scored_at"] > as_of).sum())
    return known, {"scorings after the moment of this report": later}


def _first_wins(outcomes: pd.DataFrame, as_of: int) -> tuple[pd.Series[int], int]:
    """Return when each won lead was first won, as far as known, and how many rows name no lead."""
    named = outcomes["lead_id"].notna().to_numpy()
    won_at = _moments(outcomes["won_at"], "won_at", missing=True)[named]
    ids = _ids(outcomes["lead_id"][named], "lead_id of the outcomes")
    wins = pd.DataFrame({"lead_id": ids, "won_at": won_at})
    known = wins[wins["won_at"] <= as_of].groupby("lead_id")["won_at"].min()
    return known, int((~named).sum())


def _columns(rows: pd.DataFrame, won_at: NDArray[np.int64], left_out: dict[str, int]) -> Scorings:
    # in order of content, so that sums of floats come out the same however the rows came
    draw = np.asarray(pd.util.hash_pandas_object(rows["lead_id"], index=False), dtype=np.uint64)
    order = np.lexsort((draw, rows["scored_at"].to_numpy()))
    rows, won_at, draw = rows.iloc[order], won_at[order], draw[order]
    place, tables = pd.factorize(rows["table_sha256"], sort=True)
    return Scorings(
        tables=tuple(map(str, tables)),
        table=place.astype(np.int64),
        scored_at=rows["scored_at"].to_numpy(dtype=np.int64),
        won_at=won_at,
        score=rows["score"].to_numpy(dtype=np.float64),
        top=rows["top"].to_numpy(dtype=bool),
        holdout=rows["holdout"].to_numpy(dtype=bool),
        probability=rows["probability"].to_numpy(dtype=np.float64) if "probability" in rows else None,
        draw=draw,
        left_out=left_out,
    )


def _ids(column: pd.Series, what: str) -> pd.Series[str]:
    """Return ids as texts: 7, 7.0 and "7" are the same lead, as files and frames write it differently."""
    if pd.api.types.is_float_dtype(column.dtype) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return _texts(column, what)


def _texts(column: pd.Series, what: str) -> pd.Series[str]:
    _refuse_missing(column.isna(), what)
    return column.astype(str).reset_index(drop=True)


def _moments(column: pd.Series, what: str, *, missing: bool) -> NDArray[np.int64]:
    """Return microseconds; a missing moment is the greatest integer where it may be missing."""
    found = moments_of(column)
    if found is None:
        raise wording.not_moments(what, f"numbers of type {column.dtype}")
    read, filled = found
    if (odd := filled & (read == NONE)).any():
        raise wording.not_moments(what, repr(str(column[odd].iloc[0])))
    if not missing:
        _refuse_missing(pd.Series(~filled), what)
    return np.where(filled, read, NEVER)


def _numbers(column: pd.Series, what: str) -> NDArray[np.float64]:
    values = pd.to_numeric(column, errors="coerce")
    _refuse_missing(values.isin([np.inf, -np.inf]) | values.isna(), what)
    return values.to_numpy(dtype=np.float64)


def _flags(column: pd.Series) -> NDArray[np.bool_]:
    if pd.api.types.is_bool_dtype(column.dtype) and not column.isna().any():
        return column.to_numpy(dtype=bool)
    found = column.astype(str).str.strip().str.casefold().map(_TRUE)
    _refuse_missing(found.isna(), "top")
    return found.to_numpy(dtype=bool)


def _arms(column: pd.Series) -> NDArray[np.bool_]:
    """Return which rows are of the holdout; without an arm a row is normal."""
    arms = column.astype(object).where(column.notna(), "normal").astype(str).replace("", "normal")
    other: Sequence[Any] = sorted(set(arms) - set(ARMS))
    if other:
        raise wording.unknown_arm(str(other[0]), ARMS)
    return (arms == "holdout").to_numpy(dtype=bool)


def _refuse_missing(missing: pd.Series[bool], what: str) -> None:
    """Raise a DataError where something is missing that must be there."""
    places = np.flatnonzero(missing.to_numpy(dtype=bool, na_value=True))
    if len(places):
        raise wording.missing_in_log(what, len(places), int(places[0]) + 1)
