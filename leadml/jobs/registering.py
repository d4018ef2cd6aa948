"""A table that was learned and judged becomes a version: its files, its figures in MLflow, its page."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from leadml.errors import redacted
from leadml.jobs.result import Judged, TrainResult

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan
    from leadml.registry import Registry


def published(registry: Registry, judged: Judged, newest: LeadHistory, todo: Plan) -> TrainResult:
    """Write and register what was judged."""
    from leadml.jobs import figures
    from leadml.jobs.publish import Draft, publish

    draft = Draft(
        table=judged.table,
        files=figures.files(judged),
        items=(
            *figures.settings(judged, todo.max_rules, todo.seed),
            *figures.metrics(judged),
            *figures.pictures(judged, newest),
        ),
        description=figures.page(judged),
        tags=figures.labels(judged),
    )
    done = publish(registry, todo.out, draft)
    parts = {field.name: getattr(judged, field.name) for field in fields(judged)}
    store = redacted(registry.store.uri)
    return TrainResult(
        **parts,
        version=done.version,
        champion=done.champion,
        folder=done.folder,
        run_id=done.run_id,
        tracking_uri=store,
    )
