"""Training: from a history of leads to a point table that is learned, measured, written and registered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from leadml.jobs.plan import Plan, is_config, plan
from leadml.jobs.promoting.belonging import opened
from leadml.jobs.result import AuditReport, Progress, TrainResult, silent
from leadml.jobs.running.lock import one_job
from leadml.jobs.training.auditing import audited
from leadml.jobs.training.learning import check_asked, check_gates, check_settings, dimensions_of, learned_and_judged
from leadml.jobs.training.registering import Placing, published
from leadml.jobs.training.runkey import run_key
from leadml.jobs.training.segments import segments

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.history import LeadHistory
    from leadml.points.table import PointTable


def train(
    source: str | os.PathLike[str] | pd.DataFrame,
    outcome: str | None = None,
    *,
    won: Sequence[Any] | str = (),
    lost: Sequence[Any] | str = (),
    id: str | None = None,
    drop: Sequence[str] | str = (),
    category: Sequence[str] | str = (),
    missing: Sequence[str] | Mapping[str, Any] | str = (),
    order: str | None = None,
    company: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    sep: str | None = None,
    max_rules: int | None = None,
    monotone: Mapping[str, int | Sequence[str]] | None = None,
    pins: Mapping[str, Mapping[Any, int]] | None = None,
    signs: Mapping[str, int | Mapping[Any, int]] | None = None,
    caps: Mapping[str, int] | None = None,
    most_points: int | None = None,
    score_range: tuple[int, int] | None = None,
    grades: Mapping[str, Any] | None = None,
    actions: Mapping[str, str] | None = None,
    accept: Sequence[str] | Mapping[str, str] | str = (),
    seed: int | None = None,
    previous: PointTable | str | os.PathLike[str] | None = None,
    against: PointTable | str | os.PathLike[str] | None = None,
    language: str | None = None,
    name: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Learn a point table from past leads, measure it on the newest, write it and register it.

    Whatever is given here counts more than the configuration; `drop`, `category`, `missing`, `accept`,
    `dimensions` and `caps` add to it.

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
    category : str or sequence of str
        Columns of numbers that are names, such as codes of industries.
    missing : str, sequence or mapping
        Texts that mean not filled in: ``"Select"``, ``"pdays=999"``.
    dimensions : mapping of str to columns, optional
        Columns of a dimension, such as engagement; all others are fit.
    sep : str, optional
        Separator of a CSV file; found unless given.
    max_rules : int, optional
        The budget of rules, 25 unless given.
    monotone, pins, signs, caps : mapping, optional
        Columns whose points may only rise or only fall, rows fixed by hand, locks on signs, the most by which a
        dimension varies; see `LeadScorer`.
    most_points : int, optional
        No learned row gives or takes more points.
    score_range : tuple of (int, int), optional
        The lowest and the highest attainable score, (0, 100) unless given.
    grades, actions : mapping, optional
        How dimensions are graded, and what is to be done with which lead; see `LeadScorer`.
    accept : sequence of str, or mapping of str to str
        Findings of the audit to accept, such as ``"LD002:sessions"``, with a reason in a mapping.
    seed : int, optional
        Seed of whatever is drawn, 0 unless given.
    previous : PointTable, path or str, optional
        The table in use: a path, NAME (its champion) or NAME@VERSION. Its rows stay as they are but where the leads
        speak against them; columns that `drop` names lose their rules.
    against : PointTable, path or str, optional
        A hand-made table to compare with in the certificate; found as `previous` is.
    language : str, optional
        The code of the language of the table's texts, such as de; en unless given.
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
        The audit stops the training until a person has decided; or the store does not know the version that the
        models folder says is in use.
    BusyError
        Something was locked, or could not be written or reached. Nothing half-written is left.
    """
    reading: dict[str, Any] = {"outcome": outcome, "won": won, "lost": lost, "id": id, "drop": drop}
    reading |= {"category": category, "missing": missing, "order": order, "company": company}
    reading |= {"sep": sep, "accept": accept}
    learning: dict[str, Any] = {"dimensions": dimensions, "max_rules": max_rules, "seed": seed, "language": language}
    learning |= {
        "monotone": monotone,
        "score_range": score_range,
        "pins": pins,
        "signs": signs,
        "caps": caps,
        "most_points": most_points,
        "grades": grades,
        "actions": actions,
        "previous": previous,
        "against": against,
    }
    writing = {"name": name, "out": out, "tracking_uri": tracking_uri}
    result = carry_out(plan(source, {**reading, **learning, **writing}), progress)
    return replace(result, config=str(source)) if is_config(source) else result


def carry_out(todo: Plan, progress: Progress, placing: Placing | None = None) -> TrainResult:
    """Do what a plan says; see `train`. The version gets a place of its own where one is given."""
    check_asked(todo)
    history = todo.history(progress).matured()
    todo = replace(todo, dimensions=dimensions_of(history, todo.dimensions))
    progress(f"Auditing {len(history):,} leads")
    audit = audited(history)
    check_gates(audit)
    check_settings(history, todo)
    todo.store_uri()  # one that cannot be used is refused before the lock makes a folder
    with one_job(todo.out, todo.name_for(history.name)):
        return trained(history, audit, todo, progress, placing)


def trained(
    history: LeadHistory, audit: AuditReport, todo: Plan, progress: Progress, placing: Placing | None = None
) -> TrainResult:
    """Learn, measure and publish, with the table to ourselves."""
    # Before learning, because a store that does not answer should not cost an hour.
    progress("Opening the registry")
    registry = opened(todo, todo.name_for(history.name))
    split = history.split()
    scorer, judged = learned_and_judged(history, split, audit, todo, progress)
    progress("Writing and registering the version")
    if placing is None and todo.previous is None:
        # a retraining on the same leads finds nothing new
        placing = Placing(tags={"run_key": run_key(history, todo, None)})
    result = published(registry, judged, split.newest, todo, placing)
    if todo.by is None:
        return result
    return replace(result, segments=segments(registry, scorer, judged, split, todo, progress))
