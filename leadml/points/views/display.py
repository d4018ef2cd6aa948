"""How a point table looks: as text in a terminal, and as HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points import look
from leadml.points.views import layout
from leadml.points.views.layout import Block, Row, Section
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    from leadml.points.table import PointTable

WIDTH = 100
NARROWEST = 60
_BAR = 6  # characters to either side of the axis
_WEAK = "░"


def table_text(table: PointTable, width: int = WIDTH) -> str:
    """Write a point table as plain text.

    Parameters
    ----------
    table : PointTable
        The table.
    width : int
        Columns of the terminal; at least 60 are used.

    Returns
    -------
    str
        Lines of at most that width, without colours.
    """
    width = max(width, NARROWEST)
    lines = look.wrapped(f"{look.plain(table.name)}: {layout.headline(table)}", width, 3)
    parts, scale, head = list(layout.sections(table)), layout.largest(table), layout.figures_head(table)
    cells = [_cells(row, scale) for part in parts for block in part.blocks for row in block.rows]
    figures = tuple(max(map(len, column)) for column in zip(head, *cells, strict=True))
    for part in parts:
        lines += ["", *_section_lines(part, scale, width, figures, head)]
    lines.append("")
    for note in layout.notes(table):
        said = note.replace(":", f" ({_WEAK}):", 1) if note == layout.WEAK else note
        lines += look.wrapped(said, width, 4)
    return "\n".join(line.rstrip() for line in lines)


def table_html(table: PointTable) -> str:
    """Write a point table as HTML that stands for itself, for notebooks.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        An element with its own style, without script; all names are escaped.
    """
    scale = layout.largest(table)
    rows = "".join(_section_html(section, scale) for section in layout.sections(table))
    head = "".join(f"<th>{look.escaped(cell)}</th>" for cell in ("rule", *layout.figures_head(table)))
    title = f'<p class="big"><b>{look.escaped(table.name)}</b>'
    title += f'<span class="dim">{look.escaped(layout.headline(table))}</span></p>'
    notes = "".join(f'<p class="dim">{look.escaped(note)}</p>' for note in layout.notes(table))
    return look.page(f"{title}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}")


def _section_lines(
    section: Section, scale: int, width: int, figures: tuple[int, ...], head: tuple[str, ...]
) -> list[str]:
    label = width - sum(figures) - 2 * len(figures)

    def line(text: str, cells: tuple[str, ...]) -> str:
        padded = [cell.rjust(size) for cell, size in zip(cells, figures, strict=True)]
        return "  ".join([look.pad(look.shortened(text, label), label), *padded])

    lines = [line(look.plain(section.dimension.name).upper(), head), "-" * width]
    lines.append(line("base points", (str(section.dimension.base_points), "", "", "", "")))
    for block in section.blocks:
        lines += ["", look.shortened(block.title, width)]
        for row in block.rows:
            first, *rest = look.wrapped(row.text, label - 4, 3)
            lines.append(line(f"  {first}", _cells(row, scale)))
            lines += [f"    {more}" for more in rest]
    if section.idle:
        lines += ["", *look.wrapped(f"Without points: {', '.join(section.idle)}", width, 3)]
    return lines


def _cells(row: Row, scale: int) -> tuple[str, ...]:
    return signed(row.points), _bar(row, scale), row.interval, row.leads, row.rate


def _bar(row: Row, scale: int) -> str:
    """Draw points to the right of an axis, or to its left where they take away; lightly where they are weak."""
    length = min(_BAR, max(1, round(abs(row.points) / scale * _BAR))) if row.points else 0
    drawn = (_WEAK if row.weak else "█") * length
    left, right = (drawn, "") if row.points < 0 else ("", drawn)
    return f"{left:>{_BAR}}│{right:<{_BAR}}"


def _section_html(section: Section, scale: int) -> str:
    name, base = look.escaped(section.dimension.name), section.dimension.base_points
    rows = f'<tr class="part"><th>{name}</th><th>{base}</th><td colspan="4" class="dim">base points</td></tr>'
    rows += "".join(_block_html(block, scale) for block in section.blocks)
    if section.idle:
        names = look.escaped(", ".join(section.idle))
        rows += f'<tr><td colspan="6" class="dim">Without points: {names}</td></tr>'
    return rows


def _block_html(block: Block, scale: int) -> str:
    title = f'<tr class="feature"><th colspan="6">{look.escaped(block.title)}</th></tr>'
    return title + "".join(_row_html(row, scale) for row in block.rows)


def _row_html(row: Row, scale: int) -> str:
    way = "up" if row.points > 0 else "down" if row.points < 0 else "dim"
    faint = ' class="weak"' if row.weak else ""
    bar = f'<i{faint} style="width:{abs(row.points) / scale:.1%}"></i>'
    sides = f"<span>{bar * (row.points < 0)}</span><span>{bar * (row.points > 0)}</span>"
    interval = f"weak: {row.interval}" if row.weak else row.interval
    figures = f'<td class="dim">{interval}</td><td>{row.leads}</td><td>{row.rate}</td>'
    points = f'<td class="{way}">{signed(row.points)}</td><td class="bar">{sides}</td>'
    return f'<tr class="rule"><td>{look.escaped(row.text)}</td>{points}{figures}</tr>'
