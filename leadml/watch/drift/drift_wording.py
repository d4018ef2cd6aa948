"""Drift in words: what has changed, since when, and what it means for the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain, shortened
from leadml.points.words.eventnames import event_by_name
from leadml.points.words.reasons import signed
from leadml.watch.kpi.wording import percent, times

if TYPE_CHECKING:
    from leadml.watch.drift.drift import Move, Shift
    from leadml.watch.drift.growth import Newcomer
    from leadml.watch.drift.worth import Worth

LONGEST = 60
_AGED = (
    "Leads that are scored later than their scoring moment have older events, and that alone moves it: score leads "
    "every day or every week, so that each is first scored soon after its moment, before you look for another cause."
)


def shifted(found: Shift, recent: str = "") -> str:
    """Say how a distribution has moved, and of when now is; of events, that the age of leads moves them, too."""
    what = "The scores are" if found.what == "score" else f"{_name(found.what)} is"
    moves = "; ".join(_move(move) for move in found.moves)
    since = "those of the first months" if found.what == "score" else "training"
    aged = "" if event_by_name(found.what) is None else f" {_AGED}"
    return (
        f"{what} not distributed as in {since}: {moves} (PSI {found.psi:.2f}, alarm above {found.limit:.2f}, "
        f"{found.leads_now:,} leads{_scored(recent)}).{aged}"
    )


def stopped(found: Worth, judged: str = "") -> str:
    """Say that a rule does not earn its points any more."""
    then = f"then {_rate(found.rate_then)} of {found.leads_then:,} leads were won, " if found.leads_then else ""
    low, high = found.rate_interval or (0.0, 1.0)
    expected = found.foretold / found.leads if found.leads else None
    now = f"now {_rate(found.rate)} of {found.leads:,}{_scored(judged)} ({_rate(low)} to {_rate(high)})"
    worth = f"by its leads' outcomes it is worth {_points(found.worth)} ({found.low:+.0f} to {found.high:+.0f})"
    rule = f"{shortened(plain(found.text), 2 * LONGEST)} ({signed(found.points)})"
    return f"{rule} no longer earns its points: {then}{now}, where the table foretells {_rate(expected)}; {worth}."


def growing(found: Newcomer) -> str:
    """Say what grows that no rule knows."""
    what = f"{_name(found.what)} {_name(found.name)!r}"
    state = "is new" if not found.leads_before else f"is {times(found.growth)} times as frequent as before"
    return (
        f"{what} {state}, and no rule knows it: {found.leads:,} of {found.of:,} leads ({percent(found.share)}) lately, "
        f"{found.leads_before:,} of {found.of_before:,} before. A new training can learn what it is worth, "
        "once enough leads with it have had their time to be won and are older than the newest, which are kept to "
        "measure on."
    )


def nothing(looked: str, recent: str = "") -> str:
    """Say that nothing was found, and what was looked at."""
    return (
        f"No drift was found ({looked}{_scored(recent)})."
        if looked
        else "Whether anything has drifted cannot be told yet."
    )


def looked(score: bool, features: int, rules: int) -> str:
    """Say what was looked at."""
    parts = ["the score"] * score + [f"{features} features"] * bool(features) + [f"{rules} rules' worth"] * bool(rules)
    return ", ".join(parts)


def too_few(won: int, needed: int) -> str:
    """Say that there are too few wins to say what rules are worth."""
    return f"What rules are worth cannot be told yet: it takes {needed:,} wins in closed cohorts; there are {won:,}."


def too_few_lately(leads: int, needed: int, whole: str) -> str:
    """Say that this table has scored too few new leads in whole months, and when to look again."""
    many = "none" if not leads else f"{leads:,}"
    return (
        f"Whether leads and scores have moved cannot be told yet: it takes {needed} leads that this table scored soon "
        f"after they came, in whole calendar months; there {'is' if leads < 2 else 'are'} {many}. The month that runs "
        f"counts from {whole}."
    )


def too_new() -> str:
    """Say that the table is too new for its scores to have moved."""
    return "Whether scores have moved cannot be told yet: this table's first months in use are its newest."


def _scored(when: str) -> str:
    return f", scored in {when}" if when else ""


def _move(move: Move) -> str:
    return f"{shortened(plain(move.level), LONGEST)} {_rate(move.then)} then, {_rate(move.now)} now"


def _rate(value: float | None) -> str:
    return percent(value)


def _points(worth: float) -> str:
    value = round(worth)
    return "about nothing" if value == 0 else f"about {value:+d} point{'s' * (abs(value) != 1)}"


def _name(name: str) -> str:
    text = shortened(plain(name), LONGEST)
    return text[:1].upper() + text[1:] if text == name and text.islower() and " " in text else text
