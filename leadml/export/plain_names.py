"""Names that every expression language takes: a name of the table where it is plain enough, else its key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
# What expression languages and their functions use; names are compared in lower case.
_WORDS = (
    "abs after all and any append avg before between bool by case cast ceiling closed coalesce concat contains context "
    "count date day day_of_week decimal distinct div duration else end ends even every exclude exclusive exp external "
    "extract false filter first flatten floor for from function get if in includes index inf infinity instance instant "
    "is item join keys last len length list local log lower map matches max mean median meets merge min mod mode "
    "modulo month most named nan none not now null number object odd of on one or overlaps partial position product "
    "put rand range remove replace result return reverse root round satisfies select self some sort split sqrt "
    "start starts stddev string sublist substring sum symbol text then time today total trim true type undefined "
    "union upper var week weekday when with year years"
)


def plain_names(names: Mapping[str, str], taken: Iterable[str] = (), words: str = _WORDS) -> MappingProxyType[str, str]:
    """Choose a plain name for each of several things.

    Parameters
    ----------
    names : mapping of str to str
        The key of each thing, which is plain and unique, to its name in the table.
    taken : iterable of str
        Names that stand for something else.
    words : str
        Words that the language uses itself.

    Returns
    -------
    mapping of str to str
        By key: the own name where it is letters, digits and underscores, is nobody else's in any case, and no word of
        the language; else the key.

    Examples
    --------
    >>> dict(plain_names({"f1": "company_size", "f2": "Lead Source", "f3": "not"}))
    {'f1': 'company_size', 'f2': 'f2', 'f3': 'f3'}
    """
    used = {*words.split(), *(name.lower() for name in taken), *(key.lower() for key in names)}
    lowered = [name.lower() for name in names.values()]
    return MappingProxyType(
        {
            key: name
            if _PLAIN.fullmatch(name) and name.lower() not in used and lowered.count(name.lower()) == 1
            else key
            for key, name in names.items()
        }
    )
