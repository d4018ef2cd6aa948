"""Training: from a history of leads to a point table that is learned, measured, written and registered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.jobs import wording
from leadml.jobs.auditing import audited
from leadml.jobs.plan import Plan, plan
from leadml.jobs.registering import published
from leadml.jobs.result import AuditReport, HistorySummary, Judged, Progress, TrainResult, silent
from leadml.jobs.segments import segments

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.learn.scorer import LeadScorer
    from leadml.points.table import PointTable


def train(
    source: str | os.PathLike[str] | pd.DataFrame,
    outcome: str | None = None,
    *,
    won: Sequence[Any] | str = (),
    lost: Sequence[Any] | str = (),
    id: str | None = None,
    drop: Sequence[str] | str = (),
    missing: Sequence[str] | Mapping[str, Any] | str = (),
    order: str | None = None,
    company: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    sep: str | None = None,
    max_rules: int | None = None,
    accept: Sequence[str] | Mapping[str, str] | str = (),
    seed: int | None = None,
    name: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Learn a point table from past leads, measure it on the newest, write it and register it.

    Whatever is given here counts more than the configuration; `drop`, `missing`, `accept` and `dimensions`
    add to it.

    Parameters
    ----------
    source : path or DataFrame
        Leads (CSV, Parquet, a frame), or a ``leadml.toml``.
    outcome : str, optional
        The column that says won or lost; only a configuration can do without it.
    won, lost : value or sequence of values
        Which outcomes mean won and lost; 0/1, true/false, yes/no and won/lost are understood without.
    id, order, company : str, optional
        The column that names the lead; that orders leads by time (or ``"@row"``); whose leads stay together.
    drop : str or sequence of str
        Columns to leave out.
    missing : str, sequence or mapping
        Texts that mean not filled in: ``"Select"``, ``"pdays=999"``.
    dimensions : mapping of str to columns, optional
        Columns of a dimension, such as engagement; all others are fit.
    sep : str, optional
        Separator of a CSV file; found unless given.
    max_rules : int, optional
        The budget of rules, 25 unless given.
    accept : sequence of str, or mapping of str to str
        Findings of the audit to accept, such as ``"LD002:sessions"``, with a reason in a mapping.
    seed : int, optional
        Seed of whatever is drawn, 0 unless given.
    name : str, optional
        Name of the point table, the source's name unless given.
    out : path, optional
        The models folder, ``models`` unless given.
    tracking_uri : str, optional
        The MLflow store; else MLFLOW_TRACKING_URI, the configuration, or SQLite in `out`.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    TrainResult
        Table, certificate, KPI, findings, and where everything is.

    Raises
    ------
    UsageError
        A column, option or file does not exist.
    DataError
        The data cannot be learned from.
    GateError
        The audit stops the training until a person has decided.
    BusyError
        Something was locked, or could not be written or reached. Nothing half-written is left.
    """
    reading = {"outcome": outcome, "won": won, "lost": lost, "id": id, "drop": drop, "missing": missing}
    reading |= {"order": order, "company": company, "sep": sep, "accept": accept}
    learning = {"dimensions": dimensions, "max_rules": max_rules, "seed": seed}
    writing = {"name": name, "out": out, "tracking_uri": tracking_uri}
    return carry_out(plan(source, {**reading, **learning, **writing}), progress)


def carry_out(todo: Plan, progress: Progress) -> TrainResult:
    """Do what a plan says; see `train`."""
    history = todo.history(progress).matured()
    todo = replace(todo, dimensions=_dimensions(history, todo.dimensions))
    progress(f"Auditing {len(history):,} leads")
    audit = audited(history)
    if audit.held:
        raise wording.held([(f.key, f.title, f.seen, f.remedy) for f in audit.held])
    # Before learning, because a store that does not answer should not cost an hour.
    progress("Opening the registry")
    registry = todo.registry()
    split = history.split()
    progress(f"Learning a point table from {len(split.train):,} leads")
    scorer = _learned(split.train, todo)
    progress(f"Measuring it on {len(split.newest):,} leads it has not seen")
    judged = _judged(scorer, history, split, audit, todo)
    progress("Writing and registering the version")
    result = published(registry, judged, split.newest, todo)
    if todo.by is None:
        return result
    return replace(result, segments=segments(registry, scorer, judged, split, todo, progress))


def _learned(train: LeadHistory, todo: Plan) -> LeadScorer:
    from leadml.learn.scorer import LeadScorer

    scorer = LeadScorer(
        max_rules=todo.max_rules,
        dimensions=todo.dimensions,
        monotone=todo.monotone,
        score_range=todo.score_range,
        random_state=todo.seed,
    )
    return scorer.fit(train.frame, train.won, groups=train.groups)


def _judged(scorer: LeadScorer, history: LeadHistory, split: HistorySplit, audit: AuditReport, todo: Plan) -> Judged:
    from leadml.kpi.training import kpi_at_training

    newest = split.newest
    table = _named(scorer.point_table_, history, split, todo)
    score = table.score(newest.frame, reasons=0)["score"].to_numpy()
    certificate = scorer.certify(newest.frame, newest.won, split.kind)
    return Judged(
        table=table,
        certificate=replace(certificate, sentences=(*certificate.sentences, *history.notes)),
        kpi=kpi_at_training(newest.won, score, table.top_cut, split.kind),
        audit=audit,
        history=_summary(history, split),
    )


def _dimensions(history: LeadHistory, asked: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Give every feature that has one its dimension; columns that were set aside are known, but no features."""
    features, aside = list(history.frame.columns), {entry.column for entry in history.set_aside}
    aside |= {d.feature for d in history.definitions} - set(features)
    kept = {name: tuple(c for c in columns if c not in aside) for name, columns in asked.items()}
    for name, columns in kept.items():
        where = f"The dimension {name!r}"
        for column in columns:
            if column not in features:
                raise UsageError.setting_names_no_column(where, column, features)
    named = {column for columns in kept.values() for column in columns}
    for made in history.definitions:
        if made.feature in features and made.feature not in named and made.dimension != "fit":
            kept[made.dimension] = (*kept.get(made.dimension, ()), made.feature)
    return {name: columns for name, columns in kept.items() if columns}


def _named(table: PointTable, history: LeadHistory, split: HistorySplit, todo: Plan) -> PointTable:
    """Give the learned table its name and its origin, and leads to verify copies of it with."""
    counts = history.counts
    window = history.window.days if history.window is not None else None
    origin = {
        **table.provenance,
        **({"features": dict(history.origin)} if history.origin else {}),
        **({"window_days": window} if window is not None else {}),
        "missing": list(history.missing),
        "history": {
            "sha256": history.fingerprint,
            "won": counts.won,
            "lost": counts.lost,
            "undecided": counts.undecided,
            "split": split.kind,
        },
    }
    return replace(table, name=todo.name_for(history.name), provenance=origin).with_verification()


def _summary(history: LeadHistory, split: HistorySplit) -> HistorySummary:
    return HistorySummary(
        source=history.name,
        won=history.counts.won,
        lost=history.counts.lost,
        undecided=history.counts.undecided,
        trained_on=len(split.train),
        measured_on=len(split.newest),
        split=split.kind,
        note=split.note,
        set_aside=tuple((entry.column, entry.reason) for entry in history.set_aside),
        fingerprint=history.fingerprint,
        funnel=history.funnel,
        window=history.window,
        definitions=history.definitions,
        notes=history.notes,
    )
