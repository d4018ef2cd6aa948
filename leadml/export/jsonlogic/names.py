"""Under which name JSON Logic reads a column: its own, unless its ``var`` would read that as a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.export.form import Form

# A dot leads into a record, engines differ on backslash, slash and square brackets, and a name that is a number is a
# place in a list.
_PATH = re.compile(r"[./\\~\[\]$]|[\x00-\x1f\x7f]|\A\s*[+-]?\d+\s*\Z|\A\s|\s\Z")
# Every record of JavaScript has these without their having been given.
_INHERITED = re.compile(
    r"__\w+__|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|to\w+String|toString|valueOf"
)


def names_of(form: Form) -> dict[str, str]:
    """Return the name of every input by its key.

    Parameters
    ----------
    form : Form
        The form.

    Returns
    -------
    dict of str to str
        The column's own name where JSON Logic can read it, else the key; names differ.

    Examples
    --------
    >>> from leadml.export.form import Form, Input
    >>> inputs = [Input(f"f{i}", name, "fit", "number", (), (), ()) for i, name in enumerate(("Lead Source", "a.b"))]
    >>> names_of(Form(None, tuple(inputs), (), ()))
    {'f0': 'Lead Source', 'f1': 'f1'}
    """
    keys = {part.key for part in form.inputs}
    own = {part.key: part.name for part in form.inputs if _readable(part.name)}
    # A column may be called f3 and stand elsewhere: then it goes by its key as well.
    return {part.key: part.key if own.get(part.key, part.key) in keys else own[part.key] for part in form.inputs}


def _readable(name: str) -> bool:
    return not _PATH.search(name) and not _INHERITED.fullmatch(name)
