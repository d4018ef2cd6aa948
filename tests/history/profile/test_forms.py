"""A form counts as filled as far as it answers something."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.history.profile.forms import answers, filled
from leadml.history.profile.nonsense import is_nonsense
from leadml.history.sources.readers import Table

NONSENSE = """
asdf|ASDF|asdfgh|qwertz|Qwerty|yxcv|poiuz|lkjh|asdfasdf|asdasd|qweqwe|xxx|XXXX|aaa|x x x|.|-|--|???|!|...|_|
\u2014|\u2026|test|Test|TESTING|test123|Test 1|asdf1|testtest|abc|abcd|xyz|lalala|blabla|hahahaha|111111|000000|
123456|1234567890|987654|sdfgsdg|hjkhjk|n/a|N/A|n.a.|unknown|Unbekannt|keine Angabe|k.A.|I don't know|
I don\u2019t know|weiß nicht|je ne sais pas|no sé|nie wiem|onbekend|please select|tbd|null|whatever|lorem ipsum
"""
ANSWERS = """
NA|none|no|No|nein|0|1|42|12345|11111|1000000|10-50|Test AG|Testing Ltd|Kafka|Glas|Dallas|Alaska|Bora Bora|DHL|
IBM|AXA|3M|HSBC|x|y|n|B|yes|Berlin|Ada|Lee|Ng|O|Li|\u4e2d\u56fd|\u0418\u0432\u0430\u043d|+43 660 1234567|
ada@example.org|10k to 50k|> 50|this year|Anna|Otto|Papa John's|Barbara|Tintin|Wawa|Mississippi|Select Sires|
Werkstatt|property|typewriter|100000|2024|1.000,50|none yet
"""


def texts_of(block: str) -> list[str]:
    return [text for text in block.replace("\n", "").split("|") if text]


def test_nonsense_is_found() -> None:
    texts = texts_of(NONSENSE)
    found = is_nonsense(pd.Series(texts, dtype="str"))
    assert [text for text, bad in zip(texts, found, strict=True) if not bad] == []


def test_answers_are_no_nonsense() -> None:
    texts = texts_of(ANSWERS)
    found = is_nonsense(pd.Series(texts, dtype="str"))
    assert [text for text, bad in zip(texts, found, strict=True) if bad] == []


def test_words_are_no_nonsense() -> None:
    """Words of six languages, as they stand in the house's own lexicons."""
    from leadml.history.profile.titles import LANGUAGES

    texts = sorted(
        {
            text.strip()
            for language in LANGUAGES
            for listed in (*language.SENIORITY.values(), *language.FUNCTION.values())
            for text in listed.replace("*", "").split(",")
        }
    )
    found = is_nonsense(pd.Series(texts, dtype="str"))
    assert len(texts) > 3000
    assert [text for text, bad in zip(texts, found, strict=True) if bad] == ["tester"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=70), max_size=8))
def test_case_and_spaces_around_do_not_count(texts: list[str]) -> None:
    plain = is_nonsense(pd.Series(texts, dtype="str")).tolist()
    assert is_nonsense(pd.Series([f" {text} " for text in texts], dtype="str")).tolist() == plain


def table(**columns: list[object]) -> Table:
    return Table(pd.DataFrame(columns), "leads.csv", "leads", is_text=False)


def test_what_is_missing_or_a_placeholder_is_not_filled() -> None:
    leads = table(a=["x1", None, "", "  ", "Select", "999", "asdf", "none"])
    missing = ("Select", {"feature": "a", "text": "999"}, {"feature": "b", "text": "x1"})
    assert filled(leads, "a", missing).tolist() == [True, False, False, False, False, False, False, True]


def test_columns_with_types_count_as_their_texts_would() -> None:
    when = datetime(2024, 3, 1, tzinfo=UTC)
    typed = table(
        n=[3.0, float("nan"), float("inf"), 999.0],
        b=[True, False, None, True],
        t=[when, None, when, when],
        m=[1, "x9", None, True],
    )
    missing = ("999",)
    assert filled(typed, "n", missing).tolist() == [True, False, False, False]
    assert filled(typed, "b", missing).tolist() == [True, True, False, True]
    assert filled(typed, "t", missing).tolist() == [True, False, True, True]
    assert filled(typed, "m", missing).tolist() == [True, True, False, True]
    frame = pd.DataFrame({"b": ["true", "false", "", "true"]}, dtype="str")
    text = Table(frame, "x.csv", "x", is_text=True)
    assert filled(text, "b", missing).tolist() == filled(typed, "b", missing).tolist()


def test_answers_are_counted() -> None:
    leads = table(a=["1", "asdf", None], b=["yes", "no", "???"], c=[None, 2.0, None])
    assert answers(leads, ("a", "b", "c"), (), "form").tolist() == [2, 2, 0]
    assert answers(leads, (), (), "form").tolist() == [0, 0, 0]


def test_an_unknown_column_and_one_that_stands_twice_are_refused() -> None:
    leads = table(phone=["1"], city=["2"])
    with pytest.raises(UsageError, match=r"no column 'fone'.*phone"):
        answers(leads, ("fone",), (), "form")
    with pytest.raises(UsageError, match=r"\[profile\] form names 'city' twice"):
        answers(leads, ("city", "phone", "city"), (), "form")
