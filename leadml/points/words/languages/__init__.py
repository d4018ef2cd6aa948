"""The languages in which leadml speaks about leads, one file each; a file that is put here is a language.

Each file defines `LANGUAGE`, a `leadml.points.words.phrases.Language`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from leadml.points import wording
from leadml.points.words.phrases import Language

DEFAULT = "en"


@cache
def languages() -> Mapping[str, Language]:
    """Return all languages by their codes, English first.

    Examples
    --------
    >>> [language.name for language in languages().values()]
    ['English', 'Deutsch']
    """
    found = sorted(_found(), key=lambda language: (language.code != DEFAULT, language.code))
    return MappingProxyType({language.code: language for language in found})


def language_of(code: str) -> Language:
    """Return a language by its code.

    Parameters
    ----------
    code : str
        Such as en or de.

    Returns
    -------
    Language

    Raises
    ------
    UsageError
        If there is none.

    Examples
    --------
    >>> language_of("de").name
    'Deutsch'
    """
    known = languages()
    if code not in known:
        raise wording.unknown_language(code, {key: language.name for key, language in known.items()})
    return known[code]


def _found() -> Iterator[Language]:
    for module in iter_modules(__path__):
        language: Language = import_module(f"{__name__}.{module.name}").LANGUAGE
        yield language
