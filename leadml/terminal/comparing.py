"""How a comparison of two tables, and a review, look in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import aligned
from leadml.terminal.layout import columns, heading, paragraph, screen, styled, wrapped
from leadml.watch.comparison.comparison_wording import KEEP, moved_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from leadml.watch.comparison.comparison import Comparison
    from leadml.watch.comparison.review import Review


def show_comparison(found: Comparison) -> None:
    """Print a comparison: what came out in words, the figures, and the edits that pay."""
    out = screen()
    heading(out, "Comparison")
    for sentence in (*found.sentences, moved_sentence(found)):
        paragraph(out, sentence)
    for note in found.notes:
        paragraph(out, note, style="yellow")
    for title, rows in found.tables():
        heading(out, title)
        _rows(out, rows)
    if found.edits is not None:
        heading(out, f"Edits of {found.names[0]} that pay")
        for sentence in found.edits.sentences:
            paragraph(out, sentence)
        for number, edit in enumerate(found.edits.edits, start=1):
            wrapped(out, styled(edit.sentence), 5, f"  {number}. ")


def _rows(out: Console, rows: list[tuple[str, ...]]) -> None:
    head, *lines = aligned(rows)
    out.print(styled(f"  {head}", "dim"), soft_wrap=True)
    for line in lines:
        out.print(styled(f"  {line}"), soft_wrap=True)


def show_review(found: Review) -> None:
    """Print what a review costs or gains."""
    out = screen()
    heading(out, f"Review of {found.name}")
    for sentence in found.sentences:
        if not sentence.startswith(KEEP):
            paragraph(out, sentence)
    for note in found.notes:
        paragraph(out, note, style="yellow")
    heading(out, "Each wish alone, and all of them")
    _rows(out, found.rows())
    if found.changes:
        heading(out, "Learned anew")
        for sentence in found.changes:
            paragraph(out, sentence)
    if found.pins:
        out.print()
        paragraph(out, KEEP)
        out.print(styled(found.pins), soft_wrap=True)  # to be pasted: within a key of TOML no line may end


def show_written(path: Path) -> None:
    """Say what was written."""
    out = screen()
    heading(out, "Written")
    columns(out, [(str(path), "send it to sales; leadml review TABLE LEADS --read reads it back")])
