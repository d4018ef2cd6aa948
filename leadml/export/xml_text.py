"""XML made with xml.etree only: what it cannot hold is refused by name, and what it would change is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from leadml.export.wording import cannot_hold

if TYPE_CHECKING:
    from leadml.export.form import Form

_OUTSIDE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # of XML 1.0


def xml_text(root: ElementTree.Element) -> str:
    """Write a document.

    Parameters
    ----------
    root : Element
        Its root; `check_texts` has seen everything that people have named.

    Returns
    -------
    str
        Indented XML in UTF-8 with a line break at the end. Carriage returns are written as references, which
        readers leave alone.
    """
    ElementTree.indent(root, " ")
    body = ElementTree.tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def check_texts(form: Form, target: str) -> None:
    """Refuse names and values with characters that XML has not.

    Parameters
    ----------
    form : Form
        What is exported.
    target : str
        For the message.

    Raises
    ------
    UsageError
        Names the first such text.
    """
    for what, text in _texts(form):
        found = _OUTSIDE.search(text)
        if found:
            why = f"XML has no character U+{ord(found.group()):04X}"
            raise cannot_hold(
                target, what, text, why, "Take it out of the data and train again, or use jsonlogic or jdm."
            )


def _texts(form: Form) -> Iterator[tuple[str, str]]:
    yield "the name", form.table.name
    for dimension in form.table.dimensions:
        yield "the dimension", dimension.name
        yield from (("the grade", label) for label, _ in dimension.grades)
    yield from (("the action", action[0]) for action in form.table.actions)
    for part in form.inputs:
        yield "the column", part.name
        yield from ((f"the placeholder of {part.name!r},", text) for text in part.missing)
        for case in part.cases:
            yield from ((f"the value of {part.name!r},", value) for value in case.values)
            yield "the text", case.reason
    for row in form.conjunctions:
        yield "the conjunction", row.id
        yield "the text", row.reason
