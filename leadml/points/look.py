"""The common look of what leadml shows: aligned text, and HTML that is safe, self-contained and script-free.

Colours are translucent over the page's own background and text, so that they work in light and in dark
surroundings; a sign always says what a colour says.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence

STYLE = """
.leadml{font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:inherit;\
max-width:64em;margin:.4em 0;font-variant-numeric:tabular-nums;\
--up:#1a7f4b;--down:#c2372e;--upbar:rgba(38,166,98,.6);--downbar:rgba(222,76,66,.6);\
--line:rgba(128,128,128,.28);--soft:rgba(128,128,128,.10)}
@media (prefers-color-scheme:dark){.leadml{--up:#4cc38a;--down:#ff8b82}}
[data-jp-theme-light="true"] .leadml{--up:#1a7f4b;--down:#c2372e}
[data-jp-theme-light="false"] .leadml,.vscode-dark .leadml{--up:#4cc38a;--down:#ff8b82}
.leadml p{margin:.35em 0}
.leadml .big{font-size:17px}
.leadml .big b{font-size:26px;margin-right:.25em}
.leadml .big .dim{font-size:13px;margin-left:.6em}
.leadml table{border-collapse:collapse;border:0;margin:.4em 0 .9em;background:none;color:inherit}
.leadml tr,.leadml tbody tr:nth-child(odd),.leadml tbody tr:nth-child(even){background:none}
.leadml tbody tr:hover{background:var(--soft)}
.leadml th,.leadml td{border:0;border-bottom:1px solid var(--line);padding:.16em .7em;text-align:right;\
white-space:nowrap;vertical-align:baseline;background:none;color:inherit;font-size:13px}
.leadml thead th{font-weight:600;opacity:.7;font-size:12px}
.leadml th:first-child,.leadml td:first-child{text-align:left;white-space:normal;overflow-wrap:anywhere;\
min-width:13em}
.leadml tr.part th{font-size:15px;padding-top:.9em;border-bottom:2px solid var(--line)}
.leadml tr.part td{text-align:left;padding-left:0;border-bottom:2px solid var(--line)}
.leadml tr.feature th{font-weight:600;padding-top:.6em;border-bottom:0}
.leadml tr.rule td:first-child{padding-left:1.8em}
.leadml tr.sum td{font-weight:700;border-top:2px solid var(--line);border-bottom:0}
.leadml .dim{opacity:.65}
.leadml .up{color:var(--up);font-weight:600}
.leadml .down{color:var(--down);font-weight:600}
.leadml .bar{padding-left:.2em;padding-right:.2em}
.leadml .bar span{display:inline-block;width:64px;height:.72em;vertical-align:middle}
.leadml .bar span:first-child{border-right:1px solid rgba(128,128,128,.6)}
.leadml .bar i{display:block;height:100%;background:var(--upbar);border-radius:0 2px 2px 0}
.leadml .bar span:first-child i{background:var(--downbar);margin-left:auto;border-radius:2px 0 0 2px}
.leadml .bar i.weak{opacity:.4}
"""


def escaped(text: object) -> str:
    """Make any text safe inside HTML elements and attributes.

    Examples
    --------
    >>> escaped('<b onclick="x">')
    '&lt;b onclick=&quot;x&quot;&gt;'
    """
    return html.escape(plain(str(text)), quote=True)


def plain(text: str) -> str:
    r"""Show control and direction characters instead of obeying them; any kind of blank becomes a blank.

    Examples
    --------
    >>> plain("a\nb\x1b[31m\u202e")
    'a b\\x1b[31m\\u202e'
    """
    return text if text.isprintable() else "".join(map(_visible, " ".join(text.splitlines())))


def page(body: str) -> str:
    """Wrap HTML in leadml's own look; it touches nothing outside."""
    return f'<div class="leadml"><style>{STYLE}</style>{body}</div>'


def html_rows(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write an HTML table of plain values; the first column is text, the others are aligned to the right."""
    top = "".join(f"<th>{escaped(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return "<table>" + (f"<thead><tr>{top}</tr></thead>" if head else "") + f"<tbody>{body}</tbody></table>"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows of texts in columns: the first to the left, the others to the right.

    Examples
    --------
    >>> aligned([("", "AUC"), ("point table", "0.87")])
    ['              AUC', 'point table  0.87']
    """
    rows = [[plain(cell) for cell in row] for row in rows]
    widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [pad(cell, width, right=i > 0) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def width_of(text: str) -> int:
    """Return how many columns a terminal gives to a text: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with blanks to a width, at its end or, for numbers, at its start."""
    blanks = " " * max(width - width_of(text), 0)
    return blanks + text if right else text + blanks


def shortened(text: str, width: int) -> str:
    """Cut a text to a width, ending in … where something was cut.

    Examples
    --------
    >>> shortened("Banking and insurance", 10)
    'Banking a…'
    """
    if width_of(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def wrapped(text: str, width: int, most: int) -> list[str]:
    """Break a text at blanks into at most so many lines of a width; the last ends in … if it is cut.

    Examples
    --------
    >>> wrapped("Banking, Insurance, Leasing or Payment services", 20, 2)
    ['Banking, Insurance,', 'Leasing or Payment …']
    """
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(shortened(word, width))
    if len(lines) <= most:
        return lines
    lines[most - 1] = shortened(" ".join(lines[most - 1 :]), width)
    return lines[:most]


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    blank = unicodedata.category(character) == "Zs"
    return " " if blank else character.encode("unicode_escape").decode("ascii")


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
