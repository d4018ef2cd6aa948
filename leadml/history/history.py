"""Past leads with their outcomes: one row per lead, typed features, and what was left out, by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.audit.acceptance import Acceptance
from leadml.history.display import history_html, history_text
from leadml.history.fingerprint import fingerprint, row_hashes
from leadml.history.outcome import LEAST, OutcomeCounts
from leadml.history.roles import Roles
from leadml.history.setaside import SetAside
from leadml.history.sources.readers import read_table
from leadml.history.split import HistorySplit, split_history
from leadml.history.values.columns import ColumnReport
from leadml.history.values.money import DealValues
from leadml.history.values.placeholders import Placeholder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.definitions import Definition
    from leadml.history.engagement.report import EventReport
    from leadml.history.moments.funnel import Funnel
    from leadml.history.moments.window import Window

YOUNG_LEFT = (
    "{rows:,} rows ({won:,} won, {lost:,} lost) are left out although they are decided: their outcome window is not "
    "over, and of leads so young the quick ones are known first"
)
YOUNG_KEPT = (
    "{rows:,} rows ({won:,} won) are decided before their outcome window is over; too few others are left to do "
    "without them, so quick wins count for too much"
)


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
    as_of, decided_at : ndarray of int64, shape (n_leads,), or None
        Scoring moment and moment of the decision in microseconds since 1970 (UTC), where they are known.
    window_over : ndarray of bool, shape (n_leads,), or None
        Whether the row's outcome window was over while outcomes were observed.
    dates : DataFrame or None
        The date columns (UTC) of the same rows; they are no features.
    left_out : DataFrame or None
        Sensitive columns and the numbers of identifiers of the same rows, for the audit only; they are no features.
    idle : DataFrame or None
        Made features of the same rows that do not vary, so that nothing can be learned from them.
    undecided : DataFrame or None
        The same features of leads that are still undecided.
    undecided_age_days : ndarray of float, shape (n_undecided,), or None
        How long before the newest lead each of them came.
    undecided_at : ndarray of int64, shape (n_undecided,), or None
        When each of them came, in microseconds since 1970 (UTC).
    funnel : Funnel or None
        How leads became rows.
    window : Window or None
        The outcome window.
    definitions : tuple of Definition
        What the made features are, exactly.
    origin : mapping
        What made features can be computed from again.
    notes : tuple of str
        What else a reader should know, such as that a sample was drawn.
    segment : ndarray of str, shape (n_leads,), or None
        The segment of each row, where there is a table for each.
    deal_values : DealValues or None
        What the deals were worth, as it was read, where a column says so.
    places : ndarray of int64, shape (n_leads,), or None
        Where the lead of each row stands in the source, from 0.
    events : EventReport or None
        What became of the events, and whether they are those of the leads; None without events.

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
    as_of: NDArray[np.int64] | None = None
    decided_at: NDArray[np.int64] | None = None
    window_over: NDArray[np.bool_] | None = None
    dates: pd.DataFrame | None = None
    idle: pd.DataFrame | None = None
    left_out: pd.DataFrame | None = None
    undecided: pd.DataFrame | None = None
    undecided_age_days: NDArray[np.float64] | None = None
    undecided_at: NDArray[np.int64] | None = None
    funnel: Funnel | None = None
    window: Window | None = None
    definitions: tuple[Definition, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    segment: NDArray[np.object_] | None = None
    deal_values: DealValues | None = None
    places: NDArray[np.int64] | None = None
    events: EventReport | None = None

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
        category: Any = (),
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
        category : str or sequence of str
            Columns of numbers that are names, such as codes of industries: each number is a category of its own. So
            is each level of a pandas categorical.
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
        from leadml.history.assemble import Parts, assemble, checked, rows_of_outcomes

        given = read_table(source, sep=sep, table=table, query=query)
        roles = Roles(outcome, id, created, closed, value, company, order)
        placeholders = checked(given, roles, _names(drop), _names(category), missing)
        given = given.with_categories(_names(category))
        rows = rows_of_outcomes(given, roles, won, lost, placeholders)
        undecided = ~rows.decided
        parts = (given, roles, rows, None, _names(drop), placeholders, accept, name or given.stem, undecided)
        return assemble(Parts(*parts))

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, outcome: str, **options: Any) -> LeadHistory:
        """Take past leads from a pandas frame; the options are those of `read`."""
        return cls.read(frame, outcome=outcome, **options)

    @classmethod
    def from_config(cls, path: str | os.PathLike[str], **said: Any) -> LeadHistory:
        """Build the history that a ``leadml.toml`` describes: scoring moments, outcomes, events, profiles.

        Parameters
        ----------
        path : path
            The configuration.
        **said
            Options of `read` that count more than the configuration.

        Returns
        -------
        LeadHistory
            One row per decided scoring moment; see `build`.
        """
        from leadml.history.build import build
        from leadml.history.settings.config import read_settings

        return build(read_settings(path), said)

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
            (h.roles, h.counts, h.set_aside, h.missing, h.accept, h.name, h.fingerprint) for h in (self, other)
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
        arrays: dict[str, Any] = {
            name: None if (rows := getattr(self, name)) is None else rows[which]
            for name in ("order", "company", "lead_id", "as_of", "decided_at", "window_over", "segment", "places")
        }
        return replace(
            self,
            frame=self.frame[which].reset_index(drop=True),
            won=won,
            counts=OutcomeCounts(int(won.sum()), int((~won).sum()), 0),
            dates=None if self.dates is None else self.dates[which].reset_index(drop=True),
            left_out=None if self.left_out is None else self.left_out[which].reset_index(drop=True),
            idle=None if self.idle is None else self.idle[which].reset_index(drop=True),
            deal_values=None if self.deal_values is None else self.deal_values.take(which),
            **arrays,
        )

    def matured(self) -> LeadHistory:
        """Leave out rows that are decided though their outcome window is not over.

        Of young leads those are known first that were won, or lost, quickly, while the others are still open. To learn
        from them, or to measure on them, would favour whatever is decided quickly; so only cohorts count whose window
        is over. Where hardly any row would be left, all stay, and a note says so.

        Returns
        -------
        LeadHistory
        """
        if self.window_over is None or self.window_over.all():
            return self
        young, won = ~self.window_over, int(self.won[~self.window_over].sum())
        lost = int(young.sum()) - won
        if min(self.counts.won - won, self.counts.lost - lost) < LEAST:
            return replace(self, notes=(*self.notes, YOUNG_KEPT.format(rows=int(young.sum()), won=won)))
        note = YOUNG_LEFT.format(rows=int(young.sum()), won=won, lost=lost)
        old = self.take(self.window_over)
        counts = replace(old.counts, undecided=self.counts.undecided)
        return replace(old, counts=counts, notes=(*self.notes, note), funnel=self._without_young(old))

    def _without_young(self, old: LeadHistory) -> Funnel | None:
        """Return how leads became these rows; as it was where rows were taken from it since, as a sample is."""
        from leadml.history.moments.wording import YOUNG

        told = self.funnel
        if told is None or self.places is None or (told.won, told.lost) != (self.counts.won, self.counts.lost):
            return told
        gone = len(np.unique(self.places)) - len(np.unique(self.places[self.window_over]))
        return told.without(YOUNG, gone, len(self) - len(old), (old.counts.won, old.counts.lost))

    @cached_property
    def groups(self) -> NDArray[np.uint64] | None:
        """One number per row, equal for rows of one company, or of one lead; None where every row stands alone."""
        if self.company is None and self.lead_id is None:
            return None
        numbers = row_hashes(self.frame)
        for kind, labels in (("lead ", self.lead_id), ("company ", self.company)):
            if labels is not None:
                named = pd.Series(labels, dtype="str")
                own = pd.util.hash_pandas_object(kind + named, index=False).to_numpy(dtype=np.uint64)
                numbers = np.where(named.notna().to_numpy(dtype=bool), own, numbers)
        return numbers if pd.Series(numbers).duplicated().any() else None

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


def _names(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
