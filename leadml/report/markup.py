"""HTML from elements: what is not markup already is escaped, so that no name can become any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadml.points.look import escaped, plain, shortened

LONGEST = 160  # characters of a name or text on the page
MINUS = "\u2212"
_EMPTY = frozenset({"br", "circle", "input", "line", "meta", "path", "rect"})


class Markup(str):
    """Text that is markup already: made by `el` or `joined`, never from a name."""

    __slots__ = ()


def el(tag: str, *children: object, **attributes: object) -> Markup:
    """Write an element.

    Parameters
    ----------
    tag : str
        Its name, which must be the program's own.
    *children : object
        Markup stands as it is, None is left out, anything else is escaped.
    **attributes : object
        ``_`` becomes ``-``, a trailing one goes; None and False leave the attribute out, True gives it no value.

    Returns
    -------
    Markup

    Examples
    --------
    >>> el("p", "a < b", el("b", "!"), class_="note", hidden=True)
    '<p class="note" hidden>a &lt; b<b>!</b></p>'
    """
    start = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}"
    if tag in _EMPTY:
        return Markup(f"{start}/>")  # within a drawing an element without the stroke would stay open
    return Markup(f"{start}>{joined(*children)}</{tag}>")


def joined(*children: object) -> Markup:
    """Put markup and texts one after the other; texts are escaped.

    Examples
    --------
    >>> joined("&", el("br"), None)
    '&amp;<br/>'
    """
    known = (child for child in children if child is not None)
    return Markup("".join(child if isinstance(child, Markup) else _text(child) for child in known))


def _text(child: object) -> str:
    """Escape a text; a number stays on one line with its sign of percent."""
    return escaped(child).replace(" %", "\u00a0%")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escaped(value)}"'


def short(text: str, most: int = LONGEST) -> str:
    """Cut a text that a person wrote to what a page can hold."""
    return shortened(plain(text), most)


def titled(text: str) -> str:
    """Write a text with a capital first letter.

    Examples
    --------
    >>> titled("hand to sales")
    'Hand to sales'
    """
    return text[:1].upper() + text[1:]


def signed(points: int) -> str:
    """Write points with their sign, as typographers do.

    Examples
    --------
    >>> signed(3), signed(-3) == MINUS + "3", signed(0)
    ('+3', True, '0')
    """
    return f"+{points:,}" if points > 0 else f"{MINUS}{-points:,}" if points else "0"


def typeset(text: str) -> str:
    """Write the minus signs of figures as typographers do, in a text that the program made.

    Examples
    --------
    >>> typeset("-0.005 to 2026-03") == MINUS + "0.005 to 2026-03"
    True
    """
    return re.sub(r"(?<![\w-])-(?=\d)", MINUS, text)


def number(value: int) -> str:
    """Write a whole number that stands by itself, such as a score."""
    return f"{value:,}" if value >= 0 else f"{MINUS}{-value:,}"


def paragraphs(texts: Iterable[str], **attributes: object) -> Markup:
    """Write sentences as paragraphs."""
    return joined(*(el("p", text, **attributes) for text in texts))


def section(identity: str, title: str, lead: str | Markup | None, *body: object) -> Markup:
    """Write a part of the page: a heading that names it, a sentence that says what it shows, and what it shows."""
    head = el("h2", title, id=f"{identity}-title")
    told = None if lead is None else el("p", lead, class_="lead")
    return el("section", head, told, *body, id=identity, aria_labelledby=f"{identity}-title")


def rows(
    caption: str, head: Iterable[object], body: Iterable[Iterable[object]], kind: str = "figures", wide: bool = True
) -> Markup:
    """Write a table: the first cell of each row names it, the others are figures.

    Parameters
    ----------
    caption : str
        What the table holds, for those who do not see it.
    head : iterable
        Names of the columns.
    body : iterable of iterable
        The rows.
    kind : str
        Its class.
    wide : bool
        Whether it may be scrolled sideways on a narrow screen, with the keyboard as well.
    """
    top = el("tr", *(el("th", cell, scope="col") for cell in head))
    lines = []
    for first, *others in body:
        lines.append(el("tr", el("th", first, scope="row"), *(el("td", cell) for cell in others)))
    made = el("table", el("caption", caption, class_="sr"), el("thead", top), el("tbody", *lines), class_=kind)
    return scroller(made, caption) if wide else made


def scroller(content: Markup, label: str) -> Markup:
    """Let something wide be scrolled sideways, with the keyboard as well."""
    return el("div", content, class_="scroll", role="group", tabindex="0", aria_label=label)
