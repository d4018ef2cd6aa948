"""Scoring moments as a relation that events are joined with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.history.engagement import wording
from leadml.history.engagement.plan import DAY_US

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# whole numbers as a source of whole numbers writes them: others can be no lead of it
FIRST_US, LAST_US = -5_869_584_000_000_000, 8_993_721_600_000_000  # the years 1784 to 2254, see `plan`
CANONICAL = r"^(?:0|-?[1-9][0-9]{0,18})$"


@dataclass(frozen=True, eq=False)
class Rows:
    """Scoring moments, one per row of the features.

    Parameters
    ----------
    lead : pyarrow array of text
        Each row's lead.
    as_of_us : ndarray of int64
        Moments in microseconds since 1970 (UTC).
    is_last : ndarray of bool
        Whether it is the last moment of its lead; exactly one row per lead.
    order : ndarray of int64
        Rows in the order of their moments: slices of it lie close in time, as events in a file often do.
    most : int
        Moments of the lead that has most of them.
    """

    lead: pa.StringArray
    as_of_us: NDArray[np.int64]
    is_last: NDArray[np.bool_]
    order: NDArray[np.int64]
    most: int

    def __len__(self) -> int:
        return len(self.as_of_us)

    def table(self, rows: NDArray[np.int64], lead_type: Literal["text", "integer"]) -> pa.Table:
        """Return some of the rows as a table, with what else is needed for counting.

        Columns: ``row``, ``lead``, ``as_of_us``, ``as_of_day`` (its date, in days since 1970), ``is_last``.
        """
        import pyarrow as pa

        as_of = self.as_of_us[rows]
        lead = self.lead.take(pa.array(rows))
        return pa.table(
            {
                "row": rows,
                "lead": _whole(lead) if lead_type == "integer" else lead,
                "as_of_us": as_of,
                "as_of_day": as_of // DAY_US,
                "is_last": self.is_last[rows].astype(np.int64),
            }
        )


def rows_of(lead: NDArray[Any], as_of_us: NDArray[np.int64]) -> Rows:
    """Find each lead's last moment, and the order of all of them.

    Raises
    ------
    UsageError
        If a moment does not lie in the years from 1784 to 2254.

    Examples
    --------
    >>> rows = rows_of(np.array(["a", "b", "a"], dtype=object), np.array([5, 3, 4]))
    >>> rows.is_last.tolist(), rows.order.tolist()
    ([True, True, False], [1, 2, 0])
    """
    import pyarrow as pa

    as_of = np.asarray(as_of_us, dtype=np.int64)
    odd = (as_of < FIRST_US) | (as_of >= LAST_US)
    if odd.any():
        raise wording.moment_out_of_range(int(odd.sum()), str(as_of[odd][0].astype("datetime64[us]")))
    order = np.argsort(as_of, kind="stable")
    texts = pa.array(lead, pa.string(), from_pandas=True)
    codes = texts.dictionary_encode(null_encoding="encode")
    is_last, most = np.ones(len(as_of), dtype=np.bool_), 1
    if len(codes.dictionary) < len(as_of):
        which = codes.indices.to_numpy()
        last = np.empty(len(codes.dictionary), dtype=np.int64)
        last[which[order]] = order  # of several for one place, numpy keeps the last
        is_last = last[which] == np.arange(len(as_of))
        most = int(np.bincount(which).max())
    return Rows(texts, as_of, is_last, order, most)


def _whole(lead: pa.Array) -> pa.Array:
    """Read texts as 64-bit integers; null for every text that such an integer is not written as."""
    import pyarrow.compute as pc

    fits = pc.match_substring_regex(lead, CANONICAL)
    digits = pc.replace_substring(lead, "-", "")
    most = pc.less_equal(digits, "9223372036854775807")
    fits = pc.and_(fits, pc.or_(pc.less(pc.utf8_length(digits), 19), most))
    return pc.if_else(fits, lead, None).cast("int64")
