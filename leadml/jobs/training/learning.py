"""Learning a table and judging it: from a history and a plan to what can be published."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.jobs import wording
from leadml.jobs.plan import Plan
from leadml.jobs.result import AuditReport, HistorySummary, Judged, Progress
from leadml.jobs.tables import find_table
from leadml.points.value import check_tells_wins

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.learn.scorer import LeadScorer
    from leadml.points.table import PointTable


def learned_and_judged(
    history: LeadHistory, split: HistorySplit, audit: AuditReport, todo: Plan, progress: Progress
) -> tuple[LeadScorer, Judged]:
    """Learn a table from the older leads and judge it on the newest.

    Parameters
    ----------
    history : LeadHistory
        All of them.
    split : HistorySplit
        Leads to learn from, and leads to judge on.
    audit : AuditReport
        What was found in them.
    todo : Plan
        The settings, with the table to start from, where there is one.
    progress : callable
        Is told in words what happens next.

    Returns
    -------
    LeadScorer, Judged
    """
    previous = previous_of(history, todo)
    against = None if todo.against is None else _table(todo.against, todo)
    if against is not None:
        check_tells_wins(against, "a table to compare with")
    progress(f"Learning a point table from {len(split.train):,} leads")
    scorer = _learned(split.train, todo, previous)
    progress(f"Measuring it on {len(split.newest):,} leads it has not seen")
    return scorer, _judged(scorer, history, split, audit, todo, against)


def check_gates(audit: AuditReport) -> None:
    """Refuse to learn from leads of which a person must decide something first."""
    if audit.held:
        raise wording.held([(f.key, f.title, f.seen, f.remedy) for f in audit.held])


def previous_of(history: LeadHistory, todo: Plan) -> PointTable | None:
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


def check_asked(todo: Plan) -> None:
    """Refuse settings that are wrong whatever the leads are, before these are read."""
    from leadml.learn import settings

    settings.check_settings(scorer_of(todo, None))
    settings.check_wishes(todo.grades, todo.actions, todo.dimensions)


def check_settings(history: LeadHistory, todo: Plan) -> None:
    """Refuse settings that do not suit these leads, before anything is written."""
    from leadml.learn import settings

    scorer = scorer_of(todo, None)
    settings.check_settings(scorer)
    settings.form_of(scorer, history.frame, ())


def _learned(train: LeadHistory, todo: Plan, previous: PointTable | None) -> LeadScorer:
    return fitted(scorer_of(todo, previous), train)


def fitted(scorer: LeadScorer, train: LeadHistory) -> LeadScorer:
    """Let a learner learn; texts are categories, as the history has decided and its audit has said."""
    from leadml.points.plain_numbers import are_texts

    names = [name for name in train.frame.columns if are_texts(train.frame[name])]
    frame = train.frame.astype(dict.fromkeys(names, "category"))
    return scorer.fit(frame, train.won, groups=train.groups)


def scorer_of(todo: Plan, previous: PointTable | None) -> LeadScorer:
    """Make the learner that a plan describes."""
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
        grades=todo.grades or None,
        actions=todo.actions or None,
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
    from leadml.history.periods import times_of
    from leadml.learn.grading.checked import checked
    from leadml.watch.kpi.training import kpi_at_training
    from leadml.watch.threshold.score_counts import score_counts

    newest = split.newest
    table = _named(scorer.point_table_, history, split, todo)
    score = table.score(newest.frame, reasons=0)["score"].to_numpy()
    # With a previous table they stand among what has changed.
    graded = scorer.changes_ if scorer.previous is None else ()
    graded = (*graded, *checked(table, newest.frame, newest.won))
    certificate = scorer.certify(newest.frame, newest.won, split.kind, against=against)
    without = scorer.without_rules_
    said = (without.sentence,) if without.features else ()
    counts = score_counts(table, newest.frame, newest.won, split=split.kind, times=times_of(newest))
    return Judged(
        table=table,
        certificate=replace(certificate, sentences=(*certificate.sentences, *said, *history.notes, *graded)),
        kpi=kpi_at_training(newest.won, score, table.top_cut, split.kind),
        audit=audit,
        history=_summary(history, split),
        counts=replace(counts, arrived=_arrived(history, split)),
    )


def _arrived(history: LeadHistory, split: HistorySplit) -> int | None:
    """Count the leads that came while those judged on did; of a random part that is all there are."""
    from leadml.history.periods import came_with

    if split.kind == "random":
        return len(history) + history.counts.undecided
    return came_with(history, split.newest)


def dimensions_of(history: LeadHistory, asked: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
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
    named = replace(table, name=todo.name_for(history.name), provenance=origin).in_language(todo.language)
    return named.with_verification()


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
        trained_until=_newest(split.train),
        columns=tuple(kinds_of(history).items()),
        events=history.events,
    )


def _newest(train: LeadHistory) -> str | None:
    """Return the moment of the newest lead learned from, where leads have times."""
    import numpy as np

    from leadml.history.periods import times_of

    times = times_of(train)
    return None if times is None else f"{np.datetime_as_string(np.datetime64(int(times.max()), 'us'))}Z"


def kinds_of(history: LeadHistory) -> dict[str, str]:
    """Return the type of each column that could be learned from, in the words of a point table."""
    kinds = {"f": "number", "b": "boolean"}
    return {
        str(name): kinds.get(getattr(dtype, "kind", "O"), "category") for name, dtype in history.frame.dtypes.items()
    }
