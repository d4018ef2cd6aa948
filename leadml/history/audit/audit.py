"""The audit: what in a history would teach the wrong lesson, as numbered findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from leadml.history.audit.acceptance import Acceptance
from leadml.history.audit.case import Case
from leadml.history.audit.company_checks import company_findings
from leadml.history.audit.country_checks import country_findings
from leadml.history.audit.data_checks import data_findings
from leadml.history.audit.drift_checks import drift_findings
from leadml.history.audit.earlier import Earlier, earlier_findings
from leadml.history.audit.event_checks import event_findings
from leadml.history.audit.filling_checks import filling_findings
from leadml.history.audit.leak_checks import leak_findings
from leadml.history.audit.model_checks import Areas, Importance, importance_findings, split_findings
from leadml.history.audit.name_checks import name_findings
from leadml.history.audit.people_checks import people_findings
from leadml.history.audit.placeholder_checks import placeholder_findings
from leadml.history.audit.rate_checks import rate_findings
from leadml.history.audit.split_checks import sides_findings
from leadml.history.audit.time_checks import time_findings
from leadml.history.audit.volume_checks import volume_findings
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory

GRAVITY = {"error": 0, "hold": 1, "warn": 2, "note": 3}


@dataclass(frozen=True)
class Audited:
    """What an audit saw, and what it could not see.

    Parameters
    ----------
    findings : tuple of Finding
        Gravest first. One that the history accepts has ``accepted`` in its evidence, and stays listed.
    not_checked : tuple of NotApplicable
        Checks that could not run, each with the reason; that is not the same as having passed.
    """

    findings: tuple[Finding, ...]
    not_checked: tuple[NotApplicable, ...]


def look(
    history: LeadHistory,
    importance: Importance | None = None,
    areas: Areas | None = None,
    earlier: Earlier | None = None,
) -> Audited:
    """Look for leakage, for what is unfair, and for faults of the data.

    Parameters
    ----------
    history : LeadHistory
        Past leads.
    importance : callable, optional
        Takes features and outcomes, returns for each column its share of a model's gain and the AUC that
        the model loses without the column. Without this LD002 and LD004 cannot be checked.
    areas : callable, optional
        Takes features, outcomes and which leads are the newest, returns the AUC and its standard error of a model on
        leads drawn at random, then on the newest. Without this LD023 cannot be checked.
    earlier : Earlier, optional
        What an earlier extract of the same leads says; see `read_earlier`.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.history.history import LeadHistory
    >>> leads = pd.DataFrame({"visits": [1, 2, 3, 4] * 80, "signed": [0, 1] * 160, "won": [0, 1] * 160})
    >>> seen = look(LeadHistory.from_frame(leads, outcome="won"))
    >>> [finding.key for finding in seen.findings if finding.severity == "error"]
    ['LD001:signed', 'LD001:visits']
    >>> [check.reason for check in seen.not_checked if check.code == "LD002"]
    ['no model was given']
    """
    accepted = {a.key: a.reason for a in history.accept}
    findings: list[Finding] = []
    unknown: dict[str, NotApplicable] = {}
    for told in _checks(Case(history), importance, areas, earlier):
        if isinstance(told, Finding):
            findings.append(_marked(told, accepted))
        else:
            unknown.setdefault(told.code, told)
    gravest = sorted(findings, key=lambda f: (GRAVITY[f.severity], f.code, f.column or ""))
    return Audited(tuple(gravest), tuple(unknown[code] for code in sorted(unknown)))


def audit(history: LeadHistory, importance: Importance | None = None) -> tuple[Finding, ...]:
    """Return the findings of `look`."""
    return look(history, importance).findings


def held(findings: Iterable[Finding], accept: Iterable[Acceptance | str] = ()) -> tuple[Finding, ...]:
    """Return the findings that stop a training: errors and holds that nobody has accepted.

    Parameters
    ----------
    findings : iterable of Finding
        What an audit found.
    accept : iterable of Acceptance or str
        Accepted ones beside those that are marked as such.
    """
    keys = {a if isinstance(a, str) else a.key for a in accept}
    return tuple(
        f for f in findings if f.severity in ("error", "hold") and "accepted" not in f.evidence and f.key not in keys
    )


def _checks(
    case: Case, importance: Importance | None, areas: Areas | None, earlier: Earlier | None
) -> Iterator[Finding | NotApplicable]:
    yield from leak_findings(case)
    yield from rate_findings(case)
    yield from importance_findings(case, importance)
    yield from time_findings(case)
    yield from sides_findings(case)
    yield from split_findings(case, areas)
    yield from filling_findings(case)
    yield from earlier_findings(earlier)
    yield from people_findings(case)
    yield from volume_findings(case)
    yield from drift_findings(case)
    yield from data_findings(case)
    yield from placeholder_findings(case)
    yield from name_findings(case)
    yield from country_findings(case)
    yield from company_findings(case)
    yield from event_findings(case)


def _marked(finding: Finding, accepted: Mapping[str, str]) -> Finding:
    if finding.key not in accepted:
        return finding
    evidence: dict[str, Any] = {**finding.evidence, "accepted": accepted[finding.key] or "yes"}
    return replace(finding, evidence=evidence)
