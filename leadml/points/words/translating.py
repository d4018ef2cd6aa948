"""A point table in another language: texts that were made are made again, those that a person wrote stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from leadml.points.words.languages import DEFAULT, language_of, languages
from leadml.points.words.phrases import Language
from leadml.points.words.reasons import made_texts, rule_text

if TYPE_CHECKING:
    from leadml.points.rules import Feature, Interaction, Rule
    from leadml.points.table import PointTable

KEY = "language"


def language_code(table: PointTable) -> str:
    """Return the code of the language that a table's texts are in."""
    code = table.provenance.get(KEY, DEFAULT)
    return code if isinstance(code, str) else DEFAULT


def spoken(table: PointTable) -> Language:
    """Return the language that a table's texts are in; English where it names none that there is."""
    return languages().get(language_code(table)) or language_of(DEFAULT)


def in_language(table: PointTable, code: str) -> PointTable:
    """Say the texts of a table in another language; see `PointTable.in_language`.

    Parameters
    ----------
    table : PointTable
        In any language.
    code : str
        The language, such as de.

    Returns
    -------
    PointTable
        The same rules and points.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    wanted = language_of(code)
    features = tuple(
        replace(feature, rules=tuple(replace(rule, text=_text(feature, rule, wanted)) for rule in feature.rules))
        for feature in table.features
    )
    origin = {key: value for key, value in table.provenance.items() if key != KEY}
    if code != DEFAULT:
        origin[KEY] = code
    interactions = tuple(replace(row, text=_together(table, row, wanted)) for row in table.interactions)
    said = replace(
        table,
        features=features,
        interactions=interactions,
        actions=_actions(table, wanted),
        provenance=origin,
    )
    unnamed = said.actions == table.actions
    return said if unnamed or not table.verification else replace(said, verification=()).with_verification()


def in_english(label: str) -> str:
    """Return the English name of one of leadml's own actions; another label as it is.

    Examples
    --------
    >>> in_english("an den Vertrieb"), in_english("call today")
    ('hand to sales', 'call today')
    """
    return _own(language_of(DEFAULT)).get(label, label)


def _text(feature: Feature, rule: Rule, wanted: Language) -> str:
    """Return a rule's text in a language; none stays none in English, which is what is made where there is none."""
    if not rule.text:
        return "" if wanted.code == DEFAULT else _made(feature, rule, wanted, None)
    if rule.text in made_texts(feature, rule, wanted.code):
        return rule.text
    for language in languages():
        found = made_texts(feature, rule, language)
        if rule.text in found:
            return _made(feature, rule, wanted, found[rule.text])
    return rule.text


def _made(feature: Feature, rule: Rule, wanted: Language, integral: bool | None) -> str:
    condition = rule.kind, rule.lo, rule.hi, rule.values
    return rule_text(feature.name, feature.type, *condition, integral=integral, language=wanted.code)


def _together(table: PointTable, row: Interaction, wanted: Language) -> str:
    """Return a conjunction's text in a language: made again where it is what its conditions say, joined."""
    if not row.text and wanted.code == DEFAULT:
        return ""
    told = [table.rule(condition) for condition in row.conditions]
    now = [_text(feature, rule, wanted) or _made(feature, rule, wanted, None) for feature, rule in told]
    if not row.text:
        return wanted.and_also(now)
    for language in languages().values():
        then = [_text(feature, rule, language) or _made(feature, rule, language, None) for feature, rule in told]
        for join, again in ((language.both, wanted.both), (language.and_also, wanted.and_also)):
            if row.text == join(then):
                return again(now)
    return row.text


def _actions(table: PointTable, wanted: Language) -> Any:
    """Translate leadml's own actions, unless a person has given another one the same name."""
    own = _own(wanted)
    said = tuple((own.get(label, label), *rest) for label, *rest in table.actions)
    return said if len({label for label, *_ in said}) == len(said) else table.actions


def _own(wanted: Language) -> dict[str, str]:
    """Return what leadml's own actions, in any language, are called in one."""
    known = chain.from_iterable(language.actions.items() for language in languages().values())
    return {text: wanted.actions[action] for action, text in known}
