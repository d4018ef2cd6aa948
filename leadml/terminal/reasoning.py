"""What `leadml explain` and `leadml changes` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain
from leadml.terminal.layout import heading, paragraph, screen, styled, wrapped

if TYPE_CHECKING:
    from leadml.jobs import LeadTold
    from leadml.points.leads.changes import Changes

_LOOK = ((r"(?<= )\+\d+$", "green"), (r"(?<= )-\d+$", "red"))


def show_lead(told: LeadTold) -> None:
    """Print what is said of one lead: where its score comes from, and what to do next."""
    out = screen()
    heading(out, plain(told.lead))
    for line in told.explanation.text.splitlines():
        text = styled(line)
        for pattern, style in _LOOK:
            text.highlight_regex(pattern, style)
        wrapped(out, text)
    heading(out, told.next_steps.title)
    for k, line in enumerate(told.next_steps.text.splitlines()):
        paragraph(out, line, style="bold" if k == 0 and told.next_steps.alert else "")


def show_changes(found: Changes) -> None:
    """Print what happened to scores, and who crossed the threshold."""
    out = screen()
    heading(out, "Changes")
    for line in found.text.splitlines():
        wrapped(out, styled(line)) if line.startswith(" ") else paragraph(out, line)
