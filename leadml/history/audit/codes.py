"""The numbers of the audit's findings. A number keeps its meaning for ever; new ones are added at the end."""

from __future__ import annotations

from typing import Any, NamedTuple

from leadml.history.audit import limits as at
from leadml.history.engagement.belonging import CUT_SHARE, HARDLY, LEAST_DAYS
from leadml.history.engagement.report import UNTIMED
from leadml.history.values.columns import MOSTLY_NUMBERS, SOME_NUMBERS
from leadml.points.findings import Finding, NotApplicable, Severity

# The one that is accepted before anything is learned, because it decides what a feature is
SENSITIVE = "LD026"


class Code(NamedTuple):
    """What a finding of this number is called, how grave it is, when it is made, and what to do about it."""

    title: str
    severity: Severity
    threshold: str
    remedy: str


def finding(code: str, column: str | None, seen: str, remedy: str, **evidence: Any) -> Finding:
    """Return a finding with the title and the severity that belong to its number."""
    return Finding(code, CODES[code].title, CODES[code].severity, column, seen, remedy, evidence)


def percent(share: float) -> str:
    """Write a share in percent.

    Examples
    --------
    >>> percent(0.4), percent(0.001), percent(0.99)
    ('40 %', '0.1 %', '99 %')
    """
    return f"{100 * share:g} %"


def unknown(code: str, reason: str) -> NotApplicable:
    """Say why a check could not run."""
    return NotApplicable(code, CODES[code].title, reason)


