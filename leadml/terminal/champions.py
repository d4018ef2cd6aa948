"""Versions, retrainings and changes of the champion, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from leadml.jobs.retraining.wording import OUTCOMES
from leadml.terminal.layout import columns, heading, paragraph, screen

if TYPE_CHECKING:
    from leadml.jobs import ChampionChange, Compared, Retrained
    from leadml.registry import Version

MOST_CHANGES = 40


def show_versions(versions: Sequence[Version]) -> None:
    """Print versions, oldest first."""
    out = screen()
    heading(out, versions[0].name)
    head = (
        "version", "", "registered", "AUC", "on leads", "top over rest", "KPI", "replaces", "decision", "sha256",
    )  # fmt: skip
    columns(out, [head, *map(_row, versions)])
    if len(versions) > 1:
        name, (one, two) = versions[0].name, (version.number for version in versions[-2:])
        paragraph(
            out,
            "Each version was measured on the newest leads of its own time, so figures of different versions are of "
            f"different leads. On the same leads: leadml compare {name}@{one} {name}@{two} leadml.toml",
        )


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


def show_retraining(result: Retrained) -> None:
    """Print what was decided, why, on which leads, and which rows differ."""
    out = screen()
    heading(out, f"{result.name}: {result.decision}")
    paragraph(out, OUTCOMES[result.decision], style="bold")
    for reason in result.reasons:
        paragraph(out, reason)
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


def show_champion_change(change: ChampionChange) -> None:
    """Say which version is in use now, or would be."""
    out = screen()
    heading(out, "Champion" if not change.dry_run else "Champion (nothing was changed: --dry-run)")
    verb = "would be" if change.dry_run else "is"
    rows = [("in use", f"version {change.champion} of {change.name} {verb} the champion, sha256 {change.sha256[:12]}")]
    if change.before is not None:
        rows.append(("before", f"version {change.before}; back with: leadml rollback {change.name}"))
    if change.decision is not None:
        rows.append(("decision", f"the comparison had said: {change.decision}"))
    if change.approved_by is not None:
        rows.append(("approved by", change.approved_by))
    columns(out, rows)


def _told(table: Compared | None) -> str:
    if table is None:
        return "none"
    until = "" if table.trained_until is None else f", learned from leads until {table.trained_until}"
    return f"version {table.version}, sha256 {table.sha256[:12]}{until}"
