"""Why a score is not what it was: elapsed windows, changed inputs, changed table, in integers that sum exactly.

The order is fixed, and so are the parts: first the features of events are looked at as of now, without anything that
happened since (windows elapse); then come the values as they are now; then the new table. The first two are measured by
the old table, the third on the lead as it is now. So each part, and each row of it, is a difference of two scores that
exist, and nothing is left over; another order would share the same total differently.

A feature that only the old table has, and that the leads lack now, counts as unchanged until the table drops it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.points import wording
from leadml.points.held import Held
from leadml.points.leads.change import Change
from leadml.points.leads.changes import Changes
from leadml.points.leads.explanation import one_row
from leadml.points.leads.moves import KINDS, Move, moves
from leadml.points.words.languages import DEFAULT, language_of
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from leadml.points.leads.explanation import Lead
    from leadml.points.table import PointTable

    Leads = Lead | pd.Series[Any] | pd.DataFrame


def change(
    table: PointTable, before: Leads, after: Leads, old: PointTable | None = None, aged: Leads | None = None
) -> Change:
    """Say why one lead's score is not what it was; see `PointTable.change`.

    Parameters
    ----------
    table : PointTable
        The table now.
    before, after : mapping, Series or DataFrame with one row
        The lead then and now.
    old : PointTable, optional
        The table then; the same unless given.
    aged : mapping, Series or DataFrame with one row, optional
        Event features as of now, of the events before then.

    Returns
    -------
    Change

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("visit_7d:0", "range", 0, neutral=True, hi="0.5"), Rule("visit_7d:1", "range", 9, lo="0.5"),
    ...          Rule("visit_7d:2", "missing", 0))
    >>> table = PointTable(name="acme", dimensions=(Dimension("engagement", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("visit_7d", "engagement", "number", rules),), top_cut=45)
    >>> print(table.change({"visit_7d": 2}, {"visit_7d": 0}, aged={"visit_7d": 0}).text)
    score 49 → 40 (-9)
    <BLANKLINE>
    time has passed                                        -9
      no visit event in the last 7 days                    -9
        before: 1 or more visit events in the last 7 days
    """
    then = one_row(before, old or table, "change()").set_axis([0])
    now = one_row(after, table, "change()").set_axis([0])
    late = None if aged is None else one_row(aged, None, "change()").set_axis([0])
    found = changes(table, then, now, old, late)
    total = found.totals.iloc[0]
    return Change(
        rows=tuple(found.reasons_of(0)),
        before=found.state_of(total, "before"),
        after=found.state_of(total, "after"),
        exact=found.exact,
        language=found.language,
    )


def changes(
    table: PointTable,
    before: pd.DataFrame,
    after: pd.DataFrame,
    old: PointTable | None = None,
    aged: pd.DataFrame | None = None,
    id: str | None = None,
) -> Changes:
    """Say why the scores of many leads are not what they were; see `PointTable.changes`."""
    was = _comparable(table, old)
    leads, frames, fresh, gone = _aligned(before, after, aged, id)
    then_frame, now_frame, late_frame = frames
    late_frame = None if late_frame is None else _filled(then_frame, late_frame, was)
    kept = then_frame if late_frame is None else late_frame
    then, new = Held.of(was, then_frame), Held.of(table, now_frame)
    now = new if was is table else Held.of(was, _with_dropped(now_frame, kept, was, table))
    late = None if late_frame is None else Held.of(was, late_frame)
    found = list(moves(then, late, now, new))
    scored = was.score(then_frame, reasons=0), table.score(now_frame, reasons=0)
    said = spoken(table)
    return Changes(
        rows=_rows(found, leads),
        totals=_totals(found, leads, scored, [_best(t, s) for t, s in zip((was, table), scored, strict=True)]),
        exact=aged is not None,
        fresh=fresh,
        gone=gone,
        best=table.actions[0][0] if len(table.actions) > 1 else f"{language_of(DEFAULT).score()} {table.top_cut}",
        language=said.code,
    )


def _comparable(table: PointTable, old: PointTable | None) -> PointTable:
    """Return the old table with its texts in the new one's language; the new one itself where it is the same."""
    if old is None or old.sha256 == table.sha256:
        return table
    return old if old.language == table.language else old.in_language(table.language)


def _aligned(
    before: pd.DataFrame, after: pd.DataFrame, aged: pd.DataFrame | None, id: str | None
) -> tuple[pd.Index[Any], tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None], int, int]:
    """Bring the leads that are in both frames into one order, that of the later ones."""
    then, now = _names(before, id, "the earlier leads"), _names(after, id, "the later leads")
    at = then.get_indexer(now)
    known = np.flatnonzero(at >= 0)
    late = None
    if aged is not None:
        places = _names(aged, id, "the aged features").get_indexer(now[known])
        if (places < 0).any():
            raise wording.not_aged(int((places < 0).sum()))
        late = aged.iloc[places].reset_index(drop=True)
    frames = before.iloc[at[known]].reset_index(drop=True), after.iloc[known].reset_index(drop=True), late
    return now[known], frames, len(now) - len(known), len(then) - len(known)


