"""Faults of the data that do not stop a training but belong in the open."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit.codes import finding, unknown
from leadml.history.audit.limits import EQUAL_SHARE
from leadml.history.setaside import Kind
from leadml.history.values.columns import ColumnReport
from leadml.points.alike import bare
from leadml.points.findings import Finding, NotApplicable
from leadml.points.personal import HIDDEN

if TYPE_CHECKING:
    from leadml.history.audit.case import Case
    from leadml.history.history import LeadHistory

SHOWN = 3
LEFT_OUT: dict[Kind, str] = {
    "personal": "LD012",
    "id": "LD013",
    "empty": "LD014",
    "constant": "LD014",
    "date": "LD015",
    "text": "LD016",
    "other": "LD016",
}


def data_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report ids that repeat, equal leads, odd values, and what was left out."""
    history = case.history
    for report in history.reports:
        yield from _odd_values(report, report.name in history.frame.columns)
    for column in history.frame.columns:
        yield from _twin_levels(str(column), history.frame[column])
    yield from _repeated_ids(history)
    yield from _equal_leads(case)
    for aside in history.set_aside:
        if aside.kind in LEFT_OUT:
            yield finding(
                LEFT_OUT[aside.kind],
                aside.column,
                aside.reason,
                "Nothing to do, unless it was meant to count.",
            )
    if history.order is None:
        yield finding(
            "LD017",
            None,
            "no column tells when a lead came, so the table is judged on leads drawn at random",
            "Name one with --order (or created): an older model that must foretell newer leads is the honest test.",
        )


def _odd_values(report: ColumnReport, is_feature: bool) -> Iterator[Finding]:
    shown = ", ".join(f"{text!r} (lead {lead})" for lead, text in report.odd)
    such = "such as " if report.odd_count > len(report.odd) else ""
    evidence = {"count": report.odd_count, "leads": [lead for lead, _ in report.odd]}
    if report.hint == "number":
        texts = sorted({text for _, text in report.odd} - {HIDDEN})
        options = " ".join(f"--missing '{report.name}={text}'" for text in texts) or "--missing"
        yield finding(
            "LD008",
            report.name,
            f"{report.odd_count:,} of its values are texts, {such}{shown}; the others are numbers. The column is read "
            f"as text: each number is a category of its own, and none is more than another",
            f"If they mean 'not known', say so: {options} (missing under [leads] in leadml.toml). If they are "
            f"mistakes, correct them.",
            **evidence,
        )
    elif report.hint == "numbers only" and is_feature:
        yield finding(
            "LD040",
            report.name,
            "its values are texts, all of them numbers. The column is read as text: each number is a "
            "category of its own, and none is more than another",
            f"If they are numbers, give them as numbers: pd.to_numeric(frame[{report.name!r}]) for a frame, which is "
            "best read without dtype=str, or a type of numbers in the file or the query. If they are names, such as "
            f"codes, say so: --category {shlex.quote(report.name)} (category=[{report.name!r}]).",
        )
    elif report.hint == "decimal comma":
        yield finding(
            "LD009",
            report.name,
            f"{report.odd_count:,} of its values have a decimal comma, as in {shown}. The column is read as text",
            "Export the numbers with a decimal point.",
            **evidence,
        )
    elif report.hint == "date":
        yield finding(
            "LD018",
            report.name,
            f"{report.odd_count:,} of its values are no date that exists: {shown}",
            "Correct them in the source.",
            **evidence,
        )


def _twin_levels(column: str, values: pd.Series) -> Iterator[Finding]:
    """Report texts that a reader takes for the same; a point table compares them by exact code points."""
    if not pd.api.types.is_string_dtype(values.dtype):
        return
    levels = pd.Series(values.dropna().unique(), dtype="str").sort_values()
    read = bare(levels)
    twins = levels[read.duplicated(keep=False)].groupby(read).agg(list).tolist()
    if twins:
        shown = "; ".join(" and ".join(repr(text) for text in same) for same in twins[:SHOWN])
        yield finding(
            "LD019",
            column,
            f"{shown}{f' and {len(twins) - SHOWN} more' if len(twins) > SHOWN else ''}",
            "If they are the same, write them the same way in the source; each counts for itself.",
            groups=len(twins),
        )


def _repeated_ids(history: LeadHistory) -> Iterator[Finding | NotApplicable]:
    if history.lead_id is None:
        yield unknown("LD010", "no column names the lead (id)")
        return
    # a lead may have several scoring moments, but each of them once
    moment = 0 if history.as_of is None else history.as_of
    rows = pd.DataFrame({"id": history.lead_id, "won": history.won, "moment": moment}).dropna()
    repeated = rows[rows.duplicated(["id", "moment"], keep=False)].groupby("id")["won"]
    count, both = repeated.ngroups, int((repeated.nunique() > 1).sum())
    if count:
        yield finding(
            "LD010",
            history.roles.id,
            f"{count:,} ids stand on more than one lead, {both:,} of them on won and lost ones",
            "There should be one row per lead: remove the duplicates, or name the column that tells leads apart.",
            ids=count,
            won_and_lost=both,
        )


def _equal_leads(case: Case) -> Iterator[Finding]:
    rows = pd.DataFrame({"row": case.hashes, "won": case.history.won})
    equal = rows[rows["row"].duplicated(keep=False)].groupby("row")["won"]
    extra = int(rows["row"].duplicated().sum())
    if extra > EQUAL_SHARE * len(rows):
        both = int((equal.nunique() > 1).sum())
        yield finding(
            "LD011",
            None,
            f"{extra:,} leads equal another one in every feature; in {both:,} groups of equals some were "
            f"won, some lost",
            "If they are the same lead twice, remove one. In a random split equal leads stay together "
            "where they are few.",
            leads=extra,
            groups_won_and_lost=both,
        )
