"""What a monitoring has found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import BusyError, KpiRedError
from leadml.points import look

if TYPE_CHECKING:
    from leadml.jobs.monitoring.silence import Silence
    from leadml.watch.drift.drift_report import DriftReport
    from leadml.watch.kpi.cohorts import Change
    from leadml.watch.kpi.kpi_history import KpiHistory


@dataclass(frozen=True, repr=False)
class Monitored:
    """The KPI, drift, and what was noted of them.

    Parameters
    ----------
    name : str
        The point table's name; empty for files of scores and outcomes.
    kpi : KpiHistory
        Whether top-scored leads still convert better.
    drift : DriftReport
        What has changed in leads and rules.
    changes : tuple of Change
        Closed cohorts that late outcomes have changed since the last run.
    notes : tuple of str
        What else a reader should know.
    folder : Path or None
        Where the KPI's history is kept.
    written : bool
        Whether it had to be written: something was new.
    logged : int
        Figures that were logged to MLflow: none where nothing was new.
    unlogged : str
        Why MLflow could not be told; empty where it was.
    gone : int
        Scored leads that the leads no longer hold; they do not count.
    silence : Silence or None
        How long nothing was scored, where that is longer than usual; the verdict's sentence says it as well.
    stale : tuple of str
        That no win has been heard of for long, where it is so; the notes say it as well.
    """

    name: str
    kpi: KpiHistory
    drift: DriftReport
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    folder: Path | None = None
    written: bool = False
    logged: int = 0
    unlogged: str = ""
    gone: int = 0
    silence: Silence | None = None
    stale: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the command ends with: 5 for RED, 75 where MLflow could not be told, else 0."""
        if self.kpi.verdict == "RED":
            return KpiRedError.exit_code
        return BusyError.exit_code if self.unlogged else 0

    @property
    def text(self) -> str:
        """All of it as plain text."""
        parts = [self.kpi.text, "", *self.drift.text.splitlines(), *(change.text for change in self.changes)]
        return "\n".join([*parts, *self.notes])

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Monitored {self.name or 'scores'}: {self.kpi!r}, {self.drift!r}>"

    def _repr_html_(self) -> str:
        more = "".join(f"<p>{look.escaped(line)}</p>" for line in (*(c.text for c in self.changes), *self.notes))
        return self.kpi._repr_html_() + self.drift._repr_html_() + look.page(more)

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml monitor --json` prints: what the KPI says, and drift, changes and notes beside it."""
        told = self.kpi.to_dict()
        return {
            **told,
            "name": self.name,
            "drift": self.drift.to_dict(),
            "changes": [change.to_dict() for change in self.changes],
            "notes": [*told.get("notes", ()), *self.notes],
            "logged": self.logged,
            "unlogged": self.unlogged,
            "gone": self.gone,
            "silence": None if self.silence is None else self.silence.to_dict(),
        }
