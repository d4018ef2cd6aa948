"""Past leads with their outcomes: one row per lead, typed features, and what was left out, by name."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history import wording
from leadml.history.audit.acceptance import Acceptance, parse_accept
from leadml.history.display import history_html, history_text
from leadml.history.fingerprint import fingerprint
from leadml.history.outcome import LOST, UNDECIDED, WON, OutcomeCounts, check_enough, read_outcomes
from leadml.history.roles import BY_ROW, Roles, time_key
from leadml.history.setaside import SetAside, set_aside
from leadml.history.sources.readers import Table, read_table
from leadml.history.split import HistorySplit, split_history
from leadml.history.values.columns import ColumnReport, typed
from leadml.history.values.placeholders import Placeholder, parse_missing, texts_for

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class LeadHistory:
    """Decided leads: their features, whether they were won, and how they can be told apart.

    Parameters
    ----------
    frame : DataFrame of shape (n_leads, n_features)
        The features: float64 (number), str (category) or boolean columns; missing values are missing.
    won : ndarray of bool, shape (n_leads,)
        True for won, False for lost; undecided leads are not in here.
    roles : Roles
        The columns that have another part to play.
    counts : OutcomeCounts
        Won, lost and undecided leads.
    order : ndarray of shape (n_leads,) or None
        Sorts the leads by time, older first.
    company, lead_id : ndarray of str, shape (n_leads,), or None
        The lead's company and its id; None in the array where it is missing.
    set_aside : tuple of SetAside
        Columns of the source that are no features, with the reason.
    missing : tuple
        Placeholders: texts, or ``{"feature": …, "text": …}``.
    reports : tuple of ColumnReport
        What typing found, column by column.
    accept : tuple of Acceptance
        Audit findings that a person has accepted.
    name : str
        The source's name without its endings.

    Examples
    --------
    >>> leads = pd.DataFrame({"visits": [0, 3] * 40, "source": ["web", "fair"] * 40, "won": [0, 1] * 40})
    >>> history = LeadHistory.from_frame(leads, outcome="won")
    >>> history
    LeadHistory('leads', 80 leads: 40 won, 40 lost, 0 undecided; 2 features)
    """

    frame: pd.DataFrame
    won: NDArray[np.bool_]
    roles: Roles
    counts: OutcomeCounts
    order: NDArray[np.int64] | NDArray[np.float64] | None = None
    company: NDArray[np.object_] | None = None
    lead_id: NDArray[np.object_] | None = None
    set_aside: tuple[SetAside, ...] = ()
    missing: tuple[Placeholder, ...] = ()
    reports: tuple[ColumnReport, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    name: str = "leads"

    @classmethod
    def read(
        cls,
        source: str | os.PathLike[str] | pd.DataFrame,
        *,
        outcome: str,
        won: Any = (),
        lost: Any = (),
        id: str | None = None,
        drop: Any = (),
        missing: Any = (),
        order: str | None = None,
        closed: str | None = None,
        value: str | None = None,
        company: str | None = None,
        created: str | None = None,
        sep: str | None = None,
        accept: Any = (),
        name: str | None = None,
        table: str | None = None,
        query: str | None = None,
    ) -> LeadHistory:
        """Read past leads from a file, a database or a frame.

        Parameters
        ----------
        source : path, "env:NAME" or DataFrame
            CSV (text, typed strictly), Parquet, a DuckDB or SQLite file with `table` or `query`, or a frame.
        outcome : str
            The column with the outcome.
        won, lost : value or sequence of values
            Which outcomes mean won and lost; see `read_outcomes`.
        id, created, closed, value, company : str, optional
            Columns with a role; they are no features.
        drop : str or sequence of str
            Columns to leave out.
        missing : str, sequence or mapping
            Placeholders; see `parse_missing`.
        order : str, optional
            A number or date column that sorts leads by time, or ``"@row"``; `created` unless given.
        sep : str, optional
            Separator of a CSV file; found unless given.
        accept : sequence of str, or mapping of str to str
            Findings of the audit that are accepted, such as ``"LD002:sessions"``, with a reason in a mapping.
        name : str, optional
            The source's name without endings unless given.
        table, query : str, optional
            What to read from a database.

        Raises
        ------
        UsageError
            If a column, a file or an outcome value does not exist.
        DataError
            If the data cannot be used: unreadable, an outcome not understood, fewer than 40 won or 40 lost.
        """
        given = read_table(source, sep=sep, table=table, query=query)
        roles = Roles(outcome, id, created, closed, value, company, order)
        return _history(given, roles, won, lost, _names(drop), missing, accept, name)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, outcome: str, **options: Any) -> LeadHistory:
        """Take past leads from a pandas frame; the options are those of `read`."""
        return cls.read(frame, outcome=outcome, **options)

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of all that learning sees; the same whatever the order of rows and columns."""
        seen = self.frame.add_prefix("feature ")
        seen["won"] = self.won.astype(np.float64)
        if self.order is not None:
            seen["order"] = self.order
        if self.company is not None:
            seen["company"] = pd.array(self.company, dtype="str")
        return fingerprint(seen)

    def __len__(self) -> int:
        return len(self.frame)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LeadHistory):
            return NotImplemented
        mine, theirs = (
            (h.roles, h.counts, h.set_aside, h.missing, h.accept, h.name, h.fingerprint)
            for h in (self, other)
        )
        return mine == theirs

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def take(self, which: NDArray[np.bool_]) -> LeadHistory:
        """Return the history of some of the leads.

        Parameters
        ----------
        which : ndarray of bool, shape (n_leads,)
        """
        won = self.won[which]
        return replace(
            self,
            frame=self.frame[which].reset_index(drop=True),
            won=won,
            counts=OutcomeCounts(int(won.sum()), int((~won).sum()), 0),
            order=None if self.order is None else self.order[which],
            company=None if self.company is None else self.company[which],
            lead_id=None if self.lead_id is None else self.lead_id[which],
        )

    def split(self, newest: float = 0.2) -> HistorySplit:
        """Part the leads to learn from and the newest ones, on which the table is judged.

        Parameters
        ----------
        newest : float
            Share of the leads to judge on, between 0 and 1.

        Returns
        -------
        HistorySplit
            By time where there is an order, leads of the same moment together; else at random, equal rows and
            leads of one company together. The order of the rows never matters.
        """
        return split_history(self, newest)

    def __repr__(self) -> str:
        c = self.counts
        return (
            f"LeadHistory({self.name!r}, {len(self):,} leads: {c.won:,} won, {c.lost:,} lost, "
            f"{c.undecided:,} undecided; {self.frame.shape[1]} features)"
        )

    @property
    def text(self) -> str:
        """A summary in words: leads, features, and every column set aside with its reason."""
        return history_text(self)

    def _repr_html_(self) -> str:
        return history_html(self)


