"""Signs that a row was written on too late: dates in it that lie after its scoring moment, or after the deal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding, unknown
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case

DAY_US = 86_400_000_000
NEVER = np.iinfo(np.int64).min
# the midnights of one time zone have two times of day in UTC, one in winter and one in summer
TIMES_OF_MIDNIGHT = 2
AFTER = {"LD021": "outcome", "LD020": "scoring moment"}


def time_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report date columns that hold dates after the outcome, else after the scoring moment.

    A date is no feature. But where a row holds a date from later, somebody wrote on the row later, and other columns
    of it may be from then too.
    """
    history = case.history
    until = {"LD021": history.decided_at, "LD020": history.as_of}
    if history.dates is None or not len(history.dates.columns):
        yield from (unknown(code, "there is no column of dates beside those with a role") for code in sorted(until))
        return
    if history.as_of is None:
        yield unknown("LD020", "nothing says when leads are scored ([scoring] as_of)")
    if history.decided_at is None:
        yield unknown("LD021", "nothing says when leads were decided (closed)")
    for column in sorted(history.dates.columns):
        dates = _microseconds(history.dates[column])
        found = (_late(code, column, dates, moments) for code, moments in until.items() if moments is not None)
        yield from [late for late in found if late is not None][:1]


def _late(code: str, column: str, dates: NDArray[np.int64], until: NDArray[np.int64]) -> Finding | None:
    both = (dates != NEVER) & (until != NEVER)
    rows, late = int(both.sum()), int((dates[both] > _end(until[both])).sum())
    if late < at.LEAST_LATE or late <= at.LATE_SHARE * rows:
        return None
    return finding(
        code,
        column,
        f"in {late:,} of {rows:,} rows this date lies after the {AFTER[code]} of the lead",
        f"The row was written on since. Find out which columns were, and drop them; then drop this date too "
        f"(--drop {column!r}), or accept it if it is a date that was planned (--accept '{code}:{column}').",
        rows=rows,
        late=late,
    )


def _microseconds(dates: pd.Series) -> NDArray[np.int64]:
    """Return microseconds since 1970 in UTC, the least integer where there is no date."""
    return np.asarray(dates.astype("datetime64[us, UTC]").astype("int64"), dtype=np.int64)


def _end(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the last microsecond that a moment may stand for: that of its day where moments have no time of day."""
    if len(np.unique(moments % DAY_US)) <= TIMES_OF_MIDNIGHT:
        return moments + (DAY_US - 1)
    return moments
