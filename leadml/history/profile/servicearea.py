"""Whether a lead's country is one that is served."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

import pandas as pd

from leadml.history.profile.countries import COUNTRIES, GROUPS
from leadml.history.profile.folding import key
from leadml.history.profile.wording import unknown_country

NEARLY = 0.8  # alike, as difflib measures it


def country_codes() -> dict[str, str]:
    """Return codes and names of countries, as `folding.key` writes them, with their code of two letters.

    Examples
    --------
    >>> codes = country_codes()
    >>> [codes[text] for text in ("de", "deu", "deutschland", "coted ivoire".replace(" ", ""), "niemcy", "el")]
    ['DE', 'DE', 'DE', 'CI', 'DE', 'GR']
    """
    entries = [line.split(" ", 2) for line in _lines()]
    codes = [two for two, _, listed in entries for _ in range(listed.count("|") + 3)]
    names = [name for two, three, listed in entries for name in (two, three, *listed.split("|"))]
    return dict(zip(key(pd.Series(names, dtype="str")), codes, strict=True))


def countries_of(texts: pd.Series) -> pd.Series:
    """Return which country each text is, by its code of two letters; missing for one that is none.

    Examples
    --------
    >>> countries_of(pd.Series(["Schweiz", "The Netherlands", "Atlantis"], dtype="str")).tolist()
    ['CH', 'NL', nan]
    """
    return _countries(key(texts), country_codes())


def in_service_area(texts: pd.Series, service_area: Iterable[str]) -> pd.Series:
    """Tell for texts of a country column whether they lie in the service area.

    Parameters
    ----------
    texts : Series of str
        Different texts, none missing.
    service_area : iterable of str
        Countries as codes or names, groups of them (`GROUPS`), or other texts of the column.

    Returns
    -------
    Series of boolean
        Missing for a text that is no country; false for it where the area names other texts of the column, too,
        because then the column's texts are no countries only.

    Raises
    ------
    UsageError
        If an entry is no country but nearly one: it is taken for a misspelling.

    Examples
    --------
    >>> texts = pd.Series(["Germany", "POL", "Frankreich", "Atlantis"], dtype="str")
    >>> in_service_area(texts, ["DACH", "fr"]).tolist()
    [True, False, True, <NA>]
    """
    known = country_codes()
    keys = key(texts)
    countries = _countries(keys, known)
    served, others = _area(list(service_area), known)
    inside = countries.isin(served) | keys.isin(others)
    understood = countries.notna() | keys.isin(others) | bool(others)
    return inside.astype("boolean").where(understood)


def _countries(keys: pd.Series, known: Mapping[str, str]) -> pd.Series:
    return keys.str.removeprefix("the").map(known).fillna(keys.map(known))


def _area(entries: list[str], known: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Return the codes of the countries served, and what else of the column is.

    The column itself is not asked: the next leads to be scored may be few, none of them from a region that is served.
    """
    served: set[str] = set()
    others: set[str] = set()
    groups = {name.lower(): codes.split() for name, codes in GROUPS.items()}
    for entry, plain in zip(entries, key(pd.Series(entries, dtype="str")), strict=True):
        if plain in known:
            served.add(known[plain])
        elif plain in groups:
            served.update(groups[plain])
        elif difflib.get_close_matches(plain, known, n=1, cutoff=NEARLY):
            raise unknown_country(entry, _names())
        else:
            others.add(plain)
    return served, others


def _lines() -> list[str]:
    """Return one line per country; in the list a long one goes on in the next, indented."""
    return COUNTRIES.strip().replace("|\n ", "|").replace("| ", "|").splitlines()


def _names() -> list[str]:
    return [name for line in _lines() for name in line.split(" ", 2)[2].split("|")]
