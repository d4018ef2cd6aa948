"""The parts of what is shown: leads, findings, point table, certificate, KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from leadml.points.look import plain
from leadml.points.views.audit_display import alike, of_any
from leadml.points.views.display import table_text
from leadml.terminal.layout import columns, heading, paragraph, styled, wrapped

if TYPE_CHECKING:
    from rich.console import Console

    from leadml.history.definitions import Definition
    from leadml.history.engagement.report import EventReport
    from leadml.history.moments.funnel import Funnel
    from leadml.jobs import AuditReport, HistorySummary, SegmentResult
    from leadml.points.certificate import Certificate
    from leadml.points.findings import Finding
    from leadml.points.table import PointTable
    from leadml.watch.kpi.report import KpiReport

INDENT = 18
COLOURS = {"error": "bold red", "hold": "bold red", "warn": "yellow", "note": "dim"}
# (pattern, style) over the plain text of a point table
LOOK = (
    (r"^[A-Z][A-Z ]+(?= +points )", "bold"),
    (r"(?<=\n\n)\S[^\n]*(?=\n  )", "bold"),  # a feature's name
    (r"(?<= )(?<!to )\+\d+(?= )(?! to)", "green"),
    (r"(?<= )(?<!to )-\d+(?= )(?! to)", "red"),
    (r"█+(?=│)", "red"),
    (r"(?<=│)█+", "green"),
    (r"░+|[│-]{10,}|│", "dim"),
)


def leads(out: Console, history: HistorySummary) -> None:
    """Print how many leads there were, and which columns were not used."""
    heading(out, "Leads")
    decided = history.won + history.lost
    rate = history.won / decided
    total = f"{decided + history.undecided:,} in {history.source}"
    if (told := history.funnel) is not None and told.rows_left == decided:
        rows = "" if told.leads_left == decided else f", as {decided:,} rows"
        total = f"{told.leads:,} in {history.source}, of which {told.leads_left:,} are left{rows}"
    counts = [
        ("all", total),
        ("won", f"{history.won:,} ({100 * rate:.1f} % of the decided)"),
        ("lost", f"{history.lost:,}"),
        ("undecided", f"{history.undecided:,} left out" if history.undecided else "none"),
        ("learned from", f"{history.trained_on:,}"),
        ("measured on", f"{history.measured_on:,} ({history.note})"),
    ]
    if history.window is not None:
        counts.append(("outcome window", history.window.said))
    counts += [("note", note) for note in history.notes]
    columns(out, counts)
    aside: dict[str, list[str]] = {}
    for column, reason in history.set_aside:
        aside.setdefault(reason, []).append(column)
    if aside:
        heading(out, "Columns set aside")
        columns(out, [(reason, ", ".join(names)) for reason, names in aside.items()])


def funnel(out: Console, told: Funnel) -> None:
    """Print how leads became rows."""
    heading(out, "From leads to rows")
    for line in told.text.splitlines():
        out.print(styled(f"  {line}", ""), soft_wrap=True)


def events(out: Console, told: EventReport | None) -> None:
    """Print what became of the events, where there are any."""
    if told is not None:
        heading(out, "Events")
        for line in told.text.splitlines():
            paragraph(out, line)


def made(out: Console, definitions: Iterable[Definition]) -> None:
    """Print what the made features are, exactly."""
    rows = [(definition.feature, definition.says) for definition in definitions]
    if rows:
        heading(out, "Made features")
        columns(out, rows)


def segments(out: Console, found: Iterable[SegmentResult]) -> None:
    """Print what became of each segment."""
    heading(out, "Segments")
    rows = []
    for segment in found:
        own = segment.result
        version = "not judged" if own is None else f"{own.table.name}@{own.version}"
        rows.append((segment.value, f"{segment.leads:,} leads, {segment.won:,} won", version, segment.said))
    columns(out, rows)


def findings(out: Console, report: AuditReport, shown: Collection[str] = ()) -> None:
    """Print findings, alike ones together; notes on columns that were shown already are left out."""
    heading(out, "Audit")
    told = [f for f in report.findings if not (_is_note(f) and f.column in shown)]
    if not told:
        paragraph(out, "No finding.")
    for group in alike(told):
        first = group[0]
        state = "accepted" if first.key in report.accepted else first.severity
        head = styled(f"  {first.code} {state}".ljust(INDENT), COLOURS[first.severity])
        wrapped(out, styled(plain(first.title)), INDENT, head)
        about = ", ".join(f.column for f in group if f.column is not None)
        paragraph(out, f"{about}: {first.seen}" if about else first.seen, INDENT)
        if not _is_note(first):
            paragraph(out, f"→ {first.remedy if len(group) == 1 else of_any(first)}", INDENT)
    for check in report.not_checked:
        head = styled(f"  {check.code} unknown", "dim")
        wrapped(out, styled(plain(f"{check.title}: not checked, {check.reason}"), "dim"), INDENT, head)


def point_table(out: Console, table: PointTable) -> None:
    """Print a point table, coloured where there are colours."""
    heading(out, "Point table")
    text = styled(table_text(table, out.width - 2))
    for pattern, style in LOOK:
        text.highlight_regex(rf"(?m){pattern}", style)
    wrapped(out, text)


def changes(out: Console, table: PointTable) -> None:
    """Print what moved against the table that learning started from, where it did."""
    previous = table.provenance.get("previous")
    if previous is not None:
        heading(out, f"Changes against {previous['sha256'][:8]}")
        for sentence in previous["changes"] or ["Every row is as it was."]:
            paragraph(out, sentence)


def cooling(out: Console, table: PointTable) -> None:
    """Print how the points of events fall as days pass, where there are any."""
    found = table.cooling()
    if found.steps:
        heading(out, "How points fall as days pass")
        for line in found.text.splitlines():
            out.print(styled(f"  {line}"), soft_wrap=True)


def certificate(out: Console, told: Certificate) -> None:
    """Print a certificate: its sentences, then its figures."""
    heading(out, "Certificate")
    for sentence in told.sentences:
        paragraph(out, sentence)
    out.print()
    wrapped(out, styled(told.text.removeprefix("\n".join(told.sentences)).strip("\n")))


def kpi(out: Console, report: KpiReport) -> None:
    """Print the KPI: its sentence, then its figures."""
    heading(out, "KPI")
    paragraph(out, report.sentence, style="bold")
    out.print()
    wrapped(out, styled(report.text.removeprefix(report.sentence).strip("\n")))


def _is_note(finding: Finding) -> bool:
    return finding.severity == "note"
