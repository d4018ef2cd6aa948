"""Looking at past leads before anything is learned from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadml.jobs.plan import plan
from leadml.jobs.result import AuditReport, Progress, silent

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory


def audit(source: Any, outcome: str | None = None, *, progress: Progress = silent, **options: Any) -> AuditReport:
    """Audit past leads.

    Parameters
    ----------
    source : path or DataFrame
        Leads, or a ``leadml.toml``.
    outcome : str, optional
        The column that says won or lost; a configuration names it.
    progress : callable, optional
        Is told in words what happens next.
    **options
        Those of `train` that say how to read the leads.

    Returns
    -------
    AuditReport
        The findings, and which of them would stop a training.
    """
    from leadml.history.history import LeadHistory

    todo = plan(source, {"outcome": outcome, **options})
    progress("Reading the leads")
    history = LeadHistory.read(todo.source, **todo.reading)
    progress(f"Auditing {len(history):,} leads")
    return audited(history)


def audited(history: LeadHistory) -> AuditReport:
    """Audit a history that was read, with the model that tells which columns it would rest on."""
    from leadml.history.audit.audit import audit as look
    from leadml.history.audit.audit import held, not_checked
    from leadml.learn.importance import gain_and_drop

    findings = look(history, gain_and_drop)
    return AuditReport(
        findings=findings,
        held=held(findings),
        accepted=tuple(f.key for f in findings if "accepted" in f.evidence),
        not_checked=not_checked(gain_and_drop),
    )
