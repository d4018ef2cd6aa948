"""What each verb prints."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.points.canonical import strict_loads
from leadml.points.certificate import Certificate
from leadml.points.look import plain
from leadml.terminal.following import kept_in, next_commands, typed
from leadml.terminal.layout import columns, from_here, heading, paragraph, screen, styled, wrapped
from leadml.terminal.parts import (
    certificate,
    changes,
    cooling,
    events,
    findings,
    funnel,
    kpi,
    leads,
    made,
    point_table,
    segments,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from leadml.demo import DemoFiles
    from leadml.jobs import AuditReport, FeatureSummary, FoundTable, ScoreSummary, TrainResult
    from leadml.jobs.unseen_values import UnseenValue
    from leadml.points.differences.difference import Difference


def show_json(content: Any) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def show_demo(files: DemoFiles) -> None:
    """Say what the demo wrote and what to do with it."""
    out = screen()
    heading(out, "Written")
    told = {
        files.leads: "past leads as a CRM exports them",
        files.events: "what the leads did",
        files.config: "which column is what",
        files.truth: "the points that were planted",
        files.readme: "all of this, explained",
    }
    columns(out, [(str(path), what) for path, what in told.items()])
    next_commands(
        out,
        [
            f"leadml train {typed(files.config)}",
            f"leadml audit {typed(files.leads)} --outcome status --won won --lost lost",
        ],
    )


def show_draft(path: Path) -> None:
    """Say what `init` wrote and what to do with it."""
    from leadml.history.settings.draft import unfilled

    out = screen()
    heading(out, "Written")
    columns(out, [(str(path), "look through it: lines marked DECIDE need you")])
    first = 'First fill in what is marked: each "…" stands for a name that you must give, or take away. Then:'
    next_commands(out, [f"leadml train {typed(path)}"], first if unfilled(path.read_text("utf-8")) else "")


def show_audit(report: AuditReport) -> None:
    """Print findings, the gravest first."""
    out = screen()
    events(out, report.events)
    findings(out, report)
    if report.held:
        keys = ", ".join(finding.key for finding in report.held)
        heading(out, "Held")
        paragraph(out, f"A training stops until these are dropped or accepted: {keys}")


def show_features(summary: FeatureSummary) -> None:
    """Say what became of the leads, what was written, and what each made feature is."""
    for said in summary.warnings:
        paragraph(screen(error=True), plain(said), 0)
    out = screen()
    if summary.funnel is not None:
        funnel(out, summary.funnel)
    events(out, summary.events)
    for said in summary.notes:
        paragraph(out, f"Note: {said}.")
    made(out, summary.definitions)
    heading(out, "Written")
    columns(out, [(str(summary.out), f"{summary.rows:,} rows, {summary.features:,} features")])


def show_training(result: TrainResult) -> None:
    """Print everything about a training, from the leads it saw to what to do next."""
    out = screen()
    if result.history.funnel is not None:
        funnel(out, result.history.funnel)
    events(out, result.history.events)
    leads(out, result.history)
    findings(out, result.audit, {column for column, _ in result.history.set_aside})
    point_table(out, result.table)
    changes(out, result.table)
    cooling(out, result.table)
    certificate(out, result.certificate)
    kpi(out, result.kpi)
    if result.segments:
        segments(out, result.segments)
    _written(out, result)
    table = f"{result.table.name}@{result.version}"
    where = kept_in(result.folder.parents[1], result.tracking_uri)
    look = [f"leadml report {table}{where}", f"leadml show {table}{where}", *_scoring(result, table, where)]
    look += [f"leadml export {table} --to csv --out points.csv{where}"]
    next_commands(out, [*look, f"mlflow ui --backend-store-uri {typed(result.tracking_uri)}"])


def _scoring(result: TrainResult, table: str, where: str) -> list[str]:
    """Say how new leads are scored: first made ready where the table needs features that leadml makes."""
    if result.config is None or not result.made:
        return [f"leadml score {table} NEW-LEADS.csv --out scored.csv{where}"]
    moment = "" if result.history.funnel is None else " --as-of DATE"
    config = typed(result.config)
    ready = f"leadml features {config} --source NEW-LEADS.csv{moment} --out ready.csv"
    return [ready, f"leadml score {table} ready.csv --out scored.csv{where}"]


def show_table(found: FoundTable) -> None:
    """Print a point table, and the certificate and KPI that lie beside it."""
    out = screen()
    point_table(out, found.table)
    cooling(out, found.table)
    if found.folder is None:
        return
    if (found.folder / "certificate.json").is_file():
        certificate(out, Certificate.from_dict(strict_loads((found.folder / "certificate.json").read_bytes())))
    if (found.folder / "kpi.json").is_file():
        from leadml.watch.kpi.report import KpiReport

        kpi(out, KpiReport.from_dict(strict_loads((found.folder / "kpi.json").read_bytes())))


def show_difference(found: Difference) -> None:
    """Print what differs between two point tables."""
    out = screen()
    title, _, rest = found.text.partition("\n")
    heading(out, title)
    wrapped(out, styled(rest.strip("\n")))


def _counts(leads: Mapping[str, int]) -> str:
    """List features with their numbers of leads."""
    return ", ".join(f"{plain(feature)} {count:,}" for feature, count in leads.items())


def show_scoring(summary: ScoreSummary) -> None:
    """Say what was scored; on standard error, where many have no rule for a category, or values are newly missing."""
    if summary.unseen:
        said = "More leads than the table was learned with have a category that no rule names"
        paragraph(screen(error=True), f"{said}: {_counts(summary.unseen)}. They are counted as other.", 0)
    for feature, found in summary.unseen_values.items():
        if found:
            paragraph(screen(error=True), f"{plain(feature)}: {', '.join(map(_unseen_value, found))}", 0)
    if summary.gaps:
        said = "Leads have no value where every lead had one that the table was learned from"
        then = "They score as the neutral, the commonest, value does."
        paragraph(screen(error=True), f"{said}: {_counts(summary.gaps)}. {then}", 0)
    stands = () if summary.standing is None else summary.standing.sentences(summary.actions)
    for said in (*summary.warnings, *stands):
        paragraph(screen(error=True), plain(said), 0)
    out = screen()
    heading(out, "Scored")
    share = f" ({100 * summary.top / summary.leads:.1f} %)" if summary.leads else ""
    rows = [("leads", f"{summary.leads:,}"), ("top group", f"{summary.top:,}{share}")]
    rows += [(action, f"{count:,}") for action, count in summary.actions.items()]
    if summary.holdout:
        rows.append(("holdout", f"{summary.holdout:,}, logged and not shown: work them as if there were no score"))
    columns(out, rows)
    heading(out, "Written")
    written = [(str(summary.out), f"by {summary.table}, sha256 {summary.sha256[:12]}")]
    if summary.logged is not None:
        written.append(("score log", f"{summary.logged:,} rows" if summary.logged else "the batch was there already"))
    columns(out, written)


def _unseen_value(found: UnseenValue) -> str:
    like = "" if found.like is None else f", the same as {plain(repr(found.like))}?"
    return f"{plain(repr(found.value))} ({found.leads:,} leads{like})"


def show_export(written: str | bytes | Path) -> None:
    """Print an export, or say where it was written."""
    if isinstance(written, bytes):
        sys.stdout.buffer.write(written)
    elif isinstance(written, Path):
        out = screen()
        heading(out, "Written")
        columns(out, [(str(written), "")])
    else:
        sys.stdout.write(written if written.endswith("\n") else f"{written}\n")


def show_report(path: Path) -> None:
    """Say where a report was written."""
    out = screen()
    heading(out, "Written")
    columns(out, [(str(path), "open it in a browser; it needs no network")])


def _written(out: Console, result: TrainResult) -> None:
    heading(out, "Written")
    state = "the champion" if result.champion else "not the champion: the one in use stays"
    same = "" if result.same_as is None else f"; the same table as v{result.same_as}"
    rows = [
        ("folder", f"{from_here(str(result.folder))}{os.sep}"),
        ("files", ", ".join(sorted(path.name for path in result.folder.iterdir()))),
        ("version", f"{result.version}, {state}{same}"),
        ("sha256", result.table.sha256),
        ("MLflow", from_here(result.tracking_uri)),
        ("run", result.run_id),
    ]
    columns(out, rows)
