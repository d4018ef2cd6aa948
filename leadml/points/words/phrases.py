"""What a language has to say: every phrase that people read about a lead, with its numbers and names as arguments.

A language is a subclass in a file of its own in `points/words/languages`; what it lacks keeps it from being made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal


class Language(ABC):
    """The phrases of one language.

    Texts end without a full stop unless they are sentences. Names of columns, categories and events stay as they are in
    the data. Counts come as texts that `whole` or `number` has written; `one` says whether such a count is exactly one.
    """

    # about the language itself

    @property
    @abstractmethod
    def code(self) -> str:
        """Its code by ISO 639, such as en."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Its own name for itself."""

    @property
    @abstractmethod
    def marks(self) -> str:
        """The mark between thousands and the one before decimals, such as ``,.``."""

    # numbers

    def number(self, decimal: str | None) -> str:
        """Write a decimal with its thousands set apart."""
        return self._marked(f"{Decimal(decimal or 0):,f}")

    def whole(self, count: int) -> str:
        """Write a whole number with its thousands set apart."""
        return self._marked(f"{count:,}")

    def _marked(self, written: str) -> str:
        return written.translate(str.maketrans(",.", self.marks))

    @abstractmethod
    def percent(self, number: str) -> str:
        """Write a share; `number` comes with its mark before decimals."""

    @abstractmethod
    def any_number(self) -> str:
        """Say that a number may be anything."""

    @abstractmethod
    def under(self, bound: str) -> str:
        """Say that a number is less than a bound."""

    @abstractmethod
    def at_least(self, bound: str) -> str:
        """Say that a number is a bound or more."""

    @abstractmethod
    def between(self, low: str, high: str) -> str:
        """Say that a number is one bound or more, and less than the other."""

    @abstractmethod
    def no_more_than(self, last: str) -> str:
        """Say that a whole number is at most so much."""

    @abstractmethod
    def from_to(self, first: str, last: str) -> str:
        """Say that a whole number is one of several, the first and the last included."""

    # values of any column

    @abstractmethod
    def head(self, name: str) -> str:
        """Begin a sentence about a column, up to and including the blank before its value."""

    @abstractmethod
    def missing(self) -> str:
        """Say of a value that it is missing."""

    @abstractmethod
    def anything_else(self) -> str:
        """Say of a category that it is none of those named."""

    @abstractmethod
    def yes_no(self, truth: bool) -> str:
        """Name a boolean."""

    @abstractmethod
    def either(self, items: Sequence[str]) -> str:
        """Join alternatives; there is at least one."""

    @abstractmethod
    def or_others(self, items: Sequence[str], hidden: int) -> str:
        """Join alternatives of which some are only counted."""

    @abstractmethod
    def and_also(self, texts: Sequence[str]) -> str:
        """Join conditions that hold together."""

    @abstractmethod
    def both(self, texts: Sequence[str]) -> str:
        """Join the two conditions of a conjunction that was learned."""

    # columns that leadml makes of a profile

    @property
    @abstractmethod
    def email_head(self) -> str:
        """Begin a sentence about the e-mail address, up to and including a blank."""

    @property
    @abstractmethod
    def senders(self) -> Mapping[str, str]:
        """Say from whom an e-mail address is, by the categories of ``email_kind``."""

    @abstractmethod
    def email_from(self, senders: Sequence[str]) -> str:
        """Follow `email_head`: whose address it is; without senders: of anybody else."""

    @abstractmethod
    def service_area(self, inside: bool | None) -> str:
        """Say whether a lead is in the service area; None is not known."""

    @abstractmethod
    def form_filled(self, low: str | None, high: str | None) -> str:
        """Say how much of a form is filled in, by shares that `percent` has written."""

    @abstractmethod
    def answered(self, count: str, most: bool) -> str:
        """Say how many of budget, authority, need and timing are answered; `most`: at most so many."""

    @abstractmethod
    def none_answered(self) -> str:
        """Say that none of them is answered."""

    # columns that leadml makes of events

    @abstractmethod
    def within(self, days: str, one: bool) -> str:
        """Name a window of days before the scoring moment."""

    @abstractmethod
    def events_missing(self, event: str, when: str) -> str:
        """Say that it is not known how many events there were."""

    @abstractmethod
    def no_event(self, event: str, when: str) -> str:
        """Say that there was none."""

    @abstractmethod
    def any_events(self, event: str, when: str) -> str:
        """Say that there may have been any number."""

    @abstractmethod
    def events(self, event: str, count: str, one: bool, when: str) -> str:
        """Say how many there were: a number, or a range of whole numbers."""

    @abstractmethod
    def at_most_events(self, event: str, count: str, one: bool, when: str) -> str:
        """Say how many there were at most."""

    @abstractmethod
    def active_missing(self, when: str) -> str:
        """Say that it is not known on how many days a lead was active."""

    @abstractmethod
    def not_active(self, when: str) -> str:
        """Say that it was active on no day."""

    @abstractmethod
    def active_any(self, when: str) -> str:
        """Say that it may have been active on any number of days."""

    @abstractmethod
    def active(self, count: str, one: bool, when: str) -> str:
        """Say on how many days it was active."""

    @abstractmethod
    def active_at_most(self, count: str, one: bool, when: str) -> str:
        """Say on how many days it was active at most."""

    @abstractmethod
    def never(self, event: str) -> str:
        """Say that an event has not happened so far."""

    @abstractmethod
    def ever(self, event: str) -> str:
        """Say that it has happened, whenever that was."""

    @abstractmethod
    def last(self, event: str, low: str | None, high: str | None, one: bool) -> str:
        """Say how many days ago it happened last: from `low`, under `high`; `one` is about the bound named last."""

    @abstractmethod
    def amount(self, event: str, when: str, state: str) -> str:
        """Say how much the amounts of an event sum up to."""

    @abstractmethod
    def idle(self) -> str:
        """Say that there was no recent activity."""

    @abstractmethod
    def surge(self, times: str) -> str:
        """Say how recent activity compares with its average."""

    @abstractmethod
    def none_unanswered(self) -> str:
        """Say that no message is unanswered."""

    @abstractmethod
    def unanswered(self, count: str, one: bool, most: bool) -> str:
        """Say how many messages are unanswered; `most`: at most so many."""

    # one lead's score

    @property
    @abstractmethod
    def actions(self) -> Mapping[str, str]:
        """What leadml's own actions are called: hand to sales, nurture, disqualify."""

    @abstractmethod
    def scale(self, dimension: str, best: str, worst: str) -> str:
        """Say which grade of a dimension is best and which is worst, as a part of a sentence."""

    @abstractmethod
    def legend(self, scales: Sequence[str], best: str, worst: str) -> str:
        """Make a sentence of the scales of all dimensions; `best` and `worst` are grades, such as A4 and D1."""

    @abstractmethod
    def score(self) -> str:
        """Name the score."""

    @abstractmethod
    def graded(self, grade: str) -> str:
        """Name a grade."""

    @abstractmethod
    def chance(self, percent: str) -> str:
        """Say how likely a lead is to be won; `percent` is a number."""

    @abstractmethod
    def deal_value(self, amount: str) -> str:
        """Say what a deal would be worth, by a value table; `amount` is written as in English: 12,300 or 4.57."""

    @abstractmethod
    def typical_lead(self) -> str:
        """Name the lead for which every neutral rule holds."""

    @abstractmethod
    def as_typical(self, features: int) -> str:
        """Say how many features are as for the typical lead."""

    @abstractmethod
    def unknown(self, named: Sequence[str]) -> str:
        """Say that the table knows some categories of a lead not, so that they add nothing."""

    @abstractmethod
    def more_rules(self, count: int) -> str:
        """Say that so many more rules, two at least, are summed up."""

    # why a score has changed

    @abstractmethod
    def kind_of_change(self, kind: str) -> str:
        """Head the changes of one kind: elapsed (time has passed), input (something new), table (other points)."""

    @abstractmethod
    def before(self, text: str) -> str:
        """Say what a rule was before."""

    @abstractmethod
    def worth(self, text: str, before: str | None, after: str | None) -> str:
        """Say that a rule gives other points than before; None: there is no such rule."""

    @abstractmethod
    def base_points(self, dimension: str) -> str:
        """Name the base points of a dimension."""

    @abstractmethod
    def no_longer(self, text: str) -> str:
        """Say that a conjunction holds no longer."""

    @abstractmethod
    def score_before(self) -> str:
        """Name the score that was."""

    @abstractmethod
    def more_reasons(self, count: int) -> str:
        """Say that so many more reasons are summed up."""

    @abstractmethod
    def unchanged(self) -> str:
        """Say that nothing has moved the score."""

    @abstractmethod
    def a_reading(self) -> str:
        """Say that what cooled and what was done is told apart by the direction of values only."""

    # what to do next

    @property
    @abstractmethod
    def questions(self) -> Mapping[str, str]:
        """What to ask for where a made column is missing: email_kind, seniority, job_function, …."""

    @abstractmethod
    def next_steps(self) -> str:
        """Head what to do next."""

    @abstractmethod
    def ask(self, field: str, low: str, high: str) -> str:
        """Ask for a field, whose answer brings between so many points; the signs are written."""

    @abstractmethod
    def expected(self, points: str) -> str:
        """Say how many points the answer brings on average."""

    @abstractmethod
    def more_events(self, event: str, count: int) -> str:
        """Name that an event happens so many times (more)."""

    @abstractmethod
    def lifts(self, changes: Sequence[str], before: str, after: str) -> str:
        """Say that changes lift the grade."""

    @abstractmethod
    def leads_to(self, changes: Sequence[str], before: str, after: str) -> str:
        """Say that changes lead to another action."""

    @abstractmethod
    def no_lift(self, most: int) -> str:
        """Say that so many changes do not lift the grade or lead to another action."""

    @abstractmethod
    def top_already(self) -> str:
        """Say that there is no better grade or action."""

    @abstractmethod
    def quiet_then(self, days: str, events: str) -> str:
        """Say that a lead was quiet for so many days and then did something: a call is due."""

    @abstractmethod
    def first_activity(self, days: str, events: str) -> str:
        """Say that a lead is active for the first time in so many days: a call is due."""

    @abstractmethod
    def surging(self, times: str, days: str, events: str) -> str:
        """Say that a lead is so many times as active as in so many days on average: a call is due."""

    @abstractmethod
    def and_more_events(self, events: str, others: int) -> str:
        """Add further events to those that were named."""
