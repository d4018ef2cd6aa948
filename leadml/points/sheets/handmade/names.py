"""Names that leadml gives to features made from events (docs/features.md): they say what a column holds."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"(?!amount_)\w+_[0-9]+d|unanswered")
_OTHERS = re.compile(r"days_since_\w+|amount_\w+_[0-9]+d|surge")


def is_counted(name: str) -> bool:
    """Tell whether a name is that of whole numbers: events in a window, active days, unanswered messages.

    Examples
    --------
    >>> is_counted("email_opened_30d"), is_counted("days_since_webinar"), is_counted("amount_webinar_30d")
    (True, False, False)
    """
    return name == name.lower() and _WHOLE.fullmatch(name) is not None


def is_of_events(name: str) -> bool:
    """Tell whether a name is that of a feature made from events.

    Examples
    --------
    >>> is_of_events("email_opened_30d"), is_of_events("surge"), is_of_events("Company size")
    (True, True, False)
    """
    return is_counted(name) or (name == name.lower() and _OTHERS.fullmatch(name) is not None)