CODES: dict[str, Code] = {
    "LD001": Code(
        "the column gives the outcome away",
        "error",
        f"alone it reaches an AUC of {at.GIVES_AWAY:.2f} on leads it was not counted on",
        "drop it",
    ),
    "LD002": Code(
        "the model rests on this column",
        "hold",
        f"{percent(at.GAIN_SHARE)} of the model's gain, and {at.DROPPED_AUC:.2f} AUC lost without it, and an AUC of "
        f"{at.HELD_ALONE:.2f} alone; the same once what was held is gone, and once others like it are gone",
        "confirm that it is known when a lead is scored, or drop it",
    ),
    "LD003": Code(
        "the name sounds like something written down after the deal",
        "warn",
        "words such as status, tag, reason, owner, duration, score, won, Vertrag in the name",
        "ask when it is filled; drop it if that is later than the scoring moment",
    ),
    "LD004": Code(
        "some signs that the model rests on this column",
        "note",
        f"{percent(at.GAIN_SHARE)} of the model's gain, or {at.DROPPED_AUC:.2f} AUC lost without it; strong honest "
        "columns show this too",
        "make sure that it is known when a lead is scored",
    ),
    "LD005": Code(
        "the column alone ranks leads very well",
        "warn",
        f"an AUC of {at.STRONG_ALONE:.2f} alone; honest columns of lead data rarely reach it",
        "check that its values are known when a lead is scored",
    ),
    "LD006": Code(
        "a value that nearly always, or never, means won",
        "warn",
        f"{at.LEVEL_LEADS} leads or more, and Wilson's 95 % interval above {percent(at.NEARLY_ALWAYS)} won, or below "
        f"{percent(at.NEARLY_NEVER)} where more than {percent(at.NEVER_FROM_BASE)} of all leads are won",
        "check whether the value is set once the outcome is known",
    ),
    "LD007": Code(
        "whether the column is filled tells the outcome",
        "warn",
        f"filled or not ranks leads with an AUC of {at.MISSING_ALONE:.2f}",
        "check whether it is filled in the course of the deal; if so, drop it",
    ),
    "LD008": Code(
        "texts stand between numbers",
        "warn",
        f"{percent(MOSTLY_NUMBERS)} of the values or more are numbers, those left aside that sound like missing; the "
        f"others are not. Few different numbers beside texts with a digit, such as 4+, are levels",
        "name the texts that mean missing, or correct them",
    ),
    "LD009": Code(
        "numbers with a decimal comma are read as text",
        "warn",
        "95 % of the values or more are numbers if the comma is taken for a point",
        "export the numbers with a decimal point",
    ),
    "LD010": Code(
        "lead ids stand more than once",
        "warn",
        "any",
        "remove the duplicates, or name the column that tells leads apart",
    ),
    "LD011": Code(
        "equal leads",
        "note",
        f"more than {percent(at.EQUAL_SHARE)} of the leads equal another one in every feature",
        "if they are the same lead twice, remove one",
    ),
    "LD012": Code(
        "personal data left out",
        "note",
        "the name says so, or more than 5 % of the values look like e-mail addresses, phone numbers or IBANs",
        "nothing",
    ),
    "LD013": Code(
        "identifiers left out",
        "note",
        "UUIDs; texts or running numbers of which more than 95 % differ",
        "nothing",
    ),
    "LD014": Code("empty or constant column left out", "note", "one value, or none", "nothing"),
    "LD015": Code("date left out", "note", "95 % of the values or more are dates", "name it as created or order"),
    "LD016": Code(
        "values that cannot be used left out",
        "note",
        "more than 10,000 different texts, texts of more than 10,000 characters, nested values",
        "nothing",
    ),
    "LD017": Code("no time order", "note", "neither order nor created is named", "name one"),
    "LD018": Code("dates that are none", "warn", "any, in a column of dates", "correct them in the source"),
    "LD019": Code(
        "values that differ in case, blanks or dashes only",
        "note",
        "any",
        "if they are the same, write them the same way in the source",
    ),
    "LD020": Code(
        "dates later than the scoring moment",
        "error",
        f"in more than {percent(at.LATE_SHARE)} of the rows and in {at.LEAST_LATE} at least; to the day where the "
        "moments have no time of day",
        "the row was written on after its scoring moment: find out which columns were, drop them and the date",
    ),
    "LD021": Code(
        "dates later than the outcome",
        "error",
        f"in more than {percent(at.LATE_SHARE)} of the rows whose time of decision is known, and in {at.LEAST_LATE} at "
        "least",
        "the row was written on after the deal: find out which columns were, drop them and the date",
    ),
    "LD022": Code(
        "the same leads on both sides of the split",
        "error",
        f"more than {percent(at.BOTH_SIDES)} of the newest leads have the id of an older one, or equal an older one in "
        "every feature, among them a number that hardly repeats",
        "remove the copies",
    ),
    "LD023": Code(
        "a random split flatters",
        "warn",
        f"the AUC of a random split is more than {at.FLATTERS:.2f} above that on the newest leads, and the difference "
        f"is above 0 with {percent(at.SURE)} confidence",
        "believe the figure on the newest leads; look for columns that tell the period",
    ),
    "LD024": Code(
        "the column is filled later",
        "warn",
        f"its fill rate in undecided leads younger than {at.YOUNG_DAYS:.0f} days is less than half of that in decided "
        f"leads (95 % interval; {at.LEAST_YOUNG} young leads at least)",
        "drop it, or score leads when it is filled",
    ),
    "LD025": Code(
        "values changed after the outcome",
        "warn",
        f"in more than {percent(at.CHANGED_SHARE)} of the leads that were decided in the earlier extract already, or "
        f"that were decided since ({at.LEAST_MATCHED} such leads at least)",
        "drop it, or take its values as of the scoring moment",
    ),
    "LD026": Code(
        "sensitive column left out",
        "note",
        "the name tells of age, sex, origin, religion, health … in one of six languages; also postcodes",
        "nothing; or accept the finding with a reason, and the column is used",
    ),
    "LD027": Code(
        "the column stands in for a sensitive one",
        "warn",
        f"it tells the sensitive column with an AUC of {at.PROXY_AUC:.2f} (lower limit {at.PROXY_LOW:.2f}), "
        f"{at.PROXY_LEADS} leads on each side at least",
        "drop it, or accept the finding with a reason",
    ),
    "LD028": Code(
        "rare categories",
        "note",
        f"fewer than {at.RARE_LEADS} leads each",
        "group them in the source where they mean the same; what few leads say is drawn to the others",
    ),
    "LD029": Code(
        "few won or lost leads",
        "warn",
        f"fewer than {at.FEW}",
        f"collect more: {5 * at.PROVES_THREEFOLD} prove that the top fifth has three times the odds of the rest, "
        f"{5 * at.PROVES_TWOFOLD} twice the odds",
    ),
    "LD030": Code(
        "the newest leads differ from the older ones",
        "warn",
        f"PSI over ten bins or the categories above {at.PSI_MOVED}, and above what chance gives any feature at this "
        f"number of leads ({percent(at.PSI_LEVEL)})",
        "find out what changed; learn from leads after the change",
    ),
    "LD031": Code(
        "the conversion rate changed",
        "warn",
        f"newest over older leads above {at.RATE_MOVED} or below {1 / at.RATE_MOVED:.1f} with {percent(at.SURE)} "
        "confidence",
        "find out what changed; the probabilities of the table are those of the leads it learned from",
    ),
    "LD032": Code(
        "an identifier knows the outcome",
        "warn",
        f"its number alone reaches an AUC of {at.ID_ALONE:.2f}",
        "it is no feature, but leads were numbered or sorted by outcome: do not use it as the order",
    ),
    "LD033": Code(
        "rates counted on the outcomes that are to be foretold",
        "hold",
        f"shares (0 to 1, or 0 to 100) that lie closer to the conversion rate of the leads that have them than chance "
        f"allows (once in {1 / at.TOO_CLOSE:,.0f}), at {at.RATE_VALUES} values of {at.RATE_LEADS} leads or more",
        "count such rates on leads decided before the scoring moment only, without the lead itself; or drop the column",
    ),
    "LD034": Code(
        "texts that sound like missing count as categories",
        "warn",
        f"Select, Unknown, n/a, -, k.A. and the like in more than {percent(at.PLACEHOLDER_SHARE)} of a column's leads",
        "list them as missing, unless they mean something",
    ),
    "LD035": Code(
        "leads without a company",
        "warn",
        f"company is named, and more than {percent(at.NO_COMPANY)} of the leads have none, or one such as Unknown",
        "fill the column, or name one that is filled",
    ),
    "LD036": Code(
        "numbers that may be names",
        "note",
        f"whole numbers that say more in {at.NAMES_GROUPS} groups in any order than in {at.NAMES_GROUPS} ranges: an "
        f"AUC higher by {at.NAMES_GAIN:.2f} on leads it was not counted on, by {at.NAMES_SURELY} in each fifth of them",
        "if they are codes, such as of industries or branches, say so (category)",
    ),
    "LD037": Code(
        "no event belongs to a lead",
        "hold",
        "none of the events, whenever they were; also where there is none",
        "correct the export of the events, or the column that names their lead",
    ),
    "LD038": Code(
        "hardly any lead has an event",
        "warn",
        f"fewer than {percent(HARDLY)} of the leads in the longest window before their scoring moment",
        "check that the ids of events are those of leads",
    ),
    "LD039": Code(
        "the events end before the leads do",
        "warn",
        f"more than {percent(CUT_SHARE)} of the scoring moments come later after the newest event than the shortest "
        f"window, and than {LEAST_DAYS} days",
        "export events and leads at the same time",
    ),
    "LD040": Code(
        "numbers are given as text",
        "warn",
        f"all values are numbers, {SOME_NUMBERS} different ones at least, in a column of text of a source with types; "
        "not in a CSV file, which has none",
        "give them as numbers, or say that they are names (category)",
    ),
    "LD041": Code(
        "events without a time that can be read",
        "warn",
        f"more than {percent(UNTIMED)} of the events: their time is missing, or in no form that is read; they count "
        "nowhere",
        "write times as ISO 8601, or as 31.03.2024 14:05; name the column that holds them",
    ),
    "LD042": Code(
        "one country under several names",
        "warn",
        f"{percent(at.COUNTRIES)} of the column's leads name a country (by code, or in six languages), and more "
        f"than {percent(at.PARTED_SHARE)} of these another text than most leads of it",
        "export one text for each country; or drop the column and use in_service_area",
    ),
}