def _history(
    given: Table,
    roles: Roles,
    won: Any,
    lost: Any,
    drop: list[str],
    missing: Any,
    accept: Any,
    name: str | None,
) -> LeadHistory:
    given.require([*roles.columns, *drop])
    if not len(given.frame):
        raise wording.no_rows(given.where)
    placeholders = parse_missing(missing, given.columns)
    blank = texts_for(roles.outcome, placeholders)
    states = read_outcomes(roles.outcome, given.frame[roles.outcome], won, lost, blank)
    counts = OutcomeCounts(*(int((states == state).sum()) for state in (WON, LOST, UNDECIDED)))
    check_enough(roles.outcome, counts)
    decided = states != UNDECIDED
    order, time = _order(given, roles, placeholders)
    order = order[decided] if order is not None else None
    frame, aside, reports = _features(given, roles, drop, placeholders, decided, order)
    if not frame.shape[1]:
        raise wording.no_features(given.where, {a.column: a.reason for a in aside})
    return LeadHistory(
        frame=frame,
        won=states[decided] == WON,
        roles=roles,
        counts=counts,
        order=order,
        company=_labels(given, roles.company, placeholders, decided),
        lead_id=_labels(given, roles.id, placeholders, decided),
        set_aside=tuple(aside),
        missing=placeholders,
        reports=(*time, *reports),
        accept=parse_accept(accept, given.columns),
        name=name or given.stem,
    )


def _features(
    given: Table,
    roles: Roles,
    drop: list[str],
    missing: tuple[Placeholder, ...],
    decided: NDArray[np.bool_],
    order: NDArray[Any] | None,
) -> tuple[pd.DataFrame, list[SetAside], list[ColumnReport]]:
    features: dict[str, pd.Series] = {}
    aside: list[SetAside] = []
    reports: list[ColumnReport] = []
    for column in given.columns:
        if column in roles.columns:
            aside.append(SetAside(column, f"it is the {roles.in_words(column)}", "role"))
        elif column in drop:
            aside.append(SetAside(column, "dropped as told", "dropped"))
        else:
            values, report = typed(column, given.frame[column], given.is_text, texts_for(column, missing))
            values = values[decided].reset_index(drop=True)
            reports.append(report)
            if reason := set_aside(values, report, order):
                aside.append(reason)
            else:
                features[column] = values
    return pd.DataFrame(features), aside, reports


def _order(
    given: Table, roles: Roles, missing: tuple[Placeholder, ...]
) -> tuple[NDArray[Any] | None, list[ColumnReport]]:
    """Return the key that sorts all leads by time, and what typing found in its column."""
    if roles.time == BY_ROW:
        return np.arange(len(given.frame)), []
    if roles.time is None:
        return None, []
    read = given.frame[roles.time]
    values, report = typed(roles.time, read, given.is_text, texts_for(roles.time, missing))
    return time_key(roles.time, read, values, report), [report]


def _labels(
    given: Table, column: str | None, missing: tuple[Placeholder, ...], decided: NDArray[np.bool_]
) -> NDArray[np.object_] | None:
    if column is None:
        return None
    texts = given.frame.loc[decided, column].astype("str")
    gone = texts.isna() | texts.isin([*texts_for(column, missing), ""])
    labels: NDArray[np.object_] = texts.astype(object).where(~gone, None).to_numpy()
    return labels


def _names(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
