"""What the audit of the leads found."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.points.findings import Finding
from leadml.report.contents import Audited, Contents
from leadml.report.markup import Markup, el, joined, section, short, titled

_SIGNS = {
    "error": ("bad", "\u2715", "Error"),
    "hold": ("bad", "!", "Hold"),
    "warn": ("warn", "!", "Look into it"),
    "note": ("open", "i", "Note"),
}


def part(contents: Contents) -> Markup | None:
    """Write the part with the findings; None where there was no audit.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    audited = contents.audited
    if audited is None:
        return None
    lead = (
        "Before anything was learned, the leads were searched for columns that give the outcome away, for faults in "
        "the data, and for what would be unfair."
    )
    if not audited.findings:
        lead = f"{lead} Nothing was found."
    grave = _items(audited, [finding for finding in audited.findings if finding.severity != "note"])
    notes = [finding for finding in audited.findings if finding.severity == "note"]
    said = f"{len(notes)} note{'s' * (len(notes) != 1)}"
    found = joined(grave, el("details", el("summary", said), _items(audited, notes), class_="minor") if notes else None)
    unchecked = [
        el("li", el("b", short(check.title)), f": {short(check.reason, 300)}") for check in audited.not_checked
    ]
    rest = None
    if unchecked:
        rest = el(
            "div", el("h3", "Not checked, which is not the same as passed"), el("ul", *unchecked, class_="plainlist")
        )
    return section("audit", "What the audit found", lead, found, rest)


def _items(audited: Audited, findings: Iterable[Finding]) -> Markup | None:
    accepted = set(audited.accepted)
    items = [_item(finding, bool({finding.key, finding.code} & accepted)) for finding in findings]
    return el("ul", *items, class_="findings") if items else None


def _item(finding: Finding, accepted: bool) -> Markup:
    kind, sign, word = _SIGNS.get(finding.severity, _SIGNS["note"])
    about = None if finding.column is None else el("b", short(finding.column, 120))
    mark = el("span", el("span", sign, class_="sign", aria_hidden="true"), word, class_=f"chip small {kind}")
    agreed = el("span", "accepted by a person", class_="tag plain") if accepted else None
    name = short(finding.title)
    said = joined(titled(name)) if about is None else joined(about, ": ", name)
    title = el("p", mark, " ", said, agreed, class_="title")
    seen = el("p", titled(short(finding.seen, 400)))
    return el(
        "li", title, seen, el("p", short(finding.remedy, 400), class_="soft"), el("small", short(finding.key, 140))
    )
