"""How a threshold looks: the answer, the cuts beside it, the curve, what it rests on, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import pad, plain, width_of
from leadml.terminal.following import next_commands, typed
from leadml.terminal.layout import columns, from_here, heading, paragraph, screen, styled, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from leadml.watch.threshold.cuts import Cut
    from leadml.watch.threshold.threshold import Threshold

SHOWN = 12  # cuts of the curve
TRACK = 30  # columns for the longest bar
HEAD = ("points", "a week", "won", "of all wins")


def show_threshold(found: Threshold, written: Path | None = None, old: str = "", where: str = "") -> None:
    """Print a threshold, and where a table that applies it was written.

    Parameters
    ----------
    found : Threshold
    written : Path, optional
        The file of that table.
    old, where : str
        How the table was named that the threshold was chosen for, and the options by which it is found.
    """
    from leadml.watch.threshold import threshold_wording as words

    out = screen()
    heading(out, f"Threshold: {found.cut} points")
    paragraph(out, found.sentence, style="bold")
    out.print()
    _table(out, [words.HEAD, *words.beside(found)], marked=1 + (found.higher is not None))
    heading(out, "By cut")
    _curve(out, found)
    heading(out, "To know")
    for line in words.told(found):
        paragraph(out, line)
    if written is not None:
        heading(out, "Written")
        columns(out, [(from_here(str(written)), f"the table, handing over from {found.cut} points on")])
        file = typed(written)
        next_commands(out, [f"leadml diff {typed(old)} {file}{where}", f"leadml score {file} LEADS --out scored.csv"])


def _table(out: Console, rows: list[tuple[str, ...]], marked: int) -> None:
    widths = [max(width_of(row[k]) for row in rows) for k in range(len(rows[0]))]
    for k, row in enumerate(rows):
        cells = [pad(plain(cell), width, right=j > 0) for j, (cell, width) in enumerate(zip(row, widths, strict=True))]
        style = "bold" if k == marked else "dim" if k == 0 else ""
        out.print(styled("  " + "  ".join(cells).rstrip(), style), soft_wrap=True)


def _curve(out: Console, found: Threshold) -> None:
    """Print hand-overs by cut as bars, the chosen one among them."""
    from leadml.watch.kpi.wording import percent
    from leadml.watch.threshold.threshold_wording import number

    cuts = thinned(found)
    rows = [(str(c.score), number(c.week.expected), percent(c.rate), percent(c.captured)) for c in cuts]
    widths = [max(width_of(row[k]) for row in [HEAD, *rows]) for k in range(len(HEAD))]
    out.print(styled("  " + "  ".join(pad(c, w, right=True) for c, w in zip(HEAD, widths, strict=True)), "dim"))
    most = max(cut.week.expected for cut in cuts) or 1.0
    for cut, row in zip(cuts, rows, strict=True):
        here = cut.score == found.cut
        line = styled("  " + "  ".join(pad(c, w, right=True) for c, w in zip(row, widths, strict=True)))
        line.append("  " + "█" * max(round(TRACK * cut.week.expected / most), 1), "green" if here else "dim")
        line.append(" the cut" if here else "", "bold")
        wrapped(out, line, 2)


def thinned(found: Threshold, most: int = SHOWN) -> list[Cut]:
    """Return some cuts, spread evenly over the leads they hand over, the chosen one among them."""
    full = found.cuts[-1].week.expected
    marks = {found.cut}
    for k in range(1, most):
        wanted = full * k / (most - 1)
        marks.add(min(found.cuts, key=lambda cut: abs(cut.week.expected - wanted)).score)
    return [cut for cut in found.cuts if cut.score in marks]
