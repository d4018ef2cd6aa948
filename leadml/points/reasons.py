"""Rules in words that a sales rep understands.

Features made from events are recognised by their names (``pricing_page_7d``, ``days_since_webinar``,
``active_days_30d``, ``amount_webinar_30d``); all others are named as their column is.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from leadml.points.look import plain, shortened
from leadml.points.rules import Feature, FeatureType, Interaction, Kind, Rule

if TYPE_CHECKING:
    from leadml.points.table import PointTable

MOST_VALUES = 4  # named of a set; the others are counted
LONGEST = 60  # characters of a name or category

_DAYS_SINCE = re.compile(r"days_since_(?P<event>[a-z0-9_]+)")
_ACTIVE_DAYS = re.compile(r"active_days_(?P<days>[0-9]+)d")
_AMOUNT = re.compile(r"amount_(?P<event>[a-z0-9_]+)_(?P<days>[0-9]+)d")
_COUNT = re.compile(r"(?P<event>[a-z0-9_]+)_(?P<days>[0-9]+)d")


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
    if type == "number":
        if found := _DAYS_SINCE.fullmatch(feature_name):
            return _days_since(_words(found["event"]), kind, *(_whole_days(lo, hi) if integral else (lo, hi)))
        if found := _AMOUNT.fullmatch(feature_name):
            amount = f"{_words(found['event'])} amount in the last {_days(found['days'])}"
            return f"{amount} is {_state(kind, lo, hi, values)}"
        if integral is not False and (found := _ACTIVE_DAYS.fullmatch(feature_name)):
            return _active_days(found["days"], kind, lo, hi)
        if integral is not False and (found := _COUNT.fullmatch(feature_name)):
            return _events(_words(found["event"]), found["days"], kind, lo, hi)
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
    if text == made and rule.kind == "set" and feature.type == "category":
        return _set(rule.values, most_values)
    return text.removeprefix(head) or text


def _state(
    kind: Kind, lo: str | None, hi: str | None, values: tuple[str, ...], integral: bool = False
) -> str:
    if kind == "missing":
        return "missing"
    if kind == "other":
        return "anything else"
    if kind == "set":
        return _set(values)
    return _integers(lo, hi) if integral else _range(lo, hi)


def _set(values: tuple[str, ...], most: int = MOST_VALUES) -> str:
    shown = [shortened(plain(value), LONGEST) for value in values[:most]]
    hidden = len(values) - len(shown)
    if hidden:
        return f"{', '.join(shown)} or {hidden} other{'s' * (hidden > 1)}"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _range(lo: str | None, hi: str | None) -> str:
    if lo is None and hi is None:
        return "any number"
    if lo is None:
        return f"under {_grouped(hi)}"
    return f"{_grouped(lo)} or more" if hi is None else f"{_grouped(lo)} to under {_grouped(hi)}"


def _integers(lo: str | None, hi: str | None) -> str:
    """Name the first and the last whole number of a range."""
    first, last = _whole_bounds(lo, hi)
    if first is None and last is None:
        return "any number"
    if first is None:
        return f"{last:,} or less"
    if last is None:
        return f"{first:,} or more"
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _whole_bounds(lo: str | None, hi: str | None) -> tuple[int | None, int | None]:
    first = None if lo is None else math.ceil(Decimal(lo))
    return first, None if hi is None else math.ceil(Decimal(hi)) - 1


def _events(event: str, days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = f"in the last {_days(days)}"
    if kind == "missing":
        return f"{event} events {when} are missing"
    first, last = _whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return f"no {event} event {when}"
    if first is None or first <= 0:
        return (
            f"any number of {event} events {when}"
            if last is None
            else f"at most {last} {event} event{'s' * (last != 1)} {when}"
        )
    count = _integers(lo, hi)
    return f"{count} {event} event{'s' * (count != '1')} {when}"


def _active_days(days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = f"in the last {_days(days)}"
    if kind == "missing":
        return f"active days {when} are missing"
    first, last = _whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return f"not active {when}"
    if first is None or first <= 0:
        return (
            f"active on any number of days {when}"
            if last is None
            else f"active on at most {_days(f'{last:,}')} {when}"
        )
    count = _integers(lo, hi)
    return f"active on {count} day{'s' * (count != '1')} {when}"


def _days_since(event: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    if kind == "missing":
        return f"no {event} so far"
    if lo is None and hi is None:
        return f"{event} at some time"
    if lo is None:
        return f"last {event} less than {_days(_grouped(hi))} ago"
    if hi is None:
        return f"last {event} {_grouped(lo)} or more days ago"
    return f"last {event} {_grouped(lo)} to under {_days(_grouped(hi))} ago"


def _whole_days(lo: str | None, hi: str | None) -> tuple[str | None, str | None]:
    """Round bounds up, which takes no whole number in or out: 6.5 days ago or more is 7 or more."""
    first, last = _whole_bounds(lo, hi)
    return None if first is None else str(first), None if last is None else str(last + 1)


def _days(count: str) -> str:
    return f"{count} day" if count == "1" else f"{count} days"


def _grouped(number: str | None) -> str:
    """Write a decimal with its thousands set apart."""
    return f"{Decimal(number or 0):,f}"


def _words(name: str) -> str:
    return name.strip("_").replace("_", " ")


def _named(name: str) -> str:
    """Write a column's name as the beginning of a sentence."""
    text = shortened(plain(name.replace("_", " ").strip() or name), LONGEST)
    return text[:1].upper() + text[1:]
