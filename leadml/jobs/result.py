"""What a training gives back: values that print well, in a terminal and in a notebook."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from leadml.points.certificate import Certificate
from leadml.points.findings import Finding, NotApplicable
from leadml.points.table import PointTable
from leadml.points.views.audit_display import findings_frame, findings_html, findings_text

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.definitions import Definition
    from leadml.history.engagement.report import EventReport
    from leadml.history.moments.funnel import Funnel
    from leadml.history.moments.window import Window
    from leadml.watch.kpi.report import KpiReport
    from leadml.watch.threshold.counts import ScoreCounts

Progress: TypeAlias = Callable[[str], None]


def silent(step: str) -> None:
    """Take note of no progress."""


@dataclass(frozen=True)
class HistorySummary:
    """The leads of a training in numbers.

    Parameters
    ----------
    source : str
        What the leads came from, by name.
    won, lost, undecided : int
        Leads by outcome; undecided ones were left out.
    trained_on, measured_on : int
        Decided leads that the table was learned from, and newer ones that it was measured on.
    split : {"out-of-time", "random"}
        How the two were set apart.
    note : str
        The split in words.
    set_aside : tuple of (str, str)
        Columns that were not used, each with the reason.
    fingerprint : str
        The identity of the data, whatever the order of its rows.
    funnel : Funnel or None
        How leads became rows, where there are scoring moments.
    window : Window or None
        The outcome window.
    definitions : tuple of Definition
        What made features are, exactly.
    notes : tuple of str
        What else there is to know, such as that a sample was drawn.
    trained_until : str or None
        The moment of the newest lead learned from, in UTC; None where nothing tells when leads came.
    columns : tuple of (str, str)
        The columns that could be learned from, each with its type.
    events : EventReport or None
        What became of the events; None without events.
    """

    source: str
    won: int
    lost: int
    undecided: int
    trained_on: int
    measured_on: int
    split: str
    note: str
    set_aside: tuple[tuple[str, str], ...]
    fingerprint: str
    funnel: Funnel | None = None
    window: Window | None = None
    definitions: tuple[Definition, ...] = ()
    notes: tuple[str, ...] = ()
    trained_until: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    events: EventReport | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return named | {
            "set_aside": [{"column": column, "reason": reason} for column, reason in self.set_aside],
            "funnel": None if self.funnel is None else self.funnel.to_dict(),
            "window": None if self.window is None else self.window.to_dict(),
            "definitions": [asdict(definition) for definition in self.definitions],
            "notes": list(self.notes),
            "columns": dict(self.columns),
            "events": None if self.events is None else self.events.to_dict(),
        }


@dataclass(frozen=True)
class AuditReport:
    """What an audit saw, and what of it stops a training.

    Parameters
    ----------
    findings : tuple of Finding
        What was found, the gravest first.
    held : tuple of Finding
        Those that stop a training, because they are errors or nobody accepted them.
    accepted : tuple of str
        Findings that were accepted, as ``CODE:COLUMN``.
    not_checked : tuple of NotApplicable
        What could not be checked, which is not the same as having passed.
    events : EventReport or None
        What became of the events; None without events.
    """

    findings: tuple[Finding, ...]
    held: tuple[Finding, ...]
    accepted: tuple[str, ...]
    not_checked: tuple[NotApplicable, ...] = ()
    events: EventReport | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "findings": [finding.to_dict() for finding in self.findings],
            "held": [finding.key for finding in self.held],
            "accepted": list(self.accepted),
            "not_checked": [check.to_dict() for check in self.not_checked],
            "events": None if self.events is None else self.events.to_dict(),
        }

    def frame(self) -> pd.DataFrame:
        """Return one row per finding: code, severity, column, title, seen, remedy, state (held or accepted)."""
        return findings_frame(self.findings, self._held, self.accepted)

    @property
    def text(self) -> str:
        """The findings as plain text, the gravest first."""
        return findings_text(self.findings, self._held, self.accepted, self.not_checked)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return findings_html(self.findings, self._held, self.accepted, self.not_checked)

    @property
    def _held(self) -> frozenset[str]:
        return frozenset(finding.key for finding in self.held)


@dataclass(frozen=True)
class Judged:
    """A point table with what is known about it.

    Parameters
    ----------
    table : PointTable
        The table.
    certificate : Certificate
        What it keeps of the model, on leads that neither has seen.
    kpi : KpiReport
        Conversion of the top group against the rest, on the same leads.
    audit : AuditReport
        The findings.
    history : HistorySummary
        The leads in numbers.
    counts : ScoreCounts
        Scores, grades and outcomes of the leads it was measured on.
    """

    table: PointTable
    certificate: Certificate
    kpi: KpiReport
    audit: AuditReport
    history: HistorySummary
    counts: ScoreCounts


@dataclass(frozen=True, repr=False)
class TrainResult(Judged):
    """A point table that was learned, judged, written and registered.

    Parameters
    ----------
    table, certificate, kpi, audit, history, counts
        See `Judged`.
    version : int
        The version's number.
    champion : bool
        Whether it is the version in use now.
    folder : Path
        Where its files lie.
    run_id : str
        The MLflow run.
    tracking_uri : str
        The MLflow store, without passwords.
    segments : tuple of SegmentResult
        One per segment, where the configuration asks for a table for each.
    config : str or None
        The configuration that it was trained from, as it was named.
    same_as : int or None
        The first version that is this very table; None where there was none.
    """

    version: int
    champion: bool
    folder: Path
    run_id: str
    tracking_uri: str
    segments: tuple[SegmentResult, ...] = ()
    config: str | None = None
    same_as: int | None = None

    @property
    def made(self) -> tuple[str, ...]:
        """The features of the table that leadml made, which no export of leads has."""
        made = {definition.feature for definition in self.history.definitions}
        return tuple(feature.name for feature in self.table.features if feature.name in made)

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml train --json` prints."""
        return {
            "name": self.table.name,
            "version": self.version,
            "champion": self.champion,
            "sha256": self.table.sha256,
            "n_rules": self.table.n_rules,
            "folder": str(self.folder),
            "run_id": self.run_id,
            "tracking_uri": self.tracking_uri,
            "history": self.history.to_dict(),
            "audit": self.audit.to_dict(),
            "certificate": self.certificate.to_dict(),
            "kpi": self.kpi.to_dict(),
            "segments": [segment.to_dict() for segment in self.segments],
        }

    def report(self, out: str | os.PathLike[str] | None = None) -> Path:
        """Write the version's report as one HTML page, and return its path; see `leadml.jobs.report`."""
        from leadml.jobs.reporting import report

        return report(str(self.folder), out, models=self.folder.parent.parent, tracking_uri=self.tracking_uri)

    def __repr__(self) -> str:
        place = f"version {self.version}{' (champion)' if self.champion else ''} in {str(self.folder)!r}"
        return f"TrainResult({self.table!r}, {place}; see .table, .certificate, .kpi, .audit)"

    def _repr_html_(self) -> str:
        """Show table, certificate and KPI one below the other."""
        state = "the champion" if self.champion else "not the champion"
        title = f"Version {self.version} of {self.table.name}, {state}. {self.kpi.sentence}"
        return f"<p>{html.escape(title)}</p>" + self.table._repr_html_() + self.certificate._repr_html_()


@dataclass(frozen=True)
class SegmentResult:
    """What became of one segment.

    Parameters
    ----------
    value : str
        The value of the column that parts the leads.
    leads, won : int
        Its leads among those to learn from.
    kept : bool
        Whether the points are those of the pooled table.
    said : str
        What was compared, and what was decided, in words.
    result : TrainResult or None
        Its own version; None where its newest leads are too few to judge a table.
    """

    value: str
    leads: int
    won: int
    kept: bool
    said: str
    result: TrainResult | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        named = {name: getattr(self, name) for name in ("value", "leads", "won", "kept", "said")}
        return named | {"result": None if self.result is None else self.result.to_dict()}
