"""Texts in an edited table: what leadml made for a rule as it was is made again for the rule as it is.

A text that a person has written stays, whatever became of its rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from leadml.points.words.languages import languages
from leadml.points.words.reasons import made_texts, rule_text, text_of

if TYPE_CHECKING:
    from leadml.points.rules import Feature, Interaction, Rule
    from leadml.points.table import PointTable


def is_made(feature: Feature, rule: Rule) -> bool:
    """Tell whether the text of a rule is one that leadml makes, in any language."""
    return any(rule.text in made_texts(feature, rule, language) for language in languages())


def retold(table: PointTable, before: Mapping[str, Rule]) -> PointTable:
    """Return an edited table with texts that fit its rules.

    Parameters
    ----------
    table : PointTable
        As it was read.
    before : mapping of str to Rule
        By its id what a rule was when leadml made its text.

    Returns
    -------
    PointTable
        The very same where no condition was changed.
    """
    changed = {
        rule.id
        for feature in table.features
        for rule in feature.rules
        if rule.id in before and _condition(rule) != _condition(before[rule.id])
    }
    if not changed:
        return table
    features = []
    for feature in table.features:
        rules = [_retold(feature, rule, before[rule.id]) if rule.id in changed else rule for rule in feature.rules]
        features.append(replace(feature, rules=tuple(rules)))
    now = replace(table, features=tuple(features))
    rows = (_together(r, table, now, before) if changed & {*r.conditions} else r for r in table.interactions)
    return replace(now, interactions=tuple(rows))


def _condition(rule: Rule) -> tuple[object, ...]:
    return rule.kind, rule.lo, rule.hi, rule.values


def _retold(feature: Feature, rule: Rule, was: Rule) -> Rule:
    for language in languages():
        found = made_texts(feature, was, language)
        if rule.text in found:
            condition = rule.kind, rule.lo, rule.hi, rule.values
            integral = found[rule.text]
            text = rule_text(feature.name, feature.type, *condition, integral=integral, language=language)
            return replace(rule, text=text)
    return rule


def _together(row: Interaction, then: PointTable, now: PointTable, before: Mapping[str, Rule]) -> Interaction:
    """Join the texts of a conjunction's rules again, where its own was joined of what they were."""
    if not row.text:
        return row
    told = [text_of(*now.rule(condition)) for condition in row.conditions]
    for code, language in languages().items():
        each = [list(_texts(*then.rule(condition), before.get(condition), code)) for condition in row.conditions]
        for texts in product(*each):
            for join in (language.both, language.and_also):
                if row.text == join(list(texts)):
                    return replace(row, text=join(told))
    return row


def _texts(feature: Feature, rule: Rule, was: Rule | None, language: str) -> Iterator[str]:
    """Give the texts that a rule may have had."""
    yield text_of(feature, rule)
    if was is not None:
        yield from made_texts(feature, was, language)
