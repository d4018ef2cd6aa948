"""Rules in words that a sales rep understands.

Features that leadml makes are recognised by their names (see `made`); all others are named as their column is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain, shortened
from leadml.points.rules import Feature, FeatureType, Interaction, Kind, Rule
from leadml.points.words.languages import DEFAULT, language_of, languages
from leadml.points.words.made import made_text
from leadml.points.words.numbers_in_words import integers, number_range
from leadml.points.words.phrases import Language

if TYPE_CHECKING:
    from leadml.points.table import PointTable

MOST_VALUES = 4  # named of a set; the others are counted
LONGEST = 60  # characters of a name or category


def rule_text(
    feature_name: str,
    type: FeatureType,
    kind: Kind,
    lo: str | None = None,
    hi: str | None = None,
    values: tuple[str, ...] = (),
    *,
    integral: bool | None = None,
    exact: bool = False,
    language: str = DEFAULT,
) -> str:
    """Say when a rule holds.

    Parameters
    ----------
    feature_name : str
        The column's name.
    type : {"number", "category", "boolean"}
        The feature's type.
    kind : {"range", "set", "missing", "other"}
        The rule's kind.
    lo, hi : str or None
        Bounds of a range, ``lo <= x < hi``.
    values : tuple of str
        Categories of a set.
    integral : bool
        Whether the feature has whole numbers only, so that bounds can be read as the first and the last of
        them.
    exact : bool
        Whether bounds in days keep digits that nobody has typed, as they did in older tables.
    language : str
        The code of the language to say it in.

    Returns
    -------
    str
        One line without a full stop.

    Examples
    --------
    >>> rule_text("Industry", "category", "set", values=("Software",))
    'Industry is Software'
    >>> rule_text("company_size", "number", "range", "49.5", "199.5", integral=True)
    'Company size is 50 to 199'
    >>> rule_text("budget", "number", "range", "1000", None)
    'Budget is 1,000 or more'
    >>> rule_text("pricing_page_7d", "number", "range", "2.5", None)
    '3 or more pricing page events in the last 7 days'
    >>> rule_text("days_since_webinar", "number", "range", None, "6.5", integral=True)
    'last webinar less than 7 days ago'
    >>> rule_text("City", "category", "missing"), rule_text("Lead Source", "category", "other")
    ('City is missing', 'Lead Source is anything else')
    >>> rule_text("pricing_page_7d", "number", "range", "2.5", None, language="de")
    'mindestens 3 Mal pricing page in den letzten 7 Tagen'
    """
    said = language_of(language)
    made = made_text(said, feature_name, type, kind, lo, hi, values, integral, exact)
    if made is not None:
        return made
    if type == "boolean" and kind == "set":
        truths = [said.yes_no(value == "true") for value in values]
        return said.head(named(feature_name)) + said.either(truths)
    return said.head(named(feature_name)) + _state(said, kind, lo, hi, values, bool(integral))


def text_of(feature: Feature, rule: Rule) -> str:
    """Return a rule's own text, or one made from its condition where it has none."""
    made = rule_text(feature.name, feature.type, rule.kind, rule.lo, rule.hi, rule.values)
    return plain(rule.text) or made


def interaction_text(table: PointTable, interaction: Interaction) -> str:
    """Return an interaction's own text, or the texts of its conditions joined."""
    if interaction.text:
        return plain(interaction.text)
    return ", and ".join(text_of(*table.rule(condition)) for condition in interaction.conditions)


def signed(points: int) -> str:
    """Write points with their sign.

    Examples
    --------
    >>> signed(15), signed(-4), signed(0)
    ('+15', '-4', '0')
    """
    return f"{points:+d}" if points else "0"


def row_text(feature: Feature, rule: Rule, most_values: int = MOST_VALUES) -> str:
    """Say when a rule holds, as a row below the feature's name, so without that name.

    Parameters
    ----------
    feature : Feature
        The feature.
    rule : Rule
        One of its rules.
    most_values : int
        How many categories of a set are named; the others are counted.

    Returns
    -------
    str
        Such as "50 to under 200", "Software or Banking", "missing", "anything else".
    """
    spoken = spoken_in(feature, rule)
    made = rule_text(feature.name, feature.type, rule.kind, rule.lo, rule.hi, rule.values, language=spoken.code)
    text, head = plain(rule.text) or made, spoken.head(named(feature.name))
    if text == made and rule.kind == "set" and feature.type == "category" and made.startswith(head):
        return _set(spoken, rule.values, most_values)
    return text.removeprefix(spoken.email_head if feature.name == "email_kind" else head) or text


def spoken_in(feature: Feature, rule: Rule) -> Language:
    """Tell in which language the text of a rule was made; English where a person has written it, or it has none."""
    known = languages()
    for language in known.values():
        if rule.text in made_texts(feature, rule, language.code):
            return language
    return known[DEFAULT]


def made_texts(feature: Feature, rule: Rule, language: str = DEFAULT) -> dict[str, bool | None]:
    """Return every text that is made for a rule, or was, with whether its numbers were taken for whole ones.

    Examples
    --------
    >>> rule = Rule("size:0", "range", 0, neutral=True, hi="9.5")
    >>> feature = Feature("size", "fit", "number", (rule, Rule("size:1", "range", 3, lo="9.5"),
    ...                                             Rule("size:2", "missing", 0)))
    >>> made_texts(feature, rule)
    {'Size is under 9.5': None, 'Size is 9 or less': True}
    """
    ways = ((None, False), (True, False), (False, False), (None, True), (False, True))
    found: dict[str, bool | None] = {}
    for integral, exact in ways if rule.kind == "range" else ways[:1]:
        condition = rule.kind, rule.lo, rule.hi, rule.values
        text = rule_text(feature.name, feature.type, *condition, integral=integral, exact=exact, language=language)
        found.setdefault(text, integral)
    return found


def named(name: str) -> str:
    """Write a column's name as the beginning of a sentence.

    Examples
    --------
    >>> named("company_size")
    'Company size'
    """
    text = shortened(plain(name.replace("_", " ").strip() or name), LONGEST)
    return text[:1].upper() + text[1:]


def _state(said: Language, kind: Kind, lo: str | None, hi: str | None, values: tuple[str, ...], integral: bool) -> str:
    if kind == "missing":
        return said.missing()
    if kind == "other":
        return said.anything_else()
    if kind == "set":
        return _set(said, values)
    return integers(said, lo, hi) if integral else number_range(said, lo, hi)


def _set(said: Language, values: tuple[str, ...], most: int = MOST_VALUES) -> str:
    shown = [shortened(plain(value), LONGEST) for value in values[:most]]
    hidden = len(values) - len(shown)
    return said.or_others(shown, hidden) if hidden else said.either(shown)
