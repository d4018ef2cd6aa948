"""Looking at past leads before anything is learned from them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from leadml.jobs.plan import Plan, plan
from leadml.jobs.result import AuditReport, Progress, silent

if TYPE_CHECKING:
    from leadml.history.audit.earlier import Earlier
    from leadml.history.history import LeadHistory


def audit(
    source: Any, outcome: str | None = None, *, earlier: Any = None, progress: Progress = silent, **options: Any
) -> AuditReport:
    """Audit past leads.

    Parameters
    ----------
    source : path or DataFrame
        Leads, or a ``leadml.toml``.
    outcome : str, optional
        The column that says won or lost; a configuration names it.
    earlier : path or DataFrame, optional
        An earlier extract of the same leads, to find columns that were overwritten since; needs an id.
    progress : callable, optional
        Is told in words what happens next.
    **options
        Those of `train` that say how to read the leads.

    Returns
    -------
    AuditReport
        The findings, and which of them would stop a training.
    """
    todo = plan(source, {"outcome": outcome, **options})
    history = todo.history(progress).matured()
    compared = None if earlier is None else _compared(earlier, history, todo)
    progress(f"Auditing {len(history):,} leads")
    return audited(history, compared)


def audited(history: LeadHistory, earlier: Earlier | None = None) -> AuditReport:
    """Audit a history that was read, with the models that tell which columns it would rest on."""
    from leadml.history.audit.audit import held, look
    from leadml.learn.boosting.areas import random_and_newest
    from leadml.learn.boosting.importance import gain_and_drop

    seen = look(history, gain_and_drop, random_and_newest, earlier)
    return AuditReport(
        findings=seen.findings,
        held=held(seen.findings),
        accepted=tuple(f.key for f in seen.findings if "accepted" in f.evidence),
        not_checked=seen.not_checked,
        events=history.events,
    )


def _compared(source: Any, history: LeadHistory, todo: Plan) -> Earlier:
    """Compare an earlier extract, read as today's leads are; table and query say something of databases only."""
    from leadml.history.audit.earlier import read_earlier
    from leadml.history.sources.readers import DATABASE_ENDINGS

    text = str(source).lower() if isinstance(source, str | os.PathLike) else ""
    in_tables = text.startswith("env:") or text.endswith(DATABASE_ENDINGS)
    names = ("won", "lost", "sep", *(("table", "query") if in_tables else ()))
    return read_earlier(source, history, **{name: todo.reading[name] for name in names if name in todo.reading})
