"""Signs that a column knows the outcome: what it says alone, what it does to a model, what it is called."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leadml.history.audit.codes import CODES
from leadml.history.audit.univariate import Univariate
from leadml.history.values.words import has_phrase, phrases
from leadml.points.findings import Finding
from leadml.stats import wilson

GIVES_AWAY = 0.95
GAIN_SHARE = 0.40
DROPPED_AUC = 0.03
HELD_ALONE = 0.78
STRONG_ALONE = 0.80
MISSING_ALONE = 0.65
LEVEL_LEADS = 50
NEARLY_ALWAYS = 0.95
NEARLY_NEVER = 0.01
NEVER_FROM_BASE = 0.05

SUSPECT = phrases(
    "stage, stages, status, tag, tags, closed, won, lost, reason, reasons, outcome, outcomes, convert, "
    "converted, "
    "conversion, opportunity, opportunities, contract, contracts, invoice, invoices, amount won, last "
    "activity, "
    "last notable activity, duration, owner, score, scores, rating, ratings, quality, grade, lead profile, "
    "disposition, gewonnen, verloren, abschluss, auftrag, vertrag, rechnung, dauer, bewertung, ergebnis"
)
HARMLESS = phrases("marital status, civil status, family status, employment status, home owner, house owner")


def finding(code: str, column: str | None, seen: str, remedy: str, **evidence: Any) -> Finding:
    """Return a finding with the title and the severity that belong to its number."""
    return Finding(code, CODES[code].title, CODES[code].severity, column, seen, remedy, evidence)


def sounds_late(column: str) -> bool:
    """Tell whether a column's name sounds like something written down after the deal.

    Examples
    --------
    >>> [name for name in ("Tags", "real_estate", "dealStage", "Marital Status") if sounds_late(name)]
    ['Tags', 'dealStage']
    """
    return has_phrase(column, SUSPECT) and not has_phrase(column, HARMLESS)


def name_findings(columns: Iterable[str]) -> Iterator[Finding]:
    """Report the columns whose name sounds like something written down after the deal."""
    for column in columns:
        if sounds_late(column):
            yield finding(
                "LD003",
                column,
                "names like this often belong to what is written down during or after the deal",
                f"Ask whether it is known when a lead is scored; if not, drop it: --drop {column!r}.",
            )


def column_findings(column: str, seen: Univariate, base: float) -> Iterator[Finding]:
    """Report what one column says about the outcome alone."""
    area = round(seen.auc, 4)
    if seen.auc >= GIVES_AWAY:
        yield finding(
            "LD001",
            column,
            f"the column alone ranks won above lost leads with an AUC of {seen.auc:.3f} on leads it was not "
            f"counted on",
            f"It repeats the outcome or is filled after it: drop it (--drop {column!r}).",
            auc=area,
        )
    elif seen.auc >= STRONG_ALONE:
        yield finding(
            "LD005",
            column,
            f"the column alone reaches an AUC of {seen.auc:.3f}; honest columns of lead data rarely reach "
            f".80",
            "Check that its values are known when a lead is scored.",
            auc=area,
        )
    if seen.missing_auc >= MISSING_ALONE:
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
    often = seen.leads >= LEVEL_LEADS
    pure = often & ((low >= NEARLY_ALWAYS) | ((high <= NEARLY_NEVER) & (base > NEVER_FROM_BASE)))
    values = {seen.levels[k]: [int(seen.won[k]), int(seen.leads[k])] for k in pure.nonzero()[0]}
    if values:
        shown = "; ".join(
            f"{value!r}: {won:,} of {leads:,} won" for value, (won, leads) in list(values.items())[:3]
        )
        yield finding(
            "LD006",
            column,
            f"{shown}{f' and {len(values) - 3} more' if len(values) > 3 else ''} (all leads: {100 * base:.1f} % won)",
            "Check whether these values are set once the outcome is known.",
            values=values,
        )


def importance_findings(
    importance: Mapping[str, tuple[float, float]], alone: Mapping[str, float]
) -> Iterator[Finding]:
    """Report the columns that a model rests on.

    A column is held if it has much of the gain, is missed when it is gone, and is strong alone. On public
    data the first two signs hold for an honest column too (time spent on a website: .42 of the gain, .085
    AUC lost), but alone the honest stay below .77, while the known leaks reach .81 and .92. Fewer signs
    are worth a warning.

    Parameters
    ----------
    importance : mapping of str to (float, float)
        Share of the gain, and AUC lost without the column (NaN where it was not measured).
    alone : mapping of str to float
        AUC of each column alone.
    """
    for column in sorted(importance):
        share, lost = (float(figure) for figure in importance[column])
        much, missed = share >= GAIN_SHARE, lost >= DROPPED_AUC
        if not (much or missed):
            continue
        code = "LD002" if much and missed and alone[column] >= HELD_ALONE else "LD004"
        measured = f"; without it the AUC falls by {max(lost, 0.0):.3f}" if not math.isnan(lost) else ""
        yield finding(
            code,
            column,
            f"it has {100 * share:.0f} % of the model's gain{measured}; alone it reaches an AUC of "
            f"{alone[column]:.3f}",
            f"Confirm that it is known when a lead is scored (--accept '{code}:{column}'), "
            f"or drop it (--drop {column!r}).",
            gain_share=round(share, 4),
            auc_lost=None if math.isnan(lost) else round(lost, 4),
            auc_alone=round(alone[column], 4),
        )
