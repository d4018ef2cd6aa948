"""API names: what Salesforce calls the fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.export import wording

if TYPE_CHECKING:
    from leadml.export.form import Form

LONGEST = 40  # characters before __c
# Letters that are no letter of ASCII with a mark, so that decomposing would lose them.
_WHOLE = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i"}
)
_WORDS = ("true", "false", "null", "and", "or", "not")  # of the formulas' language
_API_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*(?:__c)?")


@dataclass(frozen=True)
class Names:
    """The fields of an export: those that it reads, by column, and those that it makes."""

    inputs: dict[str, str]
    dimensions: dict[str, str]
    score: str
    probability: str
    grade: str
    action: str


def names_of(form: Form, fields: Mapping[str, str]) -> Names:
    """Choose the API names.

    Parameters
    ----------
    form : Form
        The table.
    fields : mapping of str to str
        Names of fields that are there already, by column; the others get one made from their column.

    Returns
    -------
    Names
        All different, whatever the case.

    Raises
    ------
    UsageError
        If `fields` names a column that the table does not have, or is no API name.
    """
    columns = [part.name for part in form.inputs]
    for column, field in fields.items():
        if column not in columns:
            raise UsageError.unknown_column(column, columns, "The point table")
        if not _API_NAME.fullmatch(field):
            why = "letters, digits and single underscores, a letter first, __c at the end of a custom field"
            raise wording.cannot_hold("salesforce", "the field name", field, f"an API name has {why}", "Correct it.")
    taken = {field.lower() for field in fields.values()}
    inputs = {column: fields.get(column) or _free(column, taken) for column in columns}
    dimensions = {d.name: _free(f"{d.name} points", taken) for d in form.table.dimensions}
    own = [_free(name, taken) for name in ("Lead score", "Win probability", "Lead grade", "Lead action")]
    return Names(inputs, dimensions, *own)


def helper(field: str, number: int) -> str:
    """Name a helper of a formula field.

    Examples
    --------
    >>> helper("Fit_Points__c", 2)
    'Fit_Points_Part_2__c'
    """
    end = f"_Part_{number}"
    return field.removesuffix("__c")[: LONGEST - len(end)].rstrip("_") + f"{end}__c"


def label(field: str) -> str:
    """Return the label of a field.

    Examples
    --------
    >>> label("Fit_Points__c")
    'Fit Points'
    """
    return field.removesuffix("__c").replace("_", " ")


def _free(name: str, taken: set[str]) -> str:
    """Make an API name of any name; a number at its end keeps it apart from those taken."""
    plain = unicodedata.normalize("NFKD", name.translate(_WHOLE)).encode("ascii", "ignore").decode("ascii")
    words = re.findall(r"[A-Za-z0-9]+", plain) or ["Field"]
    body = "_".join(word[0].upper() + word[1:] for word in words)
    unfit = not body[0].isalpha() or words[0].lower() in _WORDS
    body = (f"Field_{body}" if unfit else body)[: LONGEST - 4].rstrip("_")
    number, found = 1, f"{body}__c"
    while found.lower() in taken:
        number += 1
        found = f"{body}_{number}__c"
    taken.add(found.lower())
    return found
