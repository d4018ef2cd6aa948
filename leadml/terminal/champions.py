"""Versions, retrainings and changes of the champion, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from leadml.jobs.retraining.wording import OUTCOMES
from leadml.points.look import plain
from leadml.terminal.following import next_commands
from leadml.terminal.layout import columns, heading, paragraph, screen, styled

if TYPE_CHECKING:
    from rich.console import Console

    from leadml.jobs import ChampionChange, Compared, Retrained
    from leadml.registry import Version

MOST_CHANGES = 40


def show_versions(versions: Sequence[Version], where: str = "") -> None:
    """Print versions, oldest first; `where` are the options by which they are found."""
    out = screen()
    heading(out, versions[0].name)
    head = (
        "version", "", "registered", "AUC", "on leads", "top over rest", "KPI", "replaces", "decision", "sha256",
    )  # fmt: skip
    columns(out, [head, *map(_row, versions)])
    if len(versions) > 1:
        name, (one, two) = versions[0].name, (version.number for version in versions[-2:])
        said = (
            "Each version was measured on the newest leads of its own time, so figures of different versions are of "
            "different leads. On the same leads:"
        )
        command = f"leadml compare {name}@{one} {name}@{two} leadml.toml{where}"
        next_commands(out, [command], said)


def _row(version: Version) -> tuple[str, ...]:
    decision = version.decision
    return (
        str(version.number),
        "champion" if version.champion else "challenger" if version.challenger else "",
        datetime.fromtimestamp(version.created_ms / 1000, UTC).strftime("%Y-%m-%d"),
        *(version.tags.get(tag, "") for tag in ("auc", "measured_on", "ratio", "kpi")),
        "" if version.replaces is None else str(version.replaces),
        "" if decision is None else str(decision.get("decision", "")),
        version.sha256[:8],
    )


def show_retraining(result: Retrained, where: str = "") -> None:
    """Print what was decided, why, on which leads, which rows differ, and what a person can do, as `where` finds it."""
    out = screen()
    heading(out, f"{result.name}: {result.decision}")
    paragraph(out, OUTCOMES[result.decision], style="bold")
    for reason in result.reasons:
        _reason(out, result, reason, where)
    if result.again:
        paragraph(out, "This was decided by an earlier run on the same leads; nothing new was made.")
    heading(out, "Compared")
    rows = [("champion", _told(result.champion)), ("challenger", _told(result.challenger))]
    if result.window is not None:
        w = result.window
        when = f" from {w.since} to {w.until}" if w.leads else ""
        rows.append(("on", f"{w.leads:,} leads ({w.won:,} won){when}; {w.note}"))
    rows.append(("in use", "none" if result.in_use is None else f"version {result.in_use}"))
    columns(out, rows)
    if result.changes:
        heading(out, "Changed rows")
        for line in result.changes[:MOST_CHANGES]:
            out.print(f"  {line}".rstrip(), soft_wrap=True)
        if len(result.changes) > MOST_CHANGES:
            paragraph(out, f"and {len(result.changes) - MOST_CHANGES} lines more, in the version's changes.json")


def _reason(out: Console, result: Retrained, reason: str, where: str) -> None:
    """Print a reason; the command in it is completed, as reasons are kept with the version, and not broken in two."""
    promoting = "" if result.challenger is None else f"leadml promote {result.name} {result.challenger.version}"
    before, command, after = reason.partition(promoting) if promoting else (reason, "", "")
    if not command:
        paragraph(out, reason)
        return
    out.print(styled(plain(f"  {before}{command}{where}{after}")), soft_wrap=True)


def show_champion_change(change: ChampionChange, where: str = "") -> None:
    """Say which version is in use now, or would be; `where` are the options by which it is found."""
    out = screen()
    heading(out, "Champion" if not change.dry_run else "Champion (nothing was changed: --dry-run)")
    verb = "would be" if change.dry_run else "is"
    rows = [("in use", f"version {change.champion} of {change.name} {verb} the champion, sha256 {change.sha256[:12]}")]
    if change.before is not None:
        rows.append(("before", f"version {change.before}"))
    if change.decision is not None:
        rows.append(("decision", f"the comparison had said: {change.decision}"))
    if change.approved_by is not None:
        rows.append(("approved by", change.approved_by))
    columns(out, rows)
    _reach(out, change)
    if change.before is not None and not change.dry_run:
        next_commands(out, [f"leadml rollback {change.name}{where}"], "To go back to the version before:")


def _reach(out: Console, change: ChampionChange) -> None:
    """Print whom both versions hand over, of the leads that each was measured on."""
    if not change.reach:
        return
    heading(out, "Whom it hands over, of the leads that each version was measured on")
    before = "" if change.before is None else f"version {change.before}"
    rows = [(one.what, _share(one.before, one.before_of), _share(one.leads, one.of)) for one in change.reach]
    columns(out, [("", before, f"version {change.champion}"), *rows])
    for warning in change.warnings:
        paragraph(out, f"! {warning}", style="bold yellow")


def _share(leads: int | None, of: int | None) -> str:
    from leadml.watch.kpi.wording import percent

    return "" if leads is None or not of else f"{percent(leads / of)} ({leads:,} of {of:,})"


def _told(table: Compared | None) -> str:
    if table is None:
        return "none"
    until = "" if table.trained_until is None else f", learned from leads until {table.trained_until}"
    return f"version {table.version}, sha256 {table.sha256[:12]}{until}"
