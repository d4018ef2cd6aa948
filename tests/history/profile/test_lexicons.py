"""The lexicons agree with themselves and with one another."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from leadml.history.profile.lexicon.lexicon import GAP
from leadml.history.profile.titles import ALONE, FUNCTIONS, GONE, LANGUAGES, LEVELS, SILENT, SUPPORT, titles_reader
from leadml.history.profile.words import phrases_of

# one phrase, two meanings: the languages disagree, and the last one in LANGUAGES decides
DISAGREED = {("distribution",), ("personal",)}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_meanings_are_known(language: object) -> None:
    assert set(vars(language)["SENIORITY"]) <= {*LEVELS, SUPPORT, SILENT, GONE, ALONE}
    assert set(vars(language)["SENIORITY"]) >= {*LEVELS, SUPPORT}
    assert set(vars(language)["FUNCTION"]) <= {*FUNCTIONS, SILENT}
    assert set(vars(language)["FUNCTION"]) >= set(FUNCTIONS) - {"Management"}


@pytest.mark.parametrize("part", ["SENIORITY", "FUNCTION"])
def test_a_phrase_has_one_meaning(part: str) -> None:
    meanings: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for meaning, listed in vars(language)[part].items():
            if meaning != ALONE:
                for phrase in phrases_of(listed):
                    meanings[phrase].add(meaning)
    assert {phrase for phrase, found in meanings.items() if len(found) > 1} <= DISAGREED


def test_a_phrase_alone_has_its_own_level() -> None:
    rows = [
        (" ".join(word.strip("*") for word in phrase if word != GAP), meaning)
        for language in LANGUAGES
        for meaning, listed in language.SENIORITY.items()
        if meaning in LEVELS
        for phrase in phrases_of(listed)
        if not any(word in ("*", GAP) for word in phrase)
    ]
    texts = pd.Series([text for text, _ in rows], dtype="str")
    found = titles_reader().read(texts)["seniority"].fillna("none").tolist()
    alone = {" ".join(p) for language in LANGUAGES for p in phrases_of(language.SENIORITY.get(ALONE, ""))}
    wrong = {
        (text, meant, seen)
        for (text, meant), seen in zip(rows, found, strict=True)
        if seen != meant and text not in alone
    }
    assert len(wrong) <= len(rows) // 100, sorted(wrong)


def test_phrases_are_spelled_as_titles_are() -> None:
    odd = [
        (language.__name__, phrase)
        for language in LANGUAGES
        for part in ("SENIORITY", "FUNCTION")
        for listed in vars(language)[part].values()
        for phrase in phrases_of(listed)
        for word in phrase
        if word not in (GAP, "&", "*") and not word.strip("*").isalnum()
    ]
    assert odd == []
