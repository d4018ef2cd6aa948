"""Deutsch: German, as it is spoken in sales."""
# ruff: noqa: D102  what each phrase says stands in leadml/points/words/phrases.py

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadml.points.words.phrases import Language

_OR_MORE = " oder mehr"
_ANSWERS = "von Budget, Entscheidern, Bedarf und Zeitplan"


class German(Language):
    """German. Names of events come without an article, because their gender is not known."""

    code = "de"
    name = "Deutsch"
    marks = ".,"
    email_head = "E-Mail ist "
    senders: Mapping[str, str] = {
        "company": "einem Unternehmen",
        "free": "einem Gratisanbieter",
        "student": "einer Hochschule",
        "own staff": "eigenen Leuten",
        "competitor": "einem Mitbewerber",
    }
    actions: Mapping[str, str] = {
        "hand to sales": "an den Vertrieb",
        "nurture": "weiter betreuen",
        "disqualify": "nicht weiter verfolgen",
    }
    questions: Mapping[str, str] = {
        "email_kind": "E-Mail-Adresse",
        "seniority": "Berufsbezeichnung",
        "job_function": "Berufsbezeichnung",
        "in_service_area": "Land",
        "source_group": "Herkunft der Anfrage",
    }

    def percent(self, number: str) -> str:
        return f"{number} %"

    def any_number(self) -> str:
        return "eine beliebige Zahl"

    def under(self, bound: str) -> str:
        return f"unter {bound}"

    def at_least(self, bound: str) -> str:
        return f"{bound}{_OR_MORE}"

    def between(self, low: str, high: str) -> str:
        return f"{low} bis unter {high}"

    def no_more_than(self, last: str) -> str:
        return f"{last} oder weniger"

    def from_to(self, first: str, last: str) -> str:
        return f"{first} bis {last}"

    def head(self, name: str) -> str:
        return f"{name} ist "

    def missing(self) -> str:
        return "nicht angegeben"

    def anything_else(self) -> str:
        return "etwas anderes"

    def yes_no(self, truth: bool) -> str:
        return "ja" if truth else "nein"

    def either(self, items: Sequence[str]) -> str:
        return f"{', '.join(items[:-1])} oder {items[-1]}" if len(items) > 1 else items[0]

    def or_others(self, items: Sequence[str], hidden: int) -> str:
        return f"{', '.join(items)} oder {hidden} weitere{' Werte' if hidden > 1 else 'r Wert'}"

    def and_also(self, texts: Sequence[str]) -> str:
        return ", und ".join(texts)

    def both(self, texts: Sequence[str]) -> str:
        return " und ".join(texts)

    def email_from(self, senders: Sequence[str]) -> str:
        return f"von {self.either(senders) if senders else 'jemand anderem'}"

    def service_area(self, inside: bool | None) -> str:
        if inside is None:
            return "unbekannt, ob im Vertriebsgebiet"
        return "im Vertriebsgebiet" if inside else "außerhalb des Vertriebsgebiets"

    def form_filled(self, low: str | None, high: str | None) -> str:
        if low is None:
            return f"weniger als {high} des Formulars ausgefüllt"
        return f"{low} {'oder mehr' if high is None else f'bis unter {high}'} des Formulars ausgefüllt"

    def answered(self, count: str, most: bool) -> str:
        return f"{'höchstens ' if most else ''}{_at_least(count)} {_ANSWERS} beantwortet"

    def none_answered(self) -> str:
        return f"nichts {_ANSWERS} beantwortet"

    def within(self, days: str, one: bool) -> str:
        return "am letzten Tag" if one else f"in den letzten {days} Tagen"

    def events_missing(self, event: str, when: str) -> str:
        return f"{event} {when} nicht bekannt"

    def no_event(self, event: str, when: str) -> str:
        return f"kein Mal {event} {when}"

    def any_events(self, event: str, when: str) -> str:
        return f"beliebig oft {event} {when}"

    def events(self, event: str, count: str, one: bool, when: str) -> str:
        return f"{_at_least(count)} Mal {event} {when}"

    def at_most_events(self, event: str, count: str, one: bool, when: str) -> str:
        return f"höchstens {count} Mal {event} {when}"

    def active_missing(self, when: str) -> str:
        return f"aktive Tage {when} nicht bekannt"

    def not_active(self, when: str) -> str:
        return f"nicht aktiv {when}"

    def active_any(self, when: str) -> str:
        return f"aktiv an beliebig vielen Tagen {when}"

    def active(self, count: str, one: bool, when: str) -> str:
        return f"aktiv an {_at_least(count)} Tag{'en' * _several(count, one)} {when}"

    def active_at_most(self, count: str, one: bool, when: str) -> str:
        return f"aktiv an höchstens {count} Tag{'en' * (not one)} {when}"

    def never(self, event: str) -> str:
        return f"noch nie {event}"

    def ever(self, event: str) -> str:
        return f"schon einmal {event}"

    def last(self, event: str, low: str | None, high: str | None, one: bool) -> str:
        if low is None:
            return f"{event} zuletzt vor weniger als {high} Tag{'en' if not one else ''}"
        if high is None:
            return f"{event} zuletzt vor {low} oder mehr Tagen"
        return f"{event} zuletzt vor {low} bis unter {high} Tag{'en' if not one else ''}"

    def amount(self, event: str, when: str, state: str) -> str:
        return f"Menge {event} {when} ist {state}"

    def idle(self) -> str:
        return "zuletzt keine Aktivität"

    def surge(self, times: str) -> str:
        return f"zuletzt {_at_least(times)} Mal so aktiv wie im Schnitt"

    def none_unanswered(self) -> str:
        return "keine unbeantwortete Nachricht"

    def unanswered(self, count: str, one: bool, most: bool) -> str:
        return f"{'höchstens ' if most else ''}{_at_least(count)} unbeantwortete Nachricht{'en' * _several(count, one)}"

    def scale(self, dimension: str, best: str, worst: str) -> str:
        if dimension == "engagement":
            return f"{best} ist am aktivsten, {worst} am wenigsten aktiv"
        if dimension == "fit":
            return f"{best} passt am besten, {worst} am schlechtesten"
        return f"bei {dimension} ist {best} am besten, {worst} am schlechtesten"

    def legend(self, scales: Sequence[str], best: str, worst: str) -> str:
        return "; ".join(scales) + (f": {best} ist am besten, {worst} am schlechtesten." if len(scales) > 1 else ".")

    def score(self) -> str:
        return "Score"

    def graded(self, grade: str) -> str:
        return f"Klasse {grade}"

    def chance(self, percent: str) -> str:
        return f"{percent} % Abschlusschance"

    def deal_value(self, amount: str) -> str:
        return f"erwarteter Auftragswert {amount.translate(str.maketrans(',.', '.,'))}"

    def typical_lead(self) -> str:
        return "typischer Lead"

    def as_typical(self, features: int) -> str:
        return f"{features} weitere{'s Merkmal ist' if features == 1 else ' Merkmale sind'} wie beim typischen Lead: 0"

    def unknown(self, named: Sequence[str]) -> str:
        return f"der Tabelle nicht bekannt und deshalb ohne Punkte: {', '.join(named)}"

    def more_rules(self, count: int) -> str:
        return f"{count} weitere Regeln zusammen"

    def kind_of_change(self, kind: str) -> str:
        heads = {"elapsed": "Zeit ist vergangen", "input": "neu über den Lead", "table": "andere Punkte in der Tabelle"}
        return heads[kind]

    def before(self, text: str) -> str:
        return f"vorher: {text}"

    def worth(self, text: str, before: str | None, after: str | None) -> str:
        if before is None:
            return f"{text}: {after}, neu in der Tabelle"
        if after is None:
            return f"{text}: nicht mehr in der Tabelle, vorher {before}"
        return f"{text}: {after} statt {before}"

    def base_points(self, dimension: str) -> str:
        return f"Grundpunkte von {dimension}"

    def no_longer(self, text: str) -> str:
        return f"nicht mehr: {text}"

    def score_before(self) -> str:
        return "Score vorher"

    def more_reasons(self, count: int) -> str:
        return f"{count} weitere{'r Grund' if count == 1 else ' Gründe zusammen'}"

    def unchanged(self) -> str:
        return "Nichts hat den Score bewegt."

    def a_reading(self) -> str:
        return (
            "Was die Zeit und was der Lead getan hat, ist an der Richtung der Werte abgelesen; mit seinen Ereignissen "
            "wird es genau."
        )

    def next_steps(self) -> str:
        return "Nächste Schritte"

    def ask(self, field: str, low: str, high: str) -> str:
        return f"Nach „{field}“ fragen: {low} bis {high} Punkte"

    def expected(self, points: str) -> str:
        return f"im Schnitt {points}"

    def more_events(self, event: str, count: int) -> str:
        return f"{'noch ' if count > 1 else ''}{count} Mal {event}"

    def lifts(self, changes: Sequence[str], before: str, after: str) -> str:
        return f"{_joined(changes)} {'hebt' if len(changes) == 1 else 'heben'} {before} auf {after}"

    def leads_to(self, changes: Sequence[str], before: str, after: str) -> str:
        return f"{_joined(changes)} {'führt' if len(changes) == 1 else 'führen'} von „{before}“ zu „{after}“"

    def no_lift(self, most: int) -> str:
        return f"Mit bis zu {most} Änderungen bleiben Klasse und Maßnahme, wie sie sind"

    def top_already(self) -> str:
        return "Eine bessere Klasse oder Maßnahme gibt es nicht"

    def quiet_then(self, days: str, events: str) -> str:
        return f"{days} Tage still, dann {events}: heute anrufen"

    def first_activity(self, days: str, events: str) -> str:
        return f"Erste Aktivität seit {days} Tagen, {events}: heute anrufen"

    def surging(self, times: str, days: str, events: str) -> str:
        return f"{times} Mal so aktiv wie im Schnitt von {days} Tagen, {events}: heute anrufen"

    def and_more_events(self, events: str, others: int) -> str:
        return f"{events} und {others} weitere{'s Ereignis' if others == 1 else ' Ereignisse'}"


def _at_least(count: str) -> str:
    """Put the bound first, where it counts something: "mindestens 3 Tage" rather than "3 oder mehr Tage"."""
    return f"mindestens {count.removesuffix(_OR_MORE)}" if count.endswith(_OR_MORE) else count


def _several(count: str, one: bool) -> bool:
    """Tell whether a plural follows: after "mindestens 1" it does not."""
    return not one and count != f"1{_OR_MORE}"


def _joined(texts: Sequence[str]) -> str:
    return f"{', '.join(texts[:-1])} und {texts[-1]}" if len(texts) > 1 else texts[0]


LANGUAGE = German()
