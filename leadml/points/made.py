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
from leadml.points.numbers_in_words import grouped, integers, number_range, whole_bounds
from leadml.points.rules import FeatureType, Kind

LONGEST = 60  # characters of an event's name
EMAIL_HEAD = "E-mail is "
_FROM = {
    "company": "a company",
    "free": "a free provider",
    "student": "a university",
    "own staff": "own staff",
    "competitor": "a competitor",
}
_ANSWERS = "of budget, authority, need and timing answered"

# names are made of letters and digits of any script, in lower case
_DAYS_SINCE = re.compile(r"days_since_(?P<event>\w+)")
_ACTIVE_DAYS = re.compile(r"active_days_(?P<days>[0-9]+)d")
_AMOUNT = re.compile(r"amount_(?P<event>\w+)_(?P<days>[0-9]+)d")
_COUNT = re.compile(r"(?P<event>\w+)_(?P<days>[0-9]+)d")


def made_text(
    name: str,
    type: FeatureType,
    kind: Kind,
    lo: str | None,
    hi: str | None,
    values: tuple[str, ...],
    integral: bool | None,
) -> str | None:
    """Say when a rule on a made feature holds.

    Parameters
    ----------
    name, type, kind, lo, hi, values, integral
        As for `reasons.rule_text`.

    Returns
    -------
    str or None
        None where the name is not one that leadml makes, or the rule is said as that of any column.

    Examples
    --------
    >>> made_text("email_kind", "category", "set", None, None, ("free", "competitor"), None)
    'E-mail is from a free provider or a competitor'
    >>> made_text("days_since_webinar", "number", "range", None, "3.5", (), False)
    'last webinar less than 3.5 days ago'
    >>> made_text("form_filled", "number", "range", "0.75", None, (), False)
    '75% or more of the form filled'
    """
    if type == "category":
        return _email(kind, values) if name == "email_kind" else None
    if type == "boolean":
        return _service_area(kind, values) if name == "in_service_area" else None
    if name in _SHARES:
        return _SHARES[name](kind, lo, hi)
    if name in _COUNTS and integral is not False:
        return _COUNTS[name](kind, lo, hi)
    return _from_events(name, kind, lo, hi, integral)


def _from_events(name: str, kind: Kind, lo: str | None, hi: str | None, integral: bool | None) -> str | None:
    if name != name.lower():
        return None
    if found := _DAYS_SINCE.fullmatch(name):
        return _days_since(_words(found["event"]), kind, *(_whole_days(lo, hi) if integral else (lo, hi)))
    if found := _AMOUNT.fullmatch(name):
        amount = f"{_words(found['event'])} amount in the last {_days(found['days'])}"
        return f"{amount} is {'missing' if kind == 'missing' else number_range(lo, hi)}"
    if integral is not False and (found := _ACTIVE_DAYS.fullmatch(name)):
        return _active_days(found["days"], kind, lo, hi)
    if integral is not False and (found := _COUNT.fullmatch(name)):
        return _events(_words(found["event"]), found["days"], kind, lo, hi)
    return None


def _email(kind: Kind, values: tuple[str, ...]) -> str | None:
    if kind == "missing":
        return f"{EMAIL_HEAD}missing"
    if kind == "other":
        return f"{EMAIL_HEAD}from anybody else"
    if kind != "set" or not values or not _FROM.keys() >= set(values):
        return None
    senders = [_FROM[value] for value in values]
    listed = f"{', '.join(senders[:-1])} or {senders[-1]}" if len(senders) > 1 else senders[0]
    return f"{EMAIL_HEAD}from {listed}"


def _service_area(kind: Kind, values: tuple[str, ...]) -> str | None:
    if kind == "missing":
        return "not known whether in the service area"
    if kind != "set" or len(values) != 1:
        return None
    return "in the service area" if values[0] == "true" else "outside the service area"


def _form_filled(kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range" or (lo is None and hi is None):
        return None
    if lo is None:
        return f"less than {_percent(hi)} of the form filled"
    return f"{_percent(lo)} {'or more' if hi is None else f'to under {_percent(hi)}'} of the form filled"


def _percent(share: str | None) -> str:
    text = f"{Decimal(share or 0) * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def _surge(kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind == "missing":
        return "no recent activity"
    if kind != "range" or (lo is None and hi is None):
        return None
    return f"recent activity {number_range(lo, hi)} times its average"


def _bant_answered(kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range":
        return None
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return f"none {_ANSWERS}"
    if first is None or first <= 0:
        return None if last is None else f"at most {last} {_ANSWERS}"
    return f"{integers(lo, hi)} {_ANSWERS}"


def _unanswered(kind: Kind, lo: str | None, hi: str | None) -> str | None:
    if kind != "range":
        return None
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return "no unanswered message"
    if first is None or first <= 0:
        return None if last is None else f"at most {last:,} unanswered message{'s' * (last != 1)}"
    count = integers(lo, hi)
    return f"{count} unanswered message{'s' * (count != '1')}"


Sentence = Callable[[Kind, "str | None", "str | None"], "str | None"]
_SHARES: dict[str, Sentence] = {"form_filled": _form_filled, "surge": _surge}
_COUNTS: dict[str, Sentence] = {"bant_answered": _bant_answered, "unanswered": _unanswered}


def _events(event: str, days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = f"in the last {_days(days)}"
    if kind == "missing":
        return f"{event} events {when} are missing"
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return f"no {event} event {when}"
    if first is None or first <= 0:
        return (
            f"any number of {event} events {when}"
            if last is None
            else f"at most {last} {event} event{'s' * (last != 1)} {when}"
        )
    count = integers(lo, hi)
    return f"{count} {event} event{'s' * (count != '1')} {when}"


def _active_days(days: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    when = f"in the last {_days(days)}"
    if kind == "missing":
        return f"active days {when} are missing"
    first, last = whole_bounds(lo, hi)
    if last is not None and last <= 0:
        return f"not active {when}"
    if first is None or first <= 0:
        return (
            f"active on any number of days {when}" if last is None else f"active on at most {_days(f'{last:,}')} {when}"
        )
    count = integers(lo, hi)
    return f"active on {count} day{'s' * (count != '1')} {when}"


def _days_since(event: str, kind: Kind, lo: str | None, hi: str | None) -> str:
    if kind == "missing":
        return f"no {event} so far"
    if lo is None and hi is None:
        return f"{event} at some time"
    if lo is None:
        return f"last {event} less than {_days(grouped(hi))} ago"
    if hi is None:
        return f"last {event} {grouped(lo)} or more days ago"
    return f"last {event} {grouped(lo)} to under {_days(grouped(hi))} ago"


def _whole_days(lo: str | None, hi: str | None) -> tuple[str | None, str | None]:
    """Round bounds up, which takes no whole number in or out: 6.5 days ago or more is 7 or more."""
    first, last = whole_bounds(lo, hi)
    return None if first is None else str(first), None if last is None else str(last + 1)


def _days(count: str) -> str:
    return f"{count} day" if count == "1" else f"{count} days"


def _words(name: str) -> str:
    return shortened(plain(name.strip("_").replace("_", " ")), LONGEST)
