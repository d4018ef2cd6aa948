"""One table per segment, each started from the pooled one, judged on the segment's own newest leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from leadml.jobs import wording
from leadml.jobs.result import Judged, Progress, SegmentResult, TrainResult
from leadml.jobs.running.lock import one_job
from leadml.jobs.tables import plain_name
from leadml.jobs.training.registering import published

if TYPE_CHECKING:
    import numpy as np

    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.jobs.plan import Plan
    from leadml.learn.pooling.pooled import SegmentTable
    from leadml.learn.scorer import LeadScorer
    from leadml.points.certificate import Split
    from leadml.registry import Registry

LEAST_TO_JUDGE = 5
WAIT_S = 60.0


def segments(
    registry: Registry, scorer: LeadScorer, pooled: Judged, split: HistorySplit, todo: Plan, progress: Progress
) -> tuple[SegmentResult, ...]:
    """Learn, judge and publish a table for each segment of the leads learned from, the commonest first.

    Parameters
    ----------
    registry : Registry
        Where versions are kept.
    scorer : LeadScorer
        What learned the pooled table.
    pooled : Judged
        The pooled table with what is known about it.
    split : HistorySplit
        Leads learned from, and the newest.
    todo : Plan
        The training.
    progress : callable
        Is told in words what happens next.

    Returns
    -------
    tuple of SegmentResult

    Raises
    ------
    UsageError
        If two segments would have tables of the same name.
    """
    from leadml.learn.pooling.pooled import learn_segment

    train, newest = split.train, split.newest
    results = []
    for value, name in _names(train, pooled.table.name).items():
        mine = _of(train, value)
        progress(f"Learning the table of {todo.by} {value!r} from {int(mine.sum()):,} leads")
        learned = learn_segment(
            scorer,
            train.frame[mine].reset_index(drop=True),
            train.won[mine],
            groups=None if train.groups is None else train.groups[mine],
            name=name,
            seed=todo.seed,
        )
        unseen = _of(newest, value)
        result = None
        if min(newest.won[unseen].sum(), (~newest.won[unseen]).sum()) >= LEAST_TO_JUDGE:
            result = _published(registry, scorer, pooled, learned, newest.take(unseen), split.kind, todo)
        leads, won = int(mine.sum()), int(train.won[mine].sum())
        results.append(SegmentResult(value, leads, won, learned.kept, learned.said, result))
    return tuple(results)


def _names(train: LeadHistory, stem: str) -> dict[str, str]:
    import numpy as np

    labels = train.segment if train.segment is not None else np.empty(0, dtype=object)
    values, counts = np.unique([label for label in labels if label is not None], return_counts=True)
    ordered = [str(values[k]) for k in np.lexsort((values, -counts))]
    names = {value: plain_name(f"{stem}-{value}") for value in ordered}
    for value, name in names.items():
        if twin := [other for other in names if other != value and names[other] == name]:
            raise wording.segments_alike(value, twin[0], name)
    return names


def _of(history: LeadHistory, value: str) -> np.ndarray:
    import numpy as np

    return np.asarray(history.segment == value)


def _published(
    registry: Registry,
    scorer: LeadScorer,
    pooled: Judged,
    learned: SegmentTable,
    newest: LeadHistory,
    kind: Split,
    todo: Plan,
) -> TrainResult:
    from leadml.history.periods import times_of
    from leadml.watch.kpi.training import kpi_at_training
    from leadml.watch.threshold.score_counts import score_counts

    of_pooled = {**learned.table.provenance["pooled"], "sha256": pooled.table.sha256}
    origin = {**pooled.table.provenance, **learned.table.provenance, "pooled": of_pooled}
    table = replace(learned.table, provenance=origin).in_language(todo.language).with_verification()
    score = table.score(newest.frame, reasons=0)["score"].to_numpy()
    certificate = scorer.certify(newest.frame, newest.won, kind, table=table)
    counts = score_counts(table, newest.frame, newest.won, split=kind, times=times_of(newest))
    if pooled.counts.arrived is not None:  # as many are left out as of all leads
        share = pooled.counts.arrived / pooled.counts.leads
        counts = replace(counts, arrived=max(round(share * counts.leads), counts.leads))
    judged = Judged(
        table=table,
        certificate=replace(certificate, sentences=(*certificate.sentences, learned.said)),
        kpi=kpi_at_training(newest.won, score, table.top_cut, kind),
        audit=pooled.audit,
        history=replace(pooled.history, measured_on=len(newest)),
        counts=counts,
    )
    # Learning it has taken its time: better to wait for another job of the segment's than to lose it.
    with one_job(todo.out, table.name, WAIT_S):
        return published(registry, judged, newest, todo)
