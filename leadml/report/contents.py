"""What a report is made of: a point table, and whatever else is known about its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leadml.points.certificate import Certificate
from leadml.points.differences.difference import Difference
from leadml.points.findings import Finding, NotApplicable
from leadml.points.table import PointTable
from leadml.points.words.languages import DEFAULT
from leadml.points.words.translating import spoken
from leadml.report.months import Months

if TYPE_CHECKING:
    from leadml.watch.kpi.report import KpiReport
    from leadml.watch.threshold.counts import ScoreCounts


@dataclass(frozen=True)
class Audited:
    """What the audit of a version's leads said.

    Parameters
    ----------
    findings : tuple of Finding
        The gravest first.
    accepted : tuple of str
        Those that a person accepted, as ``CODE:COLUMN``.
    not_checked : tuple of NotApplicable
        What could not be checked.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[str, ...] = ()
    not_checked: tuple[NotApplicable, ...] = ()

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Audited:
        """Read what a version's ``audit.json`` holds."""
        return cls(
            tuple(Finding.from_dict(finding) for finding in content["findings"]),
            tuple(content["accepted"]),
            tuple(NotApplicable.from_dict(check) for check in content.get("not_checked", ())),
        )


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A point table with what is known about it; only the table must be there.

    Parameters
    ----------
    table : PointTable
        The table.
    version : int or None
        Its number.
    in_use : bool or None
        Whether it is the champion; None where nothing says so.
    written_at : str
        When the version was written, as its manifest says; empty where there is none.
    run_id : str
        The MLflow run.
    certificate : Certificate or None
        What the table keeps of the model.
    kpi : KpiReport or None
        Conversion of the top group and the rest when the table was made.
    counts : ScoreCounts or None
        Leads and wins by score, on the leads the table was measured on.
    months : Months or None
        The KPI since then.
    audited : Audited or None
        The findings.
    history : mapping
        The leads in numbers, as ``history.json`` holds them.
    difference : Difference or None
        What is not as it was in the version before.
    before : int or None
        The number of that version.
    """

    table: PointTable
    version: int | None = None
    in_use: bool | None = None
    written_at: str = ""
    run_id: str = ""
    certificate: Certificate | None = None
    kpi: KpiReport | None = None
    counts: ScoreCounts | None = None
    months: Months | None = None
    audited: Audited | None = None
    history: Mapping[str, Any] = field(default_factory=dict)
    difference: Difference | None = None
    before: int | None = None

    @property
    def language(self) -> str | None:
        """The code of the language that the rules are told in; None for the page's own, English."""
        code = spoken(self.table).code
        return None if code == DEFAULT else code

    @property
    def title(self) -> str:
        """Name and version."""
        return self.table.name if self.version is None else f"{self.table.name}, version {self.version}"
