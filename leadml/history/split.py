"""The newest leads apart from those to learn from; at random only where nothing tells the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.history import wording
from leadml.history.fingerprint import row_hashes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory

MOST_TWINS = 10
MOST_HASH = 2.0**64 - 2.0**11
RANDOM_NOTE = (
    "split at random: an out-of-time split, which is the honest one, needs a column that tells the time "
    "(order or created)"
)


@dataclass(frozen=True)
class HistorySplit:
    """Two histories from one.

    Parameters
    ----------
    train, newest : LeadHistory
        To learn from, and to judge on.
    kind : {"out-of-time", "random"}
    note : str
        What to know about the split.
    """

    train: LeadHistory
    newest: LeadHistory
    kind: Literal["out-of-time", "random"]
    note: str


def split_history(history: LeadHistory, newest: float) -> HistorySplit:
    """Split by time where there is an order, else at random; see `LeadHistory.split`."""
    if not 0 < newest < 1:
        raise UsageError.outside("newest", newest, "a share between 0 and 1")
    kind: Literal["out-of-time", "random"] = "random" if history.order is None else "out-of-time"
    older, mask = sides(history, newest)
    note = RANDOM_NOTE if history.order is None else _time_note(history, older, mask)
    train, rest = history.take(older), history.take(mask)
    for part, what in ((train, "older"), (rest, "newest")):
        if not (part.counts.won and part.counts.lost):
            raise wording.one_sided_split(kind, what, len(part), part.counts.won)
    return HistorySplit(train, rest, kind, note)


def sides(history: LeadHistory, newest: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which leads are older and which are newest; the few that are neither are left out."""
    if history.order is None:
        mask = _at_random(history, newest)
        return ~mask, mask
    return _apart(history.groups, _by_time(history.order, newest, history), newest)


def _by_time(order: NDArray[np.generic], newest: float, history: LeadHistory) -> NDArray[np.bool_]:
    """Return who is newest: from that moment on which the share comes nearest to the one asked for."""
    moments, counts = np.unique(order, return_counts=True)
    if len(moments) < 2:
        raise wording.one_moment(history.roles.time or "the scoring moment")
    share_from = 1 - np.cumsum(counts)[:-1] / len(order)
    cut = moments[1 + int(np.argmin(np.abs(share_from - newest)))]
    return np.asarray(order >= cut)


def _apart(
    groups: NDArray[np.uint64] | None, late: NDArray[np.bool_], newest: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Keep leads and companies whole: of those on both sides, one part counts on one side, the rest on the other.

    Which company goes where is drawn by the hash that stands for its name, so that the newest keep the share asked for.
    """
    if groups is None:
        return ~late, late
    rows = pd.DataFrame({"late": late, "group": groups})
    mean = rows.groupby("group", sort=False)["late"].transform("mean").to_numpy()
    both = (mean > 0) & (mean < 1)
    if not both.any():
        return ~late, late
    old, new, old_both, new_both = (
        int(which.sum()) for which in (~late & ~both, late & ~both, ~late & both, late & both)
    )
    # the share s of straddling companies counted as newest, from (new + s new_both) / (all that stay) = newest
    drawn = (newest * (old + new + old_both) - new) / (new_both + newest * (old_both - new_both))
    share = min(max(drawn, 0.0), 1.0)
    as_newest = both & (groups < np.uint64(share * MOST_HASH))
    return ~late & ~as_newest, late & (~both | as_newest)


def _time_note(history: LeadHistory, older: NDArray[np.bool_], newest: NDArray[np.bool_]) -> str:
    by = "scoring moment" if history.as_of is not None else history.roles.time
    told = f"split by {by}: {100 * newest.sum() / (older | newest).sum():.0f} % newest leads"
    gone = int((~(older | newest)).sum())
    if not gone:
        return told
    return f"{told}; {gone:,} left out because their company or lead counts on the other side"


def _at_random(history: LeadHistory, newest: float) -> NDArray[np.bool_]:
    """Draw whole groups (companies, equal rows) by the hash of their content, won and lost in proportion."""
    hashes = _group_hashes(history)
    groups = pd.DataFrame({"group": hashes, "won": history.won})
    groups = groups.groupby("group")["won"].agg(["size", "max"]).sort_index()
    drawn: list[NDArray[np.uint64]] = []
    for won in (True, False):
        sizes = groups.loc[groups["max"] == won, "size"]
        middle = sizes.cumsum() - sizes / 2
        drawn.append(sizes.index[(middle <= newest * sizes.sum()).to_numpy()].to_numpy())
    return np.isin(hashes, np.concatenate(drawn))


def _group_hashes(history: LeadHistory) -> NDArray[np.uint64]:
    """Return a number per lead, equal for leads that must stay together."""
    hashes = _twins(row_hashes(history.frame), history.won)
    for labels in (history.lead_id, history.company):
        if labels is None:
            continue
        named = pd.Series(labels, dtype="str")
        shared = named.duplicated(keep=False).to_numpy() & named.notna().to_numpy()
        own = pd.util.hash_pandas_object(named, index=False).to_numpy(dtype=np.uint64)
        hashes = np.where(shared, own, hashes)
    return hashes


def _twins(hashes: NDArray[np.uint64], won: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Keep equal rows together where they are few; where many are equal, features are coarse, and they part.

    Equal rows of equal outcome stand for each other, so it does not matter which of them goes where.
    """
    rows = pd.DataFrame({"row": hashes, "won": won})
    many = rows.groupby("row")["won"].transform("size").to_numpy() > MOST_TWINS
    nth = rows.groupby(["row", "won"]).cumcount().to_numpy(dtype=np.uint64)
    apart = (hashes + np.uint64(1) + nth * np.uint64(2) + won) * np.uint64(0x9E3779B97F4A7C15)
    return np.where(many, apart ^ (apart >> np.uint64(32)), hashes)
