"""The point table as Markdown, for a wiki, a ticket or a printed page."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from leadml.export.stamp import line, stamp
from leadml.points.look import plain
from leadml.points.views import layout
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    from leadml.points.table import PointTable
    from leadml.points.views.layout import Section

# Everything that Markdown or the HTML within it gives a meaning inside a line or at its beginning. A colon has one in
# addresses only; elsewhere some readers, MLflow's among them, would show its backslash.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&=^$@]|:(?=\S))")
_HEAD = ("feature", "rule", "points", "95 % interval", "leads", "won")


def printed(table: PointTable) -> str:
    """Return the table as headings and tables.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        Markdown with pipe tables; names are escaped, so that none of them becomes markup.
    """
    lines = [f"# {escaped(table.name)}", "", escaped(layout.headline(table)), ""]
    for section in layout.sections(table):
        lines += _section(section)
    lines += [f"- {escaped(note)}" for note in layout.notes(table)]
    page = "\n".join(lines)
    # Markdown shows no comment. Nothing can run the page, so its stamp has no leads but the hash of what it says.
    seal = stamp(table, "markdown", (), page=sha256(page.encode("utf-8")).hexdigest())
    return f"{page}\n<!-- {line(seal)} -->\n"


def escaped(text: str) -> str:
    r"""Make a text stand for itself in Markdown.

    Examples
    --------
    >>> escaped("a|b <script>")
    'a\\|b \\<script\\>'
    """
    return _SPECIAL.sub(r"\\\1", plain(text))


def code(text: str) -> str:
    r"""Set a text that somebody keys in: it reads right in a viewer of Markdown and, but for its backticks, outside.

    A vertical bar stands as it is, so this belongs into lists and not into the cells of a table.

    Examples
    --------
    >>> print(code("1.000+"), code("a`b"), code("`"))
    `1.000+` ``a`b`` `` ` ``
    """
    shown = plain(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    # Markdown takes away one blank at each end, where both are there: a backtick or a blank at an end needs them.
    gap = " " if shown[:1] in " `" or shown[-1:] in " `" else ""
    return f"{fence}{gap}{shown}{gap}{fence}"


def _section(section: Section) -> list[str]:
    dimension = section.dimension
    lines = [f"## {escaped(dimension.name)}: {dimension.base_points} base points", ""]
    if section.blocks:
        lines += [_row(_HEAD), "|---|---|---:|---:|---:|---:|"]
    for block in section.blocks:
        names = [escaped(block.title), *[""] * (len(block.rows) - 1)]
        for name, row in zip(names, block.rows, strict=True):
            interval = f"{row.interval} (weak)" if row.weak else row.interval
            lines.append(_row((name, escaped(row.text), signed(row.points), interval, row.leads, row.rate)))
    lines.append("")
    if section.idle:
        lines += [f"Without points: {escaped(', '.join(section.idle))}", ""]
    return lines


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
