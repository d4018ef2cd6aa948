"""The end of the page: words explained, and where the table comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, section, short

WORDS = (
    ("Lead", "Somebody who may become a customer."),
    ("Score", "The sum of a lead\u2019s points. More points: likelier to be won."),
    ("Feature", "Something known about a lead, such as its source or how often it visited the website."),
    ("Rule", "One row of the table: values of a feature, and the points that they bring."),
    ("Neutral rule", "The commonest rule of a feature. It brings nothing, and the others are measured against it."),
    ("Base points", "The score of the lead for which every neutral rule holds: the typical lead."),
    (
        "Dimension",
        "A part of the score that is also shown by itself: fit says who the lead is, engagement what it did.",
    ),
    ("Grade", "A short name for a range of sub-scores, so that a glance is enough."),
    ("Action", "What to do with a lead, by its score."),
    ("Conversion rate", "The share of leads that were won within their outcome window."),
    (
        "Outcome window",
        "The days within which a win counts. Leads whose window is not over count as neither won nor lost.",
    ),
    ("95 % interval", "A range made so that it holds the true value in 95 of 100 cases. Few leads make it wide."),
    ("Weak", "The interval of a rule\u2019s points spans 0: it might as well add as take away."),
    ("Top group", "The leads with the highest scores: about a fifth of them when the table was made."),
    ("Lift", "How many times the conversion rate of all leads a group has."),
    ("AUC", "The chance that a won lead has a higher score than a lost one: 0.5 is a coin, 1 is perfect."),
    ("Audit", "The search for columns and leads from which nothing true can be learned, before anything is."),
    ("Champion", "The version that is in use."),
)


def glossary(contents: Contents) -> Markup:
    """Write the part that explains the words.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    entries = [el("div", el("dt", word), el("dd", text)) for word, text in WORDS]
    return section("words", "Words", None, el("dl", *entries, class_="glossary"))


def footer(contents: Contents) -> Markup:
    """Write where the table comes from, so that anybody can find it again.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    entries = [el("div", el("dt", name), el("dd", short(value, 200))) for name, value in _origin(contents) if value]
    note = (
        "This page works offline, asks nothing of any other computer, and holds no lead: only counts and the rules of "
        "the table. A score is a help for people who decide, not a decision."
    )
    return el("footer", el("h2", "Where it comes from"), el("dl", *entries, class_="origin"), el("p", note))


def _origin(contents: Contents) -> Iterator[tuple[str, str]]:
    table, history = contents.table, contents.history
    yield "Point table", contents.title
    yield "SHA-256", table.sha256
    yield "Written at", contents.written_at
    yield "Run", contents.run_id
    yield "Source of the leads", str(history.get("source") or "")
    yield "Leads", _leads(history, table.provenance)
    yield "Measured on", _measured(history)
    yield "Learned from leads until", str(history.get("trained_until") or "")
    yield "Fingerprint of the leads", str(history.get("fingerprint") or table.provenance.get("data_sha256") or "")
    versions = table.provenance.get("versions")
    if isinstance(versions, Mapping):
        yield "Made with", ", ".join(f"{name} {versions[name]}" for name in sorted(versions))


def _leads(history: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    if "won" in history and "lost" in history:
        undecided = history.get("undecided") or 0
        left = f", {undecided:,} undecided left out" if undecided else ""
        return f"{history['won']:,} won, {history['lost']:,} lost{left}"
    if isinstance(provenance.get("leads"), int) and isinstance(provenance.get("won"), int):
        return f"{provenance['leads']:,} learned from, {provenance['won']:,} won"
    return ""


def _measured(history: Mapping[str, Any]) -> str:
    if not history.get("measured_on"):
        return ""
    how = history.get("note") or history.get("split")
    return f"{history['measured_on']:,} leads ({how}); learned from {history['trained_on']:,}"