def _names(frame: pd.DataFrame, id: str | None, where: str) -> pd.Index[Any]:
    if id is not None and id not in frame.columns:
        raise wording.no_id(id, [str(name) for name in frame.columns], where)
    names = frame.index if id is None else pd.Index(frame[id])
    if not names.is_unique:
        raise wording.lead_twice(int(names.duplicated().sum()), where)
    return names


def _filled(frame: pd.DataFrame, values: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    """Put the values that are there in the place of those of a frame."""
    names = [feature.name for feature in table.features if feature.name in values.columns]
    return frame.drop(columns=names, errors="ignore").join(values[names])


def _with_dropped(now: pd.DataFrame, kept: pd.DataFrame, was: PointTable, table: PointTable) -> pd.DataFrame:
    """Add the columns that only the old table asks for, as they were, where the leads lack them now."""
    asked = {feature.name for feature in table.features}
    gone = [f.name for f in was.features if f.name not in now.columns and f.name not in asked]
    return now.join(kept[gone]) if gone else now


def _best(table: PointTable, scored: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which leads reach the best action; where there is only one, or none, those of the top group."""
    if len(table.actions) > 1:
        return np.asarray(scored["action"] == table.actions[0][0], dtype=bool)
    return np.asarray(scored["score"] >= table.top_cut, dtype=bool)


def _rows(found: list[Move], leads: pd.Index[Any]) -> pd.DataFrame:
    """Write one row per lead and reason; by lead and kind, the greatest move first."""
    counts = [len(move.leads) for move in found]
    lead, points, number = (
        np.concatenate([np.empty(0, dtype=np.int64), *parts])
        for parts in (
            [move.leads for move in found],
            [move.points for move in found],
            [np.full(count, i, dtype=np.int64) for i, count in enumerate(counts)],
        )
    )
    kind = np.array([KINDS.index(move.reason.kind) for move in found], dtype=np.int64)[number]
    order = np.lexsort((number, -np.abs(points), kind, lead))
    lead, points, number = lead[order], points[order], number[order]
    columns: dict[str, Any] = {"lead": leads.take(lead)}
    for part in ("kind", "dimension", "rule", "text", "was"):
        texts = pd.array([getattr(move.reason, part) for move in found], dtype="str")
        columns[part] = texts.take(number)
    return pd.DataFrame(columns | {"points": points})


def _totals(
    found: list[Move],
    leads: pd.Index[Any],
    scored: tuple[pd.DataFrame, pd.DataFrame],
    best: list[np.ndarray[Any, np.dtype[np.bool_]]],
) -> pd.DataFrame:
    when = ("before", scored[0]), ("after", scored[1])
    sums: dict[str, Any] = {kind: np.zeros(len(leads), dtype=np.int64) for kind in KINDS}
    for move in found:
        sums[move.reason.kind][move.leads] += move.points  # a lead stands once in a move
    crossed = np.where(best[1] & ~best[0], "up", np.where(best[0] & ~best[1], "down", ""))
    columns: dict[str, Any] = {"lead": leads, **{f"score_{w}": s["score"].to_numpy() for w, s in when}, **sums}
    columns |= {f"{name}_{w}": s[name].array for name in ("grade", "action") for w, s in when}
    return pd.DataFrame(columns | {"crossed": pd.array(crossed, dtype="str")})
