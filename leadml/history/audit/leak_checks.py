"""Signs that a column knows the outcome: what it says alone, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding, unknown
from leadml.history.audit.univariate import Univariate, univariate
from leadml.history.roles import BY_ROW
from leadml.history.setaside import running_number
from leadml.history.values.words import has_phrase, phrases
from leadml.points.findings import Finding, NotApplicable
from leadml.stats import wilson

if TYPE_CHECKING:
    from leadml.history.audit.case import Case

SUSPECT = phrases(
    "stage, stages, status, tag, tags, closed, won, lost, reason, reasons, outcome, outcomes, convert, converted, "
    "conversion, opportunity, opportunities, contract, contracts, invoice, invoices, amount won, last activity, "
    "last notable activity, duration, owner, score, scores, rating, ratings, quality, grade, lead profile, "
    "activity index, profile index, lead index, propensity, likelihood, disposition, gewonnen, verloren, abschluss, "
    "auftrag, vertrag, rechnung, dauer, bewertung, ergebnis"
)
HARMLESS = phrases("marital status, civil status, family status, employment status, home owner, house owner")


def sounds_late(column: str) -> bool:
    """Tell whether a column's name sounds like something written down after the deal.

    Examples
    --------
    >>> [name for name in ("Tags", "real_estate", "dealStage", "Marital Status") if sounds_late(name)]
    ['Tags', 'dealStage']
    """
    return has_phrase(column, SUSPECT) and not has_phrase(column, HARMLESS)


def leak_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report what columns say alone, and those whose name sounds like something written down after the deal."""
    for column, seen in case.alone.items():
        yield from _column(column, seen, case.base)
        if sounds_late(column):
            yield finding(
                "LD003",
                column,
                "names like this often belong to what is written down during or after the deal",
                f"Ask whether it is known when a lead is scored; if not, drop it: --drop {column!r}.",
            )
    yield from _identifiers(case)


def _column(column: str, seen: Univariate, base: float) -> Iterator[Finding]:
    """Report what one column says about the outcome alone."""
    area = round(seen.auc, 4)
    if seen.auc >= at.GIVES_AWAY:
        yield finding(
            "LD001",
            column,
            f"the column alone ranks won above lost leads with an AUC of {seen.auc:.3f} on leads it was not counted on",
            f"It repeats the outcome or is filled after it: drop it (--drop {column!r}).",
            auc=area,
        )
    elif seen.auc >= at.STRONG_ALONE:
        yield finding(
            "LD005",
            column,
            f"the column alone reaches an AUC of {seen.auc:.3f}; honest columns of lead data rarely reach .80",
            "Check that its values are known when a lead is scored.",
            auc=area,
        )
    if seen.missing_auc >= at.MISSING_ALONE:
        yield finding(
            "LD007",
            column,
            f"whether the column is filled ranks leads with an AUC of {seen.missing_auc:.3f}",
            "Check whether it is filled in the course of the deal; if so, drop it.",
            missing_auc=round(seen.missing_auc, 4),
        )
    yield from _pure_levels(column, seen, base)


def _pure_levels(column: str, seen: Univariate, base: float) -> Iterator[Finding]:
    if not len(seen.levels):
        return
    low, high = wilson(seen.won, seen.leads)
    often = seen.leads >= at.LEVEL_LEADS
    pure = often & ((low >= at.NEARLY_ALWAYS) | ((high <= at.NEARLY_NEVER) & (base > at.NEVER_FROM_BASE)))
    values = {seen.levels[k]: [int(seen.won[k]), int(seen.leads[k])] for k in pure.nonzero()[0]}
    if values:
        shown = "; ".join(f"{value!r}: {won:,} of {leads:,} won" for value, (won, leads) in list(values.items())[:3])
        yield finding(
            "LD006",
            column,
            f"{shown}{f' and {len(values) - 3} more' if len(values) > 3 else ''} (all leads: {100 * base:.1f} % won)",
            "Check whether these values are set once the outcome is known.",
            values=values,
        )


def _identifiers(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report identifiers that tell the outcome: they are no features, but leads were numbered by it."""
    numbers = dict(_numbered(case))
    if not numbers:
        yield unknown("LD032", "no column holds a running number of leads")
    for column, values in numbers.items():
        area = univariate(values, case.history.won, case.fold).auc
        if area >= at.ID_ALONE:
            yield finding(
                "LD032",
                None if column == BY_ROW else column,
                f"{'the order of the rows' if column == BY_ROW else 'its number'} alone ranks won above lost leads "
                f"with an AUC of {area:.3f}",
                "It is no feature, so the table does not see it. But leads were numbered or sorted by their outcome, "
                "unless the conversion rate changed that much with time: take no order of time from it.",
                auc=round(area, 4),
            )


def _numbered(case: Case) -> Iterator[tuple[str, pd.Series]]:
    """Yield identifiers as numbers: the lead's id, what sorts leads unless it is a date, columns that name leads."""
    history, roles = case.history, case.history.roles
    if history.lead_id is not None and roles.id is not None:
        yield roles.id, running_number(pd.Series(history.lead_id, dtype="str"))
    dated = {report.name for report in history.reports if report.type == "date"}
    if history.order is not None and roles.time is not None and roles.time not in dated and history.as_of is None:
        yield roles.time, pd.Series(history.order, dtype="float64")
    ids = {aside.column for aside in history.set_aside if aside.kind == "id"}
    if history.left_out is not None:
        yield from ((str(c), history.left_out[c]) for c in history.left_out if c in ids)
