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
    mask = _at_random(history, newest) if history.order is None else _by_time(history.order, newest, history)
    train, rest = history.take(~mask), history.take(mask)
    for part, what in ((train, "older"), (rest, "newest")):
        if not (part.counts.won and part.counts.lost):
            raise wording.one_sided_split(kind, what, len(part), part.counts.won)
    return HistorySplit(train, rest, kind, RANDOM_NOTE if kind == "random" else _time_note(history, mask))


def _by_time(order: NDArray[np.generic], newest: float, history: LeadHistory) -> NDArray[np.bool_]:
    """Return who is newest: from that moment on which the share comes nearest to the one asked for."""
    moments, counts = np.unique(order, return_counts=True)
    if len(moments) < 2:
        raise wording.one_moment(history.roles.time or "")
    share_from = 1 - np.cumsum(counts)[:-1] / len(order)
    cut = moments[1 + int(np.argmin(np.abs(share_from - newest)))]
    return np.asarray(order >= cut)


def _time_note(history: LeadHistory, mask: NDArray[np.bool_]) -> str:
    told = f"split by {history.roles.time}: {100 * mask.mean():.0f} % newest leads"
    if history.company is None:
        return told
    known = pd.Series(history.company[mask]).isin(pd.Series(history.company[~mask]).dropna()).sum()
    return f"{told}, {known:,} of them from companies that also have older leads"


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
