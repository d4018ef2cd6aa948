"""Every language says everything, and what a person wrote stays."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from leadml.errors import UsageError
from leadml.points.grading.bands import ACTIONS
from leadml.points.rules import Feature, Interaction, Rule
from leadml.points.table import PointTable
from leadml.points.words.languages import language_of, languages
from leadml.points.words.made import made_text
from leadml.points.words.phrases import Language
from leadml.points.words.reasons import made_texts, row_text, rule_text
from tests.conftest import PROJECT

from .strategies import tables
from .test_ledger import THEN, engagement

CODES = list(languages())
NAMES = (
    *("pricing_page_7d", "quote_1d", "days_since_webinar", "active_days_30d", "active_days_1d", "amount_webinar_30d"),
    *("surge", "unanswered", "email_kind", "in_service_area", "form_filled", "bant_answered", "Company size"),
)
NUMBERS = ("-3.5", "0", "0.5", "1", "1.5", "2", "3", "999.5", "1000000")
SETS: tuple[tuple[str, ...], ...] = (("free",), ("free", "student"), ("true",), ("false",), ("Wien", "=1+1"))


def every_rule() -> list[tuple[Any, ...]]:
    """Names that leadml makes and one that it does not, with every kind of condition."""
    bounds = [(None, None), *((n, None) for n in NUMBERS), *((None, n) for n in NUMBERS), *combinations(NUMBERS, 2)]
    found: list[tuple[Any, ...]] = []
    for name in NAMES:
        for integral in (None, True, False):
            found += [(name, "number", "range", lo, hi, (), integral) for lo, hi in bounds]
            found += [(name, "number", "missing", None, None, (), integral)]
        found += [(name, "category", kind, None, None, (), None) for kind in ("missing", "other")]
        found += [(name, "category", "set", None, None, values, None) for values in (*SETS, tuple("abcdefg"))]
        found += [(name, "boolean", "set", None, None, (value,), None) for value in ("true", "false")]
        found += [(name, "boolean", "missing", None, None, (), None)]
    return found


def said(rule: tuple[Any, ...], code: str) -> str:
    *condition, integral = rule
    return rule_text(*condition, integral=integral, language=code)


def test_english_is_what_it_was_before_there_were_other_languages() -> None:
    """The digest of the texts that commit eb7898c made, when English was the only language: tables keep their hash."""
    texts = [[list(rule), said(rule, "en")] for rule in every_rule()]
    digest = hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()
    assert digest == "b6b11435bf66926fb13d5c02437097abaf8bf85e89bbf27ea361167dfb8246aa"


@pytest.mark.parametrize("code", CODES)
def test_every_language_says_every_phrase(code: str) -> None:
    language = language_of(code)
    for name, member in inspect.getmembers(Language):
        if not getattr(member, "__isabstractmethod__", False):
            continue
        own = inspect.getattr_static(type(language), name)
        assert own is not member, name
        if isinstance(member, property):
            assert getattr(language, name), name
        else:
            wanted, given_ = (list(inspect.signature(function).parameters) for function in (member, own))
            assert given_ == wanted, name
    assert set(language.actions) == set(ACTIONS)
    english = language_of("en")
    assert set(language.senders) == set(english.senders)
    assert set(language.questions) == set(english.questions)
    assert len(language.marks) == 2


def spoken(language: Language, name: str, truth: bool) -> tuple[str, list[str]]:
    """Say a phrase with a mark in the place of every argument; return it, and the marks."""
    parameters = inspect.signature(getattr(Language, name)).parameters
    given_: dict[str, Any] = {}
    for k, (parameter, annotation) in enumerate((p, str(v.annotation)) for p, v in parameters.items() if p != "self"):
        kinds = {"int": 70 + k, "Sequence[str]": [f"<{k}a>", f"<{k}b>"]}
        given_[parameter] = truth if annotation.startswith("bool") else kinds.get(annotation, f"<{k}>")
    if name == "kind_of_change":
        given_ = {"kind": "input"}
    flat = [mark for value in given_.values() for mark in (value if isinstance(value, list) else [value])]
    return getattr(language, name)(**given_), [str(mark) for mark in flat if not isinstance(mark, bool)]


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_no_phrase_lost_what_stands_in_brackets(code: str) -> None:
    """What English says of its arguments every language says, each as often."""
    checked = 0
    for name, member in inspect.getmembers(Language, inspect.isfunction):
        for truth in (False, True) if getattr(member, "__isabstractmethod__", False) else ():
            english, marks = spoken(language_of("en"), name, truth)
            own, _ = spoken(language_of(code), name, truth)
            if (name, truth) == ("within", True):  # "am letzten Tag" need not count to one
                continue
            assert [own.count(mark) for mark in marks] == [english.count(mark) for mark in marks], (name, own)
            checked += len(marks)
    assert checked > 100


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_no_phrase_was_left_in_english(code: str) -> None:
    """Every rule says something else than in English, but for bare numbers, and keeps the digits of its bounds."""
    for rule in every_rule():
        own, english = said(rule, code), said(rule, "en")
        assert own != english, rule
        figures = [re.sub(r"[.,](?=[0-9]{3}\b)", "", text).replace(",", ".") for text in (own, english)]
        numbers = [sorted(re.findall(r"[0-9]+(?:\.[0-9]+)?", text)) for text in figures]
        assert numbers[0] == numbers[1] or "1" in numbers[1], rule  # one day need not be counted
        made = [made_text(language_of(c), *rule) is None for c in (code, "en")]
        assert made[0] == made[1], rule


@pytest.mark.parametrize("code", CODES)
def test_two_rules_of_a_feature_never_read_alike(code: str) -> None:
    """Where English tells two conditions apart, so does every other language."""
    for name in NAMES:
        own = [rule for rule in every_rule() if rule[0] == name and rule[-1] is None]
        english = {rule: said(rule, "en") for rule in own}
        assert len({said(rule, code) for rule in own}) == len(set(english.values()))


def test_a_table_in_german_and_back() -> None:
    table = learned_texts(engagement())
    german = table.in_language("de")
    assert german.language == "de"
    assert german.sha256 != table.sha256
    texts = [rule.text for feature in german.features for rule in feature.rules]
    assert "mindestens 1 Mal visit in den letzten 7 Tagen" in texts
    assert "City ist nicht angegeben" in texts
    assert german.interactions[0].text == "mindestens 1 Mal visit in den letzten 7 Tagen und City ist Wien"
    assert [action for action, *_ in german.actions] == ["an den Vertrieb", "weiter betreuen"]
    assert german.in_language("en") == table
    assert german.in_language("de") == german
    assert table.in_language("en").to_json() == table.to_json()


def learned_texts(table: PointTable) -> PointTable:
    """The table as training writes it: every text is there, and a conjunction joins two of them."""
    told = {r.id: rule_text(f.name, f.type, r.kind, r.lo, r.hi, r.values) for f in table.features for r in f.rules}
    features = tuple(replace(f, rules=tuple(replace(r, text=told[r.id]) for r in f.rules)) for f in table.features)
    rows = tuple(replace(row, text=" and ".join(told[c] for c in row.conditions)) for row in table.interactions)
    return replace(table, features=features, interactions=rows).with_verification()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_only_texts_change(table: PointTable) -> None:
    """Whatever the table: the same points for the same leads, and texts that a person wrote stay."""
    german = table.in_language("de")
    for feature, other in zip(table.features, german.features, strict=True):
        for rule, said_ in zip(feature.rules, other.rules, strict=True):
            assert replace(said_, text=rule.text) == rule
            if rule.text and rule.text not in made_texts(feature, rule) | made_texts(feature, rule, "de"):
                assert said_.text == rule.text
    assert german.in_language("de") == german
    assert PointTable.from_dict(german.to_dict()) == german
    assert PointTable.from_csv(german.export("csv")) == german


def test_explanation_ledger_and_next_steps_are_in_the_table_s_language() -> None:
    german = engagement().in_language("de")
    explanation, change = german.explain(THEN), german.change(THEN, THEN | {"visit_7d": 0, "city": None})
    assert "typischer Lead" in explanation.text
    assert "Abschlusschance" in explanation._repr_html_()
    assert re.search(r"\d,\d % Abschlusschance", explanation.text)
    assert "Zeit ist vergangen" in change.text
    assert "nicht mehr: mindestens 1 Mal visit in den letzten 7 Tagen, und City ist Wien" in change.text
    steps = german.next_steps(THEN | {"visit_7d": 0, "city": None})
    assert "Nach „City“ fragen: +4 bis +11 Punkte" in steps.text
    assert german.change(THEN, THEN, engagement()).before.action == "an den Vertrieb"
    scored = german.score(pd.DataFrame([THEN]))
    assert scored["reason_1"].tolist() == ["mindestens 1 Mal visit in den letzten 7 Tagen: +9"]
    assert "typical lead" in engagement().explain(THEN).text


def test_rows_below_a_feature_are_short_in_every_language() -> None:
    rules = (
        Rule("city:0", "set", 3, values=tuple("abcdef")),
        Rule("city:1", "other", 0, neutral=True),
        Rule("city:2", "missing", 1, text="City is for the birds"),
    )
    feature = Feature("city", "fit", "category", rules)
    assert [row_text(feature, rule) for rule in rules] == ["a, b, c, d or 2 others", "anything else", "for the birds"]
    german = tuple(
        replace(r, text=rule_text("city", "category", r.kind, values=r.values, language="de")) for r in rules
    )
    told = [row_text(feature, rule) for rule in german]
    assert told == ["a, b, c, d oder 2 weitere Werte", "etwas anderes", "nicht angegeben"]


def test_own_actions_and_hand_written_conjunctions_stay() -> None:
    table = replace(engagement(), actions=(("hand to sales", 55), ("an den Vertrieb", None)), verification=())
    assert table.in_language("de").actions == table.actions  # two actions would have one name
    row = Interaction("both", ("visit_7d:1", "city:0"), "engagement", 6, text="hot in Vienna")
    assert replace(engagement(), interactions=(row,)).in_language("de").interactions[0].text == "hot in Vienna"


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no language 'fr'; there are en \(English\), de \(Deutsch\)") as caught:
        engagement().in_language("fr")
    folder = re.search(r"a file in (\S+)\.$", str(caught.value))
    assert folder is not None
    assert (PROJECT / folder[1] / "german.py").is_file()


def test_a_language_that_lacks_a_phrase_cannot_be_made() -> None:
    class Half(Language):
        code = "xx"

    with pytest.raises(TypeError, match="abstract"):
        Half()  # type: ignore[abstract]
