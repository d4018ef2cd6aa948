"""The first audit: what in a history would teach the wrong lesson, as numbered findings.

The thresholds are those measured on public conversion data: they find the columns
known to leak, and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.audit.acceptance import Acceptance
from leadml.history.audit.codes import CODES
from leadml.history.audit.data_checks import data_findings
from leadml.history.audit.leak_checks import column_findings, importance_findings, name_findings
from leadml.history.audit.univariate import folds, univariate
from leadml.history.fingerprint import row_hashes
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory

GRAVITY = {"error": 0, "hold": 1, "warn": 2, "note": 3}
# column -> (share of the model's gain, AUC lost without the column; NaN where it was not measured)
Importance = Callable[[pd.DataFrame, "NDArray[np.bool_]"], Mapping[str, tuple[float, float]]]


def audit(history: LeadHistory, importance: Importance | None = None) -> tuple[Finding, ...]:
    """Look for leakage and for faults of the data.

    Parameters
    ----------
    history : LeadHistory
    importance : callable, optional
        Takes features and outcomes, returns for each column its share of a model's gain and the AUC that
        the model loses without the column. Without this LD002 and LD004 cannot be checked: see `not_checked`.

    Returns
    -------
    tuple of Finding
        Gravest first. One that the history accepts has ``accepted`` in its evidence, and stays listed.

    Examples
    --------
    >>> from leadml.history.history import LeadHistory
    >>> leads = pd.DataFrame({"visits": [1, 2, 3, 4] * 40, "signed": [0, 1] * 80, "won": [0, 1] * 80})
    >>> history = LeadHistory.from_frame(leads, outcome="won")
    >>> [finding.key for finding in audit(history) if finding.severity == "error"]
    ['LD001:signed', 'LD001:visits']
    """
    found = [*_leak_findings(history, importance), *data_findings(history)]
    accepted = {a.key: a.reason for a in history.accept}
    marked = (_marked(finding, accepted) for finding in found)
    return tuple(sorted(marked, key=lambda f: (GRAVITY[f.severity], f.code, f.column or "")))


def not_checked(importance: Importance | None) -> tuple[NotApplicable, ...]:
    """Return the checks that could not run; that is not the same as having passed."""
    if importance is not None:
        return ()
    return tuple(NotApplicable(code, CODES[code].title, "no model was given") for code in ("LD002", "LD004"))


def held(findings: Iterable[Finding], accept: Iterable[Acceptance | str] = ()) -> tuple[Finding, ...]:
    """Return the findings that stop a training: errors and holds that nobody has accepted.

    Parameters
    ----------
    findings : iterable of Finding
    accept : iterable of Acceptance or str
        Accepted ones beside those that are marked as such.
    """
    keys = {a if isinstance(a, str) else a.key for a in accept}
    return tuple(
        f
        for f in findings
        if f.severity in ("error", "hold") and "accepted" not in f.evidence and f.key not in keys
    )


def _leak_findings(history: LeadHistory, importance: Importance | None) -> Iterator[Finding]:
    fold = folds(row_hashes(history.frame), history.won)
    alone = {column: univariate(history.frame[column], history.won, fold) for column in history.frame}
    base = float(history.won.mean())
    for column, seen in alone.items():
        yield from column_findings(str(column), seen, base)
    yield from name_findings(str(column) for column in history.frame)
    if importance is not None:
        areas = {str(column): seen.auc for column, seen in alone.items()}
        yield from importance_findings(importance(history.frame, history.won), areas)


def _marked(finding: Finding, accepted: Mapping[str, str]) -> Finding:
    if finding.key not in accepted:
        return finding
    evidence: dict[str, Any] = {**finding.evidence, "accepted": accepted[finding.key] or "yes"}
    return replace(finding, evidence=evidence)
