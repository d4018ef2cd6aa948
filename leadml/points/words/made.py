"""Rules on features that leadml makes, in words; they are recognised by their names.

Made from events are ``pricing_page_7d``, ``days_since_webinar``, ``active_days_30d``, ``amount_webinar_30d``, ``surge``
and ``unanswered``; made from a lead's profile are ``email_kind``, ``in_service_area``, ``form_filled`` and
``bant_answered``. The other profile features read well as any column does: ``Seniority is Director``. docs/features.md
lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from leadml.points.look import plain, shortened
from leadml.points.rules import FeatureType, Kind
from leadml.points.words.numbers_in_words import integers, number_range, readable, whole_bounds
from leadml.points.words.phrases import Language

LONGEST = 60  # characters of an event's name
# names are made of letters and digits of any script, in lower case
_DAYS_SINCE = re.compile(r"days_since_(?P<event>\w+)")
_ACTIVE_DAYS = re.compile(r"active_days_(?P<days>[0-9]+)d")
_AMOUNT = re.compile(r"amount_(?P<event>\w+)_(?P<days>[0-9]+)d")
_COUNT = re.compile(r"(?P<event>\w+)_(?P<days>[0-9]+)d")


def made_text(
    language: Language,
    name: str,
    type: FeatureType,
    kind: Kind,
    lo: str | None,
    hi: str | None,
    values: tuple[str, ...],
    integral: bool | None,
    exact: bool = False,
) -> str | None:
    """Say when a rule on a made feature holds.

    Parameters
    ----------
    language : Language
        In which to say it.
    name, type, kind, lo, hi, values, integral, exact
        As for `reasons.rule_text`.

    Returns
    -------
    str or None
        None where the name is not one that leadml makes, or the rule is said as that of any column.

    Examples
    --------
    >>> from leadml.points.words.languages import language_of
    >>> english = language_of("en")
    >>> made_text(english, "email_kind", "category", "set", None, None, ("free", "competitor"), None)
    'E-mail is from a free provider or a competitor'
    >>> made_text(english, "days_since_webinar", "number", "range", None, "3.5", (), False)
    'last webinar less than 3.5 days ago'
    >>> made_text(language_of("de"), "form_filled", "number", "range", "0.75", None, (), False)
    '75 % oder mehr des Formulars ausgefüllt'
    """
    if type == "category":
        return _email(language, kind, values) if name == "email_kind" else None
    if type == "boolean":
        return _service_area(language, kind, values) if name == "in_service_area" else None
    if name in _SHARES:
        return _SHARES[name](language, kind, lo, hi)
    if name in _COUNTS and integral is not False:
        return _COUNTS[name](language, kind, lo, hi)
    return _from_events(language, name, kind, lo, hi, integral, exact)


def event_words(name: str) -> str:
    """Write the name of an event as it stands in the names of its features.

    Examples
    --------
    >>> event_words("pricing_page")
    'pricing page'
    """
    return shortened(plain(name.strip("_").replace("_", " ")), LONGEST)


def _from_events(
    said: Language, name: str, kind: Kind, lo: str | None, hi: str | None, integral: bool | None, exact: bool
) -> str | None:
    if name != name.lower():
        return None
    if found := _DAYS_SINCE.fullmatch(name):
        days = _whole_days(lo, hi) if integral else (lo, hi) if exact else readable(lo, hi)
        return _days_since(said, event_words(found["event"]), kind, *days)
    if found := _AMOUNT.fullmatch(name):
        state = said.missing() if kind == "missing" else number_range(said, lo, hi)
        return said.amount(event_words(found["event"]), _within(said, found["days"]), state)
    if integral is not False and (found := _ACTIVE_DAYS.fullmatch(name)):
        return _active_days(said, found["days"], kind, lo, hi)
    if integral is not False and (found := _COUNT.fullmatch(name)):
        return _events(said, event_words(found["event"]), found["days"], kind, lo, hi)
    return None


def _email(said: Language, kind: Kind, values: tuple[str, ...]) -> str | None:
    if kind == "missing":
        return said.email_head + said.missing()
    if kind == "other":
        return said.email_head + said.email_from(())
    if kind != "set" or not values or not said.senders.keys() >= set(values):
        return None
    return said.email_head + said.email_from([said.senders[value] for value in values])


def _service_area(said: Language, kind: Kind, values: tuple[str, ...]) -> str | None:
    if kind == "missing":
        return said.service_area(None)
    if kind != "set" or len(values) != 1:
        return None
    return said.service_area(values[0] == "true")


def _form_filled(said: Language, kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range" or (lo is None and hi is None):
        return None
    return said.form_filled(*(None if share is None else _percent(said, share) for share in (lo, hi)))


def _percent(said: Language, share: str) -> str:
    text = f"{Decimal(share) * 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return said.percent(text.replace(".", said.marks[1]))


def _surge(said: Language, kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind == "missing":
        return said.idle()
    if kind != "range" or (lo is None and hi is None):
        return None
    return said.surge(number_range(said, lo, hi))


def _bant_answered(said: Language, kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range":
        return None
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return said.none_answered()
    if first is None or first <= 0:
        return None if last is None else said.answered(str(last), most=True)
    return said.answered(integers(said, lo, hi), most=False)


def _unanswered(said: Language, kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range":
        return None
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return said.none_unanswered()
    if first is None or first <= 0:
        return None if last is None else said.unanswered(said.whole(last), last == 1, most=True)
    count = integers(said, lo, hi)
    return said.unanswered(count, count == "1", most=False)


Sentence = Callable[[Language, Kind, "str | None", "str | None"], "str | None"]
_SHARES: dict[str, Sentence] = {"form_filled": _form_filled, "surge": _surge}
_COUNTS: dict[str, Sentence] = {"bant_answered": _bant_answered, "unanswered": _unanswered}


def _events(said: Language, event: str, days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = _within(said, days)
    if kind == "missing":
        return said.events_missing(event, when)
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return said.no_event(event, when)
    if first is None or first <= 0:
        return said.any_events(event, when) if last is None else said.at_most_events(event, str(last), last == 1, when)
    count = integers(said, lo, hi)
    return said.events(event, count, count == "1", when)


def _active_days(said: Language, days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = _within(said, days)
    if kind == "missing":
        return said.active_missing(when)
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return said.not_active(when)
    if first is None or first <= 0:
        return said.active_any(when) if last is None else said.active_at_most(said.whole(last), last == 1, when)
    count = integers(said, lo, hi)
    return said.active(count, count == "1", when)


def _days_since(said: Language, event: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    if kind == "missing":
        return said.never(event)
    if lo is None and hi is None:
        return said.ever(event)
    low, high = (None if bound is None else said.number(bound) for bound in (lo, hi))
    return said.last(event, low, high, one=high == "1")


def _whole_days(lo: str | None, hi: str | None) -> tuple[str | None, str | None]:
    """Round bounds up, which takes no whole number in or out: 6.5 days ago or more is 7 or more."""
    first, last = whole_bounds(lo, hi)
    return None if first is None else str(first), None if last is None else str(last + 1)


def _within(said: Language, days: str) -> str:
    return said.within(days, days == "1")
