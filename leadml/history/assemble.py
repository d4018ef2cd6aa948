"""Leads, rows and made features put together into one history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.audit.acceptance import opted_in, parse_accept
from leadml.history.history import LeadHistory
from leadml.history.outcome import LOST, UNDECIDED, WON, OutcomeCounts, check_enough, read_outcomes
from leadml.history.roles import BY_ROW, Roles, time_key
from leadml.history.rows import Made, Rows
from leadml.history.setaside import SetAside, for_audit, set_aside
from leadml.history.values.columns import ColumnReport, typed
from leadml.history.values.ids import id_texts
from leadml.history.values.money import DealValues
from leadml.history.values.placeholders import Placeholder, parse_missing, texts_for
from leadml.points.dates import microseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.settings.sections import TimesSettings
    from leadml.history.sources.readers import Table

DAY_US = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Parts:
    """What a history is put together from.

    Parameters
    ----------
    given : Table
        The leads table.
    roles : Roles
        Its columns that are no features.
    rows : Rows
        Which lead stands in which row; undecided rows are left out.
    made : Made or None
        Made features, one row per decided row of `rows`.
    drop : sequence of str
        Columns to leave out.
    missing : tuple
        Placeholders.
    accept : Any
        Findings that are accepted; see `parse_accept`.
    name : str
        The history's name.
    undecided : ndarray of bool, shape (n_leads,), or None
        Leads of the table whose outcome is open.
    by : str or None
        The column whose values part the leads into segments.
    times : TimesSettings or None
        The zone of times that name no offset, where somebody has said it.
    """

    given: Table
    roles: Roles
    rows: Rows
    made: Made | None
    drop: Sequence[str]
    missing: tuple[Placeholder, ...]
    accept: Any
    name: str
    undecided: NDArray[np.bool_] | None = None
    by: str | None = None
    times: TimesSettings | None = None


def checked(
    given: Table, roles: Roles, drop: Sequence[str], category: Sequence[str], missing: Any
) -> tuple[Placeholder, ...]:
    """Refuse a leads table that lacks a column or has no row; return the placeholders, understood."""
    given.require([*roles.columns, *drop, *category])
    for column in category:
        if column in roles.columns:
            raise wording.category_with_a_role(column, roles.in_words(column))
    if not len(given.frame):
        raise wording.no_rows(given.where)
    return parse_missing(missing, given.columns)


def rows_of_outcomes(given: Table, roles: Roles, won: Any, lost: Any, missing: tuple[Placeholder, ...]) -> Rows:
    """Make one row per lead from the outcome column as it stands."""
    column = roles.outcome or ""
    states = read_outcomes(column, given.frame[column], won, lost, texts_for(column, missing))
    return Rows(np.arange(len(states)), states)


def assemble(parts: Parts) -> LeadHistory:
    """Put a history together; see `Parts`.

    Raises
    ------
    DataError
        If fewer than 40 rows are won or lost, or nothing is left to learn from.
    """
    given, roles, rows, made = parts.given, parts.roles, parts.rows, parts.made
    counts = OutcomeCounts(*(int((rows.state == state).sum()) for state in (WON, LOST, UNDECIDED)))
    check_enough(roles.outcome or "the goal", counts)
    order, time = _order(given, roles, parts.missing, parts.times)
    decided = rows.take(rows.decided)
    seen = _Seen(decided.lead, np.unique(decided.lead), order)
    features, dates, left_out, aside, reports = _features(parts, seen)
    idle = None
    if made is not None:
        varying, idle = _made_features(made, set(features))
        features |= varying
    if not features:
        raise wording.no_features(given.where, {a.column: a.reason for a in aside})
    undecided, age, at = _undecided(parts, [str(name) for name in features if name in given.frame])
    columns = [*given.columns, *(made.frame.columns if made is not None else ())]
    return LeadHistory(
        frame=pd.DataFrame(features),
        won=decided.state == WON,
        roles=roles,
        counts=counts,
        order=decided.as_of if decided.as_of is not None else order[decided.lead] if order is not None else None,
        company=_labels(given, roles.company, parts.missing, decided.lead),
        lead_id=_labels(given, roles.id, parts.missing, decided.lead),
        set_aside=tuple(aside),
        missing=parts.missing,
        reports=(*time, *reports),
        accept=parse_accept(parts.accept, columns),
        name=parts.name,
        as_of=decided.as_of,
        decided_at=_closed(parts, decided) if decided.decided_at is None else decided.decided_at,
        window_over=decided.window_over,
        idle=idle,
        dates=pd.DataFrame(dates) if dates else None,
        left_out=pd.DataFrame(left_out) if left_out else None,
        undecided=undecided,
        undecided_age_days=age,
        undecided_at=at,
        funnel=rows.funnel,
        window=rows.window,
        definitions=() if made is None else made.definitions,
        origin={} if made is None else made.origin,
        events=None if made is None else made.events,
        notes=rows.notes,
        segment=_labels(given, parts.by, parts.missing, decided.lead),
        deal_values=_deal_values(parts, decided.lead),
        places=decided.lead,
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """The decided rows: the lead of each, the different leads, and what sorts leads by time."""

    lead: NDArray[np.int64]
    different: NDArray[np.int64]
    order: NDArray[Any] | None

    def values(self, column: pd.Series) -> pd.Series:
        return column.iloc[self.lead].reset_index(drop=True)


def _features(
    parts: Parts, seen: _Seen
) -> tuple[dict[str, pd.Series], dict[str, pd.Series], dict[str, pd.Series], list[SetAside], list[ColumnReport]]:
    """Type each column of the leads table, and say which of them are features."""
    given, roles = parts.given, parts.roles
    used = {} if parts.made is None else parts.made.used
    features: dict[str, pd.Series] = {}
    dates: dict[str, pd.Series] = {}
    left_out: dict[str, pd.Series] = {}
    allowed = opted_in(parts.accept)
    aside: list[SetAside] = []
    reports: list[ColumnReport] = []
    for column in given.columns:
        if column in roles.columns:
            aside.append(SetAside(column, f"it is the {roles.in_words(column)}", "role"))
        elif column in parts.drop:
            aside.append(SetAside(column, "dropped as told", "dropped"))
        elif column in used:
            aside.append(SetAside(column, used[column], "role"))
        else:
            blank = texts_for(column, parts.missing)
            values, report = typed(column, given.frame[column], given.untyped(column), blank)
            reports.append(report)
            # judged by leads, because in rows an id that names a lead stands several times
            order = seen.order[seen.different] if seen.order is not None else None
            reason = set_aside(values.iloc[seen.different].reset_index(drop=True), report, order, allowed)
            if reason is None:
                features[column] = seen.values(values)
                continue
            aside.append(reason)
            if reason.kind == "date":
                dates |= {column: seen.values(values)} if report.type == "date" else {}
            elif (audited := for_audit(values, report, reason)) is not None:
                left_out[column] = seen.values(audited)
    return features, dates, left_out, aside, reports


def _made_features(made: Made, taken: set[str]) -> tuple[dict[str, pd.Series], pd.DataFrame]:
    """Return made features by name, and apart those that are the same for every row."""
    if both := sorted(taken & set(made.frame.columns)):
        raise wording.made_twice(both[0])
    idle = [name for name in made.frame.columns if made.frame[name].nunique(dropna=False) < 2]
    return {str(name): made.frame[name] for name in made.frame.columns if name not in idle}, made.frame[idle]


def _undecided(
    parts: Parts, columns: list[str]
) -> tuple[pd.DataFrame | None, NDArray[np.float64] | None, NDArray[np.int64] | None]:
    """Return the features of leads that are still undecided, how many days ago they came, and when."""
    given, roles = parts.given, parts.roles
    if parts.undecided is None or roles.created is None:
        return None, None, None
    created, report = typed(
        roles.created, given.frame[roles.created], given.untyped(roles.created), texts_for(roles.created, parts.missing)
    )
    if report.type != "date":
        return None, None, None
    known = np.zeros(len(given.frame), dtype=bool)
    known[parts.rows.lead[parts.rows.decided]] = True
    left = parts.undecided & ~known & created.notna().to_numpy(dtype=bool)
    if not left.any():
        return None, None, None
    at = microseconds(created[left])
    age = (microseconds(created[created.notna()]).max() - at) / DAY_US
    frame = {
        name: typed(name, given.frame[name], given.untyped(name), texts_for(name, parts.missing))[0][left]
        for name in columns
    }
    return pd.DataFrame(frame).reset_index(drop=True), age, at


def _order(
    given: Table, roles: Roles, missing: tuple[Placeholder, ...], times: TimesSettings | None
) -> tuple[NDArray[Any] | None, list[ColumnReport]]:
    """Return the key that sorts all leads by time, and what typing found in its column."""
    if roles.time == BY_ROW:
        return np.arange(len(given.frame)), []
    if roles.time is None:
        return None, []
    read = given.frame[roles.time]
    values, report = typed(roles.time, read, given.untyped(roles.time), texts_for(roles.time, missing))
    return time_key(roles.time, read, values, report, times), [report]


def _closed(parts: Parts, rows: Rows) -> NDArray[np.int64] | None:
    """Return when leads were decided, as the closed column says; the least integer where it is silent."""
    column = parts.roles.closed
    if column is None:
        return None
    read = parts.given.frame[column]
    values, report = typed(column, read, parts.given.untyped(column), texts_for(column, parts.missing))
    return microseconds(values.iloc[rows.lead]) if report.type == "date" else None


def _deal_values(parts: Parts, lead: NDArray[np.int64]) -> DealValues | None:
    """Keep what deals were worth, unread: who does not ask for it is not stopped by a cell that is no amount."""
    column = parts.roles.value
    if column is None:
        return None
    cells = parts.given.frame[column].iloc[lead].reset_index(drop=True)
    return DealValues(column, cells, parts.given.untyped(column), texts_for(column, parts.missing))


def _labels(
    given: Table, column: str | None, missing: tuple[Placeholder, ...], lead: NDArray[np.int64]
) -> NDArray[np.object_] | None:
    if column is None:
        return None
    texts = id_texts(given.frame[column], texts_for(column, missing)).iloc[lead]
    labels: NDArray[np.object_] = texts.astype(object).where(texts.notna(), None).to_numpy()
    return labels
