"""Rules in words that a sales rep understands.

Features that leadml makes are recognised by their names (see `made`); all others are named as their column is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain, shortened
from leadml.points.made import EMAIL_HEAD, made_text
from leadml.points.numbers_in_words import integers, number_range
from leadml.points.rules import Feature, FeatureType, Interaction, Kind, Rule

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
) -> str:
    """Say in English when a rule holds.

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
    """
    made = made_text(feature_name, type, kind, lo, hi, values, integral)
    if made is not None:
        return made
    name = _named(feature_name)
    if type == "boolean" and kind == "set":
        return f"{name} is {' or '.join('yes' if value == 'true' else 'no' for value in values)}"
    return f"{name} is {_state(kind, lo, hi, values, bool(integral))}"


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
    made = rule_text(feature.name, feature.type, rule.kind, rule.lo, rule.hi, rule.values)
    text, head = plain(rule.text) or made, f"{_named(feature.name)} is "
    if text == made and rule.kind == "set" and feature.type == "category" and made.startswith(head):
        return _set(rule.values, most_values)
    return text.removeprefix(EMAIL_HEAD if feature.name == "email_kind" else head) or text


def _state(kind: Kind, lo: str | None, hi: str | None, values: tuple[str, ...], integral: bool = False) -> str:
    if kind == "missing":
        return "missing"
    if kind == "other":
        return "anything else"
    if kind == "set":
        return _set(values)
    return integers(lo, hi) if integral else number_range(lo, hi)


def _set(values: tuple[str, ...], most: int = MOST_VALUES) -> str:
    shown = [shortened(plain(value), LONGEST) for value in values[:most]]
    hidden = len(values) - len(shown)
    if hidden:
        return f"{', '.join(shown)} or {hidden} other{'s' * (hidden > 1)}"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _named(name: str) -> str:
    """Write a column's name as the beginning of a sentence."""
    text = shortened(plain(name.replace("_", " ").strip() or name), LONGEST)
    return text[:1].upper() + text[1:]
