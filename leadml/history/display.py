"""A lead history in words, for a terminal and for Jupyter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory


def history_line(history: LeadHistory) -> str:
    """Return leads, outcomes and features in one line."""
    c = history.counts
    return (
        f"{c.won + c.lost:,} leads: {c.won:,} won ({100 * c.won / (c.won + c.lost):.1f} %), {c.lost:,} lost, "
        f"{c.undecided:,} undecided left out; {history.frame.shape[1]} features"
    )


def history_text(history: LeadHistory) -> str:
    """Return the line, and below it each column that was set aside, with the reason."""
    lines = [history_line(history)]
    if history.set_aside:
        width = max(len(aside.column) for aside in history.set_aside)
        lines.append("set aside:")
        lines += [f"  {aside.column:<{width}}  {aside.reason}" for aside in history.set_aside]
    return "\n".join(lines)


def history_html(history: LeadHistory) -> str:
    """Return the same as a fragment of HTML; every name in it is escaped."""
    rows = "".join(
        f"<tr><td style='text-align:left'>{escape(a.column)}</td><td "
        f"style='text-align:left'>{escape(a.reason)}</td></tr>"
        for a in history.set_aside
    )
    head = "".join(f"<th style='text-align:left'>{title}</th>" for title in ("set aside", "because"))
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else ""
    return f"<div><b>{escape(history.name)}</b>: {escape(history_line(history))}{table}</div>"
