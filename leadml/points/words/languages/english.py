"""English."""
# ruff: noqa: D102  what each phrase says stands in leadml/points/words/phrases.py

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadml.points.words.phrases import Language

_ANSWERS = "of budget, authority, need and timing answered"


class English(Language):
    """English, as it is spoken in sales."""

    code = "en"
    name = "English"
    marks = ",."
    email_head = "E-mail is "
    senders: Mapping[str, str] = {
        "company": "a company",
        "free": "a free provider",
        "student": "a university",
        "own staff": "own staff",
        "competitor": "a competitor",
    }
    actions: Mapping[str, str] = {
        "hand to sales": "hand to sales",
        "nurture": "nurture",
        "disqualify": "disqualify",
    }
    questions: Mapping[str, str] = {
        "email_kind": "the e-mail address",
        "seniority": "the job title",
        "job_function": "the job title",
        "in_service_area": "the country",
        "source_group": "how they found us",
    }

    def percent(self, number: str) -> str:
        return f"{number}%"

    def any_number(self) -> str:
        return "any number"

    def under(self, bound: str) -> str:
        return f"under {bound}"

    def at_least(self, bound: str) -> str:
        return f"{bound} or more"

    def between(self, low: str, high: str) -> str:
        return f"{low} to under {high}"

    def no_more_than(self, last: str) -> str:
        return f"{last} or less"

    def from_to(self, first: str, last: str) -> str:
        return f"{first} to {last}"

    def head(self, name: str) -> str:
        return f"{name} is "

    def missing(self) -> str:
        return "missing"

    def anything_else(self) -> str:
        return "anything else"

    def yes_no(self, truth: bool) -> str:
        return "yes" if truth else "no"

    def either(self, items: Sequence[str]) -> str:
        return f"{', '.join(items[:-1])} or {items[-1]}" if len(items) > 1 else items[0]

    def or_others(self, items: Sequence[str], hidden: int) -> str:
        return f"{', '.join(items)} or {hidden} other{'s' * (hidden > 1)}"

    def and_also(self, texts: Sequence[str]) -> str:
        return ", and ".join(texts)

    def both(self, texts: Sequence[str]) -> str:
        return " and ".join(texts)

    def email_from(self, senders: Sequence[str]) -> str:
        return f"from {self.either(senders) if senders else 'anybody else'}"

    def service_area(self, inside: bool | None) -> str:
        if inside is None:
            return "not known whether in the service area"
        return "in the service area" if inside else "outside the service area"

    def form_filled(self, low: str | None, high: str | None) -> str:
        if low is None:
            return f"less than {high} of the form filled"
        return f"{low} {'or more' if high is None else f'to under {high}'} of the form filled"

    def answered(self, count: str, most: bool) -> str:
        return f"{'at most ' if most else ''}{count} {_ANSWERS}"

    def none_answered(self) -> str:
        return f"none {_ANSWERS}"

    def within(self, days: str, one: bool) -> str:
        return f"in the last {_days(days, one)}"

    def events_missing(self, event: str, when: str) -> str:
        return f"{event} events {when} are missing"

    def no_event(self, event: str, when: str) -> str:
        return f"no {event} event {when}"

    def any_events(self, event: str, when: str) -> str:
        return f"any number of {event} events {when}"

    def events(self, event: str, count: str, one: bool, when: str) -> str:
        return f"{count} {event} event{'s' * (not one)} {when}"

    def at_most_events(self, event: str, count: str, one: bool, when: str) -> str:
        return f"at most {self.events(event, count, one, when)}"

    def active_missing(self, when: str) -> str:
        return f"active days {when} are missing"

    def not_active(self, when: str) -> str:
        return f"not active {when}"

    def active_any(self, when: str) -> str:
        return f"active on any number of days {when}"

    def active(self, count: str, one: bool, when: str) -> str:
        return f"active on {_days(count, one)} {when}"

    def active_at_most(self, count: str, one: bool, when: str) -> str:
        return f"active on at most {_days(count, one)} {when}"

    def never(self, event: str) -> str:
        return f"no {event} so far"

    def ever(self, event: str) -> str:
        return f"{event} at some time"

    def last(self, event: str, low: str | None, high: str | None, one: bool) -> str:
        if low is None:
            return f"last {event} less than {_days(high or '', one)} ago"
        if high is None:
            return f"last {event} {low} or more days ago"
        return f"last {event} {low} to under {_days(high, one)} ago"

    def amount(self, event: str, when: str, state: str) -> str:
        return f"{event} amount {when} is {state}"

    def idle(self) -> str:
        return "no recent activity"

    def surge(self, times: str) -> str:
        return f"recent activity {times} times its average"

    def none_unanswered(self) -> str:
        return "no unanswered message"

    def unanswered(self, count: str, one: bool, most: bool) -> str:
        return f"{'at most ' if most else ''}{count} unanswered message{'s' * (not one)}"

    def scale(self, dimension: str, best: str, worst: str) -> str:
        if dimension == "engagement":
            return f"{best} is the most active, {worst} the least"
        return f"{best} is the best {dimension}, {worst} the worst"

    def legend(self, scales: Sequence[str], best: str, worst: str) -> str:
        return "; ".join(scales) + (f": {best} is best, {worst} worst." if len(scales) > 1 else ".")

    def score(self) -> str:
        return "score"

    def graded(self, grade: str) -> str:
        return f"grade {grade}"

    def chance(self, percent: str) -> str:
        return f"{percent} % chance of being won"

    def deal_value(self, amount: str) -> str:
        return f"expected deal value {amount}"

    def typical_lead(self) -> str:
        return "typical lead"

    def as_typical(self, features: int) -> str:
        return f"{features} other feature{'s are' if features > 1 else ' is'} as for the typical lead: 0"

    def unknown(self, named: Sequence[str]) -> str:
        return f"not known to the table, and without points for that: {', '.join(named)}"

    def more_rules(self, count: int) -> str:
        return f"{count} more rules together"

    def kind_of_change(self, kind: str) -> str:
        heads = {"elapsed": "time has passed", "input": "new about the lead", "table": "other points in the table"}
        return heads[kind]

    def before(self, text: str) -> str:
        return f"before: {text}"

    def worth(self, text: str, before: str | None, after: str | None) -> str:
        if before is None:
            return f"{text}: {after}, new in the table"
        if after is None:
            return f"{text}: no longer in the table, {before} before"
        return f"{text}: {after} instead of {before}"

    def base_points(self, dimension: str) -> str:
        return f"base points of {dimension}"

    def no_longer(self, text: str) -> str:
        return f"no longer: {text}"

    def score_before(self) -> str:
        return "score before"

    def more_reasons(self, count: int) -> str:
        return f"{count} more reason{'s' * (count > 1)} together"

    def unchanged(self) -> str:
        return "Nothing has moved the score."

    def a_reading(self) -> str:
        return "What time did and what the lead did is read from the direction of values; with its events it is exact."

    def next_steps(self) -> str:
        return "Next"

    def ask(self, field: str, low: str, high: str) -> str:
        return f"Ask for {field}: {low} to {high} points"

    def expected(self, points: str) -> str:
        return f"{points} on average"

    def more_events(self, event: str, count: int) -> str:
        return f"one {event} event" if count == 1 else f"{count} more {event} events"

    def lifts(self, changes: Sequence[str], before: str, after: str) -> str:
        return f"{_joined(changes)} would lift {before} to {after}"

    def leads_to(self, changes: Sequence[str], before: str, after: str) -> str:
        return f"{_joined(changes)} would lead from {before} to {after}"

    def no_lift(self, most: int) -> str:
        return f"Nothing within {most} changes lifts the grade or leads to another action"

    def top_already(self) -> str:
        return "There is no better grade or action"

    def quiet_then(self, days: str, events: str) -> str:
        return f"Quiet for {days} days, then {events}: call today"

    def first_activity(self, days: str, events: str) -> str:
        return f"First activity in {days} days, {events}: call today"

    def surging(self, times: str, days: str, events: str) -> str:
        return f"{times} times its average activity of {days} days, {events}: call today"

    def and_more_events(self, events: str, others: int) -> str:
        return f"{events} and {others} other event{'s' * (others > 1)}"


def _days(count: str, one: bool) -> str:
    return f"{count} day{'s' * (not one)}"


def _joined(texts: Sequence[str]) -> str:
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]


LANGUAGE = English()
