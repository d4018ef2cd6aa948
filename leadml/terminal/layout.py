"""The means of showing: a screen of at most 100 columns, headings, columns, wrapped lines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.points.look import pad, plain, width_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH = 100


def screen(error: bool = False) -> Console:
    """Return standard output, or standard error, as something to print on; text is never read as markup."""
    from rich.console import Console

    colours: dict[str, Any] = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    console = Console(stderr=error, highlight=False, markup=False, emoji=False, **colours)
    console.width = min(console.width, WIDTH) if console.file.isatty() else WIDTH
    return console


def styled(text: str, style: str = "") -> Text:
    """Return text with a style."""
    from rich.text import Text

    return Text(text, style=style)


def heading(out: Console, title: str) -> None:
    """Print a heading behind an empty line."""
    out.print()
    out.print(styled(title, "bold"))


def columns(out: Console, rows: Iterable[Sequence[str]]) -> None:
    """Print columns that are as wide as they must be; the last one takes the rest and wraps."""
    cells = [tuple(plain(cell) for cell in row) for row in rows]
    widths = [max(width_of(row[k]) for row in cells) for k in range(len(cells[0]) - 1)]
    indent = 2 + sum(widths) + 2 * len(widths)
    for row in cells:
        head = "  ".join(["", *(pad(cell, width) for cell, width in zip(row, widths, strict=False)), ""])
        if indent > out.width - 30 and indent + width_of(row[-1]) > out.width:  # a long path, say
            out.print(styled(head.rstrip()), soft_wrap=True)
            head = ""
        wrapped(out, styled(row[-1]), indent if head else 4, head)


def paragraph(out: Console, text: str, indent: int = 2, style: str = "") -> None:
    """Print a text, wrapped and indented."""
    wrapped(out, styled(plain(text), style), indent)


def wrapped(out: Console, text: Text, indent: int = 2, head: str | Text = "") -> None:
    """Print text, wrapped and indented, behind a head on its first line; no blank ends a line."""
    for line in text.wrap(out, max(out.width - indent, 20)) or [text]:
        line.rstrip()
        whole = styled(head) if isinstance(head, str) else head
        whole.pad_right(indent - whole.cell_len)
        whole.append_text(line).rstrip()
        out.print(whole, soft_wrap=True)
        head = ""


def from_here(place: str) -> str:
    """Shorten an absolute path below the current folder."""
    return place.replace(f"{Path.cwd()}{os.sep}", "")
