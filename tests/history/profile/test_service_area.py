"""Countries are understood by their codes and names."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd
import pytest
from babel import Locale

from leadml.errors import UsageError
from leadml.history.profile.countries import GROUPS
from leadml.history.profile.folding import key
from leadml.history.profile.servicearea import country_codes, in_service_area

ISO_LIST = files("tzdata") / "zoneinfo" / "iso3166.tab"  # Ibis brings it


def inside(texts: list[str], *area: str) -> list[bool | None]:
    found = in_service_area(pd.Series(texts, dtype="str"), area).astype(object)
    return list(found.where(found.notna(), None))


@pytest.mark.parametrize("written", ["Germany", "Deutschland", "DE", "DEU", "germany", " deutschland ", "Niemcy"])
def test_every_way_of_writing_is_the_same_country(written: str) -> None:
    texts = ["Germany", "DEUTSCHLAND", "de", "Deu", "Allemagne", "Alemania", "Duitsland", "Federal Republic of Germany"]
    assert inside([*texts, "Austria", "AT", "Österreich"], written) == [True] * len(texts) + [False] * 3


def test_na_is_namibia_and_the_netherlands_have_an_article() -> None:
    texts = ["NA", "Namibia", "The Netherlands", "U.S.A.", "Côte d\u2019Ivoire"]
    assert inside(texts, "na", "nl", "us", "ci") == [True] * 5


def test_what_is_no_country_is_not_outside() -> None:
    assert inside(["Germny", "Atlantis", "asdf", "?", "Poland"], "DE") == [None, None, None, None, False]


def test_other_texts_of_the_column_can_be_served() -> None:
    assert inside(["North", "south ", "Germany", "Elsewhere"], "NORTH", "DE") == [True, False, True, False]
    assert inside(["South"], "North", "Middle") == [False]


def test_groups_of_countries() -> None:
    assert inside(["DE", "Svájc", "Suisse", "Austria", "FR"], "DACH") == [True, None, True, True, False]
    assert inside(["Sweden", "Norway", "GB"], "eu") == [True, False, False]
    assert {len(codes.split()) for codes in (GROUPS["EU"], GROUPS["EEA"])} == {27, 30}
    assert {code for codes in GROUPS.values() for code in codes.split()} <= set(country_codes().values())


def test_an_unknown_country_in_the_settings_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"service_area has 'Germny', which is no country\. Did you mean 'Germany'"):
        inside(["DE"], "Germny")
    for entry in ("Deutschlnd", "Swizerland", "Czechya"):
        with pytest.raises(UsageError, match=entry):
            inside([entry], entry)


def test_all_iso_codes_are_there() -> None:
    lines = [line.split("\t") for line in ISO_LIST.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    known = country_codes()
    assert {code: known.get(code.lower()) for code, _ in lines} == {code: code for code, _ in lines}
    names = pd.Series([name for _, name in lines], dtype="str")
    right = [known.get(name) == code for name, (code, _) in zip(key(names), lines, strict=True)]
    assert sum(right) / len(right) >= 0.9


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "nl", "pl"])
def test_the_names_of_six_languages_are_known(language: str) -> None:
    """The names are those of the Unicode consortium, which nobody here has written."""
    known = country_codes()
    territories = {code: name for code, name in Locale(language).territories.items() if code in known.values()}
    found = [known.get(name) for name in key(pd.Series(list(territories.values()), dtype="str"))]
    read = dict(zip(territories, found, strict=True))
    missed = {code: territories[code] for code, seen in read.items() if seen is None}
    assert {code: seen for code, seen in read.items() if seen not in (None, code)} == {}
    assert len(missed) <= 0.08 * len(territories), missed
    assert missed.keys().isdisjoint(GROUPS["EEA"].split())
