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
from leadml.jobs.tables import find_table

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
    pins: Mapping[str, Mapping[Any, int]] | None = None,
    signs: Mapping[str, int | Mapping[Any, int]] | None = None,
    caps: Mapping[str, int] | None = None,
    most_points: int | None = None,
    accept: Sequence[str] | Mapping[str, str] | str = (),
    seed: int | None = None,
    previous: PointTable | str | os.PathLike[str] | None = None,
    against: PointTable | str | os.PathLike[str] | None = None,
    name: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Learn a point table from past leads, measure it on the newest, write it and register it.

    Whatever is given here counts more than the configuration; `drop`, `missing`, `accept`, `dimensions`
    and `caps` add to it.

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
    pins, signs, caps : mapping, optional
        Rows fixed by hand, locks on signs, the most by which a dimension varies; see `LeadScorer`.
    most_points : int, optional
        No learned row gives or takes more points.
    accept : sequence of str, or mapping of str to str
        Findings of the audit to accept, such as ``"LD002:sessions"``, with a reason in a mapping.
    seed : int, optional
        Seed of whatever is drawn, 0 unless given.
    previous : PointTable, path or str, optional
        The table in use: a path, NAME (its champion) or NAME@VERSION. Its rows stay as they are but where the leads
        speak against them; columns that `drop` names lose their rules.
    against : PointTable, path or str, optional
        A hand-made table to compare with in the certificate; found as `previous` is.
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
    learning: dict[str, Any] = {"dimensions": dimensions, "max_rules": max_rules, "seed": seed}
    learning |= {
        "pins": pins,
        "signs": signs,
        "caps": caps,
        "most_points": most_points,
        "previous": previous,
        "against": against,
    }
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
    _check_settings(history, todo)
    # Before learning, because a store that does not answer should not cost an hour.
    progress("Opening the registry")
    registry = todo.registry()
    previous = _previous(history, todo)
    against = None if todo.against is None else _table(todo.against, todo)
    split = history.split()
    progress(f"Learning a point table from {len(split.train):,} leads")
    scorer = _learned(split.train, todo, previous)
    progress(f"Measuring it on {len(split.newest):,} leads it has not seen")
    judged = _judged(scorer, history, split, audit, todo, against)
    progress("Writing and registering the version")
    result = published(registry, judged, split.newest, todo)
    if todo.by is None:
        return result
    return replace(result, segments=segments(registry, scorer, judged, split, todo, progress))


def _previous(history: LeadHistory, todo: Plan) -> PointTable | None:
    """Find the table to start from; columns that were left out on purpose take their rules with them."""
    if todo.previous is None:
        return None
    found = _table(todo.previous, todo)
    drop = todo.reading.get("drop", ())
    table = found.without([drop] if isinstance(drop, str) else list(drop))
    aside = {entry.column: entry.reason for entry in history.set_aside}
    for feature in table.features:
        if feature.name in aside and feature.name not in history.frame.columns:
            raise wording.previous_set_aside(feature.name, aside[feature.name])
    return table


def _table(named: PointTable | str | os.PathLike[str], todo: Plan) -> PointTable:
    """Find a table by its path or name, where it is not one already."""
    if isinstance(named, str | os.PathLike):
        return find_table(os.fspath(named), todo.out, todo.tracking_uri or todo.configured_uri).table
    return named


def _check_settings(history: LeadHistory, todo: Plan) -> None:
    """Refuse settings that do not suit these leads, before anything is written."""
    from leadml.learn.settings import check_settings, form_of

    scorer = _scorer(todo, None)
    check_settings(scorer)
    form_of(scorer, history.frame, ())


def _learned(train: LeadHistory, todo: Plan, previous: PointTable | None) -> LeadScorer:
    return _scorer(todo, previous).fit(train.frame, train.won, groups=train.groups)


def _scorer(todo: Plan, previous: PointTable | None) -> LeadScorer:
    from leadml.learn.scorer import LeadScorer

    return LeadScorer(
        max_rules=todo.max_rules,
        dimensions=todo.dimensions,
        monotone=todo.monotone,
        pins=todo.pins,
        signs=todo.signs,
        caps=todo.caps,
        most_points=todo.most_points,
        score_range=todo.score_range,
        previous=previous,
        random_state=todo.seed,
    )


def _judged(
    scorer: LeadScorer,
    history: LeadHistory,
    split: HistorySplit,
    audit: AuditReport,
    todo: Plan,
    against: PointTable | None,
) -> Judged:
    from leadml.watch.training import kpi_at_training

    newest = split.newest
    table = _named(scorer.point_table_, history, split, todo)
    score = table.score(newest.frame, reasons=0)["score"].to_numpy()
    certificate = scorer.certify(newest.frame, newest.won, split.kind, against=against)
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
