"""Leads with their expected scores in the file itself: a consumer can verify the model before it uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from leadml.export.form import Form

# Readers of XML may change blanks at the ends of an element and line breaks in it, and take an empty one for missing.
_PLAIN = re.compile(r"\S(?:[^\r\n\t]*\S)?")


def verification_of(form: Form) -> Element | None:
    """Return the element with the leads to verify the model with, None where the table has none.

    Parameters
    ----------
    form : Form
        The form; leads with texts that do not survive as the content of an element are left out.
    """
    rows = [row for row in form.table.verification if _survives(row.lead) and _survives(row.expected)]
    if not rows:
        return None
    # Of two columns whose values are missing in all rows, a file need not speak.
    inputs = [part.name for part in form.inputs if any(row.lead[part.name] is not None for row in rows)]
    outputs = [part.name for part in form.table.dimensions] + ["score"]
    outputs += [name for name, given in (("grade", form.graded), ("action", form.table.actions)) if given]
    columns = {name: f"v{i + 1}" for i, name in enumerate((*inputs, *outputs))}
    found = Element("ModelVerification", recordCount=str(len(rows)), fieldCount=str(len(columns)))
    fields = SubElement(found, "VerificationFields")
    for name, column in columns.items():
        SubElement(fields, "VerificationField", field=name, column=column)
    table = SubElement(found, "InlineTable")
    for row in rows:
        _add_row(table, {**row.lead, **row.expected}, columns)
    return found


def _add_row(table: Element, values: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    row = SubElement(table, "row")
    for name, column in columns.items():
        value = values[name]
        if value is not None:
            SubElement(row, column).text = _written(value)


def _written(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _survives(values: Mapping[str, Any] | Sequence[Any]) -> bool:
    found = values.values() if isinstance(values, Mapping) else values
    return all(_PLAIN.fullmatch(value) for value in found if isinstance(value, str))
